"""What a reader tells us without signing in, and the page on which they read what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from directory import reports
from directory.models import Organization, Service
from directory.models.report import Report
from directory.report_forms import FromReader, ReportForm, SuggestForm
from directory.reports import Told
from directory.views.link import kept_nowhere
from safekeeping import policy
from safekeeping.floods import TooMany
from safekeeping.headers import client_address

TAKES = require_http_methods(["GET", "HEAD", "POST"])


@kept_nowhere
@TAKES
def about_service(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Ask what is wrong with a service's page.

    :raises Http404: if there is none, or this reader may not see it
    """
    service = Service.objects.visible_to(getattr(request, "hat", None)).filter(slug=slug).first()
    if service is None:
        raise Http404
    form = ReportForm(request.POST or None, at=timezone.now())
    told = form.told(service_id=service.pk) if request.method == "POST" and form.is_valid() else None
    return answered(request, form, told, {"about": service.name, "back": reverse("directory:service", args=[slug])})


@kept_nowhere
@TAKES
def about_organization(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Ask what is wrong with what we say of an organization.

    :raises Http404: if there is none that this reader sees a service of
    """
    seen = Service.objects.visible_to(getattr(request, "hat", None)).values("organization")
    organization = Organization.objects.filter(pk__in=seen, slug=slug).first()
    if organization is None:
        raise Http404
    form = ReportForm(request.POST or None, at=timezone.now())
    told = form.told(organization_id=organization.pk) if request.method == "POST" and form.is_valid() else None
    return answered(request, form, told, {"about": organization.name})


@kept_nowhere
@TAKES
def about_page(request: HttpRequest) -> HttpResponse:
    """Ask what is wrong with a page, or with the site where no page of ours is named."""
    page = policy.public_path(request.GET.get("page", ""))
    form = ReportForm(request.POST or None, at=timezone.now(), for_page=True)
    told = form.told(page=page) if request.method == "POST" and form.is_valid() else None
    return answered(request, form, told, {"back": page})


@kept_nowhere
@TAKES
def suggest(request: HttpRequest) -> HttpResponse:
    """Ask which service is missing."""
    form = SuggestForm(request.POST or None, at=timezone.now())
    told = form.told() if request.method == "POST" and form.is_valid() else None
    return answered(request, form, told, {}, template="directory/suggest.html")


def answered(
    request: HttpRequest,
    form: FromReader,
    told: Told | None,
    context: dict[str, Any],
    *,
    template: str = "directory/report.html",
) -> HttpResponse:
    """Take the report and lead on to its page; else show the form, with what was typed."""
    status = 200
    if request.method == "POST" and not form.is_bound:
        form = type(form)(request.POST, at=form.at)  # a form that was sent without any field
    if told is not None:
        try:
            report = reports.send(told, network_address=client_address(request), at=form.at)
        except TooMany:
            form.add_error(
                None, "Many people are writing just now. Please try again in an hour: what you typed is still here"
            )
            status = 429
        else:
            messages.success(request, "Thank you. It is with the people who keep this directory.")
            return redirect("directory:report", ref=report.pk)
    return render(request, template, {"form": form, **context}, status=status)


@kept_nowhere
@require_GET
def report(request: HttpRequest, ref: UUID) -> HttpResponse:
    """
    Say what became of a report, to whoever has its reference; not what was written in it, nor who did.

    :raises Http404: if there is none
    """
    row = Report.objects.select_related("service", "organization").filter(pk=ref).first()
    if row is None:
        raise Http404
    hat = getattr(request, "hat", None)
    shown = bool(row.service_id) and Service.objects.visible_to(hat).filter(pk=row.service_id).exists()
    return render(request, "directory/report_status.html", {"report": row, "shown": shown})


@require_GET
def our_reports(request: HttpRequest) -> HttpResponse:
    """Show a provider what readers say is wrong about its services; who said it is not told."""
    at = timezone.now()
    found = list(reports.about(request.hat.organization_id, at=at)[:MOST_SHOWN])
    return render(
        request,
        "directory/our_reports.html",
        {
            "waiting": [one for one in found if one.answered_at is None],
            "answered": [one for one in found if one.answered_at is not None],
        },
    )


MOST_SHOWN = 100
