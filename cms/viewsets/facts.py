"""
Facts, live at once: where a service happens, whom it serves, when it is open, which words describe it, how it stands.

Places are not here: `directory.capacity` alone writes them, for whoever may say the number.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, Select, Textarea
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, UpdatedAtColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.forms import AreaForm, LocationForm, ScheduleForm, TermForm
from cms.viewsets.one_transaction import CreateFact, DeleteFact, EditFact
from cms.viewsets.plan import SaysWhatIsPlanned
from directory import assurance
from directory.models import (
    Location,
    OrganizationStanding,
    Schedule,
    ServiceArea,
    ServiceAtLocation,
    ServiceStanding,
    Standing,
    Taxonomy,
    TaxonomyTerm,
    Visibility,
)
from directory.models.standing import StandingRow

TICKED_STANDING = {
    "standing": django_filters.MultipleChoiceFilter(choices=Standing.choices, widget=CheckboxSelectMultiple),
    "visibility": django_filters.MultipleChoiceFilter(
        label="Seen by", choices=Visibility.choices, widget=CheckboxSelectMultiple
    ),
}


class Joined(generic.IndexView):
    """A list that fetches what its columns name in the same query."""

    joined: tuple[str, ...] = ()

    def get_base_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_base_queryset()
        return found.select_related(*self.joined)


def joining(*names: str) -> type[Joined]:
    """Return a list view that also fetches ``names``."""
    return type("Joining", (Joined,), {"joined": names})


class FactViewSet(ModelViewSet):
    """What all of them have in common."""

    add_view_class = CreateFact
    edit_view_class = EditFact
    delete_view_class = DeleteFact
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 40


class EditStanding(EditFact):
    """What a steward says of an entry's standing stands: the clock's own suspension is forgotten with it."""

    def save_instance(self) -> StandingRow:
        if {"standing", "suspension_reason"} & set(self.form.changed_data):
            assurance.by_hand(self.form.instance)
        saved: StandingRow = super().save_instance()
        return saved


class StandingFilterSet(WagtailFilterSet):
    standing = TICKED_STANDING["standing"]
    visibility = TICKED_STANDING["visibility"]


class ServiceStandingFilterSet(StandingFilterSet):
    class Meta:
        model = ServiceStanding
        fields: list[str] = []


class OrganizationStandingFilterSet(StandingFilterSet):
    class Meta:
        model = OrganizationStanding
        fields: list[str] = []


STANDING_COLUMNS = [
    Column("standing", accessor="get_standing_display", sort_key="standing"),
    Column("visibility", label="Seen by", accessor="get_visibility_display", sort_key="visibility"),
    Column("assured_on", label="Vouched for on", sort_key="assured_on"),
    Column("next_assurance_due_on", label="Due again on", sort_key="next_assurance_due_on"),
]
ASSURANCE = MultiFieldPanel(
    [FieldRowPanel([FieldPanel("assured_on"), FieldPanel("next_assurance_due_on")])], heading="Vouched for"
)
SUSPENSION = FieldPanel("suspension_reason", widget=Textarea(attrs={"rows": 3}))
NOTE = FieldPanel("note", widget=Textarea(attrs={"rows": 3}))


class ServiceStandingViewSet(FactViewSet):
    model = ServiceStanding
    edit_view_class = EditStanding
    name = "servicestanding"
    url_prefix = "directory/standing-of-services"
    icon = "view"
    menu_label = "Standing of services"
    filterset_class = ServiceStandingFilterSet
    index_view_class = joining("service")
    search_fields = ["service__name"]
    list_export = ["service", "standing", "visibility", "assured_on", "next_assurance_due_on"]
    list_display = [Column("service", sort_key="service__name"), *STANDING_COLUMNS]
    panels = [
        FieldPanel("service", read_only=True),
        FieldRowPanel([FieldPanel("standing"), FieldPanel("visibility")]),
        SUSPENSION,
        NOTE,
        ASSURANCE,
    ]


class OrganizationStandingViewSet(FactViewSet):
    model = OrganizationStanding
    edit_view_class = EditStanding
    name = "organizationstanding"
    url_prefix = "directory/standing-of-organizations"
    icon = "view"
    menu_label = "Standing of organizations"
    filterset_class = OrganizationStandingFilterSet
    index_view_class = joining("organization")
    search_fields = ["organization__name"]
    list_export = ["organization", "standing", "visibility", "assured_on", "next_assurance_due_on"]
    list_display = [Column("organization", sort_key="organization__name"), *STANDING_COLUMNS]
    panels = [
        FieldPanel("organization", read_only=True),
        FieldRowPanel([FieldPanel("standing"), FieldPanel("visibility")]),
        SUSPENSION,
        ASSURANCE,
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("information_sharing_agreed_on"), FieldPanel("information_sharing_expires_on")]
                )
            ],
            heading="Information sharing agreement",
        ),
        FieldPanel("compliance_due_on"),
    ]


class LocationViewSet(FactViewSet):
    model = Location
    name = "location"
    url_prefix = "directory/locations"
    icon = "site"
    menu_label = "Locations"
    list_filter = ["kind", "address_visibility"]
    index_view_class = joining("ward", "address")
    search_fields = ["name", "address__address_1", "address__postal_code"]
    list_export = ["name", "kind", "ward", "address_visibility"]
    list_display = [
        "name",
        Column("kind", accessor="get_kind_display", sort_key="kind"),
        Column("ward", sort_key="ward__name"),
        Column("address_visibility", label="What anybody may learn", accessor="get_address_visibility_display"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("organization", heading="Kept right by", widget=Select),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("address_visibility")]),
            MultiFieldPanel(
                [
                    FieldPanel("address_1"),
                    FieldPanel("address_2"),
                    FieldRowPanel([FieldPanel("city"), FieldPanel("postal_code")]),
                ],
                heading="Address",
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]), FieldPanel("ward")],
                heading="Where that is",
                help_text="Follows from the postcode. Change it only if the postcode's middle is not the door.",
            ),
            FieldPanel("access_needs", widget=CheckboxSelectMultiple),
            FieldPanel("bus_notes"),
            FieldPanel("notes_public"),
        ],
        base_form_class=LocationForm,
    )


class ServiceAtLocationViewSet(FactViewSet):
    model = ServiceAtLocation
    name = "serviceatlocation"
    url_prefix = "directory/services-at-locations"
    icon = "link"
    menu_label = "Where services happen"
    index_view_class = joining("service", "location")
    search_fields = ["service__name", "location__name"]
    list_export = ["service", "location", "description"]
    list_display = [
        Column("service", sort_key="service__name"),
        Column("location", sort_key="location__name"),
        "description",
    ]
    panels = [FieldPanel("service"), FieldPanel("location"), FieldPanel("description")]


class CreateArea(SaysWhatIsPlanned, CreateFact):
    pass


class EditArea(SaysWhatIsPlanned, EditFact):
    pass


class ServiceAreaViewSet(FactViewSet):
    model = ServiceArea
    name = "servicearea"
    url_prefix = "directory/areas-served"
    icon = "globe"
    menu_label = "Areas served"
    add_view_class = CreateArea
    edit_view_class = EditArea
    list_filter = ["extent", "locality"]
    index_view_class = joining("service", "locality", "ward")
    search_fields = ["service__name"]
    list_export = ["service", "extent", "locality", "ward"]
    list_display = [Column("service", sort_key="service__name"), Column("area", accessor=str)]
    edit_handler = ObjectList(
        [FieldPanel("service"), FieldPanel("extent"), FieldPanel("locality"), FieldPanel("ward")],
        base_form_class=AreaForm,
    )


class ScheduleViewSet(FactViewSet):
    model = Schedule
    name = "schedule"
    url_prefix = "directory/schedules"
    icon = "time"
    menu_label = "Regular times"
    index_view_class = joining("service", "at_location__location", "at_location__service")
    search_fields = ["service__name", "note"]
    list_export = [
        "service",
        "byday",
        "opens_at",
        "closes_at",
        "valid_from_on",
        "valid_to_on",
        "term_time_only",
        "note",
    ]
    list_display = [
        Column("service", sort_key="service__name"),
        Column("byday", label="Days"),
        Column("opens_at", label="From"),
        Column("closes_at", label="To"),
        "note",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("service"),
            FieldPanel("at_location"),
            FieldPanel("byday"),
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
            FieldRowPanel([FieldPanel("valid_from_on"), FieldPanel("valid_to_on")]),
            FieldPanel("term_time_only"),
            FieldPanel("note"),
        ],
        base_form_class=ScheduleForm,
    )


class TermFilterSet(WagtailFilterSet):
    taxonomy = django_filters.ModelChoiceFilter(label="Vocabulary", queryset=Taxonomy.objects.all())
    in_use = django_filters.BooleanFilter(label="In use")

    class Meta:
        model = TaxonomyTerm
        fields: list[str] = []


class TaxonomyTermViewSet(FactViewSet):
    model = TaxonomyTerm
    name = "taxonomyterm"
    url_prefix = "directory/words"
    icon = "tag"
    menu_label = "Vocabularies"
    filterset_class = TermFilterSet
    index_view_class = joining("taxonomy")
    search_fields = ["label", "plain_label", "code"]
    list_export = ["taxonomy.name", "code", "label", "plain_label", "in_use"]
    list_display = [
        "label",
        Column("plain_label", label="In plain words"),
        Column("taxonomy", accessor="taxonomy.name", sort_key="taxonomy__name"),
        Column("code", sort_key="code"),
        BooleanColumn("in_use", label="In use"),
        UpdatedAtColumn(),
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("taxonomy"), FieldPanel("code")]),
            FieldPanel("label"),
            FieldPanel("plain_label"),
            FieldPanel("abbreviation"),
            FieldPanel("description"),
            FieldPanel("parent"),
            FieldRowPanel([FieldPanel("position"), FieldPanel("in_use")]),
        ],
        base_form_class=TermForm,
    )
