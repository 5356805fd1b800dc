"""What a list says of each service: plain values for templates, built with the same number of queries for 2 and for 200."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from directory.availability import Availability, State, best_of
from directory.eligibility import Ages, for_whom, in_a_row
from directory.geo import Point
from directory.models import CapacityPool, RequestMode, Service, ServiceArea, ServiceAtLocation
from directory.whereabouts import NOT_SHOWN, Whereabouts, shown

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


FIELDS = (
    "id", "slug", "name", "summary", "minimum_age", "maximum_age", "subject", "request_mode", "travels_to_child",
    "facts_as_at", "legacy_tags", "organization__name", "organization__is_real", "organization__standing__standing",
    "standing__standing", "standing__assured_on", "service_type__label", "service_type__plain_label",
    "intervention_level__label", "intervention_level__plain_label",
)  # fmt: skip


def cards_for(
    service_ids: Iterable[UUID], *, hat: Hat | None, at: datetime, near: Point | None = None
) -> dict[UUID, ServiceCard]:
    """
    Return the cards of those services that ``hat`` may see, in the order asked for; five queries, however many.

    :param near: distances are told from here, as the crow flies
    """
    wanted = list(service_ids)
    rows = {row["id"]: row for row in Service.objects.visible_to(hat).filter(pk__in=wanted).values(*FIELDS)}
    ids = [one for one in wanted if one in rows]
    if not ids:
        return {}
    pools: dict[UUID, list[CapacityPool]] = defaultdict(list)
    for link in CapacityPool.services.through.objects.filter(service_id__in=ids).select_related("capacitypool"):
        pools[link.service_id].append(link.capacitypool)
    places: dict[UUID, list[Whereabouts]] = defaultdict(list)
    happens = ServiceAtLocation.objects.filter(service_id__in=ids).select_related("location__address", "location__ward")
    for one in happens.order_by("location__name", "location_id"):
        places[one.service_id].append(shown(one.location))
    areas: dict[UUID, list[ServiceArea]] = defaultdict(list)
    for area in ServiceArea.objects.filter(service_id__in=ids).select_related("locality", "ward").order_by("pk"):
        areas[area.service_id].append(area)
    compositions: dict[UUID, dict[str, str]] = defaultdict(dict)
    through = Service.group_compositions.through.objects.filter(service_id__in=ids)
    for service_id, code, label, plain in through.order_by("taxonomyterm__position").values_list(
        "service_id", "taxonomyterm__code", "taxonomyterm__label", "taxonomyterm__plain_label"
    ):
        compositions[service_id][code] = plain or label
    return {
        one: card_of(
            rows[one],
            availability=room_of(pools[one], at=at),
            places=nearest_first(places[one], near),
            areas=areas[one],
            compositions=compositions[one],
            near=near,
        )
        for one in ids
    }


def room_of(pools: list[CapacityPool], *, at: datetime) -> Availability:
    """Return what is said of room; what is only for information has no room, and nobody was asked about any."""
    best = best_of(pools, at=at)
    if best.state == State.INFORMATION_ONLY and best.checked_at is None:
        return replace(best, when="")
    return best


def card_of(
    row: dict,
    *,
    availability: Availability,
    places: tuple[Whereabouts, ...],
    areas: list[ServiceArea],
    compositions: dict[str, str],
    near: Point | None,
) -> ServiceCard:
    """Put one card together."""
    ages = Ages(row["minimum_age"], row["maximum_age"])
    nearest = places[0] if places else None
    serves = serves_words(areas)
    return ServiceCard(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        organization=row["organization__name"],
        summary=row["summary"],
        availability=availability,
        ages=ages,
        for_whom=for_whom(ages, subject=row["subject"], compositions=compositions),
        where=where_words(places, travels=row["travels_to_child"], near=near),
        serves=serves,
        to_ask=RequestMode(row["request_mode"]).label,
        request_mode=row["request_mode"],
        level=row["intervention_level__plain_label"] or row["intervention_level__label"],
        service_type=row["service_type__plain_label"] or row["service_type__label"],
        subject=row["subject"],
        travels=row["travels_to_child"],
        places=places,
        distance=nearest.miles_from(near) if nearest else "",
        distance_km=nearest.km_from(near) if nearest else None,
        assured_on=row["standing__assured_on"],
        facts_as_at=row["facts_as_at"],
        legacy_tags=row["legacy_tags"],
        is_real=row["organization__is_real"],
        restricted="restricted" in (row["standing__standing"], row["organization__standing__standing"]),
    )


def nearest_first(places: list[Whereabouts], near: Point | None) -> tuple[Whereabouts, ...]:
    """Return the places with the nearest first; those that are not measured from come last."""
    far = float("inf")
    return tuple(sorted(places, key=lambda one: km if (km := one.km_from(near)) is not None else far))


def where_words(places: tuple[Whereabouts, ...], *, travels: bool, near: Point | None) -> str:
    """Return the card's line on where it happens."""
    if not places:
        return "Comes to you" if travels else "No fixed place"
    first = places[0]
    if first.label == NOT_SHOWN:
        return f"Comes to you. {NOT_SHOWN}" if travels else NOT_SHOWN
    distance = first.miles_from(near)
    told = f"{first.label}, {distance}" if distance else first.label
    if len(places) > 1:
        others = len(places) - 1
        told += f", and {others} other place{'' if others == 1 else 's'}"
    return f"{told}, or comes to you" if travels else told


def serves_words(areas: list[ServiceArea]) -> str:
    """Return who may come, by where they live: "East Central", "Anywhere in the city"."""
    extents = {area.extent for area in areas}
    if ServiceArea.Extent.ANYWHERE in extents:
        return "Anywhere"
    if not areas or ServiceArea.Extent.CITYWIDE in extents:
        return f"Anywhere in {settings.CITY.name}"
    localities = [area.locality.name for area in areas if area.locality]
    wards = sorted(area.ward.name for area in areas if area.ward)
    return in_a_row([*localities, *wards])
