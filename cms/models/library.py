"""A library of guidance: what there is to read, which version, from when, and whether somebody has looked at it lately."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from cms.models.pages import ABOVE
from cms.models.words import WordsPage, panels
from directory.models import TaxonomyTerm

ON_A_PAGE = 20


class LibraryPage(WordsPage):
    """The list of what there is to read, narrowed by words, topic and reader."""

    template = "cms/library_page.html"
    parent_page_types = ABOVE
    subpage_types = ["cms.ResourcePage"]
    content_panels = panels()

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.filters import ResourceFilter, turned

        context = super().get_context(request, *args, **kwargs)
        rows = ResourcePage.objects.child_of(self).live().public()
        filters = ResourceFilter(request.GET, rows)
        found = filters.qs.order_by("title", "pk").prefetch_related("topics", "audiences")
        page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
        today = timezone.localdate()
        for one in page.object_list:
            one.late = one.is_overdue(today)
        context |= {
            "form": filters.form,
            "narrowed": any(request.GET.get(name) for name in filters.base_filters),
            "found": page,
            "before": turned(request.GET, page.previous_page_number()) if page.has_previous() else "",
            "after": turned(request.GET, page.next_page_number()) if page.has_next() else "",
        }
        return context


class ResourcePage(WordsPage):
    """Something to read or to use: a link, a document, or the words on this page."""

    version = models.CharField(max_length=40, blank=True, help_text="As its author counts, like “3” or “January 2025”.")
    published_year = models.PositiveSmallIntegerField(
        "year of publication",
        null=True,
        blank=True,
        validators=[MinValueValidator(1980), MaxValueValidator(2100)],
    )
    author = models.CharField("who wrote it", max_length=160, blank=True)
    link = models.URLField(max_length=400, blank=True, help_text="Where it is, if it is on another site.")
    document = models.ForeignKey(
        "wagtaildocs.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The file, if it is ours to hand out.",
    )
    topics = ParentalManyToManyField(
        TaxonomyTerm, blank=True, related_name="+", limit_choices_to={"taxonomy": "harm_type"}
    )
    audiences = ParentalManyToManyField(
        TaxonomyTerm,
        blank=True,
        related_name="+",
        limit_choices_to={"taxonomy": "training_audience"},
        help_text="Nobody ticked: it is for everybody.",
    )

    template = "cms/resource_page.html"
    parent_page_types = ["cms.LibraryPage"]
    subpage_types: list[str] = []
    search_fields = [*WordsPage.search_fields, index.SearchField("author")]
    content_panels = panels(
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldRowPanel([FieldPanel("version"), FieldPanel("published_year")]),
                FieldPanel("link"),
                FieldPanel("document"),
            ],
            heading="What it is",
        ),
        MultiFieldPanel([FieldPanel("topics"), FieldPanel("audiences")], heading="What it is about, and for whom"),
    )

    def clean(self) -> None:
        super().clean()
        if self.link and not self.link.startswith(("https://", "http://")):
            raise ValidationError({"link": "Enter an address that begins with https://"})
