"""Events: what takes place when, in which part of the city, and who invites. Nobody's coming is written down here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from cms.models.pages import ABOVE
from cms.models.words import WordsPage, panels

ON_A_PAGE = 20
MOST_UNDATED = 20


def localities() -> list[tuple[str, str]]:
    """Return the parts of the city, as its data names them."""
    return list(settings.CITY.localities.items())


class Registration(models.TextChoices):
    """How somebody comes."""

    NONE = "none", "Just come"
    OPEN = "open", "Tell the host first"


class EventsPage(WordsPage):
    """What is on, by date; what has no date yet stands below."""

    template = "cms/events_page.html"
    parent_page_types = ABOVE
    subpage_types = ["cms.EventPage"]
    content_panels = panels()

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms import calendar
        from cms.filters import EventFilter, turned

        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        filters = EventFilter(request.GET, calendar.to_come(at=at, below=self))
        page = Paginator(filters.qs, ON_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "form": filters.form,
            "narrowed": any(request.GET.get(name) for name in filters.base_filters),
            "found": page,
            "months": calendar.by_month(page.object_list),
            "undated": calendar.undated(below=self, locality=filters.chosen, at=at)[:MOST_UNDATED],
            "before": turned(request.GET, page.previous_page_number()) if page.has_previous() else "",
            "after": turned(request.GET, page.next_page_number()) if page.has_next() else "",
        }
        return context


class EventPage(WordsPage):
    """Something to come to: where, by whose invitation, and whether one has to say so first."""

    locality = models.CharField(
        "part of the city", max_length=40, blank=True, choices=localities, help_text="Leave empty for the whole city."
    )
    where = models.CharField(max_length=200, blank=True, help_text="The place, as somebody would find it.")
    host = models.ForeignKey(
        "directory.Organization",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who invites",
        help_text="If it is in the directory.",
    )
    host_words = models.CharField("who invites, in words", max_length=160, blank=True)
    registration = models.CharField(max_length=8, choices=Registration.choices, default=Registration.NONE)
    register_at = models.URLField("where to tell the host", max_length=400, blank=True)

    template = "cms/event_page.html"
    parent_page_types = ["cms.EventsPage"]
    subpage_types: list[str] = []
    content_panels = panels(
        InlinePanel("dates", label="Date", heading="When", help_text="None: the page says that dates are not set yet."),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("locality"), FieldPanel("where")]),
                FieldRowPanel([FieldPanel("host"), FieldPanel("host_words")]),
                FieldRowPanel([FieldPanel("registration"), FieldPanel("register_at")]),
            ],
            heading="Where, and who invites",
        ),
    )

    def clean(self) -> None:
        super().clean()
        if self.register_at and not self.register_at.startswith(("https://", "http://")):
            raise ValidationError({"register_at": "Enter an address that begins with https://"})

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        dates = list(self.dates.all())
        context["dates"] = sorted((one for one in dates if one.ends_at > at), key=lambda one: one.starts_at)
        context["over"] = bool(dates) and not context["dates"]
        context["host"] = self.shown_host()
        return context

    def shown_host(self) -> str:
        """Return who invites; an organization that may not be shown is not named."""
        from directory.models import Organization

        if self.host_id and Organization.objects.published().filter(pk=self.host_id).exists():
            return str(self.host.name)
        return self.host_words


class EventDate(Orderable):
    """From when to when it takes place once."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="dates")
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until")

    panels = [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])]

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
