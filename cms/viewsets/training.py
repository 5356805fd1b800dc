"""Courses: their words are edited as drafts, read as a preview, and published. When, where and for how many, their sessions say."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, Select
from django.http import HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.forms import CourseForm
from cms.viewsets.directory import PUBLISHED, YES_OR_NO, ticked
from cms.viewsets.one_transaction import CreateCourse, EditEntry, UnpublishEntry
from training.models import Course, Level


class CourseFilterSet(WagtailFilterSet):
    live = django_filters.TypedChoiceFilter(label="Published", choices=YES_OR_NO, coerce=lambda told: told == "True")
    has_unpublished_changes = django_filters.TypedChoiceFilter(
        label="Has a draft", choices=YES_OR_NO, coerce=lambda told: told == "True"
    )
    level = django_filters.MultipleChoiceFilter(choices=Level.choices, widget=CheckboxSelectMultiple)

    class Meta:
        model = Course
        fields: list[str] = []


class CourseViewSet(SnippetViewSet):
    model = Course
    icon = "openquote"
    menu_label = "Courses"
    add_view_class = CreateCourse
    edit_view_class = EditEntry
    unpublish_view_class = UnpublishEntry
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 40
    ordering = ["title"]
    filterset_class = CourseFilterSet
    search_fields = ["title", "summary", "code"]
    list_export = ["title", "code", "level", "organization", "duration_minutes", "live"]
    list_display = [
        "title",
        Column("code", sort_key="code"),
        Column("level", accessor="get_level_display", sort_key="level"),
        Column("organization", sort_key="organization__name"),
        PUBLISHED,
        UpdatedAtColumn(),
    ]
    inspect_view_fields_exclude = ["id", "latest_revision", "live_revision"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("slug"),
            FieldRowPanel([FieldPanel("organization", widget=Select), FieldPanel("code")]),
            FieldRowPanel([FieldPanel("level"), FieldPanel("duration_minutes", heading="Minutes")]),
            FieldPanel("summary", widget=AdminAutoHeightTextInput),
            FieldPanel("for_whom"),
            ticked("audiences", heading="Which of these is it for?"),
            MultiFieldPanel(
                [FieldPanel("outcomes"), FieldPanel("parts", heading="What happens")], heading="What it holds"
            ),
            FieldPanel("prerequisites"),
            FieldPanel("content_note"),
            PublishingPanel(),
        ],
        base_form_class=CourseForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        return Course.objects.select_related("organization")
