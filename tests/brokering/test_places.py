"""Support from the first call to its end; and a name that is known only as long as it is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from brokering import disclosure, offers, places, requests, rights
from brokering.lifecycle import MoveNotAllowed
from brokering.models import ContactCard, EndQuality, EndReason, OfferState, PlaceState, RequestState
from brokering.requests import AnswerRefused
from safekeeping import invariants
from safekeeping.models import AuditEvent, OutboxRow, User
from tests.factories import brokering as make
from tests.factories.brokering import AT, CONTACT, DAY, HOUR

pytestmark = pytest.mark.django_db
END = {"next_step": "The football club", "family_told_on": (AT + 90 * DAY).date(), "at": AT + 90 * DAY}


def cards():
    return ContactCard.objects.unscoped(reason="a test counts cards")


def test_a_name_exists_only_after_a_yes(here):
    place = make.answered_yes(here)
    assert not cards().exists()
    places.give_contact(place, CONTACT, by=here.dsl, at=AT + 2 * HOUR)
    assert cards().get().name_used == "Kofi"
    assert make.now(place).state == PlaceState.ACCEPTED


def test_the_provider_rings_within_two_working_days_of_the_details(here):
    place = make.place_in(PlaceState.ACCEPTED, here)
    assert place.ring_by_at == AT + 2 * HOUR + 2 * DAY


def test_a_card_can_be_corrected_while_the_place_runs(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    places.give_contact(place, replace(CONTACT, telephone="0117 496 0199"), by=here.colleague, at=AT + 10 * DAY)
    assert cards().get().telephone == "0117 496 0199"
    assert make.now(place).state == PlaceState.ACTIVE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name_used": " "}, "name_used"),
        ({"telephone": "0117 496"}, "telephone"),
        ({"telephone": ""}, "telephone"),
        ({"safe_ways": ()}, "safe_ways"),
        ({"safe_ways": ("ring", "none")}, "safe_ways"),
        ({"safe_ways": ("shout",)}, "safe_ways"),
        ({"speak_first_to": ""}, "speak_first_to"),
        ({"parent_name": ""}, "parent_name"),
    ],
)
def test_a_card_that_could_harm_or_does_not_help_is_refused(here, changed, field):
    place = make.answered_yes(here)
    with pytest.raises(AnswerRefused) as refused:
        places.give_contact(place, replace(CONTACT, **changed), by=here.dsl, at=AT)
    assert field in refused.value.errors
    assert not cards().exists()


@pytest.mark.parametrize("who", ["manager", "worker", "elsewhere"])
def test_only_the_side_that_asked_says_who_it_is(here, who):
    place = make.answered_yes(here)
    with pytest.raises(rights.NotYours):
        places.give_contact(place, CONTACT, by=getattr(here, who), at=AT)


def test_nothing_happens_in_the_wrong_order(here):
    place = make.answered_yes(here)
    with pytest.raises(MoveNotAllowed):
        places.introduced(place, on=AT.date(), by=here.worker, at=AT + DAY)
    with pytest.raises(MoveNotAllowed):
        places.start(place, on=AT.date(), by=here.worker, at=AT + DAY)


def test_e34_support_does_not_outlast_what_the_service_gives(here):
    here.mentoring.duration_max_months = 6
    here.mentoring.save()
    place = make.place_in(PlaceState.INTRODUCED, here)
    with pytest.raises(places.TooLong) as told:
        places.start(place, on=date(2026, 11, 24), planned_end_on=date(2027, 5, 25), by=here.manager, at=AT + 9 * DAY)
    assert told.value.latest == date(2027, 5, 24)
    places.start(place, on=date(2026, 11, 24), by=here.manager, at=AT + 9 * DAY)
    assert make.now(place).planned_end_on == date(2027, 5, 24)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_a_month_later_is_a_day_that_exists(day, months, wanted):
    assert places.months_later(day, months) == wanted


@pytest.mark.parametrize("reason", EndReason)
def test_inv_c9_every_end_has_a_reason_and_says_whether_it_was_planned(here, reason):
    place = make.place_in(PlaceState.ACTIVE, here)
    places.end(place, reason, **END, by=here.manager)
    planned = {"planned_", "extended", "stepped_down", "programme_conditions", "cohort_finished"}
    wanted = EndQuality.PLANNED if reason.startswith(tuple(planned)) else EndQuality.UNPLANNED
    row = make.now(place)
    assert (row.state, row.end_reason, row.end_quality) == (PlaceState.ENDED, reason, wanted)
    here.pool.refresh_from_db()
    assert here.pool.occupied == 0
    assert list(invariants.broken()) == []


def test_an_end_without_a_next_step_or_without_the_family_is_refused(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    with pytest.raises(AnswerRefused) as refused:
        places.end(place, EndReason.GOALS_MET, next_step="", family_told_on=None, by=here.manager, at=AT + 90 * DAY)
    assert set(refused.value.errors) == {"next_step", "family_told_on"}


def test_inv_s4_the_end_of_support_closes_nothing_by_itself(here):
    assert make.request_in(RequestState.CLOSING, here).closed_at is None


def test_e38_of_two_places_one_may_end_and_the_other_goes_on(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    other = offers.make(make.now(place.request), here.music.pk, because="Both", by=here.coordinator, at=AT)
    offers.accept(other, worker_role="Tutor", first_meeting_on=(AT + DAY).date(), by=here.other_manager, at=AT + HOUR)
    places.end(place, EndReason.GOALS_MET, **END, by=here.manager)
    assert make.now(place.request).state == RequestState.ALLOCATED


# --- until when a name is known ---
def test_inv_p3_ten_working_days_after_the_end_the_name_is_gone(here):
    place = make.place_in(PlaceState.ENDED, here)
    until = place.readable_until_at
    assert (AT + 90 * DAY).strftime("%A") == "Sunday"
    assert until.date() == date(2027, 2, 26)
    assert disclosure.contact_card(place.pk, by=here.worker, at=until - HOUR).name_used == "Kofi"
    with pytest.raises(rights.NotYours):  # time decides before any job does
        disclosure.contact_card(place.pk, by=here.worker, at=until)
    assert places.forget_contacts(until) == 1
    assert places.forget_contacts(until) == 0
    assert not cards().exists()


def test_a_name_that_was_never_needed_is_deleted_at_once(here):
    place = make.place_in(PlaceState.ACCEPTED, here)
    places.end(
        place, EndReason.NO_CONTACT, next_step="The school tries again", family_told_on=(AT + DAY).date(),
        by=here.manager, at=AT + 2 * DAY,
    )  # fmt: skip
    assert not cards().exists()
    with pytest.raises(rights.NotYours):
        disclosure.contact_card(place.pk, by=here.manager, at=AT + 2 * DAY)


def test_inv_p16_a_withdrawn_request_takes_the_name_with_it_if_they_never_met(here):
    place = make.place_in(PlaceState.ACCEPTED, here)
    requests.withdraw(place.request, "no_longer_wanted", by=here.dsl, at=AT + DAY)
    row = make.now(place)
    assert (row.state, row.end_reason) == (PlaceState.ENDED, EndReason.FAMILY_DECLINED)
    assert not cards().exists()


def test_e35_after_a_childs_death_nothing_is_sent_places_are_free_and_only_named_people_see_it(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    other = offers.make(make.now(place.request), here.music.pk, because="Both", by=here.coordinator, at=AT)
    before = OutboxRow.objects.count()
    places.end(place, EndReason.DIED, next_step="Restricted", family_told_on=None, by=here.manager, at=AT + 90 * DAY)
    assert OutboxRow.objects.count() == before
    assert make.now(other).state == OfferState.WITHDRAWN
    here.music_pool.refresh_from_db()
    assert here.music_pool.held == 0
    with pytest.raises(rights.NotYours):
        disclosure.case(place.request_id, by=here.second, at=AT + 91 * DAY)
    assert disclosure.case(place.request_id, by=here.coordinator, at=AT + 91 * DAY).restricted


def mailed_to(hat):
    address = User.objects.get(pk=hat.user_id).email
    return [row.payload["subject"] for row in OutboxRow.objects.all() if address in row.payload["to"]]


def test_a_coordinator_ends_a_place_whose_provider_is_gone_and_both_sides_are_told(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    OutboxRow.objects.all().delete()
    places.end(place, EndReason.CAPACITY_LOST, **END, by=here.coordinator)
    now = make.now(place)
    assert (now.state, now.end_quality) == (PlaceState.ENDED, EndQuality.UNPLANNED)
    assert make.now(place.request).state == RequestState.CLOSING
    reference = place.request.public_ref
    assert mailed_to(here.manager) == [f"{reference}: This support place has ended"]
    assert mailed_to(here.dsl) == [f"{reference}: There is news of the support"]
    assert mailed_to(here.coordinator) == [], "who did it knows"


@pytest.mark.parametrize("who", ["elsewhere", "other_manager", "dsl"])
def test_nobody_else_ends_a_place(here, who):
    place = make.place_in(PlaceState.ACTIVE, here)
    with pytest.raises(rights.NotYours):
        places.end(place, EndReason.MOVED_AWAY, **END, by=getattr(here, who))
    assert make.now(place).state == PlaceState.ACTIVE


def test_late_contact_details_are_a_coordinators_task_once_and_release_nothing(here):
    place = make.answered_yes(here)
    OutboxRow.objects.all().delete()
    late = place.contact_due_at
    assert places.chase_contacts(late) == 1
    assert places.chase_contacts(late) == 0
    assert make.now(place).state == PlaceState.AWAITING_CONTACT
    reference = place.request.public_ref
    assert mailed_to(here.coordinator) == [f"{reference}: Contact details are late"]
    assert mailed_to(here.dsl) == [f"{reference}: The provider still waits for contact details"]
    assert mailed_to(here.manager) == []
    reminder = next(row for row in OutboxRow.objects.all() if "still waits" in row.payload["subject"])
    assert f"/requests/{place.request_id}/contact/{place.pk}/" in reminder.payload["text"]


def test_every_look_at_a_name_is_recorded(here):
    place = make.place_in(PlaceState.ACCEPTED, here)
    disclosure.contact_card(place.pk, by=here.worker, at=AT + DAY)
    last = AuditEvent.objects.filter(action="contact-card.read").get()
    assert (last.actor, last.object_ref, last.role) == (here.worker.user_id, str(place.pk), "provider_worker")
