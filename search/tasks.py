"""What search does later: ids in, one call, safe to run twice."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from safekeeping import clock, outbox
from search.backends import backend
from search.documents import all_documents, digest_of, documents_for

log = logging.getLogger(__name__)
REINDEX = "search.reindex"


def register() -> None:
    """Enter the worker's kind of row and the clock's job."""
    outbox.register(REINDEX, reindex_one)
    clock.job("search.reconcile", every=timedelta(minutes=5), late_after=timedelta(minutes=30), run=reconcile)


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
