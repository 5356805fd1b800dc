"""
Asking for support for one child, page by page: begun, four sections, checked, sent.

A page shows what `brokering.disclosure` gives, which records that it was read; the safety questions are in
`brokering.views.safety`, what comes after sending in `brokering.views.following`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from brokering import context_disclosure, denials, disclosure, requests, standing, summary
from brokering.answers import Help
from brokering.disclosure import Answered
from brokering.forms.asking import AgreementForm, ChildForm, HelpForm, Section, WishesForm, kinds_of_support
from brokering.lifecycle import MoveNotAllowed
from brokering.models import EDITABLE, OVER, PlacementRequest, RequestState
from brokering.requests import AnswerRefused, Incomplete, SafetyFirst
from brokering.rights import NotYours
from directory.models import Service
from safekeeping import audit, front_door, screening
from safekeeping.assumptions import in_words

View = Callable[..., HttpResponse]
FORM = require_http_methods(["GET", "HEAD", "POST"])
CAME_FROM = "came_from"
PAGES = {"screen": "safety", "child": "child", "wishes": "wishes", "help": "help", "agreement": "agreement"}
AFTER = {"child": "wishes", "wishes": "help", "help": "agreement", "agreement": "check"}
# Until when each section may be changed: brokering.requests says so again to whoever tries.
OPEN = frozenset(
    {RequestState.DRAFT, RequestState.TRIAGE, RequestState.NEEDS_INFORMATION, RequestState.PAUSED_STATUTORY}
)
CHANGEABLE = {
    "screen": EDITABLE,
    "child": frozenset({RequestState.DRAFT, RequestState.TRIAGE, RequestState.NEEDS_INFORMATION}),
    "wishes": OPEN | {RequestState.MATCHING},
    "help": OPEN | {RequestState.MATCHING},
    "agreement": frozenset(RequestState) - OVER - {RequestState.SCREEN_BLOCKED},
}


# --- what every page here needs ---
def sameness(request: HttpRequest) -> str:
    """Return what tells this session from another, and does not give the session away."""
    return audit.fingerprint(request.session.session_key or "")


def mine(request: HttpRequest, ref: UUID) -> PlacementRequest:
    """
    Return the request for a deed.

    :raises NotYours: if there is none, or it is somebody else's
    """
    return disclosure.find(PlacementRequest, ref, request.hat)


def answered(request: HttpRequest, ref: UUID, *sections: str, at: datetime) -> Answered:
    """
    Return how far the request has come, and the answers of these sections.

    :raises NotYours: if there is none, or it is somebody else's
    """
    return disclosure.answered(ref, sections=sections, session=sameness(request), by=request.hat, at=at)


def guarded(view: View) -> View:
    """Answer what the verbs refuse: not theirs is not there, locked goes to the safety questions, too late is said."""

    @wraps(view)
    def inner(request: HttpRequest, ref: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, ref, **more)
        except NotYours:
            denials.note(ref, by=request.hat, at=timezone.now())
            raise Http404 from None
        except SafetyFirst:
            return redirect("brokering:safety", ref=ref)
        except MoveNotAllowed:
            ways = [("Look at the request", reverse("brokering:request", args=[ref]))]
            context = {
                "title": "This request has moved on since you opened the page",
                "body": "Nothing was changed just now. Look at where it stands.",
                "links": [*ways, ("My requests", reverse("brokering:requests"))],
            }
            return render(request, "409.html", context, status=409)

    return inner


def door() -> dict[str, str]:
    """Return the front door as the words of the safety questions need it."""
    now = front_door.door()
    return {"front_door": now.short_name, "telephone": now.telephone}


@dataclass(frozen=True, slots=True)
class Mark:
    """One section in the list of what there is to do."""

    words: str
    state: str
    said: str
    url: str


def progress(told: Answered, *, here: str) -> list[Mark]:
    """Return the sections and how far each has come; "check" stands at the end."""
    gaps = [one.section for one in told.missing]
    marks = []
    for section, words in [*requests.SECTIONS.items(), ("check", "Check and send")]:
        left = gaps.count(section)
        state = "now" if section == here else "done" if section != "check" and not left else ""
        said = "You are here" if section == here else "Done" if state == "done" else "Not started"
        if not state and section in told.begun:
            said = "1 answer missing" if left == 1 else f"{left} answers missing"
        marks.append(Mark(words, state, said, reverse(f"brokering:{PAGES.get(section, 'check')}", args=[told.ref])))
    return marks


def side(told: Answered, *, here: str) -> dict[str, Any]:
    """Return what the column beside every section says."""
    return {
        "ref": told.ref,
        "marks": progress(told, here=here) if told.editable else [],
        "saved_at": told.saved_at,
        "kept_until": told.kept_until,
        "editable": told.editable,
        "public_ref": told.public_ref,
        "adult": told.adult,
        "duty": screening.duty(**door(), adult=bool(told.adult)),
    }


# --- the list, and beginning ---
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show what this person has asked for, what waits for them first."""
    at = timezone.now()
    live, over = standing.lines(disclosure.requests_of(by=request.hat, at=at), at=at)
    places = context_disclosure.requests_of(by=request.hat, at=at)
    context = {
        "lines": live, "over": over, "at": at, "places": [one for one in places if not one.over],
        "places_over": [one for one in places if one.over],
    }  # fmt: skip
    return render(request, "brokering/asking/index.html", context)


def came_from(request: HttpRequest) -> Service | None:
    """Return the service that somebody read about before they asked."""
    slug = request.POST.get("service") or request.GET.get("service") or ""
    return Service.objects.visible_to(request.hat).filter(slug=slug[:200]).first() if slug else None


@FORM
def start(request: HttpRequest) -> HttpResponse:
    """Say what is needed and how long it takes; a POST begins a draft."""
    at = timezone.now()
    service = came_from(request)
    if request.method == "POST":
        row = requests.begin(by=request.hat, at=at, is_demo=bool(getattr(request.user, "is_demo", False)))
        if service is not None and service.service_type.code in dict(kinds_of_support()):
            requests.tell_help(row, Help(wanted=(service.service_type.code,)), by=request.hat, at=at)
            request.session[CAME_FROM] = {**request.session.get(CAME_FROM, {}), str(row.ref): service.name}
        return redirect("brokering:safety", ref=row.ref)
    duty = screening.duty(**door())
    context = {"duty": duty, "service": service.name if service else "", "slug": service.slug if service else ""}
    return render(request, "brokering/asking/start.html", context)


# --- the sections ---
def section_page(
    request: HttpRequest,
    ref: UUID,
    *,
    section: str,
    make: Callable[..., Any],
    tell: Callable[..., None],
    options: Callable[[Answered], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show one section with what was said before, or keep what is said now and go on."""
    at = timezone.now()
    posted = request.method == "POST"
    told = answered(request, ref, *([] if posted else [section]), at=at)
    if told.state == RequestState.SCREEN_BLOCKED or (told.state == RequestState.DRAFT and told.screened_at is None):
        raise SafetyFirst
    if not posted and told.state not in CHANGEABLE[section]:
        return redirect("brokering:request", ref=ref)
    extra = options(told) if options else {}
    if posted:
        form: Section = make(request.POST, **extra)
        if form.is_valid():
            try:
                tell(mine(request, ref), form.told(), by=request.hat, at=at)
            except AnswerRefused as refused:
                form.refuse(refused.errors)
            except Incomplete as incomplete:
                form.refuse({one.field: one.words for one in incomplete.missing})
            else:
                if told.editable:
                    leave = "leave" in request.POST
                    return redirect("brokering:requests") if leave else redirect(f"brokering:{AFTER[section]}", ref=ref)
                messages.success(request, "Saved. The coordinator sees it.")
                return redirect("brokering:request", ref=ref)
    else:
        form = make(initial=make.initial_of(getattr(told, section)), **extra)
    context = {
        "form": form, "section": section, "title": requests.SECTIONS[section], **side(told, here=section),
        "came_from": request.session.get(CAME_FROM, {}).get(str(ref), ""),
    }  # fmt: skip
    return render(request, f"brokering/asking/{section}.html", context)


@FORM
@guarded
def child(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask about the child and the worry."""
    return section_page(request, ref, section="child", make=ChildForm, tell=requests.tell_child)


@FORM
@guarded
def wishes(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what the child wants, in their own words."""
    return section_page(request, ref, section="wishes", make=WishesForm, tell=requests.tell_wishes)


@FORM
@guarded
def help_wanted(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what would help."""
    return section_page(request, ref, section="help", make=HelpForm, tell=requests.tell_help)


@FORM
@guarded
def agreement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask why information may be shared and, apart from that, who has said yes."""
    return section_page(
        request, ref, section="agreement", make=AgreementForm, tell=requests.tell_agreement,
        options=lambda told: {"adult": told.adult},
    )  # fmt: skip


# --- check and send ---
@dataclass(frozen=True, slots=True)
class Group:
    """One section of the summary, with its one way to change it; "" where nothing can be changed any more."""

    section: str
    title: str
    url: str
    rows: summary.Pairs


def groups(told: Answered) -> list[Group]:
    """Return everything that was told, what they want first."""

    def address(section: str) -> str:
        if told.state not in CHANGEABLE[section]:
            return ""
        return reverse(f"brokering:{PAGES[section]}", args=[told.ref])

    return [
        Group(section, requests.SECTIONS[section], address(section), rows) for section, rows in summary.of(told).items()
    ]


def who_sees_what() -> tuple[tuple[str, str, str], ...]:
    """Return what a coordinator and a provider see of a request, step by step."""
    return (
        ("You send it", "Everything above, and initials", "Nothing"),
        ("It is offered", "The same", "Age band, area, worry, risk, wishes, times, access"),
        ("They say yes", "The same", "A name and a safe way to make contact, which you give then"),
        ("It ends", "How it ended", f"Nothing, after {in_words('deadline.readable')}"),
    )


DATES = frozenset({"date_of_birth", "risk_on", "notice_by_on"})


def gap_links(gaps: Iterable[requests.Missing], ref: UUID) -> list[tuple[str, str]]:
    """Return what is missing, each with the address of its question."""
    return [
        (
            one.words,
            f"{reverse(f'brokering:{PAGES[one.section]}', args=[ref])}#id_{one.field}{'-day' if one.field in DATES else ''}",
        )
        for one in gaps
    ]


@FORM
@guarded
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show everything once more, say what is missing and who will see what; a POST sends it."""
    at = timezone.now()
    tried = request.method == "POST"
    if tried:
        try:
            reference = requests.submit(mine(request, ref), session=sameness(request), by=request.hat, at=at)
        except Incomplete:
            pass  # what is missing stands on the page, first of all
        except MoveNotAllowed:
            return redirect("brokering:request", ref=ref)  # sent a moment ago: sending twice sends once
        else:
            messages.success(request, f"Sent. Your reference is {reference}.")
            return redirect("brokering:request", ref=ref)
    told = answered(request, ref, *requests.SECTIONS, at=at)
    if told.state == RequestState.SCREEN_BLOCKED:
        raise SafetyFirst
    context = {
        "wishes": told.wishes.wishes, "groups": groups(told), "gaps": gap_links(told.missing, ref),
        "tried": bool(tried and told.missing),
        "columns": ("When", "A coordinator sees", "The provider sees"), "sees": who_sees_what(),
        "urgent": told.urgent, **side(told, here="check"),
    }  # fmt: skip
    return render(request, "brokering/asking/check.html", context)


@FORM
@guarded
def delete(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Delete a draft with everything in it."""
    at = timezone.now()
    if request.method == "POST":
        requests.discard(mine(request, ref), by=request.hat, at=at)
        messages.success(request, "The draft is deleted.")
        return redirect("brokering:requests")
    told = answered(request, ref, at=at)
    if not told.editable:
        return redirect("brokering:request", ref=ref)
    return render(request, "brokering/asking/delete.html", {"ref": ref, "begun_at": told.begun_at})
