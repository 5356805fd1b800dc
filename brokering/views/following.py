"""After sending, for whoever asked: where it stands, messages, what has changed, contact details, taking it back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from brokering import disclosure, places, requests, standing
from brokering.disclosure import Answered
from brokering.forms.asking import ChangeForm, ContactForm, MessageForm, WithdrawForm
from brokering.models import OVER, RequestState, Rescreen, SupportPlace
from brokering.requests import AnswerRefused
from brokering.views.asking import CHANGEABLE, FORM, answered, guarded, mine
from safekeeping.assumptions import in_words

CHANGES = [
    ("in_danger", "They are in danger, or have been hurt"),
    ("risk_raised", "The risk has gone up"),
    ("missing", "They have been missing"),
    ("moved", "They have moved, or will"),
]


@require_GET
@guarded
def detail(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show where the request stands, what comes next and by when; a draft goes on where it stopped."""
    told = answered(request, ref, at=timezone.now())
    return redirect(onward(told), ref=ref) if told.editable else status_page(request, ref)


def onward(told: Answered) -> str:
    """Return the page on which a draft goes on."""
    if told.state == RequestState.SCREEN_BLOCKED:
        return "brokering:danger" if told.stopped else "brokering:safety"
    return "brokering:check" if {"screen", "child"} <= told.begun else "brokering:safety"


def status_page(request: HttpRequest, ref: UUID, *, form: MessageForm | None = None) -> HttpResponse:
    """Draw the page of a request that was sent."""
    at = timezone.now()
    page = disclosure.status(ref, by=request.hat, at=at)
    context = {
        "page": page, "now": standing.of(page, door=settings.CITY.front_door.short_name), "form": form or MessageForm(),
        "changes": CHANGES, "may_change": page.state in CHANGEABLE["wishes"], "at": at,
    }  # fmt: skip
    return render(request, "brokering/asking/status.html", context)


@require_POST
@guarded
def write(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write to the coordinator, or answer what they asked."""
    at = timezone.now()
    row = mine(request, ref)
    form = MessageForm(request.POST)
    if form.is_valid():
        verb = requests.answer_question if row.state == RequestState.NEEDS_INFORMATION else requests.write
        try:
            verb(row, form.cleaned_data["text"], by=request.hat, at=at)
        except AnswerRefused as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, "Sent to the coordinator.")
            return redirect("brokering:request", ref=ref)
    return status_page(request, ref, form=form)


@require_POST
@guarded
def changed(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say that something has changed: the safety questions come next, at danger the danger page's own way there."""
    row = mine(request, ref)
    form = ChangeForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["what"]:
        return redirect("brokering:request", ref=ref)
    requests.tell_change(row, Rescreen(form.cleaned_data["what"]), by=request.hat, at=timezone.now())
    return redirect("brokering:safety", ref=ref)


@FORM
@guarded
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the request back, with a reason."""
    at = timezone.now()
    told = answered(request, ref, at=at)
    if told.editable:
        return redirect("brokering:delete", ref=ref)
    if request.method != "POST" and told.state in OVER:
        return redirect("brokering:request", ref=ref)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        requests.withdraw(mine(request, ref), form.cleaned_data["because"], by=request.hat, at=at)
        messages.success(request, "Withdrawn. You can ask again at any time.")
        return redirect("brokering:request", ref=ref)
    return render(request, "brokering/asking/withdraw.html", {"form": form, "ref": ref, "public_ref": told.public_ref})


@FORM
@guarded
def contact(request: HttpRequest, ref: UUID, place: UUID | None = None) -> HttpResponse:
    """Ask who the child is and how to reach them safely, after a provider has said yes."""
    at = timezone.now()
    wanted = disclosure.contact_wanted(ref, place=place, by=request.hat, at=at)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        known = form.cleaned_data
        card = places.Contact(**{**known, "safe_ways": tuple(known["safe_ways"])})
        taken = disclosure.find(SupportPlace, wanted.place, request.hat, "request")
        try:
            places.give_contact(taken, card, by=request.hat, at=at)
        except AnswerRefused as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, f"Sent to {wanted.organization}. They ring within {in_words('deadline.ring')}.")
            return redirect("brokering:request", ref=ref)
    return render(request, "brokering/asking/contact.html", {"form": form, "wanted": wanted})
