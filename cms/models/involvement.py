"""Ways for young people and residents to take part. None of them is a service: nobody is referred, offered or placed here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms.models.pages import ABOVE
from cms.models.words import WordsPage, panels

MOST = 60


class GetInvolvedPage(WordsPage):
    """What one can take part in, what is open first."""

    template = "cms/get_involved_page.html"
    parent_page_types = ABOVE
    subpage_types = ["cms.OpportunityPage"]
    content_panels = panels()

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        today = timezone.localdate()
        rows = OpportunityPage.objects.child_of(self).live().public()
        context["open"] = rows.exclude(closes_on__lt=today).order_by(F("closes_on").asc(nulls_last=True), "title")[
            :MOST
        ]
        context["closed"] = rows.filter(closes_on__lt=today).order_by("-closes_on", "title")[:MOST]
        return context


class OpportunityPage(WordsPage):
    """A role that somebody can apply for with whoever runs it; who applies is never kept here."""

    places = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    paid = models.BooleanField(default=False, help_text="Tick it if those who do it are paid for it.")
    provider = models.ForeignKey(
        "directory.Organization",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who runs it",
        help_text="If it is in the directory.",
    )
    provider_words = models.CharField("who runs it, in words", max_length=160, blank=True)
    apply_at = models.URLField(
        "where to apply", max_length=400, blank=True, help_text="With whoever runs it. Nobody applies on this site."
    )
    closes_on = models.DateField("last day to apply", null=True, blank=True)

    template = "cms/opportunity_page.html"
    parent_page_types = ["cms.GetInvolvedPage"]
    subpage_types: list[str] = []
    content_panels = panels(
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("places"), FieldPanel("paid")]),
                FieldRowPanel([FieldPanel("minimum_age"), FieldPanel("maximum_age")]),
            ],
            heading="For whom",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("provider"), FieldPanel("provider_words")]),
                FieldRowPanel([FieldPanel("apply_at"), FieldPanel("closes_on")]),
            ],
            heading="How to apply",
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                name="opportunity_ages_are_in_order",
            )
        ]

    def clean(self) -> None:
        super().clean()
        wrong = {}
        if self.minimum_age is not None and self.maximum_age is not None and self.maximum_age < self.minimum_age:
            wrong["maximum_age"] = "The oldest cannot be younger than the youngest."
        if self.apply_at and not self.apply_at.startswith(("https://", "http://")):
            wrong["apply_at"] = "Enter an address that begins with https://"
        if wrong:
            raise ValidationError(wrong)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["is_closed"] = self.is_closed(timezone.localdate())
        context["provider"] = self.shown_provider()
        return context

    def is_closed(self, on: date) -> bool:
        """Tell whether the last day to apply has passed."""
        return self.closes_on is not None and self.closes_on < on

    def shown_provider(self) -> str:
        """Return who runs it; an organization that may not be shown is not named."""
        from directory.models import Organization

        if self.provider_id and Organization.objects.published().filter(pk=self.provider_id).exists():
            return str(self.provider.name)
        return self.provider_words
