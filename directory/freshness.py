"""
What is due for confirmation and when it is time to ask: arithmetic without rows, so that a figure never grows old unnoticed.

A provider gets one e-mail about all its figures, a little before the first of them would become "not confirmed"; again
two and five days later if nobody answers, and then no more: after a week the coordinators are told, who ring (domain
§3.6). Who is asked, and in which rows that is remembered, is `directory.asking`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from directory.availability import LONDON, Figures
from safekeeping import working_time

SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ladder:
    """
    When a provider is asked: on the day, again and for the last time so long after the first e-mail of a round.

    A figure that is believed for ``ahead_from_days`` or more is asked for the working day before; one that is good for a
    day cannot be. What would be due within ``comes_along_days`` comes along, so that a provider with several figures gets
    one e-mail a week.
    """

    again: timedelta = timedelta(days=2)
    last: timedelta = timedelta(days=5)
    comes_along_days: int = 5
    ahead_from_days: int = 4

    @property
    def ask_after(self) -> tuple[timedelta, ...]:
        return (timedelta(0), self.again, self.last)


LADDER = Ladder()


class Freshness(StrEnum):
    FRESH = "fresh"
    DUE = "due"
    LATE = "late"


class Dated(Protocol):
    """The columns of a pool that say until when its figure can be believed."""

    confirm_every_days: int
    last_confirmed_at: datetime | None
    confirmed_until: datetime | None


def freshness_of(pool: Figures, *, at: datetime) -> Freshness:
    """Say whether the pool's figure is good, due within a day, or too old to be believed."""
    if pool.confirmed_until is None or pool.confirmed_until < at:
        return Freshness.LATE
    return Freshness.DUE if pool.confirmed_until < at + SOON else Freshness.FRESH


def is_due(pool: Dated, *, at: datetime, ladder: Ladder = LADDER) -> bool:
    """
    Say whether the figure has to be asked for now.

    It has if nobody ever gave one, if it is too old, or if it would be too old before this time of the next working day:
    on a Friday that is everything until Monday.
    """
    if pool.confirmed_until is None:
        return True
    ahead = pool.confirm_every_days >= ladder.ahead_from_days
    return pool.confirmed_until <= (working_time.add_working_days(at, 1) if ahead else at)


def comes_along(pool: Dated, *, at: datetime, ladder: Ladder = LADDER) -> bool:
    """Say whether the figure would be due so soon that it is asked for together with one that is due."""
    if pool.confirmed_until is None:
        return True
    return pool.confirmed_until.astimezone(LONDON).date() <= at.astimezone(LONDON).date() + timedelta(
        days=ladder.comes_along_days
    )


class Due(NamedTuple):
    """A pool or an entry whose answer is due: when somebody last answered, and since when there is news to tell of it."""

    id: UUID
    said_at: datetime | None
    news_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What we know of the last e-mail: its place in its round, and about which pools and entries it was."""

    number: int
    step: int
    begun_at: datetime
    asked_at: datetime
    about: frozenset[UUID]


def next_step(due: Iterable[Due], last: Asked | None, *, at: datetime, ladder: Ladder = LADDER) -> int | None:
    """
    Return which e-mail of a round it is time for: 0 begins a new one, None is none.

    Whatever becomes due, an organization gets one e-mail a day and no more.
    """
    due = [Due(*one) for one in due]
    if not due:
        return None
    if last is None:
        return 0
    if at.astimezone(LONDON).date() <= last.asked_at.astimezone(LONDON).date():
        return None
    if not unanswered(due, last):
        return 0
    step = last.step + 1
    if step < len(ladder.ask_after):
        return step if at >= last.begun_at + ladder.ask_after[step] else None
    # Whoever was asked three times is rung up; only what they have not been told yet begins another round.
    # What was answered after that e-mail and is due again is such a thing, too.
    news = any(
        one.id not in last.about or any(since and since > last.asked_at for since in (one.news_at, one.said_at))
        for one in due
    )
    return 0 if news and at >= last.asked_at + ladder.again else None


def unanswered(due: Iterable[Due], last: Asked) -> list[Due]:
    """Return what the last e-mail was about already, and nobody has answered since its round began."""
    return [one for one in due if one.id in last.about and (one.said_at is None or one.said_at <= last.begun_at)]


def step_by_hand(due: Iterable[Due], last: Asked | None, *, ladder: Ladder = LADDER) -> int:
    """
    Return which e-mail of a round it is if a steward has a provider asked who is due, whatever the time.

    It takes the place of the round's next one; after the last of a round it is once more the last, so that no reminders
    follow it.
    """
    if last is None or not unanswered(due, last):
        return 0
    return min(last.step + 1, len(ladder.ask_after) - 1)
