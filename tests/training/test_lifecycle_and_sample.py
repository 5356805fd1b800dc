"""Every state through the real verbs; and the demonstration: the same on every installation, nothing made up behind the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory import sample, vocabularies
from directory.models import Organization
from safekeeping import audit, invariants
from tests.factories import directory as directory_make
from tests.factories import training as make
from training import lifecycle, pages
from training.models import Booking, BookingHistory, BookingState, Course, CourseSession, SessionState
from training.seats import Status

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize("state", BookingState)
def test_each_booking_has_a_history_that_ends_where_it_is(state):
    booking = make.booking_in(state)
    moves = BookingHistory.objects.unscoped(reason="a test").filter(booking=booking)
    became = list(moves.values_list("became", flat=True))
    assert became == ["confirmed", *([state] if state != "confirmed" else [])]
    assert list(lifecycle.differences()) == []


@pytest.mark.parametrize("state", SessionState)
def test_each_session_is_built_in_its_state(state):
    assert make.session_in(state).state == state


def test_a_state_without_its_history_is_found():
    booking = make.booking_in("confirmed")
    Booking.objects.unscoped(reason="a test").filter(pk=booking.pk).update(state="cancelled_late", ended_at=make.AT)
    assert len(list(lifecycle.differences())) == 1


def test_of_two_who_move_a_booking_one_is_told():
    booking = make.booking_in("confirmed")
    twin = make.now(booking)
    lifecycle.move(booking, BookingState.CANCELLED_LATE, by=None, at=make.AT, ended_at=make.AT)
    with pytest.raises(lifecycle.MoveNotAllowed, match="it is cancelled_late by now"):
        lifecycle.move(twin, BookingState.CANCELLED_IN_TIME, by=None, at=make.AT, ended_at=make.AT)


@pytest.fixture
def loaded(db):
    directory_make.places()
    vocabularies.load()
    sample.load(at=AT)
    yield
    vocabularies.remembered.drop()


def told():
    return sorted(
        (str(row.pk), row.starts_at, row.pool.total, row.pool.occupied, row.pool.external_occupied, row.state)
        for row in CourseSession.objects.select_related("pool")
    ), sorted(str(row.pk) for row in Booking.objects.unscoped(reason="a test"))


@pytest.mark.slow
def test_the_sample_shows_training_in_every_state_and_again_the_same(loaded):
    assert Course.objects.published().count() >= 5
    assert all(course.is_demo and not course.organization.is_real for course in Course.objects.all())
    assert not Organization.objects.filter(courses__isnull=False, is_real=True).exists()
    cards = [pages.card_of(row, at=AT) for row in CourseSession.objects.with_all_that_is_shown()]
    found = {card.seats.status for card in cards}
    assert found >= {Status.OPEN, Status.FEW, Status.FULL, Status.CLOSED, Status.CANCELLED, Status.PLANNED, Status.OVER}
    assert {card.online for card in cards} == {True, False}
    assert all(card.on.weekday() < 5 for card in cards)
    assert list(invariants.broken()) == []
    assert list(audit.verify()) == []
    first = told()
    sample.load(at=AT)
    assert told() == first
    sample.load(at=AT + timedelta(days=30))
    moved = told()
    assert moved[1] == first[1]
    assert [row[1] for row in moved[0]] != [row[1] for row in first[0]]
    assert list(invariants.broken()) == []
