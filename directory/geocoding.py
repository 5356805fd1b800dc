"""
From what somebody typed to a place, or to a named reason why not: for the finder's "Where?" and for the safety questions.

Everything is looked up on this machine: postcodes in the read-only table, wards, neighbourhoods and localities in the
database. `Geocoder` is the seam for those who prefer a geocoding company; none is asked unless `settings.GEOCODER`
names one, and then only for what is not a postcode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from directory.geo import Point, distance_km, mean_point
from directory.models import Area, Locality, PostcodeWard, Ward
from directory.postcodes import (
    ON_THE_GRID,
    Council,
    PostcodeRow,
    PostcodesNotLoaded,
    PostcodeTable,
    district_in,
    district_of,
    normalize,
    postcode_in,
    sector_of,
)
from safekeeping.memory import Memory

CITYWIDE = frozenset({"citywide", "city wide", "anywhere", "everywhere", "all", "whole city", "the whole city", "any"})
# How alike a mistyped name must be to be offered, and how many are offered.
ALIKE = 0.72
OFFERED = 3


class Kind(StrEnum):
    POSTCODE = "postcode"
    DISTRICT = "district"
    AREA = "area"
    WARD = "ward"
    LOCALITY = "locality"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Located:
    """
    A place in the city. ``point`` is None for the whole city, from which nothing is measured.

    ``ward`` and ``locality`` are codes, "" where the place lies in more than one or we do not know. ``sector`` is all
    that may be kept of a postcode ("BS5 0"). ``only_postcode`` says that more was typed and only the postcode was used.
    """

    point: Point | None
    council_code: str
    ward: str
    locality: str
    label: str
    kind: Kind
    ward_name: str = ""
    sector: str = ""
    also_in: tuple[str, ...] = ()
    only_postcode: bool = False


@dataclass(frozen=True, slots=True)
class NotAPostcode:
    """It was meant as a postcode and is not shaped like one."""

    typed: str


@dataclass(frozen=True, slots=True)
class PostcodeUnknown:
    """It is shaped like a postcode, and no list has it."""

    typed: str
    postcode: str


@dataclass(frozen=True, slots=True)
class PostcodeTerminated:
    """Royal Mail no longer uses it: it says whose it was, and nothing is measured from it."""

    typed: str
    postcode: str
    council_code: str
    council: str
    sector: str


@dataclass(frozen=True, slots=True)
class NonGeographic:
    """It is for post boxes and large organizations: nobody lives there."""

    typed: str
    postcode: str


@dataclass(frozen=True, slots=True)
class OutsideCity:
    """A real place, and another council's; ``point`` is None where only the council is known."""

    typed: str
    label: str
    council_code: str
    council: str
    point: Point | None
    sector: str = ""


@dataclass(frozen=True, slots=True)
class PlaceUnknown:
    """No place of that name; ``suggestions`` are names that are spelt nearly so."""

    typed: str
    suggestions: tuple[str, ...] = ()


Outcome = Located | NotAPostcode | PostcodeUnknown | PostcodeTerminated | NonGeographic | OutsideCity | PlaceUnknown


class Geocoder(Protocol):
    """Finds the position of a named place that our own lists lack; None if it cannot, also when it is away."""

    def find(self, text: str) -> Point | None: ...


class Nowhere:
    """The default: our own lists are all there is, and nothing that is typed leaves this machine."""

    def find(self, text: str) -> Point | None:
        return None


class Geopy:
    """Any of geopy's geocoders, named with its options in `settings.GEOCODER_OPTIONS`; what is typed leaves this machine."""

    def __init__(self) -> None:
        from geopy.geocoders import get_geocoder_for_service  # not needed by those who do not use it

        options = dict(getattr(settings, "GEOCODER_OPTIONS", {}))
        self.geocoder = get_geocoder_for_service(options.pop("service"))(**options)

    def find(self, text: str) -> Point | None:
        from geopy.exc import GeopyError

        try:
            found = self.geocoder.geocode(f"{text}, {settings.CITY.name}", exactly_one=True)
        except GeopyError:
            return None
        return Point(found.latitude, found.longitude) if found else None


@cache
def table_at(path: Path) -> PostcodeTable:
    """Return the table in that file; one object a file."""
    return PostcodeTable(path)


def postcode_table() -> PostcodeTable:
    """Return the table of all postcodes; one object a file."""
    return table_at(Path(settings.POSTCODES_FILE))


@cache
def geocoder_named(name: str) -> Geocoder:
    """Return the geocoder of that dotted name; one object a name."""
    made: Geocoder = import_string(name)()
    return made


def geocoder() -> Geocoder:
    """Return what finds named places beyond our own lists."""
    return geocoder_named(getattr(settings, "GEOCODER", "directory.geocoding.Nowhere"))


def locate(text: str) -> Outcome:
    """Say where ``text`` is: a postcode, a postcode district, a neighbourhood, a ward, a locality, or the whole city."""
    typed = " ".join(text.split())[:200]
    if postcode := normalize(typed):
        return of_postcode(postcode, typed=typed)
    if postcode := postcode_in(typed):
        found = of_postcode(postcode, typed=typed)
        return only_the_postcode(found)
    if district := district_in(typed):
        return of_district(district, typed=typed)
    return of_name(typed)


def council_name(council: Council) -> str:
    """Return the council's name as our pages write it; data lists write some the other way round."""
    for one in settings.CITY.neighbours:
        if one.code == council.code:
            return one.name
    if council.code == settings.CITY.council_code:
        return settings.CITY.council_name
    name, comma, rest = council.name.partition(", ")
    return f"{rest.capitalize()} {name}" if comma and rest.endswith(" of") else council.name


def of_postcode(postcode: str, *, typed: str) -> Outcome:
    """Say where a full postcode is."""
    try:
        row = postcode_table().find(postcode)
    except PostcodesNotLoaded:
        return without_table(postcode, typed=typed)
    if row is None or not row.council.code:
        return PostcodeUnknown(typed=typed, postcode=postcode)
    district = postcode_table().district(district_of(postcode))
    if district is not None and district.for_post_only:
        return NonGeographic(typed=typed, postcode=postcode)
    sector = sector_of(postcode)
    name = council_name(row.council)
    if row.council.code == settings.CITY.council_code:
        if row.point is None:
            return PostcodeTerminated(typed, postcode, row.council.code, name, sector)
        ward = ward_of(row)
        return Located(
            point=row.point,
            council_code=row.council.code,
            ward=ward.code if ward else "",
            locality=ward.locality_id if ward else "",
            ward_name=ward.name if ward else "",
            label=postcode,
            kind=Kind.POSTCODE,
            sector=sector,
        )
    if row.point is None and row.council.code[:1] in ON_THE_GRID:
        return PostcodeTerminated(typed, postcode, row.council.code, name, sector)
    return OutsideCity(
        typed=typed, label=postcode, council_code=row.council.code, council=name, point=row.point, sector=sector
    )


def ward_of(row: PostcodeRow) -> Ward | None:
    """Return the ward of a live postcode; of its nearest neighbour in the same sector if our list is older than it."""
    bare = row.postcode.replace(" ", "")
    listed = PostcodeWard.objects.select_related("ward").filter(postcode=bare).first()
    if listed:
        return listed.ward
    here = row.point
    assert here is not None
    sector = dict(PostcodeWard.objects.filter(postcode__startswith=bare[:-2]).values_list("postcode", "ward_id"))
    near = min(
        ((distance_km(here, point), sector[postcode]) for postcode, point in postcode_table().positions(sector)),
        default=None,
    )
    if near:
        return Ward.objects.filter(code=near[1]).first()
    wards = list(Ward.objects.all())
    return min(wards, key=lambda ward: distance_km(here, Point(ward.latitude, ward.longitude)), default=None)


def without_table(postcode: str, *, typed: str) -> Outcome:
    """Make do with the city's own list while the big table is missing: the ward's middle stands for the postcode."""
    listed = PostcodeWard.objects.select_related("ward").filter(postcode=postcode.replace(" ", "")).first()
    if listed is None:
        return PostcodeUnknown(typed=typed, postcode=postcode)
    return Located(
        point=Point(listed.ward.latitude, listed.ward.longitude),
        council_code=settings.CITY.council_code,
        ward=listed.ward.code,
        locality=listed.ward.locality_id,
        ward_name=listed.ward.name,
        label=postcode,
        kind=Kind.POSTCODE,
        sector=sector_of(postcode),
    )


def of_district(district: str, *, typed: str) -> Outcome:
    """Say where the middle of a district such as BS5 is; of our part of it, where it lies in several councils."""
    city = settings.CITY.council_code
    try:
        row = postcode_table().district(district, prefer=city)
    except PostcodesNotLoaded:
        return PostcodeUnknown(typed=typed, postcode=district)
    if row is None:
        return PostcodeUnknown(typed=typed, postcode=district)
    if row.for_post_only:
        return NonGeographic(typed=typed, postcode=district)
    if all(council.code != city for council in row.councils):
        return OutsideCity(
            typed=typed,
            label=district,
            council_code=row.councils[0].code,
            council=council_name(row.councils[0]),
            point=row.point,
            sector=district,
        )
    return Located(
        point=row.point,
        council_code=city,
        ward="",
        locality="",
        label=district,
        kind=Kind.DISTRICT,
        sector=district,
        also_in=tuple(council_name(council) for council in row.councils if council.code != city),
    )


def only_the_postcode(found: Outcome) -> Outcome:
    """Mark that the rest of what was typed, an address perhaps, was not used."""
    if not isinstance(found, Located):
        return found
    return replace(found, only_postcode=True)


def folded(name: str) -> str:
    """Return a name as it is compared: small letters, no accents, "and" for "&", "st" for "saint", no punctuation."""
    plain = unicodedata.normalize("NFKD", name[:120]).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace("&", " and ")
    plain = re.sub(r"['’.]", "", plain)
    plain = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    return re.sub(r"\bsaint\b", "st", plain)


def of_name(typed: str) -> Outcome:
    """Say where a named place is."""
    city = settings.CITY
    wanted = folded(typed)
    if wanted and wanted != folded(city.name):
        wanted = wanted.removesuffix(f" {folded(city.name)}")
    if wanted in CITYWIDE or wanted in (folded(city.name), folded(city.council_name)):
        return whole_city()
    places = named_places()
    if wanted in places:
        return places[wanted]
    if any(char.isdigit() for char in typed) and len(typed) <= 10:
        return NotAPostcode(typed=typed)
    for one in city.neighbours:
        if wanted.removesuffix(" council") == folded(one.name):
            return OutsideCity(typed=typed, label=one.name, council_code=one.code, council=one.name, point=None)
    if wanted and (point := geocoder().find(typed)):
        return near_point(point, typed=typed)
    return PlaceUnknown(typed=typed, suggestions=like(wanted, places))


def whole_city() -> Located:
    """Return the place that stands for everywhere in the city."""
    city = settings.CITY
    return Located(point=None, council_code=city.council_code, ward="", locality="", label=city.name, kind=Kind.CITY)


def read_places() -> dict[str, Located]:
    """Return every place of the city by its folded name; a neighbourhood wins over a ward, a ward over a locality."""
    city = settings.CITY
    wards = {row[0]: row for row in Ward.objects.values_list("code", "name", "locality_id", "latitude", "longitude")}
    places: dict[str, Located] = {}
    for locality, name in Locality.objects.values_list("code", "name"):
        inside = [Point(row[3], row[4]) for row in wards.values() if row[2] == locality]
        here = Located(
            point=mean_point(inside), council_code=city.council_code, ward="", locality=locality,
            label=f"{name} {city.name}", kind=Kind.LOCALITY,
        )  # fmt: skip
        if inside:
            places[folded(name)] = places[folded(here.label)] = here
    for code, name, locality, latitude, longitude in wards.values():
        places[folded(name)] = Located(
            point=Point(latitude, longitude), council_code=city.council_code, ward=code, locality=locality,
            label=name, kind=Kind.WARD, ward_name=name,
        )  # fmt: skip
    for name, latitude, longitude, ward in Area.objects.values_list("name", "latitude", "longitude", "ward_id"):
        places[folded(name)] = Located(
            point=Point(latitude, longitude), council_code=city.council_code, ward=ward,
            locality=wards[ward][2], label=name, kind=Kind.AREA, ward_name=wards[ward][1],
        )  # fmt: skip
    return places


named_places = Memory(read_places, Locality, Ward, Area)


def like(wanted: str, places: Mapping[str, Located]) -> tuple[str, ...]:
    """Return the labels of places whose names are spelt nearly like ``wanted``."""
    begins = [name for name in places if len(wanted) >= 3 and name.startswith(wanted)]
    alike = get_close_matches(wanted, places, n=OFFERED, cutoff=ALIKE)
    return tuple(dict.fromkeys(places[name].label for name in [*begins, *alike]))[:OFFERED]


def near_point(point: Point, *, typed: str) -> Outcome:
    """Say which ward a geocoder's answer is nearest to, if it is in the city at all."""
    wards = list(Ward.objects.all())
    ward = min(wards, key=lambda one: distance_km(point, Point(one.latitude, one.longitude)), default=None)
    if ward is None or distance_km(point, Point(ward.latitude, ward.longitude)) > 3:
        return PlaceUnknown(typed=typed)
    return Located(
        point=point, council_code=settings.CITY.council_code, ward=ward.code, locality=ward.locality_id,
        label=typed, kind=Kind.AREA, ward_name=ward.name,
    )  # fmt: skip
