"""A provider's own pages: see, change and confirm its places. Every page is limited to the organization of the hat."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import capacity, links, places, reports
from directory.availability import day_words
from directory.forms import AnotherDayForm, NewPoolForm, form_for
from directory.models import CapacityModel, CapacityPool

# Of what is over, so many are still listed.
OVER_SHOWN = 20


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
    over = sorted((line for line in lines if line.over), key=lambda line: line.starts_on or date.min, reverse=True)
    return render(
        request,
        "directory/my_services.html",
        {
            "lines": [line for line in lines if not line.over],
            "over": over[:OVER_SHOWN],
            "sessions": places.sessions_of(lines),
            "summary": places.summary_of(lines),
            "at": at,
            "reported": reports.open_reports().filter(pk__in=reports.about(request.hat.organization_id, at=at)).count(),
            "links_until": links.out(request.hat.organization_id, at=at).aggregate(last=Max("expires_at"))["last"],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pool(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one pool with its history, and take the provider's new figures."""
    at = timezone.now()
    mine = pool_of(request, pk)
    if mine.called_off_at is not None:
        return was_called_off(request, mine)
    if mine.model == CapacityModel.SESSION_SLOTS and mine.starts_on is None:
        return redirect("directory:another_day", pk=mine.pk)
    asked = form_for(mine)
    form = asked(request.POST, pool=mine) if request.method == "POST" else asked.of(mine)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            capacity.declare(mine, form.declaration(), by=request.hat, at=at, version=form.cleaned_data["version"])
        except capacity.FigureChanged:
            # What was typed stays; the page above it shows what is there now, and saving again means it.
            status = 409
            mine = pool_of(request, pk)
            if mine.called_off_at is not None:
                return was_called_off(request, mine)
            form = form.after_somebody_else(mine)
        else:
            messages.success(request, f"Saved. People who look for support see it now: {mine.name}.")
            return redirect("directory:my_services")
    [line] = places.lines_for(request.hat.organization_id, at=at, only=mine.pk)
    context = {"line": line, "form": form, "history": places.history_of(mine.pk), "at": at}
    return render(request, "directory/pool.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new_pool(request: HttpRequest) -> HttpResponse:
    """Have places of one more kind counted, then ask how many there are."""
    at = timezone.now()
    told = request.POST if request.method == "POST" else None
    form = NewPoolForm(told, organization_id=request.hat.organization_id, at=at)
    if told is not None and form.is_valid():
        made = capacity.begin(form.pool(), request.hat.organization_id, by=request.hat, at=at)
        messages.success(
            request, f"{made.name} is set up. Now say how many there are: until then it says “not confirmed”."
        )
        return redirect("directory:pool", pk=made.pk)
    return render(request, "directory/new_pool.html", {"form": form})


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that a pool's figures are still right."""
    mine = pool_of(request, pk)
    if mine.called_off_at is not None:
        return was_called_off(request, mine)
    capacity.confirm(mine, by=request.hat, at=timezone.now())
    messages.success(request, f"Thank you. {mine.name}: checked today.")
    return redirect("directory:my_services")


@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take new people again."""
    mine = pool_of(request, pk)
    if mine.called_off_at is not None:
        return was_called_off(request, mine)
    capacity.resume(mine, by=request.hat, at=timezone.now())
    messages.success(request, f"{mine.name} is open to new offers again.")
    return redirect("directory:my_services")


@require_http_methods(["GET", "HEAD", "POST"])
def another_day(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add another day to a session, or the first one."""
    at = timezone.now()
    mine = pool_of(request, pk)
    if mine.model != CapacityModel.SESSION_SLOTS:
        raise Http404
    form = AnotherDayForm(request.POST if request.method == "POST" else None, at=at, initial={"external_occupied": 0})
    if request.method == "POST" and form.is_valid():
        try:
            new = capacity.add_day(mine, form.day(), by=request.hat, at=at)
        except capacity.SessionThen as refusal:
            form.add_error("on", f"{refusal} Change that one, or enter another day or time")
        except capacity.IsOver:  # the minute has passed since the form looked at the clock
            form.add_error("on", "Enter a day and time to come")
        else:
            [line] = places.lines_for(request.hat.organization_id, at=at, only=new.pk)
            messages.success(request, f"Added. People who look for support see it now: {line.full_name}.")
            return redirect("directory:my_services")
    [line] = places.lines_for(request.hat.organization_id, at=at, only=mine.pk)
    return render(request, "directory/another_day.html", {"form": form, "line": line})


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call a session off that nobody has a place in; where somebody has, say who has to be told first."""
    at = timezone.now()
    mine = pool_of(request, pk)
    if mine.model != CapacityModel.SESSION_SLOTS or mine.starts_on is None:
        raise Http404
    if mine.called_off_at is not None:
        return was_called_off(request, mine)
    status = 200
    if request.method == "POST":
        try:
            capacity.call_off(mine, by=request.hat, at=at)
        except capacity.SomebodyHasAPlace:
            status = 409  # the page says who has
        except capacity.IsOver:
            messages.warning(request, f"{mine.name} has begun, so it cannot be called off.")
            return redirect("directory:my_services")
        else:
            return was_called_off(request, mine)
    [line] = places.lines_for(request.hat.organization_id, at=at, only=mine.pk)
    if line.over:
        return redirect("directory:my_services")
    return render(request, "directory/call_off.html", {"line": line}, status=status)


def was_called_off(request: HttpRequest, mine: CapacityPool) -> HttpResponse:
    """Say so, whoever did it and however often the button was pressed."""
    assert mine.starts_on is not None
    messages.success(
        request,
        f"Called off: {mine.name}, {day_words(mine.starts_on, mine.begins_at)}. Nobody can ask for it any more.",
    )
    return redirect("directory:my_services")


@require_POST
def stop_links(request: HttpRequest) -> HttpResponse:
    """Stop the links in the e-mails that we sent to this provider."""
    links.stop(request.hat.organization_id, by=request.hat, at=timezone.now())
    messages.success(request, "The links in our e-mails work no more. Your figures are as they were.")
    return redirect("directory:my_services")
