"""
A `ServiceQuery` in Elasticsearch's words.

What fits is asked for in one or two parts, because their order differs: what is near and measured, and what comes to people
or tells no place. There are no scripts in it: what an order needs beside a column is a score that is made of filters.
Every search comes through here, so these are plain values: building the objects of `elasticsearch.dsl` and turning them
into values again took as long as some answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from search.backends.database_places import TIER_ORDER
from search.backends.database_words import goes_by_words
from search.backends.elastic_index import today_of
from search.backends.elastic_outlook import micros
from search.fit import COLUMNS, TAXONOMY, having_more, sayings
from search.queries import ALL_NEEDED, FACETS, Aspect, Criterion, Order, ServiceQuery, Span, Tier, Words
from search.reasons import asked_stems
from search.texts import code_word

# Those of the columns of words that hold codes.
CODED = frozenset({"kind", *TAXONOMY})
# A kept point is up to a centimetre off: the edge belongs to the circle and to the box.
EDGE_KM, EDGE_DEGREES = 0.00005, 0.000_000_5

# A condition, or a query with a score, as Elasticsearch reads it.
Query = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what fits; ``measured`` says that each has a place from which its distance is told."""

    where: tuple[Query, ...] = ()
    measured: bool = False


def parts_of(query: ServiceQuery) -> list[Part]:
    """Return the parts of what fits, those that come first first; nothing is in two of them."""
    if query.near is None:
        return [Part()]
    if query.within_km is None:
        placed = exists("point")
        return [Part((placed,), measured=True), Part((none_of([placed]),))]
    at = {"lat": query.near.latitude, "lon": query.near.longitude}
    here = {"geo_distance": {"distance": f"{query.within_km + EDGE_KM:.6f}km", "point": at}}
    beyond = none_of([here])
    if query.failing == Criterion.WITHIN:
        return [Part((term("anywhere", False), beyond), measured=True)]
    return [Part((here,), measured=True), Part((term("anywhere", True), beyond))]


def filters_for(
    query: ServiceQuery, but: Collection[UUID] = (), *, facets: bool = True, words: bool = True
) -> list[Query]:
    """
    Return what everything that fits must fulfil, wherever it is.

    :param but: services that are left out
    :param facets: whether what was asked of facets counts
    :param words: whether words count
    """
    filters = [terms("audience", query.audiences)]
    for criterion, condition in conditions_for(query).items():
        if facets or criterion not in FACETS:
            filters.append(none_of([condition]) if criterion == query.failing else condition)
    if words and asks_for_words(query):
        filters.append(text_for(query.words, all_of_them=query.needs_all))
    chosen = tiers_of(query)
    if chosen != set(Tier):
        filters.append(of_tiers(chosen, micros(query.at)))
    if but:
        filters.append(none_of([these(but)]))
    return filters


def asks_for_words(query: ServiceQuery) -> bool:
    """Say whether words decide what is found."""
    return bool(query.words) and query.failing != Criterion.TEXT


def tiers_of(query: ServiceQuery) -> set[Tier]:
    """Return the tiers of which something may be found."""
    return {one for one in Tier if (one in query.tiers) != (query.failing == Criterion.PLACES)}


def of_tiers(chosen: Collection[Tier], at: int) -> Query:
    """Return the condition that places stand so at that moment (microseconds since 1970); as few tiers are named as may be."""
    others = [term(one.value, at) for one in Tier if one not in chosen]
    if len(others) < len(chosen):
        return none_of(others)
    return any_of(term(one.value, at) for one in Tier if one in chosen)


def one_after_another(query: ServiceQuery) -> bool:
    """Say whether everything of the first part comes before anything of the second."""
    return query.near is None or query.order in (Order.BEST, Order.NEAREST)


def questions(
    query: ServiceQuery,
    parts: Sequence[Part],
    but: Collection[UUID],
    *,
    size: int,
    after: int = 0,
) -> list[dict[str, Any]]:
    """
    Return the request for each part: the first ``size``, those that fit the words best or in the order asked for.

    :param after: how many are passed over
    """
    if goes_by_words(query):
        fits, words = filters_for(query, but, words=False), by_words(query)
        return [
            request({"bool": {"must": [words], "filter": [*fits, *part.where]}}, [{"_score": "desc"}], size, query)
            for part in parts
        ]
    fits = filters_for(query, but)
    return [request(*in_order(query, part, fits), size, query, after=after) for part in parts]


def in_order(query: ServiceQuery, part: Part, filters: Sequence[Query]) -> tuple[Query, list[dict[str, Any]]]:
    """Return what fits, and the order in which it comes, where words have no say in it."""
    fits, distance = [*filters, *part.where], by_distance(query) if part.measured else []
    last: list[dict[str, Any]] = [{"name": "asc"}, {"id": "asc"}]
    match query.order:
        case Order.NAME:
            return both(fits), last
        case Order.SOONEST:
            return {"bool": {"filter": fits, "must": [soonest(query)]}}, [{"_score": "asc"}, *distance, *last]
        case Order.NEAREST:
            return {"bool": {"filter": fits, "should": by_tier(query)}}, [*distance, {"_score": "desc"}, *last]
        case _:
            return {"bool": {"filter": fits, "should": by_tier(query)}}, [{"_score": "desc"}, *distance, *last]


def step_between(
    query: ServiceQuery,
    part: Part,
    but: Collection[UUID],
    *,
    least: float,
    below: float,
    size: int,
    after: int,
) -> dict[str, Any]:
    """Return the request for what fits the words so well and no better, by places and then by distance; see `questions`."""
    words = by_words(query)

    def from_score(score: float) -> Query:
        return {"function_score": {"query": words, "min_score": score}}

    within = [*filters_for(query, but, words=False), from_score(least), none_of([from_score(below)])]
    return request(*in_order(query, part, within), size, query, after=after)


def by_words(query: ServiceQuery) -> Query:
    """Return what has the words, by how well they fit, as `search.fit` says it."""
    said = []
    for one in sayings(query.words):
        ways = any_of(alternatives(one.what, one.columns or COLUMNS))
        has = {"constant_score": {"filter": ways, "boost": one.worth}}
        said.append(by_focus(has) if one.focused else has)
    fitting = {"bool": {"filter": [text_for(query.words, all_of_them=query.needs_all)], "should": said}}
    if query.needs_all:
        return fitting
    each = [{"filter": any_of(alternatives(one.what)), "weight": one.worth} for one in having_more(query.words)]
    return scored(fitting, each, boost_mode="multiply")


def by_focus(has: Query) -> Query:
    """Return what counts as much as it says, times the focus of a service."""
    focus = {"field": "focus", "missing": 1.0}
    return {"function_score": {"query": has, "field_value_factor": focus, "boost_mode": "multiply"}}


def by_tier(query: ServiceQuery) -> list[Query]:
    """Return what makes a score of places: the better the tier, the higher; the last that may be found has none."""
    at, chosen = micros(query.at), tiers_of(query)
    possible = [one for one in TIER_ORDER if one in chosen][:-1]
    return [
        {"constant_score": {"filter": term(one.value, at), "boost": len(possible) - place}}
        for place, one in enumerate(possible)
    ]


def soonest(query: ServiceQuery) -> Query:
    """Return what makes a score of the day on which a place may be had, as the index counts days."""
    at = micros(query.at)
    now = both([between("ahead.since", lte=at), between("ahead.until", gt=at)])
    waits = exists("ahead.days")
    functions: list[dict[str, Any]] = [
        {"filter": exists("ahead.day"), "field_value_factor": {"field": "ahead.day"}},
        {"filter": waits, "field_value_factor": {"field": "ahead.days"}},
        {"filter": waits, "weight": today_of(query.at)},
    ]
    when = scored(now, functions, boost_mode="replace")
    return {"nested": {"path": "ahead", "score_mode": "max", "query": when}}


def by_distance(query: ServiceQuery) -> list[dict[str, Any]]:
    """Return the order by the nearest place."""
    if query.near is None:
        return []
    at = {"lat": query.near.latitude, "lon": query.near.longitude}
    return [{"_geo_distance": {"point": at, "order": "asc", "mode": "min", "unit": "m"}}]


def request(
    fitting: Query, order: list[dict[str, Any]], size: int, query: ServiceQuery, *, after: int = 0
) -> dict[str, Any]:
    """Return a request for the cards of what fits."""
    return {
        "query": fitting,
        "sort": order,
        "from": after,
        "size": size,
        "track_total_hits": True,
        "stored_fields": "_none_",
        "docvalue_fields": ["card", "spots"] if query.near is not None else ["card"],
    }


def counting(query: ServiceQuery, but: Collection[UUID]) -> dict[str, Any]:
    """
    Return the request for how many services each choice of each facet would bring.

    A service counts for a facet's choices if it fits what was asked of the others; of one where all choices are needed,
    it must fit that as well.
    """
    wheres = [both(part.where) for part in parts_of(query) if part.where]
    fits = [*filters_for(query, but, facets=False), *([any_of(wheres)] if wheres else [])]
    asked = {facet: one for facet, one in conditions_for(query).items() if facet in FACETS}
    groups = {"all": {"filter": both(asked.values()), "aggs": {name: codes_in(name) for name in FIELDS_OF_FACETS}}}
    for facet in asked:
        if facet.value not in ALL_NEEDED:
            others = [condition for other, condition in asked.items() if other != facet]
            groups[facet.value] = {"filter": both(others), "aggs": {"codes": codes_of(facet)}}
    return {
        "query": both(fits),
        "size": 0,
        "track_total_hits": False,
        "aggs": groups,
    }


FIELDS_OF_FACETS = ("harm", "level", "type", "aspects")
# More codes than all vocabularies have.
MOST_CODES = 1_000


def codes_in(field: str) -> dict[str, Any]:
    """Return how many there are of each code of a column."""
    return {"terms": {"field": field, "size": MOST_CODES}}


def codes_of(facet: Criterion) -> dict[str, Any]:
    """Return how many there are of each code of a facet."""
    if facet.value in FIELDS_OF_FACETS:
        return codes_in(facet.value)
    return {"terms": {"field": "aspects", "size": MOST_CODES, "include": f"{facet.value}:.*"}}


def conditions_for(query: ServiceQuery) -> dict[Criterion, Query]:
    """Return what each criterion demands beside distance and places; a text only where it must not fit."""
    conditions: dict[Criterion, Query] = {}
    if query.outside:
        conditions[Criterion.SERVES] = term("serves_anywhere", True)
    elif query.serving is not None:
        conditions[Criterion.SERVES] = any_of(
            [term("serves_city", True), terms("areas", sorted(query.serving))],
        )
    conditions |= where_and_when(query)
    if query.age is not None:
        conditions[Criterion.AGE] = both([between("minimum_age", lte=query.age), between("maximum_age", gte=query.age)])
    if query.subject:
        conditions[Criterion.SUBJECT] = terms("subject", [query.subject, "any"])
    if query.harms:
        conditions[Criterion.HARM] = terms("harm", sorted(query.harms))
    for aspect, chosen in query.aspects.items():
        if chosen:
            codes = [f"{aspect.value}:{code}" for code in sorted(chosen)]
            conditions[Criterion(aspect.value)] = (
                both(term("aspects", code) for code in codes) if aspect in ALL_NEEDED else terms("aspects", codes)
            )
    if query.leaves_out_others:
        codes = [f"{Aspect.COMPOSITION.value}:{code}" for code in sorted(query.not_for)]
        conditions[Criterion.COMPOSITION] = none_of([terms("aspects", codes)])
    if query.level:
        conditions[Criterion.LEVEL] = term("level", query.level)
    if query.service_type:
        conditions[Criterion.TYPE] = term("type", query.service_type)
    if query.words and query.failing == Criterion.TEXT:
        conditions[Criterion.TEXT] = text_for(query.words, all_of_them=query.needs_all)
    return conditions


def where_and_when(query: ServiceQuery) -> dict[Criterion, Query]:
    """Return what is demanded of wards, a part of the map, and hours."""
    conditions: dict[Criterion, Query] = {}
    if query.happens:
        conditions[Criterion.HAPPENS] = terms("happens", sorted(query.happens))
    if query.box is not None:
        corners = {
            "top": min(90.0, query.box.north + EDGE_DEGREES),
            "left": max(-180.0, query.box.west - EDGE_DEGREES),
            "bottom": max(-90.0, query.box.south - EDGE_DEGREES),
            "right": min(180.0, query.box.east + EDGE_DEGREES),
        }
        conditions[Criterion.BOX] = {"geo_bounding_box": {"point": corners}}
    if query.open is not None:
        conditions[Criterion.OPEN] = open_in(query.open)
    return conditions


def open_in(span: Span) -> Query:
    """Return the condition that regular hours cover some of ``span``, as `Hours.covers` says it."""
    begun_on = [(date.fromordinal(span.on.toordinal() - since), since * 1440) for since in (0, 1)]
    ways = [
        both(
            [
                term("hours.day", begun.weekday()),
                between("hours.opens", lte=span.until + later),
                between("hours.closes", gt=span.since + later),
                between("hours.first", lte=begun.isoformat()),
                between("hours.last", gte=begun.isoformat()),
            ]
        )
        for begun, later in begun_on
    ]
    return {"nested": {"path": "hours", "query": any_of(ways)}}


def text_for(words: tuple[Words, ...], *, all_of_them: bool = True) -> Query:
    """Return the condition that the words, or any of them, are there in some form, in whichever part."""
    each = [any_of(alternatives(one)) for one in words]
    return both(each) if all_of_them else any_of(each)


def alternatives(words: Words, columns: Sequence[str] = COLUMNS) -> list[Query]:
    """Return the ways in which one thing may be said in one of some columns."""
    ways: list[Query] = []
    for stems, longer in asked_stems(words):
        kind = "match_phrase" if " " in stems else "prefix" if longer else "term"
        ways += [{kind: {column: stems}} for column in columns]
    for code in words.codes:
        ways += [term(column, code_word(code)) for column in columns if column in CODED]
    return ways


# --- how Elasticsearch writes it --------------------------------------------------------------------------------------


def any_of(ways: Iterable[Query]) -> Query:
    """Return the condition that one of several holds; nothing fits no way at all."""
    found = list(ways)
    return {"bool": {"should": found, "minimum_should_match": 1}} if found else {"match_none": {}}


def both(conditions: Iterable[Query]) -> Query:
    """Return the condition that all of them hold."""
    return {"bool": {"filter": list(conditions)}}


def none_of(conditions: list[Query]) -> Query:
    """Return the condition that none of them holds."""
    return {"bool": {"must_not": conditions}}


def term(field: str, value: object) -> Query:
    """Return the condition that a column has that value."""
    return {"term": {field: value}}


def terms(field: str, values: Iterable[str]) -> Query:
    """Return the condition that a column has one of those values."""
    return {"terms": {field: list(values)}}


def between(field: str, **ends: object) -> Query:
    """Return the condition that a column lies within those ends: ``gte``, ``gt``, ``lte``, ``lt``."""
    return {"range": {field: ends}}


def exists(field: str) -> Query:
    """Return the condition that a column has a value."""
    return {"exists": {"field": field}}


def these(service_ids: Iterable[UUID]) -> Query:
    """Return the condition that it is one of those services."""
    return {"ids": {"values": sorted(one.hex for one in service_ids)}}


def scored(fitting: Query, functions: list[dict[str, Any]], *, boost_mode: str) -> Query:
    """Return what fits, with a score that is a sum of functions."""
    return {"function_score": {"query": fitting, "functions": functions, "score_mode": "sum", "boost_mode": boost_mode}}
