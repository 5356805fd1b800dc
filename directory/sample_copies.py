"""
The sample's invented services over and over, elsewhere in the city and under other names, for load; never in production.

Copies are made of rows, a table at a time, with ids that come from the original's id and the copy's number: two
installations that hold the same sample hold the same copies. What a real organization runs is never copied. A copy
has no revision and no manager, and nobody has taken a place in it through this site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from directory.models import (
    COUNTED,
    AddressVisibility,
    Area,
    CapacityPool,
    EligibilityRule,
    Location,
    Organization,
    OrganizationStanding,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceContact,
    ServiceStanding,
)
from directory.sample import MANY, NotInProduction, Say, id_of

BATCH = 500
COPY = "-copy-"
# Degrees: a copy lies within about half a mile of its neighbourhood's point.
SPREAD = 0.007


class NothingToCopy(Exception):
    """The sample is not there."""


def is_there(number: int) -> bool:
    """Tell whether that copy (the original is the first) is in this database."""
    return Service.objects.filter(slug__endswith=suffix(number), is_demo=True).exists()


def suffix(number: int) -> str:
    """Return what a copy's slug ends in."""
    return f"{COPY}{number}"


def multiply(times: int, *, say: Say = lambda line: None) -> int:
    """
    Make copies until the invented services are there ``times`` times; return how many services were added.

    Each copy is its own transaction, so that what is there already is passed over after an interruption. Searching
    finds them once the index has been made anew.

    :raises NotInProduction: in production
    :raises NothingToCopy: if the sample has not been loaded
    """
    if settings.ENVIRONMENT == "production":
        raise NotInProduction
    original = Original()
    if not original.services:
        raise NothingToCopy
    made = 0
    for number in range(2, times + 1):
        if not is_there(number):
            made += Copy(original, number).write()
        say(f"Copies: {number} of {times}, {made} services added")
    return made


class Original:
    """The rows that are copied, read once."""

    def __init__(self) -> None:
        own = Service.objects.filter(is_demo=True, organization__is_demo=True).exclude(slug__contains=COPY)
        self.services = list(own.order_by("slug"))
        ids = [one.pk for one in self.services]
        self.organizations = list(
            Organization.objects.filter(pk__in={one.organization_id for one in self.services}).order_by("slug")
        )
        self.organization_standings = list(OrganizationStanding.objects.filter(organization__in=self.organizations))
        self.standings = list(ServiceStanding.objects.filter(service__in=ids))
        self.areas = list(ServiceArea.objects.filter(service__in=ids).order_by("pk"))
        self.happens = list(ServiceAtLocation.objects.filter(service__in=ids).select_related("location").order_by("pk"))
        self.schedules = list(Schedule.objects.filter(service__in=ids).order_by("pk"))
        self.contacts = list(ServiceContact.objects.filter(service__in=ids).order_by("pk"))
        self.rules = list(EligibilityRule.objects.filter(service__in=ids).order_by("pk"))
        self.words = {
            attribute: list(
                getattr(Service, attribute)
                .through.objects.filter(service_id__in=ids)
                .order_by("pk")
                .values_list("service_id", "taxonomyterm_id")
            )
            for _, attribute, _ in MANY
        }
        self.pools = list(CapacityPool.objects.filter(services__in=ids, is_demo=True).distinct().order_by("pk"))
        self.shares: dict[UUID, list[UUID]] = defaultdict(list)
        links = CapacityPool.services.through.objects.filter(capacitypool_id__in=[one.pk for one in self.pools])
        for pool, service in links.values_list("capacitypool_id", "service_id"):
            self.shares[pool].append(service)
        self.neighbourhoods = list(Area.objects.select_related("ward").order_by("name"))


class Copy:
    """One copy of everything; ``number`` counts from 2."""

    def __init__(self, original: Original, number: int) -> None:
        self.original, self.number = original, number
        self.where = {one.pk: self.somewhere(one.pk) for one in original.services}
        self.homes = {one.pk: self.somewhere(one.pk) for one in original.organizations}

    def number_for(self, row: UUID, what: str, below: int) -> int:
        """Return a number from 0 to below ``below``, the same in every installation."""
        return id_of("copy", f"{what} {row} {self.number}").int % below

    def somewhere(self, row: UUID) -> Area:
        """Return the neighbourhood of that row's copy."""
        return self.original.neighbourhoods[self.number_for(row, "where", len(self.original.neighbourhoods))]

    def aside(self, row: UUID, what: str) -> float:
        """Return by how many degrees the copy lies beside its neighbourhood's point."""
        return (self.number_for(row, what, 2001) / 1000 - 1) * SPREAD

    def id(self, row: UUID) -> UUID:
        """Return the id of that row's copy."""
        return id_of("copy", f"{row} {self.number}")

    @transaction.atomic
    def write(self) -> int:
        """Write the copy, a table at a time; return how many services it has."""
        original = self.original
        keep(Organization, (self.organization(one) for one in original.organizations))
        keep(
            OrganizationStanding,
            (anew(one, organization_id=self.id(one.organization_id)) for one in original.organization_standings),
        )
        keep(Service, (self.service(one) for one in original.services))
        for rows in (original.standings, original.contacts, original.rules):
            keep(type(rows[0]), (anew(one, service_id=self.id(one.service_id)) for one in rows))
        for attribute, pairs in original.words.items():
            through = getattr(Service, attribute).through
            keep(through, (through(service_id=self.id(one), taxonomyterm_id=word) for one, word in pairs))
        keep(ServiceArea, (self.area(one) for one in original.areas))
        keep(Location, (self.location(one) for one in original.happens))
        keep(
            ServiceAtLocation,
            (
                anew(one, id=self.id(one.pk), service_id=self.id(one.service_id), location_id=self.place_id(one))
                for one in original.happens
            ),
        )
        keep(
            Schedule,
            (
                anew(
                    one,
                    service_id=self.id(one.service_id),
                    at_location_id=self.id(one.at_location_id) if one.at_location_id else None,
                )
                for one in original.schedules
            ),
        )
        keep(CapacityPool, (self.pool(one) for one in original.pools))
        through = CapacityPool.services.through
        keep(
            through,
            (
                through(capacitypool_id=self.id(pool), service_id=self.id(service))
                for pool, services in original.shares.items()
                for service in services
            ),
        )
        return len(original.services)

    def organization(self, one: Organization) -> Organization:
        return anew(
            one,
            id=self.id(one.pk),
            slug=one.slug[:100] + suffix(self.number),
            name=f"{one.name}, {self.homes[one.pk].name}",
            parent_id=None,
            website="",
            telephone="",
            source_ref="",
            live_revision_id=None,
            latest_revision_id=None,
        )

    def service(self, one: Service) -> Service:
        return anew(
            one,
            id=self.id(one.pk),
            slug=one.slug[:120] + suffix(self.number),
            name=f"{one.name}, {self.where[one.pk].name}",
            organization_id=self.id(one.organization_id),
            source_ref="",
            live_revision_id=None,
            latest_revision_id=None,
        )

    def area(self, one: ServiceArea) -> ServiceArea:
        """Move what is for one part of the city to the part where the copy is."""
        near = self.where[one.service_id].ward
        moved: dict[str, Any] = {"service_id": self.id(one.service_id)}
        if one.extent == ServiceArea.Extent.LOCALITY:
            moved["locality_id"] = near.locality_id
        elif one.extent == ServiceArea.Extent.WARD:
            moved["ward_id"] = near.pk
        return anew(one, **moved)

    def place_id(self, one: ServiceAtLocation) -> UUID:
        return self.id(id_of("place", str(one.pk)))

    def location(self, one: ServiceAtLocation) -> Location:
        """Make an invented room near the neighbourhood's point; one whose address is not shown stays so."""
        near = self.where[one.service_id]
        hidden = one.location.address_visibility != AddressVisibility.FULL
        return Location(
            id=self.place_id(one),
            name=one.location.name if hidden else f"A room in {near.name}",
            latitude=near.latitude + self.aside(one.pk, "north"),
            longitude=near.longitude + self.aside(one.pk, "east"),
            council_code=settings.CITY.council_code,
            ward_id=near.ward_id,
            address_visibility=one.location.address_visibility,
            is_demo=True,
        )

    def pool(self, one: CapacityPool) -> CapacityPool:
        """Copy a pool with a figure of its own; what was promised or given through this site was so in the original."""
        counted = one.model in COUNTED and one.total is not None
        return anew(
            one,
            id=self.id(one.pk),
            organization_id=self.id(one.organization_id),
            occupied=0,
            held=0,
            reserved=0,
            reserved_for="",
            external_occupied=self.number_for(one.pk, "taken", one.total + 1) if counted and one.total else 0,
            last_confirmed_by_id=None,
        )


def anew(row: Any, **changes: Any) -> Any:
    """Return an unsaved row that says the same, but for ``changes``; its number is given by the database unless changed."""
    told = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
    told.pop(row._meta.pk.attname)
    return type(row)(**{**told, **changes})


def keep(model: type[Model], rows: Iterable[Model]) -> None:
    """Write new rows of one table."""
    model._default_manager.bulk_create(list(rows), batch_size=BATCH)
