"""
Elasticsearch first, and the database whenever Elasticsearch is away, slow or late: nobody who searches notices.

The database's own index is always kept, and Elasticsearch follows it. What it has not taken yet is known in the
database (`search.unsent`), and so is the newest change that it ever took: an index that comes back without that is not
believed. So what was withdrawn while Elasticsearch was away can neither be shown nor counted, and what is new is not
missing. `search.tasks.follow` brings it up to date within seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from search import unsent
from search.backends.database import DatabaseBackend
from search.backends.elastic import ElasticBackend
from search.backends.elastic_line import PATIENCE_OF_WORKER, Away, Line
from search.queries import ResultPage, SearchDocument, ServiceQuery, Suggestion
from search.unsent import Late, Mixed

log = logging.getLogger(__name__)
T = TypeVar("T")

# An index that is late is not asked again before this: the clock brings it up to date meanwhile.
LATE_SECONDS = 1.0


class ElasticFirst:
    """See the module."""

    def __init__(self, line: Line | None = None, *, name: str = "") -> None:
        self.own = DatabaseBackend()
        self.elastic = ElasticBackend(line, name=name)
        self._late_until = 0.0

    def find(self, query: ServiceQuery) -> ResultPage:
        """Return one page of what fits."""
        return self._first(lambda: self.elastic.find(query), lambda: self.own.find(query))

    def spelt(self, words: Iterable[str], audiences: tuple[str, ...]) -> Mapping[str, str]:
        """Return what was probably meant by words that look mistyped; the database has all of them."""
        return self.own.spelt(words, audiences)

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
            self.own.index(made)
            self._changed([one.service_id for one in made])

    def remove(self, service_ids: Iterable[UUID]) -> None:
        """Forget services; Elasticsearch is told once that is committed."""
        gone = list(service_ids)
        with transaction.atomic():
            self.own.remove(gone)
            self._changed(gone)

    def replace_all(self, documents: Iterable[SearchDocument]) -> None:
        """Make both indexes anew; readers see the old ones until the new ones are whole."""
        with transaction.atomic():
            self.own.replace_all(documents)
            unsent.note_all()
        try:
            self.elastic.index.rebuild(anew=True)
        except Away as away:
            log.warning("search: Elasticsearch has not got the new index: %s", away)

    def health(self) -> dict[str, str]:
        """Say for a monitor who answers, and why; asks once, and waits for it no longer than a page would."""
        told = {"engine": "elasticsearch", "answered_by": "database"}
        try:
            self.elastic.look()
        except Away as away:
            return {**told, "because": str(away)}
        except Late:
            return {**told, "because": "late"}
        return {**told, "answered_by": "elasticsearch"}

    def _first(self, ask: Callable[[], T], instead: Callable[[], T]) -> T:
        if time.monotonic() >= self._late_until:
            try:
                return ask()
            except Away:
                pass  # the line has noted why
            except Mixed:
                pass
            except Late:
                self._late_until = time.monotonic() + LATE_SECONDS
                log.info("search: Elasticsearch is late, the database answers")
        return instead()

    def _changed(self, service_ids: Collection[UUID]) -> None:
        if service_ids:
            unsent.note(service_ids)
            transaction.on_commit(partial(self._send, service_ids))

    def _send(self, service_ids: Collection[UUID]) -> None:
        if self.elastic.line.is_cut():  # `follow` finds out
            return
        try:
            self.elastic.index.catch_up(service_ids, patience=PATIENCE_OF_WORKER)
        except Away as away:
            log.warning("search: Elasticsearch has not got a change: %s", away)
        except Late:
            log.warning("search: Elasticsearch is not told of a change: its index is older than what it once held")
