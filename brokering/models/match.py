"""What was found for a child at one moment and why, as a coordinator saw it; never rewritten."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from brokering.models.request import PlacementRequest
from brokering.querysets import DeskQuerySet, ResultQuerySet, WriteOnceQuerySet
from directory.models import CapacityPool, Service
from safekeeping.scoping import ClosedManager


class MatchRun(models.Model):
    """One look at everything there is, for one request."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    shown_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    inputs_hash = models.CharField(max_length=64)
    order = models.JSONField(default=list)
    fitting = models.PositiveSmallIntegerField()
    nearly = models.PositiveSmallIntegerField()
    considered = models.PositiveSmallIntegerField()

    objects = ClosedManager.from_queryset(WriteOnceQuerySet)()

    class Meta:
        ordering = ["-at", "-ref"]
        indexes = [models.Index(fields=["request", "-at"], name="run_request_at")]


class MatchResult(models.Model):
    """One service in a run: whether it fits, where it stands, every reason for and against."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(CapacityPool, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    fits = models.BooleanField()
    nearly = models.BooleanField()
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    would_change = models.CharField(max_length=160, blank=True)
    availability = models.CharField(max_length=24)
    availability_words = models.CharField(max_length=120)
    free = models.PositiveIntegerField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = ClosedManager.from_queryset(ResultQuerySet)()

    class Meta:
        ordering = ["run", models.F("rank").asc(nulls_last=True), "id"]
        constraints = [models.UniqueConstraint(fields=["run", "service"], name="service_is_once_in_a_run")]


class CoAttendanceCheck(models.Model):
    """Somebody looked whether a conflict with others who attend is known; the answer only, never who with."""

    class Result(models.TextChoices):
        CLEAR = "clear", "None known"
        CONFLICT_FOUND = "conflict_found", "There is one"

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=16, choices=Result)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(DeskQuerySet)()

    class Meta:
        ordering = ["-at", "-ref"]


class UnmetNeed(models.Model):
    """Nothing fitted: what was missing, for commissioners. It belongs to no request and to no child."""

    at = models.DateTimeField()
    locality = models.CharField(max_length=40, blank=True)
    age_band = models.CharField(max_length=10)
    primary_harm = models.CharField(max_length=40)
    wanted = models.JSONField(default=list)
    obstacles = models.JSONField(default=dict)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.primary_harm} {self.at:%Y-%m-%d}"
