"""
What Elasticsearch keeps of a document.

Words are kept as the stems that every engine shares, split at spaces, so that all find the same. Beside what is searched,
each document has a few short values that an answer is made of (`card`, `spots`, `choices`): they are read from columns,
and nothing else of a document is ever fetched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from elasticsearch.dsl import Mapping

from directory.geo import Point
from search.backends.database import WEIGHTS, beginnings_of, on_the_sphere
from search.documents import digest_of, mark_of
from search.queries import Criterion, DocumentPlace, SearchDocument
from search.spelling import terms_in
from search.stems import stemmed
from search.texts import code_word, folded

# A page of candidates; what has more is read in several.
MOST_AT_ONCE = 10_000
NO_AGE = 999
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
# The parts of a document that words are looked for in, by the names that the database engine gives its columns.
TEXTS = tuple(WEIGHTS)
# Stands where a part has no words, and is asked by nobody: how rare a word is, is reckoned among those that have the part.
NOTHING = "-"
# Between a word of a vocabulary as it is looked up and as it is shown.
SHOWN_AS = "\x1f"
SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "max_result_window": MOST_AT_ONCE,
}


def mapping() -> dict[str, Any]:
    """Return the fields and their kinds; what is not named here is refused."""
    kept = Mapping()
    kept.meta("dynamic", "strict")
    for name in TEXTS:
        kept.field(name, "text", analyzer="whitespace")
    for name in (
        "id", "digest", "audience", "subject", "level", "type", "harm", "aspects", "areas", "happens", "terms",
        "service", "service_begins", "provider", "provider_begins", "labels",
    ):  # fmt: skip
        kept.field(name, "keyword")
    for name in ("card", "spots", "choices"):
        kept.field(name, "keyword", index=False)
    for name in ("minimum_age", "maximum_age"):
        kept.field(name, "short")
    for name in ("anywhere", "serves_city", "serves_anywhere"):
        kept.field(name, "boolean")
    kept.field("mark", "long")
    kept.field("point", "geo_point")
    hours = {"day": "byte", "opens": "short", "closes": "short", "first": "date", "last": "date"}
    kept.field("hours", "nested", properties={name: {"type": kind} for name, kind in hours.items()})
    made: dict[str, Any] = kept.to_dict()
    return made


def made_for() -> str:
    """Return a short text that changes when the index must be made anew: an index is found under it, or not at all."""
    return hashlib.sha256(json.dumps([mapping(), SETTINGS, "1"], sort_keys=True).encode()).hexdigest()[:8]


def body_of(document: SearchDocument) -> dict[str, Any]:
    """Return a document as Elasticsearch keeps it."""
    digest = digest_of(document)
    anywhere = document.travels or not document.places
    texts = (document.name, document.organization, *document.keywords, document.summary, document.body)
    return {
        "id": document.service_id.hex,
        "digest": digest,
        "mark": mark_of(digest),
        "audience": document.audience,
        "card": f"{document.service_id.hex}{int(anywhere)}{folded(document.name)[:160]}",
        **words_of(document),
        "service": document.name[:160],
        "service_begins": beginnings_of(document.name),
        "provider": document.organization[:160],
        "provider_begins": beginnings_of(document.organization),
        "labels": [f"{key}{SHOWN_AS}{word[:160]}" for word in document.keywords if (key := folded(word)[:80])],
        "terms": sorted(terms_in(texts)),
        "minimum_age": document.minimum_age or 0,
        "maximum_age": NO_AGE if document.maximum_age is None else document.maximum_age,
        "subject": document.subject,
        "level": document.level,
        "type": document.service_type,
        "harm": document.harms,
        "aspects": [f"{aspect.value}:{code}" for aspect, codes in document.aspects.items() for code in codes],
        "choices": sorted(choices_of(document)),
        "anywhere": anywhere,
        "serves_city": document.serves_city,
        "serves_anywhere": document.serves_anywhere,
        "areas": document.areas,
        "happens": sorted({code for place in document.places for code in place.areas}),
        "point": [{"lat": place.point.latitude, "lon": place.point.longitude} for place in document.places],
        "spots": [spot_of(place) for place in document.places],
        "hours": [
            {
                "day": one.day,
                "opens": one.opens,
                "closes": one.closes,
                "first": one.first.isoformat() if one.first else FIRST_DAY,
                "last": one.last.isoformat() if one.last else LAST_DAY,
            }
            for one in document.hours
        ],
    }


def words_of(document: SearchDocument) -> dict[str, str]:
    """Return the stems of each part of a document; what it is sorted by holds its codes as well."""
    parts = {
        "title": stemmed(folded(document.name)),
        "kind": code_word(document.service_type),
        "keywords": " ".join([stemmed(folded(" . ".join(document.keywords))), *map(code_word, document.codes)]),
        "organization": stemmed(folded(document.organization)),
        "summary": stemmed(folded(document.summary)),
        "body": stemmed(folded(document.body)),
    }
    return {part: text or NOTHING for part, text in parts.items()}


def choices_of(document: SearchDocument) -> Iterator[str]:
    """Yield the choices of facets that would bring a document: "harm:cce"."""
    yield f"{Criterion.LEVEL.value}:{document.level}"
    yield f"{Criterion.TYPE.value}:{document.service_type}"
    for code in document.harms:
        yield f"{Criterion.HARM.value}:{code}"
    for aspect, codes in document.aspects.items():
        for code in codes:
            yield f"{aspect.value}:{code}"


def spot_of(place: DocumentPlace) -> str:
    """Return a place as one word: a kept point alone would be a centimetre off."""
    point = place.point
    return f"{place.location_id.hex} {int(place.exact)} {point.latitude!r} {point.longitude!r}"


class Spot(NamedTuple):
    """A place as it is measured from."""

    location: str
    exact: bool
    point: Point
    x: float
    y: float
    z: float


@lru_cache(maxsize=100_000)
def spot_in(word: str) -> Spot:
    """Return the place that `spot_of` made a word of."""
    location, exact, latitude, longitude = word.split(" ")
    point = Point(float(latitude), float(longitude))
    return Spot(location, exact == "1", point, *on_the_sphere(point))


class Card(NamedTuple):
    """What is known of a candidate before the database is asked."""

    id: str
    anywhere: bool
    name: str
    score: float
    spots: tuple[Spot, ...]
    choices: tuple[str, ...]


def card_in(hit: dict[str, Any], words: int = 0) -> Card:
    """
    Return one of the hits of an answer.

    :param words: how many were asked for, where it counts how many of them there are: what has more of them fits better
    """
    fields = hit["fields"]
    [told] = fields["card"]
    share = len(hit.get("matched_queries", ())) / words if words else 1.0
    return Card(
        id=told[:32],
        anywhere=told[32] == "1",
        name=told[33:],
        score=(hit.get("_score") or 0.0) * share,
        spots=tuple(map(spot_in, fields.get("spots", ()))),
        choices=tuple(fields.get("choices", ())),
    )


def id_in(told: str) -> UUID:
    """Return a service's id."""
    return UUID(hex=told)
