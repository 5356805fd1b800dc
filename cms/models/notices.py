"""What has to be said beside the front door's number for a while: that its line is down, and what to do instead."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.validators import RegexValidator
from django.db import models

SHORT = 160  # characters: it stands above every page, on a telephone too


class SafetyNoticeQuerySet(models.QuerySet):
    def in_force(self, at: datetime) -> Self:
        """Return what is to be said at this moment, what was begun last first."""
        return self.filter(from_at__lte=at, until_at__gt=at).order_by("-from_at", "-pk")


class SafetyNotice(models.Model):
    """A sentence above every page from one moment to another. It has an end, so that nobody must remember to take it away."""

    text = models.CharField(
        max_length=SHORT, help_text="One or two short sentences. It stands above every page and never names anybody."
    )
    telephone = models.CharField(
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(r"^[0-9][0-9 ]{2,}\Z", "Enter a telephone number in figures, such as 0117 496 0000.")
        ],
        help_text="A number to call instead, if there is one. On a telephone it can be tapped.",
    )
    from_at = models.DateTimeField("shown from")
    until_at = models.DateTimeField("shown until", help_text="To switch it off now, delete it or enter the time now.")

    objects = SafetyNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-from_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="safety_notice_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def dial(self) -> str:
        """The number as a `tel:` link wants it."""
        return self.telephone.replace(" ", "")
