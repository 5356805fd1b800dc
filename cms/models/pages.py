"""Pages of words for the public: who we are, what becomes of information, and whatever a steward writes beside them."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import Body


class ContentPage(Page):
    """A title, a standfirst, when it was last reviewed, and a body of blocks; pages of its own kind below it."""

    standfirst = models.CharField(max_length=300, blank=True, help_text="One or two sentences under the title.")
    body = StreamField(Body(), blank=True)
    reviewed_on = models.DateField(null=True, blank=True, verbose_name="last reviewed on")
    review_due_on = models.DateField(null=True, blank=True, verbose_name="next review due on")

    template = "cms/content_page.html"
    parent_page_types = ["wagtailcore.Page", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]
    search_fields: list = []  # services are found by the finder; these few pages are linked, not searched

    content_panels = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("reviewed_on"), FieldPanel("review_due_on")], heading="Review"),
    ]

    def get_context(self, request, *args, **kwargs):  # noqa: ANN201 - Wagtail's signature
        context = super().get_context(request, *args, **kwargs)
        above = self.get_parent()
        context["above"] = above if above and above.depth > 1 and above.live else None
        context["below"] = self.get_children().live().in_menu().specific()
        return context
