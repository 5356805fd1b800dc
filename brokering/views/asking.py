"""
Asking for support for one child, page by page: begun, the safety questions, four sections, checked, sent, followed.

Every row comes through what the hat may see; what a page shows are plain values. Reading somebody's answers back is
recorded in the same transaction as it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
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

from brokering import context_disclosure, deadlines, denials, disclosure, places, profiles, requests, standing
from brokering.answers import AVOID_REASONS, Help, Preferences, avoid_from_text, list_from_text
from brokering.forms.asking import (
    AgreementForm,
    ChangeForm,
    ChildForm,
    ContactForm,
    HelpForm,
    MessageForm,
    SafeNowForm,
    SafetyForm,
    Section,
    WishesForm,
    WithdrawForm,
    kinds_of_support,
    moment,
    yes_no,
)
from brokering.lifecycle import MoveNotAllowed
from brokering.models import EDITABLE, OVER, PlacementRequest, PlaceState, RequestState, Rescreen, Sex, SupportPlace
from brokering.requests import AnswerRefused, Incomplete, SafetyFirst
from brokering.rights import NotYours
from directory import geocoding, vocabularies
from directory.models import Service
from directory.postcodes import PostcodesNotLoaded
from safekeeping import audit, screening
from safekeeping.working_time import LONDON

View = Callable[..., HttpResponse]
FORM = require_http_methods(["GET", "HEAD", "POST"])
CAME_FROM = "came_from"
PAGES = {"screen": "safety", "child": "child", "wishes": "wishes", "help": "help", "agreement": "agreement"}
AFTER = {"child": "wishes", "wishes": "help", "help": "agreement", "agreement": "check"}


# --- what every page here needs ---
def sameness(request: HttpRequest) -> str:
    """Return what tells this session from another, and does not give the session away."""
    return audit.fingerprint(request.session.session_key or "")


def mine(request: HttpRequest, ref: UUID) -> PlacementRequest:
    """
    Return the request if this hat may see it.

    :raises NotYours: if there is none, or it is somebody else's
    """
    rows = PlacementRequest.objects.visible_to(request.hat).select_related("coordinator", "ward", "locality")
    found = rows.filter(pk=ref).first()
    if found is None:
        raise NotYours
    return found


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
    return {"front_door": settings.CITY.front_door.short_name, "telephone": settings.CITY.front_door.telephone}


def council_named(code: str) -> str:
    """Return the name of a council, "" where we do not know it."""
    for one in settings.CITY.neighbours:
        if one.code == code:
            return str(one.name)
    try:
        return next((geocoding.council_name(c) for c in geocoding.postcode_table().councils() if c.code == code), "")
    except PostcodesNotLoaded:
        return ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One section in the list of what there is to do."""

    words: str
    state: str
    said: str
    url: str


def progress(row: PlacementRequest, *, here: str, at: datetime, session: str) -> list[Mark]:
    """Return the sections and how far each has come; "check" stands at the end."""
    gaps = [one.section for one in requests.missing(row, at=at, session=session)]
    untouched = {
        "screen": requests.latest_screen(row) is None,
        "child": not (row.initials or row.harm_types),
        "wishes": not (row.wishes or row.wishes_not_asked_because),
        "help": not row.wanted,
        "agreement": not (row.lawful_basis or row.participation),
    }
    marks = []
    for section, words in [*requests.SECTIONS.items(), ("check", "Check and send")]:
        left = gaps.count(section)
        state = "now" if section == here else "done" if section != "check" and not left else ""
        said = "You are here" if section == here else "Done" if state == "done" else "Not started"
        if not state and section != "check" and not untouched[section]:
            said = "1 answer missing" if left == 1 else f"{left} answers missing"
        marks.append(Mark(words, state, said, reverse(f"brokering:{PAGES.get(section, 'check')}", args=[row.ref])))
    return marks


def side(request: HttpRequest, row: PlacementRequest, *, here: str, at: datetime) -> dict[str, Any]:
    """Return what the column beside every section says."""
    editable = row.state in EDITABLE
    return {
        "ref": row.ref,
        "marks": progress(row, here=here, at=at, session=sameness(request)) if editable else [],
        "saved_at": row.changed_at,
        "kept_until": row.changed_at + deadlines.DRAFT_KEPT,
        "editable": editable,
        "public_ref": row.public_ref or "",
        "adult": age_is_adult(row, on=deadlines.day_of(at)),
    }


def age_is_adult(row: PlacementRequest, *, on: date) -> bool | None:
    """Say whether the person is 18 or over; None if nobody has said."""
    age = requests.age_at(row, on=on)
    if age is not None:
        return age >= requests.ADULT
    last = requests.latest_screen(row)
    return json.loads(last.answers).get("adult") if last else None


def read_back(request: HttpRequest, row: PlacementRequest, *, fields: list[str], at: datetime) -> None:
    """Record that sealed answers were given back to be read; inside the transaction of the reading."""
    audit.record("request.read", by=request.hat, at=at, subject="request", ref=row.ref, fields=fields)


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


# --- is the child safe? ---
def last_answers(row: PlacementRequest) -> screening.Answers:
    """Return the safety questions as answered last, none if never."""
    last = requests.latest_screen(row)
    return screening.Answers.from_json(json.loads(last.answers)) if last else screening.Answers()


def safety_initial(told: screening.Answers, *, answered: bool) -> dict[str, Any]:
    """Return the answers for the form; danger that has passed is asked about anew."""
    when = told.reported_at.astimezone(LONDON) if told.reported_at else None
    return {
        "adult": yes_no(told.adult) if answered else "",
        "danger_now": "" if told.danger_now is screening.YES else told.danger_now,
        "harm": told.harm,
        "social_worker": told.social_worker,
        "adult_works_with_children": told.adult_works_with_children,
        "trafficking": told.trafficking,
        "reported_on": when.date() if when else None,
        "reported_time": f"{when:%H:%M}" if when else "",
        "reported_reference": told.reported_reference,
        "reported_to_role": told.reported_to_role,
    }


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


def place_known(row: PlacementRequest) -> str:
    """Return where we know that the child lives."""
    parts = [row.postcode_sector, row.ward.name if row.ward_id and row.ward else council_elsewhere(row.home_council)]
    return ", ".join(part for part in parts if part)


def council_elsewhere(code: str) -> str:
    """Return the name of another council than ours, "" for ours."""
    return council_named(code) if code and code != settings.CITY.council_code else ""


@FORM
@guarded
def safety(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the safety questions; what comes of them decides where to go on."""
    at = timezone.now()
    row = mine(request, ref)
    if row.state not in EDITABLE and not row.rescreen_because:
        return redirect("brokering:request", ref=ref)
    with transaction.atomic():
        told = last_answers(row)
        answered = requests.latest_screen(row) is not None
        adult = request.POST.get("adult") == "yes" if request.method == "POST" else told.adult
        options: dict[str, Any] = {
            "adult": adult,
            "place_known": place_known(row),
            "door": settings.CITY.front_door.short_name,
        }
        if answered and request.method != "POST":
            read_back(request, row, fields=["screen", "postcode_sector"], at=at)
    advice: list[screening.Words] = []
    if request.method == "POST":
        form = SafetyForm(request.POST, **options)
        form.is_valid()
        typed = form.cleaned_data.get("postcode", "")
        screened = requests.answer_screen(
            row, form.answers(), postcode=typed, session=sameness(request), by=request.hat, at=at
        )
        if screened.verdict.stopped:
            return redirect("brokering:danger", ref=ref)
        if wrong := place_error(screened.place):
            form.refuse({"postcode": wrong})
        if not form.cleaned_data.get("adult"):
            form.refuse({"adult": "Say whether they are under 18"})
        said, advice = advised(screened.verdict)
        form.refuse(dict(zip(map(str, screened.verdict.must), said, strict=True)))
        if not form.errors:
            return redirect("brokering:advice" if advice else after_safety(row), ref=ref)
    else:
        form = SafetyForm(initial=safety_initial(told, answered=answered), **options)
    context = {
        "form": form, "duty": screening.duty(**door(), adult=adult), "is_adult": adult, **side(request, row, here="screen", at=at)
    }  # fmt: skip
    return render(request, "brokering/asking/safety.html", context)


def advised(verdict: screening.Verdict) -> tuple[list[str], list[screening.Words]]:
    """Return what is missing and what is advised, in words."""
    return screening.words_for(verdict, **door(), home_council=council_elsewhere(verdict.home_council))


def after_safety(row: PlacementRequest) -> str:
    """Return where somebody goes on after the safety questions."""
    return "brokering:child" if row.state in EDITABLE else "brokering:request"


@require_GET
@guarded
def advice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what else to do, before going on."""
    at = timezone.now()
    row = mine(request, ref)
    told = replace(last_answers(row), home_council=row.home_council)
    verdict = screening.judge(told, council=settings.CITY.council_code, at=at)
    _, said = advised(verdict)
    if not said or not verdict.may_submit:
        return redirect(after_safety(row), ref=ref)
    context = {
        "advice": said,
        "onward": reverse(after_safety(row), args=[ref]),
        **side(request, row, here="screen", at=at),
    }
    return render(request, "brokering/asking/advice.html", context)


@FORM
@guarded
def danger(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop: two numbers to call. The form stays locked until a time, a reference and "safe now" are given."""
    at = timezone.now()
    row = mine(request, ref)
    told = replace(last_answers(row), home_council=row.home_council)
    if not screening.judge(told, council=settings.CITY.council_code, at=at).stopped:
        return redirect("brokering:safety" if row.state in EDITABLE else "brokering:request", ref=ref)
    form = SafeNowForm(request.POST or None)
    if request.method == "POST":
        form.is_valid()
        known = form.cleaned_data
        reported_at = moment(known.get("reported_on"), known.get("reported_time"))
        now_told = replace(
            told,
            reported_at=reported_at,
            reported_reference=known.get("reported_reference", ""),
            reported_to_role="",
            safe_confirmed=known.get("safe_confirmed", False),
        )
        screened = requests.answer_screen(row, now_told, session=sameness(request), by=request.hat, at=at)
        if not screened.verdict.stopped:
            return redirect("brokering:advice" if screened.verdict.may_submit else "brokering:safety", ref=ref)
        said, _ = advised(screened.verdict)
        form.refuse(
            {
                name: words
                for name, words in zip(map(str, screened.verdict.must), said, strict=True)
                if name in SafeNowForm.elsewhere
            }
        )
    context = {
        "form": form, "is_adult": told.adult, "saved_at": row.changed_at, "kept_until": row.changed_at + deadlines.DRAFT_KEPT,
        "sent": row.state not in EDITABLE, "ref": ref,
    }  # fmt: skip
    return render(request, "brokering/asking/danger.html", context)


@require_POST
@guarded
def not_in_danger(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take back a "yes" that was chosen by mistake; the question is asked again."""
    at = timezone.now()
    row = mine(request, ref)
    told = replace(last_answers(row), danger_now=None, safe_confirmed=False)
    requests.answer_screen(row, told, session=sameness(request), by=request.hat, at=at)
    return redirect("brokering:safety", ref=ref)


# --- the sections ---
def child_initial(row: PlacementRequest) -> dict[str, Any]:
    """Return the section about the child as the form shows it."""
    known = {name: getattr(row, name) for name in ChildForm.base_fields if hasattr(row, name)}
    return {
        **known,
        "harm_types": row.harm_types,
        "date_of_birth": requests.born_on(row),
        "sibling_of_known_child": yes_no(row.sibling_of_known_child),
    }


def wishes_initial(row: PlacementRequest) -> dict[str, Any]:
    """Return the wishes as the form shows them."""
    liked = Preferences.from_text(row.preferences)
    known = {name: getattr(liked, name) for name in Preferences.__slots__}
    return {
        **known,
        "one_to_one": yes_no(liked.one_to_one),
        "wishes": row.wishes,
        "not_asked_because": row.wishes_not_asked_because,
    }


def help_initial(row: PlacementRequest) -> dict[str, Any]:
    """Return what would help as the form shows it."""
    known: dict[str, Any] = {
        "wanted": row.wanted,
        "access_needs": list_from_text(row.access_needs),
        "tried_already": row.tried_already,
        "safe_contact": row.safe_contact,
        "start_wanted_on": row.start_wanted_on,
    }
    known.update({f"goal_{number}": goal for number, goal in enumerate(requests.goals_of(row), start=1)})
    for number, one in enumerate(avoid_from_text(row.travel_safety), start=1):
        known.update({f"avoid_ward_{number}": one.ward, f"avoid_because_{number}": one.because})
    return known


def agreement_initial(row: PlacementRequest) -> dict[str, Any]:
    """Return agreement and sharing as the form shows them."""
    last = requests.latest_consent(row)
    known: dict[str, Any] = {
        "lawful_basis": row.lawful_basis,
        "special_condition": row.special_condition,
        "notice": row.information_notice,
        "notice_not_given_because": row.notice_not_given_because,
        "notice_by_on": row.notice_by_on,
        "participation": row.participation,
    }
    if last:
        known.update(
            participation_on=last.agreed_on, participation_method=last.method, participation_because=last.because,
            participation_manager_role=last.manager_role,
        )  # fmt: skip
    return known


# Until when each section may be changed: brokering.requests says so again to whoever tries.
OPEN = frozenset(
    {RequestState.DRAFT, RequestState.TRIAGE, RequestState.NEEDS_INFORMATION, RequestState.PAUSED_STATUTORY}
)
CHANGEABLE = {
    "child": frozenset({RequestState.DRAFT, RequestState.TRIAGE, RequestState.NEEDS_INFORMATION}),
    "wishes": OPEN | {RequestState.MATCHING},
    "help": OPEN | {RequestState.MATCHING},
    "agreement": frozenset(RequestState) - OVER - {RequestState.SCREEN_BLOCKED},
}


def section_page(
    request: HttpRequest,
    ref: UUID,
    *,
    section: str,
    make: Callable[..., Any],
    initial: Callable[[PlacementRequest], dict[str, Any]],
    tell: Callable[..., None],
    options: Callable[[PlacementRequest, datetime], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show one section with what was said before, or keep what is said now and go on."""
    at = timezone.now()
    row = mine(request, ref)
    if row.state == RequestState.SCREEN_BLOCKED:
        raise SafetyFirst
    if row.state == RequestState.DRAFT and requests.latest_screen(row) is None:
        raise SafetyFirst
    if request.method != "POST" and row.state not in CHANGEABLE[section]:
        return redirect("brokering:request", ref=ref)
    extra = options(row, at) if options else {}
    if request.method == "POST":
        form: Section = make(request.POST, **extra)
        if form.is_valid():
            try:
                tell(row, form.told(), by=request.hat, at=at)
            except AnswerRefused as refused:
                form.refuse(refused.errors)
            except Incomplete as incomplete:
                form.refuse({one.field: one.words for one in incomplete.missing})
            else:
                if row.state in EDITABLE:
                    leave = "leave" in request.POST
                    return redirect("brokering:requests") if leave else redirect(f"brokering:{AFTER[section]}", ref=ref)
                messages.success(request, "Saved. The coordinator sees it.")
                return redirect("brokering:request", ref=ref)
    else:
        with transaction.atomic():
            form = make(initial=initial(row), **extra)
            read_back(request, row, fields=[section], at=at)
    context = {
        "form": form, "section": section, "title": requests.SECTIONS[section], **side(request, row, here=section, at=at),
        "came_from": request.session.get(CAME_FROM, {}).get(str(ref), ""),
    }  # fmt: skip
    return render(request, f"brokering/asking/{section}.html", context)


@FORM
@guarded
def child(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask about the child and the worry."""
    return section_page(
        request, ref, section="child", make=ChildForm, initial=child_initial, tell=requests.tell_child
    )  # fmt: skip


@FORM
@guarded
def wishes(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what the child wants, in their own words."""
    return section_page(
        request, ref, section="wishes", make=WishesForm, initial=wishes_initial, tell=requests.tell_wishes
    )  # fmt: skip


@FORM
@guarded
def help_wanted(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask what would help."""
    return section_page(request, ref, section="help", make=HelpForm, initial=help_initial, tell=requests.tell_help)


@FORM
@guarded
def agreement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask why information may be shared and, apart from that, who has said yes."""
    return section_page(
        request, ref, section="agreement", make=AgreementForm, initial=agreement_initial, tell=requests.tell_agreement,
        options=lambda row, at: {"adult": age_is_adult(row, on=deadlines.day_of(at))},
    )  # fmt: skip


# --- check and send ---
Pairs = list[tuple[str, str]]


def day_words(day: date | None) -> str:
    """Return "14 November 2026"."""
    return f"{day.day} {day:%B %Y}" if day else ""


def full(taxonomy: str, code: str) -> str:
    """Return a code's words in full, "" for none."""
    return vocabularies.full_label_of(taxonomy, code) if code else ""


def listed(taxonomy: str, codes: Any) -> str:
    """Return the words of codes, one after the other."""
    return ", ".join(profiles.labels(taxonomy, tuple(codes)))


def with_day(words: str, day: date | None) -> str:
    """Return "Suspended, on 14 November 2026"."""
    return f"{words}, on {day_words(day)}" if words and day else words


def told_wishes(row: PlacementRequest) -> Pairs:
    """Return the wishes in words; the child's own stand apart."""
    liked = Preferences.from_text(row.preferences)
    times = ", ".join(part for part in (listed("time_availability", liked.good_times), liked.good_times_note) if part)
    return [
        ("Nobody has asked because", row.wishes_not_asked_because),
        ("Good times", times),
        ("Would like to meet", listed("delivery_setting", liked.settings_wanted)),
        ("Would not like to meet", listed("delivery_setting", liked.settings_unwanted)),
        ("Alone or in a group", {True: "Alone with a worker", False: "In a group"}.get(liked.one_to_one, "")),
        ("Kind of group", listed("group_composition", liked.compositions)),
        ("Worker", {"woman": "A woman", "man": "A man"}.get(liked.worker, "")),
        ("Languages", listed("language", liked.languages)),
        ("Somebody who", "has been through similar things" if liked.lived_experience else ""),
    ]


def told_child(row: PlacementRequest, *, on: date) -> Pairs:
    """Return the section about the child in words: an age, never the date of birth."""
    age = requests.age_at(row, on=on)
    risk = full("risk_level", row.risk_level)
    if row.risk_set_by_role:
        risk = f"{risk}, set by {row.risk_set_by_role}"
    return [
        ("Initials", row.initials),
        ("Age", f"{age}, from the date of birth you gave" if age is not None else ""),
        ("Sex", str(Sex(row.sex).label) if row.sex else ""),
        ("Lives in", place_known(row)),
        ("School", row.school_name),
        ("Worries", listed("harm_type", row.harm_types)),
        ("Main worry", profiles.label("harm_type", row.primary_harm)),
        ("Happens most", full("context_type", row.primary_context)),
        ("Risk", with_day(risk, row.risk_on)),
        ("Based on", full("risk_source", row.risk_source)),
        ("Why now", with_day(full("critical_moment", row.critical_moment), row.critical_moment_on)),
        ("Level of need", full("level_of_need", row.level_of_need)),
        ("Statutory process", full("statutory_status", row.statutory_status)),
        ("Its reference", row.case_reference),
        ("Comes from", full("request_source", row.route)),
        ("Leads the work", ", ".join(p for p in (row.lead_professional_role, row.lead_professional_contact) if p)),
    ]


def told_help(row: PlacementRequest) -> Pairs:
    """Return what would help in words."""
    named = requests.avoid_of(row)
    avoid = [
        f"{named.get(one.ward, one.ward)} ({profiles.small(AVOID_REASONS[one.because])})"
        for one in avoid_from_text(row.travel_safety)
    ]
    return [
        ("Support", listed("service_type", row.wanted)),
        ("Hoping for", ". ".join(requests.goals_of(row))),
        ("Tried already", row.tried_already),
        ("Needs", listed("access_need", list_from_text(row.access_needs))),
        ("Not safe in", ", ".join(avoid)),
        ("Safe contact", row.safe_contact),
        ("Start by", day_words(row.start_wanted_on)),
    ]


def told_safety(row: PlacementRequest) -> Pairs:
    """Return the safety questions and answers in words."""
    told = last_answers(row)
    name = settings.CITY.front_door.short_name if not told.adult else "Adult social care"
    report = ""
    if told.reported and told.reported_at:
        when = told.reported_at.astimezone(LONDON)
        report = f". {name} told on {day_words(when.date())} at {when:%H:%M}, {told.reported_reference or told.reported_to_role}"

    def said(answer: screening.Answer | None, then: str = "") -> str:
        return f"{answer.label}{then if answer is screening.YES else ''}" if answer else ""

    return [
        ("In danger now", "They are safe now" + report if told.safe_confirmed else said(told.danger_now, report)),
        ("Signs of harm", said(told.harm, report)),
        ("Social worker", said(told.social_worker)),
        ("An adult who works with children", said(told.adult_works_with_children)),
        ("Trafficking", said(told.trafficking)),
    ]


def told_agreement(row: PlacementRequest) -> Pairs:
    """Return agreement and sharing in words."""
    last = requests.latest_consent(row)
    agreed = full("participation_consent", row.participation)
    return [
        ("Why you may share", full("lawful_basis", row.lawful_basis)),
        ("Sensitive information", full("special_category_condition", row.special_condition)),
        ("They know", with_day(full("information_sharing_notice", row.information_notice), row.notice_by_on)),
        ("Not told because", row.notice_not_given_because),
        ("Taking part", with_day(agreed, last.agreed_on if last else None)),
        ("How", last.method if last else ""),
        ("Not asked because", last.because if last and row.participation == "not_sought_safety_reason" else ""),
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """One section of the summary, with its one way to change it; "" where nothing can be changed any more."""

    section: str
    title: str
    url: str
    rows: Pairs


def groups(row: PlacementRequest, *, on: date) -> list[Group]:
    """Return everything that was told, what they want first; rows without an answer are left out."""
    told = {
        "wishes": told_wishes(row), "child": told_child(row, on=on), "help": told_help(row), "screen": told_safety(row),
        "agreement": told_agreement(row),
    }  # fmt: skip

    def address(section: str) -> str:
        open_to_change = row.state in EDITABLE if section == "screen" else row.state in CHANGEABLE[section]
        return reverse(f"brokering:{PAGES[section]}", args=[row.ref]) if open_to_change else ""

    return [
        Group(section, requests.SECTIONS[section], address(section), [pair for pair in rows if pair[1]])
        for section, rows in told.items()
    ]


SEES = (
    ("You send it", "Everything above, and initials", "Nothing"),
    ("It is offered", "The same", "Age band, area, worry, risk, wishes, times, access"),
    ("They say yes", "The same", "A name and a safe way to make contact, which you give then"),
    ("It ends", "How it ended", "Nothing, after 10 working days"),
)
DATES = frozenset({"date_of_birth", "risk_on", "notice_by_on"})


def gap_links(gaps: tuple[requests.Missing, ...], ref: UUID) -> list[tuple[str, str]]:
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
    row = mine(request, ref)
    tried = request.method == "POST"
    if tried:
        try:
            reference = requests.submit(row, session=sameness(request), by=request.hat, at=at)
        except Incomplete:
            row.refresh_from_db()
        except MoveNotAllowed:
            return redirect("brokering:request", ref=ref)  # sent a moment ago: sending twice sends once
        else:
            messages.success(request, f"Sent. Your reference is {reference}.")
            return redirect("brokering:request", ref=ref)
    if row.state == RequestState.SCREEN_BLOCKED:
        raise SafetyFirst
    with transaction.atomic():
        gaps = requests.missing(row, at=at, session=sameness(request)) if row.state in EDITABLE else ()
        context = {
            "wishes": row.wishes, "groups": groups(row, on=deadlines.day_of(at)), "gaps": gap_links(gaps, ref),
            "tried": bool(tried and gaps),
            "columns": ("When", "A coordinator sees", "The provider sees"), "sees": SEES,
            "urgent": row.critical_moment not in ("", "none"),
            "duty": screening.duty(**door(), adult=bool(last_answers(row).adult)),
            **side(request, row, here="check", at=at),
        }  # fmt: skip
        read_back(request, row, fields=["screen", "child", "wishes", "help", "agreement"], at=at)
    return render(request, "brokering/asking/check.html", context)


# --- after sending ---
@require_GET
@guarded
def detail(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show where the request stands, what comes next and by when; a draft goes on where it stopped."""
    row = mine(request, ref)
    if row.state in EDITABLE:
        return redirect(onward(row), ref=ref)
    return status_page(request, row)


def onward(row: PlacementRequest) -> str:
    """Return the page on which a draft goes on."""
    if row.state == RequestState.SCREEN_BLOCKED:
        told = last_answers(row)
        return (
            "brokering:danger" if told.danger_now is screening.YES and not told.safe_confirmed else "brokering:safety"
        )
    return "brokering:check" if requests.latest_screen(row) and row.initials else "brokering:safety"


def status_page(
    request: HttpRequest, row: PlacementRequest, *, form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    """Draw the page of a request that was sent."""
    at = timezone.now()
    page = disclosure.status(row.pk, by=request.hat, at=at)
    changes = [
        ("in_danger", "They are in danger, or have been hurt"), ("risk_raised", "The risk has gone up"),
        ("missing", "They have been missing"), ("moved", "They have moved, or will"),
    ]  # fmt: skip
    context = {
        "page": page, "now": standing.of(page, door=settings.CITY.front_door.short_name), "form": form or MessageForm(),
        "changes": changes, "may_change": row.state in CHANGEABLE["wishes"], "at": at,
    }  # fmt: skip
    return render(request, "brokering/asking/status.html", context, status=status)


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
    return status_page(request, row, form=form)


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
    row = mine(request, ref)
    if row.state in EDITABLE:
        return redirect("brokering:delete", ref=ref)
    if request.method != "POST" and row.state in OVER:
        return redirect("brokering:request", ref=ref)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        requests.withdraw(row, form.cleaned_data["because"], by=request.hat, at=timezone.now())
        messages.success(request, "Withdrawn. You can ask again at any time.")
        return redirect("brokering:request", ref=ref)
    return render(request, "brokering/asking/withdraw.html", {"form": form, "ref": ref, "public_ref": row.public_ref})


@FORM
@guarded
def delete(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Delete a draft with everything in it."""
    row = mine(request, ref)
    if request.method == "POST":
        requests.discard(row, by=request.hat, at=timezone.now())
        messages.success(request, "The draft is deleted.")
        return redirect("brokering:requests")
    if row.state not in EDITABLE:
        return redirect("brokering:request", ref=ref)
    return render(request, "brokering/asking/delete.html", {"ref": ref, "begun_at": row.begun_at})


def place_of(request: HttpRequest, row: PlacementRequest, place: UUID | None) -> SupportPlace:
    """
    Return the place whose contact details are asked for: the one that is named, or the one that waits.

    :raises NotYours: if there is none
    """
    rows = SupportPlace.objects.visible_to(request.hat).filter(request=row).exclude(state=PlaceState.ENDED)
    rows = rows.select_related("organization", "request")
    waiting = rows.filter(pk=place) if place else rows.filter(state=PlaceState.AWAITING_CONTACT)
    found = waiting.first()
    if found is None:
        raise NotYours
    return found


@FORM
@guarded
def contact(request: HttpRequest, ref: UUID, place: UUID | None = None) -> HttpResponse:
    """Ask who the child is and how to reach them safely, after a provider has said yes."""
    row = mine(request, ref)
    taken = place_of(request, row, place)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        known = form.cleaned_data
        card = places.Contact(**{**known, "safe_ways": tuple(known["safe_ways"])})
        try:
            places.give_contact(taken, card, by=request.hat, at=timezone.now())
        except AnswerRefused as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, f"Sent to {taken.organization.name}. They ring within two working days.")
            return redirect("brokering:request", ref=ref)
    context = {
        "form": form, "ref": ref, "public_ref": row.public_ref, "provider": taken.organization.name,
        "worker": taken.worker_role, "coordinator": row.coordinator.name if row.coordinator else "",
        "given": taken.state != PlaceState.AWAITING_CONTACT, "due_at": taken.contact_due_at,
    }  # fmt: skip
    return render(request, "brokering/asking/contact.html", context)
