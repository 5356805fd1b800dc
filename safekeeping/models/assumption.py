"""What was decided about a judgement: one row for each change, the latest wins, none is ever rewritten."""

from __future__ import annotations

from django.db import models


class AssumptionChange(models.Model):
    """
    One change of one assumption. ``value`` is empty where somebody went back to the default.

    ``number`` counts the changes of a key: two people who change the same one at once want the same number, and one gets it.
    """

    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    value = models.TextField(blank=True)
    reason = models.TextField()
    by_person = models.BigIntegerField(null=True)
    by_role = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "number"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="assumption_changes_one_at_a_time")]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"
