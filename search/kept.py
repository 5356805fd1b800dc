"""
The few things that the finder keeps: what somebody asked to be told about, how often nothing was found, and how many e-mails left.

None of it holds what was typed into a search, a whole postcode, or who looked for what. A shortlist is not here at all:
it lives in its reader's browser (`search.shortlist`).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from directory.models import Membership


class SavedSearch(models.Model):
    """
    What somebody wants to hear of, under one hat: facets and an area.

    ``facets`` are parameters of the finder's address in one fixed order; ``place`` is a ward, a neighbourhood or a wider
    area by its name. ``known`` holds the ids of what has a place now and is no news any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=60)
    facets = models.CharField(max_length=400, blank=True)
    place = models.CharField(max_length=80, blank=True)
    known = models.JSONField(default=list)
    saved_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["saved_at", "pk"]
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(fields=["membership", "facets", "place"], name="saved_search_once"),
            models.CheckConstraint(condition=~Q(facets="", place=""), name="saved_search_asks_something"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MissKind(models.TextChoices):
    """How a search came to nothing."""

    NOTHING = "nothing", "Nothing fits"
    NO_PLACE = "no_place", "Something fits, and has no place free"


class SearchMiss(models.Model):
    """How many searches of one week asked for the same facets in the same area, and came to nothing."""

    week = models.DateField(help_text="Its Monday.")
    kind = models.CharField(max_length=8, choices=MissKind)
    facets = models.CharField(max_length=300)
    times = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "search misses"
        constraints = [
            models.UniqueConstraint(fields=["week", "kind", "facets"], name="search_miss_once"),
            models.CheckConstraint(condition=Q(kind__in=["nothing", "no_place"]), name="search_miss_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.week}"


class EntrySent(models.Model):
    """That an entry was sent by e-mail: marks of from where and to whom, to count them by, for a day."""

    sender = models.CharField(max_length=32)
    recipient = models.CharField(max_length=32)
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries sent"
        indexes = [models.Index(fields=["sent_at"], name="entry_sent_at")]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d}"
