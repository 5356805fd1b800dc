"""Asking a provider whether its figures are still right: each asking is a row, and so is each link that was sent with it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directory.models.capacity import CapacityPool
from directory.models.membership import Membership
from directory.models.organization import Organization
from directory.models.service import Service
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
    services = models.ManyToManyField(Service, related_name="askings", help_text="Whose words were asked about.")
    about_organization = models.BooleanField(default=False, help_text="Whether its own words were asked about.")

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


class Doubt(models.Model):
    """
    A provider said that the words about a service, or about itself where ``service`` is empty, are not right any more.

    It stays open until somebody vouches for the words again; one at a time for each entry.
    """

    class Wish(models.TextChoices):
        CHANGE = "change", "They will change them"
        RING = "ring", "Please ring them"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="doubts")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="doubts")
    wish = models.CharField(max_length=8, choices=Wish)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["said_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(settled_at__isnull=True), name="one_open_doubt_a_service"
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(settled_at__isnull=True, service__isnull=True),
                name="one_open_doubt_an_organization",
            ),
            models.CheckConstraint(condition=Q(wish__in=["change", "ring"]), name="doubt_wish_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LetterKind(models.TextChoices):
    """The kinds of e-mail that somebody can do without; every other kind has to reach them."""

    DUE = "due", "Numbers and words to check"
    DIGEST = "digest", "What is stale, once a week"
    ANSWERS = "answers", "Answers to what you proposed"
    WAITING = "waiting", "What providers have proposed, once a day"


class LetterSwitchedOff(models.Model):
    """Under this hat, the person does not want e-mails of this kind."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="switched_off")
    kind = models.CharField(max_length=12, choices=LetterKind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "kind"], name="letter_switched_off_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["due", "digest", "answers", "waiting"]), name="letter_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.kind}"
