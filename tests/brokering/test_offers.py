"""One provider asked for one place: what stops it, who answers it, what time does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from brokering import offers, requests, rights, shortlists, triage
from brokering.answers import Avoid
from brokering.models import (
    CoAttendanceCheck,
    DeclineReason,
    MatchRun,
    OfferState,
    RequestState,
    SecondCheck,
    UnmetNeed,
)
from brokering.requests import AnswerRefused
from directory import capacity
from directory.models import CoAttendance, Membership, Role
from safekeeping import clock, invariants
from safekeeping.models import AuditEvent
from tests.factories import brokering as make
from tests.factories import directory as make_directory
from tests.factories.brokering import AGREEMENT, AT, CHILD, DAY, HELP, HOUR

pytestmark = pytest.mark.django_db
YES = {"worker_role": "Mentor", "first_meeting_on": (AT + DAY).date()}


def held(pool):
    pool.refresh_from_db()
    return pool.held, pool.occupied


# --- making one ---
def test_an_offer_holds_a_place_for_two_working_days(here):
    offer = make.offered(here)
    assert held(here.pool) == (1, 0)
    assert offer.expires_at == AT + 2 * DAY
    assert make.now(offer.request).state == RequestState.OFFERED
    assert list(invariants.broken()) == []


def test_an_offer_late_in_the_day_ends_at_half_past_four(here):
    late = AT + 6 * HOUR + timedelta(minutes=50)  # ten to five
    assert make.offered(here, at=late).expires_at == AT + 2 * DAY + 6 * HOUR + timedelta(minutes=30)


def test_e13_of_two_who_want_the_last_place_one_gets_it_and_both_are_on_record(here):
    first, second = make.accepted(here), make.accepted(here)
    here.pool.total = here.pool.external_occupied + 1
    here.pool.save()
    shortlists.run(second, by=here.second, at=AT)
    offers.make(first, here.mentoring.pk, by=here.coordinator, at=AT)
    with pytest.raises(offers.PlaceGone) as gone:
        offers.make(second, here.mentoring.pk, by=here.second, at=AT)
    assert gone.value.taken_at == AT
    assert make.now(second).state == RequestState.MATCHING
    assert held(here.pool) == (1, 0)
    told = list(AuditEvent.objects.filter(action="offer.make").values_list("actor", "outcome"))
    assert told == [(here.coordinator.user_id, "ok"), (here.second.user_id, "refused")]


def test_choosing_below_the_first_needs_a_reason(here):
    request = make.accepted(here)
    with pytest.raises(offers.ReasonNeeded):
        offers.make(request, here.music.pk, by=here.coordinator, at=AT)
    offer = offers.make(request, here.music.pk, because="He plays", by=here.coordinator, at=AT)
    assert (offer.rank, make.now(offer).chosen_because) == (2, "He plays")


def test_nothing_is_offered_that_was_not_on_the_list(here):
    request = make.accepted(here)
    later = make_directory.service("Later", by=here.umoja)
    make_directory.pool(later)
    with pytest.raises(offers.NotOnTheList):
        offers.make(request, later.pk, by=here.coordinator, at=AT)


def test_what_has_changed_since_the_look_counts(here):
    request = make.accepted(here)
    here.umoja.standing.standing = "suspended"
    here.umoja.standing.save()
    with pytest.raises(offers.DoesNotFit):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)


def test_inv_s8_without_an_information_sharing_agreement_nothing_is_offered(here):
    request = make.accepted(here)
    here.umoja.standing.information_sharing_expires_on = AT.date() - DAY
    here.umoja.standing.save()
    with pytest.raises(offers.DoesNotFit) as refused:
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["closed"]


def test_e30_a_stale_pool_is_not_held(here):
    later = AT + 9 * DAY
    request = make.accepted(here)
    with pytest.raises(capacity.NotConfirmed):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=later)
    assert held(here.pool) == (0, 0)


def test_inv_c5_one_open_offer_for_a_request_and_service(here):
    offer = make.offered(here)
    with pytest.raises((offers.AlreadyAsked, offers.NotOnTheList)):
        offers.make(offer.request, here.mentoring.pk, because="Again", by=here.coordinator, at=AT)
    assert held(here.pool) == (1, 0)


def test_two_services_can_be_asked_for_one_child(here):
    offer = make.offered(here)
    offers.make(make.now(offer.request), here.music.pk, because="Both", by=here.coordinator, at=AT)
    assert held(here.pool) == held(here.music_pool) == (1, 0)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [("sought_refused", offers.Refused), ("not_yet_sought", offers.NotAgreed)],
)
def test_e26_without_a_yes_nothing_is_offered(here, told, refusal):
    request = make.accepted(here, agreement=replace(AGREEMENT, participation=told))
    with pytest.raises(refusal):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    requests.tell_agreement(request, AGREEMENT, by=here.coordinator, at=AT)
    assert offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)


@pytest.mark.parametrize("status", ["s47_enquiry", "strategy_discussion"])
def test_e24_while_an_enquiry_is_open_the_social_worker_agrees_first(here, status):
    request = make.accepted(here, child=replace(CHILD, statutory_status=status))
    with pytest.raises(offers.StatutoryAgreementNeeded):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    offers.make(request, here.mentoring.pk, statutory_agreement="LCS 771", by=here.coordinator, at=AT)
    assert make.now(request).statutory_agreement == "LCS 771"


def test_e28_an_offer_to_ones_own_employer_needs_another_coordinator(here):
    Membership.objects.create(
        user_id=here.coordinator.user_id, organization=here.umoja, role=Role.PROVIDER_WORKER, from_on=AT.date()
    )
    request = make.accepted(here)
    with pytest.raises(offers.ConflictOfInterest):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    check = triage.ask_second(
        request, SecondCheck.What.CONFLICT_OF_INTEREST, because="First on the list", service_id=here.mentoring.pk,
        by=here.coordinator, at=AT,
    )  # fmt: skip
    triage.agree(check, by=here.second, at=AT)
    offer = offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    assert offer.second_check_id == check.pk
    assert make.now(check).used_at == AT


def test_e28_a_colleague_with_the_same_employer_is_no_second_pair_of_eyes(here):
    for one in (here.coordinator, here.second):
        Membership.objects.create(
            user_id=one.user_id, organization=here.umoja, role=Role.PROVIDER_WORKER, from_on=AT.date()
        )
    request = make.accepted(here)
    check = triage.ask_second(
        request, SecondCheck.What.CONFLICT_OF_INTEREST, because="First", service_id=here.mentoring.pk,
        by=here.coordinator, at=AT,
    )  # fmt: skip
    with pytest.raises(triage.NotByTheSamePerson):
        triage.agree(check, by=here.second, at=AT)


def test_inv_s9_a_group_needs_a_look_at_who_attends_within_a_fortnight(here):
    here.mentoring.co_attendance_check = CoAttendance.REQUIRED
    here.mentoring.save()
    request = make.accepted(here)
    with pytest.raises(offers.CoAttendanceUnchecked):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    shortlists.attest(request, here.mentoring.pk, CoAttendanceCheck.Result.CLEAR, by=here.coordinator, at=AT - 15 * DAY)
    with pytest.raises(offers.CoAttendanceUnchecked):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    shortlists.attest(request, here.mentoring.pk, CoAttendanceCheck.Result.CLEAR, by=here.coordinator, at=AT)
    assert offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)


def test_e4_a_conflict_with_somebody_who_attends_puts_the_service_out(here):
    here.mentoring.co_attendance_check = CoAttendance.REQUIRED
    here.mentoring.save()
    request = make.accepted(here)
    shortlists.attest(request, here.mentoring.pk, CoAttendanceCheck.Result.CONFLICT_FOUND, by=here.coordinator, at=AT)
    with pytest.raises(offers.DoesNotFit):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)


def test_inv_s10_a_service_in_a_ward_to_avoid_is_not_on_the_list(here):
    hall = make_directory.location("Hall", ward_id="E05010907")
    here.music.at_locations.create(location=hall)
    request = make.accepted(here, help=replace(HELP, avoid=(Avoid(ward="E05010907", because="threat"),)))
    with pytest.raises(offers.NotOnTheList):
        offers.make(request, here.music.pk, because="Still", by=here.coordinator, at=AT)


@pytest.mark.parametrize("who", ["elsewhere", "dsl", "manager"])
def test_nobody_but_a_coordinator_within_reach_offers(here, who):
    request = make.accepted(here)
    with pytest.raises(rights.NotYours):
        offers.make(request, here.mentoring.pk, by=getattr(here, who), at=AT)


# --- nothing fits ---
def test_e31_nothing_fitting_is_an_event_without_a_child(here):
    make.accepted(here, child=replace(CHILD, date_of_birth=AT.date() - timedelta(days=365 * 5)))
    (need,) = UnmetNeed.objects.all()
    assert (need.age_band, need.primary_harm, need.obstacles) == ("under_10", "knife_weapon", {"age": 2})


def test_e31_looking_again_without_luck_is_not_another_event(here):
    request = make.accepted(here, child=replace(CHILD, date_of_birth=AT.date() - timedelta(days=365 * 5)))
    shortlists.run(request, by=here.coordinator, at=AT + HOUR)
    assert UnmetNeed.objects.count() == 1


def test_a_run_is_never_rewritten(here):
    from safekeeping.scoping import UnscopedQuery

    request = make.accepted(here)
    rows = MatchRun.objects.unscoped(reason="a test tries to rewrite").filter(request=request)
    with pytest.raises(UnscopedQuery):
        rows.update(fitting=9)


def test_looking_up_costs_the_same_however_many_services(here, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from brokering import candidates

    candidates.gather(hat=here.coordinator, at=AT)  # what is remembered is read now
    with CaptureQueriesContext(connection) as few:
        candidates.gather(hat=here.coordinator, at=AT)
    for n in range(8):
        make_directory.pool(make_directory.service(f"More {n}", by=here.umoja, harms=["cse"]))
    with django_assert_num_queries(len(few)):
        assert len(candidates.gather(hat=here.coordinator, at=AT)) == 10


# --- answering ---
def test_yes_takes_the_place_and_asks_for_contact_details(here):
    place = make.answered_yes(here)
    assert held(here.pool) == (0, 1)
    assert place.contact_due_at == AT + HOUR + DAY
    assert make.now(place.offer).state == OfferState.ACCEPTED
    assert make.now(place.request).state == RequestState.ALLOCATED


@pytest.mark.parametrize("who", ["worker", "other_manager", "coordinator", "dsl"])
def test_only_the_providers_manager_answers(here, who):
    offer = make.offered(here)
    with pytest.raises(rights.NotYours):
        offers.accept(offer, **YES, by=getattr(here, who), at=AT)
    with pytest.raises(rights.NotYours):
        offers.decline(offer, DeclineReason.AGE, by=getattr(here, who), at=AT)


def test_e14_time_decides_before_any_job_does(here):
    offer = make.offered(here)
    with pytest.raises(offers.OfferNoLongerOpen) as over:
        offers.accept(
            offer, **YES | {"first_meeting_on": offer.expires_at.date()}, by=here.manager, at=offer.expires_at
        )
    assert (over.value.state, over.value.place_left) == (OfferState.EXPIRED, True)
    assert held(here.pool) == (1, 0)


def test_e14_once_somebody_else_has_the_place_it_is_not_offered_again(here):
    offer = make.offered(here)
    offers.expire_due(offer.expires_at)
    here.pool.refresh_from_db()
    here.pool.total = here.pool.external_occupied
    here.pool.save()
    with pytest.raises(offers.OfferNoLongerOpen) as over:
        offers.accept(make.now(offer), **YES, by=here.manager, at=AT)
    assert over.value.state == OfferState.EXPIRED


@pytest.mark.parametrize("state", [one for one in OfferState if one != OfferState.OPEN])
def test_an_offer_is_answered_once(here, state):
    offer = make.offer_in(state, here)
    for deed in (
        lambda: offers.accept(offer, **YES, by=here.manager, at=AT + 2 * HOUR),
        lambda: offers.decline(offer, DeclineReason.AGE, by=here.manager, at=AT + 2 * HOUR),
        lambda: offers.take_back(offer, "in_error", by=here.coordinator, at=AT + 2 * HOUR),
    ):
        with pytest.raises(offers.OfferNoLongerOpen):
            deed()


def test_of_two_answers_at_once_the_second_is_told(here):
    offer = make.offered(here)
    copy = make.now(offer)
    offers.decline(offer, DeclineReason.NO_CAPACITY, by=here.manager, at=AT)
    with pytest.raises(offers.OfferNoLongerOpen):
        offers.accept(copy, **YES, by=here.manager, at=AT)
    assert held(here.pool) == (0, 0)


def test_no_frees_the_place_and_the_search_goes_on_the_same_day(here):
    offer = make.offered(here)
    offers.decline(offer, DeclineReason.NO_CAPACITY, by=here.manager, at=AT + HOUR)
    request = make.now(offer.request)
    assert held(here.pool) == (0, 0)
    assert request.state == RequestState.MATCHING
    assert request.due_at.date() == AT.date()


def test_another_reason_needs_words(here):
    offer = make.offered(here)
    with pytest.raises(AnswerRefused):
        offers.decline(offer, DeclineReason.OTHER, by=here.manager, at=AT)
    offers.decline(offer, DeclineReason.OTHER, "We move house", by=here.manager, at=AT)
    assert make.now(offer).decline_words == "We move house"


def test_inv_c3_time_frees_the_place_and_running_twice_is_harmless(here):
    offer = make.offered(here)
    assert offers.expire_due(offer.expires_at - timedelta(seconds=1)) == 0
    assert offers.expire_due(offer.expires_at) == 1
    assert offers.expire_due(offer.expires_at) == 0
    assert held(here.pool) == (0, 0)
    assert make.now(offer.request).state == RequestState.MATCHING


def test_inv_c3_the_clock_lets_go_of_a_hold_within_a_minute(here):
    job = clock.JOBS["offers run out"]
    assert job.every <= timedelta(seconds=60)
    offer = make.offered(here)
    job.run(offer.expires_at + timedelta(seconds=1))
    assert make.now(offer).state == OfferState.EXPIRED and held(here.pool) == (0, 0)


def test_a_worker_must_be_the_providers(here):
    offer = make.offered(here)
    with pytest.raises(AnswerRefused):
        offers.accept(offer, **YES, worker=here.dsl.membership_id, by=here.manager, at=AT)
    with pytest.raises(AnswerRefused):
        offers.accept(offer, worker_role="Mentor", first_meeting_on=AT.date() - DAY, by=here.manager, at=AT)


def test_a_change_between_offer_and_answer_stops_the_yes(here):
    offer = make.offered(here)
    requests.tell_change(offer.request, "in_danger", by=here.dsl, at=AT)
    with pytest.raises(offers.SafetyQuestionsDue):
        offers.accept(offer, **YES, by=here.manager, at=AT + HOUR)
    assert held(here.pool) == (1, 0)


def test_one_no_of_two_leaves_the_request_offered(here):
    offer = make.offered(here)
    other = offers.make(make.now(offer.request), here.music.pk, because="Both", by=here.coordinator, at=AT)
    offers.decline(offer, DeclineReason.AGE, by=here.manager, at=AT)
    assert make.now(offer.request).state == RequestState.OFFERED
    offers.decline(other, DeclineReason.AGE, by=here.other_manager, at=AT)
    assert make.now(offer.request).state == RequestState.MATCHING


def test_a_ledger_row_that_is_nobodys_is_found(here):
    from uuid import uuid4

    capacity.hold(here.pool.pk, service_id=here.mentoring.pk, reference=uuid4(), by=None, at=AT, until=AT + DAY)
    assert [line for line in offers.differences() if "is nobody's" in line]
