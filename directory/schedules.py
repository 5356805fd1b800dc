"""When a service is open, in words and as an answer: local wall-clock time, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID

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


class Closed(Protocol):
    """The columns of a closure that are read here; without ``at_location_id`` all of the service is closed."""

    @property
    def at_location_id(self) -> UUID | None: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date: ...
    @property
    def note(self) -> str: ...


class At(Protocol):
    """Where a schedule holds; None is everywhere."""

    @property
    def at_location_id(self) -> UUID | None: ...


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


def is_open(schedules: Iterable[Any], *, at: datetime, closures: Iterable[Closed] = ()) -> bool | None:
    """
    Say whether it is open at that moment; None where no hours are known. Hours may pass midnight.

    A closure is of the day on which the hours begin: what opened the evening before stays open until it closes.

    :param schedules: `Regular`, with ``at_location_id`` where there are closures
    """
    closed = list(closures)
    local = at.astimezone(LONDON)
    known = False
    for one in schedules:
        if not (one.opens_at and one.closes_at):
            continue
        known = True
        for day, since in ((local.weekday(), 0), ((local.weekday() - 1) % 7, 1)):
            begun_on = local.date() - timedelta(days=since)
            if day not in days_of(one.byday) or not in_force(one, local.date()) or is_closed(one, begun_on, closed):
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


def is_closed(one: At, on: date, closures: Iterable[Closed]) -> bool:
    """Say whether a closure takes that schedule away on that day."""
    return any(
        closure.from_on <= on <= closure.until_on and closure.at_location_id in (None, one.at_location_id)
        for closure in closures
    )


def closed_words(closure: Closed, *, on: date) -> str:
    """Return "Closed until 2 January: Christmas", "Closed on 24 December", "Closed 24 December to 2 January"."""
    first, last = day_of(closure.from_on, on), day_of(closure.until_on, on)
    if closure.from_on <= on < closure.until_on:
        told = f"Closed until {last}"
    elif closure.from_on == closure.until_on:
        told = "Closed today" if closure.from_on == on else f"Closed on {first}"
    else:
        told = f"Closed {first} to {last}" if closure.from_on > on else f"Closed until {last}"
    return f"{told}: {closure.note}" if closure.note else told


def day_of(day: date, on: date) -> str:
    """Return "24 December", with its year where that is not this year."""
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != on.year else "")


SOON = timedelta(days=60)


def upcoming(closures: Iterable[Closed], *, on: date) -> list[str]:
    """Return what is said of the closures that hold now or begin within two months, in order."""
    near = [one for one in closures if one.until_on >= on and one.from_on <= on + SOON]
    return [closed_words(one, on=on) for one in sorted(near, key=lambda one: (one.from_on, one.until_on))]
