"""
A seat for oneself: booked, let go of, and never given twice.

Each verb takes the seat in the ledger first: one conditional UPDATE, which also locks the session's pool, so that what
is asked of the session afterwards cannot change before the commit (INV-L1).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from directory import capacity
from directory.models import CapacityHold, CapacityModel
from safekeeping import audit
from training import conditions, lifecycle, notifications, rights
from training.assumptions import terms
from training.models import Booking, BookingState, CourseSession, SessionState
from training.rights import NotYours

if TYPE_CHECKING:
    from safekeeping.policy import Hat

NEEDS_KEPT = timedelta(days=28)  # after the session: a question about the room may still come up
KEPT = timedelta(days=6 * 365 + 2)  # the schedule's six years (domain §3.15)
MOST_CHARACTERS = 500


class BookingRefusal(Exception):
    """A seat was not given, or not let go of; ``message`` can be shown as it is."""

    message = "This seat cannot be booked."

    def __str__(self) -> str:
        return self.message


class SessionFull(BookingRefusal):
    message = "This session is full now"


class BookingClosed(BookingRefusal):
    message = "Booking for this session has closed"


class SessionCalledOff(BookingRefusal):
    message = "This session has been called off"


class NotOpenYet(BookingRefusal):
    message = "Booking for this session has not opened yet"


class HasASeat(BookingRefusal):
    message = "You have a seat in this session already"


class NoSeatToLetGo(BookingRefusal):
    message = "This booking has ended already"


class SessionBegun(BookingRefusal):
    message = "This session has begun"


class ManagerNotAsked(BookingRefusal):
    message = "Your manager needs to have agreed"


class TooMuchSaid(BookingRefusal):
    message = f"Use {MOST_CHARACTERS} characters or fewer"


@transaction.atomic
def book(
    session_ref: UUID, *, manager_agreed: bool, needs: str = "", by: Hat, at: datetime, ref: UUID | None = None
) -> Booking:
    """
    Give the person a seat in the session, and send them what they need to get there.

    :param needs: what they need so that they can take part
    :param ref: the booking's own id, where it has to repeat (the sample)
    :raises NotYours: if this hat books no seats, or there is no such session to be seen
    :raises BookingRefusal: its kinds say why there is no seat
    """
    rights.need(by, *rights.WHO_BOOKS)
    if not manager_agreed:
        raise ManagerNotAsked
    if len(needs) > MOST_CHARACTERS:
        raise TooMuchSaid
    session = CourseSession.objects.published().filter(pk=session_ref).first()
    if session is None:
        raise NotYours
    booking = Booking(
        session=session,
        person_id=by.user_id,
        organization_id=by.organization_id,
        role=by.role,
        manager_agreed=manager_agreed,
        needs=needs.strip() or None,
        booked_at=at,
    )
    if ref is not None:
        booking.ref = ref
    try:
        capacity.take(session.pool_id, reference=booking.ref, by=by, at=at)
    except capacity.CapacityRefusal:
        raise refusal(session_ref, by=by, at=at) or SessionFull() from None
    if trouble := refusal(session_ref, by=by, at=at):
        raise trouble  # and the transaction takes the seat back
    lifecycle.begin(booking, by=by, at=at)
    notifications.booked(booking, at=at)
    audit.record("training.book", by=by, at=at, subject="booking", ref=booking.ref)
    return booking


def refusal(session_ref: UUID, *, by: Hat, at: datetime) -> BookingRefusal | None:
    """Return why this person can have no seat in the session, None if only the number of seats decides."""
    session = CourseSession.objects.get(pk=session_ref)
    mine = Booking.objects.visible_to(by).of(by).confirmed().filter(session=session_ref)
    if mine.exists():
        return HasASeat()
    if session.state == SessionState.CANCELLED:
        return SessionCalledOff()
    if session.state == SessionState.PLANNED:
        return NotOpenYet()
    if session.booking_closes_at <= at:
        return BookingClosed()
    return None


@transaction.atomic
def cancel(booking: Booking, *, by: Hat, at: datetime) -> Booking:
    """
    Let go of one's own seat: in time, or too late for it to cost nothing; somebody else can have it at once.

    :raises NotYours: if it is somebody else's
    :raises NoSeatToLetGo: if it has ended
    :raises SessionBegun: if the session has started
    """
    if booking.person_id != by.user_id:
        raise NotYours
    let_go(booking, by=by, at=at)
    session = CourseSession.objects.select_related("course").get(pk=booking.session_id)
    if session.starts_at <= at:
        raise SessionBegun
    late = conditions.is_late(session.starts_at, at=at, terms=terms())
    over(booking, BookingState.CANCELLED_LATE if late else BookingState.CANCELLED_IN_TIME, by=by, at=at)
    booking.session = session
    notifications.cancelled(booking, at=at)
    audit.record("training.cancel", by=by, at=at, subject="booking", ref=booking.ref)
    return booking


def let_go(booking: Booking, *, by: Hat | None, at: datetime) -> None:
    """
    Free the seat in the ledger, which locks the session's pool.

    :raises NoSeatToLetGo: if it was not taken any more
    """
    try:
        capacity.vacate(booking.ref, by=by, at=at)
    except capacity.HoldEnded:
        raise NoSeatToLetGo from None


def over(booking: Booking, to: BookingState, *, by: Hat | None, at: datetime, reason: str = "") -> None:
    """End a booking whose seat is free, and forget what its person needed."""
    lifecycle.move(booking, to, by=by, at=at, reason=reason, ended_at=at)
    forget_needs(booking)


def forget_needs(booking: Booking) -> None:
    """Empty what somebody said they need, which they do not any more."""
    if booking.needs is not None:
        booking.needs = None
        booking.save(update_fields=["needs"])


# --- by the clock ---
def forget(at: datetime) -> int:
    """Forget what people needed, four weeks after their session; and the whole booking after six years. Return how many."""
    done = 0
    rows = Booking.objects.unscoped(reason="what is not needed any more")
    for booking in rows.filter(session__ends_at__lt=at - NEEDS_KEPT, needs__isnull=False):
        forget_needs(booking)
        done += 1
    for booking in rows.filter(session__ends_at__lt=at - KEPT):
        with transaction.atomic():
            if booking.state == BookingState.CONFIRMED:
                let_go(booking, by=None, at=at)
            booking.delete()
        done += 1
    return done


def differences() -> Iterator[str]:
    """Yield a line for every confirmed booking without its taken row in the ledger, and the other way round (INV-L1)."""
    taken = set(
        CapacityHold.objects.filter(pool__model=CapacityModel.TRAINING_SEATS, state="taken").values_list(
            "reference", "pool_id"
        )
    )
    booked = set(
        Booking.objects.unscoped(reason="ledger and bookings agree").confirmed().values_list("ref", "session__pool_id")
    )
    for ref, pool in sorted(booked - taken):
        yield f"booking {ref} has no seat in pool {pool}"
    for ref, pool in sorted(taken - booked):
        yield f"seat {ref} in pool {pool} is nobody's"
