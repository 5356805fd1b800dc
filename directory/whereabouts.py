"""
What may be said of where a service happens: the one place that reads a location's point and address for anybody.

Cards, pages, maps, search documents and exports get a `Whereabouts` and never the row (INV-P7). Where an address is
not shown in full, what leaves here names no place, street, postcode or position of it: a district's or a ward's own
middle stands for it, the same for every address inside, and distances from it are told in steps of half a kilometre.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from directory.geo import Point, coarse_km, distance_km, in_words
from directory.geocoding import postcode_table
from directory.models import Address, AddressVisibility, Location
from directory.postcodes import PostcodesNotLoaded, district_of, normalize

NOT_SHOWN = "Address not shown"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """
    A place as anybody may know it.

    ``point`` is the place's own only where ``exact``; otherwise the middle of its district or ward, or None.
    ``label`` is short, for a card; ``address`` is the full line, "" where it is not shown.
    """

    location_id: UUID
    label: str
    address: str
    point: Point | None
    exact: bool
    bus_notes: str = ""
    notes: str = ""

    def km_from(self, point: Point | None) -> float | None:
        """Return the kilometres from ``point`` as the crow flies, coarse where the address is not shown."""
        if point is None or self.point is None:
            return None
        told = distance_km(point, self.point)
        return told if self.exact else coarse_km(told)

    def miles_from(self, point: Point | None) -> str:
        """Return "0.6 miles" or "about 2 miles", "" where nothing is measured."""
        told = self.km_from(point)
        return in_words(told, exact=self.exact) if told is not None else ""


def shown(location: Location) -> Whereabouts:
    """Return what may be said of ``location``; load it with its ``address`` and ``ward``."""
    match location.address_visibility:
        case AddressVisibility.FULL:
            return in_full(location)
        case AddressVisibility.DISTRICT:
            return by_district(location)
        case AddressVisibility.AREA if location.ward:
            middle = Point(location.ward.latitude, location.ward.longitude)
            return Whereabouts(location.pk, f"In {location.ward.name}. {NOT_SHOWN}", "", middle, exact=False)
        case _:
            return Whereabouts(location.pk, NOT_SHOWN, "", None, exact=False)


def in_full(location: Location) -> Whereabouts:
    """Return everything that we know of a place that anybody may know."""
    address = address_of(location)
    parts = [address.address_1, address.address_2, address.city, address.postal_code] if address else []
    if address and address.city == settings.CITY.name:
        parts.remove(address.city)
    return Whereabouts(
        location_id=location.pk,
        label=location.name,
        address=", ".join(part for part in [location.name, *parts] if part),
        point=point_of(location),
        exact=True,
        bus_notes=location.bus_notes,
        notes=location.notes_public,
    )


def point_of(location: Location) -> Point | None:
    """Return the place's own point, None where nobody has said it."""
    if location.latitude is None or location.longitude is None:
        return None
    return Point(location.latitude, location.longitude)


def by_district(location: Location) -> Whereabouts:
    """Return the district alone, measured from the middle of the district."""
    address = address_of(location)
    postcode = normalize(address.postal_code) if address else None
    if postcode is None:
        return Whereabouts(location.pk, NOT_SHOWN, "", None, exact=False)
    try:
        row = postcode_table().district(district_of(postcode), prefer=settings.CITY.council_code)
    except PostcodesNotLoaded:
        row = None
    return Whereabouts(
        location.pk, f"In {district_of(postcode)}. {NOT_SHOWN}", "", row.point if row else None, exact=False
    )


def address_of(location: Location) -> Address | None:
    """Return the address row, None where there is none."""
    try:
        return location.address
    except Address.DoesNotExist:
        return None
