"""A coordinator's day, page by page, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brokering import offers, triage
from brokering.models import Message, Offer, OfferState, PlacementRequest, RequestState, SecondCheck
from directory.models import CapacityPool, Membership
from safekeeping.models import AuditEvent
from tests.factories import brokering as make
from tests.factories.people import browser_of

LATER = make.AT + make.HOUR


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let it be an hour after everything was made; a test may let time pass."""
    now = {"at": LATER}
    monkeypatch.setattr(timezone, "now", lambda: now["at"])
    return now


class Person:
    """Somebody at a browser under one hat, who signs in again when time has passed: sessions end."""

    def __init__(self, hat) -> None:
        self.membership = Membership.objects.get(pk=hat.membership_id)
        self.signed_in_at = None

    def browser(self) -> Client:
        if self.signed_in_at != timezone.now():
            self.client, self.signed_in_at = browser_of(self.membership), timezone.now()
        return self.client

    def get(self, *args, **options):
        return self.browser().get(*args, **options)

    def post(self, *args, **options):
        return self.browser().post(*args, **options)


def wearing(hat) -> Person:
    """Return somebody who wears that hat."""
    return Person(hat)


@pytest.fixture
def desk(here) -> Person:
    return wearing(here.coordinator)


def words(answer) -> str:
    """Return what a person reads of a page."""
    html = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def address(name: str, *args) -> str:
    return reverse(f"brokering:{name}", args=args)


def free(pool: CapacityPool) -> int:
    pool.refresh_from_db()
    return pool.total - pool.external_occupied - pool.occupied - pool.held


def asks(client: Person, request: PlacementRequest, service, **typed):
    return client.post(address("desk_offer", request.pk, service.pk), typed)


# --- the queue ---
def test_the_queue_shows_late_first_in_two_lines_and_no_initials(here, desk, clock):
    one = make.now(make.sent(here))
    page = desk.get(address("desk"))
    read = words(page)
    assert f"{one.short_ref} · age 14" in read
    assert "Read and decide" in read
    assert "KO" not in read.split()
    clock["at"] = make.AT + 5 * make.DAY
    late = desk.get(address("desk"))
    assert "<title>Desk: 1 late" in late.content.decode()
    assert 'class="is-late"' in late.content.decode()


def test_a_filter_shows_what_it_names_and_says_when_that_is_nothing(here, desk):
    one = make.now(make.sent(here))
    assert one.short_ref in words(desk.get(address("desk"), {"q": one.short_ref, "state": "triage"}))
    nothing = words(desk.get(address("desk"), {"state": "closing"}))
    assert one.short_ref not in nothing
    assert "Nothing matches" in nothing


def test_the_queue_takes_as_many_queries_for_five_as_for_one(here, desk, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make.sent(here)
    desk.get(address("desk"))
    with CaptureQueriesContext(connection) as one:
        desk.get(address("desk"))
    for _ in range(4):
        make.sent(here)
    with CaptureQueriesContext(connection) as five:
        desk.get(address("desk"))
    assert len(five) == len(one)


# --- who gets in ---
@pytest.mark.parametrize("name", ["desk_request", "desk_shortlist"])
def test_a_coordinator_of_another_locality_meets_the_page_of_what_is_not_there(here, name):
    request = make.accepted(here)
    assert wearing(here.elsewhere).get(address(name, request.pk)).status_code == 404
    assert wearing(here.dsl).get(address(name, request.pk)).status_code == 404


def test_no_deed_reaches_a_request_of_another_locality(here):
    request, elsewhere = make.accepted(here), wearing(here.elsewhere)
    for name in ("decide", "outcome", "take", "message", "withdraw", "close", "again", "look", "initials"):
        assert elsewhere.post(address(f"desk_{name}", request.pk), {"message-text": "x"}).status_code == 404
    assert asks(elsewhere, request, here.mentoring).status_code == 404
    assert free(here.pool) == 3


# --- one request ---
def test_reading_is_recorded_and_initials_only_on_asking(here, desk):
    request = make.sent(here)
    page = desk.get(address("desk_request", request.pk))
    assert "Someone from round here" in words(page)
    assert "KO" not in words(page).split()
    assert AuditEvent.objects.filter(action="request.read", object_ref=str(request.pk)).count() == 1
    shown = desk.post(address("desk_initials", request.pk))
    assert "KO" in words(shown).split()
    assert AuditEvent.objects.filter(action="request.reveal", object_ref=str(request.pk)).count() == 1


def test_accepting_looks_up_what_fits_and_says_why(here, desk):
    request = make.sent(here)
    typed = {"outcome": "accept_child", "rationale": "Suits a mentor", "principles": ["trauma_aware"]}
    answer = desk.post(address("desk_decide", request.pk), typed, follow=True)
    assert make.now(request).state == RequestState.MATCHING
    read = words(answer)
    assert "2 fit" in read
    assert "Umoja mentoring" in read
    assert "Offer to Umoja Path" in read


def test_a_decision_without_a_reason_keeps_what_was_typed(here, desk):
    request = make.sent(here)
    typed = {"outcome": "needs_information", "question": "What would he like?", "rationale": ""}
    answer = desk.post(address("desk_decide", request.pk), typed)
    assert "Say why, in a sentence or two" in words(answer)
    assert "What would he like?" in words(answer)
    assert "<title>Error: " in answer.content.decode()
    assert make.now(request).state == RequestState.TRIAGE


def test_a_question_goes_out(here, desk):
    request = make.sent(here)
    typed = {"outcome": "needs_information", "question": "What would he like?", "rationale": "Not clear"}
    assert desk.post(address("desk_decide", request.pk), typed).status_code == 302
    assert make.now(request).state == RequestState.NEEDS_INFORMATION


def test_the_front_door_was_called_and_somebody_else_records_what_it_decided(here, desk):
    request = make.sent(here)
    typed = {
        "outcome": "escalate_first_response_phone", "rationale": "Same day", "told_on_day": "16", "told_on_month": "11",
        "told_on_year": "2026", "told_hour": "10:20", "told_by_role": "Coordinator",
    }  # fmt: skip
    assert desk.post(address("desk_decide", request.pk), typed).status_code == 302
    assert make.now(request).state == RequestState.PAUSED_STATUTORY
    outcome = {"outcome-outcome_reference": "FR-1"}
    mine = desk.post(address("desk_outcome", request.pk), outcome)
    assert mine.status_code == 409
    assert "Ask another coordinator" in words(mine)
    assert wearing(here.second).post(address("desk_outcome", request.pk), outcome).status_code == 302
    assert make.now(request).state == RequestState.TRIAGE


def test_a_call_that_lies_ahead_is_said_beside_its_day(here, desk):
    request = make.sent(here)
    typed = {
        "outcome": "escalate_first_response_phone", "rationale": "Same day", "told_on_day": "16", "told_on_month": "11",
        "told_on_year": "2026", "told_hour": "23:20", "told_by_role": "Coordinator",
    }  # fmt: skip
    assert "This must be in the past" in words(desk.post(address("desk_decide", request.pk), typed))


def test_not_for_us_needs_a_second_coordinator(here, desk):
    request, second = make.sent(here), wearing(here.second)
    typed = {"outcome": "not_suitable", "rationale": "Not ours", "instead": "The youth club"}
    said = desk.post(address("desk_decide", request.pk), typed, follow=True)
    assert "Another coordinator has to agree" in words(said)
    check = SecondCheck.objects.unscoped(reason="a test").get()
    assert desk.post(address("desk_agree", request.pk, check.pk)).status_code == 409
    assert "I agree" in words(second.get(address("desk_request", request.pk)))
    assert second.post(address("desk_agree", request.pk, check.pk)).status_code == 302
    assert desk.post(address("desk_decide", request.pk), typed).status_code == 302
    assert make.now(request).state == RequestState.REJECTED_REDIRECTED


def test_a_decision_that_somebody_else_made_first_is_told_as_such(here, desk):
    request = make.accepted(here)
    answer = desk.post(address("desk_decide", request.pk), {"outcome": "accept_child", "rationale": "Too late"})
    assert answer.status_code == 409
    assert "has moved on" in words(answer)


def test_a_request_is_taken_written_about_and_taken_back(here, desk):
    request = make.sent(here)
    desk.post(address("desk_take", request.pk))
    assert make.now(request).coordinator_id == here.coordinator.user_id
    desk.post(address("desk_message", request.pk), {"message-text": "Thank you"})
    assert "Thank you" in words(desk.get(address("desk_request", request.pk)))
    assert "Choose why" in words(desk.post(address("desk_withdraw", request.pk), {}))
    desk.post(address("desk_withdraw", request.pk), {"withdraw-because": "moved_away"})
    assert make.now(request).state == RequestState.WITHDRAWN
    assert desk.post(address("desk_withdraw", request.pk), {"withdraw-because": "moved_away"}).status_code == 409


def test_looking_changes_nothing(here, desk):
    request = make.accepted(here)
    for name in ("desk_decide", "desk_take", "desk_look", "desk_withdraw", "desk_initials"):
        assert desk.get(address(name, request.pk)).status_code == 405
    assert desk.get(address("desk_offer", request.pk, here.mentoring.pk)).status_code == 405


# --- offering ---
def test_an_offer_holds_a_place_and_goes_with_its_note(here, desk):
    request = make.accepted(here)
    answer = asks(desk, request, here.mentoring, note="After school, please")
    assert answer.status_code == 302
    assert answer.url == address("desk_request", request.pk)
    assert free(here.pool) == 2
    offer = Offer.objects.unscoped(reason="a test").get()
    assert offer.note == "After school, please"
    assert "answer by" in words(desk.get(address("desk_request", request.pk))).lower()


def test_below_the_first_a_reason_is_asked_for_and_the_note_is_kept(here, desk):
    request = make.accepted(here)
    answer = asks(desk, request, here.music, note="After school, please")
    assert answer.status_code == 409
    assert "Say why you choose this one" in words(answer)
    assert "After school, please" in words(answer)
    assert free(here.music_pool) == 2
    assert asks(desk, request, here.music, because="He sings").status_code == 302


def test_the_last_place_gone_is_a_409_with_the_next_best_and_the_draft(here, desk):
    first, late = make.accepted(here), make.accepted(here)
    here.pool.total = here.pool.external_occupied + 1
    here.pool.save()
    offers.make(first, here.mentoring.pk, by=here.coordinator, at=LATER)
    answer = asks(desk, late, here.mentoring, note="Before the end of term")
    assert answer.status_code == 409
    read = words(answer)
    assert "The last place at Umoja mentoring was taken at 11:00" in read
    assert "Offer to Second Verse" in read
    assert "Before the end of term" in read
    assert make.now(late).state == RequestState.MATCHING
    assert Offer.objects.unscoped(reason="a test").filter(request=late).count() == 0


def test_without_agreement_nothing_is_offered_and_the_page_says_why(here, desk):
    request = make.accepted(here, agreement=replace(make.AGREEMENT, participation="not_yet_sought"))
    assert "Nobody has agreed to take part yet" in words(desk.get(address("desk_shortlist", request.pk)))
    assert asks(desk, request, here.mentoring).status_code == 409
    assert free(here.pool) == 3


def test_an_open_enquiry_asks_for_the_social_workers_agreement(here, desk):
    request = make.accepted(here, child=replace(make.CHILD, statutory_status="s47_enquiry"))
    assert "social worker’s agreement" in words(asks(desk, request, here.mentoring))
    assert asks(desk, request, here.mentoring, statutory_agreement="SW-77").status_code == 302


def test_who_works_for_the_provider_asks_another_coordinator_first(here, desk):
    request = make.accepted(here)
    Membership.objects.create(
        user_id=here.coordinator.user_id, organization=here.umoja, role="provider_worker", from_on=make.AT.date()
    )
    assert "Ask a second coordinator" in words(desk.get(address("desk_shortlist", request.pk)))
    assert asks(desk, request, here.mentoring).status_code == 409
    desk.post(address("desk_second", request.pk, here.mentoring.pk), {"because": "He asked for them"})
    check = SecondCheck.objects.unscoped(reason="a test").get()
    wearing(here.second).post(address("desk_agree", request.pk, check.pk))
    assert "Offer to Umoja Path" in words(desk.get(address("desk_shortlist", request.pk)))
    assert asks(desk, request, here.mentoring).status_code == 302


def test_somebody_looks_who_else_attends_before_a_place_is_offered(here, desk):
    here.mentoring.co_attendance_check = "required"
    here.mentoring.save()
    request = make.accepted(here)
    assert "I checked: none known" in words(desk.get(address("desk_shortlist", request.pk)))
    assert asks(desk, request, here.mentoring).status_code == 409
    desk.post(address("desk_attest", request.pk, here.mentoring.pk), {"result": "clear"})
    assert asks(desk, request, here.mentoring).status_code == 302


def test_an_offer_is_taken_back_with_a_reason(here, desk):
    offer = make.offered(here)
    where = address("desk_take_back", offer.request_id, offer.pk)
    assert "Choose why it is taken back" in words(desk.post(where, {}))
    assert desk.post(where, {f"back-{offer.pk}-because": "better_fit"}).status_code == 302
    assert make.now(offer).state == OfferState.WITHDRAWN
    assert free(here.pool) == 3
    assert desk.post(where, {f"back-{offer.pk}-because": "better_fit"}).status_code == 409


def test_an_offer_is_only_reached_through_its_own_request(here, desk):
    offer, other = make.offered(here), make.sent(here)
    where = address("desk_take_back", other.pk, offer.pk)
    assert desk.post(where, {f"back-{offer.pk}-because": "better_fit"}).status_code == 404


def test_a_providers_question_is_answered_beside_its_offer(here, desk):
    offer = make.offered(here)
    offers.ask(offer, "Which evenings?", by=here.manager, at=LATER)
    assert "Which evenings?" in words(desk.get(address("desk_request", offer.request_id)))
    where = address("desk_reply", offer.request_id, offer.pk)
    assert desk.post(where, {f"reply-{offer.pk}-text": "Tuesdays"}).status_code == 302
    assert Message.objects.unscoped(reason="a test").filter(offer=offer).count() == 2


def test_a_change_stops_offers_until_the_safety_questions_are_answered_again(here, desk):
    from brokering import requests

    request = make.accepted(here)
    requests.tell_change(request, "in_danger", by=here.dsl, at=LATER)
    assert "Something has changed" in words(desk.get(address("desk_request", request.pk)))
    assert asks(desk, request, here.mentoring).status_code == 409


# --- the end ---
def test_after_support_a_coordinator_closes_or_looks_again(here, desk, clock):
    clock["at"] = make.AT + 91 * make.DAY
    request = make.request_in(RequestState.CLOSING, here)
    assert "Support has ended" in words(desk.get(address("desk_request", request.pk)))
    assert "Choose why it is closed" in words(desk.post(address("desk_close", request.pk), {}))
    assert desk.post(address("desk_close", request.pk), {"close-because": "support_complete"}).status_code == 302
    assert make.now(request).state == RequestState.CLOSED
    again = make.request_in(RequestState.CLOSING, here)
    assert desk.post(address("desk_again", again.pk)).url == address("desk_shortlist", again.pk)
    assert make.now(again).state == RequestState.MATCHING


def test_no_address_title_or_message_tells_anything_about_the_child(here, desk):
    request = make.sent(here)
    triage.accept(request, rationale="Suits a mentor", by=here.coordinator, at=LATER)
    for name in ("desk_request", "desk_shortlist"):
        page = desk.get(address(name, request.pk)).content.decode()
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL).group(1)
        for told in ("KO", "14", "Knives", "Easton", "mentoring"):
            assert told not in title.split()


@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_has_a_page_in_every_state_once_it_was_sent(here, desk, clock, state):
    clock["at"] = make.AT + 101 * make.DAY
    request = make.request_in(state, here)
    sent = 404 if state in (RequestState.DRAFT, RequestState.SCREEN_BLOCKED) else 200
    assert desk.get(address("desk_request", request.pk)).status_code == sent
    assert desk.get(address("desk_shortlist", request.pk)).status_code == sent


def test_a_coordinator_ends_a_place_on_the_page_of_the_request(here, desk):
    place = make.answered_yes(here)
    address = f"/desk/requests/{place.request_id}/"
    assert "never_started_no_contact" in desk.get(address).content.decode()
    told = {
        f"end-{place.pk}-reason": "never_started_no_contact",
        f"end-{place.pk}-next_step": "We look for another place",
    }
    half = desk.post(f"{address}places/{place.pk}/end/", told)
    assert half.status_code == 200 and "Enter when the family was told" in words(half)
    assert "We look for another place" in half.content.decode()
    day = {
        f"end-{place.pk}-family_told_on_{part}": value for part, value in (("day", 16), ("month", 11), ("year", 2026))
    }
    assert desk.post(f"{address}places/{place.pk}/end/", told | day).status_code == 302
    assert "could not be reached" in words(desk.get(address))
    other = make.answered_yes(here)
    assert desk.post(f"{address}places/{other.pk}/end/", told | day).status_code == 404, "it is another request's"


def test_a_coordinator_lets_something_else_come_first_and_that_stays_with_the_look(here, desk):
    request = make.accepted(here)
    address = f"/desk/requests/{request.pk}/shortlist/"
    assert "In this order: the wishes, then the wait, then the way there" in words(desk.get(address))
    assert desk.post(f"{address}look/", {"first": "travel"}).status_code == 302
    assert "In this order: the way there, then the wishes, then the wait" in words(desk.get(address))
    desk.post(f"/desk/requests/{request.pk}/offer/{here.music.pk}/attest/", {"result": "clear"})
    assert "In this order: the way there" in words(desk.get(address)), "the next look keeps it"
    assert "Choose from the list" in words(desk.post(f"{address}look/", {"first": "price"}))


def test_the_queue_says_since_when_how_many_fit_and_how_old_the_risk_is(here, desk):
    make.sent(here)
    make.accepted(here)
    make.sent(here, child=replace(make.CHILD, risk_on=(make.AT - 40 * make.DAY).date()))
    read = words(desk.get("/desk/"))
    assert "Since today" in read and "2 fit" in read and "40 days old" in read
    assert "age 14, school" in read


def test_the_queue_is_narrowed_by_risk(here, desk):
    high = make.sent(here)
    medium = make.sent(here, child=replace(make.CHILD, risk_level="medium"))
    read = words(desk.get("/desk/?risk=medium"))
    assert medium.short_ref in read and high.short_ref not in read
