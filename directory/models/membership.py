"""Who works for whom, as what, from when until when: the only source of what a person may do."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from directory.models.geography import Locality
from directory.models.organization import Organization
from directory.querysets import MembershipQuerySet


class Role(models.TextChoices):
    """What somebody does here (domain §3.16); a role exists in this list once some page is for it."""

    PROFESSIONAL = "professional", "Professional"
    SCHOOL_DSL = "school_dsl", "School safeguarding lead"
    PROVIDER_ADMIN = "provider_admin", "Provider manager"
    PROVIDER_WORKER = "provider_worker", "Provider worker"
    COORDINATOR = "coordinator", "Coordinator"
    PARTNERSHIP_TEAM = "partnership_team", "Partnership Team"
    CONTENT_EDITOR = "content_editor", "Directory steward"
    IG_OFFICER = "ig_officer", "Privacy officer"
    SYSADMIN = "sysadmin", "System administrator"


class Membership(models.Model):
    """One hat: a person in an organization in a role, for a time. A coordinator without localities sees none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    job_title = models.CharField(max_length=120, blank=True)
    localities = models.ManyToManyField(Locality, blank=True, related_name="+")
    citywide = models.BooleanField(default=False, help_text="A coordinator on city-wide duty; has an end date.")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    # A last day lasts until midnight; this ends it at once.
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user", "from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="membership_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organization}"
