"""The stewards' queue of what readers report, grouped by what it is about, and the page on which one is answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from directory import reports
from directory.assumptions import REPORT_THANKS
from directory.models import Report, ReportKind, ReportState
from directory.report_forms import told_of_people
from directory.reports import LONGEST_ANSWER, AnsweredMeanwhile

# A queue this long is no queue any more: what is due first is shown first.
MOST_SHOWN = 200
SHOWN = {
    "open": ("To do", [ReportState.NEW, ReportState.LOOKING]),
    "fixed": ("Put right", [ReportState.FIXED]),
    "unchanged": ("Left as it is", [ReportState.UNCHANGED]),
}


@dataclass(slots=True)
class Group:
    """What several readers say of the same entry or page; ``edit`` is where its words are written."""

    title: str
    edit: str = ""
    reports: list[Report] = field(default_factory=list)

    @property
    def due_at(self) -> datetime:
        return min(one.due_at for one in self.reports)


def title_of(report: Report) -> str:
    """Return what a report is about, in words."""
    if report.kind == ReportKind.MISSING:
        return f"Missing: {report.name}"
    if entry := reports.entry_of(report):
        return str(entry)
    return f"The page {report.page}" if report.page else "The site"


def edit_address(report: Report) -> str:
    """Return where the words of the entry are edited, "" for a page and for what is missing."""
    if report.service_id:
        return reverse("wagtailsnippets_directory_service:edit", args=[report.service_id])
    if report.organization_id:
        return reverse("wagtailsnippets_directory_organization:edit", args=[report.organization_id])
    return reverse("wagtailsnippets_directory_service:add") if report.kind == ReportKind.MISSING else ""


def queue(states: list[ReportState]) -> list[Group]:
    """Return what is in these states by what it is about, first what is due first; one query."""
    found = (
        Report.objects.filter(state__in=states)
        .select_related("service", "organization")
        .order_by("due_at" if ReportState.NEW in states else "-answered_at", "ref")[:MOST_SHOWN]
    )
    groups: dict[Any, Group] = defaultdict(lambda: Group(""))
    for one in found:
        key = (one.kind, one.service_id, one.organization_id, one.page, one.name.casefold())
        groups[key].title = groups[key].title or title_of(one)
        groups[key].edit = edit_address(one)
        groups[key].reports.append(one)
    return list(groups.values())


class Queue(WagtailAdminTemplateMixin, TemplateView):
    """What waits, or what was answered."""

    template_name = "cms/admin/reports.html"
    page_title = "From readers"
    header_icon = "comment"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("show", "")
        chosen = chosen if chosen in SHOWN else "open"
        groups = queue(SHOWN[chosen][1])
        tabs = [(key, words) for key, (words, _) in SHOWN.items()]
        return super().get_context_data(groups=groups, chosen=chosen, tabs=tabs, now=timezone.now(), **more)


class AnswerForm(forms.Form):
    """What became of a report, and the sentence that its reporter reads."""

    became = forms.ChoiceField(
        label="What became of it?",
        choices=[(ReportState.FIXED.value, "Put right"), (ReportState.UNCHANGED.value, "Left as it is")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of it"},
    )
    sentence = forms.CharField(
        label="A sentence for whoever reported it",
        help_text="Left empty where nothing is changed, they read the usual sentence (Assumptions). No names.",
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Use {LONGEST_ANSWER} characters or fewer"},
    )
    all_of_them = forms.BooleanField(
        label="The others about the same are answered with it", required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("became") == ReportState.UNCHANGED and not told.get("sentence"):
            told["sentence"] = REPORT_THANKS.text
        elif "became" in told and "sentence" in told and not told["sentence"]:
            self.add_error("sentence", "Say what was put right")
        elif told.get("sentence") and (trouble := told_of_people(told["sentence"], at=timezone.now())):
            self.add_error("sentence", trouble)
        return told


class AnswerReport(WagtailAdminTemplateMixin, FormView):
    """One report: what was said, what others say of the same, and the answer."""

    template_name = "cms/admin/report.html"
    page_title = "From a reader"
    header_icon = "comment"
    form_class = AnswerForm

    def dispatch(self, request: HttpRequest, *args: Any, ref: UUID, **kwargs: Any) -> HttpResponseBase:
        found = Report.objects.select_related("service", "organization").filter(pk=ref).first()
        if found is None:
            raise Http404
        self.report = found
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return title_of(self.report)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("reports_from_readers"), "label": "From readers"}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": title_of(self.report)}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "look" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            reports.look(self.report, by=request.hat, at=timezone.now())  # type: ignore[attr-defined]
        except AnsweredMeanwhile:
            messages.warning(request, "Somebody else has taken it on.")
        else:
            messages.success(request, "It is yours. Whoever reported it sees that somebody is looking.")
        return redirect("report_from_reader", ref=self.report.pk)

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        told = form.cleaned_data
        also = list(reports.about_the_same(self.report)) if told["all_of_them"] else []
        try:
            told_to = reports.answer(
                self.report,
                fixed=told["became"] == ReportState.FIXED,
                sentence=told["sentence"],
                also=also,
                by=self.request.hat,  # type: ignore[attr-defined]
                at=timezone.now(),
            )
        except AnsweredMeanwhile:
            form.add_error(None, "Somebody else has answered since you opened this. Look at the page again.")
            return self.form_invalid(form)
        people = (
            f" {told_to} e-mail{'' if told_to == 1 else 's'} on the way." if told_to else " Nobody asked for an e-mail."
        )
        messages.success(self.request, f"Answered.{people}")
        return redirect("reports_from_readers")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(
            report=self.report,
            others=list(reports.about_the_same(self.report)[:MOST_SHOWN]),
            edit=edit_address(self.report),
            answered=self.report.answered_at is not None,
            status=reverse("directory:report", args=[self.report.pk]),
            **more,
        )


URLS = [
    path("from-readers/", Queue.as_view(), name="reports_from_readers"),
    path("from-readers/<uuid:ref>/", AnswerReport.as_view(), name="report_from_reader"),
]
