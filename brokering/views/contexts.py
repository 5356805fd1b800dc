"""
Asking for a school, a group or a place, page by page: begun, the safety questions, three sections, checked, sent, followed.

What the scanner has found is quoted beside its question on a page that still holds what was typed; it is written nowhere
else. Where it turns out to be about one child, or about more than one, another request begins with nothing in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brokering import assumptions, contexts, denials
from brokering import context_disclosure as disclosure
from brokering.answers import RoughHome
from brokering.context_answers import FREE
from brokering.context_disclosure import answered, answers_of, screen_lines
from brokering.contexts import NamesFound
from brokering.forms.asking import moment
from brokering.forms.contexts import (
    HappeningForm,
    Named,
    PlaceForm,
    PlaceMessageForm,
    PlaceSafeNowForm,
    PlaceSafetyForm,
    PlaceWithdrawForm,
    WantedForm,
)
from brokering.lifecycle import MoveNotAllowed
from brokering.models import CONTEXT_EDITABLE, CONTEXT_OVER, EDITABLE, ContextOutcome, ContextRequest, ContextState
from brokering.requests import AnswerRefused, Incomplete, Missing, SafetyFirst
from brokering.rights import NotYours
from brokering.views import asking
from brokering.views.asking import Mark, door, sameness
from safekeeping import audit, screening

View = Callable[..., HttpResponse]
FORM = require_http_methods(["GET", "HEAD", "POST"])
S = ContextState
PAGES = {
    "screen": "context_safety", "place": "context_place", "happening": "context_happening", "help": "context_help",
    "check": "context_check",
}  # fmt: skip
AFTER = {"place": "context_happening", "happening": "context_help", "help": "context_check"}
# The question that stands for an answer where a form has another name for it.
QUESTIONS = {"affected": "affected_0", "context_type": "context_type_0", "danger_now": "danger_now_0"}


# --- what every page here needs -----------------------------------------------------------------------------------------
def mine(request: HttpRequest, ref: UUID) -> ContextRequest:
    """
    Return the request if this hat may see it.

    :raises NotYours: if there is none, or it is somebody else's
    """
    row: ContextRequest = disclosure.find(ContextRequest, ref, request.hat, *disclosure.RELATED)
    return row


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
            return redirect("brokering:context_safety", ref=ref)
        except MoveNotAllowed:
            context = {
                "title": "This request has moved on since you opened the page",
                "body": "Nothing was changed just now. Look at where it stands.",
                "links": [
                    ("Look at the request", reverse("brokering:context", args=[ref])),
                    ("My requests", reverse("brokering:requests")),
                ],
            }
            return render(request, "409.html", context, status=409)

    return inner


def last_answers(row: ContextRequest) -> screening.Answers:
    """Return the safety questions as answered last, none if never."""
    return answers_of(contexts.latest_screen(row))


def progress(row: ContextRequest, *, here: str, session: str) -> list[Mark]:
    """Return the sections and how far each has come; "check" stands at the end."""
    gaps = [one.section for one in contexts.missing(row, session=session)]
    touched = {
        "screen": contexts.latest_screen(row) is not None,
        "place": bool(row.context_type or row.label),
        "happening": bool(row.harm_types or row.what_is_known),
        "help": bool(row.response_wanted or row.accountable_owner),
    }
    marks = []
    for section, words in [*contexts.SECTIONS.items(), ("check", "Check and send")]:
        left = gaps.count(section)
        state = "now" if section == here else "done" if section != "check" and not left else ""
        said = "You are here" if section == here else "Done" if state == "done" else "Not started"
        if not state and touched.get(section):
            said = "1 answer missing" if left == 1 else f"{left} answers missing"
        marks.append(Mark(words, state, said, reverse(f"brokering:{PAGES[section]}", args=[row.ref])))
    return marks


def side(request: HttpRequest, row: ContextRequest, *, here: str, stopped: bool = False) -> dict[str, Any]:
    """Return what the column beside every section says; ``stopped``: what was typed has not been saved."""
    editable = row.state in CONTEXT_EDITABLE
    return {
        "ref": row.ref,
        "marks": progress(row, here=here, session=sameness(request)) if editable else [],
        "saved_at": row.changed_at,
        "kept_until": row.changed_at + assumptions.DRAFT_KEPT.span,
        "editable": editable,
        "public_ref": row.public_ref or "",
        "stopped": stopped,
    }


def read_back(request: HttpRequest, row: ContextRequest, *, fields: list[str], at: datetime) -> None:
    """Record that answers were given back to be read; inside the transaction of the reading."""
    audit.record("context.read-back", by=request.hat, at=at, subject="context", ref=row.ref, fields=fields)


# --- beginning ----------------------------------------------------------------------------------------------------------
@FORM
def start(request: HttpRequest) -> HttpResponse:
    """Say what is needed and that nobody is named; a POST begins a draft."""
    if request.method == "POST":
        demo = bool(getattr(request.user, "is_demo", False))
        row = contexts.begin(by=request.hat, at=timezone.now(), is_demo=demo)
        return redirect("brokering:context_safety", ref=row.ref)
    return render(request, "brokering/contexts/start.html", {"duty": screening.duty(**door())})


@FORM
@guarded
def about_a_place(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what becomes of a child's request that is about a whole school or place; a POST begins another with nothing in it."""
    child = asking.mine(request, ref)
    if request.method == "POST":
        row = contexts.begin_instead_of_child(child, by=request.hat, at=timezone.now())
        messages.success(request, "A new request has begun. Nothing was taken over.")
        return redirect("brokering:context_safety", ref=row.ref)
    context = {"back": reverse("brokering:request", args=[ref]), "draft": child.state in EDITABLE}
    return render(request, "brokering/contexts/about_a_place.html", context)


@FORM
@guarded
def one_child(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what becomes of a request that is about one child after all; a POST begins a child's with nothing in it."""
    row = mine(request, ref)
    if request.method == "POST":
        child = contexts.begin_child_instead(row, by=request.hat, at=timezone.now())
        messages.success(request, "A new request has begun. Nothing was taken over.")
        return redirect("brokering:safety", ref=child.ref)
    if row.state in CONTEXT_OVER:
        return redirect("brokering:context", ref=ref)
    context = {"back": reverse("brokering:context", args=[ref]), "draft": row.state in CONTEXT_EDITABLE}
    return render(request, "brokering/contexts/one_child.html", context)


# --- is anybody in danger? ----------------------------------------------------------------------------------------------
def advised(verdict: screening.Verdict) -> tuple[list[str], list[screening.Words]]:
    """Return what is missing and what is advised, in words."""
    return screening.words_for(verdict, **door())


@FORM
@guarded
def safety(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the safety questions; what comes of them decides where to go on."""
    at = timezone.now()
    row = mine(request, ref)
    if row.state not in CONTEXT_EDITABLE:
        return redirect("brokering:context", ref=ref)
    name = settings.CITY.front_door.short_name
    stopped = False
    if request.method == "POST":
        form = PlaceSafetyForm(request.POST, door=name)
        form.is_valid()
        try:
            verdict = contexts.answer_screen(row, form.answers(), session=sameness(request), by=request.hat, at=at)
        except NamesFound as refused:
            stopped = True
            form.stop(refused)
        else:
            if verdict.stopped:
                return redirect("brokering:context_danger", ref=ref)
            said, advice = advised(verdict)
            form.refuse(dict(zip(map(str, verdict.must), said, strict=True)))
            if not form.errors:
                return redirect(f"brokering:{'context_advice' if advice else 'context_place'}", ref=ref)
    else:
        with transaction.atomic():
            last = contexts.latest_screen(row)
            known = PlaceSafetyForm.initial_of(answers_of(last), RoughHome(), answered=last is not None)
            form = PlaceSafetyForm(initial=known, door=name)
            if last:
                read_back(request, row, fields=["screen"], at=at)
    context = {
        "form": form, "duty": screening.duty(**door()), **side(request, row, here="screen", stopped=stopped)
    }  # fmt: skip
    return render(request, "brokering/contexts/safety.html", context)


@require_GET
@guarded
def advice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what else to do, before going on."""
    row = mine(request, ref)
    verdict = contexts.judge(last_answers(row), at=timezone.now())
    _, said = advised(verdict)
    if not said or not verdict.may_submit or row.state not in CONTEXT_EDITABLE:
        return redirect("brokering:context", ref=ref)
    onward = reverse("brokering:context_place", args=[row.ref])
    context = {"advice": said, "onward": onward, **side(request, row, here="screen")}
    return render(request, "brokering/contexts/advice.html", context)


@FORM
@guarded
def danger(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop: two numbers to call. The form stays locked until a time, a reference and "safe now" are given."""
    at = timezone.now()
    row = mine(request, ref)
    told = last_answers(row)
    if row.state not in CONTEXT_EDITABLE or not contexts.judge(told, at=at).stopped:
        return redirect("brokering:context", ref=ref)
    form = PlaceSafeNowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        known = form.cleaned_data
        now_told = replace(
            told,
            reported_at=moment(known.get("reported_on"), known.get("reported_time")),
            reported_reference=known.get("reported_reference", ""),
            reported_to_role="",
            safe_confirmed=known.get("safe_confirmed", False),
        )
        try:
            verdict = contexts.answer_screen(row, now_told, session=sameness(request), by=request.hat, at=at)
        except NamesFound as refused:
            form.stop(refused)
        else:
            if not verdict.stopped:
                return redirect(
                    "brokering:context_advice" if verdict.may_submit else "brokering:context_safety", ref=ref
                )
            said, _ = advised(verdict)
            form.refuse(
                {
                    name: words
                    for name, words in zip(map(str, verdict.must), said, strict=True)
                    if name in PlaceSafeNowForm.elsewhere
                }
            )
    context = {
        "form": form, "is_adult": False, "saved_at": row.changed_at, "kept_until": row.changed_at + assumptions.DRAFT_KEPT.span,
        "sent": False, "ref": ref,
    }  # fmt: skip
    return render(request, "brokering/contexts/danger.html", context)


@require_POST
@guarded
def not_in_danger(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take back a "yes" that was chosen by mistake; the question is asked again."""
    row = mine(request, ref)
    told = replace(last_answers(row), danger_now=None, safe_confirmed=False)
    contexts.answer_screen(row, told, session=sameness(request), by=request.hat, at=timezone.now())
    return redirect("brokering:context_safety", ref=ref)


# --- the sections -------------------------------------------------------------------------------------------------------
def place_initial(row: ContextRequest) -> dict[str, Any]:
    """Return the section about the place as the form shows it."""
    return {
        "context_type": row.context_type, "known_as": contexts.known_as(row), "label": row.label,
        "place_description": row.place_description, "ward": row.ward_id or "",
    }  # fmt: skip


def happening_initial(row: ContextRequest) -> dict[str, Any]:
    """Return what happens as the form shows it."""
    return {name: getattr(row, name) for name in (
        "harm_types", "pattern", "what_is_known", "affected", "youngest", "oldest", "strengths"
    )}  # fmt: skip


def wanted_initial(row: ContextRequest) -> dict[str, Any]:
    """Return what would help as the form shows it."""
    names = ("response_wanted", "partners", "tried_already", "accountable_owner")
    return {name: getattr(row, name) for name in names}


def section_page(
    request: HttpRequest,
    ref: UUID,
    *,
    section: str,
    make: Callable[..., Any],
    initial: Callable[[ContextRequest], dict[str, Any]],
    tell: Callable[..., None],
) -> HttpResponse:
    """Show one section with what was said before, or keep what is said now and go on."""
    at = timezone.now()
    row = mine(request, ref)
    if row.state == S.SCREEN_BLOCKED or (row.state == S.DRAFT and contexts.latest_screen(row) is None):
        raise SafetyFirst
    if request.method != "POST" and row.state != S.DRAFT:
        return redirect("brokering:context", ref=ref)
    stopped = False
    if request.method == "POST":
        form: Named = make(request.POST)
        if not form.is_valid():
            stopped = looked_through(form, at=at)
        else:
            try:
                tell(row, form.told(), by=request.hat, at=at)  # type: ignore[attr-defined]
            except NamesFound as refused:
                stopped = True
                form.stop(refused)
            except AnswerRefused as refused:
                form.refuse(refused.errors)
            else:
                leave = "leave" in request.POST
                return redirect("brokering:requests") if leave else redirect(f"brokering:{AFTER[section]}", ref=ref)
    else:
        with transaction.atomic():
            form = make(initial=initial(row))
            read_back(request, row, fields=[section], at=at)
    context = {
        "form": form, "title": contexts.SECTIONS[section], **side(request, row, here=section, stopped=stopped)
    }  # fmt: skip
    return render(request, f"brokering/contexts/{section}.html", context)


def looked_through(form: Named, *, at: datetime) -> bool:
    """Quote names also where something else is wrong; everything that needs another look is said at once."""
    try:
        contexts.look_through({name: form.cleaned_data.get(name, "") for name in FREE[form.kept_as]}, {}, at=at)
    except NamesFound as refused:
        form.stop(refused)
        return True
    return False


@FORM
@guarded
def place(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask which school, group or place."""
    return section_page(
        request, ref, section="place", make=PlaceForm, initial=place_initial, tell=contexts.tell_place
    )  # fmt: skip


@FORM
@guarded
def happening(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what happens there, and when."""
    return section_page(
        request, ref, section="happening", make=HappeningForm, initial=happening_initial, tell=contexts.tell_happening
    )  # fmt: skip


@FORM
@guarded
def help_wanted(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what would help, and who answers for the place."""
    return section_page(request, ref, section="help", make=WantedForm, initial=wanted_initial, tell=contexts.tell_help)


# --- check and send -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Group:
    """One section of the summary, with its one way to change it; "" where nothing can be changed any more."""

    section: str
    title: str
    url: str
    rows: list[tuple[str, str]]


def groups(row: ContextRequest) -> list[Group]:
    """Return everything that was told."""
    told = {section: list(pairs) for section, pairs in answered(row).items()}
    told["screen"] = [(one.question, one.answer) for one in screen_lines(last_answers(row))]
    return [
        Group(
            section,
            contexts.SECTIONS[section],
            reverse(f"brokering:{PAGES[section]}", args=[row.ref]) if row.state in CONTEXT_EDITABLE else "",
            rows,
        )
        for section, rows in told.items()
    ]


SEES = (
    ("The Partnership Team, and coordinators there", "Everything above, and who asked"),
    ("You, and at a school its safeguarding leads", "Everything above, and what is decided"),
    ("Providers, other schools, anybody else", "Nothing"),
)


def gap_links(gaps: tuple[Missing, ...], ref: UUID) -> list[tuple[str, str]]:
    """Return what is missing, each with the address of its question."""
    return [
        (
            one.words,
            f"{reverse(f'brokering:{PAGES[one.section]}', args=[ref])}#id_{QUESTIONS.get(one.field, one.field)}",
        )
        for one in gaps
    ]


@FORM
@guarded
def check(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show everything once more, say what is missing and who will see it; a POST sends it."""
    at = timezone.now()
    row = mine(request, ref)
    tried = request.method == "POST"
    if tried:
        try:
            reference = contexts.submit(row, session=sameness(request), by=request.hat, at=at)
        except Incomplete:
            row = mine(request, ref)
        except MoveNotAllowed:
            return redirect("brokering:context", ref=ref)  # sent a moment ago: sending twice sends once
        else:
            messages.success(request, f"Sent. Your reference is {reference}.")
            return redirect("brokering:context", ref=ref)
    if row.state == S.SCREEN_BLOCKED:
        raise SafetyFirst
    with transaction.atomic():
        gaps = contexts.missing(row, session=sameness(request)) if row.state in CONTEXT_EDITABLE else ()
        context = {
            "groups": groups(row), "gaps": gap_links(gaps, ref), "tried": bool(tried and gaps),
            "columns": ("Who", "What they see"), "sees": SEES,
            "duty": screening.duty(**door()), **side(request, row, here="check"),
        }  # fmt: skip
        read_back(request, row, fields=["screen", "place", "happening", "help"], at=at)
    return render(request, "brokering/contexts/check.html", context)


# --- after sending ------------------------------------------------------------------------------------------------------
@require_GET
@guarded
def detail(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show where the request stands, what comes next and by when; a draft goes on where it stopped."""
    row = mine(request, ref)
    if row.state in CONTEXT_EDITABLE:
        return redirect(f"brokering:{onward(row)}", ref=ref)
    return status_page(request, row)


def onward(row: ContextRequest) -> str:
    """Return the page on which a draft goes on."""
    if row.state == S.SCREEN_BLOCKED:
        told = last_answers(row)
        in_danger = told.danger_now is screening.YES and not told.safe_confirmed
        return "context_danger" if in_danger else "context_safety"
    if contexts.latest_screen(row) is None:
        return "context_safety"
    return "context_check" if row.label else "context_place"


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of the way; `state` is done, now or "" for still to come."""

    words: str
    state: str
    at: datetime | None = None


def headline(page: disclosure.ContextView) -> tuple[str, str]:
    """Return where it stands, and what happens next."""
    if page.state == S.WITHDRAWN:
        return "This request was withdrawn", ""
    if page.state == S.CLOSED:
        return {
            ContextOutcome.SIGNPOSTED: "Somebody else can do it",
            ContextOutcome.STEPPED_UP_STATUTORY: f"It is with {settings.CITY.front_door.short_name} now",
            ContextOutcome.DUPLICATE: "We know of it already",
            ContextOutcome.NO_FURTHER_ACTION: "Nothing more is needed",
        }.get(ContextOutcome(page.outcome) if page.outcome else None, "This request is closed"), ""  # type: ignore[arg-type]
    if page.outcome:
        return "A response is agreed", f"{page.owner} looks at it again"
    if page.state == S.OWNED:
        return f"{page.owner} works on it", "They decide what can be done there"
    return "The Partnership Team reads your request", "They read it, or a coordinator there does, and decide"


def steps(page: disclosure.ContextView) -> tuple[Step, ...]:
    """Return the way of a place's request, and how far it has come; none once it is over."""
    if page.over:
        return ()
    owned, agreed = page.state == S.OWNED, bool(page.outcome)
    when = {event.title: event.at for event in page.events}
    reached = [
        ("You asked", True, page.submitted_at),
        ("Somebody takes it on", owned, when.get(disclosure.BECAME[S.OWNED])),
        ("They decide what helps", agreed, None),
        ("It is done, and looked at again", False, None),
    ]
    now = next(number for number, one in enumerate(reached) if not one[1])
    return tuple(
        Step(words, "now" if number == now else "done" if done else "", at if done else None)
        for number, (words, done, at) in enumerate(reached)
    )


FOLLOWS = (
    ("If we can do something there", "You read here what, who does it, and when it is looked at again."),
    ("If somebody else can", "We say who, and how to reach them."),
    ("If we need to know more", "You get a message here."),
    ("Meanwhile", "If a child is harmed or may be, that cannot wait for this: call."),
)


def status_page(request: HttpRequest, row: ContextRequest, *, form: PlaceMessageForm | None = None) -> HttpResponse:
    """Draw the page of a request that was sent."""
    at = timezone.now()
    page = disclosure.status(row.pk, by=request.hat, at=at)
    title, lead = headline(page)
    context = {
        "page": page, "title": title, "lead": lead, "steps": steps(page),
        "follows": FOLLOWS if not page.over and not page.outcome else (), "form": form or PlaceMessageForm(), "at": at,
    }  # fmt: skip
    return render(request, "brokering/contexts/status.html", context)


@require_POST
@guarded
def write(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write to those who decide."""
    row = mine(request, ref)
    if row.state in CONTEXT_EDITABLE:
        return redirect("brokering:context", ref=ref)
    form = PlaceMessageForm(request.POST)
    if form.is_valid():
        try:
            contexts.write(row, form.cleaned_data["text"], by=request.hat, at=timezone.now())
        except NamesFound as refused:
            form.stop(refused)
        except AnswerRefused as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, "Sent.")
            return redirect("brokering:context", ref=ref)
    return status_page(request, row, form=form)


@FORM
@guarded
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the request back, with a reason."""
    row = mine(request, ref)
    if row.state in CONTEXT_EDITABLE:
        return redirect("brokering:context_delete", ref=ref)
    if request.method != "POST" and row.state in CONTEXT_OVER:
        return redirect("brokering:context", ref=ref)
    form = PlaceWithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        contexts.withdraw(row, form.cleaned_data["because"], by=request.hat, at=timezone.now())
        messages.success(request, "Withdrawn. You can ask again at any time.")
        return redirect("brokering:context", ref=ref)
    context = {"form": form, "ref": ref, "public_ref": row.public_ref}
    return render(request, "brokering/contexts/withdraw.html", context)


@FORM
@guarded
def delete(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Delete a draft with everything in it."""
    row = mine(request, ref)
    if request.method == "POST":
        contexts.discard(row, by=request.hat, at=timezone.now())
        messages.success(request, "The draft is deleted.")
        return redirect("brokering:requests")
    if row.state not in CONTEXT_EDITABLE:
        return redirect("brokering:context", ref=ref)
    return render(request, "brokering/asking/delete.html", {"ref": ref, "begun_at": row.begun_at})
