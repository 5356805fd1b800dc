"""What may be asked of the list of sessions, in its address: read, checked and carried out by django-filter."""

from __future__ import annotations

from datetime import datetime

import django_filters
from django.db.models import Q
from django.http import QueryDict

from directory import vocabularies
from safekeeping.forms import Checkboxes
from training.models import CourseSession, Level
from training.querysets import CourseSessionQuerySet

ROOM, ONLINE, WITH_SEATS = "room", "online", "left"
LONGEST = 80


class SessionFilter(django_filters.FilterSet):
    """The parameters of `/training/`. What is wrong is said beside its box, and does not narrow."""

    text = django_filters.CharFilter(label="Find a course", method="with_words", max_length=LONGEST)
    how = django_filters.MultipleChoiceFilter(
        label="How",
        choices=[(ROOM, "In a room"), (ONLINE, "Online, live")],
        widget=Checkboxes,
        method="how_it_is_held",
    )
    level = django_filters.MultipleChoiceFilter(
        label="How deep", field_name="course__level", choices=Level.choices, widget=Checkboxes
    )
    audience = django_filters.ChoiceFilter(
        label="For",
        choices=lambda: vocabularies.choices("training_audience"),
        method="for_audience",
        empty_label="Anybody",
    )
    seats = django_filters.MultipleChoiceFilter(
        label="Seats", choices=[(WITH_SEATS, "Only with seats left")], widget=Checkboxes, method="with_seats"
    )

    class Meta:
        model = CourseSession
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: CourseSessionQuerySet, *, at: datetime) -> None:
        super().__init__(data=data, queryset=queryset)
        self.at = at

    def with_words(self, rows: CourseSessionQuerySet, name: str, value: str) -> CourseSessionQuerySet:
        """Keep the courses whose title or summary has every word."""
        for word in value.split():
            rows = rows.filter(Q(course__title__icontains=word) | Q(course__summary__icontains=word))
        return rows

    def how_it_is_held(self, rows: CourseSessionQuerySet, name: str, value: list[str]) -> CourseSessionQuerySet:
        return rows.filter(online=value == [ONLINE]) if len(set(value)) == 1 else rows

    def for_audience(self, rows: CourseSessionQuerySet, name: str, value: str) -> CourseSessionQuerySet:
        """Keep what is for them, and what is for nobody in particular."""
        return rows.filter(Q(course__audiences__code=value) | Q(course__audiences__isnull=True)).distinct()

    def with_seats(self, rows: CourseSessionQuerySet, name: str, value: list[str]) -> CourseSessionQuerySet:
        return rows.bookable(self.at).with_a_seat_left() if value else rows
