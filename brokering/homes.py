"""Where a child lives, as little of it as is kept, in the words of whoever may know it."""

from __future__ import annotations

from django.conf import settings

from brokering.models import PlacementRequest
from directory import geocoding
from directory.postcodes import PostcodesNotLoaded


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


def lives_in(row: PlacementRequest) -> str:
    """Return "Easton, BS5 6", as whoever asked reads it: the ward or another council, and the sector."""
    named = row.ward.name if row.ward else council_elsewhere(row.home_council)
    return ", ".join(part for part in (named, row.postcode_sector) if part)
