"""What may be asked in the finder's address: read and checked by django-filter, drawn from plain values by the template."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict

from directory import vocabularies
from directory.geo import Bounds
from directory.models import Service, Subject
from directory.schedules import DAYS
from search import aspects, legacy, maps
from search.finder import CITYWIDE, EVENINGS, MILES, NOW, USUAL_MILES, Terms
from search.queries import LAST_PAGE, USUAL_TIERS, Aspect, Counts, Criterion, Order, Tier

OLDEST = 25
ALL_TIERS = "all"
EXACTLY = "1"
OPENING_WORDS = {NOW: "Now", **{code: f"{day} evening" for code, day in zip(EVENINGS, DAYS, strict=True)}}
ON_A_MAP = "map"
TIER_WORDS = {
    Tier.FREE: "Free now",
    Tier.WAITING: "Waiting list open",
    Tier.UNCONFIRMED: "Not confirmed lately",
    Tier.CLOSED: "Full or paused",
}
SUBJECT_WORDS = {
    Subject.CHILD: "A child or young person",
    Subject.PARENT: "A parent or carer",
    Subject.CONTEXT: "A school, a group or a place",
    Subject.PROFESSIONAL: "Me or my team",
}
# The first few worries are shown, the rest behind "more".
FIRST_HARMS = ("knife_weapon", "cce", "cse", "missing", "unknown_efh")


def within_choices() -> list[tuple[str, str]]:
    """Return how far somebody may look, in miles."""
    near = [(str(one), f"Within {one} mile{'' if one == 1 else 's'}") for one in MILES]
    return [*near, (CITYWIDE, f"All of {settings.CITY.name}")]


def tier_choices() -> list[tuple[str, str]]:
    """Return the tiers of availability that may be asked for, and all of them together."""
    return [*((tier.value, words) for tier, words in TIER_WORDS.items()), (ALL_TIERS, "All")]


# `ServiceFilter` has a parameter of the name `type`
FormClass = type[forms.Form]


class AskedForm(forms.Form):
    """A form of what was asked alone: Django copies each field for each form, and most searches fill in two of twenty."""

    def __init__(self, data: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        asked = {name: field for name, field in type(self).base_fields.items() if name in data}
        self.base_fields = asked  # type: ignore[misc]  # Django copies them from here: of this form alone
        super().__init__(data, *args, **kwargs)


class WholeNumberFilter(django_filters.Filter):
    """django-filter's own number is a decimal one."""

    field_class = forms.IntegerField


class BoxField(forms.CharField):
    """A part of the map, as `search.maps.written` writes it into an address."""

    def clean(self, value: Any) -> Bounds | None:  # type: ignore[override]
        """
        Return the box, None where nothing was asked.

        :raises ValidationError: if it is no part of a map
        """
        text = super().clean(value)
        if not text:
            return None
        if (box := maps.box_from(text)) is None:
            raise ValidationError("We cannot show that part of the map. Look at the whole map again")
        return box


class BoxFilter(django_filters.Filter):
    """A part of the map."""

    field_class = BoxField


def aspect_filter(aspect: Aspect) -> django_filters.MultipleChoiceFilter:
    """Return the filter of one aspect: its parameter has the aspect's name, and comes once for each code."""
    return django_filters.MultipleChoiceFilter(
        label=aspects.LEGENDS[aspect], choices=functools.partial(aspects.choices, aspect)
    )


class ServiceFilter(django_filters.FilterSet):
    """The parameters of `/find/`. It checks them and gives `terms`; the search engine does the filtering."""

    text = django_filters.CharFilter(label="What would help?")
    place = django_filters.CharFilter(label="Where?")
    within = django_filters.ChoiceFilter(label="How far?", choices=within_choices)
    age = WholeNumberFilter(
        label="Child’s age",
        min_value=0,
        max_value=OLDEST,
        error_messages={
            "invalid": "Age must be a whole number, like 14",
            "min_value": f"Age must be between 0 and {OLDEST}",
            "max_value": f"Age must be between 0 and {OLDEST}",
        },
    )
    subject = django_filters.ChoiceFilter(label="For whom", choices=list(SUBJECT_WORDS.items()))
    harm = django_filters.MultipleChoiceFilter(label="Worry", choices=lambda: vocabularies.choices("harm_type"))
    availability = django_filters.MultipleChoiceFilter(label="Places", choices=tier_choices)
    level = django_filters.ChoiceFilter(
        label="Kind of help", choices=lambda: vocabularies.choices("intervention_level")
    )
    type = django_filters.ChoiceFilter(label="Kind of service", choices=lambda: vocabularies.choices("service_type"))
    composition = aspect_filter(Aspect.COMPOSITION)
    time = aspect_filter(Aspect.TIME)
    setting = aspect_filter(Aspect.SETTING)
    language = aspect_filter(Aspect.LANGUAGE)
    access = aspect_filter(Aspect.ACCESS)
    open = django_filters.ChoiceFilter(label="Open", choices=list(OPENING_WORDS.items()))
    sort = django_filters.ChoiceFilter(label="Order", choices=[(one.value, one.name) for one in Order])

    legacy = django_filters.CharFilter(label="Older programme", max_length=legacy.LONGEST)

    exact = django_filters.ChoiceFilter(label="Just these words", choices=[(EXACTLY, "Yes")])

    view = django_filters.ChoiceFilter(label="Show as", choices=[(ON_A_MAP, "A map")])
    box = BoxFilter(label="Part of the map")

    made_form_class: ClassVar[FormClass | None] = None

    class Meta:
        model = Service
        form = AskedForm
        fields: list[str] = []

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data=data, queryset=Service.objects.none())

    def get_form_class(self) -> FormClass:
        """Return the form's class, made once in each process; each form asks for its choices anew."""
        if ServiceFilter.made_form_class is None:
            ServiceFilter.made_form_class = super().get_form_class()
        return ServiceFilter.made_form_class

    def terms(self) -> Terms:
        """Return what was asked; what is wrong is left out."""
        asked = self.checked()
        tiers = frozenset(Tier(one) for one in asked.get("availability") or () if one != ALL_TIERS)
        if ALL_TIERS in (asked.get("availability") or ()):
            tiers = frozenset(Tier)
        within = asked.get("within") or str(USUAL_MILES)
        return Terms(
            text=asked.get("text") or "",
            place=asked.get("place") or "",
            within=None if within == CITYWIDE else int(within),
            age=asked.get("age"),
            subject=asked.get("subject") or "",
            harms=frozenset(asked.get("harm") or ()),
            tiers=tiers or USUAL_TIERS,
            level=asked.get("level") or "",
            service_type=asked.get("type") or "",
            aspects={one: frozenset(chosen) for one in Aspect if (chosen := asked.get(one.value))},
            open=asked.get("open") or "",
            order=Order(asked.get("sort") or Order.BEST),
            page=page_in(self.data),
            exact=asked.get("exact") == EXACTLY,
            legacy=asked.get("legacy") or "",
            box=asked.get("box"),
        )

    def checked(self) -> Mapping[str, Any]:
        self.form.is_valid()
        cleaned: Mapping[str, Any] = self.form.cleaned_data
        return cleaned


def page_in(data: Mapping[str, Any]) -> int:
    """Return the page's number; what is not one is the first, what is beyond the last is the last."""
    typed = str(data.get("page") or "1").strip()
    return min(max(1, int(typed)), LAST_PAGE) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 1


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet, ready to be drawn; ``count`` is how many services it would bring, None where not counted."""

    value: str
    label: str
    id: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of choices; ``more`` stand behind a summary that says ``more_words``."""

    name: str
    legend: str
    kind: str
    options: tuple[Option, ...]
    more: tuple[Option, ...] = ()
    more_words: str = ""
    more_open: bool = False
    error: str = ""


def facets(terms: Terms, errors: Mapping[str, list[str]], counts: Counts | None = None) -> list[Facet]:
    """Return every facet as plain values: sixty widgets would cost more than the search."""
    counted = counts or {}
    tiers = [(tier.value, words) for tier, words in TIER_WORDS.items()]
    harms = vocabularies.choices("harm_type")
    first = [pair for code in FIRST_HARMS for pair in harms if pair[0] == code]
    rest = [pair for pair in harms if pair not in first]
    if len(rest) < 3:
        first, rest = harms, []
    levels = [("", "Any"), *vocabularies.choices("intervention_level")]
    types = [("", "Any"), *vocabularies.choices("service_type")]
    harm, level, kind = (counted.get(one) for one in (Criterion.HARM, Criterion.LEVEL, Criterion.TYPE))
    return [
        facet("availability", "Places", "checkbox", tiers, {tier.value for tier in terms.tiers}, errors),
        facet(
            "harm", "Worry", "checkbox", first, terms.harms, errors, more=rest, more_words="More worries", counts=harm
        ),
        facet("open", "Open", "select", [("", "Any time"), *OPENING_WORDS.items()], {terms.open}, errors),
        facet("subject", "For whom", "radio", [("", "Anybody"), *SUBJECT_WORDS.items()], {terms.subject}, errors),
        *(
            one
            for aspect in Aspect
            if (one := aspect_facet(aspect, terms, errors, counted.get(Criterion(aspect.value)))) is not None
        ),
        facet("level", "Kind of help", "select", levels, {terms.level}, errors, counts=level),
        facet("type", "Kind of service", "select", types, {terms.service_type}, errors, counts=kind),
    ]


def aspect_facet(
    aspect: Aspect, terms: Terms, errors: Mapping[str, list[str]], counts: Mapping[str, int] | None
) -> Facet | None:
    """Return the facet of one aspect, folded behind its legend; None where no choice would bring anything."""
    chosen = terms.aspects.get(aspect, frozenset())
    offered = [pair for pair in aspects.choices(aspect) if counts is None or counts.get(pair[0]) or pair[0] in chosen]
    if not offered and aspect.value not in errors:
        return None
    legend = aspects.LEGENDS[aspect]
    return facet(aspect.value, legend, "folded", [], chosen, errors, more=offered, more_words=legend, counts=counts)


def facet(
    name: str,
    legend: str,
    kind: str,
    choices: list[tuple[str, str]],
    chosen: set[str] | frozenset[str],
    errors: Mapping[str, list[str]],
    *,
    more: list[tuple[str, str]] | None = None,
    more_words: str = "",
    counts: Mapping[str, int] | None = None,
) -> Facet:
    """Put one facet together."""

    def drawn(pairs: list[tuple[str, str]], first: int) -> tuple[Option, ...]:
        return tuple(
            Option(
                value,
                label,
                f"id_{name}" if not place else f"id_{name}-{place + 1}",
                value in chosen,
                None if counts is None or not value else counts.get(value, 0),
            )
            for place, (value, label) in enumerate(pairs, first)
        )

    behind = drawn(more or [], len(choices))
    return Facet(
        name=name,
        legend=legend,
        kind=kind,
        options=drawn(choices, 0),
        more=behind,
        more_words=more_words,
        more_open=any(option.chosen for option in behind) or name in errors,
        error=" ".join(errors.get(name, [])),
    )
