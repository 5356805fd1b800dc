"""States: every one is reached by real verbs, every move is in the table, every history is whole."""

from __future__ import annotations

import pytest

from brokering import lifecycle, offers
from brokering.lifecycle import OFFER_MOVES, PLACE_MOVES, REQUEST_MOVES, MoveNotAllowed
from brokering.models import OfferState, PlacementRequest, PlaceState, RequestHistory, RequestState
from safekeeping import invariants
from tests.factories import brokering as make
from tests.factories.brokering import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", RequestState)
def test_every_state_of_a_request_is_reached_through_the_real_verbs(state):
    assert make.request_in(state).state == state
    assert list(invariants.broken()) == []


@pytest.mark.parametrize("state", OfferState)
def test_every_state_of_an_offer_is_reached_through_the_real_verbs(state):
    assert make.offer_in(state).state == state
    assert list(invariants.broken()) == []


@pytest.mark.parametrize("state", PlaceState)
def test_every_state_of_a_place_is_reached_through_the_real_verbs(state):
    assert make.place_in(state).state == state
    assert list(invariants.broken()) == []


@pytest.mark.parametrize(
    ("states", "moves"),
    [(RequestState, REQUEST_MOVES), (OfferState, OFFER_MOVES), (PlaceState, PLACE_MOVES)],
    ids=["request", "offer", "place"],
)
def test_every_state_has_a_row_in_its_table_and_can_be_reached(states, moves):
    assert set(moves) == set(states)
    reached = {to for row in moves.values() for to in row}
    assert set(states) - reached <= {RequestState.DRAFT, OfferState.OPEN, PlaceState.AWAITING_CONTACT}


def test_a_move_that_is_not_in_the_table_is_refused_and_leaves_no_trace(here):
    request = make.draft(here)
    with pytest.raises(MoveNotAllowed):
        lifecycle.move(request, RequestState.ALLOCATED, by=here.dsl, at=AT)
    assert make.now(request).state == RequestState.DRAFT
    moves = RequestHistory.objects.unscoped(reason="a test counts moves").filter(request=request)
    assert [one.became for one in moves] == ["draft"]


def test_of_two_who_move_at_once_one_wins_and_the_other_is_told(here):
    first = make.sent(here)
    second = make.now(first)
    lifecycle.move(first, RequestState.MATCHING, by=here.coordinator, at=AT)
    with pytest.raises(MoveNotAllowed) as told:
        lifecycle.move(second, RequestState.REJECTED_REDIRECTED, by=here.second, at=AT, closed_at=AT)
    assert told.value.now == RequestState.MATCHING


def test_history_says_who_moved_and_when(here):
    offer = make.offered(here)
    offers.decline(offer, "no_capacity", by=here.manager, at=AT)
    moves = list(RequestHistory.objects.unscoped(reason="a test reads history").filter(request=offer.request))
    assert [(one.was, one.became) for one in moves] == [
        ("", "draft"), ("draft", "triage"), ("triage", "matching"), ("matching", "offered"), ("offered", "matching"),
    ]  # fmt: skip
    assert moves[-1].by_person == here.manager.user_id
    assert moves[-1].by_organization == here.umoja.pk


def test_a_history_with_a_gap_is_found(here):
    request = make.sent(here)
    RequestHistory.objects.unscoped(reason="a test breaks a history").filter(request=request, number=1).delete()
    assert [line for line in lifecycle.differences() if str(request.pk) in line]


def test_a_state_that_was_written_past_the_door_is_found(here):
    request = make.sent(here)
    rows = PlacementRequest.objects.unscoped(reason="a test writes past the door").filter(pk=request.pk)
    rows.update(state=RequestState.MATCHING)
    assert [line for line in lifecycle.differences() if "its history ends at triage" in line]
