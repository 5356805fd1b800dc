"""The forms behind the stewards' pages: which words may be chosen, and what stays once it has been published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import DraftStateMixin

from cms.models import SafetyNotice, SiteWords
from directory.facts_forms import WithPostcode
from directory.models import Address, EligibilityRule, Location, Membership, TaxonomyTerm

Kind = EligibilityRule.Kind
# What a rule's value holds, by kind; `directory.models.EligibilityRule` says what each means.
SHAPES: dict[str, frozenset[str]] = {
    Kind.RISK_RANGE: frozenset({"minimum", "maximum"}),
    Kind.SIBLING: frozenset(),
    Kind.COMPOSITION: frozenset({"code"}),
    Kind.ROUTE: frozenset({"codes"}),
    Kind.HARM_TYPE: frozenset({"codes"}),
    Kind.HOST_SCHOOL: frozenset(),
    Kind.PANEL: frozenset(),
}
VOCABULARY_OF: dict[str, str] = {
    Kind.COMPOSITION: "group_composition",
    Kind.ROUTE: "request_source",
    Kind.HARM_TYPE: "harm_type",
}
RISK = "risk_level"


def only_terms_in_use(form: forms.ModelForm) -> None:
    """Offer the words that are in use, and those that this entry already uses."""
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and field.queryset.model is TaxonomyTerm:
            chosen = form.initial.get(name)
            many = isinstance(field, forms.ModelMultipleChoiceField)
            chosen = list(chosen or []) if many else [chosen]
            kept = [getattr(term, "pk", term) for term in chosen]
            field.queryset = field.queryset.filter(Q(in_use=True) | Q(pk__in=kept))


class DraftedForm(WagtailAdminModelForm):
    """An entry whose words wait for publication; its address stays once anybody may have kept it."""

    called = "name"  # the field that an address is made from

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_terms_in_use(self)
        entry: DraftStateMixin = self.instance
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The end of the page's address. Left empty, it is made from the name."
            if entry.live or entry.first_published_at:
                self.fields["slug"].disabled = True
                self.fields["slug"].help_text = "Stays as it is: people have kept this address."

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or self.free_slug(slugify(self.data.get(self.called, "")))

    def free_slug(self, wanted: str) -> str:
        """Return ``wanted``, or the first of wanted-2, wanted-3 … that no other entry has."""
        room = self._meta.model._meta.get_field("slug").max_length - 4
        wanted, slug, number = wanted[:room], wanted[:room], 1
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        while slug and others.filter(slug=slug).exists():
            number += 1
            slug = f"{wanted}-{number}"
        return slug


class CourseForm(DraftedForm):
    """A course. Who runs it is settled once it has sessions: their seats belong to that organization."""

    called = "title"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "organization" in self.fields and self.instance.sessions.exists():
            self.fields["organization"].disabled = True
            self.fields["organization"].help_text = "Stays as it is: the seats of its sessions belong to it."


class ServiceForm(DraftedForm):
    """A service. Who runs it is settled when it is made: its places and the requests for it belong to that organization."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "organization" in self.fields and not self.instance._state.adding:
            self.fields["organization"].disabled = True
            self.fields[
                "organization"
            ].help_text = "Stays as it is: its places and requests belong to this organization."

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        least, most = told.get("minimum_age"), told.get("maximum_age")
        if least is not None and most is not None and least > most:
            self.add_error("maximum_age", "The oldest age must not be below the youngest.")
        begun, decided = told.get("pilot_from"), told.get("pilot_decides_on")
        if begun and decided and begun > decided:
            self.add_error("pilot_decides_on", "It must not be decided before it began.")
        if told.get("pilot_successor") and told["pilot_successor"].pk == self.instance.pk:
            self.add_error("pilot_successor", "A pilot is not its own successor.")
        least, most = told.get("duration_min_months"), told.get("duration_max_months")
        if least is not None and most is not None and least > most:
            self.add_error("duration_max_months", "The longest time must not be below the shortest.")
        return told

    def is_valid(self) -> bool:
        """Look at each rule too: one that nobody can read would decide about a child."""
        valid = super().is_valid()
        if "eligibility_rules" not in self.formsets:
            return valid
        for rule in self.formsets["eligibility_rules"].forms:
            told = getattr(rule, "cleaned_data", None)
            if not told or told.get("DELETE") or "kind" not in told:
                continue
            if trouble := what_is_wrong(told["kind"], told.get("value")):
                rule.add_error("value", trouble)
                valid = False
        return valid


def what_is_wrong(kind: str, value: Any) -> str:
    """Return what is wrong with a rule's value, in words; nothing if it can be judged by."""
    value = value or {}
    wanted = SHAPES[kind]
    if not isinstance(value, dict) or set(value) != wanted:
        names = ", ".join(f'"{name}"' for name in sorted(wanted))
        return f"For this kind, write {{ }} with exactly: {names}." if wanted else "For this kind, leave { }."
    codes = [code for held in value.values() for code in (held if isinstance(held, list) else [held])]
    vocabulary = RISK if kind == Kind.RISK_RANGE else VOCABULARY_OF.get(kind)
    if vocabulary is None:
        return ""
    known = set(TaxonomyTerm.objects.filter(taxonomy=vocabulary).values_list("code", flat=True))
    unknown = [str(code) for code in codes if code not in known]
    if unknown or not codes:
        return f"Use these words: {', '.join(sorted(known))}."
    return ""


class OrganizationForm(DraftedForm):
    """An organization; it is never a part of itself."""

    def clean_parent(self) -> Any:
        parent = above = self.cleaned_data.get("parent")
        while above is not None:
            if above.pk == self.instance.pk:
                raise ValidationError("An organization cannot be a part of itself.")
            above = above.parent
        return parent


class LocationForm(WithPostcode, WagtailAdminModelForm):
    """A place with its address. The postcode says where it is, unless somebody has given the point by hand."""

    address_1 = forms.CharField(label="Address", max_length=160, required=False)
    address_2 = forms.CharField(label="Second line", max_length=160, required=False)
    city = forms.CharField(label="Town or city", max_length=80, required=False)
    postal_code = forms.CharField(
        label="Postcode", max_length=8, required=False, help_text="Point, ward and council follow from it."
    )
    LINES = ("address_1", "address_2", "city", "postal_code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_terms_in_use(self)
        address = Address.objects.filter(location=self.instance).first()
        for line in self.LINES:
            self.initial.setdefault(line, getattr(address, line, ""))

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if (told.get("latitude") is None) != (told.get("longitude") is None):
            self.add_error("longitude", "Give both latitude and longitude, or neither.")
        return told

    def save(self, commit: bool = True) -> Location:
        """Save the place and its address together; a changed postcode moves the point, unless the point was changed too."""
        moved = "postal_code" in self.changed_data and not {"latitude", "longitude"} & set(self.changed_data)
        found = getattr(self, "found", None)
        if moved and found is not None and getattr(found, "point", None):
            self.instance.latitude, self.instance.longitude = found.point.latitude, found.point.longitude
            self.instance.council_code = found.council_code
            self.instance.ward_id = getattr(found, "ward", "") or None
        with transaction.atomic():
            place: Location = super().save(commit=commit)
            if commit:
                lines = {line: self.cleaned_data[line] for line in self.LINES}
                Address.objects.update_or_create(location=place, defaults=lines)
        return place


class TermForm(WagtailAdminModelForm):
    """A word of a vocabulary. Its code is what the software knows it by: it is chosen once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            for name in ("taxonomy", "code"):
                self.fields[name].disabled = True
            self.fields["code"].help_text = "Stays as it is: rules, files and other systems know the word by it."
            self.fields["parent"].queryset = TaxonomyTerm.objects.filter(taxonomy=self.instance.taxonomy_id).exclude(
                pk=self.instance.pk
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        above = told.get("parent")
        if above and told.get("taxonomy") and above.taxonomy_id != told["taxonomy"].pk:
            self.add_error("parent", "The word above must be of the same vocabulary.")
        return told


class AreaForm(WagtailAdminModelForm):
    """Whom a service is for, on the map."""

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        extent = told.get("extent")
        for name in ("locality", "ward"):
            if extent == name and not told.get(name):
                self.add_error(name, f"Choose the {name}.")
            if extent != name and told.get(name):
                self.add_error(name, f"Leave this empty, unless it is for a {name}.")
        return told


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ScheduleForm(WagtailAdminModelForm):
    """When a service happens, week after week."""

    byday = forms.MultipleChoiceField(
        label="Days", choices=list(zip(DAYS, DAY_NAMES, strict=True)), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.byday:
            self.initial["byday"] = self.instance.byday.split(",")

    def clean_byday(self) -> str:
        return ",".join(day for day in DAYS if day in self.cleaned_data["byday"])

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        opens, closes = told.get("opens_at"), told.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", "It must close after it opens.")
        first, last = told.get("valid_from_on"), told.get("valid_to_on")
        if first and last and first > last:
            self.add_error("valid_to_on", "The last day must not be before the first.")
        at = told.get("at_location")
        if at and told.get("service") and at.service_id != told["service"].pk:
            self.add_error("at_location", "That is where another service happens.")
        return told


class MembershipForm(WagtailAdminModelForm):
    """A hat for somebody else: nobody grants one to themselves."""

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("user") and told["user"] == self.for_user:
            self.add_error("user", "Somebody else has to grant your own memberships.")
        first, last = told.get("from_on"), told.get("until_on")
        if first and last and first > last:
            self.add_error("until_on", "The last day must not be before the first.")
        if told.get("citywide") and not last:
            self.add_error("until_on", "City-wide duty has a last day.")
        if told.get("citywide") and told.get("role") != "coordinator":
            self.add_error("citywide", "Only a coordinator has city-wide duty.")
        return told

    class Meta:
        model = Membership
        exclude = ("granted_by",)


class NoticeForm(WagtailAdminModelForm):
    """What every page says for a while: from now on, unless another time is entered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_at"].initial = timezone.now

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        begins, ends = told.get("from_at"), told.get("until_at")
        if begins and ends and begins >= ends:
            self.add_error("until_at", "It must end after it begins.")
        return told

    class Meta:
        model = SafetyNotice
        fields = ("text", "telephone", "from_at", "until_at")


class SiteWordsForm(WagtailAdminModelForm):
    """What every page says; who answers out of hours needs a name and a number."""

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        for one, other in (("late_name", "late_telephone"), ("late_telephone", "late_name")):
            if told.get(one) and not told.get(other) and other not in self.errors:
                self.add_error(other, "Enter both who answers out of hours and their number, or neither.")
        return told

    class Meta:
        model = SiteWords
        fields = (
            "front_door_telephone", "front_door_hours", "late_name", "late_telephone", "footer", "finder_note",
        )  # fmt: skip


class RejectionForm(forms.Form):
    """A no needs its reason: whoever wrote the words reads it on their page."""

    comment = forms.CharField(
        label="Why, and what would make it right?",
        help_text="Whoever sent it reads this on their page. No names of young people.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why: whoever sent it has to know what to change"},
    )
