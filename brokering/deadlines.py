"""By when who does what, in one place and in working time; how long each takes is a judgement (`brokering.assumptions`)."""

from __future__ import annotations

from datetime import date, datetime

from brokering import assumptions
from safekeeping.working_time import LAST_DEADLINE, LONDON, add_working_days, add_working_hours

HIGH_RISKS = frozenset({"high", "critical"})


def day_of(at: datetime) -> date:
    """Return the day on the city's calendar."""
    return at.astimezone(LONDON).date()


def triage(at: datetime, *, critical_moment: str) -> datetime:
    """Return when somebody has read a request; sooner at a critical moment."""
    if critical_moment in ("", "none"):
        return add_working_days(at, assumptions.TRIAGE.number)
    return add_working_hours(at, assumptions.TRIAGE_URGENT.number)


def answer(at: datetime) -> datetime:
    """Return by when a question is answered."""
    return add_working_days(at, assumptions.ANSWER.number)


def first_offer(at: datetime) -> datetime:
    """Return by when an accepted request is offered."""
    return add_working_days(at, assumptions.FIRST_OFFER.number)


def next_offer(at: datetime) -> datetime:
    """Return by when it is offered again, after a no or none."""
    return add_working_days(at, assumptions.NEXT_OFFER.number)


def offer(at: datetime) -> datetime:
    """Return by when a provider answers; the place is held as long."""
    return add_working_days(at, assumptions.OFFER.number)


def front_door(at: datetime) -> datetime:
    """Return when somebody asks what the front door has decided."""
    return add_working_days(at, assumptions.FRONT_DOOR.number)


def contact(at: datetime) -> datetime:
    """Return by when the contact details are sent after a yes."""
    return add_working_days(at, assumptions.CONTACT.number)


def ring(at: datetime) -> datetime:
    """Return by when a provider that has them rings."""
    return add_working_days(at, assumptions.RING.number)


def introduce(at: datetime, *, risk: str) -> datetime:
    """Return by when they first meet after a yes; sooner at high risk."""
    within = assumptions.INTRODUCE_HIGH if risk in HIGH_RISKS else assumptions.INTRODUCE
    return add_working_days(at, within.number)


def review(at: datetime) -> datetime:
    """Return when support that starts now is first looked at again."""
    return add_working_days(at, assumptions.REVIEW.number)


def close(at: datetime) -> datetime:
    """Return by when it is decided what comes after support has ended."""
    return add_working_days(at, assumptions.CLOSE.number)


def decide_about_place(at: datetime) -> datetime:
    """Return by when it is decided about a place, from taking it on."""
    return add_working_days(at, assumptions.PLACE.number)


def end_of(day: date) -> datetime:
    """Return the end of that working day."""
    return datetime.combine(day, LAST_DEADLINE, tzinfo=LONDON)


def readable_until(at: datetime) -> datetime:
    """Return when a provider forgets whose place it was (INV-P3)."""
    return add_working_days(at, assumptions.READABLE.number)
