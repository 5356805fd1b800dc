"""What a list says of each service: plain values for templates, built with the same number of queries for 2 and for 200."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from directory import assumptions
from directory.availability import LONDON, Availability, Figures, State, best_of
from directory.eligibility import Ages, for_whom, in_a_row
from directory.geo import Point
from directory.models import CapacityPool, Closure, RequestMode, Service, ServiceArea, ServiceAtLocation
from directory.prepared import ask
from directory.querysets import visibilities_for
from directory.schedules import closed_words
from directory.whereabouts import COLUMNS, NOT_SHOWN, Place, Whereabouts, told_of

if TYPE_CHECKING:
    from safekeeping.policy import Hat


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service in a list. ``where`` and ``serves`` are two facts: where it happens, and who may come by where they live."""

    id: UUID
    slug: str
    name: str
    organization: str
    summary: str
    availability: Availability
    ages: Ages
    for_whom: str
    where: str
    serves: str
    to_ask: str
    request_mode: str
    level: str
    service_type: str
    subject: str
    travels: bool
    places: tuple[Whereabouts, ...]
    distance: str
    distance_km: float | None
    assured_on: date | None
    facts_as_at: date | None
    legacy_tags: str
    is_real: bool
    restricted: bool
    closed: str = ""

    @property
    def legacy(self) -> tuple[str, ...]:
        """The older programmes that it came from, one by one."""
        return tuple(tag for part in self.legacy_tags.split(",") if (tag := part.strip()))


FIELDS = (
    "id", "slug", "name", "summary", "minimum_age", "maximum_age", "subject", "request_mode", "travels_to_child",
    "facts_as_at", "legacy_tags", "organization__name", "organization__is_real", "organization__standing__standing",
    "standing__standing", "standing__assured_on", "service_type__label", "service_type__plain_label",
    "intervention_level__label", "intervention_level__plain_label",
)  # fmt: skip


@dataclass(slots=True)
class Room:
    """What availability is computed from: columns of a pool."""

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


ROOM = tuple(column.name for column in fields(Room))


class Area(NamedTuple):
    """One part of where those live who may come."""

    extent: str
    locality: str | None
    ward: str | None


# --- the questions; each names its rows' service first ------------------------------------------------------------------


def services(ids: Sequence[UUID], seen: tuple[str, ...]) -> QuerySet:
    """Ask for those of the services that may be seen."""
    return Service.objects.seen_as(seen).filter(pk__in=ids).values_list(*FIELDS)


def pools_of(ids: Sequence[UUID]) -> QuerySet:
    """Ask for the figures of the pools that they take places from."""
    through = CapacityPool.services.through.objects.filter(service_id__in=ids)
    return through.order_by("pk").values_list("service_id", *(f"capacitypool__{name}" for name in ROOM))


def places_of(ids: Sequence[UUID]) -> QuerySet:
    """Ask for where they happen, for `directory.whereabouts` to tell of."""
    happens = ServiceAtLocation.objects.filter(service_id__in=ids).order_by("location__name", "location_id")
    return happens.values_list("service_id", *(f"location__{name}" for name in COLUMNS))


def areas_of(ids: Sequence[UUID]) -> QuerySet:
    """Ask for where those live who may come."""
    areas = ServiceArea.objects.filter(service_id__in=ids).order_by("pk")
    return areas.values_list("service_id", "extent", "locality__name", "ward__name")


def compositions_of(ids: Sequence[UUID]) -> QuerySet:
    """Ask for who comes together there, in the stewards' words and order."""
    through = Service.group_compositions.through.objects.filter(service_id__in=ids)
    return through.order_by("taxonomyterm__position").values_list(
        "service_id", "taxonomyterm__code", "taxonomyterm__label", "taxonomyterm__plain_label"
    )


def closures_of(ids: Sequence[UUID], on: date) -> QuerySet:
    """Ask which of them are closed altogether on that day."""
    closed = Closure.objects.filter(service_id__in=ids, at_location=None, from_on__lte=on, until_on__gte=on)
    return closed.order_by("until_on", "pk").values_list("service_id", "from_on", "until_on", "note")


class ClosedNow(NamedTuple):
    """A closure of a whole service."""

    from_on: date
    until_on: date
    note: str
    at_location_id: UUID | None = None


def cards_for(
    service_ids: Iterable[UUID], *, hat: Hat | None, at: datetime, near: Point | None = None
) -> dict[UUID, ServiceCard]:
    """
    Return the cards of those services that ``hat`` may see, in the order asked for; six queries, however many.

    :param near: distances are told from here, as the crow flies
    """
    wanted = list(dict.fromkeys(service_ids))
    if not wanted:
        return {}
    rows = {row[0]: dict(zip(FIELDS, row, strict=True)) for row in ask(services, wanted, visibilities_for(hat))}
    ids = [one for one in wanted if one in rows]
    if not ids:
        return {}
    pools: dict[UUID, list[Room]] = defaultdict(list)
    for service_id, *columns in ask(pools_of, ids):
        pools[service_id].append(Room(*columns))
    places: dict[UUID, list[Whereabouts]] = defaultdict(list)
    for service_id, *columns in ask(places_of, ids):
        places[service_id].append(told_of(Place(*columns)))
    areas: dict[UUID, list[Area]] = defaultdict(list)
    for service_id, *columns in ask(areas_of, ids):
        areas[service_id].append(Area(*columns))
    compositions: dict[UUID, dict[str, str]] = defaultdict(dict)
    for service_id, code, label, plain in ask(compositions_of, ids):
        compositions[service_id][code] = plain or label
    today = at.astimezone(LONDON).date()
    closed = {service_id: ClosedNow(*columns) for service_id, *columns in ask(closures_of, ids, today)}
    return {
        one: card_of(
            rows[one],
            availability=room_of(pools[one], at=at),
            places=nearest_first(places[one], near),
            serves=serves_words(areas[one]),
            compositions=compositions[one],
            near=near,
            closed=closed_words(closed[one], on=today) if one in closed else "",
        )
        for one in ids
    }


def room_of(pools: Iterable[Figures], *, at: datetime) -> Availability:
    """Return what is said of room; what is only for information has no room, and nobody was asked about any."""
    best = best_of(pools, at=at, limited=assumptions.limited())
    if best.state == State.INFORMATION_ONLY and best.checked_at is None:
        return replace(best, when="")
    return best


def card_of(
    row: dict,
    *,
    availability: Availability,
    places: tuple[Whereabouts, ...],
    serves: str,
    compositions: dict[str, str],
    near: Point | None,
    closed: str = "",
) -> ServiceCard:
    """Put one card together."""
    ages = Ages(row["minimum_age"], row["maximum_age"])
    distance = places[0].miles_from(near) if places else ""
    return ServiceCard(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        organization=row["organization__name"],
        summary=row["summary"],
        availability=availability,
        ages=ages,
        for_whom=for_whom(ages, subject=row["subject"], compositions=compositions),
        where=where_words(places, travels=row["travels_to_child"], distance=distance),
        serves=serves,
        to_ask=RequestMode(row["request_mode"]).label,
        request_mode=row["request_mode"],
        level=row["intervention_level__plain_label"] or row["intervention_level__label"],
        service_type=row["service_type__plain_label"] or row["service_type__label"],
        subject=row["subject"],
        travels=row["travels_to_child"],
        places=places,
        distance=distance,
        distance_km=places[0].km_from(near) if places else None,
        assured_on=row["standing__assured_on"],
        facts_as_at=row["facts_as_at"],
        legacy_tags=row["legacy_tags"],
        is_real=row["organization__is_real"],
        restricted="restricted" in (row["standing__standing"], row["organization__standing__standing"]),
        closed=closed,
    )


def nearest_first(places: Sequence[Whereabouts], near: Point | None) -> tuple[Whereabouts, ...]:
    """Return the places with the nearest first; those that are not measured from come last."""
    if len(places) < 2 or near is None:
        return tuple(places)
    far = float("inf")
    return tuple(sorted(places, key=lambda one: km if (km := one.km_from(near)) is not None else far))


def where_words(places: tuple[Whereabouts, ...], *, travels: bool, distance: str) -> str:
    """Return the card's line on where it happens."""
    if not places:
        return "Comes to you" if travels else "No fixed place"
    first = places[0]
    if first.label == NOT_SHOWN:
        return f"Comes to you. {NOT_SHOWN}" if travels else NOT_SHOWN
    told = f"{first.label}, {distance}" if distance else first.label
    if len(places) > 1:
        others = len(places) - 1
        told += f", and {others} other place{'' if others == 1 else 's'}"
    return f"{told}, or comes to you" if travels else told


def serves_words(areas: Iterable[Area]) -> str:
    """Return who may come, by where they live: "East Central", "Anywhere in the city"."""
    told = list(areas)
    extents = {area.extent for area in told}
    if ServiceArea.Extent.ANYWHERE in extents:
        return "Anywhere"
    if not told or ServiceArea.Extent.CITYWIDE in extents:
        return f"Anywhere in {settings.CITY.name}"
    localities = [area.locality for area in told if area.locality]
    wards = sorted(area.ward for area in told if area.ward)
    return in_a_row([*localities, *wards])
