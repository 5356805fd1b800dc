"""What safekeeping does by the clock: takes a time, is safe to run twice."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from safekeeping import audit, bounces, clock, invariants, outbox, sessions
from safekeeping.models import Session

log = logging.getLogger(__name__)


def register() -> None:
    """Enter safekeeping's own jobs."""
    night = {"every": timedelta(days=1), "late_after": timedelta(hours=30)}
    clock.job("prove the audit trail", run=audit.prove, daily_at=time(2, 10), **night)
    clock.job("check invariants", run=check_invariants, daily_at=time(2, 30), **night)
    clock.job("blank old messages", every=timedelta(hours=6), late_after=timedelta(hours=24), run=outbox.blank_old)
    clock.job("forget returned letters", run=bounces.forget_old, daily_at=time(3, 20), **night)
    clock.job("clear ended sessions", every=timedelta(hours=6), late_after=timedelta(hours=24), run=clear_sessions)


def check_invariants(at: datetime) -> None:
    """
    Prove every invariant.

    :raises InvariantBroken: if one does not hold; the log says which
    """
    names = set()
    for name, difference in invariants.broken():
        log.error("invariant broken: %s: %s", name, difference)
        names.add(name)
    if names:
        raise invariants.InvariantBroken(", ".join(sorted(names)))


def clear_sessions(at: datetime) -> None:
    """Delete the sessions that have ended, once no form can come back to them."""
    Session.objects.filter(expire_date__lt=at - sessions.KEPT_AFTER_EXPIRY).delete()
