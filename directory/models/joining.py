"""How people come in: somebody invites them, they ask for an account, or their organization applies."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from directory.models.membership import Membership, Role
from directory.models.organization import Organization
from directory.querysets import InvitationQuerySet


class Invitation(models.Model):
    """
    A role at an organization, offered to whoever reads the mail of that address; the link works once, and for a week.

    Of the secret in the link only a hash is kept. It is bound to the membership it was sent under, and dies with it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role)
    name = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="invitation_lives_for_a_while"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_is_lower_case"),
            models.UniqueConstraint(
                fields=["organization", "email", "role"],
                condition=Q(state="waiting"),
                name="one_invitation_waits_for_each_role",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Asked(models.Model):
    """What a stranger asks on a public page: it counts once its address is confirmed, and somebody then decides."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "Address not confirmed yet"
        WAITING = "waiting", "Waiting for a decision"
        ASKED_BACK = "asked_back", "A question was asked"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.UNCONFIRMED)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    job_title = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, unique=True)
    token_ends_at = models.DateTimeField()
    asked_from = models.CharField(max_length=32, help_text="A keyed hash of the network address: for the limit.")
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=600, blank=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class AccountRequest(Asked):
    """A professional asks for an account; whoever manages people at their organization decides, or else the stewards."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    organization_name = models.CharField(max_length=160, blank=True)
    why = models.CharField(max_length=600)

    class Meta(Asked.Meta):
        ordering = ["asked_at", "id"]


class OrganizationApplication(Asked):
    """An organization asks to be listed; stewards decide. ``items`` are what it says of its compliance, one dict for each."""

    organization_name = models.CharField(max_length=160)
    organization_type = models.ForeignKey("directory.TaxonomyTerm", on_delete=models.PROTECT, related_name="+")
    description = models.TextField(max_length=1500)
    website = models.URLField(blank=True)
    telephone = models.CharField(max_length=40)
    items = models.JSONField(default=list)
    organization = models.ForeignKey(Organization, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(Asked.Meta):
        ordering = ["asked_at", "id"]


class EmailDomain(models.Model):
    """A part behind the @ that an organization's work addresses end in."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(max_length=120)

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "domain"], name="domain_once_for_an_organization"),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="domain_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.domain
