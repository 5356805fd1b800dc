"""A provider's own pages: see, change and confirm its places. Every page is limited to the organization of the hat."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import capacity, links, places
from directory.forms import form_for
from directory.models import CapacityPool


def pool_of(request: HttpRequest, pk: UUID) -> CapacityPool:
    """
    Return the pool if it belongs to the organization of the hat.

    :raises Http404: if there is none, or it is somebody else's
    """
    pool = CapacityPool.objects.of_services().run_by(request.hat.organization_id).filter(pk=pk).first()
    if pool is None:
        raise Http404
    return pool


@require_GET
def my_services(request: HttpRequest) -> HttpResponse:
    """Show every pool of the provider, those that wait for an answer first."""
    at = timezone.now()
    lines = places.lines_for(request.hat.organization_id, at=at)
    return render(
        request,
        "directory/my_services.html",
        {
            "lines": lines,
            "summary": places.summary_of(lines),
            "at": at,
            "links_until": links.out(request.hat.organization_id, at=at).aggregate(last=Max("expires_at"))["last"],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pool(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one pool with its history, and take the provider's new figures."""
    at = timezone.now()
    mine = pool_of(request, pk)
    asked = form_for(mine)
    form = asked(request.POST, pool=mine) if request.method == "POST" else asked.of(mine)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            capacity.declare(mine, form.declaration(), by=request.hat, at=at, version=form.cleaned_data["version"])
        except capacity.FigureChanged:
            # What was typed stays; the page above it shows what is there now, and saving again means it.
            status = 409
            mine.refresh_from_db()
            form = form.after_somebody_else(mine)
        else:
            messages.success(request, f"Saved. People who look for support see it now: {mine.name}.")
            return redirect("directory:my_services")
    [line] = places.lines_for(request.hat.organization_id, at=at, only=mine.pk)
    context = {"line": line, "form": form, "history": places.history_of(mine.pk), "at": at}
    return render(request, "directory/pool.html", context, status=status)


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that a pool's figures are still right."""
    mine = pool_of(request, pk)
    capacity.confirm(mine, by=request.hat, at=timezone.now())
    messages.success(request, f"Thank you. {mine.name}: checked today.")
    return redirect("directory:my_services")


@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take new people again."""
    mine = pool_of(request, pk)
    capacity.resume(mine, by=request.hat, at=timezone.now())
    messages.success(request, f"{mine.name} is open to new offers again.")
    return redirect("directory:my_services")


@require_POST
def stop_links(request: HttpRequest) -> HttpResponse:
    """Stop the links in the e-mails that we sent to this provider."""
    links.stop(request.hat.organization_id, by=request.hat, at=timezone.now())
    messages.success(request, "The links in our e-mails work no more. Your figures are as they were.")
    return redirect("directory:my_services")
