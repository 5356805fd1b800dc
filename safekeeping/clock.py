"""
The clock: the one table of what is done by time.

An app enters its jobs in `AppConfig.ready`; `manage.py clock` runs what is due. Every job is safe to run twice, because
a clock that dies in the middle of one leaves it to the next; two clocks at once run a job once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, Q

from safekeeping.models import PeriodicJob
from safekeeping.owed import Owed

log = logging.getLogger(__name__)

LONGEST_LEASE = timedelta(hours=1)
FIRST_RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Job:
    """What to run how often, and from when on its silence is a fault."""

    name: str
    every: timedelta
    late_after: timedelta
    run: Callable[[datetime], object]
    daily_at: time | None = None

    @property
    def lease(self) -> timedelta:
        """How long a clock may be busy with it before another one takes over."""
        return min(self.late_after, LONGEST_LEASE)

    def next_after(self, at: datetime) -> datetime:
        """Return when the job is due next: after `every`, or at the next `daily_at` by the wall clock."""
        if self.daily_at is None:
            return at + self.every
        here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        today = here.replace(hour=self.daily_at.hour, minute=self.daily_at.minute, second=0, microsecond=0)
        return today if today > here else today + timedelta(days=1)


JOBS: dict[str, Job] = {}
owed = Owed()


def job(
    name: str,
    *,
    every: timedelta,
    late_after: timedelta,
    run: Callable[[datetime], object],
    daily_at: time | None = None,
) -> None:
    """
    Enter a job: ``run(at)`` every so often, or once a day at ``daily_at`` (local wall time).

    :raises ImproperlyConfigured: if another one has that name, or would be late before it is due
    """
    if late_after <= every:
        raise ImproperlyConfigured(f"job {name!r} would be late before it is due")
    if name in JOBS:
        raise ImproperlyConfigured(f"two jobs are called {name!r}")
    JOBS[name] = Job(name=name, every=every, late_after=late_after, run=run, daily_at=daily_at)


def enter(at: datetime) -> None:
    """Make the rows of jobs that are new, due at once (or at their hour), and drop those of jobs that are no more."""
    PeriodicJob.objects.bulk_create(
        [
            PeriodicJob(name=one.name, known_since=at, due_at=at if one.daily_at is None else one.next_after(at))
            for one in JOBS.values()
        ],
        ignore_conflicts=True,
    )
    PeriodicJob.objects.exclude(name__in=JOBS).delete()


def run_due(*, now: Callable[[], datetime], until: Callable[[], bool] = lambda: False) -> list[str]:
    """Run every job that is due and free; return their names. What fails is noted and tried again."""
    owed.settle()
    ran = []
    due = PeriodicJob.objects.filter(due_at__lte=now(), name__in=JOBS).order_by("due_at", "name")
    for name in list(due.values_list("name", flat=True)):
        if until():
            break
        if run_one(JOBS[name], now=now):
            ran.append(name)
    return ran


def run_one(one: Job, *, now: Callable[[], datetime]) -> bool:
    """Run the job if it is due and free; tell whether this clock got it."""
    at = now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    row = PeriodicJob.objects.filter(free, pk=one.name, due_at__lte=at)
    if not row.update(lease_until=at + one.lease, started_at=at):
        return False
    mine = PeriodicJob.objects.filter(pk=one.name, lease_until=at + one.lease, started_at=at)
    try:
        one.run(at)
    except Exception as trouble:  # one job's fault is not the others'
        name = type(trouble).__name__[:100]
        log.error("job %s failed: %s", one.name, name)
        soon = at + min(one.every, FIRST_RETRY)
        owed.write(mine, lease_until=None, due_at=soon, failed_at=now(), failures=F("failures") + 1, last_error=name)
    else:
        owed.write(mine, lease_until=None, due_at=one.next_after(at), finished_at=now(), failures=0, last_error="")
    return True


def late(*, at: datetime, installed_at: datetime | None = None) -> list[str]:
    """Return the jobs that have not ended well for too long; ``installed_at`` counts for those that never ran."""
    rows = PeriodicJob.objects.in_bulk(list(JOBS))
    found = []
    for one in JOBS.values():
        row = rows.get(one.name)
        last = (row.finished_at or row.known_since) if row else installed_at
        if last is not None and at - last > one.late_after:
            found.append(one.name)
    return sorted(found)
