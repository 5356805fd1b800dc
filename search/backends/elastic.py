"""
The engine for those who outgrow the database: Elasticsearch 8 or 9, asked through `elasticsearch.dsl`.

It gives the database engine's answers. Elasticsearch finds, measures, orders, counts and cuts the page, places included, of
which it keeps how they will stand (`elastic_outlook`). What has changed since it was told (`search.unsent`) is left out
there and asked of the database, in the same answer; and whatever a page would show is compared with the rows as they are
now. Where they differ, nothing of the answer is used.

`search.backends.elastic_first` puts it to use: it answers from the database when this one cannot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from elasticsearch import Elasticsearch
from elasticsearch.dsl import A, Search

from directory.availability import LONDON, RANK, State
from directory.geo import EARTH_RADIUS_KM, coarse_km
from search import unsent
from search.backends.database import LONGEST_BEGINNING, SHORTEST_SUGGESTED, DatabaseBackend, begins_with, with_words
from search.backends.database_places import TIER_ORDER, UNMEASURED, asin_of_half, live_state, on_the_sphere
from search.backends.database_query import COLUMNS
from search.backends.database_sql import ENTRY, Sql, marks
from search.backends.database_words import goes_by_words
from search.backends.elastic_index import Card, Spot, card_in, copies_of
from search.backends.elastic_keeper import Keeper
from search.backends.elastic_line import KEY_REFUSED, Away, Line, NotUnderstood, whole
from search.backends.elastic_outlook import micros
from search.backends.elastic_query import (
    Part,
    asks_for_words,
    counting,
    none_of,
    one_after_another,
    parts_of,
    questions,
    step_between,
    text_for,
    these,
)
from search.fit import ROUNDING, STEPS, step_of
from search.models import SearchLabel
from search.queries import (
    FACETS,
    LAST_PAGE,
    TIERS,
    Counts,
    Criterion,
    Field,
    Match,
    Order,
    ResultPage,
    ServiceHit,
    ServiceQuery,
    Suggested,
    Suggestion,
    Words,
)
from search.reasons import explaining
from search.texts import folded
from search.unsent import Late, Mixed, Standing

T = TypeVar("T")
# Where words decide, so many more than the page are looked at, those that fit best: as a rule all that fit nearly alike.
WINDOW = 40
# What is wanted of an answer; the rest of it is names that are known here.
ANSWER = [
    f"responses.{part}"
    for part in (
        "timed_out", "_shards.failed", "status", "error.type", "hits.total", "hits.hits.fields", "hits.hits._score",
        "aggregations",
    )
]  # fmt: skip
# The same for every question, so written once: the client's own method writes them anew each time.
SEVERAL = f"/_msearch?filter_path={','.join(ANSWER)}"
HEADERS = {"accept": "application/json", "content-type": "application/x-ndjson"}

# What some refusals of one question mean; others are told in Elasticsearch's own word.
REFUSED = {401: KEY_REFUSED, 403: KEY_REFUSED, 404: "no index"}

Answer = Mapping[str, Any]
Hit = Mapping[str, Any]
PLACE_OF_TIER = {tier: place for place, tier in enumerate(TIER_ORDER)}
TIER_OF_RANK: dict[int | None, int] = {RANK[state]: PLACE_OF_TIER[TIERS[state]] for state in State}
TIER_OF_RANK[None] = TIER_OF_RANK[RANK[State.UNCONFIRMED]]  # without a pool


class ElasticBackend:
    """See the module."""

    def __init__(self, line: Line | None = None, *, name: str = "") -> None:
        self.line = line or Line(
            settings.ELASTICSEARCH_URL, api_key=settings.ELASTICSEARCH_API_KEY, ca=settings.ELASTICSEARCH_CA
        )
        self.index = Keeper(self.line, name or settings.ELASTICSEARCH_INDEX)
        self.own = DatabaseBackend()
        self.line.trial = lambda client: answers_in(client, self.index.alias, [LOOK])

    def find(self, query: ServiceQuery) -> ResultPage:
        """
        Return one page of what fits; a page beyond the last is the last.

        :raises Away: if Elasticsearch does not answer
        :raises Late: if the index does not hold what it should
        """
        return self._believed(lambda known: self._find(query, known))

    def suggest(self, beginning: str, audiences: tuple[str, ...], *, most: int = 8) -> Sequence[Suggestion]:
        """
        Return names and words that begin so, as the database engine does; words are those of the database.

        :raises Away, Late: as `find`
        """
        begun = folded(beginning[:LONGEST_BEGINNING])
        if len(begun) < SHORTEST_SUGGESTED:
            return ()
        return self._believed(lambda known: self._suggest(begun, audiences, most, known))

    def look(self) -> None:
        """
        Ask whether this engine would be believed now.

        :raises Away, Late: as `find`
        """
        self._believed(lambda known: self._ask([], known))

    # --- parts --------------------------------------------------------------------------------------------------------

    def _believed(self, ask: Callable[[Standing], T]) -> T:
        """Ask, and once more if the index was found to lag: what changed in between is known by then."""
        try:
            return ask(unsent.standing(self.index.alias))
        except Mixed:
            raise
        except Late:
            return ask(unsent.standing(self.index.alias))

    def _ask(self, bodies: Sequence[Mapping[str, Any]], known: Standing) -> list[Answer]:
        """
        Ask several questions in one request.

        :raises Late: if the index has lost what it had once taken, as one that was restored has
        """
        looked, *answers = self.line.ask(lambda client: answers_in(client, self.index.alias, [LOOK, *bodies]))
        if (looked["aggregations"]["newest"]["value"] or 0) < known.newest:
            raise Late
        return answers

    def _find(self, query: ServiceQuery, known: Standing) -> ResultPage:
        beside, fresh = self._beside(query, known)
        asked = min(max(1, query.page), LAST_PAGE)
        parts = parts_of(query)
        by_words = goes_by_words(query)
        end = asked * query.page_size
        # of one part alone the page is enough: what stands beside the index moves it by as many as it has at the most
        start = max(0, end - query.page_size - len(fresh)) if len(parts) == 1 and not by_words else 0
        size = end - start + (WINDOW if by_words else 0)
        bodies = questions(query, parts, known.unsent, size=size, after=start)
        answers = self._ask([*bodies, counting(query, known.unsent)] if query.counted else bodies, known)
        counts = added(counts_in(answers.pop()["aggregations"]), beside.counts) if query.counted else {}
        totals = [answer["hits"]["total"]["value"] for answer in answers]
        total = sum(totals) + beside.total
        page = min(asked, max(1, min(LAST_PAGE, -(-total // query.page_size))))
        if start and page < asked:
            return self._find(replace(query, page=page), known)
        span = range((page - 1) * query.page_size, page * query.page_size)
        if by_words:
            cut = self._by_words(query, parts, answers, totals, span, known)
        else:
            hits = [(part, hit) for part, answer in zip(parts, answers, strict=True) for hit in hits_of(answer)]
            before = span.start - start
            if one_after_another(query) and not fresh:  # nothing moves over the edges of the page
                hits, before = hits[before : before + len(span)], 0
            reading = asked_of(query)
            ordered = sorted([*(fit_of(hit, reading, part) for part, hit in hits), *fresh], key=order_of(query))
            cut = ordered[before : before + len(span)]
        said = self._checked(cut, query)
        near = sum(total for part, total in zip(parts, totals, strict=True) if part.measured)
        explain = explaining(query.words)
        return ResultPage(
            hits=tuple(one.hit(explain(said[one.card.id]) if said else ()) for one in cut),
            total=total,
            total_near=near + beside.total_near,
            page=page,
            page_size=query.page_size,
            counts=counts,
        )

    def _beside(self, query: ServiceQuery, known: Standing) -> tuple[ResultPage, list[Fit]]:
        """
        Return what the database finds among the services of which the index may be wrong.

        :raises Mixed: if words decide and it finds any: the best fit of all, from which steps are counted, neither engine knows
        """
        if not known.unsent:
            return ResultPage(), []
        found = self.own.find(replace(query, among=known.unsent, page=1, page_size=len(known.unsent)))
        if found.hits and goes_by_words(query):
            raise Mixed
        hits = {hit.service_id: hit for hit in found.hits}
        return found, [Fit(card_in(body), asked_of(query), measured=hits[one].near) for one, body in copies_of(hits)]

    def _by_words(
        self,
        query: ServiceQuery,
        parts: list[Part],
        answers: list[Answer],
        totals: list[int],
        span: range,
        known: Standing,
    ) -> list[Fit]:
        """
        Return those of the places ``span`` of a list that is ordered by how well words fit, whole steps at a time.

        The window holds all of each step that is better than its last one's. If that is not enough, the next steps are
        asked for by places and distance, for they hold more than anybody would look through here.
        """
        best = max((hit["_score"] for answer in answers for hit in hits_of(answer)), default=0.0)
        order, reading = order_of(query), asked_of(query)
        found: list[Fit] = []
        passed = 0
        for part, total, answer in zip(parts, totals, answers, strict=True):
            hits = hits_of(answer)
            steps = [(step, list(some)) for step, some in groupby(hits, lambda hit: step_of(hit["_score"], best))]
            edge = STEPS + 1 if len(hits) == total else steps.pop()[0] if steps else 0
            for step, some in steps:
                wanted = range(max(0, span.start - passed), max(0, min(len(some), span.stop - passed)))
                if wanted:
                    fits = sorted((fit_of(hit, reading, part, step) for hit in some), key=order)
                    found += fits[wanted.start : wanted.stop]
                passed += len(some)
            for step in range(edge, STEPS + 1):
                if passed >= span.stop:
                    break
                after = max(0, span.start - passed)
                least, below = (best * (1 - (step + ROUNDING + side) / STEPS) for side in (0.5, -0.5))
                body = step_between(
                    query,
                    part,
                    known.unsent,
                    least=max(0.0, least),
                    below=below,
                    size=span.stop - passed - after,
                    after=after,
                )
                [answer] = self._ask([body], known)
                found += sorted((fit_of(hit, reading, part, step) for hit in hits_of(answer)), key=order)
                passed += answer["hits"]["total"]["value"]
            if passed >= span.stop:
                break
        return found

    def _checked(self, cut: Sequence[Fit], query: ServiceQuery) -> Mapping[str, Mapping[Field, str]]:
        """
        Return the words of what is to be shown, where words were asked for, having compared all of it with the rows.

        :raises Late: if the index was told otherwise, or of something that nobody may find any more
        """
        if not cut:
            return {}
        rows = rows_now([one.card for one in cut], query)
        wrong = {
            fit.card.service_id
            for fit in cut
            if (row := rows.get(fit.card.id)) is None or row[0] != fit.card.entry or row[1] != fit.tier
        }
        if wrong:
            # nobody had said that these changed; from now on the database is asked about them
            unsent.note(wrong - unsent.standing(self.index.alias).unsent)
            raise Late
        if not asks_for_words(query):
            return {}
        return {one: dict(zip(COLUMNS, words, strict=True)) for one, (_, _, *words) in rows.items()}

    def _suggest(self, begun: str, audiences: tuple[str, ...], most: int, known: Standing) -> Sequence[Suggestion]:
        kinds = {Suggested.SERVICE: "service", Suggested.ORGANIZATION: "provider"}
        labels = list(
            SearchLabel.objects.filter(**begins_with(begun)).order_by("key").values_list("key", "words")[:most]
        )
        open_to = Search().filter("terms", audience=list(audiences))
        if known.unsent:
            open_to = open_to.filter(none_of([these(known.unsent)]))
        bodies = [names_beginning(open_to, name, begun, most) for name in kinds.values()]
        bodies += [
            open_to.filter(text_for((Words((key,)),))).extra(size=0, terminate_after=1).to_dict() for key, _ in labels
        ]
        answers = self._ask(bodies, known)
        told: list[Suggestion] = []
        for kind, answer in zip(kinds, answers, strict=False):
            told += list(named(answer, kind))[: most - len(told)]
        held = zip(labels, answers[len(kinds) :], strict=True)
        return with_words(told, (words for (_, words), answer in held if answer["hits"]["total"]["value"]), most)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question each hit is read by, worked out once: the moment, its day where that matters, and from where."""

    at: int
    on: date | None
    here: tuple[float, float, float] | None


def asked_of(query: ServiceQuery) -> Asked:
    """Return what hits are read by."""
    on = query.at.astimezone(LONDON).date() if query.order == Order.SOONEST else None
    return Asked(micros(query.at), on, on_the_sphere(query.near) if query.near is not None else None)


class Fit:
    """Something that fits, with what it is ordered by."""

    __slots__ = ("card", "chord", "soonest", "spot", "step", "tier")

    def __init__(self, card: Card, asked: Asked, *, measured: bool, step: int = 0) -> None:
        stands = card.stands(asked.at)
        self.card, self.step = card, step
        self.tier = PLACE_OF_TIER[stands.tier]
        self.soonest = stands.soonest(asked.on) if asked.on is not None else 0
        self.chord, self.spot = nearest_of(card, asked.here) if measured and asked.here is not None else (None, None)

    def hit(self, found: tuple[Match, ...]) -> ServiceHit:
        """Return it as a value."""
        service_id = self.card.service_id
        if self.chord is None or self.spot is None:
            return ServiceHit(service_id=service_id, why=found)
        km = 2 * EARTH_RADIUS_KM * asin_of_half(self.chord)
        return ServiceHit(
            service_id=service_id,
            near=True,
            distance_km=km if self.spot.exact else coarse_km(km),
            location_id=UUID(hex=self.spot.location),
            why=found,
        )


def hits_of(answer: Answer) -> Sequence[Hit]:
    """Return the hits of an answer; of one without any they are left out."""
    hits: Sequence[Hit] = answer["hits"].get("hits", [])
    return hits


def fit_of(hit: Hit, asked: Asked, part: Part, step: int = 0) -> Fit:
    """Return one of the hits of an answer."""
    return Fit(card_in(hit["fields"]), asked, measured=part.measured, step=step)


def nearest_of(card: Card, here: tuple[float, float, float]) -> tuple[float | None, Spot | None]:
    """Return the squared chord to a service's nearest place, and that place; of equal ones the first by id."""
    x, y, z = here
    chords = [((one.x - x) ** 2 + (one.y - y) ** 2 + (one.z - z) ** 2, one.location, one) for one in card.spots]
    if not chords:
        return None, None
    chord, _, spot = min(chords)
    return chord, spot


def order_of(query: ServiceQuery) -> Callable[[Fit], tuple[Any, ...]]:
    """Return the order, which is the database engine's."""

    def chord(one: Fit) -> float:
        return UNMEASURED if one.chord is None else one.chord

    match query.order:
        case Order.NAME:
            return lambda one: (one.card.name, one.card.id)
        case Order.NEAREST:
            return lambda one: (chord(one), one.tier, one.card.name, one.card.id)
        case Order.SOONEST:
            return lambda one: (one.soonest, one.chord is None, chord(one), one.card.name, one.card.id)
        case _:
            return lambda one: (
                one.chord is None, one.step, one.tier, chord(one), one.card.name, one.card.id,
            )  # fmt: skip


def rows_now(cards: Sequence[Card], query: ServiceQuery) -> dict[str, tuple[Any, ...]]:
    """
    Return what those services have in the database that its own engine would find for those audiences; one statement.

    By id, of each the mark, the place of its tier in `TIER_ORDER`, and where words were asked for, those of each part.
    Audiences are compared here: given them, SQLite reads everything for an audience instead of these few.
    """
    state = live_state(query)
    words = "".join(f", e.{column}" for column in COLUMNS.values()) if asks_for_words(query) else ""
    # as the database keeps them
    ids: list[Any] = [one.id for one in cards]
    if connection.features.has_native_uuid_field:
        ids = [one.service_id for one in cards]
    now = Sql(
        f"SELECT e.service_id, e.audience, e.mark, ({state.text}){words} FROM {ENTRY} e WHERE e.service_id IN ({marks(ids)})",
        [*state.values, *ids],
    )
    return {
        one if isinstance(one, str) else one.hex: (mark or 0, TIER_OF_RANK[rank], *rest)
        for one, audience, mark, rank, *rest in now.ask()
        if audience in query.audiences
    }


# --- requests and answers ---------------------------------------------------------------------------------------------

# The newest version in an index, read from the ends of a column: it costs the same for any number of services.
LOOK: dict[str, Any] = {"size": 0, "track_total_hits": False, "aggs": {"newest": {"max": {"field": "version"}}}}


def answers_in(client: Elasticsearch, alias: str, bodies: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """
    Ask several questions in one request, and return their answers, each whole.

    :raises Away: if one is none
    """
    head = json.dumps({"index": alias, "allow_partial_search_results": False})
    lines = "".join(f"{head}\n{json.dumps(body)}\n" for body in bodies)
    answer = client.perform_request("POST", SEVERAL, headers=HEADERS, body=lines.encode()).body
    responses = answer["responses"]
    for one in responses:
        if "error" in one:
            if one["status"] == 400:
                raise NotUnderstood
            raise Away(REFUSED.get(one["status"], one["error"]["type"]))
    if len(responses) != len(bodies):
        raise Away("nonsense")
    return [whole(one) for one in responses]


def added(told: Iterable[tuple[Criterion, str, int]], beside: Counts) -> Counts:
    """Return the counts of an answer, in which what comes later is in place of what came before, and those beside it."""
    counts: dict[Criterion, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet, code, many in told:
        counts[facet][code] = many
    for facet, codes in beside.items():
        for code, many in codes.items():
            counts[facet][code] = counts[facet].get(code, 0) + many
    return counts


def counts_in(groups: Mapping[str, Any]) -> Iterator[tuple[Criterion, str, int]]:
    """Yield the facets, codes and counts of an answer to `counting`; those for one facet come after those for all."""
    for field in ("harm", "level", "type", "aspects"):
        for one in groups["all"][field]["buckets"]:
            name, _, code = one["key"].partition(":") if field == "aspects" else (field, "", one["key"])
            yield Criterion(name), code, one["doc_count"]
    for name, group in groups.items():
        if name != "all":
            for one in group["codes"]["buckets"]:
                yield Criterion(name), one["key"].removeprefix(f"{name}:"), one["doc_count"]


def names_beginning(open_to: Search, name: str, begun: str, most: int) -> dict[str, Any]:
    """Return the request for names of one kind that begin so, by name."""
    search = open_to.filter("prefix", **{f"{name}_begins": begun}).extra(size=0, track_total_hits=False)
    found = search.aggs.bucket("names", A("terms", field=name, size=most, order={"_key": "asc"}))
    found.bucket("ids", A("terms", field="id", size=1))
    body: dict[str, Any] = search.to_dict()
    return body


def named(answer: Answer, kind: Suggested) -> Iterable[Suggestion]:
    """Yield the names of an answer; of a service's with its id where only one is called that."""
    for one in answer["aggregations"]["names"]["buckets"]:
        alone = kind == Suggested.SERVICE and one["doc_count"] == 1
        yield Suggestion(one["key"], kind, UUID(hex=one["ids"]["buckets"][0]["key"]) if alone else None)
