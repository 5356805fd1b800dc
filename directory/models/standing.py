"""Whether an entry may be shown at all: one plain row beside each service and organization, outside every draft."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Standing(models.TextChoices):
    OPEN = "open", "Open"
    RESTRICTED = "restricted", "Restricted"  # shown, with care: see visibility
    SUSPENDED = "suspended", "Suspended"
    ARCHIVED = "archived", "Archived"


SHOWN = (Standing.OPEN, Standing.RESTRICTED)


class Visibility(models.TextChoices):
    PUBLIC = "public", "Everybody"
    PROFESSIONALS = "professionals", "Signed-in professionals"
    COORDINATORS = "coordinators", "Coordinators only"
    HIDDEN = "hidden", "Nobody: kept as a record"


class StandingRow(models.Model):
    """What publishing an old draft can never change: standing, audience, and when somebody last vouched for the entry."""

    standing = models.CharField(max_length=12, choices=Standing, default=Standing.OPEN)
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.PUBLIC)
    suspension_reason = models.TextField(blank=True, help_text="For stewards only; never shown to the provider.")
    assured_on = models.DateField(null=True, blank=True)
    assured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    next_assurance_due_on = models.DateField(null=True, blank=True)
    before_overdue = models.CharField(
        max_length=12,
        choices=[(Standing.OPEN, "Open"), (Standing.RESTRICTED, "Restricted")],
        blank=True,
        editable=False,
        help_text="What it was when it was suspended for nothing but age; empty otherwise.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before_overdue="") | models.Q(standing=Standing.SUSPENDED),
                name="%(class)s_remembers_while_suspended",
            )
        ]
