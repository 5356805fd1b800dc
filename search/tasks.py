"""What search does later: ids in, one call, safe to run twice."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from safekeeping import clock, outbox
from search import misses, saved, sending
from search.backends import backend
from search.documents import all_documents, digest_of, documents_for

log = logging.getLogger(__name__)
REINDEX = "search.reindex"


def register() -> None:
    """Enter the worker's kind of row and the clock's job."""
    outbox.register(REINDEX, reindex_one)
    clock.job("search.reconcile", every=timedelta(minutes=5), late_after=timedelta(minutes=30), run=reconcile)
    outbox.register(saved.DIGEST, write_digest)
    clock.job("saved searches", every=timedelta(hours=1), late_after=timedelta(hours=3), run=look_for_news)
    clock.job(
        "forget searches",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_old,
        daily_at=time(3, 40),
    )


def reindex_one(payload: dict[str, Any]) -> None:
    """Index the service as its row is now; forget it if nobody may find it any more."""
    service_id = UUID(payload["service_id"])
    found = list(documents_for([service_id]))
    if found:
        backend().index(found)
    else:
        backend().remove([service_id])


def reconcile(at: datetime) -> None:
    """Compare the rows with the index both ways, and put right what differs."""
    engine = backend()
    indexed = dict(engine.digests())
    wrong = [document for document in all_documents() if indexed.pop(document.service_id, None) != digest_of(document)]
    engine.index(wrong)
    engine.remove(indexed)
    if wrong or indexed:
        log.info("search: %d documents were late, %d were left over", len(wrong), len(indexed))


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
