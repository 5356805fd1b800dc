"""
Courses, sessions and bookings for tests, through the real verbs: `session()`, `booking_in(state)`, `session_in(state)`.

A session is open and lies three weeks after `AT` unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from directory.hats import hats_of
from directory.models import Location, Membership, Organization, Role
from safekeeping.policy import Hat
from tests.factories import directory as make
from tests.factories.people import member, number
from training import bookings, conditions, sessions
from training.models import Booking, BookingState, CalledOff, Course, CourseSession, Level, SessionState

AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
SOON = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)  # a Thursday; free to cancel until 26 November, booked until the 30th


def hat_for(membership: Membership) -> Hat:
    """Return the hat that this membership is."""
    return next(one for one in hats_of(membership.user, AT.date()) if one.membership_id == membership.pk)


def team() -> Hat:
    """Return somebody of the team that runs the sessions."""
    return hat_for(member(Role.PARTNERSHIP_TEAM, make.organization()))


def professional(role: Role = Role.PROFESSIONAL, at: Organization | None = None) -> Hat:
    """Return somebody who may book."""
    return hat_for(member(role, at or make.organization()))


def course(title: str = "", *, by: Organization | None = None, audiences: Iterable[str] = (), **fields: Any) -> Course:
    """Make a published course."""
    one = next(number)
    made = Course(
        **{
            "organization": by or make.organization(),
            "title": title or f"Course {one}",
            "slug": f"course-{one}",
            "level": Level.CORE,
            "duration_minutes": 180,
            "summary": "What helps them out.",
            "for_whom": "Anyone who works with 10 to 18s",
            "outcomes": "See it from the child’s side\nKnow whom to ring",
            "live": True,
        }
        | fields
    )
    made.audiences = [make.term("training_audience", code) for code in audiences]
    made.save()
    return made


def told(
    *, seats: int = 18, elsewhere: int = 0, starts: datetime = SOON, online: bool = False, location: Location | None = None,
    **fields: Any,
) -> sessions.Plan:  # fmt: skip
    """Return a plan of three and a quarter hours."""
    where = None if online else location or make.location("Wellspring Settlement", address="Ducie Road")
    return sessions.Plan(
        **{
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=3, minutes=15),
            "booking_closes_at": conditions.booking_closes(starts),
            "location": where,
            "seats": seats,
            "elsewhere": elsewhere,
            "joining": "Ring the bell marked Training.",
        }
        | fields
    )


def planned(of: Course | None = None, *, at: datetime = AT, **plan: Any) -> CourseSession:
    """Make a session that nobody can book yet."""
    return sessions.plan(of or course(), told(**plan), by=team(), at=at)


def session(of: Course | None = None, *, at: datetime = AT, **plan: Any) -> CourseSession:
    """Make a session that can be booked."""
    made = planned(of, at=at, **plan)
    sessions.open_for_booking(made, by=team(), at=at)
    return made


def booked(of: CourseSession | None = None, *, by: Hat | None = None, at: datetime = AT, needs: str = "") -> Booking:
    """Give somebody a seat."""
    return bookings.book((of or session()).pk, manager_agreed=True, needs=needs, by=by or professional(), at=at)


def session_in(state: str) -> CourseSession:
    """Make a session in that state."""
    if state == SessionState.PLANNED:
        return planned()
    made = session()
    if state == SessionState.CANCELLED:
        sessions.call_off(made, CalledOff.TRAINER, by=team(), at=AT)
    return now(made)


def booking_in(state: str) -> Booking:
    """Make a booking in that state."""
    person = professional()
    made = booked(by=person)
    if state == BookingState.CANCELLED_IN_TIME:
        bookings.cancel(made, by=person, at=AT)
    elif state == BookingState.CANCELLED_LATE:
        bookings.cancel(made, by=person, at=SOON - DAY)
    elif state == BookingState.SESSION_CANCELLED:
        sessions.call_off(made.session, CalledOff.TOO_FEW, by=team(), at=AT)
    return now(made)


def now(row: Any) -> Any:
    """Return the row as the database has it."""
    return type(row)._base_manager.get(pk=row.pk)
