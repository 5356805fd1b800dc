"""
A provider answers our e-mail without signing in: the link is opened, one button is pressed, and the finder says "checked today".

The tests of this file follow one mail through its life, in this order: a scanner opens it, its reader answers, comes back, and changes
a number; somebody tries links that are none.
"""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.mails import MENTORING, finder_says, link_in, open_mail, token_in
from tests.journeys.people import SERVICE, clean
from tests.proof.clients import Browser

# What is counted: pressing a button, a link or a summary, by hand or by keyboard.
COUNT_PRESSES = (
    "addEventListener('click', event => window.pressed(event.target.closest('a,button,summary').innerText), true)"
)


def test_a_mail_scanner_opens_every_link_and_answers_for_nobody(browse, own_site):
    page = browse(of=own_site)
    token = token_in(page)
    scanner = Browser(own_site.address)
    for method in ("GET", "HEAD", "GET"):
        for more in ("", "&act=right", "&act=pause"):
            assert scanner.ask(method, f"/confirm/?t={token}{more}").status == 200
    assert "Checked 2 days ago" in finder_says(page)


def test_the_link_is_opened_and_one_button_pressed_in_less_than_ten_seconds(browse, own_site):
    page = open_mail(browse(of=own_site))
    presses = []
    page.expose_function("pressed", lambda words: presses.append(words))
    page.add_init_script(COUNT_PRESSES)
    page.reload()
    began = time.monotonic()
    link_in(page).click()
    page.get_by_role("button", name="Yes, both are still right").click()
    page.get_by_role("heading", name="Thank you", level=1).wait_for()
    took = time.monotonic() - began
    assert [words.strip() for words in presses[1:]] == ["Yes, both are still right"]
    assert "/confirm/?t=" in presses[0]
    assert took < 10
    assert "Checked today" in finder_says(page)
    page.goto(f"/services/{SERVICE}/")
    assert "Umoja Path said so on" in page.locator("main").inner_text()


def test_the_provider_is_told_that_the_link_was_used(browse, own_site):
    page = browse(of=own_site)
    page.goto("/emails/")
    page.get_by_role("link", name="Somebody answered for your places through our link").first.click()
    assert "If it was not you" in page.locator("main").inner_text()


def test_the_mail_as_a_mail_program_shows_it_leads_to_the_same_page(browse, own_site):
    page = open_mail(browse(of=own_site, width=320))
    page.get_by_role("link", name="See it as a mail program shows it").click()
    clean(page)
    page.get_by_role("link", name="Change or pause a number").click()
    assert page.locator("h1").inner_text() == "Thank you"


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_passes_axe_and_never_scrolls_sideways(browse, own_site, width):
    page = open_mail(browse(of=own_site, width=width))
    clean(page)
    link_in(page).click()
    clean(page)
    page.locator("summary", has_text=MENTORING).click()
    clean(page)
    form = page.get_by_role("form", name=f"Change {MENTORING}")
    form.get_by_label("Places in all").fill("1")
    form.get_by_role("button", name="Save the change").click()
    expect(page).to_have_title(re.compile("^Error: "))
    clean(page)
    for address in (f"/confirm/?t={'0' * 64}", "/confirm/", "/confirm/sent/", "/for-providers/"):
        page.goto(address)
        clean(page)


def test_a_number_is_changed_without_script_on_a_narrow_screen(browse, own_site):
    page = open_mail(browse(of=own_site, width=320, javascript=False))
    link_in(page).click()
    page.locator("summary", has_text=MENTORING).click()
    form = page.get_by_role("form", name=f"Change {MENTORING}")
    form.get_by_label("Places in all").fill("two")
    form.get_by_role("button", name="Save the change").click()
    form = page.get_by_role("form", name=f"Change {MENTORING}")
    assert form.get_by_label("Places in all").input_value() == "two"
    form.get_by_label("Places in all").fill("13")
    form.get_by_role("button", name="Save the change").click()
    assert page.locator("h1").inner_text() == "Thank you"
    assert "4 places free" in page.locator("main").inner_text()
    assert "4 places free" in finder_says(page)


def test_a_link_that_is_none_says_so_and_offers_a_new_one_to_whoever_had_it(browse, own_site):
    page = browse(of=own_site)
    for token in ("0" * 64, token_in(page)[:-1] + "x", "", "%00"):
        assert page.goto(f"/confirm/?t={token}").status == 404
        assert page.locator("h1").inner_text() == "This link does not work"
        assert "Umoja" not in page.locator("main").inner_text()
    page.goto(f"/confirm/?t={'0' * 64}")
    page.get_by_role("button", name="Send a new link").click()
    assert page.locator("h1").inner_text() == "Look in your e-mail"


def test_a_link_is_stopped_by_the_provider(browse, own_site):
    page = browse(of=own_site)
    token = token_in(page)
    page.goto("/sign-in/?next=/my-services/")
    page.get_by_role("button", name="Marcus Bell").first.click()
    page.goto("/my-services/")
    clean(page)
    page.get_by_role("button", name="Stop the links").click()
    assert "work no more" in page.locator("main").inner_text()
    assert page.goto(f"/confirm/?t={token}").status == 404
    page.get_by_role("button", name="Send a new link").click()
    fresh = token_in(browse(of=own_site))
    assert fresh != token
    assert page.goto(f"/confirm/?t={fresh}").status == 200


def test_no_line_of_the_server_holds_a_token(browse, own_site):
    page = browse(of=own_site)
    token = token_in(page)
    visitor = Browser(own_site.address)
    visitor.get(f"/confirm/?t={token}")
    visitor.post("/confirm/", [("t", token), ("act", "change"), ("pool", "x")])
    visitor.post("/confirm/", [("t", token), ("act", "right")])
    visitor.get(f"/nothing/?t={token}")
    time.sleep(0.5)  # until the server has said it
    said = "\n".join(own_site.said)
    assert "/confirm/" in said
    assert not re.search(r"[0-9a-f]{64}", said)
