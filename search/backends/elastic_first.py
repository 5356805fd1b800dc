"""
Elasticsearch first, and the database whenever Elasticsearch is away, slow or late: nobody who searches notices.

The database's own index is always kept, and Elasticsearch follows it. Each answer comes with how much the index behind
it holds (`Extent`); where that is not what the database's own index holds at this moment, the answer is thrown away and the
database gives its own. So what was withdrawn while Elasticsearch was away can neither be shown nor counted, and what
is new is not missing, however old the index is that comes back. `follow` brings it up to date within seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from search.backends.database import DatabaseBackend
from search.backends.elastic import ElasticBackend, Extent, Late
from search.backends.elastic_line import PATIENCE_OF_WORKER, Away, Line
from search.models import SearchEntry
from search.queries import Counts, ResultPage, SearchDocument, ServiceQuery, Suggestion
from search.versions import claim

log = logging.getLogger(__name__)
T = TypeVar("T")

# An index that is late is not asked again before this: the clock brings it up to date meanwhile.
LATE_SECONDS = 1.0


class ElasticFirst:
    """See the module."""

    def __init__(self, line: Line | None = None, *, name: str = "") -> None:
        self.own = DatabaseBackend()
        self.elastic = ElasticBackend(line, name=name, expected=extent_of_own)
        self._late_until = 0.0

    def find(self, query: ServiceQuery) -> ResultPage:
        """Return one page of what fits."""
        return self._first(lambda: self.elastic.find(query), lambda: self.own.find(query))

    def count(self, query: ServiceQuery) -> Counts:
        """Return how many services each choice of each facet would bring."""
        return self._first(lambda: self.elastic.count(query), lambda: self.own.count(query))

    def spelt(self, words: Iterable[str], audiences: tuple[str, ...]) -> Mapping[str, str]:
        """Return what was probably meant by words that look mistyped."""
        told = list(words)
        return self._first(lambda: self.elastic.spelt(told, audiences), lambda: self.own.spelt(told, audiences))

    def suggest(self, beginning: str, audiences: tuple[str, ...], *, most: int = 8) -> Sequence[Suggestion]:
        """Return what somebody may be about to type."""
        return self._first(
            lambda: self.elastic.suggest(beginning, audiences, most=most),
            lambda: self.own.suggest(beginning, audiences, most=most),
        )

    def digests(self) -> Mapping[UUID, str]:
        """Return what is in the database's own index, which the other follows."""
        return self.own.digests()

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents, or put them in place of the older ones; Elasticsearch gets them once they are committed."""
        made = list(documents)
        with transaction.atomic():
            versions = claim(one.service_id for one in made)
            self.own.index(made)
            transaction.on_commit(partial(self._send, made, (), versions))

    def remove(self, service_ids: Iterable[UUID]) -> None:
        """Forget services; Elasticsearch is told once that is committed."""
        gone = list(service_ids)
        with transaction.atomic():
            versions = claim(gone)
            self.own.remove(gone)
            transaction.on_commit(partial(self._send, (), gone, versions))

    def replace_all(self, documents: Iterable[SearchDocument]) -> None:
        """Make both indexes anew; readers see the old ones until the new ones are whole."""
        made = list(documents)
        self.own.replace_all(made)
        try:
            self.elastic.replace_all(made)
        except Away as away:
            log.warning("search: Elasticsearch has not got the new index: %s", away)

    def is_in_step(self) -> bool:
        """
        Say whether Elasticsearch holds what the database's own index holds.

        :raises Away: if it does not answer
        """
        return self.elastic.extent() == extent_of_own()

    def health(self) -> dict[str, str]:
        """Say for a monitor who answers, and why; asks once, and waits for it no longer than a page would."""
        told = {"engine": "elasticsearch", "answered_by": "database"}
        try:
            in_step = self.elastic.extent(ask=self.elastic.line.ask) == extent_of_own()
        except Away as away:
            return {**told, "because": str(away)}
        return {**told, "answered_by": "elasticsearch"} if in_step else {**told, "because": "late"}

    def _first(self, ask: Callable[[], T], instead: Callable[[], T]) -> T:
        if time.monotonic() >= self._late_until:
            try:
                return ask()
            except Away:
                pass  # the line has noted why
            except Late:
                self._late_until = time.monotonic() + LATE_SECONDS
                log.info("search: Elasticsearch is late, the database answers")
        return instead()

    def _send(self, made: Iterable[SearchDocument], gone: Iterable[UUID], versions: Mapping[UUID, int]) -> None:
        if self.elastic.line.is_cut():  # `follow` finds out
            return
        try:
            self.elastic.write(made, gone, versions, patience=PATIENCE_OF_WORKER)
        except Away as away:
            log.warning("search: Elasticsearch has not got a change: %s", away)


def extent_of_own() -> Extent:
    """Return how much the database's own index holds."""
    told = SearchEntry.objects.aggregate(documents=Count("pk"), marks=Sum("mark"))
    return told["documents"], told["marks"] or 0
