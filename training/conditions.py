"""
On which conditions a seat is given: until when it can be booked and let go of, and what it costs to let go too late.

The figures are the defaults of domain §3.8, where the partnership has not said otherwise. Nothing is charged here: a
charge needs a person, a reason and a time in which it can be waived (INV-L3); what it would be is said before booking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from safekeeping.working_time import LONDON, is_working_day

SHORT = 2 * 60  # minutes; up to here a length is told in minutes or hours
HALF_A_DAY = 4 * 60
A_DAY = 8 * 60
OF_A_DAY = 6 * 60  # what people work at it in a day of several


@dataclass(frozen=True, slots=True)
class Terms:
    """Until how many working days before a session it can be booked and let go of, and what things cost, in pounds."""

    closes_before: int = 3
    free_to_cancel_before: int = 5
    late_half: int = 50
    late_full: int = 90
    fee_half: int = 35
    fee_full: int = 50


USUAL = Terms()


def working_days_before(day: date, n: int) -> date:
    """Return the ``n``-th working day before ``day``."""
    while n:
        day -= timedelta(days=1)
        n -= is_working_day(day)
    return day


def end_of(day: date) -> datetime:
    """Return the midnight at the end of a day, on the clocks of England."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=LONDON)


def booking_closes(starts_at: datetime, *, terms: Terms = USUAL) -> datetime:
    """Return when booking closes unless the team says otherwise: at the end of a working day before."""
    return end_of(working_days_before(starts_at.astimezone(LONDON).date(), terms.closes_before))


def last_day_to_cancel(starts_at: datetime, *, terms: Terms = USUAL) -> date:
    """Return the last day on which a seat can be let go of for nothing."""
    return working_days_before(starts_at.astimezone(LONDON).date(), terms.free_to_cancel_before)


def is_late(starts_at: datetime, *, at: datetime, terms: Terms = USUAL) -> bool:
    """Tell whether somebody who lets go of their seat now does so too late to cost nothing."""
    return at >= end_of(last_day_to_cancel(starts_at, terms=terms))


def kind_of_day(minutes: int) -> str:
    """Return whether a course counts as half a day or a full one."""
    return "half" if minutes <= HALF_A_DAY else "full"


def late_pounds(minutes: int, *, terms: Terms = USUAL) -> int:
    """Return what letting go too late, or not coming, costs whoever sent the person."""
    return terms.late_half if kind_of_day(minutes) == "half" else terms.late_full


def fee_pounds(minutes: int, *, terms: Terms = USUAL) -> int:
    """Return what a seat costs those for whom it is not free."""
    return terms.fee_half if kind_of_day(minutes) == "half" else terms.fee_full


def length(minutes: int) -> str:
    """Return how long a course is, as people say it: "90 minutes", "Half a day", "3 days"."""
    if minutes < SHORT:
        return f"{minutes} minutes"
    if minutes == SHORT:
        return "2 hours"
    if minutes <= HALF_A_DAY:
        return "Half a day"
    if minutes <= A_DAY:
        return "A full day"
    return f"{-(-minutes // OF_A_DAY)} days"
