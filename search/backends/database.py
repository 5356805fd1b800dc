"""
The default engine: the database that is already there, SQLite (FTS5) or PostgreSQL (`tsvector`).

One statement (`database_query`) finds, measures, ranks, counts and cuts the page. Availability is computed in it from the live pools
(`database_places`), so a place that has gone leaves the "free" list in the moment its transaction commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Min

from directory.geo import EARTH_RADIUS_KM, coarse_km
from safekeeping.memory import Memory
from search.backends.database_places import asin_of_half, on_the_sphere
from search.backends.database_query import COLUMNS, statement_for
from search.backends.database_sql import ENTRY, marks
from search.backends.database_words import words_of
from search.choices import choices, codes_of
from search.documents import digest_of, mark_of
from search.fit import focus_of
from search.models import (
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
    LAST_PAGE,
    Counts,
    Field,
    Match,
    ResultPage,
    SearchDocument,
    ServiceHit,
    ServiceQuery,
    Suggested,
    Suggestion,
    Words,
)
from search.reasons import explaining
from search.spelling import MISTAKES, can_be_mistyped, forms_of, nearest, terms_in
from search.stems import stemmed
from search.texts import LAST_LETTER, code_word, folded

BATCH = 200
# More words than a city's directory has; what a mistyped word costs stays within it.
MOST_TERMS = 20_000


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
