"""What the people of the journeys do on a page, in the words of the page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

# A lead, a coordinator and a manager of the sample; the child is nobody.
LEAD, COORDINATOR, MANAGER, STEWARD = "Hannah Lewis", "Priya Nandakumar", "Marcus Bell", "Mel Tran"
SERVICE = "umoja-path-mentoring"
POSTCODE = "BS5 6AW"


def clean(page: Any, inside: str = "") -> None:
    """Fail for anything that axe finds on a page, or within a part of it, and for a page that scrolls sideways."""
    found = Axe().run(page, context=inside or None).response["violations"]
    assert not found, [(page.url, one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url


def sign_in(page: Any, person: str) -> Any:
    """Sign in as one of the sample people with one button."""
    page.goto("/sign-in/")
    page.get_by_role("button", name=person).first.click()
    return page


def choose(page: Any, **answers: str) -> None:
    """Choose one radio button for each name."""
    for name, value in answers.items():
        page.locator(f'input[name="{name}"][value="{value}"]').check()


def tick(page: Any, name: str, *values: str) -> None:
    for value in values:
        page.locator(f'input[name="{name}"][value="{value}"]').check()


def write(page: Any, **answers: str) -> None:
    """Type into the box of each name, or pick from its list."""
    for name, value in answers.items():
        box = page.locator(f'main [name="{name}"]')
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def go_on(page: Any) -> None:
    page.get_by_role("button", name="Save and go on").click()


def answer_safety(page: Any, **different: str) -> None:
    """Answer the safety questions as somebody does whose child is safe."""
    answers = {
        "danger_now": "no",
        "adult": "no",
        "harm": "no",
        "social_worker": "no",
        "adult_works_with_children": "no",
        "trafficking": "no",
    }
    choose(page, **(answers | different))
    write(page, postcode=POSTCODE)
    go_on(page)


def answer_about_the_child(page: Any) -> None:
    """Answer the four sections for a made-up boy of fourteen."""
    write(
        page,
        initials="KT",
        date_of_birth_day="3",
        date_of_birth_month="5",
        date_of_birth_year="2012",
        primary_harm="knife_weapon",
        primary_context="school_or_college",
        critical_moment="exclusion_or_suspension",
        risk_on_day="10",
        risk_on_month="11",
        risk_on_year="2026",
        risk_set_by_role="Social worker",
        statutory_status="none",
        route="school_college",
        lead_professional_contact="0117 496 0321",
    )
    tick(page, "harm_types", "knife_weapon")
    choose(
        page,
        sex="male",
        risk_level="medium",
        risk_source="professional_judgement",
        level_of_need="L2_additional_early_help",
        sibling_of_known_child="no",
    )
    go_on(page)
    write(page, wishes="Someone from round here, who gets it. Not in school.")
    tick(page, "good_times", "weekday_after_school")
    choose(page, one_to_one="yes", worker="either")
    go_on(page)
    tick(page, "wanted", "community_mentoring")
    write(page, goal_1="Get back to school every day", safe_contact="Text first. After 4pm.")
    go_on(page)
    choose(page, lawful_basis="public_task", notice="family_told", participation="both_agreed")
    write(
        page,
        participation_on_day="12",
        participation_on_month="11",
        participation_on_year="2026",
        participation_method="In person",
    )
    go_on(page)
