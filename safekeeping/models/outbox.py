"""What has to happen after a commit: written beside the change it follows from, delivered by the worker."""

from __future__ import annotations

from django.db import models


class OutboxState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DEAD = "dead", "Given up"
    WITHDRAWN = "withdrawn", "Withdrawn"


class OutboxRow(models.Model):
    """
    One message, or one piece of later work.

    `key` says what it is for and exists once: `event:object:recipient`. `lease` is the name of the worker that has it
    until `lease_until`; whoever comes after that may take it over.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=OutboxState, default=OutboxState.WAITING)
    put_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    blanked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_to_do",
                condition=models.Q(state__in=[OutboxState.WAITING, OutboxState.SENDING]),
            ),
            models.Index(fields=["state", "sent_at"], name="outbox_done"),
            models.Index(fields=["kind", "-id"], name="outbox_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=OutboxState.values), name="outbox_state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=OutboxState.SENT) | models.Q(sent_at__isnull=False),
                name="outbox_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"
