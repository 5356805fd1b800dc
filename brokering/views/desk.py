"""
The coordinator's pages: the queue, one request, what fits, and every deed on it.

A page shows what `brokering.disclosure` gives; a deed is one verb, and what it refuses is said on the page where it was
asked for, with what was typed. Looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brokering import (
    context_disclosure,
    deadlines,
    denials,
    disclosure,
    offers,
    places,
    requests,
    restrictions,
    shortlists,
    triage,
)
from brokering.context_disclosure import ContextDeskLine
from brokering.disclosure import CoordinatorView, DeskFilter, DeskLine, Readers, ShortlistView
from brokering.forms.desk import (
    CHILDREN,
    CLOSED,
    MINE,
    PLACES,
    CloseForm,
    EndPlaceForm,
    FilterForm,
    LiftForm,
    MessageForm,
    OfferForm,
    OrderForm,
    OutcomeForm,
    ReadersForm,
    ReplyForm,
    TakeBackForm,
    TriageForm,
    WithdrawForm,
)
from brokering.lifecycle import MoveNotAllowed
from brokering.matching import FACTOR_WORDS, Factor
from brokering.models import (
    MET,
    CoAttendanceCheck,
    EndReason,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    SecondCheck,
    SupportPlace,
    TriageOutcome,
)
from brokering.requests import AnswerRefused
from brokering.rights import NotYours
from directory.availability import LONDON, UNKNOWN, Availability
from directory.capacity import CapacityRefusal
from directory.models import Role

View = Callable[..., HttpResponse]
Line = DeskLine | ContextDeskLine
BANDS = {"late": "Late", "today": "Due today", "week": "In the next seven days", "later": "Later, or no date"}
SAFETY_FIRST = "Something has changed. The safety questions have to be answered again first."
FRONT_DOOR_FIRST = "The risk is critical. Record what the front door has decided first."


# --- what every deed needs ---
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
            return moved_on(
                request, ref, "This request has moved on since you opened the page", "Nothing was changed just now."
            )
        except offers.OfferNoLongerOpen:
            return moved_on(request, ref, "This offer is not open any more", "It was answered, taken back or ran out.")

    return inner


def moved_on(request: HttpRequest, ref: UUID, title: str, body: str) -> HttpResponse:
    """Return the page for a deed that came too late."""
    links = [
        ("Look at the request", reverse("brokering:desk_request", args=[ref])),
        ("Desk", reverse("brokering:desk")),
    ]
    return render(request, "409.html", {"title": title, "body": body, "links": links}, status=409)


def of(request: HttpRequest, ref: UUID) -> PlacementRequest:
    """
    Return the request for a deed.

    :raises NotYours: if the hat cannot see it
    """
    return disclosure.find(PlacementRequest, ref, request.hat)


def put(errors: dict[str, str], form: forms.Form, **renamed: str) -> None:
    """Put what a verb has refused beside the answers that it is about."""
    for name, said in errors.items():
        name = renamed.get(name, name)
        form.add_error(name if name in form.fields else None, said)


def done(request: HttpRequest, ref: UUID, said: str) -> HttpResponse:
    """Say what was done, without a word about the child, and go back to the request."""
    messages.success(request, said)
    return redirect("brokering:desk_request", ref=ref)


# --- the queue ---
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show everything open that is within reach, children and places, what is late first."""
    at = timezone.now()
    form = FilterForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    show, state, about = wanted.get("show", ""), wanted.get("state", ""), wanted.get("about", "")
    narrowed = DeskFilter(
        text=wanted.get("q", ""),
        mine_and_unowned=show == MINE,
        states=frozenset({state} if state else ()),
        risks=frozenset({wanted["risk"]} if wanted.get("risk") else ()),
        with_closed=show == CLOSED,
    )
    coordinates = request.hat.role == Role.COORDINATOR
    children = disclosure.desk(narrowed, by=request.hat, at=at) if coordinates and about != PLACES else None
    places = context_disclosure.desk(narrowed, by=request.hat, at=at) if about != CHILDREN else None
    queues = [queue for queue in (children, places) if queue is not None]
    lines: list[Line] = [line for queue in queues for line in queue.lines]
    lines.sort(
        key=lambda line: (line.due_at is None, line.due_at or at)
    )  # each queue's own order stays within a moment
    context = {
        "desk": children,
        "coordinates": coordinates,
        "late": sum(queue.late for queue in queues),
        "due_today": sum(queue.due_today for queue in queues),
        "due_this_week": sum(queue.due_this_week for queue in queues),
        "bands": list(in_bands(lines, at=at)),
        "filter": form,
        "filtered": any(wanted.values()),
        "at": at,
    }
    return render(request, "brokering/desk/desk.html", context)


def in_bands(lines: list[Line], *, at: datetime) -> Iterator[tuple[str, str, list[Line]]]:
    """Yield code, words and lines of every part of the queue that has any."""
    for code, words in BANDS.items():
        if inside := [line for line in lines if band_of(line.due_at, at=at) == code]:
            yield code, words, inside


def band_of(due_at: datetime | None, *, at: datetime) -> str:
    """Return the part of the queue that a moment belongs to."""
    if due_at is None:
        return "later"
    if due_at < at:
        return "late"
    days = (due_at.astimezone(LONDON).date() - at.astimezone(LONDON).date()).days
    if days == 0:
        return "today"
    return "week" if days <= 7 else "later"


# --- one request ---
@require_GET
@guarded
def case(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show one request."""
    return case_page(request, ref)


@require_POST
@guarded
def initials(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show one request with the initials, which is recorded."""
    return case_page(request, ref, reveal=True)


def case_page(
    request: HttpRequest, ref: UUID, *, reveal: bool = False, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    """Return the page of one request; ``bound`` are forms that came back with errors, by their name in the template."""
    at = timezone.now()
    told = disclosure.case(ref, reveal=reveal, by=request.hat, at=at)
    waiting = [
        (one, bound.get(f"take_back_{one.ref}") or TakeBackForm(prefix=f"back-{one.ref}"),
         bound.get(f"reply_{one.ref}") or ReplyForm(prefix=f"reply-{one.ref}"))
        for one in told.offers
        if one.state == OfferState.OPEN
    ]  # fmt: skip
    context = {
        "case": told,
        "facts": facts_of(told),
        "details": details_of(told),
        "waiting": waiting,
        "answered": [one for one in told.offers if one.state != OfferState.OPEN],
        "places": [
            (
                one,
                None
                if one.state == PlaceState.ENDED
                else bound.get(f"end_{one.ref}") or end_form(one.ref, met=one.met),
            )
            for one in told.places
        ],
        "written": in_words(told.messages),
        "triage": TriageForm(today=deadlines.day_of(at), may_accept="decide" in told.may),
        "outcome": OutcomeForm(),
        "message": MessageForm(),
        "withdraw": WithdrawForm(),
        "close": CloseForm(),
        "at": at,
        **{name: form for name, form in bound.items() if "_" not in name},
        "failed": list(bound.values()),
        "form": next(iter(bound.values()), None),
    }
    return render(request, "brokering/desk/request.html", context, status=status)


def end_form(place: UUID, data: QueryDict | None = None, *, met: bool) -> EndPlaceForm:
    """Return the form that ends one of the places on the page."""
    return EndPlaceForm(data, prefix=f"end-{place}", met=met)


def in_words(lines: tuple[disclosure.MessageLine, ...]) -> list[dict[str, Any]]:
    """Return messages for a timeline, newest first."""
    return [
        {"title": "You" if one.mine else f"{one.by}, {one.role}", "at": one.at, "text": one.text}
        for one in reversed(lines)
    ]


Facts = list[tuple[str, str]]


def said(*pairs: tuple[str, str]) -> Facts:
    """Return the pairs that have words."""
    return [(term, words) for term, words in pairs if words]


def dated(words: str, day: date | None) -> str:
    """Return words with the day they are about."""
    return f"{words}, {day.day} {day:%B}" if words and day else words


def starting(day: date | None) -> str:
    """Return "From 3 December"."""
    return f"From {day.day} {day:%B}" if day else ""


def facts_of(told: CoordinatorView) -> Facts:
    """Return what stands beside the child's words: risk, why now, safety, agreement."""
    reported = [f"{line.question}: {line.answer}" for line in told.screen if line.question.endswith(" told")]
    risk = f"{told.risk_words}, set by {told.risk_set}" if told.risk_set else told.risk_words
    return said(
        ("Risk", f"{risk}. Out of date: ask" if told.risk_is_old else risk),
        ("Why now", dated(told.critical_moment, told.critical_moment_on)),
        ("Safety", ". ".join([*reported, *(f"Not in {one}" for one in told.avoid), *told.screen_advice])),
        ("Agreed", told.participation),
        ("Good times", told.good_times),
        ("Home", f"{told.no_postcode}. How far it is to a service is not known" if told.no_postcode else ""),
    )


def details_of(told: CoordinatorView) -> Facts:
    """Return what else whoever asked has said."""
    return said(
        ("Worries", ", ".join(told.harms)),
        ("Where", told.context),
        ("Level of need", told.level_of_need),
        ("Asked for", ", ".join(told.wanted)),
        ("Hoping for", ". ".join(told.goals)),
        ("Would like", ". ".join(told.preferences)),
        ("Access", ", ".join(told.access_needs)),
        ("Safe contact", told.safe_contact),
        ("Tried already", told.tried_already),
        ("Start", starting(told.start_wanted_on)),
        ("Route", told.route),
        ("Lead", ", ".join(filter(None, [told.lead_professional_role, told.lead_professional_contact]))),
        ("Process", told.statutory_status),
        ("Front door decided", told.statutory_outcome),
        ("Social worker agreed", told.statutory_agreement),
        ("Their reference", told.case_reference),
        ("Basis", told.lawful_basis),
        ("Family told", ". ".join(filter(None, [told.notice, told.notice_because]))),
        ("Not asked because", told.participation_because),
        ("Same child?", ", ".join(told.duplicates)),
    )


@require_POST
@guarded
def decide(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the coordinator's decision: accept, ask, to the front door, or elsewhere."""
    at, by = timezone.now(), request.hat
    row = of(request, ref)
    form = TriageForm(request.POST, today=deadlines.day_of(at))
    if not form.is_valid():
        return case_page(request, ref, triage=form)
    try:
        return carry_out(request, row, form, at=at)
    except AnswerRefused as refused:
        put(refused.errors, form, told_at="told_on", alternative="instead")
    except triage.SafetyQuestionsDue:
        form.add_error(None, SAFETY_FIRST)
    except triage.StatutoryFirst:
        form.add_error(None, FRONT_DOOR_FIRST)
    except triage.SecondCheckNeeded:
        triage.ask_second(row, SecondCheck.What.NOT_SUITABLE, because=form.cleaned_data["rationale"], by=by, at=at)
        return done(request, ref, "Another coordinator has to agree. They have been told. Then decide again here.")
    except shortlists.WishesMissing:
        form.add_error(None, "Nobody has asked the child yet, or said why not. Ask that first.")
    return case_page(request, ref, status=409, triage=form)


def carry_out(request: HttpRequest, row: PlacementRequest, form: TriageForm, *, at: datetime) -> HttpResponse:
    """Call the verb of the decision, and go on to where it leads."""
    by, wanted = request.hat, form.cleaned_data
    why, principles = wanted["rationale"], wanted["principles"]
    match TriageOutcome(wanted["outcome"]):
        case TriageOutcome.ACCEPT_CHILD:
            triage.accept(row, rationale=why, principles=principles, by=by, at=at)
            messages.success(request, "Accepted. This is what fits.")
            return redirect("brokering:desk_shortlist", ref=row.ref)
        case TriageOutcome.NEEDS_INFORMATION:
            triage.ask(row, question=wanted["question"], rationale=why, by=by, at=at)
            return done(request, row.ref, "Your question is on its way.")
        case TriageOutcome.ESCALATE_FRONT_DOOR:
            role = wanted["told_by_role"]
            triage.escalate(row, told_at=form.told_at, told_by_role=role, rationale=why, by=by, at=at)
            return done(request, row.ref, "Recorded. The request waits for what they decide.")
        case outcome:
            triage.redirect(
                row, outcome, rationale=why, alternative=form.alternative, principles=principles, by=by, at=at
            )
            return done(request, row.ref, "Whoever asked has been told what to do instead.")


@require_POST
@guarded
def outcome(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Record what the front door has decided."""
    row, form = of(request, ref), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            triage.resume(row, **form.cleaned_data, by=request.hat, at=timezone.now())
            return done(request, ref, "Recorded. Now decide.")
        except AnswerRefused as refused:
            put(refused.errors, form)
        except triage.NotByTheSamePerson:
            form.add_error(None, "Whoever called the front door cannot record its outcome. Ask another coordinator.")
            return case_page(request, ref, status=409, outcome=form)
    return case_page(request, ref, outcome=form)


@require_POST
@guarded
def take(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Make the request the coordinator's own."""
    requests.take(of(request, ref), by=request.hat, at=timezone.now())
    return done(request, ref, "It is yours now.")


@require_POST
@guarded
def message(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write to whoever asked."""
    row, form = of(request, ref), MessageForm(request.POST)
    if form.is_valid():
        try:
            requests.write(row, form.cleaned_data["text"], by=request.hat, at=timezone.now())
            return done(request, ref, "Sent.")
        except AnswerRefused as refused:
            put(refused.errors, form)
    return case_page(request, ref, message=form)


@require_POST
@guarded
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the request back."""
    row, form = of(request, ref), WithdrawForm(request.POST)
    if not form.is_valid():
        return case_page(request, ref, withdraw=form)
    requests.withdraw(row, form.cleaned_data["because"], by=request.hat, at=timezone.now())
    return done(request, ref, "The request was taken back, and whatever was held is free again.")


@require_POST
@guarded
def close(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Close a request whose support has ended."""
    row, form = of(request, ref), CloseForm(request.POST)
    if not form.is_valid():
        return case_page(request, ref, close=form)
    requests.close(row, form.cleaned_data["because"], form.cleaned_data["words"], by=request.hat, at=timezone.now())
    return done(request, ref, "Closed.")


@require_POST
@guarded
def again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Look for another place after one has ended."""
    at, row = timezone.now(), of(request, ref)
    requests.look_again(row, by=request.hat, at=at)
    shortlists.run(row, by=request.hat, at=at)
    return redirect("brokering:desk_shortlist", ref=ref)


@require_POST
@guarded
def agree(request: HttpRequest, ref: UUID, check: UUID) -> HttpResponse:
    """Agree, as a second coordinator."""
    found = disclosure.find(SecondCheck, check, request.hat)
    if found.request_id != ref:
        raise NotYours
    try:
        triage.agree(found, by=request.hat, at=timezone.now())
    except triage.NotByTheSamePerson:
        return moved_on(request, ref, "Somebody else has to agree", "You asked for this, or you work for the provider.")
    return done(request, ref, "You have agreed. Whoever asked can go on.")


@require_POST
@guarded
def end_place(request: HttpRequest, ref: UUID, place: UUID) -> HttpResponse:
    """End a support place, where its provider cannot or does not."""
    found = disclosure.find(SupportPlace, place, request.hat, "service", "request", "offer")
    if found.request_id != ref:
        raise NotYours
    form = end_form(place, request.POST, met=found.state in MET)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            places.end(
                found, EndReason(wanted["reason"]), next_step=wanted["next_step"],
                family_told_on=wanted["family_told_on"], by=request.hat, at=timezone.now(),
            )  # fmt: skip
            return done(request, ref, ended_words(wanted["reason"], "The provider and whoever asked have been told."))
        except AnswerRefused as refused:
            put(refused.errors, form)
    return case_page(request, ref, **{f"end_{place}": form})


def ended_words(reason: str, told: str) -> str:
    """Return what is said after the end of a place; after a child's death nobody was told by e-mail."""
    if reason == EndReason.DIED:
        return "Ended. No message was sent, and only named people see the request from now on."
    return f"Ended. The place is free again. {told}"


# --- who may see it ---
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def readers(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show who may see the request, and let only named people from now on."""
    at = timezone.now()
    told = disclosure.readers(ref, by=request.hat, at=at)
    if request.method != "POST":
        return readers_page(request, told)
    form = ReadersForm(request.POST, people=told.people)
    if form.is_valid():
        try:
            because = form.cleaned_data["because"]
            restrictions.restrict(of(request, ref), readers=form.named, because=because, by=request.hat, at=at)
            return done(request, ref, "Only the people you named see it now.")
        except AnswerRefused as refused:
            put(refused.errors, form)
    return readers_page(request, told, form=form)


def readers_page(
    request: HttpRequest, told: Readers, *, form: ReadersForm | None = None, lift: LiftForm | None = None
) -> HttpResponse:
    """Return the page about who may see it."""
    named = {"readers": [str(person) for person in told.named]}
    context = {
        "told": told,
        "form": form or lift,
        "naming": form or ReadersForm(people=told.people, initial=named),
        "lift": lift or LiftForm(),
    }
    return render(request, "brokering/desk/readers.html", context)


@require_POST
@guarded
def lift(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let everybody within reach see the request again."""
    at, row, form = timezone.now(), of(request, ref), LiftForm(request.POST)
    if form.is_valid():
        try:
            restrictions.lift(row, because=form.cleaned_data["because"], by=request.hat, at=at)
            return done(request, ref, "Every coordinator of the area sees it again.")
        except AnswerRefused as refused:
            put(refused.errors, form)
    return readers_page(request, disclosure.readers(ref, by=request.hat, at=at), lift=form)


# --- what fits, and offering it ---
@require_GET
@guarded
def shortlist(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show what fitted at the last look, with what is free now."""
    return shortlist_page(request, ref, OfferForm())


def shortlist_page(
    request: HttpRequest,
    ref: UUID,
    form: OfferForm,
    *,
    wanted: UUID | None = None,
    order: OrderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page to choose from; ``wanted`` is the service whose offer came back with an error."""
    at = timezone.now()
    found = disclosure.shortlist(ref, by=request.hat, at=at)
    first = {"first": found.found.order[0]} if found.found else {}
    context = choosing(found.case, found.found, form, at=at) | {
        "form": order or form,
        "wanted": wanted,
        "order": order or OrderForm(initial=first),
    }
    return render(request, "brokering/desk/shortlist.html", context, status=status)


def choosing(told: CoordinatorView, found: ShortlistView | None, form: OfferForm, *, at: datetime) -> dict[str, Any]:
    """Return what both pages with offers to make need."""
    agreed = {one.service for one in told.checks if one.agreed_by and one.service}
    return {
        "case": told,
        "facts": facts_of(told),
        "found": found,
        "in_order": ", then ".join(FACTOR_WORDS[Factor(one)] for one in found.order[:4]) if found else "",
        "may_offer": "offer" in told.may,
        "agreed": agreed,
        "asks_agreement": bool(told.statutory_status) and not told.statutory_agreement,
        "offer_form": form,
        "at": at,
    }


@require_POST
@guarded
def look(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Look everything up anew, in the usual order or with something else first."""
    form = OrderForm(request.POST)
    if not form.is_valid():
        return shortlist_page(request, ref, OfferForm(), order=form)
    try:
        shortlists.run(of(request, ref), order=form.order, by=request.hat, at=timezone.now())
    except shortlists.WishesMissing:
        return moved_on(
            request,
            ref,
            "Nobody has asked the child yet",
            "Ask what they want, or why nobody could ask. Then look again.",
        )
    return redirect("brokering:desk_shortlist", ref=ref)


@require_POST
@guarded
def attest(request: HttpRequest, ref: UUID, service: UUID) -> HttpResponse:
    """Record whether others who attend make it unsafe, and look again with that."""
    at, row = timezone.now(), of(request, ref)
    if request.POST.get("result") not in CoAttendanceCheck.Result.values:
        raise Http404
    shortlists.attest(row, service, CoAttendanceCheck.Result(request.POST["result"]), by=request.hat, at=at)
    shortlists.run(row, by=request.hat, at=at)
    return redirect("brokering:desk_shortlist", ref=ref)


@require_POST
@guarded
def second(request: HttpRequest, ref: UUID, service: UUID) -> HttpResponse:
    """Ask another coordinator to agree that the reader offers to their own employer."""
    row, form = of(request, ref), OfferForm(request.POST)
    if form.is_valid():
        try:
            triage.ask_second(
                row, SecondCheck.What.CONFLICT_OF_INTEREST, because=form.cleaned_data["because"], service_id=service,
                by=request.hat, at=timezone.now(),
            )  # fmt: skip
            return done(request, ref, "Another coordinator has to agree. They have been told.")
        except AnswerRefused as refused:
            put(refused.errors, form)
    return shortlist_page(request, ref, form)


@require_POST
@guarded
def offer(request: HttpRequest, ref: UUID, service: UUID) -> HttpResponse:
    """Hold a place and ask its provider; who comes too late sees what is left, with the draft kept."""
    at, row, form = timezone.now(), of(request, ref), OfferForm(request.POST)
    if not form.is_valid():
        return shortlist_page(request, ref, form, wanted=service)
    try:
        made = offers.make(row, service, **form.cleaned_data, by=request.hat, at=at)
    except offers.PlaceGone as gone:
        return gone_page(request, row, service, form, taken_at=gone.taken_at)
    except AnswerRefused as refused:
        put(refused.errors, form)
        return shortlist_page(request, ref, form, wanted=service)
    except offers.ReasonNeeded as needed:
        form.add_error("because", str(needed))
    except offers.StatutoryAgreementNeeded as needed:
        form.add_error("statutory_agreement", str(needed))
    except offers.DoesNotFit as changed:
        form.add_error(None, " ".join([str(changed), *(f"{reason.text}." for reason in changed.reasons)]))
    except (offers.NotAllocatable, CapacityRefusal) as refusal:
        form.add_error(None, str(refusal))
    else:
        until = timezone.localtime(made.expires_at)
        return done(request, ref, f"Offered. One place is held until {until:%a} {until.day} {until:%b}, {until:%H:%M}.")
    return shortlist_page(request, ref, form, wanted=service, status=409)


def gone_page(
    request: HttpRequest, row: PlacementRequest, service: UUID, form: OfferForm, *, taken_at: datetime | None
) -> HttpResponse:
    """Return the page for whoever was seconds too late: which place, when it went, and what is best now."""
    at = timezone.now()
    before = disclosure.shortlist(row.ref, by=request.hat, at=at).found
    wanted = next((one for one in before.fits if one.service == service), None) if before else None
    shortlists.run(row, by=request.hat, at=at)
    now = disclosure.shortlist(row.ref, by=request.hat, at=at)
    name = wanted.name if wanted else "this service"
    when = f" at {timezone.localtime(taken_at):%H:%M}" if taken_at else ""
    room: Availability = wanted.availability if wanted else UNKNOWN
    context = choosing(now.case, now.found, form, at=at) | {
        "title": f"The last place at {name} was taken{when}",
        "room": room,
        "kept": bool(form.cleaned_data["note"]),
    }
    return render(request, "brokering/desk/gone.html", context, status=409)


@require_POST
@guarded
def take_back(request: HttpRequest, ref: UUID, offer: UUID) -> HttpResponse:
    """Take an open offer back."""
    found = offer_of(request, ref, offer)
    form = TakeBackForm(request.POST, prefix=f"back-{offer}")
    if not form.is_valid():
        return case_page(request, ref, **{f"take_back_{offer}": form})
    offers.take_back(found, form.cleaned_data["because"], by=request.hat, at=timezone.now())
    return done(request, ref, "The offer was taken back. Its place is free again.")


@require_POST
@guarded
def reply(request: HttpRequest, ref: UUID, offer: UUID) -> HttpResponse:
    """Answer what a provider has asked."""
    found = offer_of(request, ref, offer)
    form = ReplyForm(request.POST, prefix=f"reply-{offer}")
    if form.is_valid():
        try:
            offers.reply(found, form.cleaned_data["text"], by=request.hat, at=timezone.now())
            return done(request, ref, "Sent to the provider.")
        except AnswerRefused as refused:
            put(refused.errors, form)
    return case_page(request, ref, **{f"reply_{offer}": form})


def offer_of(request: HttpRequest, ref: UUID, offer: UUID) -> Offer:
    """
    Return an offer of that request.

    :raises NotYours: if it is another's
    """
    found = disclosure.find(Offer, offer, request.hat, "request")
    if found.request_id != ref:
        raise NotYours
    return found
