"""The whole directory at once: on paper, and as a table."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory import printed, tables
from directory.exchange import export
from directory.models import Locality


@require_safe
def on_paper(request: HttpRequest) -> HttpResponse:
    """
    Show every service that anybody may see, by locality and kind, laid out for a printer.

    :raises Http404: for a locality that there is not
    """
    at = timezone.now()
    localities = list(Locality.objects.all())
    only = request.GET.get("locality", "")
    if only and only not in {one.code for one in localities}:
        raise Http404
    context = {
        "parts": printed.parts(at=at, only=only, city=settings.CITY.name),
        "localities": localities,
        "only": only,
        "at": at,
    }
    return render(request, "directory/on_paper.html", context)


@require_safe
def as_table(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """
    Hand out every service that anybody may see as a CSV or XLSX file.

    :raises Http404: for another kind of file
    """
    rows = export.published(export.public_ids())
    answer: HttpResponse | StreamingHttpResponse
    if form == "csv":
        answer = StreamingHttpResponse(tables.as_csv(export.FOR_ANYBODY, rows), content_type=tables.CSV)
    elif form == "xlsx":
        answer = HttpResponse(tables.as_xlsx(export.FOR_ANYBODY, rows, title="Services"), content_type=tables.XLSX)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="directory.{form}"'
    return answer
