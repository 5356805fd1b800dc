"""A visitor reports a wrong number from a small telephone, a steward answers, and the visitor reads what became of it."""

from __future__ import annotations

import re

from tests.journeys.people import SERVICE, STEWARD, clean, sign_in

WRONG = "The number is 0117 496 0999 now"
RIGHT = "The new number is on the page."
READER = "a.reader@home.example"


def report(browse, site, text: str, address: str = ""):
    """Report something on a small telephone without script; return the page that says what becomes of it."""
    page = browse(of=site, width=320, height=640, javascript=False)
    page.goto(f"/services/{SERVICE}/")
    page.locator("#main").get_by_role("link", name="Something wrong on this page?").click()
    page.get_by_label("A telephone number, an e-mail address or a link").check()
    page.get_by_label("What should it say?").fill(text)
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send").click()
    return page


def test_a_name_is_refused_beside_its_field_and_the_rest_is_taken(browse, own_site):
    page = report(browse, own_site, "Ask for Kwame Mensah")
    assert "This looks like a name" in page.locator("main").inner_text()
    assert page.get_by_label("What should it say?").input_value() == "Ask for Kwame Mensah"
    page.get_by_label("What should it say?").fill(WRONG)
    page.get_by_label("Your e-mail address").fill(READER)
    page.get_by_role("button", name="Send").click()
    assert "Nobody has looked at it yet" in page.locator("main").inner_text()
    report(browse, own_site, "Nobody answers on that number")  # somebody else says the same


def test_its_pages_are_fit_for_everybody(browse, own_site):
    for width in (320, 1280):
        page = browse(of=own_site, width=width)
        for address in (f"/services/{SERVICE}/wrong/", "/suggest-a-service/", "/wrong/?page=/for-providers/"):
            page.goto(address)
            clean(page)
            page.get_by_role("button", name="Send").click()
            page.locator(".govuk-error-summary").wait_for()
            clean(page)


def test_a_steward_looks_and_answers_both_and_the_reader_hears_of_it(browse, own_site):
    page = sign_in(browse(of=own_site), STEWARD)
    page.goto("/admin/")
    page.get_by_role("link", name="From readers").click()
    page.get_by_role("heading", name=re.compile(r"\(2\)$")).wait_for()
    clean(page, "main .nice-padding")
    page.get_by_role("link", name=re.compile(WRONG)).click()
    page.get_by_role("button", name="I am looking at it").click()
    page.get_by_role("heading", name="Others about the same").wait_for()
    clean(page, "main .nice-padding")
    page.get_by_label("Put right").check()
    page.get_by_label(re.compile("A sentence for whoever")).fill(RIGHT)
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_text("1 e-mail on the way").wait_for()
    assert "Nothing is waiting" in page.locator("main").inner_text()

    reader = browse(of=own_site, width=320, height=640)
    reader.goto("/emails/")
    reader.get_by_role("link", name="You told us that something was wrong").first.click()
    told = re.search(r"/reports/[0-9a-f-]+/", reader.content())
    assert told
    reader.goto(told.group())
    assert "It is put right" in reader.locator("main").inner_text()
    assert RIGHT in reader.locator("main").inner_text()
    clean(reader)


def test_a_steward_changes_a_judgement_and_the_public_page_says_the_new_one(browse, own_site):
    page = sign_in(browse(of=own_site), STEWARD)
    page.goto("/admin/assumptions/")
    clean(page, "main .nice-padding")
    page.get_by_role("link", name="A link in an e-mail works for").click()
    page.get_by_label("New value (days)").fill("99")
    page.get_by_label("Why?").fill("Half-term")
    page.get_by_role("button", name="Change it from now on").click()
    page.get_by_text("Enter a number from 1 to 14").wait_for()
    clean(page, "main .nice-padding")
    page.get_by_label("New value (days)").fill("10")
    page.get_by_role("button", name="Change it from now on").click()
    page.get_by_text("Half-term").first.wait_for()
    page.goto("/admin/assumptions/confirm_link.life/")
    assert "Half-term" in page.locator("main").inner_text()
