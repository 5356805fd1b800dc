"""
What would be markup or a script is text wherever it is shown: typed by a provider and by a steward, read by everybody.

The browser is the judge: a dialog, an error in its console or an element that somebody typed fails the test.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import MANAGER, STEWARD, sign_in

SERVICE = "umoja-path-brothers-and-sisters"
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "'><svg/onload=alert(3)>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(4)//<a href=javascript:alert(5)>x</a>",
)
PLANTED = "main [onerror], main [onload], main a[href^='javascript:'], main img[src=x]"
RUN = "[...document.scripts].filter(one => one.textContent.startsWith('alert(')).length"


@pytest.fixture
def careful(browse, own_site):
    """Return a function that opens a page on which a dialog is a failure; what the console says fails by itself."""
    dialogs: list[str] = []

    def open_page(**options):
        page = browse(of=own_site, **options)
        page.on("dialog", lambda dialog: (dialogs.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
        return page

    yield open_page
    assert dialogs == []


def fill_every_box(page, inside: str) -> int:
    """Write an attack into each text box of the form, a different one each time; return how many there were."""
    boxes = page.locator(f"{inside} input[type=text]:visible, {inside} textarea:visible")
    written = 0
    for number in range(boxes.count()):
        box = boxes.nth(number)
        if not box.is_editable() or (box.get_attribute("name") or "").endswith(("slug", "_day", "_month", "_year")):
            continue
        attack = ATTACKS[number % len(ATTACKS)]
        longest = box.get_attribute("maxlength")
        box.fill(attack[: int(longest)] if longest else attack)
        written += 1
    return written


def nothing_planted(page) -> str:
    """Find nothing in the page that was typed as markup, and return what it says."""
    page.wait_for_load_state("load")  # a picture that fails has failed by then
    assert page.locator(PLANTED).count() == 0, page.url
    assert page.evaluate(RUN) == 0, page.url
    return page.content()


def looked_at(page, address: str) -> str:
    """Open the page, and find nothing in it that was typed as markup."""
    assert page.goto(address).status == 200, address
    return nothing_planted(page)


def test_what_a_provider_types_is_text_for_the_provider_the_steward_and_everybody(careful, own_site):
    page = sign_in(careful(), MANAGER)
    page.goto("/my-services/services/")
    page.get_by_role("link", name="Mentoring for brothers and sisters").first.click()
    ours = page.url
    page.goto(f"{ours}words/promises/")
    assert fill_every_box(page, "main form") >= 3
    page.get_by_label("Where that is written").fill("javascript:alert(6)")
    page.get_by_role("button", name="Keep").click()
    expect(page).to_have_title(re.compile("^Error: "))  # that is no address: what was typed comes back
    assert "&lt;script&gt;alert(1)" in nothing_planted(page)
    page.get_by_label("Where that is written").fill("https://evidence.example/")
    page.get_by_role("button", name="Keep").click()
    assert "Kept:" in nothing_planted(page)
    page.goto(f"{ours}words/what-it-is/")
    assert fill_every_box(page, "main form") >= 4
    page.get_by_role("button", name="Keep").click()
    assert "Kept:" in nothing_planted(page)
    for address in (ours, f"{ours}preview/", "/my-services/services/"):
        looked_at(page, address)
    page.goto(ours)
    page.get_by_role("button", name=re.compile("Send")).first.click()
    assert "Waiting for a steward" in page.locator("main").inner_text()

    desk = sign_in(careful(), STEWARD)
    desk.goto("/admin/")
    desk.locator("main a[href*='/admin/snippets/directory/service/edit/']").first.click()
    desk.wait_for_load_state("networkidle")
    edited = desk.url
    assert "&lt;script&gt;alert(1)" in desk.content()
    desk.get_by_role("button", name="More actions").click()
    desk.get_by_role("button", name="Approve and Publish", exact=True).click()
    desk.locator(".messages li").first.wait_for()
    for address in (edited, edited.replace("/edit/", "/history/"), "/admin/snippets/directory/service/", "/admin/"):
        looked_at(desk, address)

    public = careful(width=320)
    shown = looked_at(public, f"/services/{SERVICE}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{ 7|add:7 }}" in shown
    for address in (f"/services/{SERVICE}/wrong/", "/find/?text=brothers&availability=all", "/directory/print/"):
        looked_at(public, address)


def save(desk) -> None:
    """Press the button that keeps the form."""
    desk.locator("form button[type=submit]", has_text=re.compile("^\\s*(Save|Create|Change it)")).first.click()
    desk.wait_for_load_state("networkidle")
    assert "/admin/" in nothing_planted(desk)


def test_what_a_steward_types_into_words_that_stand_on_every_page_is_text(careful):
    desk = sign_in(careful(), STEWARD)
    desk.goto("/admin/directory/site/edit/1/")
    for name, attack in zip(("front_door_hours", "finder_note", "footer"), ATTACKS, strict=False):
        desk.locator(f"main [name={name}]").fill(attack)
    save(desk)
    desk.goto("/admin/directory/notices/new/")
    desk.locator("[name=text]").fill(ATTACKS[0])
    desk.locator("[name=from_at]").fill("2026-01-01 09:00")
    desk.locator("[name=until_at]").fill("2036-01-01 09:00")
    save(desk)
    desk.goto("/admin/directory/words/?q=mentoring")
    desk.locator("td.title a[href*='/words/edit/']").first.click()
    for name, attack in zip(("plain_label", "description"), ATTACKS[1:], strict=False):
        desk.locator(f"main [name={name}]").fill(attack)
    save(desk)
    desk.goto("/admin/assumptions/")
    desk.locator("td.title a").first.click()
    desk.locator("[name=reason]").fill(ATTACKS[0])
    save(desk)
    for address in ("/admin/assumptions/", "/admin/directory/words/", "/admin/directory/notices/"):
        looked_at(desk, address)

    public = careful(width=320)
    shown = [
        looked_at(public, address) for address in ("/", "/find/?availability=all", f"/services/{SERVICE}/", "/about/")
    ]
    assert all("&lt;script&gt;alert(1)&lt;/script&gt;" in page for page in shown)
