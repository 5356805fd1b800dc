"""
A `ServiceQuery` in Elasticsearch's words.

What fits is asked for in one or two parts, because their order differs: what is near and measured, and what comes to people
or tells no place. There are no scripts in it: what an order needs beside a column is a score that is made of filters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Bool, Query

from search.backends.database import TIER_ORDER, asked_stems, goes_by_words
from search.backends.elastic_index import today_of
from search.backends.elastic_outlook import micros
from search.fit import LEVELS, TAXONOMY, rarity, sayings
from search.queries import ALL_NEEDED, FACETS, Criterion, Order, ServiceQuery, Span, Tier, Words
from search.texts import code_word

# The columns of words, and those that hold codes.
COLUMNS = tuple(column for columns in LEVELS for column in columns)
CODED = frozenset({"kind", *TAXONOMY})
# A kept point is up to a centimetre off: the edge belongs to the circle and to the box.
EDGE_KM, EDGE_DEGREES = 0.00005, 0.000_000_5


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
        placed = Q("exists", field="point")
        return [Part((placed,), measured=True), Part((Bool(must_not=[placed]),))]
    at = {"lat": query.near.latitude, "lon": query.near.longitude}
    here = Q("geo_distance", distance=f"{query.within_km + EDGE_KM:.6f}km", point=at)
    beyond = Bool(must_not=[here])
    if query.failing == Criterion.WITHIN:
        return [Part((Q("term", anywhere=False), beyond), measured=True)]
    return [Part((here,), measured=True), Part((Q("term", anywhere=True), beyond))]


def filters_for(
    query: ServiceQuery, but: Collection[UUID] = (), *, facets: bool = True, words: bool = True
) -> list[Query]:
    """
    Return what everything that fits must fulfil, wherever it is.

    :param but: services that are left out
    :param facets: whether what was asked of facets counts
    :param words: whether words count
    """
    filters: list[Query] = [Q("terms", audience=list(query.audiences))]
    for criterion, condition in conditions_for(query).items():
        if facets or criterion not in FACETS:
            # not ``~condition``, which forgets how many of several are needed
            filters.append(Bool(must_not=[condition]) if criterion == query.failing else condition)
    if words and asks_for_words(query):
        filters.append(text_for(query.words, query.needed))
    chosen = tiers_of(query)
    if chosen != set(Tier):
        filters.append(of_tiers(chosen, micros(query.at)))
    if but:
        filters.append(Bool(must_not=[Q("ids", values=sorted(one.hex for one in but))]))
    return filters


def asks_for_words(query: ServiceQuery) -> bool:
    """Say whether words decide what is found."""
    return bool(query.words) and query.failing != Criterion.TEXT


def tiers_of(query: ServiceQuery) -> set[Tier]:
    """Return the tiers of which something may be found."""
    return {one for one in Tier if (one in query.tiers) != (query.failing == Criterion.PLACES)}


def of_tiers(chosen: Collection[Tier], at: int) -> Query:
    """Return the condition that places stand so at that moment (microseconds since 1970); as few tiers are named as may be."""
    others = [Q("term", **{one.value: at}) for one in Tier if one not in chosen]
    if len(others) < len(chosen):
        return Bool(must_not=others)
    return any_of(Q("term", **{one.value: at}) for one in Tier if one in chosen)


def rarities(words: tuple[Words, ...]) -> dict[str, Any]:
    """Return the request for how many services there are, and how many have each of the words."""
    asked = {str(place): any_of(alternatives(one)).to_dict() for place, one in enumerate(words)}
    return {
        "query": Q("exists", field="audience").to_dict(),
        "size": 0,
        "track_total_hits": True,
        "aggs": {"having": {"filters": {"filters": asked}}},
    }


def rarities_in(answer: Mapping[str, Any]) -> tuple[float, ...]:
    """Return of each word how much it counts, from the answer to `rarities`."""
    entries, having = answer["hits"]["total"]["value"], answer["aggregations"]["having"]["buckets"]
    return tuple(rarity(entries, having[str(place)]["doc_count"]) for place in range(len(having)))


def question(
    query: ServiceQuery, part: Part, but: Collection[UUID], rare: tuple[float, ...] = (1.0,), *, size: int
) -> dict[str, Any]:
    """
    Return the request for the first ``size`` of a part, those that fit the words best or in the order asked for.

    :param rare: how much each of the words counts
    """
    if goes_by_words(query):
        fits = [*filters_for(query, but, words=False), *part.where]
        return request(Bool(must=[by_words(query, rare)], filter=fits), [{"_score": "desc"}], size, query)
    return request(*in_order(query, part, filters_for(query, but)), size, query)


def in_order(query: ServiceQuery, part: Part, filters: Sequence[Query]) -> tuple[Query, list[dict[str, Any]]]:
    """Return what fits, and the order in which it comes, where words have no say in it."""
    fits, distance = [*filters, *part.where], by_distance(query) if part.measured else []
    last: list[dict[str, Any]] = [{"name": "asc"}, {"id": "asc"}]
    match query.order:
        case Order.NAME:
            return Bool(filter=fits), last
        case Order.SOONEST:
            return Bool(filter=fits, must=[soonest(query)]), [{"_score": "asc"}, *distance, *last]
        case Order.NEAREST:
            return Bool(filter=fits, should=by_tier(query)), [*distance, {"_score": "desc"}, *last]
        case _:
            return Bool(filter=fits, should=by_tier(query)), [{"_score": "desc"}, *distance, *last]


def step_between(
    query: ServiceQuery,
    part: Part,
    but: Collection[UUID],
    rare: tuple[float, ...],
    *,
    least: float,
    below: float,
    size: int,
) -> dict[str, Any]:
    """Return the request for what fits the words so well and no better, by places and then by distance."""

    def from_score(score: float) -> Query:
        return Q("function_score", query=by_words(query, rare), min_score=score)

    within = [*filters_for(query, but, words=False), from_score(least), Bool(must_not=[from_score(below)])]
    return request(*in_order(query, part, within), size, query)


def by_words(query: ServiceQuery, rare: tuple[float, ...]) -> Query:
    """Return what has the words, by how well they fit, as `search.fit` says it."""
    said = []
    for one in sayings(query.words):
        worth = one.worth * sum(rare[place] for place in one.of)
        has = Q("constant_score", filter=any_of(alternatives(one.what, one.columns or COLUMNS)), boost=worth)
        if one.focused:
            focus = {"field": "focus", "missing": 1.0}
            has = Q("function_score", query=has, field_value_factor=focus, boost_mode="multiply")
        said.append(has)
    fitting = Bool(filter=[text_for(query.words, query.needed)], should=said)
    if query.needed >= len(query.words):
        return fitting
    each = [
        {"filter": any_of(alternatives(one)).to_dict(), "weight": rare[place]} for place, one in enumerate(query.words)
    ]
    return Q("function_score", query=fitting, functions=each, score_mode="sum", boost_mode="multiply")


def by_tier(query: ServiceQuery) -> list[Query]:
    """Return what makes a score of places: the better the tier, the higher; the last that may be found has none."""
    at, chosen = micros(query.at), tiers_of(query)
    possible = [one for one in TIER_ORDER if one in chosen][:-1]
    return [
        Q("constant_score", filter=Q("term", **{one.value: at}), boost=len(possible) - place)
        for place, one in enumerate(possible)
    ]


def soonest(query: ServiceQuery) -> Query:
    """Return what makes a score of the day on which a place may be had, as the index counts days."""
    at = micros(query.at)
    now = Bool(filter=[Q("range", ahead__since={"lte": at}), Q("range", ahead__until={"gt": at})])
    waits = Q("exists", field="ahead.days").to_dict()
    functions = [
        {"filter": Q("exists", field="ahead.day").to_dict(), "field_value_factor": {"field": "ahead.day"}},
        {"filter": waits, "field_value_factor": {"field": "ahead.days"}},
        {"filter": waits, "weight": today_of(query.at)},
    ]
    when = Q("function_score", query=now, functions=functions, score_mode="sum", boost_mode="replace")
    return Q("nested", path="ahead", score_mode="max", query=when)


def by_distance(query: ServiceQuery) -> list[dict[str, Any]]:
    """Return the order by the nearest place."""
    if query.near is None:
        return []
    at = {"lat": query.near.latitude, "lon": query.near.longitude}
    return [{"_geo_distance": {"point": at, "order": "asc", "mode": "min", "unit": "m"}}]


def request(fitting: Query, order: list[dict[str, Any]], size: int, query: ServiceQuery) -> dict[str, Any]:
    """Return a request for the cards of what fits."""
    return {
        "query": fitting.to_dict(),
        "sort": order,
        "size": size,
        "track_total_hits": True,
        "track_scores": True,
        "stored_fields": "_none_",
        "docvalue_fields": ["card", "spots"] if query.near is not None else ["card"],
    }


def counting(query: ServiceQuery, but: Collection[UUID]) -> dict[str, Any]:
    """
    Return the request for how many services each choice of each facet would bring.

    A service counts for a facet's choices if it fits what was asked of the others; of one where all choices are needed,
    it must fit that as well.
    """
    wheres = [Bool(filter=list(part.where)) for part in parts_of(query) if part.where]
    fits = [*filters_for(query, but, facets=False), *([any_of(wheres)] if wheres else [])]
    asked = {facet: one.to_dict() for facet, one in conditions_for(query).items() if facet in FACETS}
    groups = {"all": {"filter": both(asked.values()), "aggs": {name: codes_in(name) for name in FIELDS_OF_FACETS}}}
    for facet in asked:
        if facet.value not in ALL_NEEDED:
            others = [condition for other, condition in asked.items() if other != facet]
            groups[facet.value] = {"filter": both(others), "aggs": {"codes": codes_of(facet)}}
    return {
        "query": Bool(filter=fits).to_dict(),
        "size": 0,
        "track_total_hits": False,
        "aggs": groups,
    }


FIELDS_OF_FACETS = ("harm", "level", "type", "aspects")
# More codes than all vocabularies have.
MOST_CODES = 1_000


def both(conditions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the condition that all of them hold."""
    return {"bool": {"filter": list(conditions)}}


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
        conditions[Criterion.SERVES] = Q("term", serves_anywhere=True)
    elif query.serving is not None:
        conditions[Criterion.SERVES] = any_of(
            [Q("term", serves_city=True), Q("terms", areas=sorted(query.serving))],
        )
    conditions |= where_and_when(query)
    if query.age is not None:
        conditions[Criterion.AGE] = Bool(
            filter=[Q("range", minimum_age={"lte": query.age}), Q("range", maximum_age={"gte": query.age})]
        )
    if query.subject:
        conditions[Criterion.SUBJECT] = Q("terms", subject=[query.subject, "any"])
    if query.harms:
        conditions[Criterion.HARM] = Q("terms", harm=sorted(query.harms))
    for aspect, chosen in query.aspects.items():
        if chosen:
            codes = [f"{aspect.value}:{code}" for code in sorted(chosen)]
            conditions[Criterion(aspect.value)] = (
                Bool(filter=[Q("term", aspects=code) for code in codes])
                if aspect in ALL_NEEDED
                else Q("terms", aspects=codes)
            )
    if query.level:
        conditions[Criterion.LEVEL] = Q("term", level=query.level)
    if query.service_type:
        conditions[Criterion.TYPE] = Q("term", type=query.service_type)
    if query.words and query.failing == Criterion.TEXT:
        conditions[Criterion.TEXT] = text_for(query.words, query.needed)
    return conditions


def where_and_when(query: ServiceQuery) -> dict[Criterion, Query]:
    """Return what is demanded of wards, a part of the map, and hours."""
    conditions: dict[Criterion, Query] = {}
    if query.happens:
        conditions[Criterion.HAPPENS] = Q("terms", happens=sorted(query.happens))
    if query.box is not None:
        corners = {
            "top": min(90.0, query.box.north + EDGE_DEGREES),
            "left": max(-180.0, query.box.west - EDGE_DEGREES),
            "bottom": max(-90.0, query.box.south - EDGE_DEGREES),
            "right": min(180.0, query.box.east + EDGE_DEGREES),
        }
        conditions[Criterion.BOX] = Q("geo_bounding_box", point=corners)
    if query.open is not None:
        conditions[Criterion.OPEN] = open_in(query.open)
    return conditions


def open_in(span: Span) -> Query:
    """Return the condition that regular hours cover some of ``span``, as `Hours.covers` says it."""
    begun_on = [(date.fromordinal(span.on.toordinal() - since), since * 1440) for since in (0, 1)]
    return Q(
        "nested",
        path="hours",
        query=any_of(
            Bool(
                filter=[
                    Q("term", hours__day=begun.weekday()),
                    Q("range", hours__opens={"lte": span.until + later}),
                    Q("range", hours__closes={"gt": span.since + later}),
                    Q("range", hours__first={"lte": begun.isoformat()}),
                    Q("range", hours__last={"gte": begun.isoformat()}),
                ]
            )
            for begun, later in begun_on
        ),
    )


def text_for(words: tuple[Words, ...], needed: int = 0) -> Query:
    """Return the condition that so many of the words are there in some form, in whichever part; all of them for 0."""
    return Bool(should=[any_of(alternatives(one)) for one in words], minimum_should_match=needed or len(words))


def alternatives(words: Words, columns: Sequence[str] = COLUMNS) -> list[Query]:
    """Return the ways in which one thing may be said in one of some columns."""
    ways: list[Query] = []
    for stems, longer in asked_stems(words):
        kind = "match_phrase" if " " in stems else "prefix" if longer else "term"
        ways += [Q(kind, **{column: stems}) for column in columns]
    for code in words.codes:
        ways += [Q("term", **{column: code_word(code)}) for column in columns if column in CODED]
    return ways


def any_of(ways: Iterable[Query]) -> Query:
    """Return the condition that one of several holds; nothing fits no way at all."""
    found = list(ways)
    return Bool(should=found, minimum_should_match=1) if found else Q("match_none")
