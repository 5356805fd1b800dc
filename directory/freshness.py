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

# Asked on the day, two and five days later; after seven the coordinators are told (domain §3.6, all [D]).
ASK_AFTER = (timedelta(0), timedelta(days=2), timedelta(days=5))
TELL_COORDINATORS_AFTER = timedelta(days=7)
SOON = timedelta(days=1)
# A figure that is believed for a week or more is asked for the working day before; one that is good for a day cannot be.
ASKED_AHEAD_FROM_DAYS = 4
# What would be due within so many days comes along, so that a provider with several figures gets one e-mail a week.
COMES_ALONG_DAYS = 5


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


def is_due(pool: Dated, *, at: datetime) -> bool:
    """
    Say whether the figure has to be asked for now.

    It has if nobody ever gave one, if it is too old, or if it would be too old before this time of the next working day:
    on a Friday that is everything until Monday.
    """
    if pool.confirmed_until is None:
        return True
    ahead = pool.confirm_every_days >= ASKED_AHEAD_FROM_DAYS
    return pool.confirmed_until <= (working_time.add_working_days(at, 1) if ahead else at)


def comes_along(pool: Dated, *, at: datetime) -> bool:
    """Say whether the figure would be due so soon that it is asked for together with one that is due."""
    if pool.confirmed_until is None:
        return True
    return pool.confirmed_until.astimezone(LONDON).date() <= at.astimezone(LONDON).date() + timedelta(
        days=COMES_ALONG_DAYS
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


def next_step(due: Iterable[Due], last: Asked | None, *, at: datetime) -> int | None:
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
    unanswered = [one for one in due if one.id in last.about and (one.said_at is None or one.said_at <= last.begun_at)]
    if not unanswered:
        return 0
    step = last.step + 1
    if step < len(ASK_AFTER):
        return step if at >= last.begun_at + ASK_AFTER[step] else None
    # Whoever was asked three times is rung up; only what they have not been told yet begins another round.
    news = any(one.id not in last.about or (one.news_at and one.news_at > last.asked_at) for one in due)
    return 0 if news and at >= last.asked_at + ASK_AFTER[1] else None
