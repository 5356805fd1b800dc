"""What the directory does by the clock: takes a time, makes one domain call, is safe to run twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from directory import (
    asking,
    assurance,
    capacity,
    compliance,
    invitations,
    joining,
    lifecycle,
    pilots,
    reports,
    stale,
    waiting,
)
from directory.exchange import batches
from safekeeping import clock, invariants, outbox


def register() -> None:
    """Enter the directory's jobs and checks."""
    clock.job(
        "freshness",
        every=timedelta(hours=1),
        late_after=timedelta(hours=3),
        run=asking.ask_for_what_is_due,
    )
    clock.job(
        "forget old links",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=asking.forget_old,
        daily_at=time(3, 10),
    )
    clock.job(
        "words that are too old",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=assurance.every_night,
        daily_at=time(3, 30),
    )
    clock.job(
        "stewards' digest",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=tell_stewards,
        daily_at=time(9, 5),
    )
    clock.job("compliance", every=timedelta(hours=1), late_after=timedelta(hours=3), run=compliance.remind)
    clock.job(
        "forget who asked to join",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_who_asked,
        daily_at=time(3, 20),
    )
    clock.job(
        "forget reporters",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=reports.forget,
        daily_at=time(3, 25),
    )
    invariants.register("reports' histories are whole", lifecycle.differences)
    outbox.register(batches.KIND, do_import)
    outbox.register(asking.BY_HAND, ask_as_promised)
    clock.job(
        "forget old imports",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=batches.forget_old,
        daily_at=time(3, 35),
    )
    invariants.register("capacity counters equal ledger rows", capacity.differences)


def tell_stewards(at: datetime) -> None:
    """Tell the stewards of what providers propose, of pilots to be decided, and on Mondays of all that is stale."""
    waiting.tell(at)
    pilots.tell(at)
    stale.tell(at)


def forget_who_asked(at: datetime) -> None:
    """Forget invitations and asks that are long over."""
    invitations.forget_old(at)
    joining.forget_old(at)


def do_import(payload: dict[str, Any]) -> None:
    """Do the next rows of an import."""
    batches.do_chunk(payload, at=timezone.now())


def ask_as_promised(payload: dict[str, Any]) -> None:
    """Send a provider the e-mail that a steward has asked for outside working hours."""
    asking.ask_as_promised(UUID(payload["organization"]), at=timezone.now())
