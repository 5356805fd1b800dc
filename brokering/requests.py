"""
Asking for support for one child: begun, answered section by section, sent; later added to, changed, withdrawn, closed.

Nothing is sent before the safety questions are answered in the same session against their current text, and nothing
that is needed is missing (INV-S1, INV-S2). Free words and whatever could point to the child are sealed as they are kept.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from brokering import assumptions, deadlines, lifecycle, notifications, rights
from brokering.answers import (
    AVOID_REASONS,
    MOST_CHARACTERS,
    MOST_GOALS,
    MOST_WISHES_WORDS,
    SHORT,
    AboutChild,
    Agreement,
    Help,
    Preferences,
    RoughHome,
    Wishes,
    age_on,
    avoid_from_text,
    list_as_text,
    list_from_text,
)
from brokering.homes import keep_place, keep_rough, rough_errors
from brokering.lifecycle import MoveNotAllowed
from brokering.matching import RISKS
from brokering.models import (
    EDITABLE,
    MET,
    NEVER_STARTED,
    OVER,
    PLANNED_ENDS,
    ConsentRecord,
    ContactCard,
    ContextRequest,
    EndQuality,
    EndReason,
    Message,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestState,
    Rescreen,
    Sex,
    StatutoryScreen,
    SupportPlace,
    TriageDecision,
    TriageOutcome,
)
from directory import capacity, geocoding, vocabularies
from directory.models import Organization, Role, Ward
from safekeeping import audit, screening
from safekeeping.sealed import blind_index

if TYPE_CHECKING:
    from safekeeping.policy import Hat

REQUESTERS = (Role.PROFESSIONAL, Role.SCHOOL_DSL)
# Crockford's alphabet: no I, L, O or U to be misread or to spell something.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 4
OLDEST = 25
ADULT = 18
INITIALS = re.compile(r"[^\W\d_]{1,4}")
# Answers that belong to somebody who is 18 or over, and to nobody younger (INV-S13).
ADULT_ONLY = frozenset({"adult_18plus_agreed"})
EITHER_AGE = frozenset({"not_yet_sought", "sought_refused", "not_sought_safety_reason", "court_or_disposal_condition"})
ADULT_STATUSES = frozenset({"adult_18plus_none", "adult_safeguarding"})
AGREED = frozenset(
    {
        "young_person_agreed", "parent_agreed", "both_agreed", "young_person_agreed_gillick", "adult_18plus_agreed",
        "not_sought_safety_reason", "court_or_disposal_condition",
    }
)  # fmt: skip
WITHDRAW_REASONS = {
    "no_longer_wanted": "They no longer want it",
    "found_elsewhere": "They found support elsewhere",
    "moved_away": "They have moved away",
    "in_error": "It was sent by mistake",
    "other": "Another reason",
}
CLOSE_REASONS = {
    "support_complete": "Support is complete",
    "support_elsewhere": "Somebody else supports them now",
    "could_not_engage": "It was offered, and did not come about",
    "moved_away": "They have moved away",
    "other": "Another reason",
}


class AnswerRefused(Exception):
    """Some answers cannot be kept as they are: ``errors`` says for each field why."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


class SafetyFirst(Exception):
    """The form is locked until the safety questions let it go on."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that has to be answered before sending; ``section`` is one of `SECTIONS`."""

    section: str
    field: str
    words: str


class Incomplete(Exception):
    """Not everything that has to be answered is; ``missing`` says what."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(one.field for one in missing))
        self.missing = missing


SECTIONS = {
    "screen": "Is the child safe?",
    "child": "The child",
    "wishes": "What they want",
    "help": "What would help",
    "agreement": "Agreement and sharing",
}


# --- beginning and answering ---
@transaction.atomic
def begin(*, by: Hat, at: datetime, is_demo: bool = False) -> PlacementRequest:
    """
    Begin a draft; nobody but its writer sees it.

    :raises NotYours: if the hat does not ask for support
    """
    request = fresh(by=by, at=at, is_demo=is_demo)
    audit.record("request.begin", by=by, at=at, subject="request", ref=request.ref)
    return request


def fresh(*, by: Hat, at: datetime, is_demo: bool = False) -> PlacementRequest:
    """Save an empty draft, for a verb that records it."""
    if by.role not in REQUESTERS:
        raise rights.NotYours
    request = PlacementRequest(
        requester_id=by.user_id,
        requester_organization=Organization.objects.get(pk=by.organization_id),
        requester_role=by.role,
        lead_professional_role=by.job_title,
        begun_at=at,
        changed_at=at,
        is_demo=is_demo,
    )
    lifecycle.begin(request, by=by, at=at)
    return request


def locked(request: PlacementRequest) -> PlacementRequest:
    """Return the row as it is now, locked until the transaction ends."""
    return PlacementRequest.objects.unscoped(reason="the row of this deed").select_for_update().get(pk=request.pk)


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of the safety questions; ``place`` is where the child lives, or why we do not know."""

    verdict: screening.Verdict
    place: geocoding.Outcome | None


def answer_screen(
    request: PlacementRequest,
    answers: screening.Answers,
    *,
    postcode: str = "",
    rough: RoughHome | None = None,
    session: str = "",
    by: Hat,
    at: datetime,
) -> Screened:
    """
    Keep the answers to the safety questions, and lock or unlock the form by what follows from them.

    Of the postcode only the sector, the ward and the council are kept; ``rough`` is where the child stays if there is no
    postcode that can be given. ``session`` tells sameness of the session in which
    it was answered. Later, on an open request, good answers lift the need to ask again.

    :raises NotYours: if the request is not theirs
    :raises AnswerRefused: if ``rough`` says no reason or no area that we know
    :raises MoveNotAllowed: if the request is over
    """
    if rough:
        refuse(rough_errors(rough))
    place = geocoding.locate(postcode) if postcode.strip() else None
    return keep_screen(request, answers, place=place, rough=rough, session=session, by=by, at=at)


@transaction.atomic
def keep_screen(
    request: PlacementRequest,
    answers: screening.Answers,
    *,
    place: geocoding.Outcome | None,
    rough: RoughHome | None,
    session: str,
    by: Hat,
    at: datetime,
) -> Screened:
    """Keep screen and place in one transaction; `answer_screen` looks the place up before."""
    rights.need(request, by, *REQUESTERS, Role.COORDINATOR)
    row = locked(request)
    if row.state in OVER:
        raise MoveNotAllowed(row.state, row.state)
    if rough:
        keep_rough(row, rough)
    elif place is not None:
        keep_place(row, place)
    answers = replace(answers, home_council=row.home_council or answers.home_council)
    verdict = screening.judge(answers, council=settings.CITY.council_code, at=at)
    StatutoryScreen.objects.create(
        request=row,
        answers=json.dumps(answers.as_json()),
        text_version=answers.text_version,
        may_submit=verdict.may_submit,
        answered_by_id=by.user_id,
        session=session,
        at=at,
    )
    if verdict.may_submit:
        row.rescreen_because = ""
    row.changed_at = at
    row.save()
    if row.state in EDITABLE:
        to = RequestState.SCREEN_BLOCKED if stops(verdict) else RequestState.DRAFT
        if to != row.state:
            lifecycle.move(row, to, by=by, at=at, reason="screen")
    audit.record(
        "request.screen", by=by, at=at, subject="request", ref=row.ref, outcome="ok" if verdict.may_submit else "stopped",
        fields=["postcode_sector", "ward", "locality", "home_council", "no_postcode_because"],
    )  # fmt: skip
    carry(row, request)
    return Screened(verdict, place)


STOPS = frozenset(
    {
        screening.Must.BE_SAFE, screening.Must.REPORT_WHEN, screening.Must.REPORT_TO_WHOM,
        screening.Must.REPORT_NOT_IN_FUTURE,
    }
)  # fmt: skip


def stops(verdict: screening.Verdict) -> bool:
    """Say whether the form is locked: danger, or harm that nobody has reported yet (INV-S2)."""
    return verdict.stopped or not STOPS.isdisjoint(verdict.must)


def carry(row: PlacementRequest | ContextRequest, to: PlacementRequest | ContextRequest) -> None:
    """Let the caller's instance be what the database now holds."""
    to.__dict__.update({name: value for name, value in row.__dict__.items() if name != "_state"})


@transaction.atomic
def tell_child(request: PlacementRequest, told: AboutChild, *, by: Hat, at: datetime) -> None:
    """
    Keep the section about the child and the worry.

    On a request that was sent, a risk that has gone up asks for the safety questions again (INV-S16).

    :raises AnswerRefused: if an answer cannot be kept
    :raises SafetyFirst: if the safety questions have locked the form
    :raises MoveNotAllowed: if a coordinator has decided already: tell them instead
    """
    row = changeable(request, by, until=RequestState.NEEDS_INFORMATION)
    refuse(child_errors(told, on=deadlines.day_of(at)))
    raised = RISKS.get(told.risk_level, 0) > RISKS.get(row.risk_level, 0)
    if row.submitted_at and raised:
        row.rescreen_because = Rescreen.RISK_RAISED
    born = told.date_of_birth
    row.initials = told.initials.strip().upper()
    row.date_of_birth = born.isoformat() if born else ""
    row.birth_index = blind_index(born.isoformat()) if born else ""
    row.sex = told.sex
    row.harm_types = list(told.harm_types)
    for name in (
        "school_name", "statutory_status", "case_reference", "primary_harm", "primary_context", "risk_level",
        "risk_source", "risk_on", "risk_set_by_role", "critical_moment", "critical_moment_on", "level_of_need",
        "sibling_of_known_child", "route", "lead_professional_role", "lead_professional_contact",
    ):  # fmt: skip
        setattr(row, name, getattr(told, name))
    keep(row, request, section="child", by=by, at=at)


@transaction.atomic
def tell_wishes(request: PlacementRequest, told: Wishes, *, by: Hat, at: datetime) -> None:
    """
    Keep what the child wants, in their words; also after sending, for as long as a place is looked for.

    :raises AnswerRefused, SafetyFirst, MoveNotAllowed: as `tell_child`
    """
    row = changeable(request, by, until=RequestState.MATCHING)
    refuse(wishes_errors(told))
    row.wishes = told.wishes.strip()
    row.wishes_not_asked_because = "" if told.wishes.strip() else told.not_asked_because.strip()
    row.preferences = told.preferences.as_text()
    keep(row, request, section="wishes", by=by, at=at)


@transaction.atomic
def tell_help(request: PlacementRequest, told: Help, *, by: Hat, at: datetime) -> None:
    """
    Keep what would help, and what has to be minded: access, wards to avoid, safe contact.

    :raises AnswerRefused, SafetyFirst, MoveNotAllowed: as `tell_child`
    """
    row = changeable(request, by, until=RequestState.MATCHING)
    refuse(help_errors(told))
    row.wanted = list(told.wanted)
    row.goals = list_as_text(tuple(goal.strip() for goal in told.goals if goal.strip()))
    row.tried_already = told.tried_already.strip()
    row.access_needs = list_as_text(told.access_needs)
    row.travel_safety = told.avoid_as_text() if told.avoid else ""
    row.safe_contact = told.safe_contact.strip()
    row.start_wanted_on = told.start_wanted_on
    keep(row, request, section="help", by=by, at=at)


@transaction.atomic
def tell_agreement(request: PlacementRequest, told: Agreement, *, by: Hat, at: datetime) -> None:
    """
    Keep the basis for sharing and, apart from it, who has agreed to take part.

    The requester says so as long as the request is open, and the coordinator may record what they are told by telephone.

    :raises AnswerRefused, SafetyFirst, MoveNotAllowed: as `tell_child`
    """
    rights.need(request, by, *REQUESTERS, Role.COORDINATOR)
    row = locked(request)
    if row.state == RequestState.SCREEN_BLOCKED:
        raise SafetyFirst
    if row.state in OVER:
        raise MoveNotAllowed(row.state, row.state)
    refuse(agreement_errors(told, on=deadlines.day_of(at)))
    row.lawful_basis = told.lawful_basis
    row.special_condition = told.special_condition
    row.information_notice = told.notice
    row.notice_not_given_because = told.notice_not_given_because.strip()
    row.notice_by_on = told.notice_by_on
    row.participation = told.participation
    if told.participation:
        ConsentRecord.objects.create(
            request=row,
            agreement=told.participation,
            agreed_on=told.participation_on,
            method=told.participation_method,
            because=told.participation_because.strip(),
            manager_role=told.participation_manager_role.strip(),
            recorded_by_id=by.user_id,
            at=at,
        )
    keep(row, request, section="agreement", by=by, at=at)


ORDER = [
    RequestState.DRAFT, RequestState.TRIAGE, RequestState.NEEDS_INFORMATION, RequestState.PAUSED_STATUTORY,
    RequestState.MATCHING,
]  # fmt: skip


def changeable(request: PlacementRequest, by: Hat, *, until: RequestState) -> PlacementRequest:
    """Return the locked row, if the side that asked may still change this section."""
    rights.need(request, by, *REQUESTERS)
    row = locked(request)
    if row.state == RequestState.SCREEN_BLOCKED:
        raise SafetyFirst
    if row.state not in ORDER[: ORDER.index(until) + 1]:
        raise MoveNotAllowed(row.state, row.state)
    return row


def keep(row: PlacementRequest, request: PlacementRequest, *, section: str, by: Hat, at: datetime) -> None:
    """Save the row; one that was sent must stay complete."""
    row.changed_at = at
    row.save()
    if row.submitted_at and (gaps := tuple(one for one in missing(row, at=at) if one.section == section)):
        raise Incomplete(gaps)
    audit.record("request.answer", by=by, at=at, subject="request", ref=row.ref, fields=[section])
    carry(row, request)


def refuse(errors: dict[str, str]) -> None:
    """Raise if there is anything that cannot be kept."""
    if errors:
        raise AnswerRefused(errors)


# --- what can be kept ---
def unknown(taxonomy: str, code: str) -> bool:
    """Say whether ``code`` is something that the vocabulary does not have."""
    if not code:
        return False
    try:
        vocabularies.word_for(taxonomy, code)
    except vocabularies.UnknownTerm:
        return True
    return False


def code_errors(told: Any, fields: dict[str, str]) -> dict[str, str]:
    """Return an error for each field whose codes are not in its vocabulary."""
    errors = {}
    for name, taxonomy in fields.items():
        value = getattr(told, name)
        codes = (value,) if isinstance(value, str) else value
        if any(unknown(taxonomy, code) for code in codes):
            errors[name] = "Choose from the list"
    return errors


def child_errors(told: AboutChild, *, on: date) -> dict[str, str]:
    """Return what cannot be kept of the section about the child."""
    errors = code_errors(
        told,
        {
            "harm_types": "harm_type", "primary_harm": "harm_type", "primary_context": "context_type",
            "risk_level": "risk_level", "risk_source": "risk_source", "critical_moment": "critical_moment",
            "level_of_need": "level_of_need", "statutory_status": "statutory_status", "route": "request_source",
        },
    )  # fmt: skip
    if told.initials.strip() and not INITIALS.fullmatch(told.initials.strip()):
        errors["initials"] = "Enter initials only: up to four letters, no name"
    if told.date_of_birth and not date(on.year - OLDEST - 1, on.month, 1) <= told.date_of_birth <= on:
        errors["date_of_birth"] = f"Enter a date of birth of somebody from 0 to {OLDEST}"
    if told.sex and told.sex not in Sex.values:
        errors["sex"] = "Choose from the list"
    if told.primary_harm and told.harm_types and told.primary_harm not in told.harm_types:
        errors["primary_harm"] = "Choose one of the worries above"
    for name in ("risk_on", "critical_moment_on"):
        if (day := getattr(told, name)) and day > on:
            errors[name] = "This date must be today or earlier"
    for name in (
        "school_name",
        "case_reference",
        "risk_set_by_role",
        "lead_professional_role",
        "lead_professional_contact",
    ):
        if len(getattr(told, name)) > 120:
            errors[name] = "Use 120 characters or fewer"
    return errors


def wishes_errors(told: Wishes) -> dict[str, str]:
    """Return what cannot be kept of the wishes."""
    liked: Preferences = told.preferences
    errors = code_errors(
        liked,
        {
            "good_times": "time_availability", "settings_wanted": "delivery_setting",
            "settings_unwanted": "delivery_setting", "languages": "language", "compositions": "group_composition",
        },
    )  # fmt: skip
    if len(told.wishes.split()) > MOST_WISHES_WORDS:
        errors["wishes"] = f"Use {MOST_WISHES_WORDS} words or fewer"
    elif len(told.wishes) > MOST_CHARACTERS:
        errors["wishes"] = f"Use {MOST_CHARACTERS} characters or fewer"
    if len(told.not_asked_because) > SHORT:
        errors["not_asked_because"] = f"Use {SHORT} characters or fewer"
    if len(liked.good_times_note) > SHORT:
        errors["good_times_note"] = f"Use {SHORT} characters or fewer"
    if liked.worker not in ("", "woman", "man"):
        errors["worker"] = "Choose from the list"
    return errors


def help_errors(told: Help) -> dict[str, str]:
    """Return what cannot be kept of what would help."""
    errors = code_errors(told, {"wanted": "service_type", "access_needs": "access_need"})
    if len([goal for goal in told.goals if goal.strip()]) > MOST_GOALS:
        errors["goals"] = f"Give {MOST_GOALS} at most"
    elif any(len(goal) > SHORT for goal in told.goals):
        errors["goals"] = f"Use {SHORT} characters or fewer for each"
    wards = {one.ward for one in told.avoid}
    if wards and Ward.objects.filter(pk__in=wards).count() != len(wards):
        errors["avoid"] = "Choose wards from the list"
    elif any(one.because not in AVOID_REASONS for one in told.avoid):
        errors["avoid"] = "Say why, from the list"
    for name in ("tried_already", "safe_contact"):
        if len(getattr(told, name)) > MOST_CHARACTERS:
            errors[name] = f"Use {MOST_CHARACTERS} characters or fewer"
    return errors


def agreement_errors(told: Agreement, *, on: date) -> dict[str, str]:
    """Return what cannot be kept of agreement and sharing."""
    errors = code_errors(
        told,
        {
            "lawful_basis": "lawful_basis", "special_condition": "special_category_condition",
            "notice": "information_sharing_notice", "participation": "participation_consent",
        },
    )  # fmt: skip
    if told.participation_on and told.participation_on > on:
        errors["participation_on"] = "This date must be today or earlier"
    for name in ("notice_not_given_because", "participation_because"):
        if len(getattr(told, name)) > MOST_CHARACTERS:
            errors[name] = f"Use {MOST_CHARACTERS} characters or fewer"
    for name in ("participation_method", "participation_manager_role"):
        if len(getattr(told, name)) > 40 + 80 * (name != "participation_method"):
            errors[name] = "Use fewer characters"
    return errors


# --- what is missing ---
def latest_screen(request: PlacementRequest) -> StatutoryScreen | None:
    """Return the safety questions as last answered."""
    screens = StatutoryScreen.objects.unscoped(reason="whether the request may be sent").filter(request_id=request.pk)
    return screens.order_by("-at", "-ref").first()


def born_on(request: PlacementRequest) -> date | None:
    """Return the date of birth, unsealed; pages show an age."""
    return date.fromisoformat(request.date_of_birth) if request.date_of_birth else None


def age_at(request: PlacementRequest, *, on: date) -> int | None:
    """Return completed years on that day."""
    born = born_on(request)
    return age_on(born, on) if born else None


NEEDED_OF_CHILD = {
    "initials": "Enter the child’s initials",
    "date_of_birth": "Enter the date of birth",
    "sex": "Choose an answer, or “not asked”",
    "statutory_status": "Choose which process is running, if any",
    "harm_types": "Choose at least one worry",
    "primary_harm": "Choose the main worry",
    "primary_context": "Choose where the harm happens most",
    "risk_level": "Choose a level of risk, or “not set”",
    "critical_moment": "Say whether something has just happened",
    "level_of_need": "Choose the level of need",
    "route": "Say where this request comes from",
    "lead_professional_role": "Enter the role of the lead professional",
    "lead_professional_contact": "Enter how we reach the lead professional",
}


def missing(request: PlacementRequest, *, at: datetime, session: str = "") -> tuple[Missing, ...]:
    """Return everything that has to be answered before sending, in the order of the form; empty if nothing is."""
    return (
        *screen_gaps(request, session=session),
        *child_gaps(request, on=deadlines.day_of(at)),
        *own_gaps(request),
        *agreement_gaps(request, on=deadlines.day_of(at)),
    )


def screen_gaps(request: PlacementRequest, *, session: str) -> list[Missing]:
    """Return what is missing of the safety questions (INV-S1): current text, this session, this person, nothing left to do."""
    last = latest_screen(request)
    if last is None:
        return [Missing("screen", "danger_now", "Answer the safety questions")]
    if last.text_version != screening.TEXT_VERSION:
        return [Missing("screen", "danger_now", "The safety questions have changed. Answer them again")]
    if not last.may_submit:
        return [Missing("screen", "danger_now", "The safety questions are not finished")]
    if request.submitted_at is None and last.session != session:
        return [Missing("screen", "danger_now", "Answer the safety questions again, because you have signed in since")]
    return []


def child_gaps(request: PlacementRequest, *, on: date) -> list[Missing]:
    """Return what is missing about the child."""
    found = [Missing("child", name, words) for name, words in NEEDED_OF_CHILD.items() if not getattr(request, name)]
    if request.risk_level not in ("", "not_assessed"):
        if not request.risk_source:
            found.append(Missing("child", "risk_source", "Say what the level of risk is based on"))
        if request.risk_on is None:
            found.append(Missing("child", "risk_on", "Enter when the level of risk was set"))
        if not request.risk_set_by_role:
            found.append(Missing("child", "risk_set_by_role", "Enter the role of whoever set the level of risk"))
    age = age_at(request, on=on)
    if age is not None:
        last = latest_screen(request)
        if last is not None and json.loads(last.answers).get("adult", False) != (age >= ADULT):
            words = "18 or over" if age >= ADULT else "under 18"
            found.insert(0, Missing("screen", "adult", f"Answer the safety questions for somebody {words}"))
        if (request.statutory_status in ADULT_STATUSES) and age < ADULT:
            found.append(Missing("child", "statutory_status", "Choose an answer for somebody under 18"))
    if not request.home_council:
        found.append(Missing("screen", "postcode", "Enter the postcode where the child lives, or say why you cannot"))
    return found


def own_gaps(request: PlacementRequest) -> list[Missing]:
    """Return what is missing of wishes and help (INV-E3)."""
    found = []
    if not (request.wishes or request.wishes_not_asked_because):
        found.append(Missing("wishes", "wishes", "Write what the child wants, or why nobody has asked yet"))
    if not request.wanted:
        found.append(Missing("help", "wanted", "Choose what kind of support"))
    return found


def agreement_gaps(request: PlacementRequest, *, on: date) -> list[Missing]:
    """Return what is missing of agreement and sharing; child and adult answers never mix (INV-S13)."""

    def gap(field: str, words: str) -> Missing:
        return Missing("agreement", field, words)

    found = []
    if not request.lawful_basis:
        found.append(gap("lawful_basis", "Choose the basis for sharing information"))
    if not request.information_notice:
        found.append(gap("notice", "Say whether the family knows that you are sharing this"))
    elif request.information_notice == "not_told_safety_reason" and not request.notice_not_given_because:
        found.append(gap("notice_not_given_because", "Say why it is not safe to tell them"))
    elif request.information_notice == "to_be_told_by_date" and request.notice_by_on is None:
        found.append(gap("notice_by_on", "Enter by when they will be told"))
    age = age_at(request, on=on)
    if not request.participation:
        found.append(gap("participation", "Say who has agreed to take part"))
    elif (
        age is not None
        and request.participation not in EITHER_AGE
        and (request.participation in ADULT_ONLY) != (age >= ADULT)
    ):
        words = "18 or over" if age >= ADULT else "under 18"
        found.append(gap("participation", f"Choose an answer for somebody {words}"))
    if request.participation == "not_sought_safety_reason":
        last = latest_consent(request)
        if last is None or not last.because:
            found.append(gap("participation_because", "Say why it is not safe to ask"))
        if last is None or not last.manager_role:
            found.append(gap("participation_manager_role", "Enter the role of the manager who agrees"))
    return found


def latest_consent(request: PlacementRequest) -> ConsentRecord | None:
    """Return the agreement as last recorded."""
    records = ConsentRecord.objects.unscoped(reason="whether the request may be sent").filter(request_id=request.pk)
    return records.order_by("-at", "-ref").first()


# --- sending ---
@transaction.atomic
def submit(request: PlacementRequest, *, session: str = "", by: Hat, at: datetime) -> str:
    """
    Send the request to a coordinator of the child's locality; return its public reference.

    :raises Incomplete: if something is missing, the safety questions of this session first
    :raises SafetyFirst: if the safety questions have locked it
    :raises MoveNotAllowed: if it was sent before
    :raises NotYours: if it is somebody else's
    """
    rights.need(request, by, *REQUESTERS)
    row = locked(request)
    if row.state == RequestState.SCREEN_BLOCKED:
        raise SafetyFirst
    if row.state != RequestState.DRAFT:
        raise MoveNotAllowed(row.state, RequestState.TRIAGE)
    if gaps := missing(row, at=at, session=session):
        raise Incomplete(gaps)
    lifecycle.move(
        row,
        RequestState.TRIAGE,
        by=by,
        at=at,
        reason="submitted",
        public_ref=new_reference(at),
        submitted_at=at,
        changed_at=at,
        due_at=deadlines.triage(at, critical_moment=row.critical_moment),
    )
    notifications.request_sent_to_coordinators(row, at=at)
    notifications.request_sent_to_requester(row, at=at)
    audit.record(
        "request.submit", by=by, at=at, subject="request", ref=row.ref,
        reason=f"screen:{screening.TEXT_VERSION}/basis:{row.lawful_basis}",
    )  # fmt: skip
    carry(row, request)
    return str(row.public_ref)


def new_reference(at: datetime) -> str:
    """Return a public reference that nobody has: year and month, and four characters that say nothing."""
    day = deadlines.day_of(at)
    taken = [
        PlacementRequest.objects.unscoped(reason="a reference is given once"),
        ContextRequest.objects.unscoped(reason="a reference is given once"),
    ]
    while True:
        code = "".join(secrets.choice(CROCKFORD) for _ in range(REFERENCE_LENGTH))
        reference = f"{settings.CITY.reference_prefix}-{day:%y%m}-{code}"
        if not any(rows.filter(public_ref=reference).exists() for rows in taken):
            return reference


@transaction.atomic
def discard(request: PlacementRequest, *, by: Hat, at: datetime) -> None:
    """
    Delete a draft with everything in it.

    :raises MoveNotAllowed: if it was sent: withdraw it
    """
    rights.need(request, by, *REQUESTERS)
    row = locked(request)
    if row.state not in EDITABLE:
        raise MoveNotAllowed(row.state, "deleted")
    ref = row.ref
    row.delete()
    audit.record("request.discard", by=by, at=at, subject="request", ref=ref)


# --- after sending ---
@transaction.atomic
def write(request: PlacementRequest, text: str, *, by: Hat, at: datetime) -> Message:
    """
    Write to the other side: the coordinator, or whoever asked. No names.

    :raises AnswerRefused: if there are no words, or too many
    """
    rights.need(request, by, *REQUESTERS, Role.COORDINATOR)
    row = locked(request)
    message = say(row, text, by=by, at=at)
    if by.role == Role.COORDINATOR:
        notifications.message_to_requester(row, message.ref, at=at)
    else:
        notifications.message_to_coordinator(row, message.ref, at=at)
    audit.record("request.write", by=by, at=at, subject="request", ref=row.ref, fields=["message"])
    return message


def say(row: PlacementRequest, text: str, *, by: Hat, at: datetime, offer: Offer | None = None) -> Message:
    """Keep a message."""
    text = text.strip()
    if not text:
        raise AnswerRefused({"text": "Write a few words"})
    if len(text) > MOST_CHARACTERS:
        raise AnswerRefused({"text": f"Use {MOST_CHARACTERS} characters or fewer"})
    return Message.objects.create(
        request=row, offer=offer, text=text, written_by_id=by.user_id, written_by_role=by.role, at=at
    )


@transaction.atomic
def answer_question(request: PlacementRequest, text: str, *, by: Hat, at: datetime) -> None:
    """
    Answer what the coordinator asked; the request goes back to them.

    :raises MoveNotAllowed: if no answer is awaited
    """
    rights.need(request, by, *REQUESTERS)
    row = locked(request)
    if row.state != RequestState.NEEDS_INFORMATION:
        raise MoveNotAllowed(row.state, RequestState.TRIAGE)
    message = say(row, text, by=by, at=at)
    lifecycle.move(
        row, RequestState.TRIAGE, by=by, at=at, reason="answered",
        due_at=deadlines.triage(at, critical_moment=row.critical_moment),
    )  # fmt: skip
    notifications.message_to_coordinator(row, message.ref, at=at)
    audit.record("request.answer-question", by=by, at=at, subject="request", ref=row.ref, fields=["message"])
    carry(row, request)


@transaction.atomic
def tell_change(request: PlacementRequest, what: Rescreen, *, by: Hat, at: datetime) -> None:
    """
    Say that something has changed: nothing more is offered until the safety questions are answered again (INV-S16).

    :raises MoveNotAllowed: if the request is over, or not sent yet
    """
    rights.need(request, by, *REQUESTERS, Role.COORDINATOR)
    row = locked(request)
    if row.state in OVER or row.state in EDITABLE:
        raise MoveNotAllowed(row.state, row.state)
    row.rescreen_because = Rescreen(what)
    row.changed_at = at
    row.save(update_fields=["rescreen_because", "changed_at"])
    notifications.change_told_to_coordinator(row, at=at)
    audit.record("request.tell-change", by=by, at=at, subject="request", ref=row.ref, reason=what)
    carry(row, request)


@transaction.atomic
def take(request: PlacementRequest, *, by: Hat, at: datetime) -> None:
    """Make the coordinator the one whose name stands beside it."""
    rights.need(request, by, Role.COORDINATOR)
    row = locked(request)
    row.coordinator_id = by.user_id
    row.save(update_fields=["coordinator"])
    audit.record("request.take", by=by, at=at, subject="request", ref=row.ref)
    carry(row, request)


@transaction.atomic
def withdraw(request: PlacementRequest, because: str, *, by: Hat, at: datetime) -> None:
    """
    Take the request back: whatever is held for it is let go, whatever is running ends.

    :raises ValueError: if the reason is not one of `WITHDRAW_REASONS`
    :raises MoveNotAllowed: if it is over already, or an answer came in between: look again
    """
    rights.need(request, by, *REQUESTERS, Role.COORDINATOR)
    if because not in WITHDRAW_REASONS:
        raise ValueError(because)
    let_go(request, because="request_withdrawn", reason=EndReason.CONSENT_WITHDRAWN, by=by, at=at)
    row = locked(request)
    if row.state in EDITABLE:
        raise MoveNotAllowed(row.state, RequestState.WITHDRAWN)
    lifecycle.move(
        row, RequestState.WITHDRAWN, by=by, at=at, reason=because, closed_at=at, due_at=None, close_reason=because
    )
    if by.role == Role.COORDINATOR:
        TriageDecision.objects.create(
            request=row, outcome=TriageOutcome.WITHDRAWN, rationale=WITHDRAW_REASONS[because], decided_by_id=by.user_id,
            at=at,
        )  # fmt: skip
        notifications.request_over_to_requester(row, at=at)
    else:
        notifications.request_withdrawn_to_coordinator(row, at=at)
    audit.record("request.withdraw", by=by, at=at, subject="request", ref=row.ref, reason=because)
    carry(row, request)


def let_go(request: PlacementRequest, *, because: str, reason: EndReason, by: Hat, at: datetime) -> None:
    """Let go of every place that is held or taken for the request: pools first, by id, then the rows."""
    offers = list(
        Offer.objects.unscoped(reason="what is held for the request").filter(request=request, state=OfferState.OPEN)
    )
    places = list(
        SupportPlace.objects.unscoped(reason="what is taken for the request")
        .filter(request=request)
        .exclude(state=PlaceState.ENDED)
        .select_related("offer")
    )
    held = [(offer.pool_id, offer.ref, capacity.release) for offer in offers]
    held += [(place.offer.pool_id, place.offer.ref, capacity.vacate) for place in places]
    for _, reference, free in sorted(held, key=lambda one: str(one[0])):
        try:
            free(reference, by=by, at=at)
        except capacity.HoldEnded:
            raise MoveNotAllowed("open", "withdrawn", now="answered") from None
    for offer in offers:
        lifecycle.move(
            offer, OfferState.WITHDRAWN, by=by, at=at, reason=because, ended_at=at, withdrawn_because=because
        )
        notifications.offer_withdrawn_to_provider(offer, at=at)
    for place in places:
        started = place.state in MET
        finish(
            place,
            reason=reason if started or reason != EndReason.CONSENT_WITHDRAWN else EndReason.FAMILY_DECLINED,
            next_step="",
            family_told_on=None,
            by=by,
            at=at,
        )
        notifications.place_ended_to_provider(place, at=at)


def finish(
    place: SupportPlace, *, reason: EndReason, next_step: str, family_told_on: date | None, by: Hat | None, at: datetime
) -> None:
    """Move a place to its end; the ledger was freed before. A name that was never needed is deleted at once."""
    met = place.state in MET
    lifecycle.move(
        place,
        PlaceState.ENDED,
        by=by,
        at=at,
        reason=reason,
        ended_at=at,
        ended_on=deadlines.day_of(at),
        end_reason=reason,
        end_quality=EndQuality.PLANNED if reason in PLANNED_ENDS else EndQuality.UNPLANNED,
        family_told_on=family_told_on,
        requester_told_at=at,
        readable=met and reason not in NEVER_STARTED,
        readable_until_at=deadlines.readable_until(at) if met else at,
    )
    place.next_step = next_step.strip()
    place.save(update_fields=["next_step"])
    if not place.readable:
        ContactCard.objects.unscoped(reason="a name that was never needed").filter(place=place).delete()


@transaction.atomic
def close(request: PlacementRequest, because: str, words: str = "", *, by: Hat, at: datetime) -> None:
    """
    Close a request whose support has ended: a named coordinator decides it (INV-S4).

    :raises ValueError: if the reason is not one of `CLOSE_REASONS`
    :raises MoveNotAllowed: if something is still running
    """
    rights.need(request, by, Role.COORDINATOR)
    if because not in CLOSE_REASONS:
        raise ValueError(because)
    row = locked(request)
    lifecycle.move(
        row, RequestState.CLOSED, by=by, at=at, reason=because, closed_at=at, due_at=None, close_reason=because
    )
    row.close_words = words.strip()[:MOST_CHARACTERS]
    row.save(update_fields=["close_words"])
    notifications.request_over_to_requester(row, at=at)
    audit.record("request.close", by=by, at=at, subject="request", ref=row.ref, reason=because)
    carry(row, request)


@transaction.atomic
def look_again(request: PlacementRequest, *, by: Hat, at: datetime) -> None:
    """
    Look for another place after one has ended; the waiting clock goes on from where it began (INV-C6).

    :raises MoveNotAllowed: if support has not ended
    """
    rights.need(request, by, Role.COORDINATOR)
    row = locked(request)
    lifecycle.move(row, RequestState.MATCHING, by=by, at=at, reason="look_again", due_at=deadlines.first_offer(at))
    audit.record("request.look-again", by=by, at=at, subject="request", ref=row.ref)
    carry(row, request)


def goals_of(request: PlacementRequest) -> tuple[str, ...]:
    """Return the goals, unsealed."""
    return list_from_text(request.goals)


def avoid_of(request: PlacementRequest) -> dict[str, str]:
    """Return the wards to avoid, code to name."""
    wards = [one.ward for one in avoid_from_text(request.travel_safety)]
    return dict(Ward.objects.filter(pk__in=wards).values_list("code", "name"))


def delete_old_drafts(at: datetime) -> int:
    """Delete drafts that nobody has touched for thirty days; return how many."""
    old = PlacementRequest.objects.unscoped(reason="drafts are kept for thirty days").filter(
        state__in=EDITABLE, changed_at__lt=at - assumptions.DRAFT_KEPT.span
    )
    done = 0
    for request in old:
        with transaction.atomic():
            ref = request.ref
            request.delete()
            audit.record("request.draft-expired", by=None, at=at, subject="request", ref=ref)
            done += 1
    return done
