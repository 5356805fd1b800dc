"""
Two people want the last seat of a session: one gets it, the other is told that it is full and when there is another; and
what the first lets go of, the second can have.
"""

from __future__ import annotations

import re

import pytest

from tests.journeys import people
from tests.journeys.people import LEAD, clean

TEAM, FIRST = "Tom Vickery", "Samira Haddad"
TITLE = "Serious youth violence and knives: what helps"


@pytest.fixture
def look(browse, own_site):
    """Return a function that signs a person in on this file's own site."""

    def sign_in(person="", **options):
        page = browse(of=own_site, **options)
        return people.sign_in(page, person) if person else page

    return sign_in


def main(page) -> str:
    return page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (320, True), (1280, False)], ids=["wide", "narrow", "no script"]
)
def test_the_last_seat_goes_to_one_and_the_other_is_offered_the_next_date(look, width, javascript):
    options = {"width": width, "javascript": javascript}
    check = clean if javascript else (lambda page: None)

    # A visitor finds the session by its date, and reads what letting go of a seat costs, without signing in.
    visitor = look(**options)
    visitor.goto("/")
    visitor.get_by_role("link", name="I want to learn").click()
    check(visitor)
    visitor.get_by_label("Find a course").fill("knives")
    visitor.get_by_role("button", name="Show sessions").click()
    check(visitor)
    visitor.get_by_role("link", name=TITLE).first.click()
    check(visitor)
    address = visitor.url
    assert "1 seat left" in main(visitor)
    assert "organisation pays £50" in main(visitor)

    # Who books without an account in hand signs in and comes back to the form of the same seat.
    visitor.get_by_role("button", name="Book a seat").click()
    assert "/sign-in/" in visitor.url
    visitor.get_by_role("button", name=FIRST).first.click()
    first = visitor
    assert "/training/bookings/new/" in first.url
    check(first)

    # Somebody else has the same form open.
    second = look(LEAD, **options)
    second.goto(address)
    second.get_by_role("button", name="Book a seat").click()
    second.get_by_label("Is there anything you need").fill("A hearing loop")
    second.get_by_label("My manager has agreed").check()

    # The first forgets a box, is told beside it, and gets the seat.
    first.get_by_role("button", name="Book the seat").click()
    assert "Tick this once your manager has agreed" in main(first)
    check(first)
    first.get_by_label("My manager has agreed").check()
    first.get_by_role("button", name="Book the seat").click()
    assert "You have a seat" in main(first)
    assert "Bring your work badge" in main(first)
    check(first)
    seat = first.url

    # The second is told, and offered the next date with what they wrote.
    second.get_by_role("button", name="Book the seat").click()
    assert "This session is full now" in main(second)
    assert second.get_by_label("Is there anything you need").input_value() == "A hearing loop"
    check(second)
    offered = re.search(r"The next date with a seat\s+(\S.*\d{4})", main(second))
    assert offered
    second.get_by_role("button", name="Book that one instead").click()
    assert offered[1] in main(second)
    assert "You have a seat" in main(second)
    check(second)

    # To everybody it is full now; the entry for the calendar is there for whoever has the seat.
    visitor = look(**options)
    visitor.goto(address)
    assert "Full" in main(visitor)
    assert "The next date with a seat" in main(visitor)
    check(visitor)
    with first.expect_download() as download:
        first.get_by_role("button", name="Add to your calendar").click()
    assert "BEGIN:VEVENT" in download.value.path().read_text()

    # The first lets go of it, and it is there again; both leave everything as it was.
    first.goto(seat)
    first.get_by_role("link", name="Cancel your seat").click()
    check(first)
    first.get_by_role("button", name="Cancel my seat").click()
    assert "Somebody else can have your seat" in main(first)
    check(first)
    visitor.goto(address)
    assert "1 seat left" in main(visitor)
    second.get_by_role("link", name="Cancel your seat").click()
    second.get_by_role("button", name="Cancel my seat").click()
    check(second)


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, True)], ids=["wide", "narrow"])
def test_the_team_plans_a_session_opens_it_and_calls_it_off(look, width, javascript):
    team = look(TEAM, width=width, javascript=javascript)
    team.goto("/training/run/")
    clean(team)
    team.get_by_role("button", name="Plan a session").click()
    team.get_by_role("button", name="Plan it").wait_for()
    clean(team)
    team.get_by_role("button", name="Plan it").click()
    assert "There is a problem" in main(team) or "missing" in main(team)
    clean(team)
    team.locator('select[name="course"]').select_option(label=TITLE)
    people.write(
        team,
        on_day="10",
        on_month="3",
        on_year="2027",
        begins="9.30am",
        ends="12.45pm",
        seats="12",
        joining="Ring twice.",
    )
    people.choose(team, how="room")
    team.locator('select[name="location"]').select_option(label="City Hall")
    team.get_by_role("button", name="Plan it").click()
    team.get_by_role("button", name="Open for booking").wait_for()
    assert "Nobody sees it until you open it" in main(team)
    clean(team)
    team.get_by_role("button", name="Open for booking").click()
    team.get_by_text("12 seats left").first.wait_for()
    team.get_by_role("link", name="Call it off").click()
    team.get_by_role("button", name="Call it off").wait_for()
    clean(team)
    people.choose(team, because="too_few")
    team.get_by_role("button", name="Call it off").click()
    team.get_by_text("Called off").first.wait_for()
    clean(team)
