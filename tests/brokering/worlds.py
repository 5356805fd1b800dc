"""
Small random worlds, many at a time, each made of whatever can meet whatever: `neighbours(start, count)`.

A world has a few people with dated memberships in four organizations, requests for children and for places, offers, places,
messages and named readers, in any state and with any relation. Rows are written directly into their states, those of all
neighbours at once: they stand beside each other in one database, and what is seen across a fence is a finding. World
number n is always the same one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from brokering.models import (
    CONTEXT_EDITABLE,
    CONTEXT_OVER,
    EDITABLE,
    OVER,
    ContactCard,
    ContextRequest,
    ContextState,
    MatchRun,
    Message,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestHistory,
    RequestReader,
    RequestState,
    SupportPlace,
    TriageDecision,
)
from brokering.profiles import PseudonymousProfile
from directory.models import (
    CapacityPool,
    Locality,
    Membership,
    Organization,
    OrganizationStanding,
    Role,
    Service,
    TaxonomyTerm,
)
from safekeeping.models import User
from safekeeping.policy import Hat
from tests.brokering import oracle
from tests.brokering.oracle import Facts
from tests.factories import directory as make
from tests.factories.brokering import AT, DAY, HOUR

TODAY = AT.date()
PROFILE = PseudonymousProfile(
    headline="Knives or weapons", age_band="13 to 15", area="East", harms=(), risk="", risk_set_by="", risk_set_on="",
    wishes="", wishes_not_asked_because="", good_times=(), good_times_note="", access_needs=(), goals=(),
).as_text()  # fmt: skip
# Those who meet a child come oftener than those who never may.
MEETING = [Role.COORDINATOR, Role.PROFESSIONAL, Role.SCHOOL_DSL, Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER]
ROLES = [*Role, *3 * MEETING, Role.PARTNERSHIP_TEAM]
DATES = [
    (TODAY - timedelta(days=90), None),
    (TODAY - timedelta(days=90), None),
    (TODAY, None),
    (TODAY - timedelta(days=90), TODAY),
    (TODAY - timedelta(days=90), TODAY - timedelta(days=1)),  # over since yesterday
    (TODAY + timedelta(days=1), None),  # begins tomorrow
]


@dataclass(slots=True)
class Common:
    """What the worlds share because no right hangs on it: two services, the pool behind them, an organization type."""

    services: list[Service]
    pool: CapacityPool
    kind: TaxonomyTerm


@dataclass(slots=True)
class World:
    """One world: its people, who may do what in it, and its part of the `Facts`."""

    number: int
    people: list[User] = field(default_factory=list)
    memberships: list[tuple[Membership, frozenset[str]]] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    standing: dict[UUID, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    hats: list[Hat] = field(default_factory=list)


def common() -> Common:
    """Make what the worlds share."""
    by = make.organization("A provider")
    services = [make.service("One service", by=by), make.service("Another service", by=by)]
    return Common(services, make.pool(services[0], free=3), by.organization_type)


class Rows:
    """Rows that wait to be written, table by table, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self.waiting: dict[type[Model], list[Any]] = {}

    def add(self, row: Any) -> Any:
        self.waiting.setdefault(type(row), []).append(row)
        return row

    def write(self) -> None:
        for model, rows in self.waiting.items():
            model._default_manager.bulk_create(rows)


@contextmanager
def neighbours(shared: Common, start: int, count: int, *, seed: str) -> Iterator[list[World]]:
    """Give these worlds, written; they are gone afterwards."""
    with transaction.atomic():
        dice = (random.Random(f"{seed}:{number}") for number in range(start, start + count))  # noqa: S311 - to be repeated
        worlds = [(peopled(start + one, thrown), thrown) for one, thrown in enumerate(dice)]
        people = [person for world, _ in worlds for person in world.people]
        User.objects.bulk_create(people)
        rows = Rows()
        for world, dice in worlds:
            fill(world, dice, shared, rows)
        rows.write()
        hats_granted(worlds)
        yield [world for world, _ in worlds]
        transaction.set_rollback(True)


def peopled(number: int, dice: random.Random) -> World:
    """Return a world with people who have no key yet; the database gives them one."""
    world = World(number)
    for one in range(dice.randint(2, 3)):
        address = f"person{number}.{one}@example.example"
        world.people.append(User(email=address, name=f"Person {number}.{one}", is_active=dice.random() < 0.93))
    return world


def fill(world: World, dice: random.Random, shared: Common, rows: Rows) -> None:
    """Put everything else into a world."""
    codes = [f"{name}-{world.number}" for name in ("here", "there")]
    for code in codes:
        rows.add(Locality(code=code, name=code))
    for one in range(3):
        organization = rows.add(
            Organization(
                name=f"Organization {world.number}.{one}", slug=f"world-{world.number}-{one}",
                organization_type=shared.kind, live=True,
            )
        )  # fmt: skip
        standing = dice.choice(["open"] * 12 + ["restricted", "suspended", "archived"])
        rows.add(OrganizationStanding(organization=organization, standing=standing))
        world.organizations.append(organization)
        world.standing[organization.pk] = standing
    for person in world.people:
        for _ in range(dice.choice([1, 1, 2])):
            world.memberships.append(membership(dice, person, world, codes))
    for one in range(dice.randint(2, 3)):
        child(world, dice, shared, rows, codes, one)
    for one in range(dice.randint(1, 2)):
        place_asked_for(world, dice, rows, codes, one)


def membership(dice: random.Random, person: User, world: World, codes: list[str]) -> tuple[Membership, frozenset[str]]:
    """Return a hat that may be on or off, and its localities."""
    role = dice.choice(ROLES)
    from_on, until_on = dice.choice(DATES)
    where = dice.choice([(), (codes[0],), (codes[1],), (codes[0],), tuple(codes)])
    one = Membership(
        user=person, organization=dice.choice(world.organizations), role=role, from_on=from_on, until_on=until_on,
        citywide=role == Role.COORDINATOR and dice.random() < 0.15,
    )  # fmt: skip
    return one, frozenset(where)


def hats_granted(worlds: list[tuple[World, random.Random]]) -> None:
    """Write the memberships, and put beside each world the hats that somebody can wear in it today, as the oracle says."""
    granted = [one for world, _ in worlds for one in world.memberships]
    Membership.objects.bulk_create([row for row, _ in granted])
    through = Membership.localities.through
    through.objects.bulk_create(
        [through(membership_id=row.pk, locality_id=code) for row, where in granted for code in sorted(where)]
    )
    for world, _ in worlds:
        world.hats = [
            Hat(
                membership_id=row.pk, user_id=row.user_id, person=row.user.name, role=row.role,
                organization_id=row.organization_id, organization=row.organization.name, localities=where,
                citywide=row.citywide, role_label=row.get_role_display(),
            )
            for row, where in world.memberships
            if oracle.in_force(
                row, standing=world.standing[row.organization_id], active=row.user.is_active, on=TODAY
            )
        ]  # fmt: skip


def some(world: World, dice: random.Random, *roles: str) -> tuple[User, Organization]:
    """Return somebody and their organization, mostly one with such a hat; now and then any two."""
    fitting = [row for row, _ in world.memberships if row.role in roles]
    if fitting and dice.random() < 0.8:
        one = dice.choice(fitting)
        return one.user, one.organization
    return dice.choice(world.people), dice.choice(world.organizations)


def child(world: World, dice: random.Random, shared: Common, rows: Rows, codes: list[str], one: int) -> None:
    """Add a child's request with all that can hang on it."""
    facts = world.facts
    state = dice.choice(list(RequestState))
    # A draft that locked itself after it was sent does not exist; one that was sent is never unsent.
    sent = state not in EDITABLE
    who, where = some(world, dice, *oracle.ASKS)
    request = rows.add(
        PlacementRequest(
            state=state,
            state_since=AT,
            public_ref=f"W-{world.number}-{one}" if sent else None,
            requester=who,
            requester_organization=where,
            requester_role=Role.PROFESSIONAL,
            restricted=sent and dice.random() < 0.3,
            locality_id=dice.choice([*codes, None]),
            begun_at=AT - 9 * DAY,
            changed_at=AT - 8 * DAY,
            submitted_at=AT - 8 * DAY if sent else None,
            closed_at=AT if state in OVER else None,
            date_of_birth="2012-09-03",
            wishes="A boxing club",
            primary_harm="knife_weapon",
        )
    )
    facts.requests[request.pk] = request
    facts.moves.append(rows.add(RequestHistory(request=request, number=1, became=state, at=AT)))
    if not sent:
        return
    if request.restricted:
        for person in world.people:
            if dice.random() < 0.35:
                rows.add(RequestReader(request=request, person=person, named_by=who, at=AT))
                facts.readers.add((request.pk, person.pk))
    facts.decisions.append(
        rows.add(
            TriageDecision(request=request, outcome="accept_child", rationale="Suits", decided_by=who, at=AT - 7 * DAY)
        )
    )
    facts.messages.append(
        rows.add(Message(request=request, text="To the coordinator", written_by=who, written_by_role="x", at=AT))
    )
    run = rows.add(
        MatchRun(request=request, shown_to=who, at=AT, inputs_hash="x", fitting=1, nearly=0, considered=1)
    )  # fmt: skip
    for service in dice.sample(shared.services, dice.choice([0, 1, 1, 2])):
        asked(world, dice, shared, rows, request, run, service)


def asked(
    world: World,
    dice: random.Random,
    shared: Common,
    rows: Rows,
    request: PlacementRequest,
    run: MatchRun,
    service: Service,
) -> None:
    """Add an offer in any state; after a yes a place in any state, its worker and its card."""
    facts = world.facts
    state = dice.choice([*OfferState, OfferState.OPEN, OfferState.ACCEPTED, OfferState.ACCEPTED])
    who = dice.choice(world.people)
    worker, organization = some(world, dice, *oracle.PROVIDES)
    offer = rows.add(
        Offer(
            request=request, service=service, pool=shared.pool, organization=organization, run=run, rank=1, state=state,
            profile=PROFILE, sent_by=who, sent_at=AT - 3 * DAY, expires_at=AT + dice.choice([-HOUR, HOUR, DAY]),
            ended_at=None if state == OfferState.OPEN else AT,
            decline_reason="no_capacity" if state == OfferState.DECLINED_BY_PROVIDER else "",
        )
    )  # fmt: skip
    facts.offers.append(offer)
    if dice.random() < 0.7:
        facts.messages.append(
            rows.add(Message(request=request, offer=offer, text="About it", written_by=who, written_by_role="x", at=AT))
        )
    if state != OfferState.ACCEPTED:
        return
    stage = dice.choice([*PlaceState, PlaceState.ENDED])
    ended = stage == PlaceState.ENDED
    place = rows.add(
        SupportPlace(
            request=request, offer=offer, service=service, organization=organization, state=stage, state_since=AT,
            worker=dice.choice([worker, worker, *world.people, None]), worker_role="Mentor", first_meeting_on=TODAY,
            accepted_at=AT - DAY, contact_due_at=AT, introduce_by_at=AT + DAY,
            started_on=date(2026, 11, 1) if stage == PlaceState.ACTIVE else None,
            planned_end_on=date(2027, 5, 1) if stage == PlaceState.ACTIVE else None,
            ended_at=AT if ended else None, end_reason="planned_goals_met" if ended else "",
            end_quality="planned" if ended else "", readable=not ended or dice.random() < 0.6,
            readable_until_at=AT + dice.choice([-HOUR, HOUR]) if ended else None,
        )
    )  # fmt: skip
    facts.places.append(place)
    if stage != PlaceState.AWAITING_CONTACT and dice.random() < 0.8:
        facts.cards.append(
            rows.add(
                ContactCard(
                    place=place, name_used="Kofi", speak_first_to="young_person", safe_ways='["ring"]', given_by=who,
                    given_at=AT,
                )
            )
        )  # fmt: skip


def place_asked_for(world: World, dice: random.Random, rows: Rows, codes: list[str], one: int) -> None:
    """Add a place's request; it may lie nowhere."""
    state = dice.choice(list(ContextState))
    sent = state not in CONTEXT_EDITABLE
    who, where = some(world, dice, *oracle.ASKS)
    world.facts.contexts.append(
        rows.add(
            ContextRequest(
                state=state, state_since=AT, public_ref=f"C-{world.number}-{one}" if sent else None, requester=who,
                requester_organization=where, requester_role=Role.PROFESSIONAL, begun_at=AT, changed_at=AT,
                submitted_at=AT if sent else None, closed_at=AT if state in CONTEXT_OVER else None,
                owner=dice.choice(world.people) if state == ContextState.OWNED else None,
                locality_id=dice.choice([*codes, None]), context_type="school_or_college",
            )
        )
    )  # fmt: skip
