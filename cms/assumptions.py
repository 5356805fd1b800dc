"""The stewards' page of assumptions: what was judged, what counts now, since when, why and by whom; and changing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from safekeeping import assumed, assumptions
from safekeeping.assumed import LONGEST_REASON, ChangedMeanwhile, NotAllowed
from safekeeping.assumptions import REGISTRY, Assumption, Counts, Kind
from safekeeping.models import AssumptionChange, User

COUNTS = {
    Counts.FROM_THEN: "A new value counts for what begins from then on. What is under way keeps the date or figure that it "
    "was given.",
    Counts.AT_ONCE: "A new value counts at once, for what is under way too: it is looked at each time.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One assumption as the list shows it; ``last`` is its last change, ``by`` the name of whoever made it."""

    one: Assumption
    now: str
    usual: str
    is_usual: bool
    last: AssumptionChange | None = None
    by: str = ""

    @property
    def address(self) -> str:
        """Where it is changed."""
        return reverse("assumption", args=[self.one.key])

    @property
    def counts(self) -> str:
        return COUNTS[self.one.counts]


def lines() -> dict[str, list[Line]]:
    """Return every assumption by its group, in the order in which they were declared; two queries."""
    changed = assumed.latest()
    names = names_of(changed.values())
    grouped: dict[str, list[Line]] = {}
    for one in REGISTRY.values():
        grouped.setdefault(one.group, []).append(line_of(one, changed.get(one.key), names))
    return grouped


def line_of(one: Assumption, last: AssumptionChange | None, names: dict[int, str]) -> Line:
    """Return what is said of one assumption."""
    now = assumptions.parsed(one, last.value) if last else one.default
    by = names.get(last.by_person or 0, "") if last else ""
    return Line(one, one.told(now), one.told(one.default), now == one.default, last, by)


def names_of(changes: Any) -> dict[int, str]:
    """Return the names of those who changed something, by their ids."""
    people = User.objects.in_bulk({one.by_person for one in changes if one.by_person})
    return {pk: person.name or "Somebody without a name" for pk, person in people.items()}


def form_for(one: Assumption) -> type[forms.Form]:
    """Return the form in which this assumption is changed: its field knows the bounds."""
    value: forms.Field
    if one.kind is Kind.TEXT:
        value = forms.CharField(
            label="New words", max_length=one.most, widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "Write the new words"},
        )  # fmt: skip
    else:
        unit = f" ({one.kind})" if one.kind else ""
        value = forms.IntegerField(
            label=f"New value{unit}", help_text=f"From {one.least} to {one.most}.", min_value=one.least, max_value=one.most,
            error_messages={
                "required": "Enter the new value",
                "invalid": "Enter a whole number",
                "min_value": f"Enter a number from {one.least} to {one.most}",
                "max_value": f"Enter a number from {one.least} to {one.most}",
            },
        )  # fmt: skip
    reason = forms.CharField(
        label="Why?", help_text="Who decided it, and on what grounds. Everybody who keeps the directory reads this.",
        max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Say why, for whoever reads this in a year",
            "max_length": f"Say it in {LONGEST_REASON} characters or fewer",
        },
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    return type("AssumptionForm", (forms.Form,), {"value": value, "reason": reason, "seen": seen})


class Assumptions(WagtailAdminTemplateMixin, TemplateView):
    """Every judgement on one page."""

    template_name = "cms/admin/assumptions.html"
    page_title = "Assumptions"
    header_icon = "help"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(groups=lines(), **more)


class ChangeAssumption(WagtailAdminTemplateMixin, FormView):
    """One judgement: what counts, its history, and a form to change it or to go back to the default."""

    template_name = "cms/admin/assumption.html"
    page_title = "Assumption"
    header_icon = "help"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["key"] not in REGISTRY:
            raise Http404
        self.one = REGISTRY[kwargs["key"]]
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.one.words

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("assumptions"), "label": "Assumptions"}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.one.words}]

    def get_form_class(self) -> type[forms.Form]:
        made = form_for(self.one)
        if "back" in self.request.POST:
            made.base_fields["value"].required = False  # type: ignore[attr-defined]
        return made

    def get_initial(self) -> dict[str, Any]:
        last = assumed.history(self.one.key)
        return {"value": assumed.in_force(self.one), "seen": last[0].number if last else 0}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        told = form.cleaned_data
        decided: dict[str, Any] = {
            "reason": told["reason"], "seen": told["seen"], "by": self.request.hat, "at": timezone.now(),  # type: ignore[attr-defined]
        }  # fmt: skip
        try:
            if "back" in self.request.POST:
                assumed.back_to_default(self.one, **decided)
            else:
                assumed.change(self.one, told["value"], **decided)
        except NotAllowed as refused:
            form.add_error(refused.field, refused.message)
        except ChangedMeanwhile:
            form.add_error(
                None,
                "Somebody has changed this since you opened the page. See below what counts now, and decide again.",
            )
            form.data = form.data.copy() | {"seen": str(self.get_initial()["seen"])}
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, f"{self.one.words}: {self.one.told(assumed.in_force(self.one))} from now on.")
        return redirect("assumptions")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        history = assumed.history(self.one.key)
        names = names_of(history)
        told = [
            (row, self.one.told(assumptions.parsed(self.one, row.value)), names.get(row.by_person or 0, ""))
            for row in history
        ]
        line = line_of(self.one, history[0] if history else None, names)
        return super().get_context_data(line=line, history=told, **more)


URLS = [
    path("assumptions/", Assumptions.as_view(), name="assumptions"),
    path("assumptions/<str:key>/", ChangeAssumption.as_view(), name="assumption"),
]
