"""Services in Open Referral's sense: what is offered, to whom, and how to ask. Words wait for a steward; places never do."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from directory.models.organization import Organization
from directory.models.standing import StandingRow
from directory.querysets import ServiceQuerySet


class Subject(models.TextChoices):
    """For whom or what a service works (domain: Service.subject)."""

    CHILD = "child", "A child or young person"
    PARENT = "parent", "A parent or carer"
    CONTEXT = "context", "A school, a group or a place"
    PROFESSIONAL = "professional", "A professional"
    ANY = "any", "Anybody"


class RequestMode(models.TextChoices):
    """How somebody gets it (domain: Service.request_mode)."""

    BROKER_ONLY = "broker_only", "Through a coordinator"
    DIRECT = "direct_to_provider", "You can ask them directly"
    SELF = "self_request", "Young people and parents can ask themselves"
    PANEL = "panel_only", "A panel chooses"
    INFORMATION = "information_only", "For information"
    OPEN_ACCESS = "open_access", "Drop in"


class CoAttendance(models.TextChoices):
    REQUIRED = "required", "Checked before a place is held"
    NOT_NEEDED = "not_needed", "Not needed"


def term(taxonomy: str, **options):  # noqa: ANN201 - a field
    """Return a reference to one word of ``taxonomy``."""
    return models.ForeignKey(
        "directory.TaxonomyTerm",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"taxonomy": taxonomy},
        **options,
    )


def terms(taxonomy: str, **options):  # noqa: ANN201 - a field
    """Return references to any number of words of ``taxonomy``; they travel in the draft."""
    return ParentalManyToManyField(
        "directory.TaxonomyTerm", related_name="+", limit_choices_to={"taxonomy": taxonomy}, blank=True, **options
    )


class Service(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """Something that an organization offers. `ServiceStanding` and the organization's say whether it may be shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=140, unique=True)
    service_type = term("service_type")
    intervention_level = term("intervention_level")
    subject = models.CharField(max_length=16, choices=Subject)
    request_mode = models.CharField(max_length=24, choices=RequestMode)

    summary = models.CharField(max_length=400, help_text="One or two plain sentences, 60 words at most.")
    what_happens = models.TextField(blank=True)
    what_we_do_not_do = models.TextField(blank=True)
    pattern = models.CharField(max_length=160, blank=True, help_text="For example: an afternoon a week.")
    response_time = models.CharField(max_length=120, blank=True)
    trauma_informed_statement = models.TextField(blank=True)
    rights_statement = models.TextField(blank=True)
    voice_statement = models.TextField(blank=True)
    evidence_note = models.TextField(blank=True, help_text="About the approach, not the provider.")
    evidence_source = models.URLField(blank=True)

    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(99)])
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(99)])
    duration_min_months = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    max_group_size = models.PositiveSmallIntegerField(null=True, blank=True)
    co_attendance_check = models.CharField(max_length=12, choices=CoAttendance, default=CoAttendance.NOT_NEEDED)
    travels_to_child = models.BooleanField(default=False)
    lived_experience_staff = models.BooleanField(default=False)
    safeguarding_statement = models.TextField(blank=True)

    harm_types = terms("harm_type")
    delivery_settings = terms("delivery_setting")
    group_compositions = terms("group_composition")
    time_availabilities = terms("time_availability")
    languages = terms("language")
    routes = terms("request_source")
    access_needs = terms("access_need")

    legacy_tags = models.CharField(max_length=120, blank=True)
    source_ref = models.CharField(max_length=40, blank=True)
    facts_as_at = models.DateField(null=True, blank=True)
    dated_note = models.CharField(max_length=240, blank=True, help_text="A figure or fact of its date, never current.")
    is_demo = models.BooleanField(default=False)

    pilot_from = models.DateField("pilot since", null=True, blank=True)
    pilot_decides_on = models.DateField("decided by", null=True, blank=True)
    pilot_question = models.CharField("what it is to find out", max_length=300, blank=True)
    pilot_finding = models.TextField("what was found", blank=True)
    pilot_successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="what came after it"
    )

    live = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="service",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="service",
        for_concrete_model=False,
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum_age__isnull=True)
                | models.Q(maximum_age__isnull=True)
                | models.Q(minimum_age__lte=models.F("maximum_age")),
                name="service_ages_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(duration_min_months__isnull=True)
                | models.Q(duration_max_months__isnull=True)
                | models.Q(duration_min_months__lte=models.F("duration_max_months")),
                name="service_durations_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(pilot_from__isnull=True)
                | models.Q(pilot_decides_on__isnull=True)
                | models.Q(pilot_from__lte=models.F("pilot_decides_on")),
                name="service_pilot_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_preview_template(self, request, mode_name):  # noqa: ANN201 - Wagtail's signature
        return "directory/service.html"

    def get_preview_context(self, request, mode_name):  # noqa: ANN201 - Wagtail's signature
        from directory.draft_page import context_of

        at = timezone.now()  # noqa: TID251 - Wagtail calls this as the preview's view
        return {"request": request, **context_of(self, at=at)}


class ServiceContact(models.Model):
    """How a professional reaches the people who run it; travels in the draft."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120, blank=True, help_text="A role rather than a person.")
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name or self.email or self.telephone


class EligibilityRule(models.Model):
    """
    One condition for a place; travels in the draft. Rules of one ``group`` are alternatives, groups must all hold.

    ``value`` by kind: ``risk_range`` ``{"minimum": "medium", "maximum": "high"}`` · ``sibling_of_eligible`` ``{}`` ·
    ``composition`` ``{"code": "girls_only"}`` · ``route`` ``{"codes": [...]}`` · ``panel_selected`` ``{}`` ·
    ``host_school`` ``{}`` · ``harm_type`` ``{"codes": [...]}``. Ages and areas have columns and rows of their own.
    """

    class Kind(models.TextChoices):
        RISK_RANGE = "risk_range", "Risk"
        SIBLING = "sibling_of_eligible", "Brother or sister of a child who is eligible"
        COMPOSITION = "composition", "Composition"
        ROUTE = "route", "Route"
        HARM_TYPE = "harm_type", "Harm"
        HOST_SCHOOL = "host_school", "On roll at a host school"
        PANEL = "panel_selected", "Selected by a panel"

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="eligibility_rules")
    kind = models.CharField(max_length=24, choices=Kind)
    group = models.PositiveSmallIntegerField(default=1)
    value = models.JSONField(default=dict, blank=True)
    hard = models.BooleanField(default=True)
    message = models.CharField(max_length=200, help_text="Said to whoever asks when the rule does not hold.")

    class Meta:
        ordering = ["group", "id"]

    def __str__(self) -> str:
        return self.message


class ServiceStanding(StandingRow):
    """The service's own standing, outside its drafts."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="standing")
    note = models.TextField(
        blank=True,
        verbose_name="note for stewards",
        help_text="Read here and nowhere else: on no page, in no search, in no export.",
    )

    def __str__(self) -> str:
        return f"{self.service}: {self.get_standing_display()}"
