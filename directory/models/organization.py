"""Organizations in Open Referral's sense: who runs services, employs professionals and answers offers."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from directory.models.standing import StandingRow
from directory.querysets import OrganizationQuerySet


class Organization(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """An organization, edited by stewards as a draft; `OrganizationStanding` says whether it may be shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=120, unique=True)
    organization_type = models.ForeignKey(
        "directory.TaxonomyTerm",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"taxonomy": "organization_type"},
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    description = models.TextField(blank=True)
    website = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    led_by = models.CharField(max_length=160, blank=True, help_text="For example: led by and for Somali families.")
    legacy_tags = models.CharField(max_length=120, blank=True, help_text="Older programme names, comma separated.")
    is_real = models.BooleanField(
        default=False, help_text="A real organization: its entry in this sample carries no invented figure."
    )
    is_demo = models.BooleanField(default=False)
    source_ref = models.CharField(max_length=40, blank=True)
    facts_as_at = models.DateField(null=True, blank=True)
    live = models.BooleanField(default=False, editable=False)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="organization",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="organization",
        for_concrete_model=False,
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_preview_template(self, request, mode_name):  # noqa: ANN201 - Wagtail's signature
        return "directory/organization_preview.html"


class OrganizationStanding(StandingRow):
    """The organization's standing; suspended means: nothing of theirs is shown, held or offered."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="standing")
    information_sharing_agreed_on = models.DateField(null=True, blank=True)
    information_sharing_expires_on = models.DateField(null=True, blank=True)
    compliance_due_on = models.DateField(
        null=True,
        blank=True,
        help_text="From this day on, nothing is offered to them while a required item is missing.",
    )

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_standing_display()}"
