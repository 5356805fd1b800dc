"""
Sample services, organizations and people for a demonstration, out of the city's folder; never in production.

Every row's id comes from its name in the files, and every date is so many days from the sample's today, so that two
installations that load on the same day hold the same rows. Figures are written through `directory.capacity`, as a
provider would say them: nothing in the ledger is made up behind its back.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from directory import capacity, hats, signals
from directory.availability import LONDON
from directory.models import (
    COUNTED,
    Address,
    AddressVisibility,
    CapacityModel,
    CapacityPool,
    EligibilityRule,
    Location,
    Membership,
    Organization,
    OrganizationStanding,
    Role,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceContact,
    ServiceStanding,
    Standing,
    TaxonomyTerm,
    Visibility,
    Ward,
)
from safekeeping.models import User
from safekeeping.policy import Hat

FAMILY = UUID("6f0d5a52-6ae5-5c7d-9d59-0f1b3c5c2a10")
# When nothing else is said: an entry was read six weeks ago and is read again a year after that.
ASSURED_DAYS_AGO = 42
ASSURED_FOR_DAYS = 365
MEMBER_FOR_DAYS = 120
AGREED_DAYS_AGO = 200
# A provider answers our morning e-mail at this time.
ANSWERED_AT = time(8, 15)

# Several values of one vocabulary: the key in the files, the field, the vocabulary.
MANY = (
    ("harm_types", "harm_types", "harm_type"),
    ("settings", "delivery_settings", "delivery_setting"),
    ("compositions", "group_compositions", "group_composition"),
    ("times", "time_availabilities", "time_availability"),
    ("languages", "languages", "language"),
    ("routes", "routes", "request_source"),
    ("access", "access_needs", "access_need"),
)
# What is copied as it stands, from the files to the field of the same name.
PLAIN = (
    "name", "subject", "summary", "what_happens", "what_we_do_not_do", "pattern", "response_time",
    "trauma_informed_statement", "rights_statement", "voice_statement", "safeguarding_statement", "evidence_note",
    "evidence_source", "legacy_tags", "source_ref", "dated_note", "pilot_question",
)  # fmt: skip

Say = Callable[[str], None]
Contribution = Callable[[datetime, Say], None]
_contributions: list[Contribution] = []


class NotInProduction(Exception):
    """Invented people and figures have no business among real ones."""


class SampleMistake(Exception):
    """The sample's files and the database do not fit together; the message says where."""


def also_load(contribution: Contribution) -> None:
    """Have an app above add its own sample, in the same transaction, once services and people are there."""
    if contribution not in _contributions:
        _contributions.append(contribution)


def id_of(kind: str, key: str) -> UUID:
    """Return the id that a sample row has in every installation."""
    return uuid5(FAMILY, f"{kind}:{key}")


def is_loaded() -> bool:
    """Tell whether the sample has been loaded into this database."""
    return User.objects.filter(is_demo=True).exists() and Service.objects.filter(is_demo=True).exists()


@transaction.atomic
def load(*, at: datetime, say: Say = lambda line: None, folder: Path | None = None) -> None:
    """
    Write the whole sample as of ``at``; where it is there already, put every row back as the files have it.

    Places that this site has given stay given: only what providers say is said again, as of ``at``.

    :raises NotInProduction: in production
    :raises SampleMistake: if the files name a word, a place or an organization that is not there
    """
    if settings.ENVIRONMENT == "production":
        raise NotInProduction
    Sample.read(folder or settings.CITY.folder / "sample", at=at, say=say).write()
    for contribution in _contributions:
        contribution(at, say)


@dataclass
class Sample:
    """The files, read, and what has been written of them so far."""

    at: datetime
    say: Say
    venues: list[dict[str, Any]]
    organizations: list[dict[str, Any]]
    people: list[dict[str, Any]]
    services: list[dict[str, Any]]
    hats: dict[str, Hat] = field(default_factory=dict)
    steward: User | None = None

    @classmethod
    def read(cls, folder: Path, *, at: datetime, say: Say) -> Sample:
        """Read the sample's files."""
        presets = told(folder / "presets.toml")
        return cls(
            at=at,
            say=say,
            venues=told(folder / "venues.toml")["venue"],
            organizations=told(folder / "organizations.toml")["organization"],
            people=told(folder / "people.toml")["person"],
            services=[
                {**presets.get(one.get("like", ""), {}), **one}
                for file in sorted(folder.glob("services_*.toml"))
                for one in told(file)["service"]
            ],
        )

    def write(self) -> None:
        """Write everything, in the order in which rows point at each other."""
        for line, things, write in (
            ("Organizations", self.organizations, self.write_organization),
            ("Venues", self.venues, self.write_venue),
            ("People", self.people, self.write_person),
            ("Standings of organizations", self.organizations, self.write_organization_standing),
            ("Services", self.services, self.write_service),
            ("Services whose places were said", self.services, self.write_pools),
        ):
            for one in things:
                write(one)
            self.say(f"{line}: {len(things)}")
        signals.tell(Service, (id_of("service", one["slug"]) for one in self.services))

    # --- places -------------------------------------------------------------------------------------------------------
    def write_venue(self, one: dict[str, Any]) -> None:
        """Write a location; one without a postcode stands at its neighbourhood's point."""
        if "area" in one:
            row = self.areas.get(one["area"])
            if row is None:
                raise SampleMistake(f"{one['key']}: {one['area']!r} is not in areas.csv")
            point, ward = (float(row["latitude"]), float(row["longitude"])), row["ward_code"]
        else:
            point, ward = (one["latitude"], one["longitude"]), self.wards_of_postcodes.get(one["postcode"], "")
        if ward not in self.wards:
            raise SampleMistake(f"{one['key']}: its ward {ward or '(unknown)'} is not loaded; run load_places first")
        location, _ = Location.objects.update_or_create(
            id=id_of("location", one["key"]),
            defaults={
                "name": one["name"],
                "kind": one.get("kind", Location.Kind.VENUE),
                "organization_id": id_of("organization", one["organization"]) if "organization" in one else None,
                "latitude": point[0],
                "longitude": point[1],
                "council_code": settings.CITY.council_code,
                "ward_id": ward,
                "address_visibility": one.get("visibility", AddressVisibility.FULL),
                "is_demo": one.get("is_demo", False),
                "source_ref": one.get("source_ref", ""),
            },
        )
        Address.objects.update_or_create(
            location=location,
            defaults={
                "address_1": one.get("street", ""),
                "city": settings.CITY.name,
                "postal_code": one.get("postcode", ""),
            },
        )

    # --- organizations and people -------------------------------------------------------------------------------------
    def write_organization(self, one: dict[str, Any]) -> None:
        """Write an organization and publish it, as a steward would."""
        key = id_of("organization", one["slug"])
        organization = Organization.objects.filter(pk=key).first() or Organization(pk=key)
        real = one.get("real", False)
        for name in (
            "slug", "name", "description", "website", "email", "telephone", "led_by", "legacy_tags", "source_ref"
        ):  # fmt: skip
            setattr(organization, name, one.get(name, ""))
        organization.organization_type = self.term("organization_type", one["type"], one["slug"])
        organization.parent_id = id_of("organization", one["parent"]) if "parent" in one else None
        organization.facts_as_at = one.get("facts_as_at")
        organization.is_real, organization.is_demo = real, not real
        organization.save()
        organization.save_revision(changed=False).publish()

    def write_organization_standing(self, one: dict[str, Any]) -> None:
        """Write an organization's standing; what a real one has signed is not ours to say."""
        agreed = not one.get("real", False) and one.get("information_sharing", True)
        OrganizationStanding.objects.update_or_create(
            organization_id=id_of("organization", one["slug"]),
            defaults={
                **self.standing(one),
                "information_sharing_agreed_on": self.day(-AGREED_DAYS_AGO) if agreed else None,
                "information_sharing_expires_on": self.day(ASSURED_FOR_DAYS - AGREED_DAYS_AGO) if agreed else None,
            },
        )

    def write_person(self, one: dict[str, Any]) -> None:
        """Write an invented person, who has no password, and their hats."""
        user, made = User.objects.update_or_create(
            email=one["email"],
            defaults={
                "name": one["name"],
                "is_demo": True,
                "is_active": True,
                "is_staff": one.get("staff", False),
                "is_superuser": one.get("superuser", False),
            },
        )
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        for hat in one["hats"]:
            membership, _ = Membership.objects.update_or_create(
                user=user,
                organization_id=id_of("organization", hat["organization"]),
                role=Role(hat["role"]),
                defaults={
                    "job_title": hat["job"],
                    "citywide": hat.get("citywide", False),
                    "from_on": self.day(-MEMBER_FOR_DAYS),
                    "until_on": self.day(hat["until_in_days"]) if "until_in_days" in hat else None,
                    "reason": "Made up for the demonstration",
                },
            )
            membership.localities.set(hat.get("localities", []))
            if membership.role == Role.CONTENT_EDITOR:
                self.steward = self.steward or user
            if membership.role == Role.PROVIDER_ADMIN:
                self.hats.setdefault(hat["organization"], hats.hat_of(membership))

    # --- services -----------------------------------------------------------------------------------------------------
    def write_service(self, one: dict[str, Any]) -> None:
        """Write a service, publish it, and say where, when and for which part of the map it is."""
        key = id_of("service", one["slug"])
        service = Service.objects.filter(pk=key).first() or Service(pk=key)
        service.slug = one["slug"]
        service.organization_id = id_of("organization", one["organization"])
        for name in PLAIN:
            setattr(service, name, one.get(name, ""))
        service.service_type = self.term("service_type", one["type"], one["slug"])
        service.intervention_level = self.term("intervention_level", one["level"], one["slug"])
        service.request_mode = one["mode"]
        service.minimum_age, service.maximum_age = one.get("ages", (None, None))
        service.duration_min_months, service.duration_max_months = one.get("months", (None, None))
        service.max_group_size = one.get("group_size")
        service.co_attendance_check = one.get("co_attendance", "not_needed")
        service.travels_to_child = one.get("travels", False)
        service.lived_experience_staff = one.get("lived_experience", False)
        service.facts_as_at = one.get("facts_as_at")
        service.pilot_from, service.pilot_decides_on = (
            (self.day(days) for days in one["pilot"]) if "pilot" in one else (None, None)
        )
        service.is_demo = one["organization"] not in self.real
        service.save()  # a revision needs a row; words and conditions travel in it, publishing writes them
        for name, attribute, taxonomy in MANY:
            setattr(service, attribute, [self.term(taxonomy, code, one["slug"]) for code in one.get(name, [])])
        service.contacts = [ServiceContact(**one["contact"])] if "contact" in one else []
        service.eligibility_rules = [rule_of(rule) for rule in one.get("rules", [])]
        service.save_revision(changed=False).publish()
        ServiceStanding.objects.update_or_create(
            service=service,
            defaults={**self.standing({}, one.get("visibility", "")), "note": one.get("steward_note", "")},
        )
        self.write_where_and_when(service, one)

    def write_where_and_when(self, service: Service, one: dict[str, Any]) -> None:
        """Write a service's part of the map, its locations and its hours."""
        service.areas.all().delete()
        for area in one["areas"]:
            service.areas.add(area_of(area), bulk=False)
        service.schedules.all().delete()
        at = {key: id_of("at", f"{one['slug']} {key}") for key in one.get("at", [])}
        for key, pk in at.items():
            ServiceAtLocation.objects.update_or_create(
                id=pk, defaults={"service": service, "location_id": id_of("location", key)}
            )
        for hours in one.get("schedules", []):
            Schedule.objects.create(
                service=service,
                at_location_id=at[hours["at"]] if "at" in hours else None,
                byday=hours["days"],
                opens_at=hours["opens"],
                closes_at=hours["closes"],
                term_time_only=hours.get("term", False),
                note=hours.get("note", ""),
            )

    def is_taken(self, one: dict[str, Any], told_pool: dict[str, Any], pk: UUID) -> bool:
        """Say whether somebody has added that session on their own, at the same time."""
        if "starts_in_days" not in told_pool:
            return False
        then = CapacityPool.objects.not_called_off().filter(
            organization=id_of("organization", one["organization"]),
            name=told_pool["name"],
            model=CapacityModel.SESSION_SLOTS,
            starts_on=self.day(told_pool["starts_in_days"]),
            begins_at=told_pool.get("begins"),
        )
        return then.exclude(pk=pk).exists()

    def write_pools(self, one: dict[str, Any]) -> None:
        """
        Make a service's pools and have the provider say their figures.

        :raises SampleMistake: if a real organization's pool carries a figure
        """
        # The latest day first: each moves on to a day that the one behind it has just left.
        for told_pool in sorted(one.get("pool", []), key=lambda told: -told.get("starts_in_days", 0)):
            if one["organization"] in self.real and "said" in told_pool:
                raise SampleMistake(f"{one['slug']}: we invent no figure for a real organization")
            pk = id_of("pool", f"{one['slug']} {told_pool.get('key', told_pool['name'])}")
            if self.is_taken(one, told_pool, pk):
                continue
            pool, made = CapacityPool.objects.update_or_create(
                id=pk,
                defaults={
                    "organization_id": id_of("organization", one["organization"]),
                    "name": told_pool["name"],
                    "model": told_pool["model"],
                    "starts_on": self.day(told_pool["starts_in_days"]) if "starts_in_days" in told_pool else None,
                    "ends_on": (
                        self.day(told_pool["ends_in_days"])
                        if "ends_in_days" in told_pool
                        else told_pool.get("ended_on")
                    ),
                    "begins_at": told_pool.get("begins"),
                    "called_off_at": None,
                    "host_school_id": (
                        id_of("organization", told_pool["host_school"]) if "host_school" in told_pool else None
                    ),
                    "confirm_every_days": capacity.fresh_days(told_pool["model"]),
                    "note": told_pool.get("note", ""),
                    "is_demo": one["organization"] not in self.real,
                },
            )
            shared_by = [one["slug"], *told_pool.get("also", [])]
            pool.services.set(Service.objects.filter(slug__in=shared_by))
            by = self.hats.get(one["organization"])
            said = told_pool.get("said", [])
            for days_ago, total, others in said if made else said[-1:]:
                counted = pool.model in COUNTED
                declaration = capacity.Declaration(
                    total=total if counted else None,
                    external_occupied=others if counted else 0,
                    waitlist_open=told_pool.get("waitlist", False),
                    wait_weeks=told_pool.get("wait_weeks"),
                    on_call=told_pool.get("on_call", ""),
                )
                capacity.declare(pool, declaration, by=by, at=self.morning(days_ago))
            if "paused_days_ago" in told_pool:
                capacity.pause(pool, by=by, at=self.morning(told_pool["paused_days_ago"]))

    # --- looking up ---------------------------------------------------------------------------------------------------
    def standing(self, one: Mapping[str, Any], visibility: str = "") -> dict[str, Any]:
        """Return the columns of a standing row."""
        assured = self.day(-one.get("assured_days_ago", ASSURED_DAYS_AGO))
        return {
            "standing": Standing(one.get("standing", Standing.OPEN)),
            "visibility": Visibility(visibility or Visibility.PUBLIC),
            "suspension_reason": one.get("suspension_reason", ""),
            "assured_on": assured,
            "assured_by": self.steward,
            "next_assurance_due_on": assured + timedelta(days=ASSURED_FOR_DAYS),
        }

    def day(self, days: int) -> date:
        """Return the day that many days after the sample's today."""
        return self.at.astimezone(LONDON).date() + timedelta(days=days)

    def morning(self, days_ago: int) -> datetime:
        """Return when a provider answered that many days ago; today's answer came ten minutes before ``at``."""
        if days_ago == 0:
            return self.at - timedelta(minutes=10)
        return datetime.combine(self.day(-days_ago), ANSWERED_AT, tzinfo=LONDON)

    def term(self, taxonomy: str, code: str, where: str) -> TaxonomyTerm:
        """
        Return a word of a vocabulary.

        :raises SampleMistake: if there is no such word
        """
        try:
            return self.terms[taxonomy, code]
        except KeyError:
            raise SampleMistake(f"{where}: {taxonomy} has no {code!r}; run load_vocabularies first") from None

    @cached_property
    def terms(self) -> dict[tuple[str, str], TaxonomyTerm]:
        return {(term.taxonomy_id, term.code): term for term in TaxonomyTerm.objects.all()}

    @cached_property
    def real(self) -> frozenset[str]:
        """Slugs of the organizations that exist."""
        return frozenset(one["slug"] for one in self.organizations if one.get("real"))

    @cached_property
    def wards(self) -> frozenset[str]:
        return frozenset(Ward.objects.values_list("code", flat=True))

    @cached_property
    def wards_of_postcodes(self) -> dict[str, str]:
        return {row["postcode"]: row["ward_code"] for row in rows(settings.CITY.folder / "postcode_wards.csv")}

    @cached_property
    def areas(self) -> dict[str, dict[str, str]]:
        return {row["name"]: row for row in rows(settings.CITY.folder / "areas.csv")}


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody who can be signed in as, under one of their hats; ``does`` is what that role is for."""

    user_id: int
    membership_id: int
    name: str
    email: str
    role: str
    role_name: str
    job_title: str
    organization: str
    does: str


def people(*, on: date) -> list[SamplePerson]:
    """Return the sample people with each of their hats in force on that day, role by role; one query."""
    does = told(settings.CITY.folder / "sample" / "people.toml")["roles"]
    order = [role.value for role in Role]
    memberships = (
        Membership.objects.current(on).filter(user__is_demo=True).select_related("user", "organization").order_by("pk")
    )
    return sorted(
        (
            SamplePerson(
                user_id=one.user_id,
                membership_id=one.pk,
                name=one.user.get_full_name(),
                email=one.user.email,
                role=one.role,
                role_name=one.get_role_display(),
                job_title=one.job_title,
                organization=one.organization.name,
                does=does.get(one.role, ""),
            )
            for one in memberships
        ),
        key=lambda person: order.index(person.role),
    )


def told(file: Path) -> dict[str, Any]:
    """Return what a file of the sample says."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the city's tables."""
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def rule_of(one: Mapping[str, Any]) -> EligibilityRule:
    """Return a condition; what is neither its kind, group nor message is its value."""
    value = {name: given for name, given in one.items() if name not in ("kind", "group", "message")}
    return EligibilityRule(
        kind=EligibilityRule.Kind(one["kind"]), group=one.get("group", 1), value=value, message=one["message"]
    )


def area_of(told_area: str) -> ServiceArea:
    """Return a part of the map: "citywide", "anywhere", a locality's code, or "ward:" and a ward's code."""
    if told_area in (ServiceArea.Extent.CITYWIDE, ServiceArea.Extent.ANYWHERE):
        return ServiceArea(extent=told_area)
    if told_area.startswith("ward:"):
        return ServiceArea(extent=ServiceArea.Extent.WARD, ward_id=told_area.removeprefix("ward:"))
    return ServiceArea(extent=ServiceArea.Extent.LOCALITY, locality_id=told_area)
