"""Gathers every service that might take a child, as `brokering.matching` wants it: always the same number of queries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from brokering.matching import Candidate, Rule, Serves, Venue
from directory import compliance
from directory.assumptions import limited
from directory.availability import LONDON, UNKNOWN, of_pool
from directory.eligibility import Ages
from directory.models import (
    COUNTED,
    FOR_ONE_CHILD,
    CapacityModel,
    CapacityPool,
    CoAttendance,
    EligibilityRule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from directory.models.service import ServiceContact
from directory.models.standing import Standing
from directory.whereabouts import NOT_SHOWN, shown

if TYPE_CHECKING:
    from safekeeping.policy import Hat

FIELDS = (
    "id", "name", "organization_id", "organization__name", "organization__telephone", "subject", "request_mode",
    "minimum_age", "maximum_age", "max_group_size", "travels_to_child", "lived_experience_staff", "co_attendance_check",
    "evidence_note", "service_type__code", "service_type__label", "service_type__plain_label", "standing__standing",
    "organization__standing__standing", "organization__standing__information_sharing_agreed_on",
    "organization__standing__information_sharing_expires_on", "organization__standing__compliance_due_on",
)  # fmt: skip
# Fields of a candidate that are words of a vocabulary, and the service's own name for them.
VOCABULARIES = {
    "harms": "harm_types",
    "settings": "delivery_settings",
    "compositions": "group_compositions",
    "times": "time_availabilities",
    "languages": "languages",
    "routes": "routes",
    "access_needs": "access_needs",
}
# Subjects that a child's request can lead to; a parents' group or a workshop is asked for otherwise.
FOR_A_CHILD = ("child", "any")


def gather(*, hat: Hat, at: datetime, only: UUID | None = None) -> list[Candidate]:
    """
    Return every published service for children that a coordinator may see; or ``only`` that one, if it is among them.

    Thirteen queries, however many services.
    """
    services = Service.objects.visible_to(hat).filter(subject__in=FOR_A_CHILD)
    if only is not None:
        services = services.filter(pk=only)
    rows = {row["id"]: row for row in services.order_by("name", "id").values(*FIELDS)}
    ids = list(rows)
    if not ids:
        return []
    words = {name: words_of(field, ids) for name, field in VOCABULARIES.items()}
    pools = pools_of(ids)
    venues = venues_of(ids)
    areas = areas_of(ids)
    rules = rules_of(ids)
    telephones = telephones_of(ids)
    shown_to_us = compliance.held_by(
        {row["organization_id"]: row["organization__standing__compliance_due_on"] for row in rows.values()}
    )
    today = at.astimezone(LONDON).date()
    found = []
    for one, row in rows.items():
        cannot_hold = why_no_place_can_be_held(pools[one])
        judged = [(pool, of_pool(pool, at=at, limited=limited())) for pool in for_a_child(pools[one])]
        pool, room = min(judged, key=lambda pair: (pair[1].rank, -(pair[1].free or 0)), default=(None, UNKNOWN))
        found.append(
            Candidate(
                service_id=one,
                name=row["name"],
                organization_id=row["organization_id"],
                organization=row["organization__name"],
                service_type=row["service_type__code"],
                service_type_words=row["service_type__plain_label"] or row["service_type__label"],
                subject=row["subject"],
                request_mode=row["request_mode"],
                closed_because=closed_because(row, shown_to_us[row["organization_id"]], today=today),
                ages=Ages(row["minimum_age"], row["maximum_age"]),
                serves=tuple(areas[one]) or (Serves("citywide"),),
                rules=tuple(rules[one]),
                one_to_one=None if row["max_group_size"] is None else row["max_group_size"] == 1,
                lived_experience=row["lived_experience_staff"],
                travels=row["travels_to_child"],
                venues=tuple(venues[one]),
                checks_co_attendance=row["co_attendance_check"] == CoAttendance.REQUIRED,
                has_evidence=bool(row["evidence_note"]),
                telephone=telephones.get(one) or row["organization__telephone"],
                pool_id=pool.pk if pool and not cannot_hold else None,
                cannot_hold=cannot_hold,
                starts_on=pool.starts_on if pool else None,
                availability=room,
                **{name: of[one] for name, of in words.items()},
            )
        )
    return found


def closed_because(row: dict[str, Any], held: compliance.Held, *, today: date) -> str:
    """Return why nothing about a child may be offered there, "" if it may (INV-S8)."""
    if not row["standing__standing"] == row["organization__standing__standing"] == Standing.OPEN:
        return "Not open to new requests at the moment"
    agreed = row["organization__standing__information_sharing_agreed_on"]
    expires = row["organization__standing__information_sharing_expires_on"]
    if agreed is None or agreed > today:
        return "No information-sharing agreement with them yet"
    if expires is not None and expires < today:
        return "Their information-sharing agreement has run out"
    return compliance.why_not(held, row["service_type__code"], on=today)


def words_of(field: str, ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    """Return the words of one vocabulary for each service, code to label, in the stewards' order."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    through = getattr(Service, field).through
    for service, code, label, plain in (
        through.objects.filter(service_id__in=ids)
        .order_by("taxonomyterm__position", "taxonomyterm__code")
        .values_list("service_id", "taxonomyterm__code", "taxonomyterm__label", "taxonomyterm__plain_label")
    ):
        found[service][code] = plain or label
    return found


def pools_of(ids: list[UUID]) -> dict[UUID, list[CapacityPool]]:
    """Return the pools that each service takes its places from."""
    found: dict[UUID, list[CapacityPool]] = defaultdict(list)
    for link in CapacityPool.services.through.objects.filter(service_id__in=ids).select_related("capacitypool"):
        found[link.service_id].append(link.capacitypool)
    return found


def for_a_child(pools: list[CapacityPool]) -> list[CapacityPool]:
    """Return the pools whose state matters to a child: not a team's, where the service has others too."""
    return [pool for pool in pools if pool.model not in COUNTED or pool.model in FOR_ONE_CHILD] or pools


def why_no_place_can_be_held(pools: list[CapacityPool]) -> str:
    """
    Return why none of a service's places can be promised to one child from here, "" if one can.

    Teams and rosters go to a place or a group (INV-C10). Places in several schools are each for that school's pupils, and
    which school is the child's is sealed: a place in the wrong one would be a promise to nobody.
    """
    if any(pool.model in COUNTED and pool.model not in FOR_ONE_CHILD for pool in for_a_child(pools)):
        return "They go to a place or a group. Ask for it in a request about one"
    if sum(pool.model == CapacityModel.SCHOOL_HOST_CASELOAD for pool in pools) > 1:
        return "Places are counted school by school. Ask them about the child’s own school"
    return ""


def venues_of(ids: list[UUID]) -> dict[UUID, list[Venue]]:
    """Return where each service happens; the ward is the true one (safety), point and name only what may be told."""
    found: dict[UUID, list[Venue]] = defaultdict(list)
    rows = ServiceAtLocation.objects.filter(service_id__in=ids).select_related("location__address", "location__ward")
    for row in rows.order_by("location__name", "location_id"):
        told = shown(row.location)
        found[row.service_id].append(
            Venue(
                ward=row.location.ward_id or "",
                point=told.point,
                name="" if told.label == NOT_SHOWN else told.label,
                exact=told.exact,
                locality=row.location.ward.locality_id if row.location.ward else "",
            )
        )
    return found


def areas_of(ids: list[UUID]) -> dict[UUID, list[Serves]]:
    """Return whom each service is for by where they live."""
    found: dict[UUID, list[Serves]] = defaultdict(list)
    for area in ServiceArea.objects.filter(service_id__in=ids).select_related("locality", "ward").order_by("pk"):
        place = area.locality or area.ward
        within = area.ward.locality_id if area.ward else ""
        named = (place.pk, place.name) if place else ("", "")
        found[area.service_id].append(Serves(area.extent, *named, within=within))
    return found


def rules_of(ids: list[UUID]) -> dict[UUID, list[Rule]]:
    """Return the eligibility rules of each service."""
    found: dict[UUID, list[Rule]] = defaultdict(list)
    for rule in EligibilityRule.objects.filter(service_id__in=ids).order_by("group", "pk"):
        found[rule.service_id].append(
            Rule(kind=rule.kind, message=rule.message, group=rule.group, value=rule.value, hard=rule.hard)
        )
    return found


def telephones_of(ids: list[UUID]) -> dict[UUID, str]:
    """Return the number under which each service is rung, where one is known."""
    contacts = ServiceContact.objects.filter(service_id__in=ids).exclude(telephone="").order_by("-pk")
    return dict(contacts.values_list("service_id", "telephone"))
