"""
The forms in which a partner writes: one for each section, made from `directory.words`, with rows for contacts and conditions.

A form remembers what it showed (a digest of each field), keeps what was typed, and becomes held values. Where somebody
else has written meanwhile it asks, field by field, which text stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from directory import words
from directory.models import EligibilityRule, Service, ServiceContact, TaxonomyTerm
from directory.proposals import MINE, THEIRS
from directory.words import Entry, Values, Word

Kind = EligibilityRule.Kind
MOST_ROWS = 20
MOST_GROUPS = 20
LOWEST, HIGHEST = "minimum", "maximum"


def longest(model: type[Any], name: str) -> int:
    """Return how many characters the field takes."""
    return int(model._meta.get_field(name).max_length or words.MOST_CHARACTERS)


def too_long(limit: int) -> dict[str, str]:
    """Return what is said of a text that is too long."""
    return {"max_length": f"Use {limit} characters or fewer"}


def field_for(model: type[Entry], word: Word, chosen: Any) -> forms.Field:
    """Return the form's field for one word; ``chosen`` is what it says now, so that an old term can stay."""
    required = word.kind in (words.CHOICE, words.TERM) or not model._meta.get_field(word.name).blank
    about: dict[str, Any] = {"label": word.label, "help_text": word.hint, "required": required}
    match word.kind:
        case "number":
            return forms.IntegerField(
                **{**about, "required": False},
                min_value=0,
                max_value=999 if "month" in word.name or "group" in word.name else 99,
                error_messages={"invalid": "Enter a whole number, such as 11"},
            )
        case "flag":
            return forms.BooleanField(label=word.label, help_text=word.hint, required=False)
        case "choice":
            return forms.ChoiceField(**about, choices=word.choices, widget=forms.RadioSelect)
        case "term":
            return forms.ModelChoiceField(terms_for(word.taxonomy, [chosen]), **about, empty_label="Choose")
        case "terms":
            return TermsField(
                terms_for(word.taxonomy, chosen or []),
                **{**about, "required": False},
                widget=forms.CheckboxSelectMultiple,
            )
    limit = longest(model, word.name)
    about["error_messages"] = too_long(limit)
    match word.kind:
        case "address":
            about["error_messages"]["invalid"] = "Enter a web address, such as https://somewhere.example"
            return forms.URLField(
                **about,
                max_length=limit,
                assume_scheme="https",
                validators=[URLValidator(["http", "https"])],
                widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
            )
        case "email":
            return forms.EmailField(**about, max_length=limit)
        case "text":
            return forms.CharField(**about, max_length=limit, widget=forms.Textarea(attrs={"rows": word.rows}))
    return forms.CharField(**about, max_length=limit)


def terms_for(taxonomy: str, chosen: Iterable[Any]) -> Any:
    """Return the terms that are in use, and those that are chosen already."""
    kept = [pk for pk in chosen if pk]
    return TaxonomyTerm.objects.filter(Q(in_use=True) | Q(pk__in=kept), taxonomy=taxonomy)


class TermsField(forms.ModelMultipleChoiceField):
    """Any number of terms. A number that no column holds is no term; a database would not say so, but break."""

    def clean(self, value: Any) -> Any:
        """
        Return the terms.

        :raises ValidationError: if one of them is none
        """
        for one in value or []:
            if not (str(one).isascii() and str(one).isdecimal() and len(str(one)) < 10):
                raise ValidationError("Choose from the list", code="invalid_choice")
        return super().clean(value)


def smooth(value: Any) -> Any:
    """Return a text as it is compared: a browser's line ends and a forgotten space are no change."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class WordsForm(forms.Form):
    """The words of one section that are one value each. ``now`` is what they say; ``clash`` names what is shown twice."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    clash = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def __init__(
        self,
        *args: Any,
        model: type[Entry] = Service,
        asked: Sequence[Word] = (),
        now: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.asked, self.now = tuple(asked), dict(now or {})
        for word in self.asked:
            if word.kind not in words.CHILDREN:
                self.fields[word.name] = field_for(model, word, self.now.get(word.name))
                self.initial[word.name] = self.now.get(word.name)
        self.initial["seen"] = " ".join(f"{word.name}:{words.digest(self.now.get(word.name))}" for word in self.asked)
        for name in self.clashes:
            self.fields[f"choose_{name}"] = forms.ChoiceField(
                label="Which text stays?",
                choices=[(MINE, "Yours, as it is written here"), (THEIRS, "Theirs")],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose which text stays"},
            )

    @property
    def clashes(self) -> list[str]:
        """The fields for which two texts are shown."""
        told = str(self.data.get("clash", "")).split() if self.is_bound else []
        return [word.name for word in self.asked if word.name in told]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for least, most, said in (
            ("minimum_age", "maximum_age", "The oldest age must not be below the youngest"),
            ("duration_min_months", "duration_max_months", "The longest time must not be below the shortest"),
        ):
            first, last = told.get(least), told.get(most)
            if first is not None and last is not None and first > last:
                self.add_error(most, said)
        return told

    def typed(self) -> Values:
        """Return what was typed as held values; what is the same but for spaces stays as it was."""
        told: Values = {}
        for word in self.asked:
            if word.kind in words.CHILDREN:
                continue
            value = self.cleaned_data[word.name]
            if word.kind == words.TERM:
                value = value.pk if value else None
            elif word.kind == words.TERMS:
                value = sorted(term.pk for term in value)
            before = self.now.get(word.name)
            told[word.name] = before if smooth(value) == smooth(before) else smooth(value)
        return told

    def was_seen(self) -> dict[str, str]:
        """Return the digest of each field as it was shown."""
        pairs = (part.partition(":") for part in self.cleaned_data["seen"].split())
        return {name: digest for name, _, digest in pairs}

    def chosen(self) -> dict[str, str]:
        """Return which text stays, for each that was shown twice."""
        return {name: self.cleaned_data[f"choose_{name}"] for name in self.clashes}


class ContactForm(forms.Form):
    """One way to reach whoever runs a service."""

    name = forms.CharField(
        label="Who",
        help_text="A role rather than a person.",
        required=False,
        max_length=longest(ServiceContact, "name"),
        error_messages=too_long(longest(ServiceContact, "name")),
    )
    telephone = forms.CharField(
        label="Telephone",
        required=False,
        max_length=longest(ServiceContact, "telephone"),
        error_messages=too_long(longest(ServiceContact, "telephone")),
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=longest(ServiceContact, "email"))
    remove = forms.BooleanField(label="Take this contact away", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not told.get("remove") and not self.errors and not (told.get("telephone") or told.get("email")):
            self.add_error("telephone", "Enter a telephone number or an e-mail address, or take this contact away")
        return told

    def row(self) -> Values:
        """Return the contact as it is held."""
        return {column: self.cleaned_data[column] for column in words.CONTACT_COLUMNS}


# Which of the fields below a kind of condition needs, and what they are in the rule's value.
NEEDS: dict[str, tuple[str, ...]] = {
    Kind.RISK_RANGE: (LOWEST, HIGHEST),
    Kind.COMPOSITION: ("composition",),
    Kind.ROUTE: ("routes",),
    Kind.HARM_TYPE: ("harms",),
}
VOCABULARIES = {
    LOWEST: "risk_level",
    HIGHEST: "risk_level",
    "composition": "group_composition",
    "routes": "request_source",
    "harms": "harm_type",
}


class RuleForm(forms.Form):
    """One condition for a place. What it looks at is asked once its kind is known."""

    kind = forms.ChoiceField(
        label="What it looks at",
        choices=[("", "Choose"), *Kind.choices],
        error_messages={"required": "Choose what it looks at"},
    )
    message = forms.CharField(
        label="What we say to whoever asks, if it does not hold",
        help_text="For example: for young people at medium risk or more.",
        max_length=longest(EligibilityRule, "message"),
        error_messages=too_long(longest(EligibilityRule, "message")) | {"required": "Enter what we say"},
    )
    minimum = forms.ChoiceField(label="From", required=False)
    maximum = forms.ChoiceField(label="To", required=False)
    composition = forms.ChoiceField(label="Which", required=False)
    routes = forms.MultipleChoiceField(label="Any of these", required=False, widget=forms.CheckboxSelectMultiple)
    harms = forms.MultipleChoiceField(label="Any of these", required=False, widget=forms.CheckboxSelectMultiple)
    group = forms.IntegerField(
        label="Group",
        help_text="Conditions of one group are alternatives. Every group must hold.",
        min_value=1,
        max_value=MOST_GROUPS,
        initial=1,
        error_messages={"required": "Enter a group, such as 1", "invalid": "Enter a group as a number, such as 1"},
    )
    hard = forms.BooleanField(
        label="Nobody gets a place without it", help_text="Not ticked: it is a wish.", required=False, initial=True
    )
    remove = forms.BooleanField(label="Take this condition away", required=False)

    def __init__(self, *args: Any, terms: Mapping[str, list[tuple[str, str]]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, taxonomy in VOCABULARIES.items():
            choices = list((terms or {}).get(taxonomy, []))
            several = isinstance(self.fields[name], forms.MultipleChoiceField)
            self.fields[name].choices = choices if several else [("", "Choose"), *choices]  # type: ignore[attr-defined]

    @property
    def needed(self) -> list[forms.BoundField]:
        """The fields that this kind of condition needs, for the template."""
        return [self[name] for name in NEEDS.get(str(self["kind"].value() or ""), ())]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("remove"):
            return told
        for name in NEEDS.get(told.get("kind", ""), ()):
            if not told.get(name) and name not in self.errors:
                self.add_error(name, "Choose at least one" if name in ("routes", "harms") else "Choose one")
        return told

    def row(self) -> Values:
        """Return the condition as it is held."""
        told = self.cleaned_data
        values: dict[str, Values] = {
            Kind.RISK_RANGE: {LOWEST: told[LOWEST], HIGHEST: told[HIGHEST]},
            Kind.COMPOSITION: {"code": told["composition"]},
            Kind.ROUTE: {"codes": told["routes"]},
            Kind.HARM_TYPE: {"codes": told["harms"]},
        }
        value = values.get(told["kind"], {})
        before = self.initial.get("value") or {}
        if told["kind"] == self.initial.get("kind") and same_codes(value, before):
            value = before
        return {
            "kind": told["kind"],
            "group": told["group"],
            "hard": told["hard"],
            "message": told["message"],
            "value": value,
        }

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> Values:
        """Return what the form shows of a held condition."""
        value = row["value"] or {}
        return {
            **row,
            LOWEST: value.get(LOWEST, ""),
            HIGHEST: value.get(HIGHEST, ""),
            "composition": value.get("code", ""),
            "routes": value.get("codes", []) if row["kind"] == Kind.ROUTE else [],
            "harms": value.get("codes", []) if row["kind"] == Kind.HARM_TYPE else [],
        }


def same_codes(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two values of a condition mean the same, in whatever order their words stand."""

    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, list) else value

    return {name: plain(value) for name, value in one.items()} == {name: plain(v) for name, v in other.items()}


Contacts = formset_factory(ContactForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 5, validate_max=True)
Rules = formset_factory(RuleForm, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 5, validate_max=True)


def codes_of(*taxonomies: str) -> dict[str, list[tuple[str, str]]]:
    """Return the words of these vocabularies as choices, with one query."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in taxonomies}
    for term in TaxonomyTerm.objects.filter(taxonomy__in=taxonomies, in_use=True):
        found[term.taxonomy_id].append((term.code, term.shown))
    return found


def steady(data: QueryDict, prefix: str) -> QueryDict:
    """Return what was typed with a count of its rows that is true, whatever came: else a spoilt count would lose them all."""
    typed = data.copy()
    number = re.compile(rf"{re.escape(prefix)}-(\d{{1,3}})-", re.ASCII)
    there = [int(found[1]) + 1 for name in data if (found := number.match(name)) and int(found[1]) < MOST_ROWS]
    total = max([*there, count_in(typed, f"{prefix}-TOTAL_FORMS")])
    typed[f"{prefix}-TOTAL_FORMS"] = str(total)
    typed[f"{prefix}-INITIAL_FORMS"] = str(min(total, count_in(typed, f"{prefix}-INITIAL_FORMS")))
    return typed


def count_in(data: QueryDict, name: str) -> int:
    """Return the number of rows that a form says it has, 0 if that is no such number."""
    told = str(data.get(name, ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 3 and int(told) <= MOST_ROWS else 0


def with_another_row(data: QueryDict, prefix: str) -> QueryDict:
    """Return what was typed with room for another row."""
    typed = steady(data, prefix)
    typed[f"{prefix}-TOTAL_FORMS"] = str(min(count_in(typed, f"{prefix}-TOTAL_FORMS") + 1, MOST_ROWS))
    return typed


class SectionPage:
    """What one page asks: the form, and rows where the section has contacts or conditions."""

    def __init__(
        self, model: type[Entry], asked: Sequence[Word], *, now: Mapping[str, Any], data: QueryDict | None = None
    ) -> None:
        self.model, self.asked, self.now = model, tuple(asked), dict(now)
        self.child = next((word for word in self.asked if word.kind in words.CHILDREN), None)
        self.data = steady(data, self.child.name) if data is not None and self.child else data
        self.form = WordsForm(self.data, model=model, asked=asked, now=now)
        self.rows: Any = self.make_rows() if self.child else None

    def make_rows(self) -> BaseFormSet:
        """Return the rows, filled in with what they say now."""
        assert self.child is not None
        kept = self.now.get(self.child.name) or []
        if self.child.kind == words.CONTACTS:
            return Contacts(self.data, initial=kept, prefix=self.child.name)
        return Rules(
            self.data,
            initial=[RuleForm.initial_of(row) for row in kept],
            prefix=self.child.name,
            form_kwargs={"terms": codes_of(*sorted(set(VOCABULARIES.values())))},
        )

    def is_valid(self) -> bool:
        """Look at all of it, so that every mistake is shown at once."""
        valid = self.form.is_valid()
        return (self.rows is None or self.rows.is_valid()) and valid

    @property
    def rows_wrong(self) -> bool:
        """Say whether something in the rows needs another look, for the page's title."""
        rows = self.rows
        return rows is not None and rows.is_bound and not rows.is_valid()

    def typed(self) -> Values:
        """Return what was typed, as held values."""
        told = self.form.typed()
        if self.child:
            told[self.child.name] = self.typed_rows()
        return told

    def typed_rows(self) -> list[Values]:
        """Return the rows that were filled in and not taken away."""
        made = [form.row() for form in self.rows.forms if form.cleaned_data and not form.cleaned_data.get("remove")]
        return sorted(made, key=lambda row: row.get("group", 0))

    def with_another_row(self) -> SectionPage:
        """Return the same page as it was typed, with one more row to fill in."""
        assert self.child is not None
        assert self.data is not None
        typed = with_another_row(self.data, self.child.name)
        return SectionPage(self.model, self.asked, now=self.now, data=typed)

    def after_somebody_else(self, theirs: Mapping[str, Any], now: Mapping[str, Any]) -> SectionPage:
        """Return the page as it was typed, asking which text stays where somebody else has written another."""
        assert self.data is not None
        typed = self.data.copy()
        typed["seen"] = " ".join(f"{word.name}:{words.digest(now.get(word.name))}" for word in self.asked)
        typed["clash"] = " ".join(theirs)
        for name in theirs:
            typed.pop(f"choose_{name}", None)
        again = SectionPage(self.model, self.asked, now=now, data=typed)
        again.form.add_error(
            None,
            "Somebody else has changed the same words while you were typing. Both texts are below: choose which stays. "
            "Nothing of yours is lost",
        )
        for name in theirs:
            again.form.errors.pop(f"choose_{name}", None)
        return again
