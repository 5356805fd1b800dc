"""
What may be said of where a service happens: the one place that reads a location's point and address for anybody.

Cards, pages, maps, search documents and exports get a `Whereabouts` and never the row (INV-P7). Where an address is
not shown in full, what leaves here names no place, street, postcode or position of it: a district's or a ward's own
middle stands for it, the same for every address inside, and distances from it are told in steps of half a kilometre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
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


class Place(NamedTuple):
    """A location's row as the rules below need it; never handed on."""

    id: UUID
    name: str
    address_visibility: str
    latitude: float | None
    longitude: float | None
    bus_notes: str
    notes_public: str
    ward_name: str | None
    ward_latitude: float | None
    ward_longitude: float | None
    address_1: str | None
    address_2: str | None
    address_city: str | None
    postal_code: str | None


# The same columns as a query names them, from a location on.
COLUMNS = (
    "id", "name", "address_visibility", "latitude", "longitude", "bus_notes", "notes_public", "ward__name",
    "ward__latitude", "ward__longitude", "address__address_1", "address__address_2", "address__city",
    "address__postal_code",
)  # fmt: skip


def shown(location: Location) -> Whereabouts:
    """Return what may be said of ``location``; load it with its ``address`` and ``ward``."""
    ward, address = location.ward, address_of(location)
    return told_of(
        Place(
            id=location.pk,
            name=location.name,
            address_visibility=location.address_visibility,
            latitude=location.latitude,
            longitude=location.longitude,
            bus_notes=location.bus_notes,
            notes_public=location.notes_public,
            ward_name=ward.name if ward else None,
            ward_latitude=ward.latitude if ward else None,
            ward_longitude=ward.longitude if ward else None,
            address_1=address.address_1 if address else None,
            address_2=address.address_2 if address else None,
            address_city=address.city if address else None,
            postal_code=address.postal_code if address else None,
        )
    )


def told_of(place: Place) -> Whereabouts:
    """Return what may be said of a place whose columns were read without its row."""
    match place.address_visibility:
        case AddressVisibility.FULL:
            return in_full(place)
        case AddressVisibility.DISTRICT:
            return by_district(place)
        case AddressVisibility.AREA if place.ward_name:
            middle = point_at(place.ward_latitude, place.ward_longitude)
            return Whereabouts(place.id, f"In {place.ward_name}. {NOT_SHOWN}", "", middle, exact=False)
        case _:
            return Whereabouts(place.id, NOT_SHOWN, "", None, exact=False)


def in_full(place: Place) -> Whereabouts:
    """Return everything that we know of a place that anybody may know."""
    city = "" if place.address_city == settings.CITY.name else place.address_city
    parts = (place.name, place.address_1, place.address_2, city, place.postal_code)
    return Whereabouts(
        location_id=place.id,
        label=place.name,
        address=", ".join(part for part in parts if part),
        point=point_at(place.latitude, place.longitude),
        exact=True,
        bus_notes=place.bus_notes,
        notes=place.notes_public,
    )


def point_at(latitude: float | None, longitude: float | None) -> Point | None:
    """Return the point, None where nobody has said it."""
    return Point(latitude, longitude) if latitude is not None and longitude is not None else None


def by_district(place: Place) -> Whereabouts:
    """Return the district alone, measured from the middle of the district."""
    postcode = normalize(place.postal_code) if place.postal_code else None
    if postcode is None:
        return Whereabouts(place.id, NOT_SHOWN, "", None, exact=False)
    try:
        row = postcode_table().district(district_of(postcode), prefer=settings.CITY.council_code)
    except PostcodesNotLoaded:
        row = None
    return Whereabouts(
        place.id, f"In {district_of(postcode)}. {NOT_SHOWN}", "", row.point if row else None, exact=False
    )


def address_of(location: Location) -> Address | None:
    """Return the address row, None where there is none."""
    try:
        return location.address
    except Address.DoesNotExist:
        return None
