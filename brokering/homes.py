"""Where a child lives or stays: as little of it as is kept, and its words for whoever may know it."""

from __future__ import annotations

from django.conf import settings

from brokering.answers import RoughHome
from brokering.models import NoPostcode, PlacementRequest
from directory import geocoding
from directory.models import Locality, Ward
from directory.postcodes import PostcodesNotLoaded
from safekeeping.sealed import blind_index

IN_THE_CITY = "city"
OUTSIDE = "Outside the city"


# --- keeping it ---
def keep_place(row: PlacementRequest, place: geocoding.Outcome) -> None:
    """Write where the child lives, as little of it as is needed; what is no postcode changes nothing."""
    match place:
        case geocoding.Located(kind=geocoding.Kind.POSTCODE):
            row.ward_id, row.locality_id = place.ward or None, place.locality or None
            row.home_council, sector = place.council_code, place.sector
        case geocoding.OutsideCity() | geocoding.PostcodeTerminated():
            row.ward_id = row.locality_id = None
            row.home_council, sector = place.council_code, place.sector
        case _:
            return
    row.no_postcode_because = ""
    row.postcode_sector = sector
    row.sector_index = blind_index(sector)


def keep_rough(row: PlacementRequest, home: RoughHome) -> None:
    """Write in which part of the city, or in which other council, a child stays who has no postcode to give."""
    kind, _, code = home.area.partition(":")
    ward = Ward.objects.filter(pk=code).first() if kind == "ward" else None
    row.ward = ward
    row.locality_id = ward.locality_id if ward else code if kind == "locality" else None
    row.home_council = code if kind == "council" else settings.CITY.council_code
    row.postcode_sector = row.sector_index = ""
    row.no_postcode_because = home.because


def rough_errors(home: RoughHome) -> dict[str, str]:
    """Return what cannot be kept of it."""
    errors = {}
    if home.because not in NoPostcode.values:
        errors["no_postcode_because"] = "Say why you cannot give a postcode"
    if home.area not in {code for _, areas in areas_to_choose() for code, _ in areas}:
        errors["area"] = "Choose where they mostly are"
    return errors


def areas_to_choose() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what may be said instead of a postcode, in groups: code and words."""
    localities = Locality.objects.order_by("name").values_list("code", "name")
    wards = Ward.objects.order_by("name").values_list("code", "name")
    return [
        (
            "A part of the city",
            [
                *((f"locality:{code}", name) for code, name in localities),
                (IN_THE_CITY, f"Somewhere in {settings.CITY.name}"),
            ],
        ),
        ("A ward", [(f"ward:{code}", name) for code, name in wards]),
        ("Another council", [(f"council:{one.code}", one.name) for one in settings.CITY.neighbours]),
    ]


def rough_of(row: PlacementRequest) -> RoughHome:
    """Return what was said instead of a postcode; nothing where a postcode was given."""
    if not row.no_postcode_because:
        return RoughHome()
    if row.ward_id:
        area = f"ward:{row.ward_id}"
    elif row.locality_id:
        area = f"locality:{row.locality_id}"
    else:
        area = IN_THE_CITY if in_city(row) else f"council:{row.home_council}"
    return RoughHome(because=row.no_postcode_because, area=area)


# --- saying it ---
def in_city(row: PlacementRequest) -> bool:
    """Say whether the child lives in the city that this installation serves."""
    return row.home_council == settings.CITY.council_code


def council_elsewhere(code: str) -> str:
    """Return the name of another council than ours, "" for ours and for one that we do not know."""
    if not code or code == settings.CITY.council_code:
        return ""
    for one in settings.CITY.neighbours:
        if one.code == code:
            return str(one.name)
    try:
        return next((geocoding.council_name(c) for c in geocoding.postcode_table().councils() if c.code == code), "")
    except PostcodesNotLoaded:
        return ""


def area_of(row: PlacementRequest) -> str:
    """Return the ward, else the part of the city, else the city or another council: as near as is known."""
    if row.ward:
        return row.ward.name
    if row.locality:
        return row.locality.name
    return settings.CITY.name if in_city(row) else council_elsewhere(row.home_council) or OUTSIDE


def locality_of(row: PlacementRequest) -> str:
    """Return the part of the city, else the city: all that a provider may know before it has answered."""
    if row.locality:
        return row.locality.name
    return settings.CITY.name if in_city(row) else OUTSIDE


def no_postcode(row: PlacementRequest) -> str:
    """Return "No postcode: they have no fixed address", "" where there is one."""
    if not row.no_postcode_because:
        return ""
    because = NoPostcode(row.no_postcode_because).label
    return f"No postcode: {because[:1].lower()}{because[1:]}"


def lives_in(row: PlacementRequest) -> str:
    """Return "Easton, BS5 6" as whoever asked reads it; the sector is all that is kept of a postcode."""
    if not row.home_council:
        return ""
    return ". ".join(filter(None, [", ".join(filter(None, [area_of(row), row.postcode_sector])), no_postcode(row)]))
