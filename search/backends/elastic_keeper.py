"""
Keeps Elasticsearch's index: tells it what has changed, makes it anew beside the old one, and finds out where it lags.

What is written is always a copy of the database's own index as it is at that moment, under a version that was claimed
before it was read (`search.versions`): of two writes the one that read later wins, whichever arrives first.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from elasticsearch import Elasticsearch, NotFoundError

from search import unsent
from search.backends import elastic_ready
from search.backends.elastic_index import (
    SETTINGS,
    SETTINGS_WHILE_FILLED,
    copies_of,
    made_for,
    mapping,
    mark_of,
    written,
)
from search.backends.elastic_line import PATIENCE_FOR_MANY, Away, Line, whole
from search.backends.elastic_ready import Kept
from search.models import SearchEntry, SearchFollowed, SearchUnsent
from search.unsent import Late
from search.versions import claim, versions_of

# Services that are told of in one go, and rows that are copied at once while an index is filled.
BATCH, COPIED_AT_ONCE = 200, 1_000
# Bytes of one request while an index is filled: small enough to be worked on while the next is made.
REQUEST = 1_500_000
# Copies in one page of an answer, when all are compared.
PAGE = 10_000
# More than this are not mended one by one.
MOST_MENDED = 20_000

# How many services there are, and the sum of their marks: two indexes with the same extent hold the same.
Extent = tuple[int, int]
Told = Callable[[int, int], None]


class Keeper:
    """See the module."""

    def __init__(self, line: Line, name: str) -> None:
        self.line, self.name = line, name
        # found under these alone, so that neither another release's index nor a half-made one is taken for ours
        self.alias = f"{name}.{made_for()}"
        self.next = f"{self.alias}.next"

    # --- what changes -------------------------------------------------------------------------------------------------

    def catch_up(self, among: Collection[UUID] | None = None, *, patience: float = PATIENCE_FOR_MANY) -> int:
        """
        Tell the index what it has not been told, of these services or of all; return of how many.

        :raises Away: if Elasticsearch does not take it
        :raises Late: if the index has lost what it had, or must be made anew
        """
        rows = SearchUnsent.objects.order_by("pk")
        waiting = (rows if among is None else rows.filter(service_id__in=among)).values_list("service_id", "pk")
        by_service: dict[UUID | None, list[int]] = {}
        for one, pk in waiting:
            by_service.setdefault(one, []).append(pk)
        if by_service and (None in by_service or self.has_lost()):
            raise Late
        for ids in in_batches(filter(None, by_service), BATCH):
            with transaction.atomic():
                versions = claim(ids)
                lines = lines_for(ids, versions)
            self.write(
                [line for aliases in (self.alias, self.next) for line in under(aliases, lines)], patience=patience
            )
            unsent.taken(self.alias, max(versions.values()), [pk for one in ids for pk in by_service[one]])
        return len(by_service)

    def write(self, lines: list[str], *, patience: float = PATIENCE_FOR_MANY) -> None:
        """
        Send lines of a bulk request; readers see what they say when this returns.

        Those for an index that is being made are passed over where none is.

        :raises Away: if anything was not taken for another reason than that something newer is there
        """
        self._bulk("".join(lines).encode(), refresh=True, patience=patience)

    def follow(self) -> int:
        """
        Bring the index up to what the database's own holds, whatever has happened; return how many services it lagged with.

        :raises Away: if Elasticsearch does not take it; what is done stays done
        """
        if self.is_there() and self.has_lost():
            self.mend()
        if not self.is_there() or SearchUnsent.objects.filter(service_id=None).exists():
            self.rebuild()
        done = self.catch_up()
        if self.differs():
            self.mend()
            done += self.catch_up()
        return done

    # --- comparing ----------------------------------------------------------------------------------------------------

    def newest(self) -> int:
        """
        Return the newest version in the index.

        :raises Away: if Elasticsearch does not answer, or there is no index
        """
        answer = self._search({"size": 0, "aggs": {"newest": {"max": {"field": "version"}}}})
        return int(answer["aggregations"]["newest"]["value"] or 0)

    def extent(self) -> Extent:
        """
        Return how much the index holds.

        :raises Away: if Elasticsearch does not answer, or there is no index
        """
        sums = {"services": {"value_count": {"field": "entry"}}, "marks": {"sum": {"field": "entry"}}}
        told = self._search({"size": 0, "aggs": sums})["aggregations"]
        return told["services"]["value"], int(told["marks"]["value"])

    def has_lost(self) -> bool:
        """
        Say whether the index is not the one that was filled from this database, or lacks what it had once taken.

        :raises Away: if Elasticsearch does not answer
        """
        newest = SearchFollowed.objects.filter(pk=self.alias).values_list("newest", flat=True).first()
        return newest is None or self.newest() < newest

    def differs(self) -> bool:
        """
        Say whether the index holds something else than the database's own although it was told of everything.

        :raises Away: if Elasticsearch does not answer
        """
        # twice: a change that is told in between makes them differ for a moment
        return all(self.extent() != extent_of_own() and not SearchUnsent.objects.exists() for _ in range(2))

    def digests(self) -> Mapping[UUID, str]:
        """
        Return the digest of every service in the index.

        :raises Away: if Elasticsearch does not answer
        """
        return {UUID(hex=hit["id"][0]): hit["digest"][0] for hit in self._all("id", "digest")}

    def mend(self) -> int:
        """
        Compare every copy with the rows as they are, and note those that differ as not told; return how many differ.

        :raises Away: if Elasticsearch does not answer
        """
        theirs = {UUID(hex=hit["id"][0]): int(hit["mark"][0]) for hit in self._all("id", "mark")}
        differ: list[UUID] = []
        for ids in in_batches(own_ids(), COPIED_AT_ONCE):
            differ += [one for one, body in copies_of(ids) if theirs.pop(one, None) != written(body)[1]]
        differ += theirs
        elastic_ready.forget(differ)
        if len(differ) > MOST_MENDED:
            unsent.note_all()
        else:
            unsent.note(differ)
            unsent.followed(self.alias, self.newest())
        return len(differ)

    # --- making the index anew ----------------------------------------------------------------------------------------

    def rebuild(self, *, anew: bool = False, told: Told = lambda done, of: None) -> int:
        """
        Make the index anew from the database's own, beside the old one; return how many services it holds.

        What was left unfinished is gone on with, unless ``anew``. What changes meanwhile reaches the new index too.

        :param told: is called with how many services have been copied, and of how many
        :raises Away: if Elasticsearch does not take it; what is done stays done
        """
        if anew:
            self.forget_next()
        before = list(SearchUnsent.objects.filter(service_id=None).values_list("pk", flat=True))
        reached = self._begin()
        done, of = 0, own_ids(reached).count()
        with self._filling() as add:
            while some := elastic_ready.kept_after(reached, COPIED_AT_ONCE):
                reached = some[-1].service_id
                add(lines_of(some))
                done += len(some)
                told(done, of)
        self._finish()
        unsent.followed(self.alias, self.newest())
        SearchUnsent.objects.filter(pk__in=before).delete()
        return self.extent()[0]

    def _begin(self) -> UUID | None:
        """Make an empty index to be filled, or find the one that was left unfinished; return up to where it is filled."""

        def make(client: Elasticsearch) -> UUID | None:
            try:
                client.indices.refresh(index=self.next)
            except NotFoundError:
                client.indices.create(
                    index=f"{self.alias}.{time.time_ns() // 1_000_000}",
                    settings={**SETTINGS, **SETTINGS_WHILE_FILLED},
                    mappings=mapping(),
                    aliases={self.next: {}},
                )
                return None
            last = {
                "query": {"term": {"filled": True}},
                "sort": [{"id": "desc"}],
                "size": 1,
                "docvalue_fields": ["id"],
            }
            hits = client.search(index=self.next, body=last).body["hits"]["hits"]
            return UUID(hex=hits[0]["fields"]["id"][0]) if hits else None

        return self.line.tell(make, patience=PATIENCE_FOR_MANY)

    @contextmanager
    def _filling(self) -> Iterator[Callable[[Iterable[str]], None]]:
        """
        Yield what adds lines to the index that is being made, in requests of a size that Elasticsearch works on best.

        While one is on its way, the next is made: Elasticsearch works on another processor. They arrive in their order, so
        that what was interrupted can be gone on with.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="elasticsearch-bulk") as sending:
            waiting: list[str] = []
            size = 0
            under_way: Future[None] | None = None

            def send() -> None:
                nonlocal size, under_way
                if under_way is not None:
                    under_way.result()
                under_way = sending.submit(self._bulk, "".join(waiting).encode())
                waiting.clear()
                size = 0

            def add(lines: Iterable[str]) -> None:
                nonlocal size
                for line in under(self.next, lines):
                    waiting.append(line)
                    size += len(line)
                    if size >= REQUEST:
                        send()

            yield add
            if waiting:
                send()
            if under_way is not None:
                under_way.result()

    def _finish(self) -> None:
        """Put the index that was made in the place of the old one, in one step, and drop the old ones."""

        def swap(client: Elasticsearch) -> None:
            client.indices.put_settings(
                index=self.next,
                settings={"refresh_interval": None, "number_of_replicas": settings.ELASTICSEARCH_REPLICAS},
            )
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
        Drop every index under this name.

        :raises Away: if Elasticsearch cannot
        """

        def drop_all(client: Elasticsearch) -> None:
            for one in list(client.indices.get(index=f"{self.name}.*", features="aliases")):
                client.indices.delete(index=one)

        self.line.tell(drop_all, patience=PATIENCE_FOR_MANY)

    def is_there(self) -> bool:
        """
        Say whether there is an index that is made as this release wants it.

        :raises Away: if Elasticsearch does not answer
        """
        return bool(self.line.tell(lambda client: client.indices.exists_alias(name=self.alias)))

    # --- requests -----------------------------------------------------------------------------------------------------

    def _search(self, body: dict[str, Any]) -> Mapping[str, Any]:
        return self.line.tell(
            lambda client: whole(client.search(index=self.alias, body=body, allow_partial_search_results=False).body)
        )

    def _all(self, *columns: str) -> Iterator[Mapping[str, Any]]:
        """Yield those columns of every service in the index, by the thousand."""
        body: dict[str, Any] = {
            "query": {"exists": {"field": "digest"}},
            "sort": ["id"],
            "size": PAGE,
            "stored_fields": "_none_",
            "docvalue_fields": list(columns),
        }
        while True:
            hits = self._search(body)["hits"].get("hits", [])
            yield from (hit["fields"] for hit in hits)
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    def _bulk(self, lines: bytes, *, refresh: bool = False, patience: float = PATIENCE_FOR_MANY) -> None:
        answer = self.line.tell(
            lambda client: bulk_answer(
                client.bulk(
                    body=lines,  # type: ignore[arg-type]  # bytes are taken as they are
                    require_alias=True,
                    refresh=refresh,
                    filter_path="errors,items.*.error",
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
            if refresh and trouble["type"] == "index_not_found_exception" and self.next in trouble["reason"]:
                continue  # nothing is being made
            raise Away(trouble["type"])


def own_ids(after: UUID | None = None) -> Any:
    """Return the services of the database's own index, by id."""
    entries = SearchEntry.objects.order_by("service_id").values_list("service_id", flat=True)
    return entries.filter(service_id__gt=after) if after else entries


def extent_of_own() -> Extent:
    """Return how much the database's own index holds."""
    told = SearchEntry.objects.aggregate(services=Count("pk"), marks=Sum("mark"))
    return told["services"], told["marks"] or 0


def lines_for(ids: Collection[UUID], versions: Mapping[UUID, int], *, filled: bool = False) -> list[str]:
    """
    Return what is written of each of these services: where it goes, less the index, and its copy.

    What is no more is written as an empty document, never deleted: only so is its version kept for good, and a server
    asked to delete from an index that it does not have would make one.

    :param filled: whether this fills a new index, in the order of ids
    """
    copies = {one: written(body) for one, body in copies_of(ids)}
    lines = []
    for one in ids:
        text, mark = copies.get(one) or (json.dumps({"id": one.hex}), 0)
        lines.append(line_for(one, versions[one], text, mark, filled=filled))
    return lines


def lines_of(some: Collection[Kept]) -> Iterator[str]:
    """Yield what fills a new index with these services, in their order: what is kept ready, else what their rows say."""
    ready = elastic_ready.by_service(some)
    others = [one.service_id for one in some if one.service_id not in ready]
    read = dict(zip(others, lines_for(others, versions_of(others), filled=True), strict=True)) if others else {}
    for one in some:
        if one.service_id in read:
            yield read[one.service_id]
        else:
            version, text = ready[one.service_id]
            yield line_for(one.service_id, version, text, mark_of(text), filled=True)


def line_for(service_id: UUID, version: int, text: str, mark: int, *, filled: bool) -> str:
    """Return what is written of a service, less the index."""
    return (
        f'"_id": "{service_id.hex}", "version": {version}, "version_type": "external"}}}}\n'
        f'{text[:-1]}, "version": {version}, "mark": {mark}, "filled": {"true" if filled else "false"}}}\n'
    )


def under(alias: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of a bulk request for that index."""
    return (f'{{"index": {{"_index": "{alias}", {line}' for line in lines)


def bulk_answer(answer: Any) -> Mapping[str, Any]:
    """
    Return the answer to a bulk request.

    :raises Away: if it is none
    """
    if "errors" not in answer.body:
        raise Away("nonsense")
    told: Mapping[str, Any] = answer.body
    return told


def in_batches(things: Iterable[UUID], most: int) -> Iterator[list[UUID]]:
    """Yield so many at once."""
    waiting: list[UUID] = []
    for one in things:
        waiting.append(one)
        if len(waiting) == most:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
