"""Random worlds and random questions, for tests that hold engines against each other and against what is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

from hypothesis import strategies as st

from directory.geo import Bounds, Point
from directory.models import CapacityPool
from search.queries import (
    Aspect,
    Criterion,
    DocumentPlace,
    Hours,
    Order,
    SearchDocument,
    ServiceQuery,
    Span,
    Tier,
    Words,
)
from tests.factories.directory import AT

SERVICES = 8
number = count()
codes = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3).map(tuple)
code = st.sampled_from(["a", "b"])
wards = st.lists(st.sampled_from(["E1", "E2", "south"]), unique=True, max_size=2).map(tuple)
points = st.builds(Point, st.floats(51.40, 51.52), st.floats(-2.70, -2.50))
words = st.sampled_from(
    ["mentoring", "mentor", "boxing", "box", "county lines", "lines", "girls", "art", "article", "knife", "knives"]
)
texts = st.lists(words, max_size=4).map(" ".join)
ages = st.one_of(st.none(), st.integers(8, 18))
days = st.one_of(st.none(), st.integers(-8, 8).map(lambda days: AT.date() + timedelta(days=days)))
places = st.lists(
    st.builds(DocumentPlace, st.integers(1, 99).map(lambda one: UUID(int=one)), points, st.booleans(), wards),
    max_size=3, unique_by=lambda one: one.location_id,
).map(tuple)  # fmt: skip
hours = st.lists(
    st.builds(
        Hours, st.integers(0, 6), st.integers(540, 1400), st.integers(600, 1600), days, days
    ).filter(lambda one: one.opens < one.closes),
    max_size=3,
).map(tuple)  # fmt: skip
aspects = st.dictionaries(st.sampled_from(list(Aspect)), codes.map(sorted).map(tuple), max_size=3)
documents = st.fixed_dictionaries(
    {
        "audience": st.sampled_from(["public", "public", "professionals"]),
        "name": texts.map(lambda text: text or "none"),
        "organization": texts,
        "keywords": st.lists(words, max_size=2).map(tuple),
        "codes": codes,
        "body": texts,
        "summary": texts,
        "minimum_age": ages,
        "maximum_age": ages,
        "subject": st.sampled_from(["child", "parent", "any"]),
        "harms": codes,
        "level": code,
        "service_type": code,
        "travels": st.booleans(),
        "serves_city": st.booleans(),
        "serves_anywhere": st.booleans(),
        "areas": wards,
        "places": places,
        "aspects": aspects,
        "hours": hours,
    }
)
pools = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["caseload_places", "cohort_places"]),
        "wait_weeks": st.sampled_from([None, 0, 1, 2]),
        "ends_on": st.one_of(st.none(), st.integers(-2, 30).map(lambda days: AT.date() + timedelta(days=days))),
        "total": st.one_of(st.none(), st.integers(0, 4)),
        "occupied": st.integers(0, 3),
        "waitlist_open": st.booleans(),
        "starts_on": days,
        "paused_at": st.sampled_from([None, None, AT]),
        "confirmed_until": st.sampled_from([None, AT - timedelta(1), AT + timedelta(1)]),
    }
).filter(lambda one: not (one["starts_on"] and one["ends_on"]) or one["starts_on"] <= one["ends_on"])
thing = st.builds(
    Words,
    st.lists(words, min_size=1, max_size=2).map(tuple),
    codes,
    st.booleans(),
    rare=st.sampled_from([0.83, 1.0, 1.7, 2.6]),
)
asked_words = st.lists(thing, max_size=2).map(tuple)
some_words = st.lists(thing, min_size=1, max_size=2).map(tuple)
queries = st.builds(
    ServiceQuery,
    audiences=st.sampled_from([("public",), ("public", "professionals")]),
    at=st.just(AT),
    words=st.one_of(st.just(()), asked_words),
    any_word=st.booleans(),
    near=st.one_of(st.none(), points),
    within_km=st.one_of(st.none(), st.floats(0.1, 12)),
    happens=wards.map(frozenset),
    box=st.one_of(
        st.none(),
        st.builds(lambda one, tall, wide: Bounds(one.latitude, one.longitude, one.latitude + tall, one.longitude + wide),
                  points, st.floats(0.01, 0.1), st.floats(0.01, 0.1)),
    ),
    open=st.one_of(
        st.none(),
        st.builds(lambda on, since, long: Span(AT.date() + timedelta(on), since, min(1439, since + long)),
                  st.integers(-7, 7), st.integers(0, 1439), st.sampled_from([0, 120])),
    ),
    serving=st.one_of(st.none(), wards.map(frozenset)),
    outside=st.booleans(),
    age=ages,
    subject=st.sampled_from(["", "", "child", "parent"]),
    harms=codes.map(frozenset),
    tiers=st.one_of(st.just(frozenset(Tier)), st.frozensets(st.sampled_from(list(Tier)), min_size=1)),
    level=st.sampled_from(["", "a"]),
    service_type=st.sampled_from(["", "b"]),
    aspects=st.dictionaries(st.sampled_from(list(Aspect)), codes.map(frozenset), max_size=2),
    not_for=codes.map(frozenset),
    order=st.sampled_from(list(Order)),
    page=st.integers(1, 3),
    page_size=st.sampled_from([2, 3, 100]),
    failing=st.one_of(st.none(), st.sampled_from(list(Criterion))),
)  # fmt: skip


LIMITS = (
    "words", "within_km", "happens", "box", "open", "serving", "outside", "age", "subject", "harms", "tiers", "level",
    "service_type", "aspects", "not_for",
)  # fmt: skip


def loosened(query: ServiceQuery, keep: frozenset[str]) -> ServiceQuery:
    """Return the question with a few of its limits only: one with all of them finds nothing, whatever the engine."""
    free = ServiceQuery(audiences=query.audiences, at=query.at, tiers=frozenset(Tier))
    return replace(query, **{one: getattr(free, one) for one in LIMITS if one not in keep})


kept = st.frozensets(st.sampled_from(LIMITS), max_size=3)


drawn = st.tuples(documents, st.lists(pools, max_size=2))


def written(service, fields, figures_of_pools) -> SearchDocument:
    """Give a service the pools that were drawn, and return its document."""
    CapacityPool.objects.filter(services=service).delete()
    for figures in figures_of_pools:
        CapacityPool.objects.create(
            organization=service.organization, name=f"Places {next(number)}", confirm_every_days=7, **figures,
        ).services.add(service)  # fmt: skip
    return SearchDocument(service_id=service.pk, **fields)
