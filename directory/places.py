"""What a provider's own page says of its pools: plain values, built with the same number of queries for two and for two hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q

from directory.availability import LONDON, Availability, of_pool
from directory.freshness import Freshness, freshness_of
from directory.models import COUNTED, CapacityHold, CapacityPool, CapacitySnapshot

# Enough of the past to see a habit.
HISTORY = 8
PLAIN_EVENTS = {
    "declared": "Changed",
    "confirmed": "Still right",
    "paused": "Paused",
    "resumed": "Open again",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the provider told us, and when."""

    what: str
    event: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PoolLine:
    """One pool on its provider's page."""

    id: UUID
    name: str
    services: tuple[str, ...]
    availability: Availability
    counted: bool
    total: int | None
    ours: int
    others: int
    held: int
    free: int | None
    next_hold_ends_at: datetime | None
    said_by: str
    said_at: datetime | None
    paused_at: datetime | None
    freshness: Freshness
    version: int

    @property
    def in_words(self) -> str:
        """The pips in words: "12 in all: 5 from us, 4 taken by others, 1 held, 2 free"."""
        if self.total is None:
            return "You have not told us how many places there are."
        counted = ((self.ours, "from us"), (self.others, "taken by others"), (self.held, "held"))
        parts = [f"{count} {words}" for count, words in counted if count]
        parts.append(f"{self.free} free")
        return f"{self.total} in all: {', '.join(parts)}"

    @property
    def said(self) -> str:
        """Who said so, and when: "Marcus Bell said so on Saturday 14 November"."""
        if self.said_at is None:
            return "You have not told us yet"
        day = self.said_at.astimezone(LONDON)
        return f"{self.said_by or 'Somebody'} said so on {day:%A} {day.day} {day:%B}"


def lines_for(organization_id: UUID, *, at: datetime, only: UUID | None = None) -> list[PoolLine]:
    """Return the organization's pools, those that wait for an answer first."""
    pools = (
        CapacityPool.objects.of_services()
        .run_by(organization_id)
        .select_related("last_confirmed_by")
        .prefetch_related("services")
        .annotate(next_hold_ends_at=Min("holds__expires_at", filter=Q(holds__state=CapacityHold.State.HELD)))
    )
    if only is not None:
        pools = pools.filter(pk=only)
    order = {Freshness.LATE: 0, Freshness.DUE: 1, Freshness.FRESH: 2}
    return sorted(
        (line_of(pool, at=at) for pool in pools),
        key=lambda line: (order[line.freshness] if line.counted and not line.paused_at else 2, line.name, line.id),
    )


def line_of(pool: CapacityPool, *, at: datetime) -> PoolLine:
    """Return what the page says of one pool."""
    availability = of_pool(pool, at=at)
    counts = pool.external_occupied + pool.occupied + pool.held + pool.reserved
    return PoolLine(
        id=pool.pk,
        name=pool.name,
        services=tuple(sorted(service.name for service in pool.services.all())),
        availability=availability,
        counted=pool.model in COUNTED,
        total=pool.total,
        ours=pool.occupied,
        others=pool.external_occupied,
        held=pool.held,
        free=max(0, pool.total - counts) if pool.total is not None else None,
        next_hold_ends_at=getattr(pool, "next_hold_ends_at", None),  # annotated in lines_for
        said_by=pool.last_confirmed_by.get_full_name() if pool.last_confirmed_by else "",
        said_at=pool.last_confirmed_at,
        paused_at=pool.paused_at,
        freshness=freshness_of(pool, at=at),
        version=pool.version,
    )


def history_of(pool_id: UUID) -> list[Said]:
    """Return what people told us of the pool, oldest first; our own counting is left out."""
    told = (
        CapacitySnapshot.objects.filter(pool_id=pool_id, event__in=PLAIN_EVENTS)
        .select_related("by")
        .order_by("-at", "-id")[:HISTORY]
    )
    return [
        Said(
            what=figure_of(row),
            event=PLAIN_EVENTS[row.event],
            at=row.at,
            by=row.by.get_short_name() if row.by else "",
        )
        for row in reversed(told)
    ]


def figure_of(row: CapacitySnapshot) -> str:
    """Return the snapshot in two words."""
    if row.paused:
        return "Paused"
    if row.total is None:
        return "Open"
    free = row.total - row.external_occupied - row.occupied - row.held - row.reserved
    return "Full" if free <= 0 else f"{free} free"


def summary_of(lines: list[PoolLine]) -> str:
    """Return the page's first sentence: how many are right, wait for an answer, are paused."""
    paused = sum(1 for line in lines if line.paused_at)
    waiting = sum(1 for line in lines if line.counted and not line.paused_at and line.freshness != Freshness.FRESH)
    right = len(lines) - paused - waiting
    parts = []
    if right:
        parts.append(f"{number(right)} {'is' if right == 1 else 'are'} right")
    if waiting:
        parts.append(f"{number(waiting)} {'is' if waiting == 1 else 'are'} waiting for you")
    if paused:
        parts.append(f"{number(paused)} {'is' if paused == 1 else 'are'} paused")
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def number(count: int) -> str:
    """Return small numbers as words."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else str(count)
