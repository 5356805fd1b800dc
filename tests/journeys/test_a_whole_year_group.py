"""
A school asks for a whole year group, in a browser: it is stopped at a name, rewords, sends, and the Partnership Team decides.

Every page on the way passes axe, on a wide screen and on a narrow one, and the way is open without script as well.
"""

from __future__ import annotations

import re

import pytest

from tests.journeys import people
from tests.journeys.people import COORDINATOR, LEAD, clean
from tests.journeys.test_one_childs_request import look

__all__ = ["look"]
PARTNERS = "Tom Vickery"
NAME = "Jordan Mills"
TYPED = f"Fights at the bus stop on Friday afternoons since half term. {NAME} was hurt last week. Staff have helped."
REWORDED = TYPED.replace(NAME, "A Year 9 pupil")


def answer_safety(page):
    people.choose(page, danger_now="no", harm="no", adult_works_with_children="no", trafficking="no")
    people.go_on(page)


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (320, True), (1280, False)], ids=["wide", "narrow", "no script"]
)
def test_a_school_asks_for_a_whole_year_group(look, width, javascript):
    options = {"width": width, "javascript": javascript}
    check = clean if javascript else (lambda page: None)

    lead = look(LEAD, **options)
    lead.goto("/requests/new/")
    check(lead)
    lead.get_by_role("link", name="For a school, a group or a place").click()
    check(lead)
    lead.get_by_role("button", name="Start").click()
    check(lead)
    answer_safety(lead)
    check(lead)
    people.choose(lead, context_type="school_or_college")
    lead.locator("[name=known_as]").select_option(label="Demo Secondary B")
    lead.locator("[name=ward]").select_option(label="Easton")
    people.write(lead, label="Year 9, Demo Secondary B")
    people.go_on(lead)
    check(lead)

    # Stopped at a name: it is quoted, the text is still there, and nothing was saved.
    people.write(lead, what_is_known=TYPED)
    people.tick(lead, "harm_types", "group_conflict")
    people.tick(lead, "pattern", "after_school")
    people.choose(lead, affected="10_19")
    people.go_on(lead)
    check(lead)
    assert lead.locator("main mark").first.inner_text() == NAME
    lead.get_by_text("Not saved yet").wait_for()
    assert lead.locator("[name=what_is_known]").input_value() == TYPED
    assert lead.locator('input[name="affected"][value="10_19"]').is_checked()
    described = lead.locator("[name=what_is_known]").get_attribute("aria-describedby").split()
    assert all(lead.locator(f"#{one}").count() == 1 for one in described)
    stopped = lead.url
    lead.goto("/requests/")
    lead.goto(stopped)
    assert lead.locator("[name=what_is_known]").input_value() == ""

    people.write(lead, what_is_known=REWORDED, youngest="13", oldest="14")
    people.tick(lead, "harm_types", "group_conflict")
    people.tick(lead, "pattern", "after_school")
    people.choose(lead, affected="10_19")
    people.go_on(lead)
    check(lead)
    people.tick(lead, "response_wanted", "school_workshop", "detached_youth_work")
    people.write(lead, accountable_owner="Head of school")
    people.go_on(lead)
    check(lead)
    assert REWORDED in lead.locator("main").inner_text()
    lead.get_by_role("button", name="Send").click()
    check(lead)
    ref = lead.url.rstrip("/").rsplit("/", 1)[-1]
    lead.goto("/requests/")
    check(lead)

    # The Partnership Team finds it at its desk, takes it, is stopped at a name as well, and agrees on a response.
    partners = look(PARTNERS, **options)
    partners.goto("/desk/")
    check(partners)
    partners.locator(f"a[href='/desk/places/{ref}/']").first.click()
    check(partners)
    partners.get_by_role("button", name="Take it").click()
    check(partners)
    people.choose(partners, outcome="response_agreed")
    answers = {"rationale": "The school is ready.", "review_on_day": "20", "review_on_month": "1"}
    people.write(partners, agreed=f"Two workshops, by {NAME}.", review_on_year="2099", **answers)
    partners.get_by_role("button", name="Decide").click()
    check(partners)
    assert partners.locator("main mark").first.inner_text() == NAME
    people.write(partners, agreed="Two workshops, by the Partnership Team.")
    partners.get_by_role("button", name="Decide").click()
    check(partners)

    lead.goto(f"/requests/places/{ref}/")
    check(lead)
    told = lead.locator("main").inner_text()
    assert "A response is agreed" in told
    assert "Two workshops, by the Partnership Team." in told
    assert "The school is ready" not in told

    # A coordinator of that part of the city reads it too, among the children and told apart from them.
    coordinator = look(COORDINATOR, **options)
    coordinator.goto("/desk/?about=places")
    check(coordinator)
    coordinator.locator(f"a[href='/desk/places/{ref}/']").first.click()
    assert "Not a child" not in coordinator.locator("h1").inner_text()
    check(coordinator)


def test_a_childs_draft_turns_out_to_be_about_a_whole_school_and_leaves_nothing_behind(look):
    lead = look(LEAD)
    lead.goto("/requests/new/")
    lead.locator("main form button").first.click()
    people.answer_safety(lead)
    people.write(lead, initials="QX", school_name="Demo Secondary B")
    people.go_on(lead)
    child = lead.url.split("/requests/")[1].split("/")[0]
    lead.get_by_role("link", name="Is it about a whole school, a group or a place?").click()
    clean(lead)
    lead.get_by_role("button", name="Delete this, and ask for the place").click()
    clean(lead)
    assert "/requests/places/" in lead.url
    assert lead.goto(f"/requests/{child}/child/").status == 404
    lead.goto("/requests/")
    assert not re.search(r"\bQX\b", lead.locator("html").inner_text()), (
        "a reference may hold these letters, nothing else"
    )
