"""What is due for confirmation, who is asked and how often, so that a figure never grows old unnoticed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from directory import notifications
from directory.availability import Figures
from directory.models import COUNTED, CapacityPool

# Asked on the day, two and five days later; after seven the coordinators are told (domain §3.6, all [D]).
ASK_AFTER = (timedelta(0), timedelta(days=2), timedelta(days=5))
TELL_COORDINATORS_AFTER = timedelta(days=7)
SOON = timedelta(days=1)


class Freshness(StrEnum):
    FRESH = "fresh"
    DUE = "due"
    LATE = "late"


def freshness_of(pool: Figures, *, at: datetime) -> Freshness:
    """Say whether the pool's figure is good, due within a day, or too old to be believed."""
    if pool.confirmed_until is None or pool.confirmed_until < at:
        return Freshness.LATE
    return Freshness.DUE if pool.confirmed_until < at + SOON else Freshness.FRESH


def ask_for_what_is_due(at: datetime) -> int:
    """
    Ask every provider whose figures are due, each once a step; return how many mails were put into the outbox.

    Safe to run at any time and twice: the outbox's key is the pool, the date it was due and the step.
    """
    asked = 0
    due = (
        CapacityPool.objects.open_now()
        .not_over(at)
        .filter(model__in=COUNTED, confirmed_until__lte=at)
        .select_related("organization")
        .order_by("organization_id", "name", "pk")
    )
    for pool in due:
        assert pool.confirmed_until is not None  # asked for in the query
        late = at - pool.confirmed_until
        step = sum(1 for after in ASK_AFTER if late >= after) - 1
        with transaction.atomic():
            asked += notifications.ask_provider_to_confirm(pool, step=step, at=at)
            if late >= TELL_COORDINATORS_AFTER:
                asked += notifications.tell_coordinators_of_silence(pool, at=at)
    return asked
