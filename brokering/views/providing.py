"""
A provider's pages: what it is asked, its answers, and the support places that came of a yes.

A page shows what `brokering.disclosure` gives, and no name but the contact card's, which is asked for and recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from brokering import deadlines, denials, disclosure, offers, places
from brokering.disclosure import NoLongerReadable, OfferLine
from brokering.forms.providing import AcceptForm, DeclineForm, EndForm, MetForm, QuestionForm, StartForm
from brokering.lifecycle import MoveNotAllowed
from brokering.models import MET, EndReason, Offer, OfferState, PlaceState, SupportPlace
from brokering.requests import AnswerRefused
from brokering.rights import NotYours
from brokering.views.desk import ended_words, in_words, put, said
from directory.models import Role

View = Callable[..., HttpResponse]
COLUMNS = ["What", "You, now", "If you say yes", "If you say no"]
SEES = [
    ["Name, how to get in touch", "Hidden", "Shown to you, once it is sent", "Never shown"],
    ["What is on this page", "Shown", "Shown", "Gone from your screen"],
    ["Your answer", "Not given yet", "The coordinator and whoever asked", "Only the coordinator sees why"],
]
ANSWERS = {
    OfferState.ACCEPTED: ("open", "tick"),
    OfferState.DECLINED_BY_PROVIDER: ("quiet", ""),
    OfferState.EXPIRED: ("quiet", ""),
    OfferState.WITHDRAWN: ("quiet", ""),
}
OVER = {
    OfferState.ACCEPTED: ("You have said yes", "What comes next is with the support place."),
    OfferState.DECLINED_BY_PROVIDER: (
        "You have said no", "Thank you for saying so. Somebody else is asked now, and the details are gone from your screen."
    ),
    OfferState.EXPIRED: (
        "This offer has run out",
        "The time to answer is over, so somebody else is asked now. The details are gone from your screen.",
    ),
    OfferState.WITHDRAWN: (
        "This offer was taken back", "You need not do anything. The details are gone from your screen."
    ),
}  # fmt: skip


# --- what every page here needs ---
def guarded(view: View) -> View:
    """Answer what the verbs refuse: not theirs is not there, too late is said calmly."""

    @wraps(view)
    def inner(request: HttpRequest, ref: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, ref, **more)
        except NotYours:
            denials.note(ref, by=request.hat, at=timezone.now())
            raise Http404 from None
        except NoLongerReadable as over:
            return over_page(request, over.line, late=request.method == "POST")
        except offers.OfferNoLongerOpen as closed:
            try:
                disclosure.offer(ref, by=request.hat, at=timezone.now())
            except NoLongerReadable as over:
                return over_page(request, over.line, late=True, place_left=closed.place_left)
            raise
        except MoveNotAllowed:
            context = {
                "title": "This has moved on since you opened the page",
                "body": "Nothing was changed just now.",
                "links": [("Offers and support", reverse("brokering:offers"))],
            }
            return render(request, "409.html", context, status=409)

    return inner


def over_page(request: HttpRequest, line: OfferLine, *, late: bool, place_left: bool = False) -> HttpResponse:
    """Return the calm page of an offer that is over; a late answer is a conflict."""
    title, body = OVER[OfferState(line.state)]
    context = {"line": line, "title": title, "body": body, "late": late, "place_left": place_left}
    return render(request, "brokering/providing/offer_over.html", context, status=409 if late else 200)


# --- lists ---
@require_GET
def offers_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer by deadline, whom we support, and what was answered; workers see their own places."""
    at, by = timezone.now(), request.hat
    manages = by.role == Role.PROVIDER_ADMIN
    lines = disclosure.offers_of(by=by, at=at) if manages else ()
    ours = disclosure.places_of(by=by, at=at)
    context = {
        "manages": manages,
        "waiting": [one for one in lines if one.state == OfferState.OPEN],
        "answered": [(one, *ANSWERS[OfferState(one.state)]) for one in lines if one.state != OfferState.OPEN],
        "places": [one for one in ours if one.state != PlaceState.ENDED],
        "ended": [one for one in ours if one.state == PlaceState.ENDED],
        "columns": COLUMNS,
        "sees": SEES,
        "at": at,
    }
    return render(request, "brokering/providing/offers.html", context)


# --- one offer ---
@require_GET
@guarded
def offer(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an offer that waits, or calmly that it is over."""
    return offer_page(request, ref)


def offer_page(request: HttpRequest, ref: UUID, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    """Return the page of an open offer; ``bound`` are forms that came back with errors."""
    at = timezone.now()
    told = disclosure.offer(ref, by=request.hat, at=at)
    context = {
        "offer": told,
        "written": in_words(told.messages),
        "yes": AcceptForm(workers=told.workers),
        "no": DeclineForm(),
        "ask": QuestionForm(),
        "columns": COLUMNS,
        "sees": SEES,
        "at": at,
        **bound,
        "form": next(iter(bound.values()), None),
    }
    return render(request, "brokering/providing/offer.html", context, status=status)


def asked(request: HttpRequest, ref: UUID) -> Offer:
    """
    Return the offer for an answer.

    :raises NotYours: if it is another provider's
    """
    return disclosure.find(Offer, ref, request.hat, "request")


@require_POST
@guarded
def accept(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say yes."""
    at = timezone.now()
    told = disclosure.offer(ref, by=request.hat, at=at)
    form = AcceptForm(request.POST, workers=told.workers)
    if not form.is_valid():
        return offer_page(request, ref, yes=form)
    try:
        place = offers.accept(
            asked(request, ref),
            worker_role=form.cleaned_data["worker_role"],
            first_meeting_on=form.cleaned_data["first_meeting_on"],
            worker=form.worker_membership,
            by=request.hat,
            at=at,
        )
    except AnswerRefused as refused:
        put(refused.errors, form)
        return offer_page(request, ref, yes=form)
    except offers.NotAllocatable:
        form.add_error(None, "Something has changed, so nothing can be agreed just now. Ring the coordinator.")
        return offer_page(request, ref, status=409, yes=form)
    messages.success(request, "Thank you. Whoever asked now sends contact details.")
    return redirect("brokering:place", ref=place.ref)


@require_POST
@guarded
def decline(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say no, with a reason."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return offer_page(request, ref, no=form)
    try:
        offers.decline(asked(request, ref), form.reason, form.cleaned_data["words"], by=request.hat, at=timezone.now())
    except AnswerRefused as refused:
        put(refused.errors, form)
        return offer_page(request, ref, no=form)
    messages.success(request, "Thank you for answering. Somebody else is asked now.")
    return redirect("brokering:offers")


@require_POST
@guarded
def ask(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the coordinator something first."""
    form = QuestionForm(request.POST)
    if form.is_valid():
        try:
            offers.ask(asked(request, ref), form.cleaned_data["text"], by=request.hat, at=timezone.now())
        except AnswerRefused as refused:
            put(refused.errors, form)
        else:
            messages.success(request, "Your question is on its way. The clock keeps running.")
            return redirect("brokering:offer", ref=ref)
    return offer_page(request, ref, ask=form)


# --- one support place ---
@require_GET
@guarded
def place(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a support place without the name."""
    return place_page(request, ref)


@require_POST
@guarded
def contact(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a support place with the contact card, which is recorded."""
    return place_page(request, ref, card=disclosure.contact_card(ref, by=request.hat, at=timezone.now()))


def place_page(
    request: HttpRequest,
    ref: UUID,
    *,
    card: disclosure.ContactCardView | None = None,
    status: int = 200,
    **bound: forms.Form,
) -> HttpResponse:
    """Return the page of a support place, with the one form that is next."""
    at = timezone.now()
    told = disclosure.place(ref, by=request.hat, at=at)
    context = {
        "place": told,
        "card": card,
        "facts": card_facts(card) if card else (),
        "at": at,
        **forms_for(told.line.state, at=at),
        **bound,
        "form": next(iter(bound.values()), None),
    }
    return render(request, "brokering/providing/place.html", context, status=status)


def forms_for(state: str, *, at: datetime) -> dict[str, forms.Form]:
    """Return the forms that a place's state has: the next step, and the end."""
    today = deadlines.day_of(at)
    found: dict[str, forms.Form] = {}
    if state == PlaceState.ACCEPTED:
        found["met"] = MetForm(today=today)
    if state == PlaceState.INTRODUCED:
        found["start"] = StartForm(today=today)
    if state != PlaceState.ENDED:
        found["end"] = EndForm(met=state in MET)
    return found


def card_facts(card: disclosure.ContactCardView) -> list[tuple[str, str]]:
    """Return the card in words, what is not safe first."""
    return said(
        ("Do not", ", ".join(words.lower() for words in card.unsafe_ways)),
        ("Must not be told", card.must_not_be_told),
        ("Safe contact", card.safe_contact),
        ("Name", " ".join(filter(None, [card.name_used, card.family_name]))),
        ("Speak first to", ", ".join(filter(None, [card.speak_first_to, card.parent_name]))),
        ("Phone", card.telephone),
        ("You may", ", ".join(words.lower() for words in card.safe_ways) or "Nothing: ask whoever gave this"),
        ("Safe times", card.safe_times),
        ("Given by", card.given_by),
    )


def mine(request: HttpRequest, ref: UUID) -> SupportPlace:
    """
    Return the place for a deed.

    :raises NotYours: if it is another provider's, or another worker's
    """
    return disclosure.find(SupportPlace, ref, request.hat, "service", "request")


@require_POST
@guarded
def met(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Record that they have met."""
    at, row = timezone.now(), mine(request, ref)
    form = MetForm(request.POST, today=deadlines.day_of(at))
    if form.is_valid():
        try:
            places.introduced(row, on=form.cleaned_data["on"], by=request.hat, at=at)
        except AnswerRefused as refused:
            put(refused.errors, form)
        else:
            return saved(request, ref)
    return place_page(request, ref, met=form)


@require_POST
@guarded
def start(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Record that support has begun."""
    at, row = timezone.now(), mine(request, ref)
    form = StartForm(request.POST, today=deadlines.day_of(at))
    if form.is_valid():
        try:
            places.start(row, **form.cleaned_data, by=request.hat, at=at)
        except AnswerRefused as refused:
            put(refused.errors, form)
        except places.TooLong as beyond:
            latest = beyond.latest
            form.add_error(
                "planned_end_on", f"The latest day is {latest.day} {latest:%B %Y}. Longer needs the coordinator"
            )
        else:
            return saved(request, ref)
    return place_page(request, ref, start=form)


@require_POST
@guarded
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End a support place."""
    at, row = timezone.now(), mine(request, ref)
    form = EndForm(request.POST, met=row.state in MET)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            places.end(
                row, EndReason(wanted["reason"]), next_step=wanted["next_step"], family_told_on=wanted["family_told_on"],
                by=request.hat, at=at,
            )  # fmt: skip
        except AnswerRefused as refused:
            put(refused.errors, form)
        else:
            messages.success(
                request, ended_words(wanted["reason"], "The coordinator and whoever asked have been told.")
            )
            return redirect("brokering:place", ref=ref)
    return place_page(request, ref, end=form)


def saved(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Go back to the place."""
    messages.success(request, "Saved. Whoever asked has been told.")
    return redirect("brokering:place", ref=ref)
