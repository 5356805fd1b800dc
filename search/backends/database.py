"""
The default engine: the database that is already there, SQLite (FTS5) or PostgreSQL (`tsvector`).

One statement finds, measures, ranks, counts and cuts the page. Availability is computed in it from the live pools, by
the same questions in the same order as `directory.availability.state_of` (a test holds the two against each other), so
a place that has gone leaves the "free" list in the moment its transaction commits. Distance is the squared chord
between points on the unit sphere: it orders like the great circle and is plain arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, islice
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Min

from directory.availability import ASKED_FOR_BEFOREHAND, LONDON, RANK, State
from directory.geo import EARTH_RADIUS_KM, Bounds, Point, coarse_km
from directory.models import CapacityPool
from safekeeping.memory import Memory
from search.choices import choices, codes_of
from search.documents import digest_of, mark_of
from search.fit import LEVELS, ROUNDING, STEPS, Saying, focus_of, sayings
from search.models import (
    ChangedPlaces,
    SearchArea,
    SearchAspect,
    SearchBeginning,
    SearchEntry,
    SearchHappens,
    SearchHarm,
    SearchHours,
    SearchLabel,
    SearchPlace,
    SearchTerm,
)
from search.queries import (
    ALL_NEEDED,
    FACETS,
    LAST_PAGE,
    TIERS,
    Aspect,
    Counts,
    Criterion,
    Field,
    Match,
    Order,
    ResultPage,
    SearchDocument,
    ServiceHit,
    ServiceQuery,
    Span,
    Suggested,
    Suggestion,
    Tier,
    Words,
)
from search.reasons import begins, explaining
from search.spelling import MISTAKES, can_be_mistyped, forms_of, nearest, terms_in
from search.stems import stemmed
from search.texts import code_word, folded

TIER_ORDER = list(Tier)
# Beyond every chord of the unit sphere.
UNMEASURED = 9
BATCH = 200
DAY = 24 * 60
# More words than a city's directory has; what a mistyped word costs stays within it.
MOST_TERMS = 20_000

POOL = CapacityPool._meta.db_table
POOL_OF = CapacityPool.services.through._meta.db_table
ENTRY = SearchEntry._meta.db_table
PLACE = SearchPlace._meta.db_table
AREA = SearchArea._meta.db_table
HARM = SearchHarm._meta.db_table
ASPECT = SearchAspect._meta.db_table
HAPPENS = SearchHappens._meta.db_table
HOURS = SearchHours._meta.db_table
CHANGED = ChangedPlaces._meta.db_table
FTS = "search_words"


@dataclass
class Sql:
    """A piece of SQL with its values, so that the two cannot drift apart."""

    text: str
    values: list[Any] = field(default_factory=list)

    def negated(self) -> Sql:
        return Sql(f"NOT COALESCE(({self.text}), FALSE)", self.values)

    def ask(self) -> list[tuple]:
        """
        Return the rows that answer it.

        Values go by names: for marks without one Django looks through the whole text, which takes three times as long.
        """
        names = [f"v{place}" for place in range(len(self.values))]
        text = self.text % tuple([f"%({name})s" for name in names])
        with connection.cursor() as cursor:
            cursor.execute(text, dict(zip(names, self.values, strict=True)))
            return cursor.fetchall()


class DatabaseBackend:
    """See the module."""

    def find(self, query: ServiceQuery) -> ResultPage:
        """Return one page of what fits; a page beyond the last is the last."""
        asked = min(max(1, query.page), LAST_PAGE)
        found = self._page(query, asked)
        if not found.hits and asked > 1:
            first = self._page(query, 1)
            found = self._page(query, first.pages) if first.pages > 1 else first
        return found

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents, or put them in place of the older ones."""
        with transaction.atomic():
            waiting: list[SearchDocument] = []
            for document in documents:
                waiting.append(document)
                if len(waiting) == BATCH:
                    self._write(waiting)
                    waiting = []
            self._write(waiting)

    def remove(self, service_ids: Iterable[UUID]) -> None:
        """Forget services; those that are not there are no matter."""
        SearchEntry.objects.filter(service_id__in=list(service_ids)).delete()

    def replace_all(self, documents: Iterable[SearchDocument]) -> None:
        """Make the index anew; readers see the old one until it is whole."""
        with transaction.atomic():
            SearchEntry.objects.all().delete()
            SearchTerm.objects.all().delete()
            SearchLabel.objects.all().delete()
            self.index(documents)

    def spelt(self, words: Iterable[str], audiences: tuple[str, ...]) -> Mapping[str, str]:
        """Return what was probably meant; costs nothing for words that are known, a few short questions for another."""
        told: dict[str, str] = {}
        for word in dict.fromkeys(words):
            if not can_be_mistyped(word) or not known().forms.isdisjoint(forms_of(word)):
                continue
            finds = self._holds(word, audiences)
            alike = nearest(word, known().terms, most=MISTAKES if finds else None)
            meant = next((term for term in alike if self._holds(term, audiences)), "")
            if meant or not finds:
                told[word] = meant
        return told

    def _holds(self, word: str, audiences: tuple[str, ...]) -> bool:
        """Say whether a word alone finds anything."""
        fits = words_of((Words((word,)),))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {ENTRY} e WHERE e.audience IN ({marks(audiences)}) AND {fits.text} LIMIT 1",
                [*audiences, *fits.values],
            )
            return cursor.fetchone() is not None

    def suggest(self, beginning: str, audiences: tuple[str, ...], *, most: int = 8) -> Sequence[Suggestion]:
        """Return names and words that begin so; two short questions, and one for each word of a vocabulary."""
        begun = folded(beginning[:LONGEST_BEGINNING])
        if len(begun) < SHORTEST_SUGGESTED:
            return ()
        told: list[Suggestion] = []
        for kind in (Suggested.SERVICE, Suggested.ORGANIZATION):
            told += names_beginning(begun, kind, audiences, most=most - len(told))
        labels = SearchLabel.objects.filter(**begins_with(begun)).order_by("key").values_list("key", "words")
        return with_words(told, (words for key, words in labels[:most] if self._holds(key, audiences)), most)

    def digests(self) -> Mapping[UUID, str]:
        """Return the digest of every document in the index."""
        return dict(SearchEntry.objects.values_list("service_id", "digest"))

    def _write(self, documents: list[SearchDocument]) -> None:
        if not documents:
            return
        self.remove(document.service_id for document in documents)
        entries = SearchEntry.objects.bulk_create([entry_of(document) for document in documents])
        made = list(zip(entries, documents, strict=True))
        SearchPlace.objects.bulk_create(
            [
                SearchPlace(
                    entry=entry,
                    location_id=place.location_id,
                    latitude=place.point.latitude,
                    longitude=place.point.longitude,
                    exact=place.exact,
                    **dict(zip("xyz", on_the_sphere(place.point), strict=True)),
                )
                for entry, document in made
                for place in document.places
            ]
        )
        SearchArea.objects.bulk_create(
            [SearchArea(entry=entry, code=code) for entry, one in made for code in one.areas]
        )
        SearchHappens.objects.bulk_create(
            [
                SearchHappens(entry=entry, code=code)
                for entry, one in made
                for code in sorted({code for place in one.places for code in place.areas})
            ]
        )
        SearchHours.objects.bulk_create(
            [
                SearchHours(
                    entry=entry,
                    day=hours.day,
                    opens=hours.opens,
                    closes=hours.closes,
                    first=hours.first,
                    last=hours.last,
                )
                for entry, one in made
                for hours in one.hours
            ]
        )
        SearchHarm.objects.bulk_create(
            [SearchHarm(entry=entry, code=code) for entry, one in made for code in one.harms]
        )
        SearchAspect.objects.bulk_create(
            [
                SearchAspect(entry=entry, aspect=aspect.value, code=code)
                for entry, one in made
                for aspect, codes in one.aspects.items()
                for code in codes
            ]
        )
        terms = terms_in(
            text
            for one in documents
            for text in (one.name, one.organization, one.about_organization, *one.keywords, one.summary, one.body)
        )
        # in one order, so that two workers that add the same words never wait for each other
        SearchTerm.objects.bulk_create([SearchTerm(term=term) for term in sorted(terms)], ignore_conflicts=True)
        known.forget()
        SearchBeginning.objects.bulk_create(
            [
                SearchBeginning(entry=entry, kind=kind.value, key=key, words=name[:160])
                for entry, one in made
                for kind, name in ((Suggested.SERVICE, one.name), (Suggested.ORGANIZATION, one.organization))
                for key in beginnings_of(name)
            ]
        )
        labels = {key: words for one in documents for words in one.keywords if (key := folded(words)[:80])}
        SearchLabel.objects.bulk_create(
            [SearchLabel(key=key, words=words[:160]) for key, words in sorted(labels.items())], ignore_conflicts=True
        )

    def _page(self, query: ServiceQuery, page: int) -> ResultPage:
        rows = statement_for(query, page).ask()
        counts: Counts = {}
        if query.counted:
            counts = choices().counts({failed: [*map(int, ids.split(","))] for _, failed, ids, *_ in rows if ids})
            rows = [row[3:] for row in rows if not row[2]]
        if not rows:
            return ResultPage(page=page, page_size=query.page_size, counts=counts)
        explain = explaining(query.words)
        return ResultPage(
            hits=tuple(hit_of(row, explain) for row in rows),
            total=rows[0][4],
            total_near=rows[0][5],
            page=page,
            page_size=query.page_size,
            counts=counts,
        )


# Fewer letters begin too many names; more are no beginning.
SHORTEST_SUGGESTED, LONGEST_BEGINNING = 2, 60
# The last of all characters: what begins so comes before it.
LAST_LETTER = "\U0010ffff"


# So many words of the vocabularies keep their room, however many names begin so: "mentoring" finds what eight names do not.
WORDS_WITH_NAMES = 3


def with_words(names: Sequence[Suggestion], words: Iterable[str], most: int) -> tuple[Suggestion, ...]:
    """Return names, then words that no name says already, read only as far as there is room."""
    said = {folded(one.words) for one in names}
    others = (Suggestion(one, Suggested.WORD) for one in words if folded(one) not in said)
    kept = tuple(islice(others, max(most - len(names), min(WORDS_WITH_NAMES, most // 2))))
    return (*names[: most - len(kept)], *kept)


def begins_with(begun: str) -> dict[str, str]:
    """Return the filter of keys that begin so, in the way that each database answers from its index."""
    if connection.vendor == "postgresql":
        return {"key__startswith": begun}
    return {"key__gte": begun, "key__lt": begun + LAST_LETTER}


def beginnings_of(name: str) -> list[str]:
    """Return a folded name from each of its words on."""
    words = folded(name).split()
    return list(dict.fromkeys(" ".join(words[place:])[:80] for place in range(len(words))))


def names_beginning(begun: str, kind: Suggested, audiences: tuple[str, ...], *, most: int) -> list[Suggestion]:
    """Return the names of one kind that begin so, by name; of a service's with its id where only one is called that."""
    if most <= 0:
        return []
    found = (
        SearchBeginning.objects.filter(kind=kind.value, entry__audience__in=audiences, **begins_with(begun))
        .values("words")
        .annotate(many=Count("entry", distinct=True), one=Min("entry"))
        .order_by("words")[:most]
    )
    rows = list(found)
    alone = [row["one"] for row in rows if kind == Suggested.SERVICE and row["many"] == 1]
    ids = dict(SearchEntry.objects.filter(pk__in=alone).values_list("pk", "service_id")) if alone else {}
    return [Suggestion(row["words"], kind, ids.get(row["one"]) if row["many"] == 1 else None) for row in rows]


@dataclass(frozen=True, slots=True)
class Known:
    """Every word of the index, and every form that stands for one of them."""

    terms: tuple[str, ...]
    forms: frozenset[str]


def read_terms() -> Known:
    """Return the words of the index."""
    terms = tuple(SearchTerm.objects.order_by("term").values_list("term", flat=True)[:MOST_TERMS])
    return Known(terms, frozenset(form for term in terms for form in forms_of(term)))


known = Memory(read_terms)


def entry_of(document: SearchDocument) -> SearchEntry:
    """Return the row of a document."""
    digest = digest_of(document)
    x, y, z = on_the_sphere(document.places[0].point) if len(document.places) == 1 else (None, None, None)
    keywords = " ".join([stemmed(folded(" . ".join(document.keywords))), *map(code_word, document.codes)])
    return SearchEntry(
        service_id=document.service_id,
        digest=digest,
        mark=mark_of(digest),
        audience=document.audience,
        name_key=folded(document.name)[:160],
        minimum_age=document.minimum_age,
        maximum_age=document.maximum_age,
        subject=document.subject,
        level=document.level,
        service_type=document.service_type,
        travels=document.travels,
        has_places=bool(document.places),
        serves_city=document.serves_city,
        serves_anywhere=document.serves_anywhere,
        title=stemmed(folded(document.name)),
        kind=code_word(document.service_type),
        keywords=keywords,
        organization=stemmed(folded(f"{document.organization} . {document.about_organization}")),
        summary=stemmed(folded(document.summary)),
        body=stemmed(folded(document.body)),
        codes=codes_of(document),
        focus=focus_of(keywords),
        x=x,
        y=y,
        z=z,
    )


# The columns of an entry's words, in the order of the full-text index.
COLUMNS = {
    Field.NAME: "title",
    Field.TAXONOMY: "keywords",
    Field.ORGANIZATION: "organization",
    Field.SUMMARY: "summary",
    Field.BODY: "body",
}


def hit_of(row: tuple, explain: Callable[[Mapping[Field, str]], tuple[Match, ...]]) -> ServiceHit:
    """Return a row of the answer as a value."""
    service_id, chord, location_id, exact = row[:4]
    told = explain(dict(zip(COLUMNS, row[6:], strict=True))) if row[6:] else ()
    if chord is None:
        return ServiceHit(service_id=as_uuid(service_id), why=told)
    km = 2 * EARTH_RADIUS_KM * asin_of_half(chord)
    return ServiceHit(
        service_id=as_uuid(service_id),
        near=True,
        distance_km=km if exact else coarse_km(km),
        location_id=as_uuid(location_id),
        why=told,
    )


def as_uuid(value: str | UUID) -> UUID:
    """Return the id as a UUID; SQLite keeps it as text."""
    return value if isinstance(value, UUID) else UUID(int=int(value, 16))


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


def step_of(query: ServiceQuery) -> str:
    """Return a further column, how many steps a score lies behind the best one, where words decide; small differences are none."""
    if not goes_by_words(query):
        return ""
    behind = f"(1 - score / NULLIF(best, 0)) * {STEPS}"
    if connection.vendor == "postgresql":  # which rounds a half to what is even
        return f", FLOOR({behind} + {0.5 - ROUNDING}) AS step"
    return f", ROUND({behind} - {ROUNDING}) AS step"


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
    before, told, name = fit_for(query)
    return Sql(
        f"WITH {before.text}fitting AS MATERIALIZED (SELECT e.id, e.service_id, e.name_key{told.text},"
        f" {failed.text} AS failed, {nearest.text} AS nearest, (e.travels OR NOT e.has_places) AS anywhere,"
        f" COALESCE({settled.text}, CASE COALESCE(({state.text}), {RANK[State.UNCONFIRMED]}) {TIER_OF_RANK} END) AS tier"
        f" FROM {source.table} WHERE {' AND '.join(f'({condition.text})' for condition in conditions)}),"
        f" fits AS NOT MATERIALIZED (SELECT id, service_id, name_key{name}, failed, {chord.text} AS chord, tier"
        f" FROM fitting WHERE tier {tiers} AND ({late.text}))",
        before.values
        + told.values
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


def fit_for(query: ServiceQuery) -> tuple[Sql, Sql, str]:
    """
    Return what is worked out before entries ``e`` are looked at, and a further column of each with its name, where words decide.

    On PostgreSQL it is the score itself, while the words are at hand; SQLite looks in its lists afterwards, for what fits alone.
    """
    if not goes_by_words(query):
        return Sql(""), Sql(""), ""
    rare = rarities_of(query.words)
    if connection.vendor != "postgresql":
        return rare, Sql(", e.focus"), ", focus"
    score = scores_of(query.words, query.needed)
    return rare, Sql(f", {score.text} AS score", score.values), ", score"


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
    score = scores_of(query.words, query.needed)
    return Sql(
        f"{fitting.text}, scored AS MATERIALIZED (SELECT e.*, {score.text} AS score FROM fits e{wanted})",
        fitting.values + score.values,
    )


def of_wanted_tiers(query: ServiceQuery) -> str:
    """Return what a tier must be, to be put behind it."""
    chosen = [
        place for place, one in enumerate(TIER_ORDER) if (one in query.tiers) != (query.failing == Criterion.PLACES)
    ]
    return f"IN ({', '.join(map(str, chosen)) or '-1'})"


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
    if query.level:
        conditions[Criterion.LEVEL] = Sql("e.level = %s", [query.level])
    if query.service_type:
        conditions[Criterion.TYPE] = Sql("e.service_type = %s", [query.service_type])
    if query.words and query.failing == Criterion.TEXT:
        conditions[Criterion.TEXT] = words_of(query.words, query.needed)
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


def inside(box: Bounds) -> Sql:
    """Return the entries that have a place within a box, its edges with it."""
    return Sql(
        f"SELECT p.entry_id FROM {PLACE} p WHERE p.latitude BETWEEN %s AND %s AND p.longitude BETWEEN %s AND %s",
        [box.south, box.north, box.west, box.east],
    )


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


def marks(values: Iterable[Any]) -> str:
    """Return as many placeholders as there are values; one that fits nothing if there are none."""
    return ", ".join("%s" for _ in values) or "NULL"


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


def asks_for_words(query: ServiceQuery) -> bool:
    """Say whether words decide what is found."""
    return bool(query.words) and query.failing != Criterion.TEXT


def goes_by_words(query: ServiceQuery) -> bool:
    """Say whether how well words fit decides the order."""
    return query.order == Order.BEST and asks_for_words(query)


def words_of(words: tuple[Words, ...], needed: int = 0) -> Sql:
    """Return the words as a condition, for those who do not fit it."""
    found = saying(words, needed or len(words))
    return Sql(f"e.id IN (SELECT id FROM ({found.text}) t)", found.values)


def saying(words: tuple[Words, ...], needed: int) -> Sql:
    """Return a query for the ids of the entries that say so many of the words."""
    if needed >= len(words):
        return looked_up(words)
    parts = [looked_up((one,)) for one in words]
    each = " UNION ALL ".join(part.text for part in parts)
    return Sql(
        f"SELECT id FROM ({each}) w GROUP BY id HAVING COUNT(*) >= {needed:d}",
        [value for part in parts for value in part.values],
    )


@dataclass
class Source:
    """Where entries ``e`` are read from: tables, what must be true of them, the quickest name of an id."""

    table: str
    conditions: list[Sql]
    id: str


def source_of(query: ServiceQuery) -> Source:
    """Return where the entries of a query are read from."""
    if not asks_for_words(query):
        return Source(f"{ENTRY} e", [], "e.id")
    words, needed = query.words, query.needed
    if connection.vendor == "postgresql":
        return of_postgresql(words, needed)
    conditions = [Sql(f"{FTS} MATCH %s AND e.id = {FTS}.rowid", [match(words, needed)])]
    if 1 < needed < len(words):
        has = number_of(words)
        conditions.append(Sql(f"{has.text} >= {needed:d}", has.values))
    # the plus keeps SQLite from asking the index anew for each of the ids
    return Source(f"{FTS} CROSS JOIN {ENTRY} e", conditions, f"+{FTS}.rowid")


def number_of(words: tuple[Words, ...]) -> Sql:
    """Return how many of the words an entry has in SQLite, 0 if it is one: a list is made for each, of what has another as well."""
    each = [match((one,)) for one in words]
    others = (f"({' OR '.join(each[:place] + each[place + 1 :])})" for place in range(len(each)))
    return Sql(
        f"({' + '.join([f'({FTS}.rowid IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s))'] * len(each))})",
        [f"{one} AND {other}" for one, other in zip(each, others, strict=True)],
    )


# Where so many of the words can be chosen in more ways, the index is asked for any one of them: it would take longer than the rows.
MOST_WAYS = 20


def of_postgresql(words: tuple[Words, ...], needed: int) -> Source:
    """Return where PostgreSQL reads the entries with so many of the words from: they are looked up, and say how many they have."""
    if needed >= len(words):
        return Source(f"{ENTRY} e", [has_words(tsquery(words))], "e.id")
    ways = list(islice(combinations(words, needed), MOST_WAYS + 1))
    if len(ways) > MOST_WAYS:
        ways = list(combinations(words, 1))
    conditions = [has_words(" | ".join(f"({tsquery(way)})" for way in ways))]
    if needed > 1:
        each = [has_words(tsquery((one,))) for one in words]
        many = " + ".join(f"CASE WHEN {one.text} THEN 1 ELSE 0 END" for one in each)
        conditions.append(Sql(f"{many} >= {needed:d}", [value for one in each for value in one.values]))
    return Source(f"{ENTRY} e", conditions, "e.id")


def has_words(asked: str) -> Sql:
    """Return the condition that an entry ``e`` has these words, as PostgreSQL writes them."""
    return Sql("e.words @@ to_tsquery('simple', %s)", [asked])


def rarities_of(words: tuple[Words, ...]) -> Sql:
    """Return a further part of a statement, ``rarity``: how much each of several words counts (`fit.rarity`); of one alone nothing."""
    if len(words) == 1:
        return Sql("")
    parts = [looked_up((one,)) for one in words]
    each = " UNION ALL ".join(
        f"SELECT {place} AS place, COUNT(*) AS many FROM ({part.text}) l" for place, part in enumerate(parts)
    )
    return Sql(
        f"rarity AS MATERIALIZED (SELECT place, CASE WHEN many = 0 THEN 0.0 ELSE"
        f" SQRT(LN(1 + CAST((SELECT COUNT(*) FROM {ENTRY}) AS double precision) / NULLIF(many, 0))) END AS rare"
        f" FROM ({each}) w), ",
        [value for part in parts for value in part.values],
    )


def rarity_of(places: Sequence[int], words: tuple[Words, ...]) -> str:
    """Return how much the words in those places count together."""
    if len(words) == 1:
        return "1.0"
    return f"(SELECT SUM(rare) FROM rarity WHERE place IN ({', '.join(map(str, places))}))"


# The letters that PostgreSQL's words carry for the columns they come from.
LETTERS = dict(zip(LEVELS, "ABCD", strict=True))


def scores_of(words: tuple[Words, ...], needed: int) -> Sql:
    """Return the score of an entry ``e``, as `search.fit` says it."""
    some = needed < len(words)
    counts = [Saying(one, 0.0, (place,)) for place, one in enumerate(words)] if some else []
    on_postgresql = connection.vendor == "postgresql"
    worth: list[Sql] = []
    had: list[Sql] = []
    for one in [*sayings(words), *counts]:
        rare = rarity_of(one.of, words)
        focus = " * COALESCE(e.focus, 1.0)" if one.focused else ""
        worth_it = f"{f'{one.worth} * ' if one.worth else ''}{rare}{focus}"
        told = said_in_tsvector(one, worth_it) if on_postgresql else said_in_fts5(one, worth_it)
        (worth if one.worth else had).append(told)
    parts = [Sql("(" + " + ".join(one.text for one in some_of) + ")") for some_of in (worth, had) if some_of]
    return Sql(" * ".join(one.text for one in parts), [value for one in [*worth, *had] for value in one.values])


def said_in_fts5(one: Saying, counts: str) -> Sql:
    """Return what it counts where an entry ``e`` says it, else 0: a list of all that do is made once, in the order of ids."""
    columns = f"{{{' '.join(one.columns)}}} : " if one.columns else ""
    asked = f"{columns}({match((one.what,))})"
    return Sql(f"(e.id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)) * {counts}", [asked])


def said_in_tsvector(one: Saying, counts: str) -> Sql:
    """Return what it counts where an entry ``e`` says it, else 0; without a cast PostgreSQL would reckon in decimals, slowly."""
    says = has_words(tsquery((one.what,), LETTERS.get(one.columns, "")))
    return Sql(f"CASE WHEN {says.text} THEN CAST({counts} AS double precision) ELSE 0 END", says.values)


def looked_up(words: tuple[Words, ...]) -> Sql:
    """Return the ids of what has all of these words."""
    if connection.vendor == "postgresql":
        has = has_words(tsquery(words))
        return Sql(f"SELECT e.id FROM {ENTRY} e WHERE {has.text}", has.values)
    return Sql(f"SELECT rowid AS id FROM {FTS} WHERE {FTS} MATCH %s", [match(words)])


def match(words: tuple[Words, ...], needed: int = 0) -> str:
    """
    Return FTS5's way of writing it; folded words hold letters and digits only, so nothing needs escaping.

    :param needed: where fewer than all are, any one is enough here
    """
    between = " OR " if 0 < needed < len(words) else " AND "
    return between.join(f"({' OR '.join(phrases(one))})" for one in words)


def phrases(words: Words) -> list[str]:
    """Return everything that is enough for one thing, as FTS5 writes it."""
    return [f'"{one}"{"*" if longer else ""}' for one, longer in asked_stems(words)] + [
        f'"{code_word(code)}"' for code in words.codes
    ]


def tsquery(words: tuple[Words, ...], letter: str = "") -> str:
    """Return PostgreSQL's way of writing it; with a letter, of words that carry it."""

    def one_word(part: str, longer: bool = False) -> str:
        return f"{part}:{'*' if longer else ''}{letter}" if longer or letter else part

    def phrase(one: str, longer: bool) -> str:
        return "(" + " <-> ".join(one_word(part, longer) for part in one.split()) + ")"

    return " & ".join(
        "("
        + " | ".join(
            [phrase(one, longer) for one, longer in asked_stems(words_in)]
            + [one_word(code_word(code)) for code in words_in.codes]
        )
        + ")"
        for words_in in words
    )


def asked_stems(words: Words) -> list[tuple[str, bool]]:
    """Return the stems that were asked for, and of each whether longer words that begin so will do."""
    stems = dict.fromkeys(stemmed(one) for one in words.any_of)
    return [(one, begins(one) and not words.quoted) for one in stems]
