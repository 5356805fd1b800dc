"""What may be said of places: computed from a pool's figures, dated, never typed, and never a number that nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class State(StrEnum):
    """Domain V15, and the two models that have no count (§3.19)."""

    AVAILABLE = "available"
    LIMITED = "limited"
    OPEN_ACCESS = "open_access"
    FULL_WAITLIST_OPEN = "full_waitlist_open"
    UNCONFIRMED = "unconfirmed"
    NOT_YET_OPEN = "not_yet_open"
    INFORMATION_ONLY = "information_only"
    FULL_WAITLIST_CLOSED = "full_waitlist_closed"
    PAUSED = "paused"
    ENDED = "ended"


# Best first: a service with several pools shows its best state, and lists rank by it.
RANK = {state: place for place, state in enumerate(State)}
UNCOUNTED = {"open_access": State.OPEN_ACCESS, "information_only": State.INFORMATION_ONLY}
# Shown with their places before they start, because they are asked for beforehand.
ASKED_FOR_BEFOREHAND = ("cohort_places", "session_slots")


@dataclass(frozen=True, slots=True)
class Limited:
    """When few are left: so many places, or this share of all of them, in per cent."""

    left: int = 1
    share: int = 20

    def holds(self, free: int, *, of: int) -> bool:
        """Say whether so many free are few."""
        return free <= self.left or free * 100 <= of * self.share


FEW = Limited()


@dataclass(frozen=True, slots=True)
class Unit:
    """
    How one model's units are spoken of: ``3 places free``, ``1 place left``, and what is said when there is none.

    ``{}`` in ``none`` is where the day or the school goes, of a pool that has one.
    """

    one: str = "place"
    many: str = "places"
    free: str = "free"
    last: str = "left"
    none: str = "Full{}, waiting list closed"
    paused: str = "Not taking anyone new at the moment"


PLACE = Unit()
UNITS = {
    "session_slots": Unit(none="Fully booked{}", paused="Not taking bookings at the moment"),
    "rapid_response_rota": Unit(
        none="On call, but with as many as they can see just now", paused="Nobody on call at the moment"
    ),
    "team_deployments": Unit(
        "session",
        "sessions",
        "free this week",
        "left this week",
        "No session left this week",
        "Not going out at the moment",
    ),
    "practitioner_roster": Unit(
        "person", "people", "ready", "ready", "Nobody ready at the moment", "Not going out at the moment"
    ),
}


class Figures(Protocol):
    """The columns of a pool that availability is computed from."""

    name: str
    model: str
    total: int | None
    external_occupied: int
    occupied: int
    held: int
    reserved: int
    paused_at: datetime | None
    waitlist_open: bool
    wait_weeks: int | None
    starts_on: date | None
    ends_on: date | None
    begins_at: time | None
    called_off_at: datetime | None
    last_confirmed_at: datetime | None
    confirmed_until: datetime | None


@dataclass(frozen=True, slots=True)
class Availability:
    """
    One pool's answer to "is there room?".

    ``free``, ``total`` and the other counts are units of the pool's model; all are None unless the figure is confirmed and
    counted, and of somebody on call, where there is cover or none. ``in_all`` says the counts in words, and is empty without
    them. ``checked_at`` is when a person last said so.
    """

    state: State
    words: str
    when: str
    checked_at: datetime | None
    free: int | None = None
    total: int | None = None
    taken: int | None = None
    held: int | None = None
    reserved: int | None = None
    wait_weeks: int | None = None
    over_committed: bool = False
    in_all: str = ""

    @property
    def rank(self) -> int:
        """Sort key, best first."""
        return RANK[self.state]

    @property
    def has_room(self) -> bool:
        return self.state in (State.AVAILABLE, State.LIMITED, State.OPEN_ACCESS)


UNKNOWN = Availability(state=State.UNCONFIRMED, words="Not confirmed", when="We have not been told", checked_at=None)


def free_places(pool: Figures) -> int | None:
    """Return how many places nobody has, is promised or has reserved; never below 0, None where no total was given."""
    if pool.total is None:
        return None
    return max(0, pool.total - pool.external_occupied - pool.occupied - pool.held - pool.reserved)


def is_over_committed(pool: Figures) -> bool:
    """Say whether more is taken than the provider now declares, as after a cut (domain E11)."""
    return pool.total is not None and pool.external_occupied + pool.occupied > pool.total


def is_over(pool: Figures, *, at: datetime) -> bool:
    """
    Say whether the group has ended, or the session has begun or was called off.

    Of a session without an hour: whether its day is past.
    """
    if pool.called_off_at is not None:
        return True
    local = at.astimezone(LONDON)
    today = local.date()
    if pool.ends_on and pool.ends_on < today:
        return True
    if pool.model != "session_slots" or pool.starts_on is None:
        return False
    return pool.starts_on < today or (
        pool.starts_on == today and pool.begins_at is not None and pool.begins_at <= local.time()
    )


def state_of(pool: Figures, *, at: datetime, limited: Limited = FEW) -> State:
    """Return the pool's state; the order of the questions is that of domain §3.19."""
    today = at.astimezone(LONDON).date()
    if is_over(pool, at=at):
        return State.ENDED
    if pool.paused_at is None and (uncounted := UNCOUNTED.get(pool.model)):
        return uncounted if not (pool.starts_on and pool.starts_on > today) else State.NOT_YET_OPEN
    if pool.model not in ASKED_FOR_BEFOREHAND and pool.starts_on and pool.starts_on > today:
        return State.NOT_YET_OPEN
    if pool.paused_at is not None:
        return State.PAUSED
    free = free_places(pool)
    if free is None or pool.confirmed_until is None or pool.confirmed_until < at:
        return State.UNCONFIRMED
    if free == 0:
        return State.FULL_WAITLIST_OPEN if pool.waitlist_open else State.FULL_WAITLIST_CLOSED
    if pool.model == "rapid_response_rota":  # there is cover or there is none
        return State.AVAILABLE
    assert pool.total is not None
    return State.LIMITED if limited.holds(free, of=pool.total) else State.AVAILABLE


def changes_after(pool: Figures, *, at: datetime) -> datetime | None:
    """
    Return the first moment after ``at`` at which `state_of` may say something else of an unchanged pool; None if it never will.

    It may come sooner than the state changes, never later.
    """
    today = at.astimezone(LONDON).date()
    moments = []
    if pool.confirmed_until is not None:
        # confirmed until then, and then still
        moments.append(pool.confirmed_until + timedelta(microseconds=1))
    for day in (pool.starts_on, pool.ends_on):
        if day is not None and day >= today:
            moments += [midnight(day), midnight(day + timedelta(days=1))]
    if pool.begins_at is not None and pool.starts_on == today:
        # the clock on the wall is compared, and when summer time ends it goes back, on a whole hour
        moments += [datetime.combine(today, pool.begins_at.replace(fold=fold), LONDON) for fold in (0, 1)]
        moments.append(at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
    return min((moment for moment in moments if moment > at), default=None)


def midnight(day: date) -> datetime:
    """Return when a day begins in London."""
    return datetime.combine(day, time(), LONDON)


def of_pool(pool: Figures, *, at: datetime, limited: Limited = FEW) -> Availability:
    """Return what may be said of ``pool`` at that moment."""
    state = state_of(pool, at=at, limited=limited)
    counted = state in (
        State.AVAILABLE, State.LIMITED, State.FULL_WAITLIST_OPEN, State.FULL_WAITLIST_CLOSED,
    ) and pool.model != "rapid_response_rota"  # fmt: skip
    free = free_places(pool) if counted else None
    later = pool.model == "cohort_places" and pool.starts_on and pool.starts_on > at.astimezone(LONDON).date()
    starts_on = pool.starts_on if free and later else None
    return Availability(
        state=state,
        words=joining(free, starts_on) if free and starts_on else words_of(state, free=free, pool=pool),
        when=when_of(pool.last_confirmed_at, at=at),
        checked_at=pool.last_confirmed_at,
        free=free,
        total=pool.total if counted else None,
        taken=pool.external_occupied + pool.occupied if counted else None,
        held=pool.held if counted else None,
        reserved=pool.reserved if counted else None,
        wait_weeks=pool.wait_weeks if state == State.FULL_WAITLIST_OPEN else None,
        over_committed=is_over_committed(pool),
        in_all=in_all(pool) if counted else "",
    )


def best_of(pools: Iterable[Figures], *, at: datetime, limited: Limited = FEW) -> Availability:
    """Return the best state among ``pools``, with that pool's own date; `UNKNOWN` where there is none (domain §3.19)."""
    found = [of_pool(pool, at=at, limited=limited) for pool in pools]
    return min(found, key=lambda one: (one.rank, -(one.free or 0))) if found else UNKNOWN


def unit_of(model: str) -> Unit:
    """Return how that model's units are spoken of."""
    return UNITS.get(model, PLACE)


def number_of(count: int, unit: Unit) -> str:
    """Return "1 place", "3 people"."""
    return f"{count} {unit.one if count == 1 else unit.many}"


def in_all(pool: Figures) -> str:
    """Return the counts of a counted pool: "12 places in all, 9 taken, 1 promised"."""
    assert pool.total is not None
    taken = pool.external_occupied + pool.occupied
    said = "not ready" if pool.model == "practitioner_roster" else "taken"
    parts = [f"{number_of(pool.total, unit_of(pool.model))} in all", f"{taken} {said}"]
    parts += [f"{count} {what}" for count, what in ((pool.held, "promised"), (pool.reserved, "reserved")) if count]
    return ", ".join(parts)


def words_of(state: State, *, free: int | None, pool: Figures) -> str:
    """Return the label of a state, with its number where there is one."""
    match state:
        case State.AVAILABLE | State.LIMITED:
            return room_words(state, free=free, pool=pool)
        case State.FULL_WAITLIST_OPEN:
            weeks = pool.wait_weeks
            wait = f"about {weeks} week{'' if weeks == 1 else 's'}" if weeks else "open"
            return f"Full{which(pool)}, waiting list {wait}"
        case State.FULL_WAITLIST_CLOSED:
            return unit_of(pool.model).none.format(which(pool))
        case State.PAUSED:
            return unit_of(pool.model).paused
        case State.NOT_YET_OPEN:
            return f"Starts {day_of(pool.starts_on)}" if pool.starts_on else "Not open yet"
        case State.ENDED:
            if pool.called_off_at is not None:
                return f"Called off, {day_of(pool.starts_on)}"
            if pool.model == "session_slots":
                return f"Was on {day_of(pool.starts_on)}"
            return f"Ended {day_of(pool.ends_on)}" if pool.ends_on else "Ended"
        case State.OPEN_ACCESS:
            return "Drop in"
        case State.INFORMATION_ONLY:
            return "For information"
        case State.UNCONFIRMED:
            return "Not confirmed"


def room_words(state: State, *, free: int | None, pool: Figures) -> str:
    """Return how much room there is: "3 places free", "1 place left at Demo Secondary A"; of a rota, that there is cover."""
    if free is None:
        return "Somebody is on call"
    unit = unit_of(pool.model)
    return f"{number_of(free, unit)} {unit.free if state == State.AVAILABLE else unit.last}{which(pool)}"


def which(pool: Figures) -> str:
    """Return of which day or school the number is, where it is of one: " on Tuesday 24 November at 2pm"."""
    if pool.model == "school_host_caseload":
        return f" at {pool.name}"
    if pool.model != "session_slots" or pool.starts_on is None:
        return ""
    return f" on {day_words(pool.starts_on, pool.begins_at)}"


def day_words(day: date, hour: time | None = None) -> str:
    """Return "Tuesday 24 November", "Tuesday 24 November at 2pm"."""
    return f"{day:%A} {day.day} {day:%B}{f' at {hour_words(hour)}' if hour else ''}"


def hour_words(hour: time) -> str:
    """Return "3.15pm", "8pm", "midnight", "midday"."""
    if hour.minute == 0 and hour.hour in (0, 12):
        return "midnight" if hour.hour == 0 else "midday"
    half = "am" if hour.hour < 12 else "pm"
    clock = hour.hour % 12 or 12
    return f"{clock}.{hour.minute:02}{half}" if hour.minute else f"{clock}{half}"


def joining(free: int, starts_on: date) -> str:
    """Return "Starts 14 December 2026, join by 13 December: 10 places": nobody can go there before it starts."""
    last = starts_on - timedelta(days=1)
    by = f"{last.day} {last:%B}" if last.year == starts_on.year else day_of(last)
    return f"Starts {day_of(starts_on)}, join by {by}: {free} place{'' if free == 1 else 's'}"


def day_of(day: date | None) -> str:
    """Return "14 December 2026"."""
    return f"{day.day} {day:%B %Y}" if day else ""


def when_of(checked_at: datetime | None, *, at: datetime) -> str:
    """Return how old a figure is, counted in local days: "Checked 2 days ago"."""
    if checked_at is None:
        return "We have not been told"
    days = (at.astimezone(LONDON).date() - checked_at.astimezone(LONDON).date()).days
    if days <= 0:
        return "Checked today"
    return "Checked yesterday" if days == 1 else f"Checked {days} days ago"
