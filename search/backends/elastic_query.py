"""A `ServiceQuery` in Elasticsearch's words: everything but places that are free, which only the database knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Bool, Query

from search.backends.database import WEIGHTS, asked_stems, better_said
from search.queries import ALL_NEEDED, Criterion, ServiceQuery, Span, Words
from search.texts import code_word

# The parts that hold codes.
CODED = ("kind", "keywords")
# A kept point is up to a centimetre off, and its sphere is another one: what is near the edge is measured here.
ROOM, ROOM_KM, ROOM_DEGREES = 1.01, 0.05, 0.0001


def wanted(query: ServiceQuery) -> Bool:
    """Return what a candidate must fulfil; how well its words fit is its score."""
    filters: list[Query] = [Q("terms", audience=list(query.audiences))]
    for criterion, condition in conditions_for(query).items():
        # not ``~condition``, which forgets how many of several are needed
        filters.append(Bool(must_not=[condition]) if criterion == query.failing else condition)
    filters += whereabouts(query)
    if query.words and query.failing != Criterion.TEXT:
        better = [any_of(alternatives(one), times=times) for [one], times in better_said(query.words)]
        return Bool(filter=filters, must=[text_for(query.words, query.needed)], should=better)
    return Bool(filter=filters)


def conditions_for(query: ServiceQuery) -> dict[Criterion, Query]:
    """Return what each criterion demands, where the index alone can say; a text only where it must not fit."""
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
    """Return what is demanded of wards and hours."""
    conditions: dict[Criterion, Query] = {}
    if query.happens:
        conditions[Criterion.HAPPENS] = Q("terms", happens=sorted(query.happens))
    if query.open is not None:
        conditions[Criterion.OPEN] = open_in(query.open)
    return conditions


def whereabouts(query: ServiceQuery) -> list[Query]:
    """Return what narrows by place, with room at the edges; what is asked to fail is measured later."""
    narrowed: list[Query] = []
    if query.near is not None and query.within_km is not None:
        if query.failing == Criterion.WITHIN:
            narrowed.append(Q("term", anywhere=False))
        else:
            far = query.within_km * ROOM + ROOM_KM
            here = {"lat": query.near.latitude, "lon": query.near.longitude}
            narrowed.append(any_of([Q("term", anywhere=True), Q("geo_distance", distance=f"{far}km", point=here)]))
    if query.box is not None and query.failing != Criterion.BOX:
        box = query.box
        narrowed.append(
            Q(
                "geo_bounding_box",
                point={
                    "top": min(90.0, box.north + ROOM_DEGREES),
                    "left": max(-180.0, box.west - ROOM_DEGREES),
                    "bottom": max(-90.0, box.south - ROOM_DEGREES),
                    "right": min(180.0, box.east + ROOM_DEGREES),
                },
            )
        )
    return narrowed


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
    needed = needed or len(words)
    # where not all are needed, each has a name: it counts how many of them there are
    ways = [
        any_of(alternatives(one), name=str(place) if needed < len(words) else "") for place, one in enumerate(words)
    ]
    return Bool(should=ways, minimum_should_match=needed)


def alternatives(words: Words) -> list[Query]:
    """Return the ways in which one thing may be said."""
    ways: list[Query] = []
    for stems, longer in asked_stems(words):
        for part, weight in WEIGHTS.items():
            if " " in stems:
                ways.append(Q("match_phrase", **{part: {"query": stems, "boost": weight}}))
                continue
            ways.append(Q("term", **{part: {"value": stems, "boost": weight}}))
            if longer:
                ways.append(Q("prefix", **{part: {"value": stems, "boost": weight / 2}}))
    for code in words.codes:
        for part in CODED:
            ways.append(Q("term", **{part: {"value": code_word(code), "boost": WEIGHTS[part]}}))
    return ways


def any_of(ways: Iterable[Query], *, times: float = 1.0, name: str = "") -> Query:
    """Return the condition that one of several holds, counting so much; nothing fits no way at all."""
    found = list(ways)
    called: dict[str, Any] = {"_name": name} if name else {}
    return Bool(should=found, minimum_should_match=1, boost=times, **called) if found else Q("match_none")
