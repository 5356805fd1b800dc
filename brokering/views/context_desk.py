"""
Deciding about a school, a group or a place: one request, and every deed on it, by the Partnership Team or a coordinator there.

A page shows what `brokering.context_disclosure` gives; a deed is one verb, and what it refuses is said on the page where it
was asked for, with what was typed. Looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from brokering import context_disclosure as disclosure
from brokering import contexts, deadlines, denials
from brokering.contexts import NamesFound
from brokering.disclosure import find
from brokering.forms.contexts import DecideForm, Named, PlaceCloseForm, PlaceMessageForm, PlaceWithdrawForm
from brokering.lifecycle import MoveNotAllowed
from brokering.models import ContextOutcome, ContextRequest
from brokering.requests import AnswerRefused
from brokering.rights import NotYours
from brokering.views.desk import in_words

View = Callable[..., HttpResponse]
DONE = {
    ContextOutcome.RESPONSE_AGREED: "Recorded. Whoever asked has been told, and it is yours.",
    ContextOutcome.STEPPED_UP_STATUTORY: "Recorded, and closed here. Whoever asked has been told.",
}


def guarded(view: View) -> View:
    """Answer what every verb may refuse: not within reach is not there, and somebody else's move is told as such."""

    @wraps(view)
    def inner(request: HttpRequest, ref: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, ref, **more)
        except NotYours:
            denials.note(ref, by=request.hat, at=timezone.now())
            raise Http404 from None
        except MoveNotAllowed:
            context = {
                "title": "This request has moved on since you opened the page",
                "body": "Nothing was changed just now.",
                "links": [
                    ("Look at the request", reverse("brokering:desk_context", args=[ref])),
                    ("Desk", reverse("brokering:desk")),
                ],
            }
            return render(request, "409.html", context, status=409)

    return inner


def of(request: HttpRequest, ref: UUID) -> ContextRequest:
    """
    Return the request for a deed.

    :raises NotYours: if the hat cannot see it
    """
    row: ContextRequest = find(ContextRequest, ref, request.hat)
    return row


def done(request: HttpRequest, ref: UUID, said: str) -> HttpResponse:
    """Say what was done, and go back to the request."""
    messages.success(request, said)
    return redirect("brokering:desk_context", ref=ref)


def tried(form: Named, deed: Callable[[], Any]) -> bool:
    """Do it; what is refused goes beside its question."""
    try:
        deed()
    except NamesFound as refused:
        form.stop(refused)
    except AnswerRefused as refused:
        form.refuse(refused.errors)
    else:
        return True
    return False


@require_GET
@guarded
def case(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show one request."""
    return case_page(request, ref)


def case_page(request: HttpRequest, ref: UUID, **bound: Named) -> HttpResponse:
    """Return the page of one request; ``bound`` are forms that came back with errors, by their name in the template."""
    at = timezone.now()
    told = disclosure.case(ref, by=request.hat, at=at)
    context = {
        "case": told,
        "written": in_words(told.messages),
        "decide": DecideForm(today=deadlines.day_of(at)),
        "message": PlaceMessageForm(prefix="message"),
        "withdraw": PlaceWithdrawForm(prefix="withdraw"),
        "close": PlaceCloseForm(prefix="close"),
        "at": at,
        **bound,
        "failed": list(bound.values()),
        "form": next(iter(bound.values()), None),
    }
    return render(request, "brokering/contexts/case.html", context)


@require_POST
@guarded
def take(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Make the request one's own."""
    contexts.take(of(request, ref), by=request.hat, at=timezone.now())
    return done(request, ref, "It is yours now.")


@require_POST
@guarded
def decide(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the decision: a response, somebody else, the front door, known already, nothing more."""
    at, row = timezone.now(), of(request, ref)
    form = DecideForm(request.POST, today=deadlines.day_of(at))
    if form.is_valid() and tried(form, lambda: contexts.decide(row, form.told(), by=request.hat, at=at)):
        outcome = ContextOutcome(form.cleaned_data["outcome"])
        return done(request, ref, DONE.get(outcome, "Closed. Whoever asked has been told."))
    return case_page(request, ref, decide=form)


@require_POST
@guarded
def message(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write to whoever asked."""
    row, form = of(request, ref), PlaceMessageForm(request.POST, prefix="message")
    if form.is_valid():
        words = form.cleaned_data["text"]
        if tried(form, lambda: contexts.write(row, words, by=request.hat, at=timezone.now())):
            return done(request, ref, "Sent.")
    return case_page(request, ref, message=form)


@require_POST
@guarded
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the request back, for whoever asked."""
    row, form = of(request, ref), PlaceWithdrawForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return case_page(request, ref, withdraw=form)
    contexts.withdraw(row, form.cleaned_data["because"], by=request.hat, at=timezone.now())
    return done(request, ref, "The request was taken back.")


@require_POST
@guarded
def close(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Close a request whose response is over."""
    row, form = of(request, ref), PlaceCloseForm(request.POST, prefix="close")
    if form.is_valid():
        because, words = form.cleaned_data["because"], form.cleaned_data["words"]
        if tried(form, lambda: contexts.close(row, because, words, by=request.hat, at=timezone.now())):
            return done(request, ref, "Closed.")
    return case_page(request, ref, close=form)
