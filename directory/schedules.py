"""When a service is open, in words and as an answer: local wall-clock time, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from directory.availability import LONDON, hour_words

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Regular(Protocol):
    """The columns of a schedule that are read here."""

    byday: str
    opens_at: time | None
    closes_at: time | None
    valid_from_on: date | None
    valid_to_on: date | None
    term_time_only: bool
    note: str


@dataclass(frozen=True, slots=True)
class Times:
    """One line of the table of times."""

    days: str
    hours: str
    note: str


def days_of(byday: str) -> tuple[int, ...]:
    """Return the days as numbers, Monday 0, in order; what is not a day is passed over."""
    told = {part.strip().upper() for part in byday.split(",")}
    return tuple(number for number, code in enumerate(CODES) if code in told)


def day_words(days: tuple[int, ...]) -> str:
    """Return "Monday to Thursday", "Tuesday and Saturday", "Every day"."""
    if len(days) == len(DAYS):
        return "Every day"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    names = [DAYS[day] for day in days]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def table(schedules: Iterable[Regular], *, on: date) -> list[Times]:
    """Return the lines of the table of times as they hold on that day or later, in the order of the week."""
    lines = []
    for one in schedules:
        days = days_of(one.byday)
        if not days or (one.valid_to_on and one.valid_to_on < on):
            continue
        if one.opens_at and one.closes_at:
            hours = f"{hour_words(one.opens_at)} to {hour_words(one.closes_at)}"
        else:
            hours = f"from {hour_words(one.opens_at)}" if one.opens_at else "Ask for the times"
        starts = (
            f"from {one.valid_from_on.day} {one.valid_from_on:%B}"
            if one.valid_from_on and one.valid_from_on > on
            else ""
        )
        notes = [starts, "term time only" if one.term_time_only else "", one.note]
        lines.append((days, one.opens_at or time(0), Times(day_words(days), hours, ", ".join(filter(None, notes)))))
    return [line for _, _, line in sorted(lines, key=lambda line: line[:2])]


# When a weekday's parts begin and end, in local time; late at night is after ten.
PARTS = (
    ("weekday_day", time(9), time(15)),
    ("weekday_after_school", time(15), time(17, 30)),
    ("weekday_evening", time(17, 30), time(22)),
)
LATE = time(22)


def times_of(schedules: Iterable[Regular]) -> frozenset[str]:
    """Return the codes of the parts of the week in which it is open; from when and until when does not count."""
    found: set[str] = set()
    for one in schedules:
        days = days_of(one.byday)
        if one.opens_at is None or one.closes_at is None:
            continue
        overnight = one.closes_at <= one.opens_at
        if any(day < 5 for day in days):
            found |= {
                code for code, since, until in PARTS if one.opens_at < until and (overnight or one.closes_at > since)
            }
        found |= {code for day, code in ((5, "saturday"), (6, "sunday")) if day in days}
        if days and (overnight or one.closes_at > LATE):
            found.add("late_night")
    return frozenset(found)


def is_open(schedules: Iterable[Regular], *, at: datetime) -> bool | None:
    """Say whether it is open at that moment; None where no hours are known. Hours may pass midnight."""
    local = at.astimezone(LONDON)
    known = False
    for one in schedules:
        if not (one.opens_at and one.closes_at):
            continue
        known = True
        for day, since in ((local.weekday(), 0), ((local.weekday() - 1) % 7, 1)):
            if day not in days_of(one.byday) or not in_force(one, local.date()):
                continue
            overnight = one.closes_at <= one.opens_at
            if since == 0 and one.opens_at <= local.time() and (overnight or local.time() < one.closes_at):
                return True
            if since == 1 and overnight and local.time() < one.closes_at:
                return True
    return False if known else None


def in_force(one: Regular, on: date) -> bool:
    """Say whether that schedule holds on that day."""
    return (one.valid_from_on is None or one.valid_from_on <= on) and (one.valid_to_on is None or on <= one.valid_to_on)
