"""What readers tell us: something on a page is wrong, or a service is missing. Never about a person."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from directory.models.organization import Organization
from directory.models.service import Service
from safekeeping.lives import History
from safekeeping.sealed import SealedTextField


class ReportKind(models.TextChoices):
    WRONG = "wrong", "Something is wrong"
    MISSING = "missing", "A service is missing"


class ReportState(models.TextChoices):
    NEW = "new", "Nobody has looked yet"
    LOOKING = "looking", "We are looking at it"
    FIXED = "fixed", "Put right"
    UNCHANGED = "unchanged", "Looked at, and left as it is"


ANSWERED = (ReportState.FIXED, ReportState.UNCHANGED)


class WhatIsWrong(models.TextChoices):
    """What a report is about, as its form asks; a page without facts of a service has the last four."""

    CONTACT = "contact", "A telephone number, an e-mail address or a link"
    WHERE = "where", "Where it is"
    WHEN = "when", "Days and times"
    ROOM = "room", "Whether there is room"
    WHO = "who", "Who it is for, or how to ask"
    GONE = "gone", "It is not there any more"
    WORDS = "words", "What the page says"
    HARD = "hard", "It is hard to read or to use"
    OTHER = "other", "Something else"


class Report(models.Model):
    """
    One report. ``ref`` is random, and opens the page that says what became of it: whoever has it may read that.

    ``address`` is where the answer goes, if an answer was asked for; ``sender`` stands for the network address it came
    from, only as long as it is counted. ``page`` is the path of a page without a service. ``answer`` is the sentence for
    whoever reported.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ReportKind)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="reports")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="reports")
    page = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=10, choices=WhatIsWrong, blank=True)
    name = models.CharField(max_length=120, blank=True)
    reach = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    address = SealedTextField(null=True, blank=True)
    sender = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.NEW)
    state_since = models.DateTimeField()
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent_at", "ref"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="reports_to_look_at"),
            models.Index(fields=["sender", "sent_at"], name="reports_by_sender"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=True) | Q(organization__isnull=True), name="report_is_about_one_entry"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_at__isnull=False) | ~Q(state__in=ANSWERED) & Q(answer=""),
                name="report_is_answered_at_its_end",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class ReportHistory(History):
    """One row for every move of a report's state."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="history")

    class Meta(History.Meta):
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_moves_one_at_a_time")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.number}"
