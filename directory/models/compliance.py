"""What an organization must have in order to be offered a child's place: a policy, an insurance, a registration, each with an end."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directory.models.organization import Organization


class ComplianceKind(models.TextChoices):
    SAFEGUARDING_POLICY = "safeguarding_policy", "Safeguarding policy"
    SAFER_RECRUITMENT_DBS = "safer_recruitment_dbs", "Safer recruitment and DBS checks"
    PUBLIC_LIABILITY = "public_liability", "Public liability insurance"
    EMPLOYERS_LIABILITY = "employers_liability", "Employers’ liability insurance"
    PROFESSIONAL_INDEMNITY = "professional_indemnity", "Professional indemnity insurance"
    DATA_PROTECTION_POLICY = "data_protection_policy", "Data protection policy"
    ICO_REGISTRATION = "ico_registration", "ICO registration"
    ISA = "isa", "Information-sharing agreement"
    EQUALITY_POLICY = "equality_policy", "Equality policy"
    LONE_WORKING_POLICY = "lone_working_policy", "Lone working policy"
    COMPLAINTS_POLICY = "complaints_policy", "Complaints policy"
    SECTION11_SELF_AUDIT = "section11_self_audit", "Section 11 self-audit"
    QUALITY_MARK = "quality_mark", "Quality mark"
    FIRST_AID = "first_aid", "First aid certificates"
    TRANSPORT_INSURANCE = "transport_insurance", "Insurance for transport"
    PREVENT_TRAINING = "prevent_training", "Prevent training"


class ComplianceItem(models.Model):
    """One of them, as the provider says it; it counts once a steward has seen it. The document itself is not kept here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="compliance_items")
    kind = models.CharField(max_length=30, choices=ComplianceKind)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField("runs out on")
    reference = models.CharField(
        max_length=200, blank=True, help_text="Policy number, insurer, or where the document can be read. No names."
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    verified_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "policy or insurance"
        verbose_name_plural = "policies and insurance"
        ordering = ["organization", "kind", "-expires_on", "id"]
        indexes = [models.Index(fields=["expires_on"], name="compliance_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="compliance_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_kind_display()}"
