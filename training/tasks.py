"""What training does by the clock: takes a time, makes one domain call, is safe to run twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from safekeeping import clock, invariants
from training import bookings, lifecycle


def register() -> None:
    """Enter training's job and checks."""
    clock.job(
        "old bookings",
        every=timedelta(days=1),
        late_after=timedelta(days=2),
        run=forget_old_bookings,
        daily_at=time(3, 50),
    )
    invariants.register("histories of sessions and bookings are whole", lifecycle.differences)
    invariants.register("every booking has its seat, and every seat its booking", bookings.differences)


def forget_old_bookings(at: datetime) -> None:
    """Forget what nobody needs to know any more."""
    bookings.forget(at)
