"""What the directory does by the clock: takes a time, makes one domain call, is safe to run twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

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
        run=ask_for_what_is_due,
    )
    clock.job(
        "forget old links",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_old_links,
        daily_at=time(3, 10),
    )
    clock.job(
        "words that are too old",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=look_at_words,
        daily_at=time(3, 30),
    )
    clock.job(
        "stewards' digest",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=tell_stewards,
        daily_at=time(9, 5),
    )
    clock.job("compliance", every=timedelta(hours=1), late_after=timedelta(hours=3), run=remind_of_compliance)
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
    clock.job(
        "forget old imports",
        every=timedelta(days=1),
        late_after=timedelta(hours=30),
        run=forget_old_imports,
        daily_at=time(3, 35),
    )
    invariants.register("capacity counters equal ledger rows", capacity.differences)


def ask_for_what_is_due(at: datetime) -> None:
    """Ask the providers whose figures have grown old."""
    asking.ask_for_what_is_due(at)


def forget_old_links(at: datetime) -> None:
    """Forget the links that expired long ago, and that somebody was asked more than a year ago."""
    asking.forget_old(at)


def look_at_words(at: datetime) -> None:
    """Stop showing services whose words nobody has vouched for."""
    assurance.every_night(at)


def tell_stewards(at: datetime) -> None:
    """Tell the stewards of what providers propose, of pilots to be decided, and on Mondays of all that is stale."""
    waiting.tell(at)
    pilots.tell(at)
    stale.tell(at)


def remind_of_compliance(at: datetime) -> None:
    """Tell providers what runs out, and stewards what has."""
    compliance.remind(at)


def forget_who_asked(at: datetime) -> None:
    """Forget invitations and asks that are long over."""
    invitations.forget_old(at)
    joining.forget_old(at)


def do_import(payload: dict[str, Any]) -> None:
    """Do the next rows of an import."""
    batches.do_chunk(payload, at=timezone.now())


def forget_old_imports(at: datetime) -> None:
    """Forget imports after their time."""
    batches.forget_old(at)
