"""What the directory does by the clock: takes a time, makes one domain call, is safe to run twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from directory import asking, capacity
from directory.exchange import batches
from safekeeping import clock, invariants, outbox


def register() -> None:
    """Enter the directory's jobs and checks."""
    clock.job(
        "freshness",
        every=timedelta(hours=1),
        late_after=timedelta(hours=3),
        run=ask_for_what_is_due,
    )
    clock.job(
        "forget old links",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_old_links,
        daily_at=time(3, 10),
    )
    outbox.register(batches.KIND, do_import)
    clock.job(
        "forget old imports",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_old_imports,
        daily_at=time(3, 20),
    )
    invariants.register("capacity counters equal ledger rows", capacity.differences)


def ask_for_what_is_due(at: datetime) -> None:
    """Ask the providers whose figures have grown old."""
    asking.ask_for_what_is_due(at)


def forget_old_links(at: datetime) -> None:
    """Forget the links that expired long ago, and that somebody was asked more than a year ago."""
    asking.forget_old(at)


def do_import(payload: dict[str, Any]) -> None:
    """Do the next rows of an import."""
    batches.do_chunk(payload, at=timezone.now())


def forget_old_imports(at: datetime) -> None:
    """Forget imports after their time."""
    batches.forget_old(at)
