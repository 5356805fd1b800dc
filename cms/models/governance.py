"""What the work answers to: reviews with their recommendations, plans with their priorities, meetings, principles."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import Points
from cms.models.pages import ABOVE
from cms.models.words import WordsPage, panels
from cms.page_forms import PRACTICE_REVIEW, SAY_HOW, GovernanceForm


class Kind(models.TextChoices):
    """What sort of thing it is."""

    PRACTICE_REVIEW = PRACTICE_REVIEW, "Practice review"
    STRATEGY = "strategy", "Strategy or plan"
    FRAMEWORK = "framework", "Framework"
    MEETING = "meeting", "Meeting"
    PRINCIPLES = "principles", "Principles"
    PARTNERSHIP = "partnership", "Partnership"
    MEASURES = "measures", "What is measured"


def says_too_little(page: GovernancePage) -> bool:
    """Tell whether it is a practice review that does not say how families and young people took part."""
    return page.kind == Kind.PRACTICE_REVIEW and not page.involvement_statement.strip()


class GovernancePage(WordsPage):
    """One review, plan, meeting or set of principles, with its recommendations or priorities."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    began_on = models.CharField(
        "when", max_length=60, blank=True, help_text="As its source says it, like “2025 to 2030”."
    )
    points_heading = models.CharField("heading of the points", max_length=80, blank=True)
    points = StreamField(Points(), blank=True, verbose_name="recommendations or priorities")
    involvement_statement = models.TextField(
        "how families and young people took part",
        blank=True,
        help_text="A practice review cannot be published without it.",
    )

    base_form_class = GovernanceForm
    template = "cms/governance_page.html"
    parent_page_types = ABOVE
    subpage_types = ["cms.GovernancePage"]
    content_panels = [
        *panels(FieldRowPanel([FieldPanel("kind"), FieldPanel("began_on")])),
        FieldPanel("points_heading"),
        FieldPanel("points"),
        FieldPanel("involvement_statement"),
    ]

    def clean(self) -> None:
        super().clean()
        # A page that is being made counts as live until it is saved as a draft: that it is not published so, its form sees to.
        if self.pk and self.live and says_too_little(self):
            raise ValidationError({"involvement_statement": SAY_HOW})

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        served = {one.value["serves"].pk for one in self.points if one.value["serves"]}
        shown = Page.objects.live().public().filter(pk__in=served) if served else Page.objects.none()
        context["shown_pages"] = set(shown.values_list("pk", flat=True))
        return context
