"""
Asking for something to be done about a school, a group or a place: begun, answered, sent, decided; withdrawn or closed.

No child is in it. Every verb that keeps words has them looked through first and keeps none of them if they say who
somebody is (INV-P5, E16): there is no way round, neither over the web nor from anywhere else. Nothing is sent before the
safety questions are answered in the same session (INV-S1, INV-S2). Where it turns out that it is about one child after
all, or that a child's request is about a whole school, a new request begins with nothing in it (E15).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from brokering import assumptions, deadlines, lifecycle, requests, rights
from brokering import context_notifications as notifications
from brokering.context_answers import CODES, FREE, LONG, OLDEST, AboutPlace, Decided, Happening, Wanted
from brokering.lifecycle import MoveNotAllowed
from brokering.models import (
    CONTEXT_EDITABLE,
    CONTEXT_OVER,
    EDITABLE,
    AffectedBand,
    ContextDecision,
    ContextMessage,
    ContextOutcome,
    ContextRequest,
    ContextScreen,
    ContextState,
    PlacementRequest,
)
from brokering.querysets import TRIAGING
from brokering.requests import REQUESTERS, AnswerRefused, Incomplete, Missing, SafetyFirst, carry, refuse
from directory.models import AddressVisibility, Area, Location, Organization, Ward
from safekeeping import audit, personal_data, screening
from safekeeping.personal_data import EVERY_KIND, IN_A_REFERENCE, Finding

if TYPE_CHECKING:
    from safekeeping.policy import Hat

S = ContextState
# A family is what surrounds a child, not a place that anybody works with (domain V6).
NO_SUBJECT = frozenset({"family"})
ONLINE = "online_space"
SCHOOLS = ("school_college", "alternative_provision")
WITHDRAW_REASONS = {
    "no_longer_needed": "It is no longer needed",
    "found_elsewhere": "Somebody else helps",
    "in_error": "It was sent by mistake",
    "other": "Another reason",
}
ABOUT_ONE_CHILD = "about_one_child"
CLOSE_REASONS = {
    "response_done": "What was agreed is done",
    "place_changed": "The place has changed by itself",
    "other": "Another reason",
}
SECTIONS = {
    "screen": "Is anybody in danger?",
    "place": "The place or group",
    "happening": "What happens there",
    "help": "What would help",
}


class NamesFound(AnswerRefused):
    """
    Some answers say who somebody is, and nothing of them was kept.

    ``found`` has them by question; ``errors`` also what else is wrong. The exception's own text holds neither.
    """

    def __init__(self, found: dict[str, tuple[Finding, ...]], errors: dict[str, str]) -> None:
        super().__init__({name: personal_data.explain(rows[0]).said for name, rows in found.items()} | errors)
        self.found = found
        self.others = {name: said for name, said in errors.items() if name not in found}


# --- what can be kept -------------------------------------------------------------------------------------------------
def look_through(
    texts: Mapping[str, str], errors: dict[str, str], *, at: datetime, kinds: frozenset[Any] = EVERY_KIND
) -> None:
    """
    Refuse texts that say who somebody is, and whatever else is wrong with the answers.

    :raises NamesFound: if a name, a number or an address is in one of them
    :raises AnswerRefused: if only other things are wrong
    """
    known = personal_data.contributed()
    found = {
        name: rows
        for name, text in texts.items()
        if name not in errors and (rows := personal_data.find(text, known=known, on=deadlines.day_of(at), kinds=kinds))
    }
    if found:
        raise NamesFound(found, errors)
    refuse(errors)


def check(told: Any, errors: dict[str, str], *, at: datetime) -> None:
    """
    Refuse answers that cannot be kept: codes that are none, words that are too many or say who somebody is.

    :raises NamesFound, AnswerRefused: as `look_through`
    """
    free = FREE[type(told)]
    codes = requests.code_errors(told, CODES[type(told)])
    long = {name: f"Use {most} characters or fewer" for name, most in free.items() if len(getattr(told, name)) > most}
    look_through({name: getattr(told, name) for name in free}, codes | long | errors, at=at)


# --- places that the directory knows ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A school, a venue or a neighbourhood that can be chosen instead of being described."""

    group: str
    code: str
    name: str


def known_places() -> Iterator[KnownPlace]:
    """Yield every school, venue and neighbourhood that may be shown to anybody."""
    schools = Organization.objects.published().filter(organization_type__code__in=SCHOOLS).order_by("name")
    for key, name in schools.values_list("pk", "name"):
        yield KnownPlace("Schools and colleges", f"organization:{key}", name)
    venues = Location.objects.filter(kind=Location.Kind.VENUE, address_visibility=AddressVisibility.FULL)
    for key, name in venues.order_by("name").values_list("pk", "name"):
        yield KnownPlace("Venues", f"location:{key}", name)
    for key, name in Area.objects.order_by("name").values_list("pk", "name"):
        yield KnownPlace("Neighbourhoods", f"area:{key}", name)


def choose_known(row: ContextRequest, code: str) -> None:
    """
    Write which known place it is, or that it is none.

    :raises AnswerRefused: if there is no such place
    """
    if code and code not in {one.code for one in known_places()}:
        raise AnswerRefused({"known_as": "Choose from the list"})
    kind, _, key = code.partition(":")
    row.organization_id = UUID(key) if kind == "organization" else None
    row.location_id = UUID(key) if kind == "location" else None
    row.area_id = int(key) if kind == "area" else None


def known_as(row: ContextRequest) -> str:
    """Return the code of the known place that was chosen, "" for none."""
    for kind in ("organization", "location", "area"):
        if key := getattr(row, f"{kind}_id"):
            return f"{kind}:{key}"
    return ""


def settle_ward(row: ContextRequest, code: str) -> None:
    """
    Write the ward, chosen or that of the known place, and the locality that follows from it.

    :raises AnswerRefused: if there is no such ward
    """
    ward = Ward.objects.filter(pk=code).first() if code else None
    if code and ward is None:
        raise AnswerRefused({"ward": "Choose from the list"})
    if ward is None and row.area_id:
        ward = Ward.objects.filter(areas=row.area_id).first()
    if ward is None and row.location_id:
        ward = Ward.objects.filter(locations=row.location_id).first()
    row.ward = ward
    row.locality_id = ward.locality_id if ward else None


# --- beginning and answering --------------------------------------------------------------------------------------------
@transaction.atomic
def begin(*, by: Hat, at: datetime, is_demo: bool = False) -> ContextRequest:
    """
    Begin a draft; nobody but its writer sees it.

    :raises NotYours: if the hat does not ask for support
    """
    context = fresh(by=by, at=at, is_demo=is_demo)
    audit.record("context.begin", by=by, at=at, subject="context", ref=context.ref)
    return context


def fresh(*, by: Hat, at: datetime, is_demo: bool = False) -> ContextRequest:
    """Save an empty draft, for a verb that records it."""
    if by.role not in REQUESTERS:
        raise rights.NotYours
    context = ContextRequest(
        requester_id=by.user_id,
        requester_organization=Organization.objects.get(pk=by.organization_id),
        requester_role=by.role,
        requester_job=by.job_title,
        begun_at=at,
        changed_at=at,
        is_demo=is_demo,
    )
    lifecycle.begin(context, by=by, at=at)
    return context


def locked(context: ContextRequest) -> ContextRequest:
    """Return the row as it is now, locked until the transaction ends."""
    return ContextRequest.objects.unscoped(reason="the row of this deed").select_for_update().get(pk=context.pk)


@transaction.atomic
def answer_screen(
    context: ContextRequest, answers: screening.Answers, *, session: str = "", by: Hat, at: datetime
) -> screening.Verdict:
    """
    Keep the answers to the safety questions, and lock or unlock the form by what follows from them.

    :raises NamesFound: if the reference or the role says who somebody is
    :raises NotYours: if it is somebody else's
    :raises MoveNotAllowed: if it was sent: nothing that is answered later is asked here
    """
    rights.need(context, by, *REQUESTERS)
    row = locked(context)
    if row.state not in CONTEXT_EDITABLE:
        raise MoveNotAllowed(row.state, row.state)
    look_through({"reported_reference": answers.reported_reference}, {}, at=at, kinds=IN_A_REFERENCE)
    look_through({"reported_to_role": answers.reported_to_role}, {}, at=at)
    verdict = judge(answers, at=at)
    ContextScreen.objects.create(
        context=row,
        answers=json.dumps(answers.as_json()),
        text_version=answers.text_version,
        may_submit=verdict.may_submit,
        answered_by_id=by.user_id,
        session=session,
        at=at,
    )
    row.changed_at = at
    row.save(update_fields=["changed_at"])
    to = S.SCREEN_BLOCKED if requests.stops(verdict) else S.DRAFT
    if to != row.state:
        lifecycle.move(row, to, by=by, at=at, reason="screen")
    outcome = "ok" if verdict.may_submit else "stopped"
    audit.record("context.screen", by=by, at=at, subject="context", ref=row.ref, outcome=outcome)
    carry(row, context)
    return verdict


def judge(answers: screening.Answers, *, at: datetime) -> screening.Verdict:
    """Return what follows from the answers, for a place."""
    return screening.judge(answers, council=settings.CITY.council_code, at=at, kind=screening.For.CONTEXT)


@transaction.atomic
def tell_place(context: ContextRequest, told: AboutPlace, *, by: Hat, at: datetime) -> None:
    """
    Keep which school, group or place it is.

    :raises NamesFound: if an answer says who somebody is: nothing is kept
    :raises AnswerRefused: if an answer cannot be kept
    :raises SafetyFirst: if the safety questions have locked the form
    :raises MoveNotAllowed: if it was sent: write to those who read it instead
    """
    row = changeable(context, by)
    wrong = {"context_type": "Choose from the list"} if told.context_type in NO_SUBJECT else {}
    check(told, wrong, at=at)
    choose_known(row, told.known_as)
    settle_ward(row, told.ward)
    row.context_type = told.context_type
    row.label = told.label.strip()
    row.place_description = told.place_description.strip()
    keep(row, context, section="place", by=by, at=at)


@transaction.atomic
def tell_happening(context: ContextRequest, told: Happening, *, by: Hat, at: datetime) -> None:
    """
    Keep what happens there, when, and to about how many.

    :raises NamesFound, AnswerRefused, SafetyFirst, MoveNotAllowed: as `tell_place`
    """
    row = changeable(context, by)
    check(told, happening_errors(told), at=at)
    row.harm_types = list(told.harm_types)
    row.pattern = list(told.pattern)
    row.what_is_known = told.what_is_known.strip()
    row.affected = told.affected
    row.youngest, row.oldest = told.youngest, told.oldest
    row.strengths = told.strengths.strip()
    keep(row, context, section="happening", by=by, at=at)


def happening_errors(told: Happening) -> dict[str, str]:
    """Return what cannot be kept of numbers and ages."""
    errors = {}
    if told.affected and told.affected not in AffectedBand.values:
        errors["affected"] = "Choose from the list"
    for name in ("youngest", "oldest"):
        age = getattr(told, name)
        if age is not None and not 0 <= age <= OLDEST:
            errors[name] = f"Enter an age from 0 to {OLDEST}"
    if not errors and told.youngest is not None and told.oldest is not None and told.youngest > told.oldest:
        errors["oldest"] = "The oldest cannot be younger than the youngest"
    return errors


@transaction.atomic
def tell_help(context: ContextRequest, told: Wanted, *, by: Hat, at: datetime) -> None:
    """
    Keep what would help, who could help, and who answers for the place.

    :raises NamesFound, AnswerRefused, SafetyFirst, MoveNotAllowed: as `tell_place`
    """
    row = changeable(context, by)
    check(told, {}, at=at)
    row.response_wanted = list(told.response_wanted)
    row.partners = told.partners.strip()
    row.tried_already = told.tried_already.strip()
    row.accountable_owner = told.accountable_owner.strip()
    keep(row, context, section="help", by=by, at=at)


def changeable(context: ContextRequest, by: Hat) -> ContextRequest:
    """Return the locked row, if the side that asked may still change it."""
    rights.need(context, by, *REQUESTERS)
    row = locked(context)
    if row.state == S.SCREEN_BLOCKED:
        raise SafetyFirst
    if row.state != S.DRAFT:
        raise MoveNotAllowed(row.state, row.state)
    return row


def keep(row: ContextRequest, context: ContextRequest, *, section: str, by: Hat, at: datetime) -> None:
    """Save the row."""
    row.changed_at = at
    row.save()
    audit.record("context.answer", by=by, at=at, subject="context", ref=row.ref, fields=[section])
    carry(row, context)


# --- what is missing ----------------------------------------------------------------------------------------------------
NEEDED = {
    "place": {
        "context_type": "Say what kind of place or group it is",
        "label": "Say what we shall call it",
    },
    "happening": {
        "harm_types": "Choose at least one worry",
        "what_is_known": "Write what happens there",
        "affected": "Say about how many children are affected",
    },
    "help": {
        "response_wanted": "Choose what would help",
        "accountable_owner": "Say who answers for this place: a role",
    },
}


def latest_screen(context: ContextRequest) -> ContextScreen | None:
    """Return the safety questions as last answered."""
    screens = ContextScreen.objects.unscoped(reason="whether the request may be sent").filter(context_id=context.pk)
    return screens.order_by("-at", "-ref").first()


def missing(context: ContextRequest, *, session: str = "") -> tuple[Missing, ...]:
    """Return everything that has to be answered before sending, in the order of the form; empty if nothing is."""
    gaps = screen_gaps(context, session=session)
    for section, fields in NEEDED.items():
        gaps += [Missing(section, name, words) for name, words in fields.items() if not getattr(context, name)]
    return tuple(gaps)


def screen_gaps(context: ContextRequest, *, session: str) -> list[Missing]:
    """Return what is missing of the safety questions (INV-S1): current text, this session, nothing left to do."""
    last = latest_screen(context)
    if last is None:
        return [Missing("screen", "danger_now", "Answer the safety questions")]
    if last.text_version != screening.TEXT_VERSION:
        return [Missing("screen", "danger_now", "The safety questions have changed. Answer them again")]
    if not last.may_submit:
        return [Missing("screen", "danger_now", "The safety questions are not finished")]
    if context.submitted_at is None and last.session != session:
        return [Missing("screen", "danger_now", "Answer the safety questions again, because you have signed in since")]
    return []


# --- sending ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def submit(context: ContextRequest, *, session: str = "", by: Hat, at: datetime) -> str:
    """
    Send it to the Partnership Team and the coordinators of its locality; return its public reference.

    :raises Incomplete: if something is missing, the safety questions of this session first
    :raises SafetyFirst: if the safety questions have locked it
    :raises MoveNotAllowed: if it was sent before
    :raises NotYours: if it is somebody else's
    """
    rights.need(context, by, *REQUESTERS)
    row = locked(context)
    if row.state == S.SCREEN_BLOCKED:
        raise SafetyFirst
    if row.state != S.DRAFT:
        raise MoveNotAllowed(row.state, S.TRIAGE)
    if gaps := missing(row, session=session):
        raise Incomplete(gaps)
    lifecycle.move(
        row,
        S.TRIAGE,
        by=by,
        at=at,
        reason="submitted",
        public_ref=requests.new_reference(at),
        submitted_at=at,
        changed_at=at,
        due_at=deadlines.triage(at, critical_moment=""),
    )
    notifications.sent_to_desk(row, at=at)
    notifications.sent_to_requester(row, at=at)
    audit.record(
        "context.submit", by=by, at=at, subject="context", ref=row.ref, reason=f"screen:{screening.TEXT_VERSION}"
    )
    carry(row, context)
    return str(row.public_ref)


@transaction.atomic
def discard(context: ContextRequest, *, by: Hat, at: datetime) -> None:
    """
    Delete a draft with everything in it.

    :raises MoveNotAllowed: if it was sent: withdraw it
    """
    rights.need(context, by, *REQUESTERS)
    row = locked(context)
    if row.state not in CONTEXT_EDITABLE:
        raise MoveNotAllowed(row.state, "deleted")
    ref = row.ref
    row.delete()
    audit.record("context.discard", by=by, at=at, subject="context", ref=ref)


# --- it is about something else -----------------------------------------------------------------------------------------
@transaction.atomic
def begin_instead_of_child(request: PlacementRequest, *, by: Hat, at: datetime) -> ContextRequest:
    """
    Begin a place's request where a child's was begun: nothing is taken over, and neither knows of the other (E15).

    A draft about the child is deleted; a request that was sent stays as it is, because a child's request is ended by
    nobody but a person who decides that (INV-S4).
    """
    rights.need(request, by, *REQUESTERS)
    row = requests.locked(request)
    ref, is_demo = row.ref, row.is_demo
    context = fresh(by=by, at=at, is_demo=is_demo)
    deleted = row.state in EDITABLE
    if deleted:
        row.delete()
    outcome = "deleted" if deleted else "kept"
    audit.record("request.about-a-place", by=by, at=at, subject="request", ref=ref, outcome=outcome)
    audit.record("context.begin", by=by, at=at, subject="context", ref=context.ref, reason="after-a-child")
    return context


@transaction.atomic
def begin_child_instead(context: ContextRequest, *, by: Hat, at: datetime) -> PlacementRequest:
    """
    Begin a child's request where a place's was begun: nothing is taken over, and neither knows of the other (E15).

    A draft is deleted, what was sent is withdrawn: a place waits for nothing.

    :raises MoveNotAllowed: if it is over
    """
    rights.need(context, by, *REQUESTERS)
    row = locked(context)
    ref, is_demo = row.ref, row.is_demo
    if row.state in CONTEXT_EDITABLE:
        row.delete()
        outcome = "deleted"
    else:
        lifecycle.move(
            row, S.WITHDRAWN, by=by, at=at, reason=ABOUT_ONE_CHILD, closed_at=at, due_at=None,
            close_reason=ABOUT_ONE_CHILD,
        )  # fmt: skip
        notifications.withdrawn_to_desk(row, at=at)
        outcome = "withdrawn"
    request = requests.fresh(by=by, at=at, is_demo=is_demo)
    audit.record("context.about-one-child", by=by, at=at, subject="context", ref=ref, outcome=outcome)
    audit.record("request.begin", by=by, at=at, subject="request", ref=request.ref, reason="after-a-place")
    return request


# --- after sending ------------------------------------------------------------------------------------------------------
@transaction.atomic
def write(context: ContextRequest, text: str, *, by: Hat, at: datetime) -> ContextMessage:
    """
    Write to the other side: whoever decides, or whoever asked.

    :raises NamesFound: if the words say who somebody is
    :raises AnswerRefused: if there are no words, or too many
    :raises MoveNotAllowed: if it was not sent yet, or is over
    """
    rights.need(context, by, *REQUESTERS, *TRIAGING)
    row = locked(context)
    if row.state in CONTEXT_EDITABLE | CONTEXT_OVER:
        raise MoveNotAllowed(row.state, row.state)
    text = text.strip()
    if not text:
        raise AnswerRefused({"text": "Write a few words"})
    long = {"text": f"Use {LONG} characters or fewer"} if len(text) > LONG else {}
    look_through({"text": text}, long, at=at)
    message = ContextMessage.objects.create(
        context=row, text=text, written_by_id=by.user_id, written_by_role=by.role, at=at
    )
    if by.role in TRIAGING:
        notifications.message_to_requester(row, message.ref, at=at)
    else:
        notifications.message_to_desk(row, message.ref, at=at)
    audit.record("context.write", by=by, at=at, subject="context", ref=row.ref, fields=["message"])
    return message


@transaction.atomic
def withdraw(context: ContextRequest, because: str, *, by: Hat, at: datetime) -> None:
    """
    Take it back.

    :raises ValueError: if the reason is not one of `WITHDRAW_REASONS`
    :raises MoveNotAllowed: if it was not sent yet, or is over
    """
    rights.need(context, by, *REQUESTERS, *TRIAGING)
    if because not in WITHDRAW_REASONS:
        raise ValueError(because)
    row = locked(context)
    if row.state in CONTEXT_EDITABLE:
        raise MoveNotAllowed(row.state, S.WITHDRAWN)
    lifecycle.move(row, S.WITHDRAWN, by=by, at=at, reason=because, closed_at=at, due_at=None, close_reason=because)
    if by.role in TRIAGING:
        notifications.over_to_requester(row, at=at)
    else:
        notifications.withdrawn_to_desk(row, at=at)
    audit.record("context.withdraw", by=by, at=at, subject="context", ref=row.ref, reason=because)
    carry(row, context)


# --- deciding -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def take(context: ContextRequest, *, by: Hat, at: datetime) -> None:
    """
    Make it one's own; a colleague's, too, when they are away.

    :raises MoveNotAllowed: if it was not sent yet, or is over
    """
    rights.need(context, by, *TRIAGING)
    row = locked(context)
    if row.state == S.OWNED:
        row.owner_id = by.user_id
        row.save(update_fields=["owner"])
    else:
        lifecycle.move(
            row, S.OWNED, by=by, at=at, reason="taken", owner_id=by.user_id, due_at=deadlines.decide_about_place(at)
        )
    audit.record("context.take", by=by, at=at, subject="context", ref=row.ref)
    carry(row, context)


ENDS = frozenset(ContextOutcome) - {ContextOutcome.RESPONSE_AGREED}


@transaction.atomic
def decide(context: ContextRequest, told: Decided, *, by: Hat, at: datetime) -> ContextDecision:
    """
    Decide what happens, with a reason: a response is agreed and somebody owns it, or the request ends.

    :raises NamesFound: if the words say who somebody is
    :raises AnswerRefused: if something is missing that this decision needs
    :raises MoveNotAllowed: if it was not sent yet, or is over
    """
    rights.need(context, by, *TRIAGING)
    row = locked(context)
    if row.state in CONTEXT_EDITABLE | CONTEXT_OVER:
        raise MoveNotAllowed(row.state, S.OWNED)
    check(told, decision_errors(told, on=deadlines.day_of(at), at=at), at=at)
    outcome = ContextOutcome(told.outcome)
    same = same_place(row, told.same_as, by) if outcome == ContextOutcome.DUPLICATE else ""
    decision = ContextDecision.objects.create(
        context=row,
        outcome=outcome,
        rationale=told.rationale.strip(),
        told=told.told.strip(),
        told_at=told.told_at,
        told_by_role=told.told_by_role.strip(),
        same_as=same,
        decided_by_id=by.user_id,
        at=at,
    )
    if outcome in ENDS:
        lifecycle.move(row, S.CLOSED, by=by, at=at, reason=outcome, closed_at=at, due_at=None, close_reason=outcome)
    else:
        assert told.review_on is not None  # decision_errors has asked for it
        facts = {"owner_id": by.user_id, "review_on": told.review_on, "due_at": deadlines.end_of(told.review_on)}
        if row.state == S.TRIAGE:
            lifecycle.move(row, S.OWNED, by=by, at=at, reason=outcome, **facts)
        else:
            ContextRequest.objects.unscoped(reason="the row of this deed").filter(pk=row.pk).update(**facts)
            row.refresh_from_db()
    notifications.decided_to_requester(row, decision.ref, at=at)
    audit.record("context.decide", by=by, at=at, subject="context", ref=row.ref, reason=outcome)
    carry(row, context)
    return decision


# What each decision needs besides a reason.
NEEDED_TO_DECIDE: dict[ContextOutcome, dict[str, str]] = {
    ContextOutcome.RESPONSE_AGREED: {
        "told": "Say what is agreed, and who does it",
        "review_on": "Enter the day on which you look at it again",
    },
    ContextOutcome.SIGNPOSTED: {"told": "Say who can do it, and how to reach them"},
    ContextOutcome.STEPPED_UP_STATUTORY: {"told_at": "Enter when you called", "told_by_role": "Enter your role"},
    ContextOutcome.DUPLICATE: {"same_as": "Enter the reference of the other request"},
    ContextOutcome.NO_FURTHER_ACTION: {"told": "Say why nothing more is needed"},
}


def decision_errors(told: Decided, *, on: date, at: datetime) -> dict[str, str]:
    """Return what a decision of this kind needs and does not have."""
    if told.outcome not in ContextOutcome.values:
        return {"outcome": "Choose what you decide"}
    needed = {"rationale": "Say why, in a sentence or two", **NEEDED_TO_DECIDE[ContextOutcome(told.outcome)]}
    errors = {name: words for name, words in needed.items() if not str(getattr(told, name) or "").strip()}
    if told.review_on is not None and told.review_on < on:
        errors["review_on"] = "This date must be today or later"
    if told.told_at is not None and told.told_at > at:
        errors["told_at"] = "This must be in the past"
    return errors


def same_place(row: ContextRequest, reference: str, by: Hat) -> str:
    """
    Return the whole reference of the other request about the same place.

    :raises AnswerRefused: if there is none within reach
    """
    wanted = reference.strip().upper()
    others = ContextRequest.objects.visible_to(by).exclude(pk=row.pk).filter(public_ref__endswith=wanted[-4:])
    for other in others.exclude(state=S.WITHDRAWN):
        if wanted in (other.public_ref, other.short_ref):
            return str(other.public_ref)
    raise AnswerRefused({"same_as": "There is no other request about a place with this reference"})


@transaction.atomic
def close(context: ContextRequest, because: str, words: str = "", *, by: Hat, at: datetime) -> None:
    """
    Close a request whose response is over.

    :raises ValueError: if the reason is not one of `CLOSE_REASONS`
    :raises NamesFound, AnswerRefused: if the words cannot be kept
    :raises MoveNotAllowed: if no response was agreed: then it needs a decision
    """
    rights.need(context, by, *TRIAGING)
    if because not in CLOSE_REASONS:
        raise ValueError(because)
    row = locked(context)
    if row.review_on is None:
        raise MoveNotAllowed(row.state, S.CLOSED)
    long = {"words": f"Use {LONG} characters or fewer"} if len(words) > LONG else {}
    look_through({"words": words}, long, at=at)
    lifecycle.move(row, S.CLOSED, by=by, at=at, reason=because, closed_at=at, due_at=None, close_reason=because)
    row.close_words = words.strip()
    row.save(update_fields=["close_words"])
    notifications.over_to_requester(row, at=at)
    audit.record("context.close", by=by, at=at, subject="context", ref=row.ref, reason=because)
    carry(row, context)


def delete_old_drafts(at: datetime) -> int:
    """Delete drafts that nobody has touched for thirty days; return how many."""
    old = ContextRequest.objects.unscoped(reason="drafts are kept for thirty days").filter(
        state__in=CONTEXT_EDITABLE, changed_at__lt=at - assumptions.DRAFT_KEPT.span
    )
    done = 0
    for context in old:
        with transaction.atomic():
            ref = context.ref
            context.delete()
            audit.record("context.draft-expired", by=None, at=at, subject="context", ref=ref)
            done += 1
    return done
