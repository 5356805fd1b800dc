"""What is done by the clock: one row for each job, with when it ran and how it ended."""

from __future__ import annotations

from django.db import models


class PeriodicJob(models.Model):
    """One job of the clock; the code that it runs is registered in `safekeeping.clock`."""

    name = models.CharField(max_length=60, primary_key=True)
    known_since = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name
