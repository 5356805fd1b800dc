"""
Lists and details never disagree, and both are what the matrix of roles says: shown over random worlds.

2,000 worlds by default. `WORLDS=50000` makes more of them and `WORLDS_SEED=anything` makes others:

    WORLDS=50000 WORLDS_SEED=july .venv/bin/pytest tests/brokering/test_random_worlds.py -k domain

A disagreement names its world; `WORLDS_FROM=1234 WORLDS=1` builds that one again. For every hat in force a world is asked two
lists, children's requests and another one in turn, so that each list is asked a thousand times and more; one row is looked up, too.
In one world of fifty the pages of one hat are opened, each of its world's rows with every door there is.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db.models import Q

from brokering import context_disclosure, disclosure, querysets, rights
from brokering.models import (
    ContactCard,
    ContextRequest,
    Message,
    Offer,
    PlacementRequest,
    RequestHistory,
    SupportPlace,
    TriageDecision,
)
from directory.hats import hats_of
from directory.models import Membership, Role
from directory.querysets import MembershipQuerySet
from tests.brokering import oracle, worlds
from tests.brokering.worlds import AT, TODAY, World

pytestmark = pytest.mark.django_db

WORLDS = int(os.environ.get("WORLDS", "2000"))
SEED = os.environ.get("WORLDS_SEED", "alongside")
FIRST = int(os.environ.get("WORLDS_FROM", "1"))
AT_ONCE = 20
PAGES_EVERY = 50
# Enough for every mutant below; a real run has a hundred times as many.
ENOUGH_FOR_A_MUTANT = 400


@pytest.fixture(autouse=True)
def _what_is_loaded_stays():
    """Spare the collector all that Django has loaded: with so many rows made and forgotten it takes a sixth of the time."""
    gc.freeze()
    yield
    gc.unfreeze()


SHOWN = {
    PlacementRequest: (lambda facts: list(facts.requests.values()), oracle.sees_request),
    ContextRequest: (lambda facts: facts.contexts, oracle.sees_context),
    Offer: (lambda facts: facts.offers, oracle.sees_offer),
    SupportPlace: (lambda facts: facts.places, oracle.sees_place),
    ContactCard: (lambda facts: facts.cards, oracle.sees_card),
    Message: (lambda facts: facts.messages, oracle.sees_message),
    TriageDecision: (lambda facts: facts.decisions, oracle.sees_decision),
    RequestHistory: (lambda facts: facts.moves, oracle.sees_move),
}
IN_TURN = [model for model in SHOWN if model is not PlacementRequest]


class Tally(Counter):
    """What was compared, and how often somebody saw something: a comparison of nothing with nothing proves nothing."""


def sees_beyond_their_world(hat) -> bool:
    """City-wide duty and the Partnership Team see the neighbours' rows as well, and are right to."""
    return hat.role == Role.PARTNERSHIP_TEAM or (hat.role == Role.COORDINATOR and hat.citywide)


def disagreements(count: int, tally: Tally, *, pages: bool = True) -> Iterator[str]:
    """Build so many worlds and yield a line for everything in which the code and the oracle disagree."""
    shared = worlds.common()
    for start in range(FIRST, FIRST + count, AT_ONCE):
        many = min(AT_ONCE, FIRST + count - start)
        with worlds.neighbours(shared, start, many, seed=SEED) as built:
            yield from wrong_hats(built, tally)
            for world in built:
                yield from wrong_lists(world, tally)
                if pages and world.number % PAGES_EVERY == 0 and world.hats:
                    yield from wrong_pages(world, opener(world), tally)


def wrong_hats(built: list[World], tally: Tally) -> Iterator[str]:
    """Compare who can wear what today: all of them in one question, and one person through the door that everybody uses."""
    given = {row.pk: row.user_id for world in built for row, _ in world.memberships}
    wanted = {hat.membership_id for world in built for hat in world.hats}
    found = set(Membership.objects.current(TODAY).filter(pk__in=given).values_list("pk", flat=True))
    tally["hats"] += len(wanted)
    tally["memberships not in force"] += len(given) - len(wanted)
    if found != wanted:
        yield f"worlds {built[0].number} to {built[-1].number}: hats {sorted(found ^ wanted)}"
    person = built[0].people[0]
    hats = [hat for hat in built[0].hats if hat.user_id == person.pk]
    if {*hats_of(person, TODAY)} != {*hats}:
        yield f"world {built[0].number}: {person} wears other hats than granted"


def wrong_lists(world: World, tally: Tally) -> Iterator[str]:
    """Compare two lists of every hat with the oracle's, and the look-up of one row with its list."""
    tally["worlds"] += 1
    for turn, hat in enumerate(world.hats):
        other = IN_TURN[(world.number + turn) % len(IN_TURN)]
        for model in (PlacementRequest, other):
            rows_of, sees = SHOWN[model]
            rows = rows_of(world.facts)
            wanted = {row.pk for row in rows if sees(hat, row, world.facts)}
            found = set(model.objects.visible_to(hat).values_list("pk", flat=True))
            if sees_beyond_their_world(hat):
                found &= {row.pk for row in rows}
            tally[model, "asked"] += 1
            tally[model, "seen"] += len(wanted)
            tally[model, "not seen"] += len(rows) - len(wanted)
            tally[hat.role, "asked"] += 1
            if found != wanted:
                yield f"world {world.number}: {hat.role} of {hat.organization} lists {model.__name__} {found ^ wanted}"
        rows = SHOWN[other][0](world.facts)
        if rows and turn == world.number % len(world.hats):
            row = rows[world.number % len(rows)]
            if is_let_in(disclosure.find, other, row.pk, hat) != SHOWN[other][1](hat, row, world.facts):
                yield f"world {world.number}: {hat.role} looks up {other.__name__} {row.pk}"


def opener(world: World):
    """Return who opens the pages: in one world of four anybody, else whoever sees most."""
    if world.number // PAGES_EVERY % 4 == 0:
        return world.hats[world.number % len(world.hats)]
    return max(
        world.hats,
        key=lambda hat: sum(sees(hat, row, world.facts) for rows, sees in SHOWN.values() for row in rows(world.facts)),
    )


def is_let_in(door, *args, **more) -> bool:
    """Knock, and say whether it opened."""
    try:
        door(*args, **more)
    except (rights.NotYours, disclosure.NoLongerReadable):
        return False
    return True


def wrong_pages(world: World, hat, tally: Tally) -> Iterator[str]:
    """Open every page of every row under this hat; what its lists name, its pages open, and nothing else."""
    facts = world.facts
    seat = {"by": hat, "at": AT}
    requests = list(facts.requests.values())
    coordinator, asks, provides = hat.role == Role.COORDINATOR, hat.role in oracle.ASKS, hat.role in oracle.PROVIDES
    decides = hat.role in (Role.COORDINATOR, Role.PARTNERSHIP_TEAM)
    sent = [one for one in requests if one.submitted_at]
    doors = [
        (disclosure.case, requests, lambda one: coordinator and oracle.sees_request(hat, one, facts)),
        (disclosure.answered, requests, lambda one: asks and oracle.sees_request(hat, one, facts)),
        (disclosure.status, requests, lambda one: asks and one in sent and oracle.sees_request(hat, one, facts)),
        (disclosure.offer, facts.offers, lambda one: oracle.opens_offer(hat, one, facts, at=AT)),
        (disclosure.place, facts.places, lambda one: provides and oracle.sees_place(hat, one, facts)),
        (context_disclosure.case, facts.contexts, lambda one: decides and oracle.sees_context(hat, one, facts)),
        (
            context_disclosure.status, facts.contexts,
            lambda one: asks and one.submitted_at is not None and oracle.sees_context(hat, one, facts),
        ),
    ]  # fmt: skip
    for door, rows, allowed in doors:
        for row in rows:
            tally["pages"] += 1
            tally["pages opened"] += allowed(row)
            if is_let_in(door, row.pk, **seat) != allowed(row):
                yield f"world {world.number}: {hat.role} opens {door.__module__}.{door.__name__} {row.pk}"
    for card in facts.cards:
        allowed = oracle.opens_card(hat, card, facts, at=AT)
        tally["cards opened"] += allowed
        if is_let_in(disclosure.contact_card, card.place_id, **seat) != allowed:
            yield f"world {world.number}: {hat.role} opens the contact card of {card.place_id}"
    for place in facts.places:
        if provides and oracle.sees_place(hat, place, facts):
            shown = disclosure.place(place.pk, **seat).profile is not None
            if shown != oracle.reads_place(hat, place, facts, at=AT):
                yield f"world {world.number}: {hat.role} reads of the child at {place.pk}"
    yield from wrong_list_pages(world, hat, seat)


def wrong_list_pages(world: World, hat, seat) -> Iterator[str]:
    """Compare the list pages with what their rows' own pages would show."""
    facts = world.facts
    requests = [one for one in facts.requests.values() if oracle.sees_request(hat, one, facts)]
    contexts = {one.pk for one in facts.contexts if oracle.sees_context(hat, one, facts)}
    lists = []
    if hat.role == Role.COORDINATOR:
        everything = disclosure.desk(disclosure.DeskFilter(with_closed=True), **seat)
        lists.append((everything.lines, {one.pk for one in requests}))
    if hat.role in (Role.COORDINATOR, Role.PARTNERSHIP_TEAM):
        places = context_disclosure.desk(context_disclosure.DeskFilter(with_closed=True), **seat)
        lists.append((places.lines, contexts))
    if hat.role in oracle.ASKS:
        lists.append((disclosure.requests_of(**seat), {one.pk for one in requests}))
        lists.append((context_disclosure.requests_of(**seat), contexts))
    if hat.role in oracle.PROVIDES:
        readable = {one.pk for one in facts.places if oracle.reads_place(hat, one, facts, at=AT)}
        lines = disclosure.places_of(**seat)
        lists.append((lines, {one.pk for one in facts.places if oracle.sees_place(hat, one, facts)}))
        lists.append(([one for one in lines if one.readable], readable))
    if hat.role == Role.PROVIDER_ADMIN:
        lines = disclosure.offers_of(**seat)
        lists.append((lines, {one.pk for one in facts.offers if oracle.sees_offer(hat, one, facts)}))
        to_answer = {one.pk for one in facts.offers if oracle.opens_offer(hat, one, facts, at=AT)}
        lists.append(([one for one in lines if one.state == "open"], to_answer))
    everything = {*facts.requests, *(one.pk for one in [*facts.contexts, *facts.places, *facts.offers])}
    for lines, wanted in lists:
        found = {line.ref for line in lines}
        if sees_beyond_their_world(hat):
            found &= everything
        if found != wanted:
            yield f"world {world.number}: {hat.role}'s list page {found ^ wanted}"


@pytest.mark.slow
@pytest.mark.database
def test_t_oracle_the_lists_the_look_ups_and_the_pages_are_what_the_domain_says_in_every_world(db):
    tally = Tally()
    assert next(disagreements(WORLDS, tally), None) is None
    assert tally["worlds"] == WORLDS
    if WORLDS < 500:
        return
    for model in SHOWN:  # nobody may pass by seeing nothing, or everything
        assert tally[model, "asked"] > WORLDS / 5, model
        assert min(tally[model, "seen"], tally[model, "not seen"]) > WORLDS / 50, (model, tally)
    assert min(tally[role, "asked"] for role in Role) > WORLDS / 20
    assert min(tally["memberships not in force"], tally["hats"]) > WORLDS / 2
    assert tally["pages opened"] > 0 and tally["cards opened"] > 0


# --- the oracle can say no: one mutant of the scoping code after the other, each has to be caught ---
def shown(model, visible_to):
    """A mutant of one list: `visible_to(rows, hat)`."""
    return type(model.objects.all()), "visible_to", lambda rows, hat: visible_to(rows, hat)._opened()


def unless_provider(model, mutant):
    """A mutant for managers and workers of providers alone."""
    real = type(model.objects.all()).visible_to

    def visible_to(rows, hat):
        return mutant(rows, hat) if hat and hat.role in oracle.PROVIDES else real(rows, hat)

    return shown(model, visible_to)


def known_to(hat, *, offers, places):
    """The requests behind a provider's offers and places, as a mutant has them."""
    known = Q(pk__in=places.values("request_id"))
    return known | Q(pk__in=offers.values("request_id")) if hat.role == Role.PROVIDER_ADMIN else known


SENT = Q(submitted_at__isnull=False)
MUTANTS = {
    "memberships: no dates": lambda: (
        MembershipQuerySet, "current",
        lambda rows, on: rows.filter(organization__standing__standing__in=["open", "restricted"], user__is_active=True),
    ),
    "memberships: an end is one day late": lambda: (
        MembershipQuerySet, "current",
        lambda rows, on: rows.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=on), from_on__lte=on, user__is_active=True,
            organization__standing__standing__in=["open", "restricted"],
        ),
    ),
    "memberships: of suspended organizations, too": lambda: (
        MembershipQuerySet, "current",
        lambda rows, on: rows.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on, user__is_active=True
        ),
    ),
    "memberships: of people who have left, too": lambda: (
        MembershipQuerySet, "current",
        lambda rows, on: rows.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on,
            organization__standing__standing__in=["open", "restricted"],
        ),
    ),
    "coordinators: no locality": lambda: (querysets, "within_reach_of", lambda hat: SENT),
    "coordinators: what lies nowhere, too": lambda: (
        querysets, "within_reach_of",
        lambda hat: SENT if hat.citywide else SENT & (Q(locality=None) | Q(locality_id__in=hat.localities)),
    ),
    "coordinators: drafts, too": lambda: (
        querysets, "within_reach_of", lambda hat: Q() if hat.citywide else Q(locality_id__in=hat.localities),
    ),
    "coordinators: city-wide duty counts for nothing": lambda: (
        querysets, "within_reach_of", lambda hat: SENT & Q(locality_id__in=hat.localities),
    ),
    "restricted requests: for everybody": lambda: (querysets, "open_to", lambda hat: Q()),
    "restricted requests: for nobody": lambda: (querysets, "open_to", lambda hat: Q(restricted=False)),
    "who asked: under any hat": lambda: (querysets, "asked_by", lambda hat: Q(requester_id=hat.user_id)),
    "who asked: everybody of the organization": lambda: (
        querysets, "asked_by", lambda hat: Q(requester_organization_id=hat.organization_id),
    ),
    "who asked: safeguarding leads see no colleagues'": lambda: (
        querysets, "asked_by",
        lambda hat: Q(requester_id=hat.user_id, requester_organization_id=hat.organization_id),
    ),
    "providers: an offer in any state": lambda: (
        querysets, "known_to_provider",
        lambda hat: known_to(
            hat, offers=Offer.objects.visible_to(hat), places=SupportPlace.objects.visible_to(hat).filter(readable=True)
        ),
    ),
    "providers: a declined offer, too": lambda: (
        querysets, "known_to_provider",
        lambda hat: known_to(
            hat, offers=Offer.objects.visible_to(hat).filter(state__in=["open", "declined_by_provider"]),
            places=SupportPlace.objects.visible_to(hat).filter(readable=True),
        ),
    ),
    "providers: a place whose time is over": lambda: (
        querysets, "known_to_provider",
        lambda hat: known_to(
            hat, offers=Offer.objects.visible_to(hat).filter(state="open"), places=SupportPlace.objects.visible_to(hat)
        ),
    ),
    "providers: anybody's offers": lambda: unless_provider(
        Offer, lambda rows, hat: rows if hat.role == Role.PROVIDER_ADMIN else rows.none()
    ),
    "providers: workers answer offers, too": lambda: unless_provider(
        Offer, lambda rows, hat: rows.filter(organization_id=hat.organization_id)
    ),
    "providers: workers see all places": lambda: unless_provider(
        SupportPlace, lambda rows, hat: rows.filter(organization_id=hat.organization_id)
    ),
    "providers: a worker's places anywhere": lambda: unless_provider(
        SupportPlace,
        lambda rows, hat: rows.filter(worker_id=hat.user_id) if hat.role == Role.PROVIDER_WORKER
        else rows.filter(organization_id=hat.organization_id),
    ),
    "contact cards: for ever": lambda: unless_provider(
        ContactCard, lambda rows, hat: rows.filter(place__in=SupportPlace.objects.visible_to(hat).values("pk"))
    ),
    "messages: about offers that are over": lambda: unless_provider(
        Message, lambda rows, hat: rows.filter(offer__in=Offer.objects.visible_to(hat).values("pk"))
    ),
    "messages: requesters read what providers wrote": lambda: shown(
        Message, lambda rows, hat: rows.filter(request__in=PlacementRequest.objects.visible_to(hat).values("pk"))
    ),
    "decisions: for whoever asked": lambda: shown(
        TriageDecision, lambda rows, hat: rows.filter(request__in=PlacementRequest.objects.visible_to(hat).values("pk"))
    ),
    "history: for providers": lambda: unless_provider(
        RequestHistory, lambda rows, hat: rows.filter(request__in=PlacementRequest.objects.visible_to(hat).values("pk"))
    ),
    "places' requests: drafts for the Partnership Team": lambda: (
        querysets, "contexts_seen_by",
        lambda hat, real=querysets.contexts_seen_by: Q() if hat.role == Role.PARTNERSHIP_TEAM else real(hat),
    ),
    "children: for the Partnership Team": lambda: (
        querysets, "seen_by",
        lambda hat, real=querysets.seen_by: SENT if hat.role == Role.PARTNERSHIP_TEAM else real(hat),
    ),
    "children: for the system administrator": lambda: (
        querysets, "seen_by", lambda hat, real=querysets.seen_by: SENT if hat.role == Role.SYSADMIN else real(hat),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_of_the_scope_is_caught(db, monkeypatch, mutant):
    where, name, changed = MUTANTS[mutant]()
    monkeypatch.setattr(where, name, changed)
    assert next(disagreements(ENOUGH_FOR_A_MUTANT, Tally(), pages=False), None) is not None
