"""By when who does what: the defaults of domain §3.12 and §3.19, in one place and in working time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from safekeeping.working_time import LAST_DEADLINE, LONDON, add_working_days, add_working_hours

DRAFT_KEPT = timedelta(days=30)
RISK_BELIEVED = timedelta(days=28)
CO_ATTENDANCE_BELIEVED = timedelta(days=14)
HIGH_RISKS = frozenset({"high", "critical"})


def day_of(at: datetime) -> date:
    """Return the day on the city's calendar."""
    return at.astimezone(LONDON).date()


def triage(at: datetime, *, critical_moment: str) -> datetime:
    """Return one working day on; four working hours at a critical moment."""
    return add_working_days(at, 1) if critical_moment in ("", "none") else add_working_hours(at, 4)


def answer(at: datetime) -> datetime:
    """Return two working days on, for a question."""
    return add_working_days(at, 2)


def first_offer(at: datetime) -> datetime:
    """Return one working day on, from accepting a request to offering it."""
    return add_working_days(at, 1)


def next_offer(at: datetime) -> datetime:
    """Return the same day, after a no or none."""
    return add_working_days(at, 0)


def offer(at: datetime) -> datetime:
    """Return two working days on, to answer; the place is held as long."""
    return add_working_days(at, 2)


def front_door(at: datetime) -> datetime:
    """Return one working day on, until somebody asks what the front door has decided."""
    return add_working_days(at, 1)


def contact(at: datetime) -> datetime:
    """Return one working day on, from a yes to the contact details."""
    return add_working_days(at, 1)


def ring(at: datetime) -> datetime:
    """Return two working days on, from the contact details to the first call."""
    return add_working_days(at, 2)


def introduce(at: datetime, *, risk: str) -> datetime:
    """Return ten working days on, from a yes to the first meeting; five at high risk."""
    return add_working_days(at, 5 if risk in HIGH_RISKS else 10)


def review(at: datetime) -> datetime:
    """Return four weeks on, from the start of support."""
    return add_working_days(at, 20)


def close(at: datetime) -> datetime:
    """Return five working days on, to decide what comes after support has ended."""
    return add_working_days(at, 5)


def decide_about_place(at: datetime) -> datetime:
    """Return five working days on, from taking a place's request to deciding about it."""
    return add_working_days(at, 5)


def end_of(day: date) -> datetime:
    """Return the end of that working day."""
    return datetime.combine(day, LAST_DEADLINE, tzinfo=LONDON)


def readable_until(at: datetime) -> datetime:
    """Return ten working days on, when a provider forgets whose place it was (INV-P3)."""
    return add_working_days(at, 10)
