"""
The lives of a session and of a booking: which move is legal, and the one way to move.

`begin` and `move` are the only writers of a state; `safekeeping.lives` says how they write.
"""

from __future__ import annotations

from safekeeping.lives import Life, Lives, MoveNotAllowed
from training.models import Booking, BookingHistory, BookingState, CourseSession, SessionHistory, SessionState

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


LIVES: Lives[CourseSession | Booking] = Lives(
    {
        CourseSession: Life(SESSION_MOVES, SessionState, SessionHistory, "session", S.PLANNED),
        Booking: Life(BOOKING_MOVES, BookingState, BookingHistory, "booking", B.CONFIRMED),
    }
)
begin, move, differences = LIVES.begin, LIVES.move, LIVES.differences
