"""
The lives of a session and of a booking: which move is legal, and the one way to move.

`begin` and `move` are the only writers of a state; `safekeeping.lives` says how they write.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models

from safekeeping.lives import Life, MoveNotAllowed
from training.models import Booking, BookingHistory, BookingState, CourseSession, SessionHistory, SessionState

if TYPE_CHECKING:
    from safekeeping.policy import Hat

__all__ = ["LIVES", "MoveNotAllowed", "begin", "differences", "move"]

S, B = SessionState, BookingState

SESSION_MOVES: dict[SessionState, frozenset[SessionState]] = {
    S.PLANNED: frozenset({S.OPEN, S.CANCELLED}),
    S.OPEN: frozenset({S.CANCELLED}),
    S.CANCELLED: frozenset(),
}
BOOKING_MOVES: dict[BookingState, frozenset[BookingState]] = {
    B.CONFIRMED: frozenset({B.CANCELLED_IN_TIME, B.CANCELLED_LATE, B.SESSION_CANCELLED}),
    B.CANCELLED_IN_TIME: frozenset(),
    B.CANCELLED_LATE: frozenset(),
    B.SESSION_CANCELLED: frozenset(),
}


LIVES: dict[type[models.Model], Life] = {
    CourseSession: Life(SESSION_MOVES, SessionState, SessionHistory, "session", S.PLANNED),
    Booking: Life(BOOKING_MOVES, BookingState, BookingHistory, "booking", B.CONFIRMED),
}
Living = CourseSession | Booking


def begin(subject: Living, *, by: Hat | None, at: datetime) -> None:
    """Save a new session or booking in its first state, with the first row of its history."""
    LIVES[type(subject)].begin(subject, by=by, at=at)


def move(subject: Living, to: StrEnum, *, by: Hat | None, at: datetime, reason: str = "", **facts: Any) -> None:
    """
    Move ``subject`` to the state ``to`` and write ``facts`` with it, as `safekeeping.lives` does.

    :raises MoveNotAllowed: if the table has no such move, or somebody else moved it first
    """
    LIVES[type(subject)].move(subject, to, by=by, at=at, reason=reason, **facts)


def differences() -> Iterator[str]:
    """Yield a line for every history that is not whole."""
    for model, life in LIVES.items():
        yield from life.differences(model)
