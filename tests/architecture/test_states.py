"""
Every state can be reached, can be left or is an end, agrees with every invariant, and has words; and nobody writes one past the door.

How each state is reached through the real verbs is proved beside each app's own tests; here all pairs are tried.
"""

from __future__ import annotations

import ast
from datetime import timedelta

import pytest

from brokering import context_disclosure, disclosure, lifecycle
from brokering.models import (
    CONTEXT_OVER,
    OVER,
    ContextRequest,
    ContextState,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestState,
    SupportPlace,
)
from config.setup import HOUSE
from directory import lifecycle as directory_lifecycle
from directory.models import Report, ReportState
from safekeeping import audit, invariants
from tests.factories import brokering as make
from tests.factories import training as taught
from tests.factories.contexts import context_in
from training import lifecycle as training_lifecycle
from training.models import Booking, BookingState, CourseSession, SessionState

pytestmark = pytest.mark.django_db

BUILD = {
    PlacementRequest: make.request_in,
    Offer: make.offer_in,
    SupportPlace: make.place_in,
    ContextRequest: context_in,
    CourseSession: taught.session_in,
    Booking: taught.booking_in,
    Report: make.make.report_in,
}
# Each app has its own door; which one a model's state goes through.
DOORS = {model: door for door in (lifecycle, training_lifecycle, directory_lifecycle) for model in door.LIVES}
LIVES = {model: door.LIVES[model] for model, door in DOORS.items()}
ALL = [(model, state) for model, life in LIVES.items() for state in life.states]
names = [f"{model.__name__}-{state}" for model, state in ALL]


def test_every_kind_of_life_has_a_builder():
    assert set(BUILD) == set(LIVES)


@pytest.mark.parametrize(("model", "state"), ALL, ids=names)
def test_in_every_state_everything_agrees(model, state):
    row = BUILD[model](state)
    assert row.state == state
    assert list(invariants.broken()) == []
    assert list(audit.verify()) == []


@pytest.mark.parametrize(("model", "state"), ALL, ids=names)
def test_from_no_state_does_an_illegal_move_lead_anywhere(model, state):
    row = BUILD[model](state)
    life = LIVES[model]
    before = life.history._base_manager.count()
    for to in set(life.states) - life.moves[state]:
        with pytest.raises(DOORS[model].MoveNotAllowed):
            DOORS[model].move(row, to, by=None, at=make.AT + timedelta(days=200))
    assert taught.now(row).state == state
    assert life.history._base_manager.count() == before


@pytest.mark.parametrize("model", LIVES, ids=[model.__name__ for model in LIVES])
def test_every_state_is_on_a_way_from_the_first_and_to_an_end(model):
    moves, first = LIVES[model].moves, LIVES[model].begins
    ends = {state for state, onward in moves.items() if not onward}
    assert ends

    def reached(start):
        found, left = {start}, [start]
        while left:
            for to in moves[left.pop()] - found:
                found.add(to)
                left.append(to)
        return found

    assert reached(first) == set(LIVES[model].states)
    assert all(reached(state) & ends for state in moves)


def test_a_request_that_is_over_is_one_that_cannot_move():
    assert {state for state, onward in lifecycle.REQUEST_MOVES.items() if not onward} == set(OVER)
    assert {state for state, onward in lifecycle.CONTEXT_MOVES.items() if not onward} == set(CONTEXT_OVER)


def test_every_state_that_goes_on_says_what_comes_next():
    assert set(disclosure.NEXT_FOR_REQUESTER) == set(RequestState) - set(OVER)
    assert set(disclosure.NEXT_FOR_PROVIDER) == set(PlaceState)
    assert set(context_disclosure.NEXT_FOR_REQUESTER) == set(ContextState) - set(CONTEXT_OVER)


@pytest.mark.parametrize(
    "states", [RequestState, OfferState, PlaceState, ContextState, SessionState, BookingState, ReportState]
)
def test_no_two_states_look_alike_on_the_screen(states):
    assert len({state.label for state in states}) == len(states)


def test_a_states_name_fits_its_column_and_its_history():
    for model, life in LIVES.items():
        longest = max(len(state) for state in life.states)
        assert longest <= model._meta.get_field("state").max_length
        assert longest <= life.history._meta.get_field("became").max_length


@pytest.mark.parametrize("app", ["brokering", "training"])
def test_nobody_writes_a_state_past_the_door(app):
    """`lifecycle.begin` and `lifecycle.move` are the only writers: every state has its history row."""
    past = []
    for file in sorted((HOUSE / app).rglob("*.py")):
        if file.name == "lifecycle.py" or "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            written = isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and any(
                isinstance(target, ast.Attribute) and target.attr == "state"
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            )
            named = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("update", "create", "bulk_create", "update_or_create")
                and any(one.arg == "state" for one in node.keywords)
            )
            if written or named:
                past.append(f"{file.relative_to(HOUSE)}:{node.lineno}")
    assert past == []
