"""A date asked as day, month and year."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms

from safekeeping.forms import DatePartsField


class Born(forms.Form):
    born = DatePartsField(label="When was the child born?")


class Perhaps(forms.Form):
    until = DatePartsField(label="Until when?", required=False)


def asked(day, month, year, form=Born):
    name = next(iter(form.base_fields))
    return form({f"{name}_day": day, f"{name}_month": month, f"{name}_year": year})


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march"])
def test_a_month_may_be_a_number_or_a_name(month):
    form = asked(" 27", month, "2012")
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(2012, 3, 27)


def test_a_missing_part_is_named_and_marked_and_linked():
    form = asked("27", "", "")
    assert form.errors["born"] == ["The date must include a month and a year"]
    assert form["born"].first_id == "id_born-month"
    drawn = str(form["born"].as_field_group())
    assert drawn.count("govuk-input--error") == 2
    assert 'value="27"' in drawn


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("31", "2", "2012"), "Enter a real date, like 27 3 2026"),
        (("27", "Smarch", "2012"), "Enter a real date, like 27 3 2026"),
        (("x", "3", "2012"), "Enter a real date, like 27 3 2026"),
        (("27", "3", "12"), "The year must have four figures"),
        (("", "", ""), "Enter the date"),
    ],
)
def test_what_is_no_date_is_said_in_words(parts, said):
    assert asked(*parts).errors["born"] == [said]


def test_a_date_that_is_not_needed_may_be_left_out():
    form = asked("", "", "", form=Perhaps)
    assert form.is_valid()
    assert form.cleaned_data["until"] is None


def test_a_date_that_was_there_is_shown_in_its_boxes():
    drawn = str(Born(initial={"born": date(2012, 3, 27)})["born"].as_field_group())
    assert 'value="27"' in drawn
    assert 'value="2012"' in drawn
    assert not asked("27", "3", "2012").fields["born"].has_changed(date(2012, 3, 27), ["27", "3", "2012"])
