"""The sessions as the team runs them: planned, opened, changed, called off; and who comes. Each look at who comes is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safekeeping import audit
from training import pages, sessions
from training.forms import CallOffForm, SessionForm
from training.lifecycle import MoveNotAllowed
from training.models import Booking, CalledOff, CourseSession, SessionState
from training.sessions import ChangedMeanwhile, SeatsAreTaken, SessionRefusal

MOST_PAST = 20


def session_of(ref: Any) -> CourseSession:
    """
    Return a session in whatever state.

    :raises Http404: if there is none
    """
    row = CourseSession.objects.with_all_that_is_shown().select_related("course__organization").filter(pk=ref).first()
    if row is None:
        raise Http404
    return row


@require_safe
def run(request: HttpRequest) -> HttpResponse:
    """Show every session to come, with how many seats are taken, and the last ones that were."""
    at = timezone.now()
    rows = CourseSession.objects.with_all_that_is_shown()
    coming = pages.cards_of(rows.filter(ends_at__gt=at).order_by("starts_at", "ref"), at=at)
    past = pages.cards_of(rows.filter(ends_at__lte=at).order_by("-starts_at", "ref")[:MOST_PAST], at=at)
    return render(request, "training/team/run.html", {"months": pages.by_month(coming), "past": past})


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Take the plan of a new session."""
    at = timezone.now()
    form = SessionForm(request.POST, at=at) if request.method == "POST" else SessionForm(at=at)
    if request.method == "POST" and form.is_valid():
        made = sessions.plan(form.cleaned_data["course"], form.plan(), by=request.hat, at=at)
        messages.success(request, "Planned. Nobody sees it until you open it for booking.")
        return redirect("training:register", made.pk)
    return render(request, "training/team/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: Any) -> HttpResponse:
    """Take what is different about a session."""
    at = timezone.now()
    row = session_of(ref)
    form = SessionForm.of(row, at=at)
    status = 200
    if request.method == "POST":
        form = SessionForm(request.POST, at=at, initial=form.initial)
        form.fields["course"].disabled = True
        if form.is_valid():
            try:
                version = form.cleaned_data["version"] or 0
                sessions.change(row, form.plan(), version=version, by=request.hat, at=at)
            except SeatsAreTaken as refusal:
                form.add_error("seats", refusal.message)
            except ChangedMeanwhile as refusal:
                status = 409
                typed = form.data.copy()
                typed["version"] = str(session_of(ref).version)
                form = SessionForm(typed, at=at, initial=form.initial)
                form.fields["course"].disabled = True
                form.add_error(None, f"{refusal.message}. Save again if what stands here is right")
            except SessionRefusal as refusal:
                status = 409
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "Saved. If the day, place or way in has changed, everybody was told.")
                return redirect("training:register", ref)
    return render(request, "training/team/form.html", {"form": form, "card": pages.card_of(row, at=at)}, status=status)


@require_safe
def register(request: HttpRequest, ref: Any) -> HttpResponse:
    """Show who comes and what they need; that somebody looked is in the trail."""
    at = timezone.now()
    row = session_of(ref)
    with transaction.atomic():
        rows = Booking.objects.visible_to(request.hat).filter(session=row).select_related("person", "organization")
        found = list(rows)
        needs = [(one, one.needs or "") for one in found if one.state == "confirmed"]
        audit.record("training.register.read", by=request.hat, at=at, subject="session", ref=row.pk, fields=["needs"])
    context = {
        "row": row,
        "page": pages.session_page(row, at=at),
        "coming": needs,
        "ended": [one for one in found if one.state != "confirmed"],
        "joining": list(pages.lines_of(row.joining)),
        "to_come": row.starts_at > at,
        "planned": row.state == SessionState.PLANNED,
        "over": row.state == SessionState.CANCELLED,
    }
    return render(request, "training/team/register.html", context)


@require_POST
def open_for_booking(request: HttpRequest, ref: Any) -> HttpResponse:
    """Let people book."""
    try:
        sessions.open_for_booking(session_of(ref), by=request.hat, at=timezone.now())
    except MoveNotAllowed:
        messages.info(request, "It was open already, or has been called off.")
    else:
        messages.success(request, "Open. People can book it now.")
    return redirect("training:register", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, ref: Any) -> HttpResponse:
    """Ask why, then call a session off and tell everybody."""
    at = timezone.now()
    row = session_of(ref)
    form = CallOffForm(request.POST) if request.method == "POST" else CallOffForm()
    if request.method == "POST" and form.is_valid():
        try:
            told = sessions.call_off(row, CalledOff(form.cleaned_data["because"]), by=request.hat, at=at)
        except (SessionRefusal, MoveNotAllowed):
            messages.info(request, "It has begun, or was called off already.")
        else:
            messages.success(request, f"Called off. {told} {'person was' if told == 1 else 'people were'} told.")
        return redirect("training:register", ref)
    return render(request, "training/team/call_off.html", {"form": form, "page": pages.session_page(row, at=at)})
