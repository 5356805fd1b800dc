"""Imports: one batch per file, one row per line of it, so that what was done is known, resumed and undone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from directory.models.service import Service


class ImportBatch(models.Model):
    """A file that a steward has brought: looked at first, applied when they say so, undone if they wish."""

    class State(models.TextChoices):
        LOOKED_AT = "looked_at", "Looked at, nothing changed yet"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    columns = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State, default=State.LOOKED_AT)
    publish = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    looked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-looked_at", "id"]
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One line: what it says (``cells``), how the entry was (``before``) and how it was left (``after``), by column."""

    class Verdict(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        ERROR = "error", "Error"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        LEFT = "left", "Left as it is"
        UNDONE = "undone", "Undone"
        KEPT = "kept", "Not undone"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    cells = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["batch", "number"]
        indexes = [models.Index(fields=["batch", "verdict", "state"], name="import_row_of_batch")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_is_once_in_a_batch")]

    def __str__(self) -> str:
        return f"Row {self.number}"
