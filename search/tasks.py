"""What search does later: ids in, one call, safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from safekeeping import clock, outbox, parts
from search import common_words, finder, misses, saved, sending, settled
from search.backends import backend
from search.choices import choices
from search.documents import all_documents, batches, digest_of, documents_for
from search.unsent import Late
from search.versions import claim

log = logging.getLogger(__name__)
REINDEX = "search.reindex"
# How often it is looked whether Elasticsearch holds what it should; it has a minute after an outage.
FOLLOW_EVERY = timedelta(seconds=20)
# How often it is told of places. Until then the database is asked about them, beside it.
TELL_EVERY = timedelta(seconds=3)

# What has changed is asked live until then, which costs more and is as true.
SETTLE_EVERY = timedelta(minutes=1)


def register() -> None:
    """Enter the worker's kind of row and the clock's jobs."""
    outbox.register(REINDEX, reindex_one, together=reindex_many)
    parts.register("search", health)
    clock.job("search.reconcile", every=timedelta(minutes=5), late_after=timedelta(minutes=30), run=reconcile)
    outbox.register(saved.DIGEST, write_digest)
    clock.job("search.settle", every=SETTLE_EVERY, late_after=timedelta(minutes=30), run=settle)
    clock.job("search.words", every=timedelta(hours=1), late_after=timedelta(hours=3), run=count_words)
    clock.job("saved searches", every=timedelta(hours=1), late_after=timedelta(hours=3), run=look_for_news)
    clock.job(
        "forget searches",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_old,
        daily_at=time(3, 40),
    )
    if settings.ELASTICSEARCH_URL:
        # while it is away there is nothing to be done, and nobody misses it: that is no fault of this job
        clock.job("search.tell", every=TELL_EVERY, late_after=timedelta(minutes=30), run=tell)
        clock.job(
            "search.compare", every=timedelta(days=1), late_after=timedelta(hours=30), run=compare, daily_at=time(3, 20)
        )
        clock.job("search.follow", every=FOLLOW_EVERY, late_after=timedelta(minutes=30), run=follow)


def health() -> Mapping[str, str]:
    """Say for a monitor which engine answers; when Elasticsearch does not, the database does, and the site is well."""
    from search.backends.elastic_first import ElasticFirst

    engine = backend()
    return engine.health() if isinstance(engine, ElasticFirst) else {"engine": "database"}


def reindex_one(payload: dict[str, Any]) -> None:
    """Index the service as its row is now; forget it if nobody may find it any more."""
    bring_up_to_date([UUID(payload["service_id"])])


def reindex_many(payloads: list[dict[str, Any]]) -> None:
    """Index services as their rows are now, each once, however often it was asked for."""
    bring_up_to_date({UUID(one["service_id"]) for one in payloads})


def bring_up_to_date(service_ids: Iterable[UUID]) -> None:
    """Index services as their rows are now; forget those that nobody may find any more."""
    engine = backend()
    for ids in batches(service_ids):
        with transaction.atomic():
            claim(ids)  # first: whoever has the claim reads last, and writes last
            found = list(documents_for(ids))
            engine.index(found)
            engine.remove(set(ids) - {one.service_id for one in found})


def reconcile(at: datetime) -> None:
    """Compare the rows with the index both ways, and put right what differs."""
    indexed = dict(backend().digests())
    late = [one.service_id for one in all_documents() if indexed.pop(one.service_id, None) != digest_of(one)]
    bring_up_to_date([*late, *indexed])
    if late or indexed:
        log.info("search: %d documents were late, %d were left over", len(late), len(indexed))


def settle(at: datetime) -> None:
    """
    Write down the tiers of services whose places have not changed, for the database's own engine.

    Then make ready what Elasticsearch would be sent of them, for when its index has to be made anew.
    """
    settled.settle(at=at)
    if settings.ELASTICSEARCH_URL:
        from search.backends import elastic_ready

        elastic_ready.keep()


def follow(at: datetime) -> None:
    """Bring Elasticsearch up to what the database's own index holds, if it answers and does not; make it if there is none."""
    from search.backends.elastic_first import ElasticFirst
    from search.backends.elastic_line import Away

    engine = backend()
    if not isinstance(engine, ElasticFirst):
        return
    try:
        if late := engine.elastic.index.follow():
            log.info("search: Elasticsearch was late with %d services", late)
    except Away as away:
        log.warning("search: Elasticsearch cannot be brought up to date: %s", away)
    except Late:
        log.warning("search: Elasticsearch's index will be made anew")


def tell(at: datetime) -> None:
    """Tell Elasticsearch what has changed since it was last told, if it answers: what places there are, as a rule."""
    from search.backends.elastic_first import ElasticFirst
    from search.backends.elastic_line import Away

    engine = backend()
    if not isinstance(engine, ElasticFirst) or engine.elastic.line.is_cut():
        return
    try:
        engine.elastic.index.catch_up()
    except (Away, Late):
        log.info("search: Elasticsearch is not told for now")  # `follow` finds out why


def compare(at: datetime) -> None:
    """Compare all that Elasticsearch holds with the rows, places included, whatever was said to have changed."""
    from search.backends.elastic_first import ElasticFirst
    from search.backends.elastic_line import Away

    engine = backend()
    if not isinstance(engine, ElasticFirst):
        return
    try:
        if differ := engine.elastic.index.mend():
            log.warning("search: Elasticsearch held %d services otherwise than they are", differ)
    except Away as away:
        log.warning("search: Elasticsearch cannot be compared: %s", away)
    follow(at)


def rebuild(*, anew: bool = False, told: Callable[[int, int], None] = lambda done, of: None) -> int:
    """
    Make Elasticsearch's index anew from the database's own, beside the old one; return how many services it holds.

    What was left unfinished is gone on with, unless ``anew``. Changes that come meanwhile reach the new index too.

    :param told: is called with how many services have been copied, and of how many
    :raises Away: if Elasticsearch does not take it; what is done stays done
    :raises NotElastic: if Elasticsearch is not the engine
    """
    from search.backends.elastic_first import ElasticFirst

    engine = backend()
    if not isinstance(engine, ElasticFirst):
        raise NotElastic
    return engine.elastic.index.rebuild(anew=anew, told=told)


class NotElastic(Exception):
    """Elasticsearch is not the engine in use."""


def read_ahead() -> None:
    """
    Read what a process remembers, before it is divided: among 100,000 services that takes most of a second.

    :raises django.db.DatabaseError: if the database is away, or has no tables yet
    """
    choices().learn()
    finder.synonyms()
    common_words.commonness()


def count_words(at: datetime) -> None:
    """Count in how many entries each word is."""
    common_words.count()


def look_for_news(at: datetime) -> None:
    """Look through the saved searches."""
    saved.look_for_news(at)


def write_digest(payload: dict[str, Any]) -> None:
    """Write one person's e-mail about their searches, from what is true now."""
    saved.tell(int(payload["user_id"]), at=timezone.now())


def forget_old(at: datetime) -> None:
    """Forget searches of those who have left, counts of more than a year ago, and yesterday's marks."""
    saved.forget(at)
    misses.forget(at)
    sending.forget(at)
