"""
The one statement that finds, measures, ranks, counts and cuts a page, put together from the inside out.

Everything is asked of an entry ``e`` while it is looked at; what fits is scored, ordered and cut afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import connection

from directory.availability import RANK, State
from search.backends.database_places import (
    TIER_OF_RANK,
    UNMEASURED,
    chord_from,
    inside,
    live_state,
    nearest_for,
    of_wanted_tiers,
    settled_at,
    soonest,
    within_for,
)
from search.backends.database_sql import AREA, ASPECT, ENTRY, HAPPENS, HARM, HOURS, PLACE, Sql, marks
from search.backends.database_words import (
    asks_for_words,
    fit_for,
    goes_by_words,
    scores_of,
    source_of,
    step_of,
    words_of,
)
from search.models import SearchEntry
from search.queries import ALL_NEEDED, FACETS, Aspect, Criterion, Field, Order, ServiceQuery, Span

DAY = 24 * 60
# The columns of an entry's words, in the order of the full-text index.
COLUMNS = {
    Field.NAME: "title",
    Field.TAXONOMY: "keywords",
    Field.ORGANIZATION: "organization",
    Field.SUMMARY: "summary",
    Field.BODY: "body",
}


def statement_for(query: ServiceQuery, page: int) -> Sql:
    """
    Return the one statement that answers ``query``.

    From the inside out: the entries that fit, each with its nearest place, its tier, as it was written down or asked of the
    pools, and how well the words fit; these counted, ordered and cut to the page; and for the page alone, which place was the
    nearest and where the words are. Below stand the ids that facets are counted of, where anybody asks.
    """
    found = scored_for(query)
    kept = f"id, service_id, chord, tier, name_key{step_of(query)}"
    soon = soonest(query)
    cut = Sql(
        f"{found.text}, counted AS MATERIALIZED"
        " (SELECT COUNT(*) AS total, COUNT(chord) AS total_near, MAX(score) AS best FROM scored),"
        f" cut AS MATERIALIZED (SELECT {kept}{soon.text} FROM scored n CROSS JOIN counted"
        f" ORDER BY {order_for(query)} LIMIT %s OFFSET %s)",
        [*found.values, *soon.values, query.page_size, (page - 1) * query.page_size],
    )
    nearest, joined, values = "NULL, NULL", "", []
    if query.near is not None:
        chord = chord_from(query.near)
        nearest = "l.location_id, l.exact"
        joined = (
            f" LEFT JOIN {PLACE} l ON cut.chord IS NOT NULL AND l.id = (SELECT p.id FROM {PLACE} p"
            f" WHERE p.entry_id = cut.id ORDER BY {chord.text}, p.location_id LIMIT 1)"
        )
        values = chord.values
    columns = ""
    if asks_for_words(query):
        columns = "".join(f", e.{column}" for column in COLUMNS.values())
        joined += f" JOIN {ENTRY} e ON e.id = cut.id"
    told, order = f"cut.service_id, chord, {nearest}, total, total_near{columns}", order_for(query, of="cut.")
    rows = Sql(f"SELECT {told} FROM cut CROSS JOIN counted{joined} ORDER BY {order}", values)
    if query.counted:
        nothing = ", NULL" * (6 + len(COLUMNS) * bool(columns))
        rows = Sql(
            f"SELECT ROW_NUMBER() OVER (ORDER BY {order}) AS place, NULL AS failed, NULL AS ids, {told}"
            f" FROM cut CROSS JOIN counted{joined} UNION ALL"
            f" SELECT 0, failed, {GATHERED[connection.vendor]}{nothing} FROM fits GROUP BY failed ORDER BY place",
            values,
        )
    return Sql(f"{cut.text} {rows.text}", cut.values + rows.values)


# The ids of a group, with commas between.
GATHERED = {"sqlite": "GROUP_CONCAT(id)", "postgresql": "STRING_AGG(CAST(id AS text), ',')"}


def fitting_for(query: ServiceQuery) -> Sql:
    """
    Return the beginning of a statement: the entries that fit, as ``fits``, with their nearest place and tier.

    Everything is asked of an entry while it is looked at, and only of one that fits as far as it says itself. What is not
    written in it, which of several places is the nearest and what its pools are if nobody wrote it down, is asked once;
    what follows from that is left out afterwards.

    Where facets are counted, what fails just one facet is there as well, with its name in ``failed``: an entry counts for a
    facet's choices if it fits everything that was asked of the others.
    """
    source = source_of(query)
    nearest, settled, state = nearest_for(query), settled_at(query.at), live_state(query)
    chord, early, late = within_for(query)
    tiers = of_wanted_tiers(query)
    conditions = [Sql(f"e.audience IN ({marks(query.audiences)})", list(query.audiences))]
    if query.among is not None:
        as_kept = SearchEntry._meta.get_field("service_id").get_db_prep_value
        among = [as_kept(one, connection) for one in query.among]
        conditions.append(Sql(f"e.service_id IN ({marks(among)})", among))
    asked = conditions_for(query, source.id)
    facets = {one: asked.pop(one) for one in FACETS if one in asked and one != query.failing} if query.counted else {}
    for criterion, condition in asked.items():
        conditions.append(condition.negated() if criterion == query.failing else condition)
    failed = failed_of(facets)
    conditions += [*source.conditions, early, Sql(f"COALESCE({settled.text} {tiers}, TRUE)", settled.values)]
    if len(facets) > 1:
        conditions.append(at_most_one_fails(facets.values()))
    told, name = fit_for(query)
    return Sql(
        f"WITH fitting AS MATERIALIZED (SELECT e.id, e.service_id, e.name_key{told.text},"
        f" {failed.text} AS failed, {nearest.text} AS nearest, (e.travels OR NOT e.has_places) AS anywhere,"
        f" COALESCE({settled.text}, CASE COALESCE(({state.text}), {RANK[State.UNCONFIRMED]}) {TIER_OF_RANK} END) AS tier"
        f" FROM {source.table} WHERE {' AND '.join(f'({condition.text})' for condition in conditions)}),"
        f" fits AS NOT MATERIALIZED (SELECT id, service_id, name_key{name}, failed, {chord.text} AS chord, tier"
        f" FROM fitting WHERE tier {tiers} AND ({late.text}))",
        told.values
        + failed.values
        + nearest.values
        + settled.values
        + state.values
        + [value for condition in conditions for value in condition.values]
        + chord.values
        + late.values,
    )


def failed_of(facets: Mapping[Criterion, Sql]) -> Sql:
    """Return the first facet that an entry ``e`` fails, "" if it fails none."""
    if not facets:
        return Sql("''")
    fails = {facet: condition.negated() for facet, condition in facets.items()}
    which = " ".join(f"WHEN {one.text} THEN '{facet.value}'" for facet, one in fails.items())
    return Sql(f"CASE {which} ELSE '' END", [value for one in fails.values() for value in one.values])


def at_most_one_fails(facets: Iterable[Sql]) -> Sql:
    """Return the condition that an entry ``e`` fails no more than one facet."""
    fails = [condition.negated() for condition in facets]
    failed = " + ".join(f"CASE WHEN {one.text} THEN 1 ELSE 0 END" for one in fails)
    return Sql(f"{failed} <= 1", [value for one in fails for value in one.values])


def scored_for(query: ServiceQuery) -> Sql:
    """Return the beginning of a statement: what fits, as ``scored``, with how well the words fit where they decide."""
    fitting = fitting_for(query)
    wanted = " WHERE e.failed = ''" if query.counted else ""
    if not goes_by_words(query):
        return Sql(
            f"{fitting.text}, scored AS NOT MATERIALIZED (SELECT e.*, 0.0 AS score FROM fits e{wanted})", fitting.values
        )
    if connection.vendor == "postgresql":
        return Sql(f"{fitting.text}, scored AS NOT MATERIALIZED (SELECT e.* FROM fits e{wanted})", fitting.values)
    score = scores_of(query)
    return Sql(
        f"{fitting.text}, scored AS MATERIALIZED (SELECT e.*, {score.text} AS score FROM fits e{wanted})",
        fitting.values + score.values,
    )


def order_for(query: ServiceQuery, of: str = "") -> str:
    """
    Return the order: what is near before what is anywhere, and always the same for equals (by name, then id).

    What is the same for all is left out: a database compares and carries it for each of them.
    """
    last = [f"{of}name_key", f"{of}service_id"]
    near, chord = [], []
    if query.near is not None:
        near = [f"CASE WHEN {of}chord IS NULL THEN 1 ELSE 0 END"]
        chord = [f"COALESCE({of}chord, {UNMEASURED})"]
    step = ["step"] if goes_by_words(query) else []
    tier = [f"{of}tier"]
    match query.order:
        case Order.NAME:
            order = last
        case Order.NEAREST:
            order = chord + tier + last
        case Order.SOONEST:
            order = [f"{of}soonest", *near, *chord, *last]
        case _:
            order = near + step + tier + chord + last
    return ", ".join(order)


def conditions_for(query: ServiceQuery, its_id: str = "e.id") -> dict[Criterion, Sql]:
    """
    Return what each criterion demands of an entry ``e``; distance and availability are asked further out.

    :param its_id: where its id is known before the rest of it is read
    """
    conditions: dict[Criterion, Sql] = {}
    if query.outside:
        conditions[Criterion.SERVES] = Sql("e.serves_anywhere")
    elif query.serving is not None:
        codes = sorted(query.serving)
        conditions[Criterion.SERVES] = Sql(
            f"e.serves_city OR EXISTS (SELECT 1 FROM {AREA} s WHERE s.entry_id = e.id AND s.code IN ({marks(codes)}))",
            list(codes),
        )
    conditions |= where_and_when(query, its_id)
    if query.age is not None:
        conditions[Criterion.AGE] = Sql(
            "COALESCE(e.minimum_age, 0) <= %s AND COALESCE(e.maximum_age, 999) >= %s", [query.age, query.age]
        )
    if query.subject:
        conditions[Criterion.SUBJECT] = Sql("e.subject IN (%s, 'any')", [query.subject])
    if query.harms:
        harms = sorted(query.harms)
        conditions[Criterion.HARM] = Sql(
            f"EXISTS (SELECT 1 FROM {HARM} h WHERE h.entry_id = e.id AND h.code IN ({marks(harms)}))", list(harms)
        )
    for aspect, chosen in query.aspects.items():
        if chosen:
            conditions[Criterion(aspect.value)] = has_codes(aspect, sorted(chosen))
    if query.leaves_out_others:
        conditions[Criterion.COMPOSITION] = has_codes(Aspect.COMPOSITION, sorted(query.not_for)).negated()
    if query.level:
        conditions[Criterion.LEVEL] = Sql("e.level = %s", [query.level])
    if query.service_type:
        conditions[Criterion.TYPE] = Sql("e.service_type = %s", [query.service_type])
    if query.words and query.failing == Criterion.TEXT:
        conditions[Criterion.TEXT] = words_of(query.words, all_of_them=query.needs_all)
    return conditions


def where_and_when(query: ServiceQuery, its_id: str) -> dict[Criterion, Sql]:
    """Return what is demanded of the places and the hours of an entry ``e``."""
    conditions: dict[Criterion, Sql] = {}
    if query.happens:
        codes = sorted(query.happens)
        conditions[Criterion.HAPPENS] = Sql(
            f"{its_id} IN (SELECT w.entry_id FROM {HAPPENS} w WHERE w.code IN ({marks(codes)}))", list(codes)
        )
    if query.box is not None:
        conditions[Criterion.BOX] = Sql(f"{its_id} IN ({inside(query.box).text})", inside(query.box).values)
    if query.open is not None:
        conditions[Criterion.OPEN] = open_during(query.open, its_id)
    return conditions


def open_during(span: Span, its_id: str) -> Sql:
    """Return the condition that an entry ``e`` is open at some time of ``span``: as `Hours.covers` says it."""
    either, values = [], []
    for since in (0, 1):
        begun = span.on - timedelta(days=since)
        on = connection.ops.adapt_datefield_value(begun)
        either.append(
            "(h.day = %s AND h.opens <= %s AND h.closes > %s AND (h.first IS NULL OR h.first <= %s)"
            " AND (h.last IS NULL OR h.last >= %s))"
        )
        values += [begun.weekday(), span.until + since * DAY, span.since + since * DAY, on, on]
    return Sql(f"{its_id} IN (SELECT h.entry_id FROM {HOURS} h WHERE {' OR '.join(either)})", values)


def has_codes(aspect: Aspect, codes: list[str]) -> Sql:
    """Return the condition that an entry ``e`` has one of the codes, or all of them where all are needed."""
    found = f"FROM {ASPECT} a WHERE a.entry_id = e.id AND a.aspect = '{aspect.value}' AND a.code IN ({marks(codes)})"
    if aspect in ALL_NEEDED:
        return Sql(f"(SELECT COUNT(*) {found}) = {len(codes)}", list(codes))
    return Sql(f"EXISTS (SELECT 1 {found})", list(codes))
