"""Services and organizations: their words are edited as drafts, read as a preview, and published by a steward."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, Select
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.panels import TabbedInterface as Tabs
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn, UpdatedAtColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.forms import OrganizationForm, ServiceForm
from cms.viewsets.one_transaction import (
    CollectDecision,
    CreateEntry,
    DecideOnEntry,
    EditEntry,
    EditService,
    UnpublishEntry,
)
from cms.viewsets.plan import PlanPanel
from cms.viewsets.proposals import ProposalPanel
from directory.models import Organization, Service, Standing, TaxonomyTerm, Visibility

YES_OR_NO = ((True, "Yes"), (False, "No"))


def standing_shown(entry: Service | Organization) -> str:
    """Return the standing in words, with who may see the entry when that is not everybody."""
    standing = getattr(entry, "standing", None)
    if standing is None:
        return "None: not shown"
    seen = "" if standing.visibility == Visibility.PUBLIC else f", {standing.get_visibility_display().lower()}"
    return f"{standing.get_standing_display()}{seen}"


def standing_url(entry: Service | Organization) -> str | None:
    """Return where the standing of the entry is changed."""
    standing = getattr(entry, "standing", None)
    return reverse(f"{type(standing).__name__.lower()}:edit", args=[standing.pk]) if standing else None


def published(entry: Service | Organization) -> str:
    """Return what the public sees of the entry's words; Wagtail's own column would ask three questions a row."""
    if not entry.live:
        return "Draft"
    return "Published, with a newer draft" if entry.has_unpublished_changes else "Published"


PUBLISHED = StatusTagColumn(
    "live", label="Published", accessor=published, primary=lambda entry: entry.live, sort_key="live"
)


def words_of(taxonomy: str) -> QuerySet[TaxonomyTerm]:
    """Return the words of one vocabulary."""
    return TaxonomyTerm.objects.filter(taxonomy=taxonomy)


class ServiceFilterSet(WagtailFilterSet):
    live = django_filters.TypedChoiceFilter(label="Published", choices=YES_OR_NO, coerce=lambda told: told == "True")
    has_unpublished_changes = django_filters.TypedChoiceFilter(
        label="Has a draft", choices=YES_OR_NO, coerce=lambda told: told == "True"
    )
    standing__standing = django_filters.MultipleChoiceFilter(
        label="Standing", choices=Standing.choices, widget=CheckboxSelectMultiple
    )
    standing__visibility = django_filters.MultipleChoiceFilter(
        label="Seen by", choices=Visibility.choices, widget=CheckboxSelectMultiple
    )
    organization = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    service_type = django_filters.ModelChoiceFilter(queryset=lambda request: words_of("service_type"))

    class Meta:
        model = Service
        fields: list[str] = []


class OrganizationFilterSet(WagtailFilterSet):
    live = django_filters.TypedChoiceFilter(label="Published", choices=YES_OR_NO, coerce=lambda told: told == "True")
    standing__standing = django_filters.MultipleChoiceFilter(
        label="Standing", choices=Standing.choices, widget=CheckboxSelectMultiple
    )
    organization_type = django_filters.ModelChoiceFilter(queryset=lambda request: words_of("organization_type"))

    class Meta:
        model = Organization
        fields: list[str] = []


class EntryViewSet(SnippetViewSet):
    """What services and organizations have in common."""

    add_view_class = CreateEntry
    edit_view_class = EditEntry
    unpublish_view_class = UnpublishEntry
    workflow_action_view_class = DecideOnEntry
    collect_workflow_action_data_view_class = CollectDecision
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 40
    ordering = ["name"]


def ticked(name: str, **options: Any) -> FieldPanel:
    """Return the panel of a vocabulary as a list of boxes to tick."""
    return FieldPanel(name, widget=CheckboxSelectMultiple, **options)


class ServiceViewSet(EntryViewSet):
    model = Service
    edit_view_class = EditService
    icon = "group"
    menu_label = "Services"
    filterset_class = ServiceFilterSet
    search_fields = ["name", "summary", "organization__name", "source_ref"]
    list_display = [
        "name",
        Column("organization", sort_key="organization__name"),
        PUBLISHED,
        TitleColumn("standing", label="Standing", accessor=standing_shown, get_url=standing_url),
        UpdatedAtColumn(),
    ]
    list_export = [
        "name", "organization", "service_type", "live", "standing.standing", "standing.visibility", "standing.assured_on",
        "standing.next_assurance_due_on", "facts_as_at", "source_ref",
    ]  # fmt: skip
    inspect_view_fields_exclude = ["id", "locked_at", "locked_by", "latest_revision", "live_revision"]
    edit_handler = Tabs(
        [
            ObjectList(
                [
                    ProposalPanel(),
                    PlanPanel(),
                    FieldPanel("name"),
                    FieldPanel("slug"),
                    FieldPanel("organization", widget=Select),
                    FieldPanel("summary", widget=AdminAutoHeightTextInput),
                    FieldPanel("what_happens"),
                    FieldPanel("what_we_do_not_do"),
                    FieldRowPanel([FieldPanel("pattern"), FieldPanel("response_time")]),
                    MultiFieldPanel(
                        [FieldPanel("facts_as_at", heading="Date"), FieldPanel("dated_note")],
                        heading="What is only true of its date",
                    ),
                ],
                heading="What it is",
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("service_type"), FieldPanel("intervention_level")]),
                    FieldPanel("subject", heading="Works with"),
                    FieldRowPanel(
                        [FieldPanel("minimum_age", heading="From"), FieldPanel("maximum_age", heading="To")],
                        heading="Age",
                    ),
                    FieldRowPanel(
                        [
                            FieldPanel("duration_min_months", heading="At least"),
                            FieldPanel("duration_max_months", heading="At most"),
                        ],
                        heading="How many months",
                    ),
                    ticked("harm_types", heading="Worries"),
                    ticked("group_compositions"),
                    FieldPanel("max_group_size", heading="Largest group"),
                    FieldPanel("co_attendance_check", heading="Is it checked who else comes?"),
                    InlinePanel(
                        "eligibility_rules",
                        label="Rule",
                        heading="Further conditions",
                        help_text="Rules with the same group number are alternatives; every group must hold.",
                        panels=[
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("group"), FieldPanel("hard")]),
                            FieldPanel("value"),
                            FieldPanel("message"),
                        ],
                    ),
                ],
                heading="Who it is for",
            ),
            ObjectList(
                [
                    FieldPanel("request_mode", heading="How somebody gets it"),
                    ticked("routes", heading="Who may ask"),
                    InlinePanel(
                        "contacts",
                        label="Contact",
                        heading="Contacts",
                        panels=[FieldPanel("name"), FieldRowPanel([FieldPanel("email"), FieldPanel("telephone")])],
                    ),
                ],
                heading="How to ask",
            ),
            ObjectList(
                [
                    ticked("delivery_settings"),
                    ticked("time_availabilities"),
                    ticked("languages"),
                    ticked("access_needs"),
                    FieldPanel("travels_to_child"),
                    FieldPanel("lived_experience_staff"),
                ],
                heading="Where and how",
            ),
            ObjectList(
                [
                    FieldPanel("safeguarding_statement"),
                    FieldPanel("rights_statement"),
                    FieldPanel("voice_statement"),
                    FieldPanel("trauma_informed_statement"),
                    FieldPanel("evidence_note"),
                    FieldPanel("evidence_source"),
                ],
                heading="Promises and evidence",
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("pilot_from"), FieldPanel("pilot_decides_on")]),
                    FieldPanel("pilot_question", widget=AdminAutoHeightTextInput),
                    FieldPanel("pilot_finding"),
                    FieldPanel("pilot_successor", widget=Select),
                ],
                heading="Pilot",
            ),
            ObjectList(
                [PublishingPanel(), FieldRowPanel([FieldPanel("legacy_tags"), FieldPanel("source_ref")])],
                heading="Record",
            ),
        ],
        base_form_class=ServiceForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        return Service.objects.select_related("organization", "standing", "service_type")


class OrganizationViewSet(EntryViewSet):
    model = Organization
    icon = "home"
    menu_label = "Organizations"
    filterset_class = OrganizationFilterSet
    search_fields = ["name", "description", "source_ref"]
    list_display = [
        "name",
        Column("organization_type", label="Kind", sort_key="organization_type__label"),
        PUBLISHED,
        TitleColumn("standing", label="Standing", accessor=standing_shown, get_url=standing_url),
        UpdatedAtColumn(),
    ]
    list_export = [
        "name",
        "organization_type",
        "parent",
        "live",
        "website",
        "email",
        "telephone",
        "facts_as_at",
        "source_ref",
    ]
    inspect_view_fields_exclude = ["id", "locked_at", "locked_by", "latest_revision", "live_revision"]
    edit_handler = ObjectList(
        [
            ProposalPanel(),
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldRowPanel([FieldPanel("organization_type"), FieldPanel("parent")]),
            FieldPanel("description"),
            FieldPanel("led_by"),
            MultiFieldPanel(
                [FieldPanel("website"), FieldRowPanel([FieldPanel("email"), FieldPanel("telephone")])],
                heading="How to reach them",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("is_real"),
                    FieldPanel("facts_as_at"),
                    FieldRowPanel([FieldPanel("legacy_tags"), FieldPanel("source_ref")]),
                ],
                heading="Record",
            ),
            PublishingPanel(),
        ],
        base_form_class=OrganizationForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return Organization.objects.select_related("organization_type", "standing", "parent")
