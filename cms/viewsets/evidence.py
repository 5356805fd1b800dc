"""What is known about approaches: never deleted, so that a warning does not vanish with its row."""

from __future__ import annotations

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column

from cms.viewsets.facts import FactViewSet
from directory.models import EvidenceRating


class EvidenceRatingViewSet(FactViewSet):
    model = EvidenceRating
    name = "evidencerating"
    url_prefix = "directory/evidence"
    icon = "glasses"
    menu_label = "Evidence"
    list_export = ["approach", "code", "strand", "impact", "security", "cost", "as_at", "source_url", "to_be_checked"]
    list_filter = ["impact", "to_be_checked"]
    search_fields = ["approach", "note"]
    list_display = [
        "approach",
        Column("impact", accessor="get_impact_display", sort_key="impact"),
        Column("as_at", label="As at", sort_key="as_at"),
        BooleanColumn("to_be_checked", label="To be checked"),
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("approach"), FieldPanel("code")]),
            FieldPanel("strand"),
            FieldRowPanel([FieldPanel("impact"), FieldPanel("security"), FieldPanel("cost")]),
            FieldPanel("note"),
            FieldPanel("warning"),
            FieldRowPanel([FieldPanel("as_at"), FieldPanel("source_url")]),
            FieldPanel("to_be_checked"),
            FieldPanel("service_types", widget=CheckboxSelectMultiple),
            FieldPanel("services"),
        ]
    )
