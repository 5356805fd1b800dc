"""
The engine for those who outgrow the database: Elasticsearch 8 or 9, asked through `elasticsearch.dsl`.

It gives the database engine's answers. The index finds candidates by everything that changes rarely; the database, asked
once for all of them, says what places each has at this moment, as it does for its own engine. Then they are measured,
ordered and counted here. So a place that has gone is gone at once, and no figure in an index can be late.

`search.backends.elastic_first` puts it to use: it answers from the database when this one cannot.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.dsl import A, Search

from directory.availability import RANK, State
from directory.geo import EARTH_RADIUS_KM, coarse_km
from safekeeping.memory import Memory
from search.backends.database import (
    COLUMNS,
    LONGEST_BEGINNING,
    POOL_OF,
    SHORTEST_SUGGESTED,
    STEPS,
    TIER_ORDER,
    UNCONFIRMED_WAIT,
    UNMEASURED,
    Known,
    asin_of_half,
    asks_for_words,
    limit_of,
    live_state,
    on_the_sphere,
    soonest,
)
from search.backends.elastic_index import (
    MOST_AT_ONCE,
    SETTINGS,
    SHOWN_AS,
    Card,
    Spot,
    body_of,
    card_in,
    id_in,
    made_for,
    mapping,
)
from search.backends.elastic_line import PATIENCE_FOR_MANY, Away, Line, whole
from search.backends.elastic_query import text_for, wanted
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
    Suggested,
    Suggestion,
    Words,
)
from search.reasons import why
from search.spelling import MISTAKES, can_be_mistyped, forms_of, nearest
from search.texts import folded
from search.versions import claim

# Documents in one request.
BATCH = 500
MOST_TERMS = 20_000
# What is wanted of an answer; the rest of it is names that are known here.
ANSWER = ["timed_out", "_shards.failed", "hits.total", "aggregations"] + [
    f"hits.hits.{part}" for part in ("fields", "_source", "_score", "matched_queries", "sort")
]

# How many documents there are, and the sum of their marks: two indexes with the same extent hold the same.
Extent = tuple[int, int]
Ask = Callable[[Callable[[Elasticsearch], Any]], Any]


class Late(Exception):
    """The index does not hold what the database's own index holds."""


class ElasticBackend:
    """
    See the module.

    :param expected: says what the index ought to hold; what is asked of an index that holds something else is refused
    """

    def __init__(
        self, line: Line | None = None, *, name: str = "", expected: Callable[[], Extent] | None = None
    ) -> None:
        self.line = line or Line(
            settings.ELASTICSEARCH_URL, api_key=settings.ELASTICSEARCH_API_KEY, ca=settings.ELASTICSEARCH_CA
        )
        self.expected = expected
        self.name = name or settings.ELASTICSEARCH_INDEX
        # found under these alone, so that neither another release's index nor a half-made one is taken for ours
        self.alias = f"{self.name}.{made_for()}"
        self.next = f"{self.alias}.next"
        self.known = Memory(self._read_terms)
        self.line.trial = asking(Search(index=self.alias).extra(size=0))

    # --- reading ------------------------------------------------------------------------------------------------------

    def find(self, query: ServiceQuery) -> ResultPage:
        """
        Return one page of what fits; a page beyond the last is the last.

        :raises Away: if Elasticsearch does not answer
        :raises Late: if the index does not hold what it should
        """
        columns = ["card", "spots"] if query.near is not None or query.box is not None else ["card"]
        fitting = list(self._fitting(query, columns))
        fitting.sort(key=order_for(query, fitting))
        total, asked = len(fitting), min(max(1, query.page), LAST_PAGE)
        pages = max(1, min(LAST_PAGE, -(-total // query.page_size)))
        page = min(asked, pages)
        cut = fitting[(page - 1) * query.page_size : page * query.page_size]
        said = self._said([one.card.id for one in cut]) if asks_for_words(query) else {}
        return ResultPage(
            hits=tuple(one.hit(why(query.words, said.get(one.card.id, {})) if said else ()) for one in cut),
            total=total,
            total_near=sum(one.chord is not None for one in fitting),
            page=page,
            page_size=query.page_size,
        )

    def count(self, query: ServiceQuery) -> Counts:
        """
        Return how many services each choice of each facet would bring.

        A service counts for a facet's choices if it fits what was asked of the others; of one where all choices are needed,
        it must fit that as well.

        :raises Away, Late: as `find`
        """
        asked = asked_of_facets(query)
        free = replace(query, harms=frozenset(), level="", service_type="", aspects={})
        columns = (
            ["card", "choices", "spots"] if query.near is not None or query.box is not None else ["card", "choices"]
        )
        told: dict[Criterion | None, Counter[str]] = {None: Counter(), **{facet: Counter() for facet in asked}}
        for one in self._fitting(free, columns):
            mine = set(one.card.choices)
            failed = [facet for facet, fits in asked.items() if not fits(mine)]
            if not failed:
                told[None].update(mine)
            elif len(failed) == 1:
                told[failed[0]].update(mine)
        counted: dict[Criterion, dict[str, int]] = {facet: {} for facet in FACETS}
        for missing, counter in told.items():
            for choice, many in counter.items():
                name, _, code = choice.partition(":")
                facet = Criterion(name)
                if missing is None or (facet == missing and facet.value not in ALL_NEEDED):
                    counted[facet][code] = counted[facet].get(code, 0) + many
        return counted

    def spelt(self, words: Iterable[str], audiences: tuple[str, ...]) -> Mapping[str, str]:
        """
        Return what was probably meant, as the database engine does.

        :raises Away, Late: as `find`
        """
        told: dict[str, str] = {}
        for word in dict.fromkeys(words):
            if not can_be_mistyped(word) or not self.known().forms.isdisjoint(forms_of(word)):
                continue
            finds = self._holds(word, audiences)
            alike = nearest(word, self.known().terms, most=MISTAKES if finds else None)
            meant = next((term for term in alike if self._holds(term, audiences)), "")
            if meant or not finds:
                told[word] = meant
        return told

    def suggest(self, beginning: str, audiences: tuple[str, ...], *, most: int = 8) -> Sequence[Suggestion]:
        """
        Return names and words that begin so, as the database engine does.

        :raises Away: if Elasticsearch does not answer
        """
        begun = folded(beginning[:LONGEST_BEGINNING])
        if len(begun) < SHORTEST_SUGGESTED:
            return ()
        told: list[Suggestion] = []
        for kind, name in ((Suggested.SERVICE, "service"), (Suggested.ORGANIZATION, "provider")):
            told += self._names(begun, kind, name, audiences, most=most - len(told))
        for key, words in self._labels(begun, most=most - len(told)):
            if self._holds(key, audiences):
                told.append(Suggestion(words, Suggested.WORD))
        return tuple(told)

    def _names(
        self, begun: str, kind: Suggested, name: str, audiences: tuple[str, ...], *, most: int
    ) -> list[Suggestion]:
        """Return the names of one kind that begin so, by name; of a service's with its id where only one is called that."""
        if most <= 0:
            return []
        search = Search(index=self.alias).filter("terms", audience=list(audiences))
        search = search.filter("prefix", **{f"{name}_begins": begun}).extra(size=0)
        named = search.aggs.bucket("names", A("terms", field=name, size=most, order={"_key": "asc"}))
        named.bucket("ids", A("terms", field="id", size=1))
        buckets = self.line.ask(asking(search))["aggregations"]["names"]["buckets"]
        return [
            Suggestion(
                one["key"],
                kind,
                id_in(one["ids"]["buckets"][0]["key"]) if kind == Suggested.SERVICE and one["doc_count"] == 1 else None,
            )
            for one in buckets
        ]

    def _labels(self, begun: str, *, most: int) -> list[tuple[str, str]]:
        """Return the words of vocabularies that begin so, as they are looked up and as they are shown."""
        if most <= 0:
            return []
        search = Search(index=self.alias).filter("prefix", labels=begun).extra(size=0)
        # letters, digits and spaces alone are left of what was typed: nothing in it is a command
        search.aggs.bucket(
            "labels", A("terms", field="labels", include=f"{begun}.*", size=3 * most, order={"_key": "asc"})
        )
        buckets = self.line.ask(asking(search))["aggregations"]["labels"]["buckets"]
        told: dict[str, str] = {}
        for one in buckets:
            key, _, words = one["key"].partition(SHOWN_AS)
            told.setdefault(key, words)
        return list(told.items())[:most]

    def digests(self) -> Mapping[UUID, str]:
        """
        Return the digest of every document in the index.

        :raises Away: if Elasticsearch does not answer
        """
        search = Search(index=self.alias).filter("exists", field="digest")
        search = search.extra(stored_fields="_none_", docvalue_fields=["id", "digest"])
        pages = self._pages(search, ask=self.line.tell)
        return {id_in(hit["fields"]["id"][0]): hit["fields"]["digest"][0] for page in pages for hit in page}

    def extent(self, *, ask: Ask | None = None) -> Extent:
        """
        Return how much the index holds; in a worker's time, unless ``ask`` is a reader's.

        :raises Away: if Elasticsearch does not answer, or there is no index
        """
        search = with_extent(Search(index=self.alias).extra(size=0))
        return extent_in((ask or self.line.tell)(asking(search)))

    # --- writing ------------------------------------------------------------------------------------------------------

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """
        Add documents, or put them in place of the older ones.

        :raises Away: if Elasticsearch does not take them
        """
        for batch in in_batches(documents):
            self.write(batch, (), claim(one.service_id for one in batch))

    def remove(self, service_ids: Iterable[UUID]) -> None:
        """
        Forget services; those that are not there are no matter.

        :raises Away: if Elasticsearch does not take it
        """
        for batch in in_batches(service_ids):
            self.write((), batch, claim(batch))

    def write(
        self,
        documents: Iterable[SearchDocument],
        gone: Iterable[UUID],
        versions: Mapping[UUID, int],
        *,
        patience: float = PATIENCE_FOR_MANY,
    ) -> None:
        """
        Write what a service is and forget what is no more, each under its version: what is older than what is there loses.

        An index that is being built gets it too. Readers see it when this returns.

        :raises Away: if Elasticsearch does not take it
        """
        work: list[tuple[UUID, SearchDocument | None]] = [(one.service_id, one) for one in documents]
        work += [(one, None) for one in gone]
        if not work:
            return
        lines = [
            line
            for alias in (self.alias, self.next)
            for service_id, document in work
            for line in action(alias, service_id, versions[service_id], document)
        ]
        self._bulk(lines, may_lack=self.next, refresh=True, patience=patience)
        self.known.forget()

    def replace_all(self, documents: Iterable[SearchDocument]) -> None:
        """
        Make the index anew beside the old one, and put it in its place.

        :raises Away: if Elasticsearch does not take it
        """
        self.forget_next()
        self.begin()
        with self.adding() as add:
            for batch in in_batches(documents):
                add(batch, claim(one.service_id for one in batch), None)
        self.finish()

    # --- making the index anew ----------------------------------------------------------------------------------------

    def begin(self) -> UUID | None:
        """
        Make an empty index to be filled, or find the one that was left unfinished; return up to which service it is filled.

        :raises Away: if Elasticsearch cannot
        """

        def make(client: Elasticsearch) -> UUID | None:
            try:
                [found] = client.indices.get_mapping(index=self.next).values()
            except NotFoundError:
                client.indices.create(
                    index=f"{self.alias}.{time.time_ns() // 1_000_000}",
                    settings=settings_here(),
                    mappings=mapping(),
                    aliases={self.next: {}},
                )
                return None
            reached = found["mappings"].get("_meta", {}).get("reached")
            return UUID(reached) if reached else None

        return self.line.tell(make, patience=PATIENCE_FOR_MANY)

    @contextmanager
    def adding(self) -> Iterator[Callable[[Iterable[SearchDocument], Mapping[UUID, int], UUID | None], None]]:
        """
        Yield what puts a batch into the index that is being made, and notes up to which service it is filled then.

        While one batch is on its way, the next may be made: Elasticsearch works on another processor.

        :raises Away: if Elasticsearch does not take it, or somebody else has finished this index
        """
        with ThreadPoolExecutor(1, thread_name_prefix="elasticsearch-bulk") as sending:
            under_way: list[Future[None]] = []

            def add(
                documents: Iterable[SearchDocument], versions: Mapping[UUID, int], reached: UUID | None = None
            ) -> None:
                lines = [
                    line
                    for one in documents
                    for line in action(self.next, one.service_id, versions[one.service_id], one)
                ]
                for earlier in under_way:
                    earlier.result()
                under_way[:] = [sending.submit(self._add, lines, reached)]

            yield add
            for last in under_way:
                last.result()

    def _add(self, lines: list[str], reached: UUID | None) -> None:
        if lines:
            self._bulk(lines)
        if reached is not None:
            self.line.tell(
                lambda client: client.indices.put_mapping(index=self.next, meta={"reached": str(reached)}),
                patience=PATIENCE_FOR_MANY,
            )

    def finish(self) -> None:
        """
        Put the index that was made in the place of the old one, in one step, and drop the old ones.

        :raises Away: if Elasticsearch cannot
        """

        def swap(client: Elasticsearch) -> None:
            client.indices.refresh(index=self.next)
            [made] = client.indices.get_alias(name=self.next)
            others = [one for one in client.indices.get(index=f"{self.name}.*", features="aliases") if one != made]
            client.indices.update_aliases(
                actions=[
                    {"remove": {"index": made, "alias": self.next, "must_exist": True}},
                    {"add": {"index": made, "alias": self.alias}},
                    *({"remove_index": {"index": one}} for one in others),
                ]
            )

        self.line.tell(swap, patience=PATIENCE_FOR_MANY)
        self.known.forget()

    def forget_next(self) -> None:
        """
        Drop an index that was left unfinished.

        :raises Away: if Elasticsearch cannot
        """

        def drop(client: Elasticsearch) -> None:
            try:
                for unfinished in list(client.indices.get_alias(name=self.next)):
                    client.indices.delete(index=unfinished)
            except NotFoundError:
                pass

        self.line.tell(drop, patience=PATIENCE_FOR_MANY)

    def drop(self) -> None:
        """
        Drop every index under this engine's name.

        :raises Away: if Elasticsearch cannot
        """

        def drop_all(client: Elasticsearch) -> None:
            for one in list(client.indices.get(index=f"{self.name}.*", features="aliases")):
                client.indices.delete(index=one)

        self.line.tell(drop_all, patience=PATIENCE_FOR_MANY)
        self.known.forget()

    def is_there(self) -> bool:
        """
        Say whether there is an index that is made as this release wants it.

        :raises Away: if Elasticsearch does not answer
        """
        return bool(self.line.tell(lambda client: client.indices.exists_alias(name=self.alias)))

    # --- parts --------------------------------------------------------------------------------------------------------

    def _fitting(self, query: ServiceQuery, columns: list[str]) -> Iterator[Fit]:
        """Yield what fits everything that was asked, with its tier at this moment."""
        cards = self._candidates(query, columns)
        if not cards:
            return
        places = places_now([card.id for card in cards], query)
        chosen = {
            place for place, one in enumerate(TIER_ORDER) if (one in query.tiers) != (query.failing == Criterion.PLACES)
        }
        unknown = (TIER_ORDER.index(TIERS[State.UNCONFIRMED]), UNCONFIRMED_WAIT)
        measure = measuring(query)
        for card in cards:
            tier, soonest_in = places.get(card.id, unknown)
            if tier in chosen and (measured := measure(card)) is not None:
                yield Fit(card, tier, soonest_in, *measured)

    def _candidates(self, query: ServiceQuery, columns: list[str]) -> list[Card]:
        """Return what fits as far as the index knows."""
        search = Search(index=self.alias).query(wanted(query))
        search = search.extra(stored_fields="_none_", docvalue_fields=columns)
        words = len(query.words) if asks_for_words(query) and query.needed < len(query.words) else 0
        return [card_in(hit, words) for page in self._pages(search, ask=self.line.ask, check=True) for hit in page]

    def _pages(self, search: Search, *, ask: Ask, check: bool = False) -> Iterator[list[dict[str, Any]]]:
        """Yield hits by the thousand; one request unless there are very many."""
        search = search.extra(size=MOST_AT_ONCE, track_total_hits=True)
        if check and self.expected is not None:
            search = with_extent(search)
        answer = ask(asking(search))
        if check and self.expected is not None and extent_in(answer) != self.expected():
            raise Late
        hits = answer["hits"].get("hits", [])
        if answer["hits"]["total"]["value"] <= MOST_AT_ONCE:
            yield hits
            return
        search = search.extra(sort=["id"], track_scores=True)
        while True:
            answer = ask(asking(search))
            hits = answer["hits"].get("hits", [])
            yield hits
            if len(hits) < MOST_AT_ONCE:
                return
            search = search.extra(search_after=hits[-1]["sort"])

    def _said(self, ids: list[str]) -> Mapping[str, Mapping[Field, str]]:
        """Return the words of each part of a page's documents, for `reasons.why`."""
        search = Search(index=self.alias).filter("terms", id=ids).source(list(COLUMNS.values()))
        search = search.extra(size=len(ids), docvalue_fields=["id"])
        hits = self.line.ask(asking(search))["hits"].get("hits", []) if ids else []
        return {
            hit["fields"]["id"][0]: {field: hit.get("_source", {}).get(part, "") for field, part in COLUMNS.items()}
            for hit in hits
        }

    def _holds(self, word: str, audiences: tuple[str, ...]) -> bool:
        """Say whether a word alone finds anything."""
        search = Search(index=self.alias).filter("terms", audience=list(audiences)).filter(text_for((Words((word,)),)))
        search = search.extra(size=0, terminate_after=1)
        return bool(self.line.ask(asking(search))["hits"]["total"]["value"])

    def _read_terms(self) -> Known:
        """Return the words of the index."""
        search = Search(index=self.alias).extra(size=0)
        search.aggs.bucket("terms", A("terms", field="terms", size=MOST_TERMS, order={"_key": "asc"}))
        buckets = self.line.ask(asking(search))["aggregations"]["terms"]["buckets"]
        terms = tuple(bucket["key"] for bucket in buckets)
        return Known(terms, frozenset(form for term in terms for form in forms_of(term)))

    def _bulk(
        self, lines: list[str], *, may_lack: str = "", refresh: bool = False, patience: float = PATIENCE_FOR_MANY
    ) -> None:
        """
        Send lines of a bulk request, and look at each answer.

        :raises Away: if anything was not taken for another reason than that something newer is there
        """
        answer = self.line.tell(
            lambda client: taken(
                client.bulk(
                    body=lines,  # type: ignore[arg-type]  # lines are taken as they are
                    require_alias=True,
                    refresh=refresh,
                    filter_path="errors,items.*.error,items.*.status",
                )
            ),
            patience=patience,
        )
        if not answer["errors"]:
            return
        for item in answer["items"]:
            [(_, told)] = item.items()
            trouble = told.get("error")
            if trouble is None or trouble["type"] == "version_conflict_engine_exception":
                continue
            if may_lack and trouble["type"] == "index_not_found_exception" and may_lack in trouble["reason"]:
                continue
            raise Away(trouble["type"])


class Fit:
    """A candidate that fits, with what it is ordered by."""

    __slots__ = ("card", "chord", "soonest", "spot", "tier")

    def __init__(self, card: Card, tier: int, soonest_in: float, chord: float | None, spot: Spot | None) -> None:
        self.card, self.tier, self.soonest, self.chord, self.spot = card, tier, soonest_in, chord, spot

    def hit(self, found: tuple[Match, ...]) -> ServiceHit:
        """Return it as a value."""
        if self.chord is None or self.spot is None:
            return ServiceHit(service_id=id_in(self.card.id), why=found)
        km = 2 * EARTH_RADIUS_KM * asin_of_half(self.chord)
        return ServiceHit(
            service_id=id_in(self.card.id),
            near=True,
            distance_km=km if self.spot.exact else coarse_km(km),
            location_id=id_in(self.spot.location),
            why=found,
        )


def order_for(query: ServiceQuery, fitting: list[Fit]) -> Callable[[Fit], tuple[Any, ...]]:
    """Return the order, which is the database engine's."""
    best = max((one.card.score for one in fitting), default=0.0) if asks_for_words(query) else 0.0

    def step(one: Fit) -> int:
        return int((1 - one.card.score / best) * STEPS + 0.5) if best else 0

    def chord(one: Fit) -> float:
        return UNMEASURED if one.chord is None else one.chord

    match query.order:
        case Order.NAME:
            return lambda one: (one.card.name, one.card.id)
        case Order.NEAREST:
            return lambda one: (chord(one), one.tier, -one.card.score, one.card.name, one.card.id)
        case Order.SOONEST:
            return lambda one: (
                one.soonest, one.chord is None, chord(one), -one.card.score, one.card.name, one.card.id,
            )  # fmt: skip
        case _:
            return lambda one: (
                one.chord is None, step(one), one.tier, chord(one), -one.card.score, one.card.name, one.card.id,
            )  # fmt: skip


def measuring(query: ServiceQuery) -> Callable[[Card], tuple[float | None, Spot | None] | None]:
    """Return what measures a candidate: its distance if it is near, nothing if it is anywhere, None if it does not fit."""
    box, near, failing = query.box, query.near, query.failing
    limit = None if query.within_km is None else limit_of(query.within_km)
    x, y, z = on_the_sphere(near) if near is not None else (0.0, 0.0, 0.0)

    def measure(card: Card) -> tuple[float | None, Spot | None] | None:
        if box is not None and any(box.contains(spot.point) for spot in card.spots) == (failing == Criterion.BOX):
            return None
        if near is None:
            return None, None
        chord, spot = None, None
        for one in card.spots:
            here = (one.x - x) * (one.x - x) + (one.y - y) * (one.y - y) + (one.z - z) * (one.z - z)
            if chord is None or here < chord or (here == chord and spot is not None and one.location < spot.location):
                chord, spot = here, one
        if limit is None:
            return chord, spot
        within = chord is not None and chord <= limit
        if failing == Criterion.WITHIN:
            return None if within or card.anywhere else (chord, spot)
        if within:
            return chord, spot
        return (None, None) if card.anywhere else None

    return measure


def asked_of_facets(query: ServiceQuery) -> dict[Criterion, Callable[[set[str]], bool]]:
    """Return the facets of which something was asked, and what says whether a service's choices fit it."""
    chosen: dict[Criterion, frozenset[str]] = {
        Criterion.HARM: query.harms,
        Criterion.LEVEL: frozenset(filter(None, [query.level])),
        Criterion.TYPE: frozenset(filter(None, [query.service_type])),
        **{Criterion(aspect.value): query.aspects.get(aspect, frozenset()) for aspect in Aspect},
    }
    all_needed = {aspect.value for aspect in ALL_NEEDED}

    def fits(facet: Criterion, codes: frozenset[str]) -> Callable[[set[str]], bool]:
        wanted_here = {f"{facet.value}:{code}" for code in codes}
        if facet.value in all_needed:
            return wanted_here.issubset
        return lambda mine: not wanted_here.isdisjoint(mine)

    return {facet: fits(facet, codes) for facet, codes in chosen.items() if codes}


def places_now(ids: list[str], query: ServiceQuery) -> dict[str, tuple[int, float]]:
    """
    Return what places those services have at this moment that have pools at all; one statement.

    Of each its tier, by the place in `TIER_ORDER`, and in how many days a place may be had, where that is asked.
    """
    state, soon = live_state(query), soonest(query)
    if connection.vendor == "postgresql":
        among, told = "= ANY(%s::uuid[])", ids
    else:
        among, told = "IN (SELECT value FROM json_each(%s))", json.dumps(ids)  # type: ignore[assignment]
    statement = (
        f"SELECT n.service_id, ({state.text}){soon.text} FROM"
        f" (SELECT DISTINCT service_id FROM {POOL_OF} WHERE service_id {among}) n"
    )
    tier = {RANK[state]: TIER_ORDER.index(TIERS[state]) for state in State}
    with connection.cursor() as cursor:
        cursor.execute(statement, [*state.values, *soon.values, told])
        return {
            service_id if isinstance(service_id, str) else service_id.hex: (tier[rank], *(rest or (0.0,)))
            for service_id, rank, *rest in cursor.fetchall()
        }


def taken(answer: Any) -> Mapping[str, Any]:
    """
    Return the answer to a bulk request.

    :raises Away: if it is none
    """
    if "errors" not in answer.body:
        raise Away("nonsense")
    told: Mapping[str, Any] = answer.body
    return told


def asking(search: Search) -> Callable[[Elasticsearch], Mapping[str, Any]]:
    """Return the question as a call, whose answer is whole."""
    body = search.to_dict()
    index = search._index  # what `Search(index=…)` was given

    def ask(client: Elasticsearch) -> Mapping[str, Any]:
        answer = client.search(index=index, body=body, filter_path=ANSWER, allow_partial_search_results=False)
        return whole(answer.body)

    return ask


def with_extent(search: Search) -> Search:
    """Ask, in the same moment, how much the whole index holds."""
    search = search._clone()
    everything = search.aggs.bucket("all", A("global"))
    everything.metric("documents", A("value_count", field="mark"))
    everything.metric("marks", A("sum", field="mark"))
    return search


def extent_in(answer: Mapping[str, Any]) -> Extent:
    """Return what `with_extent` asked for."""
    everything = answer["aggregations"]["all"]
    return everything["documents"]["value"], int(everything["marks"]["value"])


def action(alias: str, service_id: UUID, version: int, document: SearchDocument | None) -> Iterator[str]:
    """
    Yield the lines of one part of a bulk request.

    What is no more is written as an empty document, never deleted: only so is its version kept for good, and a server
    asked to delete from an index that it does not have would make one.
    """
    told = {"_index": alias, "_id": service_id.hex, "version": version, "version_type": "external"}
    yield json.dumps({"index": told})
    yield json.dumps(body_of(document) if document is not None else {"id": service_id.hex})


def settings_here() -> dict[str, Any]:
    """Return how an index is kept, with as many copies as this installation wants."""
    return {**SETTINGS, "number_of_replicas": settings.ELASTICSEARCH_REPLICAS}


def in_batches(things: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield so many at once as one request takes."""
    waiting: list[Any] = []
    for one in things:
        waiting.append(one)
        if len(waiting) == BATCH:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
