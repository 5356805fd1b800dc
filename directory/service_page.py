"""Everything that a service's page says, as plain values: what anybody may know, and not a row of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from directory import evidence, schedules
from directory.availability import LONDON, Availability, State, of_pool
from directory.cards import ServiceCard, cards_for
from directory.eligibility import alternatives
from directory.evidence import Evidence
from directory.models import CapacityPool, RequestMode, Schedule, Service, ServiceAtLocation
from directory.schedules import Times
from directory.whereabouts import Whereabouts

if TYPE_CHECKING:
    from safekeeping.policy import Hat

# An entry that nobody has read for this long says so (domain §3.4: assurance overdue).
ASSURED_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool of the service; ``name`` is told where there are several, ``said`` is who said so and when."""

    name: str
    availability: Availability
    said: str
    asked: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place where it happens, with its times and what it offers."""

    whereabouts: Whereabouts
    access: tuple[str, ...]
    times: tuple[Times, ...]
    description: str


@dataclass(frozen=True, slots=True)
class ServicePage:
    """See the template: one field for each thing it says."""

    card: ServiceCard
    pools: tuple[Pool, ...]
    conditions: tuple[str, ...]
    harms: tuple[str, ...]
    routes: tuple[str, ...]
    languages: tuple[str, ...]
    settings: tuple[str, ...]
    times: tuple[Times, ...]
    usual_times: tuple[str, ...]
    open_now: bool | None
    places: tuple[Place, ...]
    contacts: tuple[Contact, ...]
    website: str
    led_by: str
    what_happens: str
    what_we_do_not_do: str
    pattern: str
    response_time: str
    duration: str
    group_size: int | None
    co_attendance: bool
    lived_experience: bool
    trauma_informed: str
    rights: str
    voice: str
    safeguarding: str
    evidence_note: str
    evidence_source: str
    evidence: tuple[Evidence, ...]
    dated_note: str
    assurance_overdue: bool
    asks_here: bool
    accepts_requests: bool


# How somebody asks who asks here; everybody else is told whom to ask.
ASKED_HERE = (RequestMode.BROKER_ONLY,)


def page_of(service_id: UUID, *, hat: Hat | None, at: datetime) -> ServicePage | None:
    """Return the page of a service that ``hat`` may see, None if it may not."""
    card = cards_for([service_id], hat=hat, at=at).get(service_id)
    if card is None:
        return None
    service = Service.objects.select_related("organization", "standing", "organization__standing").get(pk=service_id)
    is_open = service.standing.standing == "open" and service.organization.standing.standing == "open"
    return page_about(service, card, is_open=is_open, overdue=is_overdue(service, at.astimezone(LONDON).date()), at=at)


def page_about(service: Service, card: ServiceCard, *, is_open: bool, overdue: bool, at: datetime) -> ServicePage:
    """Return the page of ``service``, whose words may be those of a draft; facts are read from their own rows."""
    today = at.astimezone(LONDON).date()
    everything = list(Schedule.objects.filter(service_id=service.pk).order_by("pk"))
    return ServicePage(
        card=card,
        pools=pools_of(service.pk, card.organization, at=at),
        conditions=tuple(alternatives(service.eligibility_rules.values_list("group", "message"))),
        harms=words(service, "harm_types"),
        routes=words(service, "routes"),
        languages=words(service, "languages"),
        settings=words(service, "delivery_settings"),
        usual_times=words(service, "time_availabilities"),
        times=tuple(schedules.table([one for one in everything if one.at_location_id is None], on=today)),
        open_now=schedules.is_open(everything, at=at) if card.request_mode == RequestMode.OPEN_ACCESS else None,
        places=places_of(service.pk, card, everything, today),
        contacts=tuple(Contact(one.name, one.email, one.telephone) for one in service.contacts.all()),
        website=service.organization.website if service.organization_id else "",
        led_by=service.organization.led_by if service.organization_id else "",
        what_happens=service.what_happens,
        what_we_do_not_do=service.what_we_do_not_do,
        pattern=service.pattern,
        response_time=service.response_time,
        duration=months(service.duration_min_months, service.duration_max_months),
        group_size=service.max_group_size,
        co_attendance=service.co_attendance_check == "required",
        lived_experience=service.lived_experience_staff,
        trauma_informed=service.trauma_informed_statement,
        rights=service.rights_statement,
        voice=service.voice_statement,
        safeguarding=service.safeguarding_statement,
        evidence_note=service.evidence_note,
        evidence_source=service.evidence_source,
        evidence=evidence.of_service(service),
        dated_note=service.dated_note,
        assurance_overdue=overdue,
        asks_here=is_open and service.request_mode in ASKED_HERE,
        accepts_requests=is_open,
    )


def pools_of(service_id: UUID, organization: str, *, at: datetime) -> tuple[Pool, ...]:
    """Return the pools, the next days first; what is over only where everything is."""
    pools = [
        (pool, of_pool(pool, at=at))
        for pool in CapacityPool.objects.filter(services=service_id).order_by(
            F("starts_on").asc(nulls_first=True), "begins_at", "name", "pk"
        )
    ]
    still = [(pool, room) for pool, room in pools if room.state != State.ENDED] or pools
    return tuple(
        Pool(pool.name, room, said_by(organization, room.checked_at, at=at), asked_every(pool.confirm_every_days))
        for pool, room in still
    )


def said_by(organization: str, checked_at: datetime | None, *, at: datetime) -> str:
    """Return "Umoja Path said so on Saturday 14 November"; the organization answers for its figures, not a person."""
    if checked_at is None:
        return ""
    day, today = checked_at.astimezone(LONDON), at.astimezone(LONDON)
    if day.date() == today.date():
        return f"{organization} said so today"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{organization} said so on {day:%A} {day.day} {day:%B}{year}"


def asked_every(days: int) -> str:
    """Return how often the provider is asked, "" of what needs no asking: a session's figure is good until it begins."""
    if not days:
        return ""
    return "Asked every day." if days == 1 else f"Asked every {days} days."


def words(service: Service, name: str) -> tuple[str, ...]:
    """Return the words of one of the service's vocabularies, in the stewards' order; of a draft, those of the draft."""
    terms = sorted(getattr(service, name).all(), key=lambda term: (term.position, term.code))
    return tuple(term.shown for term in terms)


def places_of(service_id: UUID, card: ServiceCard, everything: list, today: date) -> tuple[Place, ...]:
    """Return the places, each with its own times; of an address that is not shown, neither description nor access."""
    known = {one.location_id: one for one in card.places}
    rows = ServiceAtLocation.objects.filter(service_id=service_id).prefetch_related("location__access_needs")
    made = []
    for row in rows:
        where = known[row.location_id]
        times = schedules.table([one for one in everything if one.at_location_id == row.pk], on=today)
        made.append(
            Place(
                whereabouts=where,
                access=tuple(term.shown for term in row.location.access_needs.all()) if where.exact else (),
                times=tuple(times),
                description=row.description if where.exact else "",
            )
        )
    return tuple(sorted(made, key=lambda place: place.whereabouts.label))


def months(least: int | None, most: int | None) -> str:
    """Return "3 to 12 months"."""
    match least, most:
        case None, None:
            return ""
        case None, longest:
            return f"up to {longest} month{'' if longest == 1 else 's'}"
        case shortest, None:
            return f"from {shortest} month{'' if shortest == 1 else 's'}"
        case shortest, longest if shortest == longest:
            return f"{longest} month{'' if longest == 1 else 's'}"
        case shortest, longest:
            return f"{shortest} to {longest} months"


def is_overdue(service: Service, today: date) -> bool:
    """Say whether the entry has not been read and approved for too long (INV-D1)."""
    due = service.standing.next_assurance_due_on
    if due is None and service.standing.assured_on is not None:
        due = service.standing.assured_on + ASSURED_FOR
    return due is None or due < today
