"""The forms in which a partner says where and when: regular times, closures, where a service happens, and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory

from directory import geocoding, words
from directory.models import Address, AddressVisibility, Closure, Location, Schedule, ServiceAtLocation
from directory.postcodes import PostcodesNotLoaded
from directory.schedules import CODES, DAYS
from directory.words import Values
from directory.words_forms import TermsField, longest, smooth, terms_for, too_long
from safekeeping.forms import DatePartsField

MOST_ROWS = 20
EVERYWHERE = ""
CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 2000, 2100
Known = Iterable[tuple[str, str]]


class HourField(forms.CharField):
    """A time of day as people write it: 4pm, 16:30, 9.15am."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=20, **options)

    def clean(self, value: Any) -> time | None:  # type: ignore[override]
        """
        Return the time, None if nothing was entered.

        :raises ValidationError: if it is no time
        """
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = CLOCK.fullmatch(text)
        hour, minute, half = (int(found[1]), int(found[2] or 0), (found[3] or "").lower()) if found else (99, 0, "")
        if half and not 1 <= hour <= 12:
            hour = 99
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour > 23 or minute > 59:
            raise ValidationError("Enter a time, like 4.30pm or 16:30")
        return time(hour, minute)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


class DayField(DatePartsField):
    """A day of these years."""

    def clean(self, value: Any) -> date | None:
        """
        Return the day, None if none was entered and none is needed.

        :raises ValidationError: if it is no day, or so far off that it was meant otherwise
        """
        found = super().clean(value)
        if found and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(f"The year must be {FIRST_YEAR} to {LAST_YEAR}", params={"parts": ("year",)})
        return found


class AtField(forms.ChoiceField):
    """At which of the places of the service, or wherever it happens."""

    def __init__(self) -> None:
        super().__init__(label="Where", required=False)


class RowForm(forms.Form):
    """A row that can be about one place of the service."""

    def __init__(self, *args: Any, places: Known = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["at"].choices = [(EVERYWHERE, "Wherever it happens"), *places]  # type: ignore[attr-defined]


def in_order(form: forms.Form, first: str, last: str) -> None:
    """Say so where the last day comes before the first."""
    since, until = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if since and until and since > until:
        form.add_error(last, "The last day must not be before the first")


class TimesForm(RowForm):
    """One line of the week."""

    days = forms.MultipleChoiceField(
        label="Days",
        choices=list(zip(CODES, DAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day"},
    )
    opens = HourField(label="From", help_text="For example, 4pm")
    closes = HourField(label="To", help_text="For example, 6.30pm")
    at = AtField()
    term = forms.BooleanField(label="In term time only", required=False)
    since = DayField(label="First day, if it has not begun", required=False)
    until = DayField(label="Last day, if it ends", required=False)
    note = forms.CharField(
        label="Anything else", required=False, max_length=longest(Schedule, "note"), error_messages=too_long(160)
    )
    remove = forms.BooleanField(label="Take this line away", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("remove"):
            return told
        opens, closes = told.get("opens"), told.get("closes")
        if closes and not opens and "opens" not in self.errors:
            self.add_error("opens", "Enter when it opens, like 4pm")
        if opens and opens == closes:
            self.add_error("closes", "It must close at another time than it opens")
        in_order(self, "since", "until")
        return told

    def row(self) -> Values:
        """Return the line as `directory.facts` takes it."""
        told = self.cleaned_data
        return {
            "at_location_id": told["at"] or None,
            "byday": ",".join(day for day in CODES if day in told["days"]),
            "opens_at": told["opens"],
            "closes_at": told["closes"],
            "valid_from_on": told["since"],
            "valid_to_on": told["until"],
            "term_time_only": told["term"],
            "note": told["note"],
        }

    @staticmethod
    def initial_of(row: Mapping[str, Any]) -> Values:
        """Return what the form shows of a line."""
        return {
            "days": row["byday"].split(","),
            "opens": row["opens_at"],
            "closes": row["closes_at"],
            "at": str(row["at_location_id"] or EVERYWHERE),
            "term": row["term_time_only"],
            "since": row["valid_from_on"],
            "until": row["valid_to_on"],
            "note": row["note"],
        }


class ClosureForm(RowForm):
    """Days on which a service, or one place of it, is closed."""

    since = DayField(label="First day closed", help_text="For example, 24 12 2026")
    until = DayField(label="Last day closed", help_text="The same day, if it is only one", required=False)
    at = AtField()
    note = forms.CharField(
        label="Why, if it helps",
        help_text="People read this. For example: Christmas. No names.",
        required=False,
        max_length=longest(Closure, "note"),
        error_messages=too_long(120),
    )
    remove = forms.BooleanField(label="Take this closure away", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not told.get("remove"):
            in_order(self, "since", "until")
        return told

    def row(self) -> Values:
        """Return the closure as `directory.facts` takes it."""
        told = self.cleaned_data
        return {
            "at_location_id": told["at"] or None,
            "from_on": told["since"],
            "until_on": told["until"] or told["since"],
            "note": told["note"],
        }

    @staticmethod
    def initial_of(row: Mapping[str, Any]) -> Values:
        """Return what the form shows of a closure."""
        at = str(row["at_location_id"] or EVERYWHERE)
        return {"since": row["from_on"], "until": row["until_on"], "at": at, "note": row["note"]}


class SeenForm(forms.Form):
    """What a page of rows had shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


Times = formset_factory(TimesForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 5, validate_max=True)
Closures = formset_factory(ClosureForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 5, validate_max=True)


def rows_in(formset: Any) -> list[Values]:
    """Return the rows that were filled in and not taken away."""
    return [form.row() for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("remove")]


class WhereForm(forms.Form):
    """Where a service happens: one of the places that this organization may name."""

    location = forms.ModelChoiceField(
        Location.objects.none(),
        label="Where it happens",
        empty_label="Choose",
        error_messages={"required": "Choose where it happens"},
    )
    description = forms.CharField(
        label="Anything to know about it there",
        help_text="For example: use the side door. People read this.",
        required=False,
        max_length=longest(ServiceAtLocation, "description"),
        error_messages=too_long(200),
    )

    def __init__(self, *args: Any, venues: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["location"].queryset = venues  # type: ignore[attr-defined]


def visibility(label: str, hint: str) -> forms.ChoiceField:
    """Return the question how much of an address may be shown."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=AddressVisibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much may be shown"},
    )


class WithPostcode:
    """A form that asks for a postcode and looks it up; ``found`` is what that led to."""

    found: Any = None
    cleaned_data: dict[str, Any]

    def clean_postal_code(self) -> str:
        typed = str(self.cleaned_data["postal_code"]).strip().upper()
        if not typed:
            return ""
        try:
            self.found = geocoding.locate(typed)
        except PostcodesNotLoaded:
            return typed
        match self.found:
            case geocoding.NotAPostcode() | geocoding.PlaceUnknown():
                raise ValidationError("Enter a full postcode, like BS5 6AW")
            case geocoding.PostcodeUnknown():
                raise ValidationError("We do not know that postcode. Check it, or leave it empty")
        return typed


class VenueForm(WithPostcode, forms.Form):
    """A place and its address. ``now`` is what it says, empty for a new one."""

    name = forms.CharField(
        label="Name",
        max_length=longest(Location, "name"),
        error_messages=too_long(160) | {"required": "Enter what people call it"},
    )
    address_1 = forms.CharField(label="Address", required=False, max_length=longest(Address, "address_1"))
    address_2 = forms.CharField(label="Second line", required=False, max_length=longest(Address, "address_2"))
    city = forms.CharField(label="Town or city", required=False, max_length=longest(Address, "city"))
    postal_code = forms.CharField(label="Postcode", required=False, max_length=longest(Address, "postal_code"))
    access_needs = TermsField(
        Location.objects.none(), label="Access", required=False, widget=forms.CheckboxSelectMultiple
    )
    bus_notes = forms.CharField(
        label="How to get there",
        required=False,
        max_length=longest(Location, "bus_notes"),
        error_messages=too_long(200),
    )
    notes_public = forms.CharField(
        label="Anything else people should know",
        required=False,
        max_length=words.MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=too_long(words.MOST_CHARACTERS),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    COLUMNS = ("name", "address_1", "address_2", "city", "postal_code", "access_needs", "bus_notes", "notes_public")

    def __init__(self, *args: Any, now: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = dict(now or {})
        self.fields["access_needs"].queryset = terms_for("access_need", self.now.get("access_needs", []))  # type: ignore[attr-defined]
        for name in self.COLUMNS:
            self.initial[name] = self.now.get(name, "")
        self.initial["seen"] = seen_of(self.now)

    def typed(self) -> Values:
        """Return the details as `directory.facts` takes them."""
        told: Values = {}
        for name in self.COLUMNS:
            value = self.cleaned_data[name]
            if name == "access_needs":
                value = sorted(term.pk for term in value)
            before = self.now.get(name)
            told[name] = before if before is not None and smooth(value) == smooth(before) else smooth(value)
        return told

    def was_seen(self) -> dict[str, str]:
        """Return the digest of each field as it was shown."""
        pairs = (part.partition(":") for part in self.cleaned_data["seen"].split())
        return {name: digest for name, _, digest in pairs}


def seen_of(values: Mapping[str, Any]) -> str:
    """Return the digests of a place's details, for its form to remember."""
    return " ".join(f"{name}:{words.digest(values.get(name))}" for name in VenueForm.COLUMNS)


class NewVenueForm(VenueForm):
    """A place that is not there yet. Its address is shown to nobody until a steward has agreed."""

    visible = visibility("How much of the address may people see?", "Until a steward has agreed, nobody sees it.")


class VisibilityForm(forms.Form):
    """What a steward is asked about an address."""

    becomes = visibility("How much of the address may people see?", "A steward decides. Until then it stays as it is.")
    because = forms.CharField(
        label="Why?",
        help_text="For the steward. No names.",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=too_long(300),
    )
