"""
What the scanner of free text may take for a place or an organization and not for a person: every name that the directory shows.

Read anew each time, so that a school that was entered a minute ago is no name of a child. The name of a place whose
address is not shown is not among them: whoever guesses it learns nothing here (INV-P7).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from directory.models import AddressVisibility, Area, Locality, Location, Organization, Service, Ward
from safekeeping import personal_data


def register() -> None:
    """Contribute the directory's names to the scanner."""
    personal_data.contribute(names)


def names() -> Iterator[str]:
    """Yield the name of the city and its parts, of venues, schools and other organizations, and of services."""
    yield from (settings.CITY.name, settings.CITY.council_name, settings.CITY.front_door.short_name, settings.CITY.team)
    yield from (neighbour.name for neighbour in settings.CITY.neighbours)
    for model in (Locality, Ward, Area):
        yield from model._default_manager.values_list("name", flat=True)
    shown = Location.objects.filter(address_visibility=AddressVisibility.FULL)
    yield from shown.values_list("name", flat=True)
    yield from Organization.objects.filter(live=True).values_list("name", flat=True)
    yield from Service.objects.published().values_list("name", flat=True)
