"""Addresses from which our letters come back: none goes there until somebody says that it works again."""

from __future__ import annotations

from django.db import models


class BouncingAddress(models.Model):
    """An address that a mail server has refused for good; ``code`` is what it said, such as "550"."""

    email = models.EmailField(unique=True)
    code = models.CharField(max_length=12, blank=True)
    bounced_at = models.DateTimeField()

    class Meta:
        ordering = ["bounced_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="bouncing_email_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
