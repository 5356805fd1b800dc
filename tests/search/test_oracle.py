"""The database's engine against what is meant, said in Python without a thought of speed: random worlds, random questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.availability import LONDON
from directory.geo import distance_km
from search.backends.database import DatabaseBackend
from search.backends.elastic_outlook import EPOCH, MICROSECOND, outlook, pools_of, soonest_at, tier_at
from search.queries import ALL_NEEDED, FACETS, Aspect, Criterion, Order, Tier
from tests.factories import directory as make
from tests.factories.directory import AT
from tests.search.worlds import SERVICES, drawn, kept, loosened, queries, written

pytestmark = pytest.mark.django_db
FOUND: list[int] = []


def holds(document, query, tier) -> dict[Criterion, bool]:
    """Return of each thing that was asked whether a service has it."""
    anywhere = document.travels or not document.places
    told = {Criterion.PLACES: tier in query.tiers, **for_whom(document, query)}
    if query.near and query.within_km is not None:
        told[Criterion.WITHIN] = anywhere or bool(near(document, replace(query, failing=None)))
    if query.box:
        told[Criterion.BOX] = any(query.box.contains(place.point) for place in document.places)
    if query.happens:
        told[Criterion.HAPPENS] = any(query.happens & set(place.areas) for place in document.places)
    if query.open:
        told[Criterion.OPEN] = any(one.covers(query.open) for one in document.hours)
    if query.outside:
        told[Criterion.SERVES] = document.serves_anywhere
    elif query.serving is not None:
        told[Criterion.SERVES] = document.serves_city or bool(query.serving & set(document.areas))
    for aspect, codes in query.aspects.items():
        if codes:
            has = set(document.aspects.get(aspect, ()))
            told[Criterion(aspect.value)] = codes <= has if aspect in ALL_NEEDED else bool(codes & has)
    if query.not_for and not query.aspects.get(Aspect.COMPOSITION):
        told[Criterion.COMPOSITION] = query.not_for.isdisjoint(document.aspects.get(Aspect.COMPOSITION, ()))
    return told


def for_whom(document, query) -> dict[Criterion, bool]:
    """Return of what was asked about people, worries and kinds whether a service has it."""
    told = {}
    if query.age is not None:
        oldest = 999 if document.maximum_age is None else document.maximum_age
        told[Criterion.AGE] = (document.minimum_age or 0) <= query.age <= oldest
    if query.subject:
        told[Criterion.SUBJECT] = document.subject in (query.subject, "any")
    if query.harms:
        told[Criterion.HARM] = bool(query.harms & set(document.harms))
    if query.level:
        told[Criterion.LEVEL] = document.level == query.level
    if query.service_type:
        told[Criterion.TYPE] = document.service_type == query.service_type
    return told


def near(document, query) -> list[float]:
    """Return the distances to its places that are near enough, in kilometres."""
    all_of_them = [distance_km(query.near, place.point) for place in document.places]
    if query.within_km is None or query.failing == Criterion.WITHIN:
        return all_of_them
    return [one for one in all_of_them if one <= query.within_km * (1 + 1e-9)]


def fits(document, query, tier, *, but=frozenset()) -> bool:
    """Say whether a service is found, whatever it says of the criteria in ``but``."""
    return document.audience in query.audiences and all(
        held != (criterion == query.failing)
        for criterion, held in holds(document, query, tier).items()
        if criterion not in but
    )


def key_for(document, query, tier, pools):
    """Return what it is ordered by."""
    nearest = min(near(document, query), default=None) if query.near else None
    place = list(Tier).index(tier)
    last = (document.name, document.service_id.hex)
    far = float("inf") if nearest is None else round(nearest, 9)
    match query.order:
        case Order.NAME:
            return last
        case Order.NEAREST:
            return (far, place, *last)
        case Order.SOONEST:
            days, day = soonest_at(pools, query.at)
            on = query.at.astimezone(LONDON).date()
            return (days if day is None else day - on.toordinal(), nearest is None, far, *last)
        case _:
            return (nearest is None, place, far, *last)


def choices(document) -> dict[Criterion, set[str]]:
    return {
        Criterion.HARM: set(document.harms),
        Criterion.LEVEL: {document.level},
        Criterion.TYPE: {document.service_type},
        **{Criterion(aspect.value): set(document.aspects.get(aspect, ())) for aspect in Aspect},
    }


def counts(world, query, tiers) -> dict[Criterion, Counter]:
    """Return how many services each choice would bring, the other facets as they were asked."""
    told: dict[Criterion, Counter] = {facet: Counter() for facet in FACETS}
    for document in world:
        for facet, codes in choices(document).items():
            but = frozenset() if facet.value in ALL_NEEDED else frozenset({facet})
            if fits(document, query, tiers[document.service_id], but=but):
                told[facet].update(codes)
    return told


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    drawn_world=st.lists(drawn, min_size=SERVICES, max_size=SERVICES),
    asked=st.lists(st.builds(loosened, queries, kept), min_size=8, max_size=8),
)
def test_the_engine_finds_what_is_meant(services, drawn_world, asked):
    world = [written(service, *one) for service, one in zip(services, drawn_world, strict=True)]
    engine = DatabaseBackend()
    engine.replace_all(world)
    pools = pools_of([one.service_id for one in world])
    for question in (replace(one, words=()) for one in asked):
        tiers = {one.service_id: tier_at(pools.get(one.service_id, ()), question.at) for one in world}
        found = [one for one in world if fits(one, question, tiers[one.service_id])]
        ordered = sorted(
            found, key=lambda one: key_for(one, question, tiers[one.service_id], pools.get(one.service_id, ()))
        )
        page = engine.find(question)
        FOUND.append(page.total)
        assert page.total == len(found), question
        assert page.total_near == (sum(bool(near(one, question)) for one in found) if question.near else 0), question
        first = (page.page - 1) * page.page_size
        assert [hit.service_id for hit in page.hits] == [
            one.service_id for one in ordered[first : first + page.page_size]
        ], question
        counted = engine.find(replace(question, counted=True))
        assert replace(counted, counts={}) == page, question
        if question.failing not in FACETS:
            meant = {facet: dict(codes) for facet, codes in counts(world, question, tiers).items() if codes}
            assert {facet: dict(codes) for facet, codes in counted.counts.items() if codes} == meant, question


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=drawn, minutes=st.lists(st.integers(-14 * 1440, 60 * 1440), min_size=1, max_size=12))
def test_an_outlook_says_of_every_moment_what_is_true_in_it(services, one, minutes):
    """By time alone: an index that keeps it need not be told that a figure has lapsed or a group has begun."""
    service = services[0]
    written(service, *one)
    pools = pools_of([service.pk]).get(service.pk, ())
    stretches = outlook(pools)
    edges = [edge for stretch in stretches[1:] for edge in (stretch.since - 1, stretch.since)]
    for now in [*((AT - EPOCH) // MICROSECOND + minute * 60_000_000 for minute in minutes), *edges]:
        at = EPOCH + now * MICROSECOND
        [stretch] = [stretch for stretch in stretches if stretch.since <= now < stretch.until]
        assert stretch.tier == tier_at(pools, at)
        days, day = soonest_at(pools, at)
        on = at.astimezone(LONDON).date()
        assert stretch.soonest(on) == (days if day is None else day - on.toordinal())


def test_the_comparison_had_something_to_compare():
    if not FOUND:
        pytest.skip("nothing was compared in this run")
    assert sum(map(bool, FOUND)) > len(FOUND) / 4


@pytest.fixture
def services(db):
    return sorted((make.service() for _ in range(SERVICES)), key=lambda one: one.pk)
