"""
A provider proposes words, a steward says why not, the provider amends them, the steward approves, and everybody reads them.

The tests of this file follow one proposal through its life, in this order.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import MANAGER, SERVICE, STEWARD, clean, sign_in

FIRST = "A mentor who keeps any young person safe."
SECOND = "A mentor who stays alongside, at school, at home and online."
WHY = "Nobody can promise that. What do your mentors do instead?"


def our_service(page):
    page.goto("/my-services/services/")
    page.get_by_role("link", name="One-to-one mentoring").first.click()
    return page


def propose(page, words):
    our_service(page).get_by_role("link", name="What it is").click()
    page.get_by_label("In one or two sentences").fill(words)
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name=re.compile("Send")).first.click()
    assert "Waiting for a steward" in page.locator("main").inner_text()


def editor(page):
    """Go to the proposal as a steward does: from the first page of the admin."""
    page.goto("/admin/")
    page.locator("main a[href*='/admin/snippets/directory/service/edit/']").first.click()
    page.wait_for_load_state("networkidle")
    return page


def public(page):
    page.goto(f"/services/{SERVICE}/")
    return page.locator("main").inner_text()


def test_a_provider_proposes_without_script_and_nobody_outside_reads_it(browse, own_site):
    page = sign_in(browse(of=own_site, javascript=False), MANAGER)
    propose(page, FIRST)
    page.get_by_role("link", name="See the whole page").click()
    assert FIRST in page.locator("main").inner_text()
    assert FIRST not in public(browse(of=own_site))


TOLD_OF_SENDING = """() => new Promise((told) => {
  const form = document.querySelector("form[data-edit-form]");
  form.addEventListener("submit", (event) => { event.preventDefault(); told(true); });
  form.submit();
})"""


def test_a_browser_does_not_ask_whether_to_leave_what_is_being_sent(browse, own_site):
    assert editor(sign_in(browse(of=own_site), STEWARD)).evaluate(TOLD_OF_SENDING)


def test_a_steward_sees_what_would_change_and_cannot_refuse_without_a_reason(browse, own_site):
    page = editor(sign_in(browse(of=own_site), STEWARD))
    assert FIRST in page.locator("table", has_text="Proposed").first.inner_text()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Request changes").click()
    box = page.locator("textarea[name=comment]")
    box.wait_for()
    dialog = page.locator(".modal-dialog, [role=dialog]").last
    dialog.locator("button[type=submit], input[type=submit]").last.click()
    page.get_by_text("Say why").first.wait_for()
    page.locator("textarea[name=comment]").fill(WHY)
    dialog.locator("button[type=submit], input[type=submit]").last.click()
    page.locator(".messages li", has_text="updated").wait_for()


def test_the_provider_reads_why_on_the_page_and_not_in_the_mail_and_amends(browse, own_site):
    page = sign_in(browse(of=own_site), MANAGER)
    assert WHY in our_service(page).locator("main").inner_text()
    page.goto("/emails/")
    page.get_by_role("link", name=re.compile("Not published yet")).first.click()
    assert WHY not in page.locator("main").inner_text()
    propose(page, SECOND)
    assert FIRST not in public(browse(of=own_site))


def test_the_steward_approves_and_everybody_reads_it(browse, own_site):
    page = editor(sign_in(browse(of=own_site), STEWARD))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Approve and Publish", exact=True).click()
    page.locator(".messages li").first.wait_for()
    assert SECOND in public(browse(of=own_site))
    page = sign_in(browse(of=own_site), MANAGER)
    assert "Published" in our_service(page).locator("main").inner_text()


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_it_passes_axe_and_never_scrolls_sideways(browse, own_site, width):
    page = sign_in(browse(of=own_site, width=width), MANAGER)
    our_service(page)
    clean(page)
    address = page.url
    for section in ("what-it-is", "who-it-is-for", "conditions", "how-to-ask", "where-and-how", "promises"):
        page.goto(f"{address}words/{section}/")
        clean(page)
    page.get_by_label("Where that is written").fill("no address")
    page.get_by_role("button", name="Keep").click()
    expect(page).to_have_title(re.compile("^Error: "))
    clean(page)
    for below in ("preview/", "where/", "times/", "closed/"):
        page.goto(address + below)
        clean(page)
    for other in (
        "/my-services/services/",
        "/my-services/services/new/",
        "/my-organization/",
        "/my-organization/words/",
        "/my-organization/places/",
        "/my-organization/places/new/",
    ):
        page.goto(other)
        clean(page)
