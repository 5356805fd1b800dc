"""
How far, and whether there is a place: the parts of a statement about an entry ``e`` that say it.

Availability is computed from the live pools, by the same questions in the same order as `directory.availability.state_of` (a test
holds the two against each other), unless it was written down and still holds (`search.settled`). Distance is the squared chord
between points on the unit sphere: it orders like the great circle and is plain arithmetic.
"""

from __future__ import annotations

from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from django.db import connection

from directory.availability import ASKED_FOR_BEFOREHAND, LONDON, RANK, State
from directory.geo import EARTH_RADIUS_KM, Bounds, Point
from search.backends.database_sql import CHANGED, PLACE, POOL, POOL_OF, Sql
from search.queries import TIERS, Criterion, Order, ServiceQuery, Tier

TIER_ORDER = list(Tier)
# Beyond every chord of the unit sphere.
UNMEASURED = 9


def on_the_sphere(point: Point) -> tuple[float, float, float]:
    """Return the point on the unit sphere."""
    latitude, longitude = radians(point.latitude), radians(point.longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def chord_of(km: float) -> float:
    """Return the squared straight line that spans ``km`` of great circle."""
    return (2 * sin(min(km / EARTH_RADIUS_KM, 3.14) / 2)) ** 2


def limit_of(km: float) -> float:
    """Return the squared chord of a distance, with room for rounding: the edge of the circle belongs to it."""
    return chord_of(km) * (1 + 1e-9)


def asin_of_half(chord: float) -> float:
    """Return half the angle that a squared chord spans, in radians."""
    return asin(min(1.0, sqrt(max(0.0, chord)) / 2))


def of_wanted_tiers(query: ServiceQuery) -> str:
    """Return what a tier must be, to be put behind it."""
    chosen = [
        place for place, one in enumerate(TIER_ORDER) if (one in query.tiers) != (query.failing == Criterion.PLACES)
    ]
    return f"IN ({', '.join(map(str, chosen)) or '-1'})"


def inside(box: Bounds) -> Sql:
    """Return the entries that have a place within a box, its edges with it."""
    return Sql(
        f"SELECT p.entry_id FROM {PLACE} p WHERE p.latitude BETWEEN %s AND %s AND p.longitude BETWEEN %s AND %s",
        [box.south, box.north, box.west, box.east],
    )


def chord_from(point: Point, of: str = "p") -> Sql:
    """Return the squared chord from ``point`` to a place, or to the only one of an entry ``e``."""
    x, y, z = on_the_sphere(point)
    return Sql(
        f"(({of}.x - %s) * ({of}.x - %s) + ({of}.y - %s) * ({of}.y - %s) + ({of}.z - %s) * ({of}.z - %s))",
        [x, x, y, y, z, z],
    )


def nearest_for(query: ServiceQuery) -> Sql:
    """Return the squared chord to an entry's nearest place; NULL where there is none, or nothing is measured."""
    if query.near is None:
        return Sql("CAST(NULL AS double precision)")
    chord, alone = chord_from(query.near), chord_from(query.near, "e")
    return Sql(
        f"CASE WHEN e.x IS NULL THEN (SELECT MIN({chord.text}) FROM {PLACE} p WHERE p.entry_id = e.id) ELSE {alone.text} END",
        chord.values + alone.values,
    )


def within_for(query: ServiceQuery) -> tuple[Sql, Sql, Sql]:
    """
    Return the chord that counts as near, and what the distance demands: of an entry ``e`` that has one place, and of any
    for which ``nearest`` is known.
    """
    if query.near is None or query.within_km is None:
        return Sql("nearest"), Sql("TRUE"), Sql("TRUE")
    limit = limit_of(query.within_km)
    alone = chord_from(query.near, "e")
    early = Sql(f"{alone.text} <= %s OR e.travels OR NOT e.has_places", [*alone.values, limit])
    late = Sql(f"COALESCE(nearest, {UNMEASURED}) <= %s OR anywhere", [limit])
    chord = Sql("CASE WHEN nearest <= %s THEN nearest END", [limit])
    if query.failing == Criterion.WITHIN:
        chord, early, late = Sql("nearest"), early.negated(), late.negated()
    return chord, Sql(f"e.x IS NULL OR {early.text}", early.values), late


FREE_PLACES = "(p.total - p.external_occupied - p.occupied - p.held - p.reserved)"
BEFOREHAND = ", ".join(f"'{model}'" for model in ASKED_FOR_BEFOREHAND)
# Of the pools of an entry ``e``. Few left and many are one and the same here: both are free.
STATE = (
    "SELECT MIN(CASE"
    f" WHEN p.called_off_at IS NOT NULL OR p.ends_on < %s THEN {RANK[State.ENDED]}"
    " WHEN p.model = 'session_slots' AND (p.starts_on < %s OR (p.starts_on = %s AND p.begins_at <= %s))"
    f" THEN {RANK[State.ENDED]}"
    " WHEN p.paused_at IS NULL AND p.model IN ('open_access', 'information_only') THEN"
    f" CASE WHEN p.starts_on > %s THEN {RANK[State.NOT_YET_OPEN]}"
    f" WHEN p.model = 'open_access' THEN {RANK[State.OPEN_ACCESS]} ELSE {RANK[State.INFORMATION_ONLY]} END"
    f" WHEN p.model NOT IN ({BEFOREHAND}) AND p.starts_on > %s THEN {RANK[State.NOT_YET_OPEN]}"
    f" WHEN p.paused_at IS NOT NULL THEN {RANK[State.PAUSED]}"
    f" WHEN p.total IS NULL OR p.confirmed_until IS NULL OR p.confirmed_until < %s THEN {RANK[State.UNCONFIRMED]}"
    f" WHEN {FREE_PLACES} > 0 THEN {RANK[State.AVAILABLE]}"
    f" WHEN p.waitlist_open THEN {RANK[State.FULL_WAITLIST_OPEN]} ELSE {RANK[State.FULL_WAITLIST_CLOSED]} END)"
    f" FROM {POOL_OF} s JOIN {POOL} p ON p.id = s.capacitypool_id WHERE s.service_id = e.service_id"
)
TIER_OF_RANK = " ".join(f"WHEN {RANK[one]} THEN {TIER_ORDER.index(TIERS[one])}" for one in State)


def settled_at(at: datetime) -> Sql:
    """Return the tier of an entry ``e`` as it was written down, where that holds at this moment; else NULL."""
    second = int(at.timestamp())
    return Sql(
        "CASE WHEN e.tier_since <= %s AND e.tier_until > %s"
        f" AND e.service_id NOT IN (SELECT service_id FROM {CHANGED}) THEN e.tier END",
        [second, second],
    )


def live_state(query: ServiceQuery) -> Sql:
    """
    Return the best state, at that moment, of the pools of an entry ``e``: its rank, NULL where there is no pool.

    Asked for each entry that fits and for no other, so that a narrow search looks at few pools.
    """
    local = query.at.astimezone(LONDON)
    at = connection.ops.adapt_datetimefield_value(query.at)
    on = connection.ops.adapt_datefield_value(local.date())
    hour = connection.ops.adapt_timefield_value(local.time())
    return Sql(STATE, [on, on, on, hour, on, on, at])


# In days: a waiting list of unknown length, a figure that nobody vouches for, and no place at all.
UNKNOWN_WAIT, UNCONFIRMED_WAIT, NO_PLACE = 1_000, 2_000, 3_000


def soonest(query: ServiceQuery) -> Sql:
    """Return in how many days what fits, ``n``, may have a place, as a further column; nothing where nobody asks."""
    if query.order != Order.SOONEST:
        return Sql("")
    on = connection.ops.adapt_datefield_value(query.at.astimezone(LONDON).date())
    until = (
        "(p.starts_on - %s::date)" if connection.vendor == "postgresql" else "(julianday(p.starts_on) - julianday(%s))"
    )
    later = f"CASE WHEN p.starts_on > %s THEN {until} ELSE 0 END"
    at = connection.ops.adapt_datetimefield_value(query.at)
    return Sql(
        ", (SELECT COALESCE(MIN(CASE"
        f" WHEN p.called_off_at IS NOT NULL OR p.ends_on < %s OR p.paused_at IS NOT NULL THEN {NO_PLACE}"
        f" WHEN p.model = 'session_slots' AND p.starts_on < %s THEN {NO_PLACE}"
        f" WHEN p.model IN ('open_access', 'information_only') THEN {later}"
        f" WHEN p.total IS NULL OR p.confirmed_until IS NULL OR p.confirmed_until < %s THEN {UNCONFIRMED_WAIT}"
        f" WHEN p.total - p.external_occupied - p.occupied - p.held - p.reserved > 0 THEN {later}"
        f" WHEN p.waitlist_open THEN COALESCE(p.wait_weeks * 7, {UNKNOWN_WAIT}) ELSE {NO_PLACE} END), {UNCONFIRMED_WAIT})"
        f" FROM {POOL_OF} s JOIN {POOL} p ON p.id = s.capacitypool_id WHERE s.service_id = n.service_id) AS soonest",
        [on, on, on, on, at, on, on],
    )
