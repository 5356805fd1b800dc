"""Somebody puts services aside, compares them and passes them on, without signing in; a lead has a search saved."""

from __future__ import annotations

import pytest

from tests.journeys.people import LEAD, clean, sign_in


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, False)], ids=["with script", "narrow, without"])
def test_two_are_put_aside_compared_and_passed_on(browse, width, javascript):
    page = browse(width=width, javascript=javascript)
    page.goto("/find/?text=mentoring&availability=all")
    for _ in range(2):
        page.get_by_role("button", name="Add to shortlist").first.click()
        page.get_by_role("button", name="Take off the shortlist").first.wait_for()
    assert page.url.split("#")[0].endswith("/find/?text=mentoring&availability=all")
    page.get_by_role("link", name="Your shortlist: 2 services").click()
    if javascript:
        clean(page)
    link = page.get_by_label("Link to these services").input_value()
    page.get_by_role("button", name="Compare side by side").click()
    assert page.get_by_role("table").get_by_role("columnheader").count() == 3
    if javascript:
        clean(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0

    other = browse(width=width, javascript=javascript)
    other.goto(link[link.index("/shortlist/") :])
    assert other.locator(".al-listed > li").count() == 2
    other.get_by_role("button", name="Put them on my shortlist").click()
    other.get_by_role("link", name="E-mail it to a family").first.click()
    if javascript:
        clean(other)
    other.get_by_label("Their e-mail address").fill("a.parent@home.example")
    other.get_by_role("button", name="Send").click()
    assert "on its way" in other.get_by_role("heading", level=1).inner_text()


def test_a_lead_asks_to_be_told_and_stops_it(page):
    sign_in(page, LEAD)
    page.goto("/find/?composition=girls_only&place=Hartcliffe&availability=all&within=citywide")
    page.get_by_role("link", name="Tell me when there is a place").click()
    clean(page)
    page.get_by_label("What will you call it?").fill("For Jaydon Smith")
    page.get_by_role("button", name="Save").click()
    assert "looks like a name" in page.get_by_role("alert").inner_text()
    page.get_by_label("What will you call it?").fill("Girls, in the south")
    page.get_by_role("button", name="Save").click()
    page.set_viewport_size({"width": 320, "height": 800})
    clean(page)
    page.get_by_role("button", name="Pause").click()
    assert "Paused since" in page.locator(".al-listed").inner_text()
    page.get_by_role("link", name="Rename or delete").click()
    page.get_by_role("button", name="Delete this search").click()
    assert "You have saved none" in page.locator("main").inner_text()
