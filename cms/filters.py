"""What may be asked of the lists of pages, in their addresses: read, checked and carried out by django-filter."""

from __future__ import annotations

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict

from cms.models import EventDate, ResourcePage
from directory import vocabularies

LONGEST = 80
MOST_WORDS = 8


class ResourceFilter(django_filters.FilterSet):
    """The parameters of the library. What is wrong is said beside its box, and does not narrow."""

    text = django_filters.CharFilter(label="Find in the library", method="with_words", max_length=LONGEST)
    topic = django_filters.ChoiceFilter(
        label="About", choices=lambda: vocabularies.choices("harm_type"), method="about", empty_label="Anything"
    )
    audience = django_filters.ChoiceFilter(
        label="For", choices=lambda: vocabularies.choices("training_audience"), method="for_whom", empty_label="Anybody"
    )

    class Meta:
        model = ResourcePage
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[ResourcePage]) -> None:
        super().__init__(data=data, queryset=queryset)

    def with_words(self, rows: QuerySet[ResourcePage], name: str, value: str) -> QuerySet[ResourcePage]:
        """Keep those that have every word in their title, standfirst or author."""
        for word in value.split()[:MOST_WORDS]:
            rows = rows.filter(Q(title__icontains=word) | Q(standfirst__icontains=word) | Q(author__icontains=word))
        return rows

    def about(self, rows: QuerySet[ResourcePage], name: str, value: str) -> QuerySet[ResourcePage]:
        return rows.filter(topics__taxonomy="harm_type", topics__code=value)

    def for_whom(self, rows: QuerySet[ResourcePage], name: str, value: str) -> QuerySet[ResourcePage]:
        """Keep what is for them, and what is for nobody in particular."""
        return rows.filter(Q(audiences__code=value) | Q(audiences__isnull=True)).distinct()


class EventFilter(django_filters.FilterSet):
    """The parameters of the list of events."""

    locality = django_filters.ChoiceFilter(
        label="Part of the city",
        choices=lambda: list(settings.CITY.localities.items()),
        method="in_locality",
        empty_label="Anywhere",
    )

    class Meta:
        model = EventDate
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[EventDate]) -> None:
        super().__init__(data=data, queryset=queryset)

    @property
    def chosen(self) -> str:
        """The part of the city that was asked for, or nothing."""
        self.form.is_valid()
        return str(self.form.cleaned_data.get("locality") or "")

    def in_locality(self, rows: QuerySet[EventDate], name: str, value: str) -> QuerySet[EventDate]:
        """Keep what is there, and what is for the whole city."""
        return rows.filter(Q(page__locality=value) | Q(page__locality=""))


class PageSearchForm(forms.Form):
    """One box, for the pages that stewards write."""

    text = forms.CharField(label="Find a page", max_length=LONGEST, required=False)


def turned(data: QueryDict, page: int) -> str:
    """Return the address of another page of the same list."""
    told = data.copy()
    told["page"] = str(page)
    return f"?{told.urlencode()}"
