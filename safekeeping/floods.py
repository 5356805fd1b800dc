"""
Guards against whoever would use us to flood somebody, or us: how much is taken from one sender, for one address, in all.

What is counted are the rows that are kept anyway. A sender is known by a mark that is another one each day, so that
nobody is followed from day to day.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from safekeeping.working_time import LONDON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# No day is shorter, not even the one of 23 hours in spring.
HALF_A_DAY = DAY / 2


class TooMany(Exception):
    """So much came that this was not taken."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many within a span of time, and no more."""

    most: int
    within: timedelta

    def reached(self, *rows: QuerySet[Any], at: datetime, counted_by: str = "sent_at") -> bool:
        """Say whether there are as many of these rows, all kinds together; ``counted_by`` is the column with their moment."""
        lately = {f"{counted_by}__gt": at - self.within}
        return sum(one.filter(**lately).count() for one in rows) >= self.most

    def marks_of(self, sender: str, *, at: datetime) -> set[str]:
        """Return what a sender is known by within the span: at midnight the mark is another one, and the span goes on."""
        half_days = range(-(-self.within // HALF_A_DAY) + 1)
        return {mark_of(sender, at=at - min(number * HALF_A_DAY, self.within)) for number in half_days}


def mark_of(sender: str, *, at: datetime) -> str:
    """Return 32 hexadecimal digits that stand for a sender, such as a network address, on the day of ``at`` in London."""
    day = f"{at.astimezone(LONDON):%Y-%m-%d}"
    return hmac.new(settings.AUDIT_KEY, f"sender:{day}:{sender}".encode(), hashlib.sha256).hexdigest()[:32]
