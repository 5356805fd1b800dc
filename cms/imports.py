"""A steward brings a table of services, looks at what it would change, has it applied, watches, and may take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from directory import tables
from directory.exchange import batches, export
from directory.exchange.columns import COLUMNS, TAKEN
from directory.models import ImportBatch, ImportRow, Locality, TaxonomyTerm
from directory.tables import Table, Unreadable
from safekeeping import audit

ROWS_ON_A_PAGE = 50
BATCHES_SHOWN = 40
FORMS = {"csv": tables.CSV, "xlsx": tables.XLSX}
Verdict = ImportRow.Verdict
State = ImportBatch.State


class FileForm(forms.Form):
    """A file, which is read as it is taken: what is wrong with the whole of it is said beside it."""

    file = forms.FileField(
        label="The file",
        help_text=f"CSV or XLSX, {tables.MOST_BYTES // 1024 // 1024} MB and {tables.MOST_ROWS:,} rows at most.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        max_length=255,
    )
    table: Table

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > tables.MOST_BYTES:
            raise ValidationError(f"The file is larger than {tables.MOST_BYTES // 1024 // 1024} MB. Split it.")
        try:
            self.table = tables.read(file.read())
        except Unreadable as trouble:
            raise ValidationError(str(trouble)) from None
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Take a file, and list those that were brought before."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["file"].name
            batch = batches.look(form.table, name=name, by=request.hat, at=timezone.now())
        except Unreadable as trouble:
            form.add_error("file", str(trouble))
        else:
            return HttpResponseRedirect(reverse("imports:batch", args=[batch.pk]))
    before = ImportBatch.objects.select_related("by")[:BATCHES_SHOWN]
    status = 400 if form.errors else 200
    return render(request, "cms/imports/index.html", {"form": form, "batches": before}, status=status)


@require_safe
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a file would change, or how far it has come."""
    one = get_object_or_404(ImportBatch.objects.select_related("by"), pk=pk)
    counts = batches.counts(one)
    shown = request.GET.get("show", "")
    rows = one.rows.order_by("number")
    if shown in Verdict.values:
        rows = rows.filter(verdict=shown)
    elif shown == "left":
        rows = rows.filter(state__in=("left", "kept"))
    else:
        shown = ""
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "batch": one,
        "counts": counts,
        "shown": shown,
        "page": page,
        "busy": one.state in (State.APPLYING, State.UNDOING),
        "done": done_of(one, counts),
        "tabs": tabs_of(counts),
    }
    return render(request, "cms/imports/batch.html", context)


def done_of(one: ImportBatch, counts: dict[str, int]) -> int:
    """Return how many rows need nothing more, of those that there is something to do for."""
    if one.state == State.UNDOING:
        return counts["to_do"] - counts["done"]
    return counts["to_do"] - counts["waiting"]


def tabs_of(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Return what the list of rows can be narrowed to: value, words, how many."""
    told = [
        ("", "All rows", sum(counts[verdict] for verdict in Verdict.values)),
        *(
            (str(verdict), str(verdict.label), counts[verdict])
            for verdict in (Verdict.ERROR, Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED)
        ),
        ("left", "Left alone", counts["left"] + counts["kept"]),
    ]
    return [one for one in told if one[2] or not one[0]]


@require_POST
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the worker do it."""
    one = get_object_or_404(ImportBatch, pk=pk)
    publish = request.POST.get("publish") == "on"
    try:
        batches.apply(one, publish=publish, by=request.hat, at=timezone.now())
    except batches.NotNow:
        messages.warning(request, "This file has been applied already.")
    return HttpResponseRedirect(reverse("imports:batch", args=[pk]))


@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the worker take it back."""
    one = get_object_or_404(ImportBatch, pk=pk)
    try:
        batches.undo(one, by=request.hat, at=timezone.now())
    except batches.NotNow:
        messages.warning(request, "This file cannot be undone now.")
    return HttpResponseRedirect(reverse("imports:batch", args=[pk]))


@require_safe
def columns(request: HttpRequest) -> HttpResponse:
    """Say what each column holds, with the words that it takes."""
    words: dict[str, list[TaxonomyTerm]] = {}
    for term in TaxonomyTerm.objects.filter(in_use=True).order_by("position", "code"):
        words.setdefault(term.taxonomy_id, []).append(term)
    context = {
        "columns": [(column, words.get(column.vocabulary, [])) for column in COLUMNS],
        "localities": Locality.objects.all(),
        "most_rows": f"{tables.MOST_ROWS:,}",
        "most_mb": tables.MOST_BYTES // 1024 // 1024,
    }
    return render(request, "cms/imports/columns.html", context)


@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    """Hand out an empty table with one example in it."""
    names = [column.name for column in TAKEN]
    return as_file(names, [[column.example for column in TAKEN]], form=form, name="services-template")


@require_safe
def catalogue(request: HttpRequest, form: str) -> HttpResponse:
    """Hand out every service as an import reads it again; that somebody took it is on record."""
    with transaction.atomic():
        audit.record("catalogue.export", by=request.hat, at=timezone.now(), subject="catalogue", ref=form)
    return as_file(export.FOR_STEWARDS, export.everything(export.all_ids()), form=form, name="all-services")


def as_file(names: Any, rows: Any, *, form: str, name: str) -> HttpResponse:
    """
    Return a table as a file to keep.

    :raises Http404: for a form that there is not
    """
    if form not in FORMS:
        raise Http404
    answer: Any
    if form == "csv":
        answer = StreamingHttpResponse(tables.as_csv(names, rows), content_type=FORMS[form])
    else:
        answer = HttpResponse(tables.as_xlsx(names, rows, title="Services"), content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


urlpatterns = [
    path("", imports, name="index"),
    path("columns/", columns, name="columns"),
    path("template.<slug:form>", template, name="template"),
    path("all-services.<slug:form>", catalogue, name="catalogue"),
    path("<uuid:pk>/", batch, name="batch"),
    path("<uuid:pk>/apply/", apply, name="apply"),
    path("<uuid:pk>/undo/", undo, name="undo"),
]
