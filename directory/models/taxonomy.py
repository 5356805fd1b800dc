"""Vocabularies as Open Referral has them: a taxonomy has terms; codes are stable, labels are the stewards' to edit."""

from __future__ import annotations

from django.db import models


class Taxonomy(models.Model):
    """One vocabulary, such as harm types."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "taxonomies"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TaxonomyTerm(models.Model):
    """One word of a vocabulary. ``code`` is unique within it and never changes; ``label`` is plain English."""

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="terms")
    code = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    plain_label = models.CharField(max_length=120, blank=True, help_text="The label for a tired reader, if it differs.")
    abbreviation = models.CharField(max_length=12, blank=True)
    description = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)
    provenance = models.CharField(max_length=8, blank=True, help_text="S1, S2, R, K or D: see the data notes.")
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["taxonomy", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="term_code_is_unique_in_taxonomy")]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The words that a page uses."""
        return self.plain_label or self.label
