"""What is known about an approach, such as mentoring: never about whoever offers it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from directory.models.service import Service


class EvidenceRating(models.Model):
    """One approach with what studies say of it; ``security`` is how sure one can be (0 to 5), ``cost`` a band (1 to 3)."""

    class Impact(models.TextChoices):
        HIGH = "high", "High"
        MODERATE = "moderate", "Moderate"
        LOW = "low", "Low"
        NONE = "no_effect", "No effect found"
        HARMFUL = "harmful", "Can cause harm"
        INSUFFICIENT = "insufficient", "Not enough evidence"
        NOT_RATED = "not_rated", "Not rated"

    code = models.SlugField(max_length=60, unique=True)
    approach = models.CharField(max_length=120)
    strand = models.CharField(max_length=120, blank=True, help_text="The part of the toolkit that it stands in.")
    impact = models.CharField(max_length=12, choices=Impact, default=Impact.NOT_RATED)
    security = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(5)], help_text="How sure one can be: 0 to 5."
    )
    cost = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text="For each participant: 1 under £500, 2 to £1,500, 3 above.",
    )
    note = models.TextField(blank=True, help_text="In plain words, about the approach.")
    warning = models.TextField(blank=True, help_text="Shown first and in bold wherever the approach is used.")
    as_at = models.DateField(null=True, blank=True)
    source_url = models.URLField(blank=True)
    to_be_checked = models.BooleanField(default=False, help_text="Not yet compared with its source.")
    service_types = models.ManyToManyField(
        "directory.TaxonomyTerm", related_name="+", blank=True, limit_choices_to={"taxonomy": "service_type"}
    )
    services = models.ManyToManyField(
        Service, related_name="evidence_ratings", blank=True, help_text="Services of another kind that work this way."
    )

    class Meta:
        ordering = ["approach", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(impact="harmful") | ~models.Q(warning=""),
                name="evidence_of_harm_comes_with_a_warning",
            ),
            models.CheckConstraint(
                condition=models.Q(security__isnull=True) | models.Q(security__lte=5), name="evidence_security_0_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | models.Q(cost__gte=1, cost__lte=3), name="evidence_cost_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return self.approach
