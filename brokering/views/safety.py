"""
The safety questions: before every request, again when something has changed, and the page that stops everything.

What comes of the answers is `safekeeping.screening`'s; these pages ask, say it, and keep what was typed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from brokering import requests
from brokering.disclosure import Answered
from brokering.forms.asking import SafeNowForm, SafetyForm, moment
from brokering.homes import council_elsewhere
from brokering.models import EDITABLE
from brokering.views.asking import FORM, answered, door, guarded, mine, sameness, side
from directory import geocoding
from safekeeping import screening


def place_error(place: geocoding.Outcome | None) -> str:
    """Return what is wrong with where the child lives; "" if nothing is, also outside the city."""
    match place:
        case geocoding.Located(kind=geocoding.Kind.POSTCODE) | geocoding.OutsideCity() | None:
            return ""
        case geocoding.PostcodeTerminated(postcode=postcode):
            return f"{postcode} is no longer in use. Enter the postcode that the address has now"
        case geocoding.NonGeographic(postcode=postcode):
            return f"{postcode} is for post only: nobody lives there. Enter the postcode of the home"
        case geocoding.PostcodeUnknown(postcode=postcode):
            return f"We cannot find {postcode}. Check it, or enter the postcode of a house nearby"
    return "Enter a full postcode"


@FORM
@guarded
def safety(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the safety questions; what comes of them decides where to go on."""
    at = timezone.now()
    told = answered(request, ref, "screen", at=at)
    if not told.editable and not told.rescreen:
        return redirect("brokering:request", ref=ref)
    posted = request.method == "POST"
    adult = request.POST.get("adult") == "yes" if posted else told.screen.adult
    options: dict[str, Any] = {
        "adult": adult,
        "place_known": told.lives_in,
        "door": settings.CITY.front_door.short_name,
    }
    if posted:
        form = SafetyForm(request.POST, **options)
        form.is_valid()
        row = mine(request, ref)
        screened = requests.answer_screen(
            row, form.answers(), postcode=form.cleaned_data.get("postcode", ""), rough=form.rough_home(),
            session=sameness(request), by=request.hat, at=at,
        )  # fmt: skip
        if screened.verdict.stopped:
            return redirect("brokering:danger", ref=ref)
        if wrong := place_error(screened.place):
            form.refuse({"postcode": wrong})
        if not form.cleaned_data.get("adult"):
            form.refuse({"adult": "Say whether they are under 18"})
        said, more = advised(screened.verdict)
        form.refuse(dict(zip(map(str, screened.verdict.must), said, strict=True)))
        if not form.errors:
            return redirect("brokering:advice" if more else after_safety(row.state), ref=ref)
        told = answered(request, ref, at=at)
    else:
        initial = SafetyForm.initial_of(told.screen, told.rough, answered=told.screened_at is not None)
        form = SafetyForm(initial=initial, **options)
    context = {
        **side(told, here="screen"), "form": form, "is_adult": adult, "duty": screening.duty(**door(), adult=adult)
    }  # fmt: skip
    return render(request, "brokering/asking/safety.html", context)


def advised(verdict: screening.Verdict) -> tuple[list[str], list[screening.Words]]:
    """Return what is missing and what is advised, in words."""
    return screening.words_for(verdict, **door(), home_council=council_elsewhere(verdict.home_council))


def after_safety(state: str) -> str:
    """Return where somebody goes on after the safety questions."""
    return "brokering:child" if state in EDITABLE else "brokering:request"


def answers_in(told: Answered) -> screening.Answers:
    """Return the safety questions as answered last, with where the child lives by what is known now."""
    return replace(told.screen, home_council=told.home_council)


@require_GET
@guarded
def advice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what else to do, before going on."""
    told = answered(request, ref, "screen", at=timezone.now())
    said = advised(told.verdict)[1] if told.verdict else []
    if not said or not (told.verdict and told.verdict.may_submit):
        return redirect(after_safety(told.state), ref=ref)
    context = {
        "advice": said,
        "onward": reverse(after_safety(told.state), args=[ref]),
        **side(told, here="screen"),
    }
    return render(request, "brokering/asking/advice.html", context)


@FORM
@guarded
def danger(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop: two numbers to call. The form stays locked until a time, a reference and "safe now" are given."""
    at = timezone.now()
    told = answered(request, ref, "screen", at=at)
    if not told.stopped:
        return redirect("brokering:safety" if told.editable else "brokering:request", ref=ref)
    form = SafeNowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        if moved := try_to_open(request, told, form, at=at):
            return moved
    context = {
        "form": form, "is_adult": told.screen.adult, "saved_at": told.saved_at, "kept_until": told.kept_until,
        "sent": not told.editable, "ref": ref,
    }  # fmt: skip
    return render(request, "brokering/asking/danger.html", context)


def try_to_open(request: HttpRequest, told: Answered, form: SafeNowForm, *, at: datetime) -> HttpResponse | None:
    """Keep what was said on the danger page; return where to go on, or None with what is missing on the form."""
    known = form.cleaned_data
    now_told = replace(
        answers_in(told),
        reported_at=moment(known.get("reported_on"), known.get("reported_time")),
        reported_reference=known.get("reported_reference", ""),
        reported_to_role="",
        safe_confirmed=known.get("safe_confirmed", False),
    )
    row = mine(request, told.ref)
    screened = requests.answer_screen(row, now_told, session=sameness(request), by=request.hat, at=at)
    if not screened.verdict.stopped:
        return redirect("brokering:advice" if screened.verdict.may_submit else "brokering:safety", ref=told.ref)
    said, _ = advised(screened.verdict)
    must = zip(map(str, screened.verdict.must), said, strict=True)
    form.refuse({name: words for name, words in must if name in SafeNowForm.elsewhere})
    return None


@require_POST
@guarded
def not_in_danger(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take back a "yes" that was chosen by mistake; the question is asked again."""
    at = timezone.now()
    told = answered(request, ref, "screen", at=at)
    now_told = replace(answers_in(told), danger_now=None, safe_confirmed=False)
    requests.answer_screen(mine(request, ref), now_told, session=sameness(request), by=request.hat, at=at)
    return redirect("brokering:safety", ref=ref)
