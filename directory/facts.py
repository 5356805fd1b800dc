"""
What a partner says about where and when: live at once, dated by the trail, told to the finder in the same transaction.

Only one thing of a place waits: how much of its address anybody may learn (`ChangeProposal`, INV-D4). Nobody's entry is
written over unseen: whoever comes second is told (`SomebodyElseWrote`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from directory import notifications
from directory.models import (
    Address,
    AddressVisibility,
    ChangeProposal,
    Closure,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
)
from directory.proposals import AlreadyWaiting, NothingWaits, Refused, SomebodyElseWrote, merged
from directory.signals import tell
from directory.words import Values, digest
from safekeeping import audit
from safekeeping.models import User
from safekeeping.policy import Hat

ADDRESS_LINES = ("address_1", "address_2", "city", "postal_code")
VENUE_COLUMNS = ("name", "bus_notes", "notes_public")
TIMES_COLUMNS = (
    "at_location_id",
    "byday",
    "opens_at",
    "closes_at",
    "valid_from_on",
    "valid_to_on",
    "term_time_only",
    "note",
)
CLOSURE_COLUMNS = ("at_location_id", "from_on", "until_on", "note")


class NoReason(Refused):
    """A no needs its reason: whoever proposed it reads it."""


# --- when: hours and closures ------------------------------------------------------------------------------------------------
def rows_of(found: QuerySet, columns: Sequence[str]) -> list[Values]:
    """Return rows as plain values, for a form and for its digest."""
    return [dict(zip(columns, row, strict=True)) for row in found.values_list(*columns)]


def plain(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the digest of rows, by which a form knows whether they are still the ones it showed."""
    return digest([{name: str(value) for name, value in row.items()} for row in rows])


def times_of(service: Service) -> list[Values]:
    """Return the regular times of a service."""
    return rows_of(Schedule.objects.filter(service=service).order_by("pk"), TIMES_COLUMNS)


def closures_of(service: Service, *, on: date) -> list[Values]:
    """Return the closures that are not over."""
    found = Closure.objects.filter(service=service, until_on__gte=on).order_by("from_on", "pk")
    return rows_of(found, CLOSURE_COLUMNS)


@transaction.atomic
def write_times(service: Service, rows: Sequence[Values], *, seen: str, by: Hat, at: datetime) -> None:
    """
    Put these regular times in the place of those there are; live at once.

    :raises SomebodyElseWrote: if they are not those any more that ``seen`` stands for
    """
    Service.objects.select_for_update().get(pk=service.pk)
    current = times_of(service)
    if plain(current) != seen and plain(rows) != plain(current):
        raise SomebodyElseWrote({"times": current})
    Schedule.objects.filter(service=service).delete()
    for row in rows:
        Schedule.objects.create(service=service, **row)
    tell(Schedule, [service.pk])
    audit.record("times_written", by=by, at=at, subject="service", ref=service.pk)


@transaction.atomic
def write_closures(service: Service, rows: Sequence[Values], *, seen: str, by: Hat, at: datetime, on: date) -> None:
    """
    Put these closures in the place of those that are not over; live at once.

    :raises SomebodyElseWrote: if they are not those any more that ``seen`` stands for
    """
    Service.objects.select_for_update().get(pk=service.pk)
    current = closures_of(service, on=on)
    if plain(current) != seen and plain(rows) != plain(current):
        raise SomebodyElseWrote({"closures": current})
    Closure.objects.filter(service=service, until_on__gte=on).delete()
    for row in rows:
        Closure.objects.create(service=service, **row)
    tell(Closure, [service.pk])
    audit.record("closures_written", by=by, at=at, subject="service", ref=service.pk)


# --- where -------------------------------------------------------------------------------------------------------------------
def own_venues(organization_id: UUID) -> QuerySet[Location]:
    """Return the places whose details this organization keeps."""
    return Location.objects.filter(organization_id=organization_id)


def usable_venues(organization_id: UUID) -> QuerySet[Location]:
    """Return the places where a service of theirs may happen: their own, and the stewards' whose address is no secret."""
    return Location.objects.filter(
        Q(organization_id=organization_id)
        | Q(organization=None, address_visibility=AddressVisibility.FULL, kind=Location.Kind.VENUE)
    )


@transaction.atomic
def happens_at(service: Service, location: Location, description: str, *, by: Hat, at: datetime) -> ServiceAtLocation:
    """Say that a service happens there, or say it otherwise; live at once."""
    row, _ = ServiceAtLocation.objects.update_or_create(
        service=service, location=location, defaults={"description": description}
    )
    tell(ServiceAtLocation, [service.pk])
    audit.record("happens_at", by=by, at=at, subject="service", ref=service.pk)
    return row


@transaction.atomic
def no_longer_at(row: ServiceAtLocation, *, by: Hat, at: datetime) -> None:
    """Say that a service does not happen there any more; its hours and closures of that place go with it."""
    service_id = row.service_id
    row.delete()
    tell(ServiceAtLocation, [service_id])
    audit.record("no_longer_at", by=by, at=at, subject="service", ref=service_id)


def venue_values(location: Location) -> Values:
    """Return the details of a place that its organization writes."""
    address = Address.objects.filter(location=location).first()
    return {
        **{column: getattr(location, column) for column in VENUE_COLUMNS},
        **{line: getattr(address, line, "") for line in ADDRESS_LINES},
        "access_needs": sorted(term.pk for term in location.access_needs.all()),
    }


@transaction.atomic
def add_venue(values: Values, *, wanted: str, found: Any, because: str = "", by: Hat, at: datetime) -> Location:
    """
    Add a place of this organization. Nothing of its address is shown until a steward has agreed to ``wanted``.

    :param found: what the postcode table says of its postcode, None if nothing
    """
    made = Location(organization_id=by.organization_id, address_visibility=AddressVisibility.NONE)
    put_venue(made, values, found)
    audit.record("venue_added", by=by, at=at, subject="location", ref=made.pk)
    if wanted != AddressVisibility.NONE:
        propose_visibility(made, wanted, because=because, by=by, at=at)
    return made


@transaction.atomic
def change_venue(
    location: Location, typed: Values, *, seen: Mapping[str, str], found: Any, by: Hat, at: datetime
) -> None:
    """
    Write the details of a place; live at once, except how much of its address is shown.

    :raises SomebodyElseWrote: if fields were changed meanwhile, and typed otherwise here
    """
    location = Location.objects.select_for_update().get(pk=location.pk)
    current = venue_values(location)
    kept, theirs = merged(typed, current, seen=seen, chosen={})
    if theirs:
        raise SomebodyElseWrote(theirs)
    moved = kept["postal_code"] != current["postal_code"]
    put_venue(location, kept, found if moved else None)
    tell(Location, list(location.at_services.values_list("service_id", flat=True)))
    audit.record("venue_changed", by=by, at=at, subject="location", ref=location.pk)


def put_venue(location: Location, values: Values, found: Any) -> None:
    """Write values onto a place, and where its postcode lies."""
    for column in VENUE_COLUMNS:
        setattr(location, column, values[column])
    if found is not None and getattr(found, "point", None):
        location.latitude, location.longitude = found.point.latitude, found.point.longitude
        location.council_code = found.council_code
        location.ward_id = getattr(found, "ward", "") or None
    location.save()
    location.access_needs.set(values["access_needs"])
    Address.objects.update_or_create(location=location, defaults={line: values[line] for line in ADDRESS_LINES})


# --- how much of an address anybody may learn -----------------------------------------------------------------------------------
@transaction.atomic
def propose_visibility(location: Location, becomes: str, *, because: str = "", by: Hat, at: datetime) -> ChangeProposal:
    """
    Ask the stewards to show more or less of an address.

    :raises AlreadyWaiting: while they have such a question about this place
    """
    location = Location.objects.select_for_update().get(pk=location.pk)
    if ChangeProposal.objects.filter(location=location, state=ChangeProposal.State.WAITING).exists():
        raise AlreadyWaiting
    made = ChangeProposal.objects.create(
        location=location,
        organization_id=by.organization_id,
        was=location.address_visibility,
        becomes=becomes,
        because=because,
        proposed_by_id=by.user_id,
        proposed_at=at,
    )
    audit.record(
        "visibility_proposed", by=by, at=at, subject="location", ref=location.pk, fields=["address_visibility"]
    )
    return made


@transaction.atomic
def withdraw_visibility(location: Location, *, by: Hat, at: datetime) -> None:
    """
    Take the question back.

    :raises NothingWaits: if it has been answered meanwhile, or there is none
    """
    waiting = ChangeProposal.objects.filter(location=location, state=ChangeProposal.State.WAITING)
    if not waiting.update(state=ChangeProposal.State.WITHDRAWN, decided_by=by.user_id, decided_at=at):
        raise NothingWaits
    audit.record("visibility_withdrawn", by=by, at=at, subject="location", ref=location.pk)


@transaction.atomic
def decide(
    proposal: ChangeProposal, *, approve: bool, reason: str, person: User, hat: Hat | None, address: str, at: datetime
) -> None:
    """
    Answer a question about an address as a steward; a yes is applied at once, and whoever asked is told.

    :param address: path of the partner's page about the place
    :raises NothingWaits: if it has been answered or taken back meanwhile
    :raises NoReason: if it is a no without a reason
    """
    if not approve and not reason.strip():
        raise NoReason
    state = ChangeProposal.State.APPROVED if approve else ChangeProposal.State.REFUSED
    waiting = ChangeProposal.objects.filter(pk=proposal.pk, state=ChangeProposal.State.WAITING)
    if not waiting.update(state=state, reason=reason.strip(), decided_by=person, decided_at=at):
        raise NothingWaits
    location = Location.objects.select_for_update().get(pk=proposal.location_id)
    if approve:
        location.address_visibility = proposal.becomes
        location.save(update_fields=["address_visibility"])
        tell(Location, list(location.at_services.values_list("service_id", flat=True)))
    audit.record(f"visibility_{state}", by=hat, actor=person.pk, at=at, subject="location", ref=location.pk)
    notifications.tell_of_decision(
        "approved" if approve else "refused",
        about="one of your places",  # its name may be what has to stay unsaid
        organization_id=proposal.organization_id,
        person=proposal.proposed_by,
        address=address,
        key=f"visibility:{proposal.pk}",
        at=at,
    )
