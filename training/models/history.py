"""One row for every move of a state: what it was and became, who did it, when. Only `training.lifecycle` writes them."""

from __future__ import annotations

from django.db import models


class History(models.Model):
    """People and organizations by id, without a foreign key: history stays when an account goes."""

    number = models.PositiveIntegerField()
    was = models.CharField(max_length=24, blank=True)
    became = models.CharField(max_length=24)
    reason = models.CharField(max_length=40, blank=True)
    by_person = models.BigIntegerField(null=True)
    by_role = models.CharField(max_length=20, blank=True)
    by_organization = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["number"]
