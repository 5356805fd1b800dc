"""
One child's request from search to support place, in a browser, by the people whose work it is.

The place that the provider gives shows in the finder, the child's name shows to nobody before the provider has said
yes, and every page on the way passes axe.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from safekeeping.working_time import add_working_days
from tests.journeys import people
from tests.journeys.people import COORDINATOR, LEAD, MANAGER, SERVICE, STEWARD, clean

NAME = "Zephyrine"

# As a word of its own: a reference may hold these letters by chance.
INITIALS = re.compile(r"\bKT\b")


@pytest.fixture
def look(browse, own_site):
    """Return a function that signs a person in on this file's own site."""

    def sign_in(person="", **options):
        page = browse(of=own_site, **options)
        return people.sign_in(page, person) if person else page

    return sign_in


def free_places(page):
    """Return how many mentoring places the service's page says are free."""
    page.goto(f"/services/{SERVICE}/")
    told = re.search(r"(?<!\d)(\d+) places? (?:free|left)", page.locator("main").inner_text())
    assert told, "the page says no number"
    return int(told[1])


def places_form(page, **figures):
    """Let the provider say its figures, so that what follows does not depend on the sample's."""
    page.goto("/my-services/")
    page.get_by_role("link", name="Change One-to-one mentoring").click()
    people.write(page, **figures)
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (320, True), (1280, False)], ids=["wide", "narrow", "no script"]
)
def test_a_child_gets_a_mentor(look, width, javascript):
    options = {"width": width, "javascript": javascript}
    check = clean if javascript else (lambda page: None)

    # A visitor finds the service near a real postcode.
    visitor = look(**options)
    visitor.goto("/")
    check(visitor)
    visitor.get_by_label("What would help?").fill("mentor")
    visitor.get_by_label("Where?").fill(people.POSTCODE)
    visitor.get_by_role("button", name="Find support").click()
    check(visitor)
    assert visitor.locator(f'main a[href^="/services/{SERVICE}/"]').count() >= 1

    manager = look(MANAGER, **options)
    places_form(manager, total="12", external_occupied="4")
    free = free_places(visitor)
    check(visitor)

    # The school's lead asks for it.
    lead = look(LEAD, **options)
    lead.goto(f"/requests/new/?service={SERVICE}")
    check(lead)
    lead.locator("main form button").first.click()
    check(lead)
    people.answer_safety(lead)
    check(lead)
    people.answer_about_the_child(lead)
    check(lead)
    lead.get_by_role("button", name="Send to a coordinator").click()
    check(lead)
    ref = lead.url.rstrip("/").rsplit("/", 1)[-1]
    assert not INITIALS.search(lead.title())

    # A coordinator reads it, takes it on, and offers it.
    coordinator = look(COORDINATOR, **options)
    coordinator.goto("/desk/")
    check(coordinator)
    coordinator.goto(f"/desk/requests/{ref}/readers/")
    check(coordinator)
    coordinator.goto(f"/desk/requests/{ref}/")
    check(coordinator)
    people.choose(coordinator, outcome="accept_child")
    people.write(coordinator, rationale="A mentor suits. The school knows him well.")
    coordinator.get_by_role("button", name="Decide").click()
    check(coordinator)
    people.write(coordinator, because="He asked for somebody from round here.")
    coordinator.get_by_role("button", name="Offer to Umoja Path").click()
    assert coordinator.url.endswith(f"/desk/requests/{ref}/")
    check(coordinator)

    # The provider sees wishes and no name, and says yes.
    manager.goto("/offers/")
    check(manager)
    wishes = "Someone from round here"
    manager.locator("main li", has_text=wishes).get_by_role("link").first.click()
    check(manager)
    assert wishes in manager.locator("main").inner_text()
    assert not INITIALS.search(manager.locator("html").inner_text())
    first_meeting = add_working_days(datetime.now(UTC), 4)
    people.write(
        manager,
        **{
            "yes-worker_role": "Mentor",
            "yes-first_meeting_on_day": str(first_meeting.day),
            "yes-first_meeting_on_month": str(first_meeting.month),
            "yes-first_meeting_on_year": str(first_meeting.year),
        },
    )
    manager.get_by_role("button", name="Say yes").click()
    check(manager)
    place = manager.url
    assert "/offers/places/" in place
    assert free_places(visitor) == free - 1

    # Only now is the name asked for, and only the provider reads it.
    lead.goto(f"/requests/{ref}/contact/")
    check(lead)
    people.write(lead, name_used=NAME, telephone="0117 496 0777", safe_times="After 4pm")
    people.choose(lead, speak_first_to="young_person")
    people.tick(lead, "safe_ways", "text")
    lead.get_by_role("button", name="Send to the provider").click()
    check(lead)
    coordinator.reload()
    assert NAME not in coordinator.locator("html").inner_text()
    manager.goto(place)
    assert NAME not in manager.locator("html").inner_text()
    manager.get_by_role("button", name="Show contact details").click()
    check(manager)
    manager.get_by_text(NAME).first.wait_for()

    # They meet, it begins, and one day it ends; the place is free again.
    manager.goto(place)
    manager.get_by_role("button", name="We have met").click()
    check(manager)
    manager.get_by_role("button", name="Support starts").or_(
        manager.locator("form[action$='/start/'] button")
    ).first.click()
    check(manager)
    today = datetime.now(UTC)
    manager.locator("details:has([name='end-reason']) > summary").click()
    people.write(
        manager,
        **{
            "end-reason": "planned_goals_met",
            "end-next_step": "He knows where the boxing club is.",
            "end-family_told_on_day": str(today.day),
            "end-family_told_on_month": str(today.month),
            "end-family_told_on_year": str(today.year),
        },
    )
    manager.locator("form[action$='/end/'] button").click()
    check(manager)
    assert free_places(visitor) == free
    lead.goto(f"/requests/{ref}/")
    check(lead)


def test_somebody_in_danger_meets_the_number_first_and_loses_nothing(look, own_site):
    lead = look(LEAD)
    lead.goto("/requests/new/")
    lead.locator("main form button").first.click()
    people.answer_safety(lead, danger_now="yes")
    assert "/danger/" in lead.url
    clean(lead)
    assert "999" in lead.locator("h1").inner_text() or "999" in lead.locator("main").inner_text()[:400]
    ref = lead.url.split("/requests/")[1].split("/")[0]
    lead.goto(f"/requests/{ref}/child/")
    assert "/child/" not in lead.url


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_what_belongs_to_an_answer_opens_under_it_and_stays_open_while_something_in_it_is_wrong(look, javascript):
    lead = look(LEAD, javascript=javascript)
    lead.goto("/requests/new/")
    lead.locator("main form button").first.click()
    told = lead.get_by_label("The time", exact=True)
    assert not told.is_visible()
    lead.locator("[name=harm][value=yes]").check()
    told.fill("after lunch")
    lead.locator("[name=harm][value=yes]").focus()
    lead.keyboard.press("Tab")
    assert lead.evaluate("document.activeElement.closest('.al-cond') !== null"), "the keyboard goes on into it"
    lead.get_by_role("button", name="Save and go on").click()
    assert told.is_visible() and told.input_value() == "after lunch"
    lead.locator("[name=harm][value=no]").check()
    assert told.is_visible(), "what is wrong in it is still to be seen"


def test_a_child_without_a_postcode_is_asked_for_by_part_of_the_city(look):
    lead = look(LEAD, width=320)
    lead.goto("/requests/new/")
    lead.locator("main form button").first.click()
    people.choose(
        lead, danger_now="no", adult="no", harm="no", social_worker="no", adult_works_with_children="no", trafficking="no"
    )  # fmt: skip
    lead.get_by_label("We cannot give a postcode").check()
    clean(lead)
    people.go_on(lead)
    clean(lead)
    lead.get_by_text("Choose where they mostly are").first.wait_for()
    people.choose(lead, no_postcode_because="no_fixed_address")
    people.write(lead, area="locality:east_central")
    people.go_on(lead)
    people.answer_about_the_child(lead)
    assert "East Central. No postcode: they have no fixed address" in lead.locator("main").inner_text()
    lead.get_by_role("button", name="Send to a coordinator").click()
    ref = lead.url.rstrip("/").rsplit("/", 1)[-1]
    coordinator = look(COORDINATOR)
    coordinator.goto(f"/desk/requests/{ref}/")
    clean(coordinator)
    assert "How far it is to a service is not known" in coordinator.locator("main").inner_text()


def test_a_steward_edits_a_draft_and_publishes_it(look):
    """The draft changes nothing that the public sees, until it is published."""
    words = "One adult who stays, for as long as it takes."
    steward, visitor = look(STEWARD), look()
    visitor.goto("/find/?text=umoja")
    steward.goto("/admin/snippets/directory/service/?q=One-to-one")
    steward.get_by_role("row", name="Umoja Path").get_by_role("link", name="One-to-one mentoring").first.click()
    steward.locator("textarea[name=summary]").fill(words)
    steward.get_by_role("button", name="Save draft").click()
    steward.locator(".messages .success").wait_for()
    visitor.goto(f"/services/{SERVICE}/")
    assert words not in visitor.locator("main").inner_text()
    steward.get_by_role("button", name="More actions").click()
    steward.get_by_role("button", name="Publish").click()
    steward.locator(".messages .success").get_by_text("published").wait_for()
    visitor.reload()
    assert words in visitor.locator("main").inner_text()


def test_nothing_of_a_child_is_in_the_mail(look, own_site):
    visitor = look()
    visitor.goto("/emails/")
    letters = visitor.locator("main a[href^='/emails/']").evaluate_all("links => links.map(link => link.href)")
    assert letters
    for letter in letters:
        visitor.goto(letter)
        text = visitor.locator("main").inner_text()
        for secret in (NAME, people.POSTCODE, "Someone from round here"):
            assert secret not in text, letter
        assert not INITIALS.search(text), letter
