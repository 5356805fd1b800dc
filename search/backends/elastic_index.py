"""
What Elasticsearch keeps of a service: a copy of its rows in the database's own index, and the outlook of its places.

Words are kept as the stems that every engine shares, split at spaces, so that all find the same. An answer is made of two
columns, `card` and `spots`; nothing else of a copy is ever fetched, and so what was indexed is not stored beside it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model
from elasticsearch.dsl import Mapping as Fields

from directory.availability import LONDON
from directory.geo import Point
from search.backends.database_places import on_the_sphere
from search.backends.elastic_outlook import EVER, Stretch, outlook, pools_of
from search.fit import LEVELS
from search.models import (
    SearchArea,
    SearchAspect,
    SearchBeginning,
    SearchEntry,
    SearchHappens,
    SearchHarm,
    SearchHours,
    SearchPlace,
)
from search.queries import Suggested, Tier

NO_AGE = 999
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
# The parts of an entry that words are looked for in, by the names that the database engine gives its columns.
TEXTS = tuple(column for columns in LEVELS for column in columns)
# Between the values of a card.
BETWEEN = "\x1f"
TIERS_KEPT = {tier: tier.value for tier in Tier}
TIERS_TOLD = {told: tier for tier, told in TIERS_KEPT.items()}
# Counted from here, the days of an outlook are small enough for a score, which is a 32-bit number.
DAY_ONE = date(2020, 1, 1).toordinal()
SETTINGS: dict[str, Any] = {"number_of_shards": 1}
# While an index is filled nobody reads it, and what breaks off is begun again.
SETTINGS_WHILE_FILLED: dict[str, Any] = {"refresh_interval": -1, "number_of_replicas": 0}


def mapping() -> dict[str, Any]:
    """Return the fields and their kinds; what is not named here is refused."""
    kept = Fields()
    kept.meta("dynamic", "strict")
    kept.meta("_source", {"enabled": False})
    for name in TEXTS:
        kept.field(name, "text", analyzer="whitespace", norms=False)
    for name in (
        "id", "digest", "audience", "subject", "level", "type", "harm", "aspects", "areas", "happens", "name",
        "service", "service_begins", "provider", "provider_begins",
    ):  # fmt: skip
        kept.field(name, "keyword")
    for name in ("card", "spots"):
        kept.field(name, "keyword", index=False)
    for name in ("minimum_age", "maximum_age"):
        kept.field(name, "short")
    for name in ("anywhere", "serves_city", "serves_anywhere", "filled"):
        kept.field(name, "boolean")
    for name in ("version", "mark", "entry"):
        kept.field(name, "long")
    kept.field("focus", "double")
    for tier in TIERS_KEPT.values():
        kept.field(tier, "long_range")
    kept.field("point", "geo_point")
    hours = {"day": "byte", "opens": "short", "closes": "short", "first": "date", "last": "date"}
    kept.field("hours", "nested", properties={name: {"type": kind} for name, kind in hours.items()})
    ahead = {"since": "long", "until": "long", "days": "integer", "day": "integer"}
    kept.field("ahead", "nested", properties={name: {"type": kind} for name, kind in ahead.items()})
    made: dict[str, Any] = kept.to_dict()
    return made


def made_for() -> str:
    """Return a short text that changes when the index must be made anew: an index is found under it, or not at all."""
    return hashlib.sha256(json.dumps([mapping(), SETTINGS, "2"], sort_keys=True).encode()).hexdigest()[:8]


# The columns of an entry that are copied as they are.
COPIED = {
    "digest": "digest", "audience": "audience", "name": "name_key", "subject": "subject", "level": "level",
    "type": "service_type", "serves_city": "serves_city", "serves_anywhere": "serves_anywhere",
    "focus": "focus", **{part: part for part in TEXTS},
}  # fmt: skip


def copies_of(service_ids: Collection[UUID]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Yield what Elasticsearch keeps of each of those services that the database's own index has."""
    return ((service_id, body) for _, service_id, body in copies_by_entry(service_ids))


def copies_by_entry(service_ids: Collection[UUID]) -> Iterator[tuple[int, UUID, dict[str, Any]]]:
    """Yield the same, with the entry that each was read from; nine queries for any number."""
    entries = list(
        SearchEntry.objects.filter(service_id__in=service_ids).order_by("service_id").values_list(
            "pk", "service_id", "mark", "minimum_age", "maximum_age", "travels", "has_places", *COPIED.values()
        )
    )  # fmt: skip
    ids = [row[0] for row in entries]
    places = by_entry(SearchPlace, ids, "location_id", "exact", "latitude", "longitude")
    areas, happens = by_entry(SearchArea, ids, "code"), by_entry(SearchHappens, ids, "code")
    harms, aspects = by_entry(SearchHarm, ids, "code"), by_entry(SearchAspect, ids, "aspect", "code")
    hours = by_entry(SearchHours, ids, "day", "opens", "closes", "first", "last")
    begins = by_entry(SearchBeginning, ids, "kind", "key", "words")
    pools = pools_of([row[1] for row in entries])
    for pk, service_id, mark, youngest, oldest, travels, has_places, *copied in entries:
        body: dict[str, Any] = dict(zip(COPIED, copied, strict=True))
        anywhere = travels or not has_places
        ahead = outlook(pools.get(service_id, ()))
        body |= {
            "id": service_id.hex,
            "entry": mark or 0,
            "card": BETWEEN.join([service_id.hex, str(int(anywhere)), str(mark or 0), told(ahead), body["name"]]),
            "minimum_age": youngest or 0,
            "maximum_age": NO_AGE if oldest is None else oldest,
            "anywhere": anywhere,
            "areas": sorted(code for (code,) in areas[pk]),
            "happens": sorted(code for (code,) in happens[pk]),
            "harm": sorted(code for (code,) in harms[pk]),
            "aspects": sorted(f"{aspect}:{code}" for aspect, code in aspects[pk]),
            "point": [[longitude, latitude] for _, _, latitude, longitude in sorted(places[pk])],
            "spots": [spot_of(*place) for place in sorted(places[pk])],
            "hours": [
                {
                    "day": day, "opens": opens, "closes": closes,
                    "first": str(first or FIRST_DAY), "last": str(last or LAST_DAY),
                }
                for day, opens, closes, first, last in sorted(hours[pk], key=str)
            ],
            **{
                tier: [{"gte": one.since, "lt": one.until} for one in ahead if one.tier == named]
                for named, tier in TIERS_KEPT.items()
            },
            "ahead": [soonest_in(one) for one in ahead],
        }  # fmt: skip
        for kind, name in ((Suggested.SERVICE.value, "service"), (Suggested.ORGANIZATION.value, "provider")):
            keys = sorted((key, words) for one, key, words in begins[pk] if one == kind)
            if keys:
                body[name], body[f"{name}_begins"] = keys[0][1], [key for key, _ in keys]
        yield pk, service_id, body


def by_entry(model: type[Model], ids: Sequence[int], *columns: str) -> Mapping[int, list[tuple[Any, ...]]]:
    """
    Return the rows of some entries, with days and ids as the database gives them; one query.

    Without Django's own values: a thousand ids and ten thousand rows at a time would cost as much as all the rest.
    """
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT entry_id, {', '.join(columns)} FROM {model._meta.db_table}"
                f" WHERE entry_id IN ({', '.join(map(str, ids))})"
            )
            for entry, *rest in cursor.fetchall():
                found[entry].append(tuple(rest))
    return found


def written(body: Mapping[str, Any]) -> tuple[str, int]:
    """Return a copy as it is sent, and its mark."""
    text = json.dumps(body)
    return text, mark_of(text)


def mark_of(text: str) -> int:
    """Return a number that stands for all of a copy: two with equal numbers are the same."""
    return zlib.crc32(text.encode())


def soonest_in(one: Stretch) -> dict[str, int]:
    """Return a stretch as it is asked for when a place can be had."""
    when = {"day": one.day - DAY_ONE} if one.day is not None else {"days": one.days or 0}
    return {"since": one.since, "until": one.until, **when}


def told(ahead: Sequence[Stretch]) -> str:
    """Return an outlook as a text that `stretch_in` reads."""
    return ";".join(
        f"{one.until},{one.tier.value},{'' if one.days is None else one.days},{one.day or ''}" for one in ahead
    )


def stretch_in(text: str, at: int) -> Stretch:
    """Return what an outlook says of a moment, which is in microseconds since 1970."""
    since = -EVER
    for one in text.split(";"):
        told, tier, days, day = one.split(",")
        until = int(told)
        if at < until:
            break
        since = until
    return Stretch(since, until, TIERS_TOLD[tier], int(days) if days else None, int(day) if day else None)


def spot_of(location: UUID | str, exact: bool, latitude: float, longitude: float) -> str:
    """Return a place as one word: a kept point alone would be a centimetre off."""
    return f"{location if isinstance(location, str) else location.hex} {int(exact)} {latitude!r} {longitude!r}"


class Spot(NamedTuple):
    """A place as it is measured from."""

    location: str
    exact: bool
    x: float
    y: float
    z: float


@lru_cache(maxsize=100_000)
def spot_in(word: str) -> Spot:
    """Return the place that `spot_of` made a word of."""
    location, exact, latitude, longitude = word.split(" ")
    return Spot(location, exact == "1", *on_the_sphere(Point(float(latitude), float(longitude))))


class Card(NamedTuple):
    """What an answer tells of a service."""

    id: str
    anywhere: bool
    entry: int
    outlook: str
    name: str
    spots: tuple[Spot, ...]

    @property
    def service_id(self) -> UUID:
        return UUID(hex=self.id)

    def stands(self, at: int) -> Stretch:
        """Return how its places stood at that moment (microseconds since 1970), by all that the index was told."""
        return stretch_in(self.outlook, at)


def card_in(fields: Mapping[str, Any]) -> Card:
    """Return what the columns of a hit tell, or what `copies_of` has yielded."""
    card = fields["card"] if isinstance(fields["card"], str) else fields["card"][0]
    told_id, anywhere, entry, ahead, name = card.split(BETWEEN)
    return Card(told_id, anywhere == "1", int(entry), ahead, name, tuple(map(spot_in, fields.get("spots", ()))))


def today_of(at: datetime) -> int:
    """Return a moment's day as outlooks in the index count it."""
    return at.astimezone(LONDON).toordinal() - DAY_ONE
