"""Training's judgements: until when a seat can be booked and let go of, and what it costs."""

from __future__ import annotations

from safekeeping.assumptions import Assumption, Counts, Kind, declare
from training.conditions import USUAL, Terms

SEATS = "Seats of training sessions"
PAGES = ("A course’s page", "Your bookings")

CLOSES = declare(
    "seats.close", SEATS, "Booking closes before the day of a session, unless the team says otherwise", Kind.WORKING_DAYS,
    USUAL.closes_before, least=0, most=20, shown_on=("A session of a course", *PAGES),
)  # fmt: skip
FREE = declare(
    "seats.free", SEATS, "A seat can be let go of for nothing until so long before", Kind.WORKING_DAYS,
    USUAL.free_to_cancel_before, least=0, most=20, shown_on=PAGES, counts=Counts.AT_ONCE,
)  # fmt: skip


def price(key: str, words: str, pounds: int) -> Assumption:
    """Declare what something costs."""
    return declare(
        f"seats.{key}", SEATS, words, Kind.POUNDS, pounds, least=0, most=500, shown_on=PAGES, counts=Counts.AT_ONCE
    )


LATE_HALF = price("late_half", "Letting go too late, or not coming: half a day", USUAL.late_half)
LATE_FULL = price("late_full", "Letting go too late, or not coming: a full day", USUAL.late_full)
FEE_HALF = price("fee_half", "A seat, where it is not free: half a day", USUAL.fee_half)
FEE_FULL = price("fee_full", "A seat, where it is not free: a full day", USUAL.fee_full)


def terms() -> Terms:
    """Return the conditions as they are judged now."""
    return Terms(
        closes_before=CLOSES.number,
        free_to_cancel_before=FREE.number,
        late_half=LATE_HALF.number,
        late_full=LATE_FULL.number,
        fee_half=FEE_HALF.number,
        fee_full=FEE_FULL.number,
    )
