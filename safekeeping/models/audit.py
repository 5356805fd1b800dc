"""The audit trail: what was seen and done, by whom and when; never a name, never a text, never a value."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """
    One thing that somebody saw or did.

    People and hats are kept by id without a foreign key: the trail outlives the account. The database refuses to change
    or delete a row (safekeeping.append_only); only `safekeeping.audit` writes one.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    hat = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    organization = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_ref = models.CharField(max_length=80, blank=True)
    fields = models.CharField(max_length=1000, blank=True)
    outcome = models.CharField(max_length=20)
    reason = models.CharField(max_length=80, blank=True)
    ip_hash = models.CharField(max_length=32, blank=True)
    session_hash = models.CharField(max_length=32, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    prev = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["object_type", "object_ref", "seq"], name="audit_by_object"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]


class AuditHead(models.Model):
    """Where the chain of events ends: one row, taken last in every transaction that writes to the trail."""

    chain = models.UUIDField(default=uuid.uuid4, editable=False)
    seq = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head")]
