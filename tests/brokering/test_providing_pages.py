"""A small charity answers offers and gives support, page by page, as a browser without JavaScript does it."""

from __future__ import annotations

import pytest

from brokering import offers, places
from brokering.models import DeclineReason, OfferState, PlacementRequest, PlaceState, RequestState, SupportPlace
from safekeeping.models import AuditEvent
from tests.brokering.test_desk_pages import address, asks, clock, free, wearing, words  # noqa: F401 - clock is a fixture
from tests.factories import brokering as make

YES = {
    "yes-worker_role": "Mentor", "yes-first_meeting_on_day": "24", "yes-first_meeting_on_month": "11",
    "yes-first_meeting_on_year": "2026",
}  # fmt: skip
OF_THE_CHILD = ("Someone from round here", "Knives", "13 to 15", "KO", "Kofi", "Mensah", "496 0123")


@pytest.fixture
def manager(here):
    return wearing(here.manager)


def day(prefix: str, moment) -> dict[str, str]:
    """Return a date as its three boxes send it."""
    return {f"{prefix}_day": str(moment.day), f"{prefix}_month": str(moment.month), f"{prefix}_year": str(moment.year)}


def place_of(offer) -> SupportPlace:
    return SupportPlace.objects.unscoped(reason="a test").get(offer=offer)


def test_from_the_desk_to_the_end_of_support(here, manager, clock):  # noqa: F811
    """The whole way: sent, accepted, offered, yes, contact details, met, begun, ended; the pool follows."""
    desk, request = wearing(here.coordinator), make.sent(here)
    assert request.public_ref in words(desk.get(address("desk_request", request.pk)))
    desk.post(address("desk_decide", request.pk), {"outcome": "accept_child", "rationale": "Suits a mentor"})
    assert asks(desk, request, here.mentoring, note="After school").status_code == 302
    assert free(here.pool) == 2

    listed = manager.get(address("offers"))
    assert "1 offer to answer" in words(listed)
    assert "Someone from round here" in words(listed)
    offer = listed.context["waiting"][0]
    page = words(manager.get(address("offer", offer.ref)))
    assert "After school" in page
    assert "Who sees what" in page
    assert "KO" not in page.split()
    answer = manager.post(address("offer_accept", offer.ref), YES | {"yes-worker": str(here.worker.membership_id)})
    place = place_of(offer.ref)
    assert answer.url == address("place", place.pk)
    assert free(here.pool) == 2
    here.pool.refresh_from_db()
    assert (here.pool.held, here.pool.occupied) == (0, 1)

    waiting = words(manager.get(address("place", place.pk)))
    assert "Waiting for contact details" in waiting
    assert "Kofi" not in waiting
    assert manager.post(address("place_contact", place.pk)).status_code == 404
    places.give_contact(place, make.CONTACT, by=here.dsl, at=clock["at"])
    assert "Kofi" not in words(manager.get(address("place", place.pk)))
    worker = wearing(here.worker)
    card = words(worker.post(address("place_contact", place.pk)))
    assert "Kofi Mensah" in card
    assert "0117 496 0123" in card
    assert AuditEvent.objects.filter(action="contact-card.read", object_ref=str(place.pk)).count() == 1

    clock["at"] += 2 * make.DAY
    assert worker.post(address("place_met", place.pk), day("met-on", clock["at"])).status_code == 302
    assert worker.post(address("place_start", place.pk), day("start-on", clock["at"])).status_code == 302
    assert make.now(request).state == RequestState.IN_SUPPORT
    clock["at"] += 60 * make.DAY
    typed = {"end-reason": "planned_goals_met", "end-next_step": "The football club"}
    assert "Enter when the family was told" in words(worker.post(address("place_end", place.pk), typed))
    typed |= day("end-family_told_on", clock["at"])
    assert worker.post(address("place_end", place.pk), typed).status_code == 302
    ended = words(worker.get(address("place", place.pk)))
    assert "goals met (planned)" in ended
    assert free(here.pool) == 3
    assert make.now(request).state == RequestState.CLOSING


# --- who reads what ---
def test_another_provider_meets_the_page_of_what_is_not_there(here):
    offer, other = make.offered(here), wearing(here.other_manager)
    assert other.get(address("offer", offer.pk)).status_code == 404
    for name in ("offer_accept", "offer_decline", "offer_ask"):
        assert other.post(address(name, offer.pk), YES | {"no-why": "no_capacity", "ask-text": "x"}).status_code == 404
    assert make.now(offer).state == OfferState.OPEN
    assert "No offers to answer" in words(other.get(address("offers")))


def test_after_a_no_only_the_reference_is_left(here, manager):
    offer = make.offered(here)
    answer = manager.post(address("offer_decline", offer.pk), {"no-why": "no_capacity"}, follow=True)
    read = words(answer)
    assert offer.request.short_ref in read
    assert "No room just now" in read
    page = manager.get(address("offer", offer.pk))
    assert page.status_code == 200
    for told in OF_THE_CHILD:
        assert told not in words(page)
        assert told not in read
    assert free(here.pool) == 3
    assert not PlacementRequest.objects.visible_to(here.manager).exists()


def test_a_worker_sees_their_own_places_and_no_offers(here):
    place = make.answered_yes(here)
    worker, colleague = wearing(here.worker), wearing(make.hat(here.umoja, "provider_worker"))
    read = words(worker.get(address("offers")))
    assert place.request.short_ref in read
    assert "offers to answer" not in read
    assert worker.get(address("place", place.pk)).status_code == 200
    assert place.request.short_ref not in words(colleague.get(address("offers")))
    for client in (colleague, wearing(here.other_manager)):
        assert client.get(address("place", place.pk)).status_code == 404
        assert client.post(address("place_contact", place.pk)).status_code == 404
        assert client.post(address("place_end", place.pk), {}).status_code == 404
    assert worker.get(address("offer", place.offer_id)).status_code == 404


def test_whoever_asked_and_coordinators_have_no_business_here(here):
    offer = make.offered(here)
    for hat in (here.dsl, here.coordinator):
        assert wearing(hat).get(address("offer", offer.pk)).status_code == 404
        assert wearing(hat).get(address("offers")).status_code == 404


# --- answering ---
def test_an_answer_that_is_not_complete_keeps_what_was_typed(here, manager):
    offer = make.offered(here)
    yes = manager.post(address("offer_accept", offer.pk), {"yes-worker_role": "Mentor"})
    assert "Enter the day when you could first meet" in words(yes)
    assert 'value="Mentor"' in yes.content.decode()
    no = words(manager.post(address("offer_decline", offer.pk), {"no-why": "another"}))
    assert "Choose which reason it is" in no
    typed = {"no-why": "another", "no-other": "other_explained"}
    assert "Say in a few words" in words(manager.post(address("offer_decline", offer.pk), typed))
    assert make.now(offer).state == OfferState.OPEN


def test_a_first_meeting_in_the_past_is_said_beside_its_date(here, manager):
    offer = make.offered(here)
    answer = manager.post(address("offer_accept", offer.pk), YES | {"yes-first_meeting_on_day": "2"})
    assert "The first meeting must be today or later" in words(answer)


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_every_reason_for_a_no_can_be_given(here, manager, reason):
    from brokering.forms.providing import COMMON

    offer = make.offered(here)
    typed = {"no-why": reason.value} if reason in COMMON else {"no-why": "another", "no-other": reason.value}
    assert manager.post(address("offer_decline", offer.pk), typed | {"no-words": "So it is"}).status_code == 302
    assert make.now(offer).decline_reason == reason


def test_an_offer_that_has_run_out_is_a_calm_page_and_an_answer_comes_too_late(here, manager, clock):  # noqa: F811
    offer = make.offered(here)
    clock["at"] = offer.expires_at + make.HOUR
    page = manager.get(address("offer", offer.pk))
    assert page.status_code == 200
    assert "This offer has run out" in words(page)
    later = {key: value.replace("24", "30") for key, value in YES.items()}
    assert manager.post(address("offer_accept", offer.pk), later).status_code == 409
    assert manager.post(address("offer_decline", offer.pk), {"no-why": "no_capacity"}).status_code == 409
    assert not SupportPlace.objects.unscoped(reason="a test").exists()


def test_an_offer_that_was_taken_back_says_so(here, manager, clock):  # noqa: F811
    offer = make.offered(here)
    offers.take_back(offer, "better_fit", by=here.coordinator, at=clock["at"])
    assert "taken back" in words(manager.get(address("offer", offer.pk)))
    assert manager.post(address("offer_accept", offer.pk), YES).status_code == 409


def test_saying_yes_twice_makes_one_place(here, manager):
    offer = make.offered(here)
    assert manager.post(address("offer_accept", offer.pk), YES).status_code == 302
    again = manager.post(address("offer_accept", offer.pk), YES)
    assert again.status_code == 409
    assert "You have said yes" in words(again)
    assert SupportPlace.objects.unscoped(reason="a test").count() == 1


def test_a_question_is_asked_and_the_clock_keeps_running(here, manager):
    offer = make.offered(here)
    manager.post(address("offer_ask", offer.pk), {"ask-text": "Which evenings?"})
    assert "Which evenings?" in words(manager.get(address("offer", offer.pk)))
    assert make.now(offer).state == OfferState.OPEN


# --- places ---
def test_a_step_out_of_order_is_a_conflict(here, manager):
    place = make.answered_yes(here)
    assert manager.post(address("place_met", place.pk), day("met-on", make.AT)).status_code == 409
    assert manager.post(address("place_start", place.pk), day("start-on", make.AT)).status_code == 409


def test_support_longer_than_the_service_lasts_needs_the_coordinator(here, manager, clock):  # noqa: F811
    place = make.place_in(PlaceState.INTRODUCED, here)
    clock["at"] = make.AT + 8 * make.DAY
    typed = day("start-on", clock["at"]) | day("start-planned_end_on", clock["at"] + 3000 * make.DAY)
    assert "Longer needs the coordinator" in words(manager.post(address("place_start", place.pk), typed))


@pytest.mark.parametrize("state", list(PlaceState))
def test_a_place_has_a_page_in_every_state(here, manager, clock, state):  # noqa: F811
    clock["at"] = make.AT + 91 * make.DAY
    place = make.place_in(state, here)
    assert manager.get(address("place", place.pk)).status_code == 200
    assert manager.get(address("offers")).status_code == 200


def test_looking_changes_nothing(here, manager):
    place = make.answered_yes(here)
    for name in ("place_contact", "place_met", "place_start", "place_end"):
        assert manager.get(address(name, place.pk)).status_code == 405
