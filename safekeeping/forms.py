"""Questions that every app asks: a date in three boxes, a time of day, choices with a line of help, "none of these"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = ("day", "month", "year")
TIMES = ["%H:%M", "%H.%M", "%I.%M%p", "%I:%M%p", "%I%p", "%I.%M %p", "%I:%M %p", "%I %p"]


class Radios(forms.RadioSelect):
    """One of several; `hints` explains an answer by its value, `dividers` puts a word before one."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: Mapping[str, str] | None = None,
        dividers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.hints = dict(hints or {})
        self.dividers = dict(dividers or {})


class Checkboxes(forms.CheckboxSelectMultiple):
    """Any of several; `none` is the value that excludes the others."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: Mapping[str, str] | None = None,
        dividers: Mapping[str, str] | None = None,
        none: str | None = None,
    ) -> None:
        super().__init__(attrs)
        self.hints = dict(hints or {})
        self.dividers = dict(dividers or {})
        self.none = none


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes: quicker and surer than a calendar for a date one knows."""

    control = "date"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs={"inputmode": "numeric"}) for part in PARTS
        }
        super().__init__(boxes, attrs)
        self.autocomplete = {part: f"bday-{part}" for part in PARTS} if birthday else {}

    def decompress(self, value: Any) -> list[Any]:
        """Return the three parts of a date, or of nothing."""
        return parts_of(value)


class DatePartsField(forms.MultiValueField):
    """A date asked in three boxes; a month may be a number or its name. Says which part is missing."""

    widget = DateParts
    default_error_messages = {
        "required": "Enter the date",
        "incomplete": "The date must include %(missing)s",
        "invalid": "Enter a real date, like 27 3 2026",
        "year": "The year must have four figures",
    }

    def __init__(self, **kwargs: Any) -> None:
        boxes = [forms.CharField(required=False, max_length=20) for _ in PARTS]
        super().__init__(fields=boxes, require_all_fields=False, **kwargs)

    def clean(self, value: Sequence[str] | None) -> date | None:
        """
        Return the date that the three parts make, or None if none was given and none is needed.

        :raises ValidationError: with the `parts` that are wrong among its params
        """
        given = dict(zip(PARTS, [str(part or "").strip() for part in value or ("", "", "")], strict=True))
        missing = tuple(part for part in PARTS if not given[part])
        if len(missing) == len(PARTS):
            if self.required:
                raise self._wrong("required", PARTS)
            return None
        if missing:
            raise self._wrong("incomplete", missing, missing=" and ".join(f"a {part}" for part in missing))
        if not (given["year"].isdecimal() and len(given["year"]) == 4):
            raise self._wrong("year", ("year",))
        try:
            found = date(int(given["year"]), month_of(given["month"]), int(given["day"]))
        except (ValueError, OverflowError):  # a number of four hundred figures is no day either
            raise self._wrong("invalid", PARTS) from None
        self.run_validators(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is written in the boxes, as text."""
        return [str(part) for part in parts_of(initial)] != [str(part or "").strip() for part in data or ("", "", "")]

    def _wrong(self, code: str, parts: tuple[str, ...], **said: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"parts": parts, **said})


class TimeField(forms.TimeField):
    """A time of day as people write it: 9.30am, 14:00."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {})
        options["error_messages"] |= {"invalid": "Enter a time like 9.30am or 14:00"}
        super().__init__(input_formats=TIMES, widget=forms.TimeInput(format="%H:%M"), **options)


def parts_of(value: Any) -> list[Any]:
    """Return day, month and year of a date, or three times nothing."""
    return [value.day, value.month, value.year] if isinstance(value, date) else ["", "", ""]


def month_of(text: str) -> int:
    """
    Return the month that a number or a name means.

    :raises ValueError: if it means none
    """
    if text.isdecimal():
        return int(text)
    return MONTHS.index(text[:3].lower()) + 1


def offer_choices(
    form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str] | tuple[str, list[tuple[str, str]]]]
) -> None:
    """Let the field ``name`` of one form offer these codes with their words, in groups where a name stands with a list."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
