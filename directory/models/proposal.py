"""What a partner has written and the public does not see yet; which words need no steward; and when a service is closed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directory.models.location import AddressVisibility, Location, ServiceAtLocation
from directory.models.organization import Organization
from directory.models.service import Service


class ProposedWords(models.Model):
    """
    The words that a partner would have in place of those that are public: one row for each entry, until they are.

    ``words`` and ``before`` map a field to its value as `directory.words` holds it: what the partner wrote, and what stood
    there when they began. ``sent`` is what a steward was last given; ``sent_at`` is empty while nothing has been sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="proposed_words"
    )
    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="proposed_words"
    )
    words = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    sent = models.JSONField(default=dict)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, organization__isnull=True)
                | Q(service__isnull=True, organization__isnull=False),
                name="proposed_words_are_of_one_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"Words proposed for {self.service_id or self.organization_id}"


# Never published without a steward (INV-D4), whatever anybody sets: whom it is for, how somebody comes to it, what keeps
# children safe, and by what it is known.
ALWAYS_WAITS = (
    "service.name",
    "service.service_type",
    "service.intervention_level",
    "service.subject",
    "service.minimum_age",
    "service.maximum_age",
    "service.harm_types",
    "service.group_compositions",
    "service.max_group_size",
    "service.co_attendance_check",
    "service.eligibility_rules",
    "service.request_mode",
    "service.routes",
    "service.safeguarding_statement",
    "organization.name",
)


class LiveAtOnce(models.Model):
    """A field whose words a partner may publish without a steward; what has no row here waits."""

    field = models.CharField(max_length=60, unique=True)
    because = models.CharField("why no steward is needed", max_length=200, blank=True)

    class Meta:
        verbose_name = "field that needs no steward"
        verbose_name_plural = "fields that need no steward"
        ordering = ["field"]
        constraints = [
            models.CheckConstraint(condition=~Q(field__in=ALWAYS_WAITS), name="live_at_once_is_nothing_of_inv_d4")
        ]

    def __str__(self) -> str:
        return self.field


class ChangeProposal(models.Model):
    """How much of an address anybody may learn, as a partner would have it: waits for a steward, who applies it (INV-D4)."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Not approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="proposals")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    was = models.CharField(max_length=24, choices=AddressVisibility)
    becomes = models.CharField("would become", max_length=24, choices=AddressVisibility)
    because = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "address to show or hide"
        verbose_name_plural = "addresses to show or hide"
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["location"], condition=Q(state="waiting"), name="one_proposal_waits_for_a_location"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="a_refused_proposal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.location}: {self.get_becomes_display()}"


class Closure(models.Model):
    """Days on which a service does not happen, first and last included: at one of its places, or nowhere at all."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="closures")
    at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="closures"
    )
    from_on = models.DateField("first day closed")
    until_on = models.DateField("last day closed")
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="closure_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: closed {self.from_on} to {self.until_on}"
