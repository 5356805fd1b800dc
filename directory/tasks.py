"""What the directory does by the clock: takes a time, makes one domain call, is safe to run twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from directory import capacity, freshness
from safekeeping import clock, invariants


def register() -> None:
    """Enter the directory's jobs and checks."""
    clock.job(
        "freshness",
        every=timedelta(hours=1),
        late_after=timedelta(hours=3),
        run=ask_for_what_is_due,
    )
    invariants.register("capacity counters equal ledger rows", capacity.differences)


def ask_for_what_is_due(at: datetime) -> None:
    """Ask the providers whose figures have grown old."""
    freshness.ask_for_what_is_due(at)
