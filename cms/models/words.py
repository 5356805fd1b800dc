"""What every page of words has: a standfirst, a body of blocks, when it was looked at last, and where its facts are from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import Body

# Addresses below the first page that are no pages (`cms.urls`).
TAKEN = frozenset({"search"})
MOST_BELOW = 60  # links to the pages below another


class WordsPage(Page):
    """A page of words; the kinds of page add what they are about."""

    standfirst = models.CharField(max_length=300, blank=True, help_text="One or two sentences under the title.")
    body = StreamField(Body(), blank=True)
    reviewed_on = models.DateField(null=True, blank=True, verbose_name="last reviewed on")
    review_due_on = models.DateField(null=True, blank=True, verbose_name="next review due on")
    source_ref = models.CharField(
        "reference of the source",
        max_length=40,
        blank=True,
        help_text="Codes of what this page stands for, with spaces between. Readers do not see them.",
    )
    facts_as_at = models.DateField(
        "facts as at",
        null=True,
        blank=True,
        help_text="If what it says was true at an earlier time and has not been confirmed since. Readers see the year.",
    )

    class Meta:
        abstract = True

    about_panels: list = []
    search_fields = [*Page.search_fields, index.SearchField("standfirst"), index.SearchField("body")]

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.slug in TAKEN:
            wrong["slug"] = "This address is taken. Choose another."
        if self.reviewed_on and self.review_due_on and self.review_due_on <= self.reviewed_on:
            wrong["review_due_on"] = "The next review must come after the last."
        if wrong:
            raise ValidationError(wrong)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        above = self.get_parent()
        context["above"] = above if above and above.depth > 1 and above.live else None
        context["below"] = self.get_children().live().public().in_menu()[:MOST_BELOW]
        context["overdue"] = self.is_overdue(timezone.localdate())
        return context

    def is_overdue(self, on: date) -> bool:
        """Tell whether the review that was promised has not taken place by then."""
        return self.review_due_on is not None and self.review_due_on < on


def panels(*about: Any) -> list[Any]:
    """Return the fields of an editor's page: the title, what this kind of page is about, the body, and what is known of its age."""
    return [
        *Page.content_panels,
        FieldPanel("standfirst"),
        *about,
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("review_due_on")]),
                FieldRowPanel([FieldPanel("facts_as_at"), FieldPanel("source_ref")]),
            ],
            heading="How old it is",
        ),
    ]
