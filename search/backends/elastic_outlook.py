"""
How a service's places will stand from now on while nobody changes a figure: what an index may keep of them.

A state may not be kept: a figure lapses, a group starts, a session begins, and nobody writes anything. So stretches of
time are kept, each with what is true in it, and whoever asks says for which moment. What ends them is what
`directory.availability` and the database's engine look at: days, hours, and until when a figure is believed. What
somebody changes is another matter: `search.unsent`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from directory import cards
from directory.availability import LONDON, midnight, state_of
from directory.cards import Room
from search.backends.database_places import NO_PLACE, UNCONFIRMED_WAIT, UNKNOWN_WAIT
from search.queries import Tier, best_tier

# Before and after every moment, in microseconds since 1970, as an index counts them.
EVER = 2**62
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND, DAY = timedelta(microseconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    From ``since`` until just before ``until``, in microseconds since 1970: the tier, and when a place may be had.

    That is in ``days`` from whenever somebody asks, or on a ``day`` (its ordinal); the other one is None.
    """

    since: int
    until: int
    tier: Tier
    days: int | None
    day: int | None

    def soonest(self, on: date) -> int:
        """Return in how many days a place may be had, asked on that day."""
        return self.days if self.days is not None else (self.day or 0) - on.toordinal()


def pools_of(service_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Room]]:
    """Return what the places of those services that have any are told from; one query."""
    found: dict[UUID, list[Room]] = defaultdict(list)
    for service_id, *columns in cards.pools_of(service_ids):
        found[service_id].append(Room(*columns))
    return found


def outlook(pools: Sequence[Room]) -> tuple[Stretch, ...]:
    """Return the stretches of all time, first to last."""
    turns = sorted(set(turns_of(pools)))
    before = turns[0] - MICROSECOND if turns else EPOCH
    told: list[Stretch] = []
    for since, until in pairwise([-EVER, *map(micros, turns), EVER]):
        at = before if since == -EVER else EPOCH + since * MICROSECOND
        tier, (days, day) = tier_at(pools, at), soonest_at(pools, at)
        if told and (told[-1].tier, told[-1].days, told[-1].day) == (tier, days, day):
            told[-1] = Stretch(told[-1].since, until, tier, days, day)
        else:
            told.append(Stretch(since, until, tier, days, day))
    return tuple(told)


def tier_at(pools: Iterable[Room], at: datetime) -> Tier:
    """Return the best tier of the pools at that moment."""
    return best_tier(state_of(one, at=at) for one in pools)


def soonest_at(pools: Iterable[Room], at: datetime) -> tuple[int | None, int | None]:
    """Return the soonest of what the pools have, as `Stretch` has it: the days, or the day; without any nobody knows."""
    on = at.astimezone(LONDON).date()
    days, day = min((place_of(one, on, at) for one in pools), key=lambda one: one[0], default=(UNCONFIRMED_WAIT, 0))
    return (None, day) if day else (days, None)


def place_of(pool: Room, on: date, at: datetime) -> tuple[int, int]:
    """Return in how many days a pool may have a place, as the database's engine reckons, and on which day (0: not on one)."""
    later = (pool.starts_on - on).days if pool.starts_on and pool.starts_on > on else 0
    then = pool.starts_on.toordinal() if later and pool.starts_on else 0
    over = pool.model == "session_slots" and pool.starts_on is not None and pool.starts_on < on
    if pool.called_off_at or (pool.ends_on and pool.ends_on < on) or pool.paused_at or over:
        return NO_PLACE, 0
    if pool.model in ("open_access", "information_only"):
        return later, then
    if pool.total is None or pool.confirmed_until is None or pool.confirmed_until < at:
        return UNCONFIRMED_WAIT, 0
    if pool.total - pool.external_occupied - pool.occupied - pool.held - pool.reserved > 0:
        return later, then
    if pool.waitlist_open:
        return (UNKNOWN_WAIT if pool.wait_weeks is None else pool.wait_weeks * 7), 0
    return NO_PLACE, 0


def turns_of(pools: Sequence[Room]) -> Iterator[datetime]:
    """Yield the moments from which on something else may be true."""
    waits = {one.wait_weeks for one in pools if one.wait_weeks is not None and one.waitlist_open}
    for pool in pools:
        if pool.ends_on:
            yield midnight(pool.ends_on + DAY)
        if pool.confirmed_until:
            yield pool.confirmed_until + MICROSECOND
        if pool.starts_on is None:
            continue
        yield midnight(pool.starts_on)
        if pool.model == "session_slots":
            yield midnight(pool.starts_on + DAY)
            if pool.begins_at is not None:
                yield datetime.combine(pool.starts_on, pool.begins_at, tzinfo=LONDON).astimezone(UTC)
        for weeks in waits:  # from then on the start is sooner than another pool's waiting list
            yield midnight(pool.starts_on - weeks * 7 * DAY)


def micros(at: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND
