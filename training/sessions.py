"""A session from its plan to its day: planned, opened, changed, called off. Only the team that runs them does any of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from directory import capacity
from directory.capacity import Declaration
from directory.models import Location
from safekeeping import audit
from training import bookings, lifecycle, notifications, rights
from training.models import Booking, BookingState, CalledOff, Course, CourseSession, SessionState

if TYPE_CHECKING:
    from safekeeping.policy import Hat

MOST_SEATS = 300


class SessionRefusal(Exception):
    """Something about a session was not done; ``message`` can be shown as it is."""

    message = "This cannot be done."

    def __str__(self) -> str:
        return self.message


class ChangedMeanwhile(SessionRefusal):
    message = "Somebody else changed this session while you were typing"


class IsOver(SessionRefusal):
    message = "This session has begun, or was called off"


class SeatsAreTaken(SessionRefusal):
    """More people have a seat than there would be."""

    def __init__(self, taken: int) -> None:
        super().__init__(taken)
        self.taken = taken
        self.message = f"{taken} seats are taken already: enter {taken} or more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    When, where and for how many.

    ``location`` is None where it is online. ``elsewhere`` are seats of ``seats`` given by other ways, such as by telephone.
    ``joining`` is for those who have a seat only.
    """

    starts_at: datetime
    ends_at: datetime
    booking_closes_at: datetime
    location: Location | None
    room: str = ""
    seats: int
    elsewhere: int = 0
    joining: str = ""


@transaction.atomic
def plan(course: Course, told: Plan, *, by: Hat | None, at: datetime, ref: UUID | None = None) -> CourseSession:
    """
    Write down a session that nobody can book yet; ``by`` is None for the sample.

    :param ref: the session's own id, and its pool's, where it has to repeat (the sample)
    :raises NotYours: if this hat runs no sessions
    """
    if by is not None:
        rights.need(by, *rights.WHO_RUNS)
    pool = capacity.open_seats(
        course.organization_id, name="Seats", total=told.seats, elsewhere=told.elsewhere, by=by, at=at, pk=ref
    )
    session = CourseSession(course=course, pool=pool, **columns(told))
    if ref is not None:
        session.ref = ref
    lifecycle.begin(session, by=by, at=at)
    audit.record("training.session.plan", by=by, at=at, subject="session", ref=session.ref)
    return session


def columns(told: Plan) -> dict[str, object]:
    """Return a plan as the columns of a session."""
    return {
        "online": told.location is None,
        "location": told.location,
        "room": told.room if told.location else "",
        "starts_at": told.starts_at,
        "ends_at": told.ends_at,
        "booking_closes_at": told.booking_closes_at,
        "joining": told.joining,
    }


@transaction.atomic
def open_for_booking(session: CourseSession, *, by: Hat | None, at: datetime) -> None:
    """
    Let people book.

    :raises NotYours: if this hat runs no sessions
    :raises MoveNotAllowed: if it is open, or was called off
    """
    if by is not None:
        rights.need(by, *rights.WHO_RUNS)
    capacity.resume(session.pool, by=by, at=at)
    lifecycle.move(session, SessionState.OPEN, by=by, at=at)
    audit.record("training.session.open", by=by, at=at, subject="session", ref=session.ref)


@transaction.atomic
def change(session: CourseSession, told: Plan, *, version: int, by: Hat, at: datetime) -> CourseSession:
    """
    Change when, where or for how many; whoever has a seat is told if their day changes.

    :param version: the version that the form was filled in against
    :raises NotYours: if this hat runs no sessions
    :raises IsOver: if it has begun, or was called off
    :raises SeatsAreTaken: if more people have a seat than there would be
    :raises ChangedMeanwhile: if somebody else wrote in between
    """
    rights.need(by, *rights.WHO_RUNS)
    seen = CourseSession.objects.select_related("pool").get(pk=session.pk)
    declaration = Declaration(
        total=told.seats,
        external_occupied=told.elsewhere,
        waitlist_open=False,
        taking_new=seen.state == SessionState.OPEN,
    )
    pool = capacity.declare(seen.pool, declaration, by=by, at=at)
    was = CourseSession.objects.select_related("course").get(pk=session.pk)  # as it is, now that the pool is locked
    if was.state == SessionState.CANCELLED or was.starts_at <= at:
        raise IsOver
    if was.state != seen.state:
        raise ChangedMeanwhile  # else it would be open, and give no seats
    if pool.external_occupied + pool.occupied > told.seats:
        raise SeatsAreTaken(pool.external_occupied + pool.occupied)
    new = columns(told)
    moved = any(getattr(was, name) != new[name] for name in ("starts_at", "ends_at", "location", "room", "joining"))
    row = CourseSession.objects.filter(pk=was.pk, version=version, state=was.state)
    if not row.update(**new, version=version + 1):
        raise ChangedMeanwhile
    now = CourseSession.objects.with_all_that_is_shown().get(pk=was.pk)
    if moved:
        for booking in booked(now):
            booking.session = now
            notifications.session_changed(booking, at=at)
    audit.record("training.session.change", by=by, at=at, subject="session", ref=now.ref)
    return now


@transaction.atomic
def call_off(session: CourseSession, because: CalledOff, *, by: Hat, at: datetime) -> int:
    """
    Cancel a session: everybody who had a seat is told, and offered another date; nobody pays (INV-L4). Return how many.

    :raises NotYours: if this hat runs no sessions
    :raises IsOver: if it has begun
    :raises MoveNotAllowed: if it was called off already
    """
    rights.need(by, *rights.WHO_RUNS)
    capacity.pause(session.pool, by=by, at=at)
    now = CourseSession.objects.with_all_that_is_shown().get(pk=session.pk)
    if now.starts_at <= at:
        raise IsOver
    lifecycle.move(
        now, SessionState.CANCELLED, by=by, at=at, reason=because, called_off=because, version=now.version + 1
    )
    told = 0
    for booking in booked(now):
        bookings.let_go(booking, by=by, at=at)
        bookings.over(booking, BookingState.SESSION_CANCELLED, by=by, at=at, reason=because)
        booking.session = now
        notifications.session_called_off(booking, at=at)
        told += 1
    audit.record("training.session.cancel", by=by, at=at, subject="session", ref=now.ref, reason=because)
    return told


def booked(session: CourseSession) -> list[Booking]:
    """Return the bookings that hold a seat, in the order in which they were made."""
    rows = Booking.objects.unscoped(reason="who is told of what becomes of their session")
    return list(rows.confirmed().filter(session=session).select_related("person"))
