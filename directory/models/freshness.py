"""Asking a provider whether its figures are still right: each asking is a row, and so is each link that was sent with it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from directory.models.capacity import CapacityPool
from directory.models.membership import Membership
from directory.models.organization import Organization
from directory.querysets import ConfirmationLinkQuerySet


class Asking(models.Model):
    """
    One e-mail to a provider about all its figures that were due.

    ``number`` counts an organization's askings: two clocks that come at once want the same number, and one of them gets it.
    ``step`` is 0 for the first e-mail of a round, 1 and 2 for the two that follow if nobody answers; ``begun_at`` is when
    the round began.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="askings")
    number = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    pools = models.ManyToManyField(CapacityPool, related_name="askings")

    class Meta:
        ordering = ["organization", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="asking_happens_once"),
            models.CheckConstraint(condition=Q(asked_at__gte=F("begun_at")), name="asking_follows_its_beginning"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.number}"


class ConfirmationLink(models.Model):
    """
    What whoever holds the link may do: confirm, change or pause the figures that were asked about, until it expires (E43).

    Of the secret in the link only a hash is kept. It is bound to the membership of the person it was sent to, and dies
    with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asking = models.ForeignKey(Asking, on_delete=models.CASCADE, related_name="links")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmationLinkQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["expires_at"], name="link_expiry")]
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="link_lives_for_a_while")]

    def __str__(self) -> str:
        return str(self.pk)
