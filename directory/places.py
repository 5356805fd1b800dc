"""What a provider's own page says of its pools: plain values, built with the same number of queries for two and for two hundred."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Min, Q

from directory import assumptions
from directory.availability import LONDON, Availability, State, day_words, of_pool
from directory.freshness import Freshness, freshness_of
from directory.models import COUNTED, CapacityHold, CapacityModel, CapacityPool, CapacitySnapshot

# Enough of the past to see a habit.
HISTORY = 8
PLAIN_EVENTS = {
    "declared": "Changed",
    "confirmed": "Still right",
    "paused": "Paused",
    "resumed": "Open again",
    "called_off": "Called off",
}


@dataclass(frozen=True, slots=True)
class PoolWords:
    """How a provider reads back what it told us of one way of counting."""

    in_all: str = "{} in all"
    others: str = "taken by others"
    free: str = "free"
    unknown: str = "You have not told us how many places there are."


WORDS: dict[str, PoolWords] = {
    CapacityModel.SESSION_SLOTS: PoolWords("Room for {}", "booked with you", "free"),
    CapacityModel.RAPID_RESPONSE_ROTA: PoolWords(
        "with {} at once", "with others", "more at once", "You have not told us who is on call."
    ),
    CapacityModel.SCHOOL_HOST_CASELOAD: PoolWords(others="taken now"),
    CapacityModel.TEAM_DEPLOYMENTS: PoolWords(
        "{} this week", "promised", "free", "You have not told us how many sessions there are."
    ),
    CapacityModel.PRACTITIONER_ROSTER: PoolWords(
        "{} trained", "not ready now", "ready", "You have not told us how many people are trained."
    ),
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
    model: str
    kind: str
    counted: bool
    over: bool
    starts_on: date | None
    begins_at: time | None
    called_off: bool
    on_call: str
    total: int | None
    ours: int
    others: int
    held: int
    reserved: int
    free: int | None
    next_hold_ends_at: datetime | None
    said_by: str
    said_by_link: bool
    said_at: datetime | None
    believed_until: datetime | None
    paused_at: datetime | None
    freshness: Freshness
    version: int

    @property
    def is_asked(self) -> bool:
        """Say whether the provider is asked about it when its figure grows old."""
        return self.counted and not self.paused_at and not self.over

    @property
    def is_session(self) -> bool:
        """Whether it is a session on a day, or will be one."""
        return self.model == CapacityModel.SESSION_SLOTS

    @property
    def has_no_day(self) -> bool:
        """Whether these are sessions of which no day was ever said: nothing can be counted before one is."""
        return self.is_session and self.starts_on is None

    @property
    def nobody_has_one(self) -> bool:
        """Whether no place is taken, promised or reserved."""
        return not (self.ours or self.others or self.held or self.reserved)

    @property
    def through_us(self) -> str:
        """What is taken, promised and reserved through us: "2 places taken and 1 promised"."""
        counted = ((self.ours, "taken"), (self.held, "promised"), (self.reserved, "reserved"))
        (first, deed), *rest = [(count, words) for count, words in counted if count]
        start = f"{first} place{'' if first == 1 else 's'} {deed}"
        return " and ".join([start, *(f"{count} {words}" for count, words in rest)])

    @property
    def full_name(self) -> str:
        """The name, of a session with its day: "Thinking hour, Tuesday 24 November at 2pm"."""
        return (
            f"{self.name}, {day_words(self.starts_on, self.begins_at)}"
            if self.is_session and self.starts_on
            else self.name
        )

    @property
    def in_words(self) -> str:
        """The pips in words: "12 in all: 5 from us, 4 taken by others, 1 held, 2 free"."""
        told = WORDS.get(self.model, PoolWords())
        if self.has_no_day:
            return "You have not told us on which days."
        if self.total is None:
            return told.unknown
        counted = ((self.ours, "from us"), (self.others, told.others), (self.held, "held"))
        parts = [f"{count} {words}" for count, words in counted if count]
        parts.append(f"{self.free} {told.free}")
        start = f"{self.on_call}, " if self.on_call else ""
        return f"{start}{told.in_all.format(self.total)}: {', '.join(parts)}"

    @property
    def said(self) -> str:
        """Who said so, and when: "Marcus Bell said so on Saturday 14 November"."""
        if self.said_at is None:
            return "You have not told us yet"
        if self.said_by_link:
            return f"Said on {self.said_on}, through the link we sent to {self.said_by or 'somebody'}"
        return f"{self.said_by or 'Somebody'} said so on {self.said_on}"

    @property
    def said_on(self) -> str:
        """The day: "Saturday 14 November"."""
        if self.said_at is None:
            return ""
        day = self.said_at.astimezone(LONDON)
        return f"{day:%A} {day.day} {day:%B}"

    @property
    def said_by_you(self) -> str:
        """The same for whoever reads it in an e-mail, which names nobody: "You said so on Saturday 14 November"."""
        return f"You said so on {self.said_on}" if self.said_at else "You have not told us yet"

    @property
    def can_be_right(self) -> bool:
        """Whether there is something that can still be right: a number that was given, or a service that has none."""
        return not self.paused_at and (self.total is not None or not self.counted)


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
        key=lambda line: (
            line.over,
            order[line.freshness] if line.is_asked else 2,
            line.name,
            line.starts_on or date.min,
            line.begins_at or time.min,
            line.id,
        ),
    )


def lines_about(pool_ids: Collection[UUID], *, organization_id: UUID, at: datetime) -> list[PoolLine]:
    """Return those of the organization's pools that are among ``pool_ids``, in the same order."""
    return [line for line in lines_for(organization_id, at=at) if line.id in pool_ids]


def line_of(pool: CapacityPool, *, at: datetime) -> PoolLine:
    """Return what the page says of one pool."""
    availability = of_pool(pool, at=at, limited=assumptions.limited())
    counts = pool.external_occupied + pool.occupied + pool.held + pool.reserved
    return PoolLine(
        id=pool.pk,
        name=pool.name,
        services=tuple(sorted(service.name for service in pool.services.all())),
        availability=availability,
        model=pool.model,
        kind=pool.get_model_display(),
        counted=pool.model in COUNTED,
        over=availability.state == State.ENDED,
        starts_on=pool.starts_on,
        begins_at=pool.begins_at,
        called_off=pool.called_off_at is not None,
        on_call=pool.get_on_call_display(),
        total=pool.total,
        ours=pool.occupied,
        others=pool.external_occupied,
        held=pool.held,
        reserved=pool.reserved,
        free=max(0, pool.total - counts) if pool.total is not None else None,
        next_hold_ends_at=getattr(pool, "next_hold_ends_at", None),  # annotated in lines_for
        said_by=pool.last_confirmed_by.get_full_name() if pool.last_confirmed_by else "",
        said_by_link=pool.last_confirmed_by_link,
        said_at=pool.last_confirmed_at,
        believed_until=pool.confirmed_until,
        paused_at=pool.paused_at,
        freshness=freshness_of(pool, at=at),
        version=pool.version,
    )


def sessions_of(lines: Iterable[PoolLine]) -> list[PoolLine]:
    """Return one line for each kind of session that takes place on days, by name: to these another day can be added."""
    kinds = {(line.name, line.services): line for line in lines if line.is_session and not line.has_no_day}
    return [kinds[key] for key in sorted(kinds)]


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
            by="by e-mail link" if row.by_link else row.by.get_short_name() if row.by else "",
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
    paused = sum(1 for line in lines if line.paused_at and not line.called_off)
    waiting = sum(1 for line in lines if line.is_asked and line.freshness != Freshness.FRESH)
    called_off = sum(1 for line in lines if line.called_off)
    over = sum(1 for line in lines if line.over and not line.paused_at and not line.called_off)
    right = len(lines) - paused - waiting - over - called_off
    parts = []
    if right:
        parts.append(f"{number(right)} {'is' if right == 1 else 'are'} right")
    if waiting:
        parts.append(f"{number(waiting)} {'is' if waiting == 1 else 'are'} waiting for you")
    if paused:
        parts.append(f"{number(paused)} {'is' if paused == 1 else 'are'} paused")
    if over:
        parts.append(f"{number(over)} {'is' if over == 1 else 'are'} over")
    if called_off:
        parts.append(f"{number(called_off)} {'was' if called_off == 1 else 'were'} called off")
    sentence = ", ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def yes_words(count: int, *, of: int, name: str) -> str:
    """Return what the one big button says: "Yes, both are still right"; ``name`` is that of the first."""
    if count == 0:
        return ""
    if count == 1:
        return "Yes, it is still right" if of == 1 else f"Yes, “{name}” is still right"
    if count < of:
        return f"Yes, the other {number(count)} are still right"
    return "Yes, both are still right" if count == 2 else f"Yes, all {number(count)} are still right"


def number(count: int) -> str:
    """Return small numbers as words."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else str(count)
