"""Everything that a service's page says, as plain values: what anybody may know, and not a row of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from directory import assumptions, evidence, schedules
from directory.assurance import Age, age_of, first_due
from directory.availability import LONDON, Availability, State, of_pool
from directory.cards import ServiceCard, cards_for
from directory.eligibility import alternatives
from directory.evidence import Evidence
from directory.models import (
    CapacityPool,
    Closure,
    Organization,
    RequestMode,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceContact,
)
from directory.schedules import Times
from directory.whereabouts import Whereabouts

if TYPE_CHECKING:
    from safekeeping.policy import Hat


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
    closures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pilot:
    """A service on trial: until when, to find out what, what was found, and what came after it."""

    since: date | None
    until: date | None
    question: str
    finding: str
    over: bool
    successor_slug: str
    successor: str


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
    about: str
    part_of: tuple[str, ...]
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
    pilot: Pilot | None
    asks_here: bool
    accepts_requests: bool
    closures: tuple[str, ...] = ()


# A team in a service in a department: nothing stands deeper, and a circle ends.
MOST_HOSTS = 3
# How somebody asks who asks here; everybody else is told whom to ask.
ASKED_HERE = (RequestMode.BROKER_ONLY,)


def page_of(service_id: UUID, *, hat: Hat | None, at: datetime) -> ServicePage | None:
    """Return the page of a service that ``hat`` may see, None if it may not."""
    card = cards_for([service_id], hat=hat, at=at).get(service_id)
    if card is None:
        return None
    service = Service.objects.select_related(
        "standing", "organization__standing", "organization__parent__parent__parent"
    ).get(pk=service_id)
    is_open = service.standing.standing == "open" and service.organization.standing.standing == "open"
    today = at.astimezone(LONDON).date()
    return page_about(service, card, is_open=is_open, overdue=is_overdue(service, today), hat=hat, at=at)


def page_about(
    service: Service, card: ServiceCard, *, is_open: bool, overdue: bool, hat: Hat | None = None, at: datetime
) -> ServicePage:
    """Return the page of ``service``, whose words may be those of a draft; facts are read from their own rows."""
    today = at.astimezone(LONDON).date()
    everything = list(Schedule.objects.filter(service_id=service.pk).order_by("pk"))
    closed = list(Closure.objects.filter(service_id=service.pk, until_on__gte=today - timedelta(days=1)))
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
        open_now=schedules.is_open(everything, at=at, closures=closed)
        if card.request_mode == RequestMode.OPEN_ACCESS
        else None,
        places=places_of(service.pk, card, everything, closed, today),
        contacts=tuple(contact(one, service) for one in service.contacts.all()),
        website=service.organization.website if service.organization_id else "",
        led_by=service.organization.led_by if service.organization_id else "",
        about=service.organization.description if service.organization_id else "",
        part_of=hosts(service.organization.parent) if service.organization_id else (),
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
        pilot=pilot_of(service, hat=hat, on=today),
        asks_here=is_open and service.request_mode in ASKED_HERE,
        accepts_requests=is_open,
        closures=tuple(schedules.upcoming([one for one in closed if one.at_location_id is None], on=today)),
    )


def contact(row: ServiceContact, service: Service) -> Contact:
    """Return how somebody is reached: one who has neither address nor number, at the organization's address."""
    organization = service.organization if service.organization_id else None
    of_theirs = organization.email if organization and not (row.email or row.telephone) else row.email
    return Contact(row.name, of_theirs, row.telephone)


def hosts(organization: Organization | None) -> tuple[str, ...]:
    """Return what ``organization`` is and belongs to, the widest first; none where it is None."""
    names: list[str] = []
    while organization is not None and len(names) < MOST_HOSTS:
        names.insert(0, organization.name)
        organization = organization.parent
    return tuple(names)


def pools_of(service_id: UUID, organization: str, *, at: datetime) -> tuple[Pool, ...]:
    """Return the pools, the next days first; what is over only where everything is."""
    pools = [
        (pool, of_pool(pool, at=at, limited=assumptions.limited()))
        for pool in CapacityPool.objects.filter(services=service_id).order_by(
            F("starts_on").asc(nulls_first=True), "begins_at", "name", "pk"
        )
    ]
    still = [(pool, room) for pool, room in pools if room.state != State.ENDED] or pools
    return tuple(
        Pool(
            pool.name,
            room,
            said_by(organization, room.checked_at, at=at),
            asked_every(assumptions.believed_for(pool, pool.model)),
        )
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


def places_of(
    service_id: UUID, card: ServiceCard, everything: list, closed: list[Closure], today: date
) -> tuple[Place, ...]:
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
                closures=tuple(schedules.upcoming([one for one in closed if one.at_location_id == row.pk], on=today)),
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
    """Say whether nobody has vouched for the words for too long (INV-D1)."""
    standing = service.standing
    if standing.assured_on is None and standing.next_assurance_due_on is None:
        return True
    due = standing.next_assurance_due_on or first_due(standing.assured_on, on=today)
    return age_of(due, on=today) in (Age.OVERDUE, Age.TOO_OLD)


def pilot_of(service: Service, *, hat: Hat | None, on: date) -> Pilot | None:
    """Return what is said of a service as a pilot, None if it is none; what came after it only to whom may see that."""
    if service.pilot_from is None and service.pilot_decides_on is None:
        return None
    over = bool(service.pilot_finding) or (service.pilot_decides_on is not None and service.pilot_decides_on < on)
    after = None
    if over and service.pilot_successor_id:
        after = Service.objects.visible_to(hat).filter(pk=service.pilot_successor_id).values("slug", "name").first()
    return Pilot(
        since=service.pilot_from,
        until=service.pilot_decides_on,
        question=service.pilot_question,
        finding=service.pilot_finding,
        over=over,
        successor_slug=after["slug"] if after else "",
        successor=after["name"] if after else "",
    )
