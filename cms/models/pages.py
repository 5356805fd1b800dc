"""Pages of words for the public: who we are, what becomes of information, and whatever a steward writes beside them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import Body, Steps
from cms.models.words import WordsPage, panels
from search.home import HomeWords, Step, doors

# What may stand below a page that holds others together; and where such pages stand.
BELOW = [
    "cms.ContentPage",
    "cms.SectionPage",
    "cms.ArticlePage",
    "cms.LibraryPage",
    "cms.EventsPage",
    "cms.GetInvolvedPage",
    "cms.GovernancePage",
]
ABOVE = ["cms.ContentPage", "cms.SectionPage"]


class ContentPage(WordsPage):
    """A title, a standfirst and a body; pages of any kind below it."""

    template = "cms/content_page.html"
    parent_page_types = ["wagtailcore.Page", *ABOVE]
    subpage_types = BELOW
    content_panels = panels()


class SectionPage(WordsPage):
    """A page that leads to the pages below it, each with its standfirst."""

    template = "cms/section_page.html"
    parent_page_types = ABOVE
    subpage_types = BELOW
    content_panels = panels()

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["below"] = context["below"].specific()
        return context


class ArticlePage(WordsPage):
    """Something that is told once, on a day: news, a story of how something went."""

    told_on = models.DateField("date", help_text="The day on which it is told.")

    template = "cms/article_page.html"
    parent_page_types = ABOVE
    subpage_types: list[str] = []
    content_panels = panels(FieldPanel("told_on"))


class HomePage(Page):
    """
    The words around the search box on the first page of the site; what is left empty is said as the software says it.

    The box, the ways in, the sentence about children's names and whom to call are no words of a steward's: they stay.
    """

    heading = models.CharField(max_length=80, blank=True, help_text="A short question above the search box.")
    lead = models.CharField(max_length=240, blank=True, help_text="What can be found here, in one sentence.")
    steps_heading = models.CharField("heading of the steps", max_length=80, blank=True)
    steps = StreamField(Steps(), blank=True, help_text="What happens when somebody asks: two to four steps.")
    promise_heading = models.CharField("heading about dated figures", max_length=80, blank=True)
    promise = models.CharField("sentences about dated figures", max_length=400, blank=True)
    body = StreamField(Body(), blank=True, help_text="Anything else, below the rest.")

    parent_page_types = ["wagtailcore.Page"]
    subpage_types: list[str] = []
    max_count = 1
    search_fields: list = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("heading"), FieldPanel("lead")], heading="Around the search box"),
        MultiFieldPanel([FieldPanel("steps_heading"), FieldPanel("steps")], heading="What happens when you ask"),
        MultiFieldPanel([FieldPanel("promise_heading"), FieldPanel("promise")], heading="Every place is dated"),
        FieldPanel("body"),
    ]
    promote_panels: list = []

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Say that its address is the site's first, wherever it stands in the tree."""
        from wagtail.models import Site

        site = Site.objects.filter(is_default_site=True).first()
        return (site.pk, site.root_url, "/") if site else None

    def words(self) -> HomeWords:
        """Return what it says, for the view that draws the first page."""
        return HomeWords(
            heading=self.heading,
            lead=self.lead,
            steps_heading=self.steps_heading,
            steps=tuple(Step(one.value["title"], one.value["words"]) for one in self.steps),
            promise_heading=self.promise_heading,
            promise=self.promise,
            blocks=tuple(self.body),
        )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draw the first page with these words: a preview is what the public gets."""
        hat = getattr(request, "hat", None)
        return render(request, "search/home.html", {"doors": doors(hat), "words": self.words().completed()})
