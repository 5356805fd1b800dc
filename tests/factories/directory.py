"""
Small makers of directory rows for tests: `organization()`, `service()`, `location()`, `pool()`, `term()`, `places()`.

Each makes what it needs and lets a keyword say otherwise. What they make is published and open unless a test says not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from directory import reports
from directory.geo import Point, mean_point
from directory.management.commands.load_places import load, rows
from directory.models import (
    COUNTED,
    FRESH_DAYS,
    Address,
    CapacityModel,
    CapacityPool,
    Location,
    OnCall,
    Organization,
    OrganizationStanding,
    Report,
    ReportKind,
    ReportState,
    RequestMode,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceStanding,
    Subject,
    Taxonomy,
    TaxonomyTerm,
    Ward,
)
from directory.reports import Told
from safekeeping.policy import Hat
from tests.factories.postcode_table import WARDS

AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
number = count(1)


def places(ward_of: dict[str, str] | None = None) -> None:
    """Load the city's localities, wards and neighbourhoods; a ward's middle is that of its neighbourhoods here."""
    folder: Path = settings.CITY.folder
    wards, areas = list(rows(folder / "wards.csv")), list(rows(folder / "areas.csv"))
    centres = {}
    for ward in wards:
        inside = [
            Point(float(area["latitude"]), float(area["longitude"]))
            for area in areas
            if area["ward_code"] == ward["ward_code"]
        ]
        centres[ward["ward_code"]] = mean_point(inside) or Point(*settings.CITY.centre)
    load(wards, areas, WARDS if ward_of is None else ward_of, centres)


def term(taxonomy: str, code: str, label: str = "") -> TaxonomyTerm:
    """Return that word of that vocabulary, made if it is not there."""
    parent, _ = Taxonomy.objects.get_or_create(
        code=taxonomy, defaults={"name": taxonomy.replace("_", " ").capitalize()}
    )
    made, _ = TaxonomyTerm.objects.get_or_create(
        taxonomy=parent, code=code, defaults={"label": label or code.replace("_", " ").capitalize()}
    )
    return made


def organization(name: str = "", *, standing: str = "open", visibility: str = "public", **fields: Any) -> Organization:
    """Make a published organization."""
    one = next(number)
    made = Organization.objects.create(
        **{
            "name": name or f"Organization {one}",
            "slug": f"organization-{one}",
            "organization_type": term("organization_type", "vcs_charity"),
            "live": True,
        }
        | fields
    )
    OrganizationStanding.objects.create(organization=made, standing=standing, visibility=visibility)
    return made


def service(
    name: str = "",
    *,
    by: Organization | None = None,
    standing: str = "open",
    visibility: str = "public",
    harms: Iterable[str] = (),
    compositions: Iterable[str] = (),
    at: Iterable[Location] = (),
    serves: Iterable[str] = ("citywide",),
    service_type: str = "community_mentoring",
    level: str = "targeted_diversion",
    assured_on: date | None = date(2026, 10, 5),
    **fields: Any,
) -> Service:
    """
    Make a published service.

    :param serves: "citywide", "anywhere", the code of a locality, or the code of a ward (which must be loaded)
    """
    one = next(number)
    made = Service(
        **{
            "organization": by or organization(),
            "name": name or f"Service {one}",
            "slug": f"service-{one}",
            "service_type": term("service_type", service_type),
            "intervention_level": term("intervention_level", level),
            "subject": Subject.CHILD,
            "request_mode": RequestMode.BROKER_ONLY,
            "summary": "One adult who stays alongside.",
            "minimum_age": 10,
            "maximum_age": 17,
            "live": True,
        }
        | fields
    )
    made.harm_types = [term("harm_type", code) for code in harms]
    made.group_compositions = [term("group_composition", code) for code in compositions]
    made.save()
    ServiceStanding.objects.create(service=made, standing=standing, visibility=visibility, assured_on=assured_on)
    for extent in serves:
        if extent in ("citywide", "anywhere"):
            ServiceArea.objects.create(service=made, extent=extent)
        elif Ward.objects.filter(code=extent).exists():
            ServiceArea.objects.create(service=made, extent="ward", ward_id=extent)
        else:
            ServiceArea.objects.create(service=made, extent="locality", locality_id=extent)
    for place in at:
        ServiceAtLocation.objects.create(service=made, location=place)
    return made


def location(
    name: str = "", *, point: Point | None = None, address: str = "", postcode: str = "", **fields: Any
) -> Location:
    """Make a place; its ward is nobody's unless ``ward_id`` says so."""
    made = Location.objects.create(
        **{
            "name": name or f"Place {next(number)}",
            "latitude": point.latitude if point else None,
            "longitude": point.longitude if point else None,
        }
        | fields
    )
    if address or postcode:
        Address.objects.create(location=made, address_1=address, city=settings.CITY.name, postal_code=postcode)
    return made


def pool(*services: Service, free: int | None = 2, taken: int = 3, at: datetime = AT, **fields: Any) -> CapacityPool:
    """Make places that those services share, confirmed at ``at``; ``free=None`` is a pool that nobody gave a number for."""
    kind = fields.pop("model", CapacityModel.CASELOAD_PLACES)
    counted = kind in COUNTED
    days = FRESH_DAYS[CapacityModel(kind)]
    if kind == CapacityModel.SESSION_SLOTS:
        fields = {"starts_on": at.date() + timedelta(days=7), "confirmed_until": at + timedelta(days=7)} | fields
    if kind == CapacityModel.RAPID_RESPONSE_ROTA:
        fields = {"on_call": OnCall.YOUTH_WORKER} | fields
    if kind == CapacityModel.SCHOOL_HOST_CASELOAD and "host_school" not in fields:
        fields["host_school"] = organization(organization_type=term("organization_type", "school_college"))
    made = CapacityPool.objects.create(
        **{
            "organization": services[0].organization,
            "name": "Places",
            "model": kind,
            "total": free + taken if counted and free is not None else None,
            "external_occupied": taken if counted and free is not None else 0,
            "confirm_every_days": days,
            "last_confirmed_at": at,
            "confirmed_until": at + timedelta(days=days),
        }
        | fields
    )
    made.services.set(services)
    return made


def report_in(state: str, *, at: datetime = AT) -> Report:
    """Return a report in that state, brought there by its own verbs."""
    told = Told(kind=ReportKind.WRONG, what="contact", text="The number has changed", service_id=service().pk)
    made = reports.send(told, network_address=f"192.0.2.{Report.objects.count()}", at=at)
    steward = Hat(0, 0, "A steward", "content_editor", organization().pk, "The council")
    if state == ReportState.LOOKING:
        reports.look(made, by=steward, at=at)
    elif state != ReportState.NEW:
        reports.answer(made, fixed=state == ReportState.FIXED, sentence="It is right now.", by=steward, at=at)
    return made
