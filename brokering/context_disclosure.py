"""
What each reader may know of a place's request: frozen values that pages are made of; a template never gets the row.

There is no child in it to hide. What whoever asked wrote is read by them and by those who decide; why something was
decided is the deciders' own, and whoever asked reads what was written for them. Every reading is recorded in the
transaction in which it happens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from brokering import assumptions, contexts, deadlines, profiles, rights
from brokering.disclosure import DeskFilter, Event, MessageLine, ScreenLine, find, names_of
from brokering.models import (
    CONTEXT_EDITABLE,
    CONTEXT_OVER,
    AffectedBand,
    ContextDecision,
    ContextHistory,
    ContextMessage,
    ContextOutcome,
    ContextRequest,
    ContextScreen,
    ContextState,
)
from brokering.querysets import TRIAGING
from brokering.requests import REQUESTERS
from directory.models import Role
from safekeeping import audit, screening
from safekeeping.working_time import LONDON

if TYPE_CHECKING:
    from safekeeping.policy import Hat

S = ContextState
ONLINE_ANY_TIME = "online_any_time"
RELATED = ("ward", "locality", "organization", "location", "area", "requester_organization")
Pairs = tuple[tuple[str, str], ...]


# --- words --------------------------------------------------------------------------------------------------------------
def headline(row: ContextRequest) -> str:
    """Return "Group conflict, school, after school": harm, kind of place, when; composed, never typed."""
    when = row.pattern[0] if row.pattern else ""
    kind = "" if when == ONLINE_ANY_TIME else row.context_type  # "online, online at any time" says it twice
    parts = [
        profiles.label("harm_type", row.harm_types[0]) if row.harm_types else "",
        profiles.label("context_type", kind),
        profiles.label("context_harm_pattern", when),
    ]
    said = [part for part in parts if part]
    return ", ".join([*said[:1], *map(profiles.small, said[1:])]) or "Not said yet"


def wanted_words(row: ContextRequest) -> str:
    """Return what would help, the first of it."""
    return profiles.label("context_response", row.response_wanted[0]) if row.response_wanted else ""


def area_words(row: ContextRequest) -> str:
    """Return the ward; where there is none, that it lies nowhere or nobody knows."""
    if row.ward:
        return row.ward.name
    return "Online" if row.context_type == contexts.ONLINE else "Not known"


def known_words(row: ContextRequest) -> str:
    """Return the name of the school, the venue or the neighbourhood that was chosen."""
    known = row.organization or row.location or row.area
    return known.name if known else ""


def affected_words(row: ContextRequest) -> str:
    """Return "10 to 19 children, aged 13 to 14"."""
    if not row.affected:
        return ""
    if row.affected == AffectedBand.UNKNOWN:
        children = "Number of children not known"
    else:
        children = f"{AffectedBand(row.affected).label} children"
    ages = [str(age) for age in (row.youngest, row.oldest) if age is not None]
    return f"{children}, aged {' to '.join(dict.fromkeys(ages))}" if ages else children


def labelled(taxonomy: str, codes: Iterable[str]) -> str:
    """Return the words of codes, one after the other."""
    return ", ".join(profiles.labels(taxonomy, tuple(codes)))


def answered(row: ContextRequest) -> dict[str, Pairs]:
    """Return every answer in words, section by section; what has no answer is left out."""
    place = (
        ("What it is", profiles.label("context_type", row.context_type)),
        ("Called", row.label),
        ("On the list", known_words(row)),
        ("Where", row.place_description),
        ("Ward", row.ward.name if row.ward else ""),
    )
    happening = (
        ("Worries", labelled("harm_type", row.harm_types)),
        ("What happens", row.what_is_known),
        ("When", labelled("context_harm_pattern", row.pattern)),
        ("Affected", affected_words(row)),
        ("What is good", row.strengths),
    )
    wanted = (
        ("Would help", labelled("context_response", row.response_wanted)),
        ("Who could help", row.partners),
        ("Tried already", row.tried_already),
        ("Answers for it", row.accountable_owner),
    )
    return {
        section: tuple(pair for pair in pairs if pair[1])
        for section, pairs in (("place", place), ("happening", happening), ("help", wanted))
    }


def screen_lines(told: screening.Answers) -> tuple[ScreenLine, ...]:
    """Return the safety questions with their answers, and when the front door was told."""
    lines = []
    for question in screening.questions_for(screening.For.CONTEXT):
        if question.choices:
            answer = getattr(told, question.field)
            lines.append(ScreenLine(question.wording(), answer.label if answer else "Not answered"))
    if told.reported and told.reported_at:
        when = told.reported_at.astimezone(LONDON)
        whom = told.reported_reference or told.reported_to_role
        said = f"{when.day} {when:%B, %H:%M}, {whom}"
        lines.append(ScreenLine(f"{settings.CITY.front_door.short_name} told", said))
    return tuple(lines)


def answers_of(screen: ContextScreen | None) -> screening.Answers:
    """Return what was answered to the safety questions, nothing if they were not."""
    return screening.Answers.from_json(json.loads(screen.answers)) if screen else screening.Answers()


# --- whoever asked ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ContextLine:
    """One row of "My requests"."""

    ref: UUID
    public_ref: str
    headline: str
    label: str
    state_words: str
    kind: str
    shape: str
    next: str
    due_at: datetime | None
    editable: bool
    over: bool


SHAPES = {
    S.DRAFT: ("quiet", "dash"), S.SCREEN_BLOCKED: ("few", "bars"), S.TRIAGE: ("quiet", "clock"),
    S.OWNED: ("open", "disc"),
}  # fmt: skip
NEXT_FOR_REQUESTER = {
    S.DRAFT: "Finish and send it",
    S.SCREEN_BLOCKED: "Make sure that everybody is safe",
    S.TRIAGE: "Somebody reads it",
    S.OWNED: "Somebody works on it",
}


@transaction.atomic
def requests_of(*, by: Hat, at: datetime) -> tuple[ContextLine, ...]:
    """Return the places' requests of whoever asked, newest first."""
    rows = list(ContextRequest.objects.visible_to(by).order_by("-begun_at", "ref"))
    audit.record_each(
        "context.list", by=by, at=at, subject="context", refs=[one.pk for one in rows], fields=["headline", "state"]
    )
    return tuple(line_of(one) for one in rows)


def line_of(row: ContextRequest) -> ContextLine:
    """Return one row of "My requests"."""
    state = S(row.state)
    kind, shape = SHAPES.get(state, ("quiet", "cross"))
    editable = state in CONTEXT_EDITABLE
    return ContextLine(
        ref=row.ref,
        public_ref=row.public_ref or "",
        headline=headline(row),
        label=row.label,
        state_words=row.get_state_display(),
        kind=kind,
        shape=shape,
        next=NEXT_FOR_REQUESTER.get(state, ""),
        due_at=row.changed_at + assumptions.DRAFT_KEPT.span if editable else row.due_at,
        editable=editable,
        over=state in CONTEXT_OVER,
    )


@dataclass(frozen=True, slots=True)
class ContextView:
    """Where a place's request stands, for the side that asked."""

    ref: UUID
    public_ref: str
    headline: str
    label: str
    area: str
    state: str
    over: bool
    due_at: datetime | None
    submitted_at: datetime | None
    owner: str
    outcome: str
    told: str
    same_as: str
    review_on: date | None
    messages: tuple[MessageLine, ...]
    events: tuple[Event, ...]


@transaction.atomic
def status(ref: UUID, *, by: Hat, at: datetime) -> ContextView:
    """
    Return where a request that was sent stands, to the side that asked.

    :raises NotYours: if it is not theirs, or not sent yet
    """
    if by.role not in REQUESTERS:
        raise rights.NotYours
    row = find(ContextRequest, ref, by, *RELATED)
    if row.submitted_at is None:
        raise rights.NotYours
    decision = told_to_requester(row)
    view = ContextView(
        ref=row.ref,
        public_ref=row.public_ref or "",
        headline=headline(row),
        label=row.label,
        area=area_words(row),
        state=row.state,
        over=row.state in CONTEXT_OVER,
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        owner=names_of([row.owner_id]).get(row.owner_id, ""),
        outcome=decision.outcome if decision else "",
        told=decision.told if decision else "",
        same_as=decision.same_as if decision else "",
        review_on=row.review_on,
        messages=messages_of(row, by),
        events=events_of(row, by),
    )
    audit.record(
        "context.read-status", by=by, at=at, subject="context", ref=row.ref, fields=["state", "label", "messages"]
    )
    return view


def told_to_requester(row: ContextRequest) -> ContextDecision | None:
    """Return the last decision; of it whoever asked reads the outcome and what was written for them."""
    decisions = ContextDecision.objects.unscoped(reason="the part of a decision that is told to whoever asked")
    return decisions.filter(context=row).order_by("-at", "-ref").first()


# --- what both read -----------------------------------------------------------------------------------------------------
WROTE = {Role.PARTNERSHIP_TEAM: "Partnership Team", Role.COORDINATOR: "coordinator"}
BECAME = {
    S.TRIAGE: "It was sent",
    S.OWNED: "Somebody took it on",
    S.CLOSED: "It was closed",
    S.WITHDRAWN: "It was withdrawn",
}


def messages_of(row: ContextRequest, by: Hat) -> tuple[MessageLine, ...]:
    """Return messages as they are read, oldest first."""
    kept = list(ContextMessage.objects.visible_to(by).filter(context=row).order_by("at", "ref"))
    names = names_of(one.written_by_id for one in kept)
    return tuple(
        MessageLine(
            one.at, names.get(one.written_by_id, ""), WROTE.get(Role(one.written_by_role), "asked for it"),
            one.written_by_id == by.user_id, one.text,
        )
        for one in kept
    )  # fmt: skip


def events_of(row: ContextRequest, by: Hat) -> tuple[Event, ...]:
    """Return what happened, oldest first; those who decide read who did it, and why."""
    moves = [
        one
        for one in ContextHistory.objects.visible_to(by).filter(context=row).order_by("number")
        if one.was and one.became not in CONTEXT_EDITABLE
    ]
    if by.role not in TRIAGING:
        return tuple(Event(BECAME[S(one.became)], one.at) for one in moves)
    names = names_of(one.by_person for one in moves)
    decisions = list(ContextDecision.objects.visible_to(by).filter(context=row))
    names |= names_of(one.decided_by_id for one in decisions)
    decided_at = {one.at for one in decisions}
    found = [
        Event(BECAME[S(one.became)], one.at, names.get(one.by_person, "")) for one in moves if one.at not in decided_at
    ]
    found += [
        Event(str(ContextOutcome(one.outcome).label), one.at, names.get(one.decided_by_id, ""), one.rationale)
        for one in decisions
    ]
    return tuple(sorted(found, key=lambda event: event.at))


EVERYTHING = DeskFilter()


# --- the desk -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ContextDeskLine:
    """One line of the queue: "Group conflict, school, after school" over "Workshops · C3LM · 10 to 19 children"."""

    ref: UUID
    short_ref: str
    worry: str
    wanted: str
    affected: str
    area: str
    state: str
    state_words: str
    detail: str
    next: str
    owner: str
    mine: bool
    due_at: datetime | None
    is_place: bool = True


@dataclass(frozen=True, slots=True)
class ContextDesk:
    """The places in the queue, and what the day looks like; the counts are of all of them."""

    lines: tuple[ContextDeskLine, ...]
    late: int
    due_today: int
    due_this_week: int


def next_at_desk(row: ContextRequest) -> str:
    """Return what is to be done next."""
    if row.state == S.TRIAGE:
        return "Read and decide"
    if row.state == S.OWNED:
        return "Look again" if row.review_on else "Decide"
    return ""


@transaction.atomic
def desk(wanted: DeskFilter = EVERYTHING, *, by: Hat, at: datetime) -> ContextDesk:
    """
    Return the places that wait, most urgent first.

    :raises NotYours: if the hat does not decide about places
    """
    if by.role not in TRIAGING:
        raise rights.NotYours
    rows = ContextRequest.objects.visible_to(by).select_related("ward", "requester_organization")
    if not wanted.with_closed:
        rows = rows.exclude(state__in=CONTEXT_OVER)
    queue = list(rows)
    names = names_of(one.owner_id for one in queue)
    shown = sorted(
        (one for one in queue if is_wanted(one, wanted, by)),
        key=lambda one: (one.due_at is None, one.due_at or at, str(one.pk)),
    )
    today = deadlines.day_of(at)
    due = [deadlines.day_of(one.due_at) for one in queue if one.due_at and one.due_at >= at]
    found = ContextDesk(
        lines=tuple(desk_line(one, names, by=by) for one in shown),
        late=sum(1 for one in queue if one.due_at and one.due_at < at),
        due_today=sum(1 for day in due if day == today),
        due_this_week=sum(1 for day in due if today < day and day.isocalendar()[:2] == today.isocalendar()[:2]),
    )
    audit.record_each(
        "context.desk", by=by, at=at, subject="context", refs=[one.pk for one in shown],
        fields=["headline", "ward", "state"],
    )  # fmt: skip
    return found


def is_wanted(one: ContextRequest, wanted: DeskFilter, by: Hat) -> bool:
    """Say whether a filter lets the line through."""
    text = wanted.text.strip().upper()
    return (
        (not text or text in (one.public_ref, one.short_ref))
        and (not wanted.mine_and_unowned or one.owner_id in (None, by.user_id))
        and (not wanted.states or one.state in wanted.states)
    )


def desk_line(one: ContextRequest, names: dict[int | None, str], *, by: Hat) -> ContextDeskLine:
    """Return one line of the queue."""
    return ContextDeskLine(
        ref=one.ref,
        short_ref=one.short_ref,
        worry=headline(one),
        wanted=wanted_words(one),
        affected=affected_words(one),
        area=area_words(one),
        state=one.state,
        state_words=one.get_state_display(),
        detail=one.requester_organization.name,
        next=next_at_desk(one),
        owner=names.get(one.owner_id, "Nobody yet"),
        mine=one.owner_id == by.user_id,
        due_at=one.due_at,
    )


@dataclass(frozen=True, slots=True)
class ContextCase:
    """
    Everything about one place, for those who decide.

    ``may`` says which deeds are open to them: "take", "decide", "write", "withdraw", "close".
    """

    ref: UUID
    public_ref: str
    short_ref: str
    headline: str
    label: str
    area: str
    affected: str
    state_words: str
    next: str
    due_at: datetime | None
    submitted_at: datetime | None
    asked_by: str
    asked_by_role: str
    organization: str
    owner: str
    mine: bool
    review_on: date | None
    agreed: str
    answers: Pairs
    screen: tuple[ScreenLine, ...]
    messages: tuple[MessageLine, ...]
    events: tuple[Event, ...]
    may: frozenset[str]


@transaction.atomic
def case(ref: UUID, *, by: Hat, at: datetime) -> ContextCase:
    """
    Return one place's request to somebody who decides about it.

    :raises NotYours: if it is not there, or not within reach
    """
    if by.role not in TRIAGING:
        raise rights.NotYours
    row = find(ContextRequest, ref, by, *RELATED)
    people = names_of([row.requester_id, row.owner_id])
    last = ContextScreen.objects.visible_to(by).filter(context=row).order_by("-at", "-ref").first()
    agreed = (
        ContextDecision.objects.visible_to(by)
        .filter(context=row, outcome=ContextOutcome.RESPONSE_AGREED)
        .order_by("-at", "-ref")
        .first()
    )
    sections = answered(row)
    told = ContextCase(
        ref=row.ref,
        public_ref=row.public_ref or "",
        short_ref=row.short_ref,
        headline=headline(row),
        label=row.label,
        area=area_words(row),
        affected=affected_words(row),
        state_words=row.get_state_display(),
        next=next_at_desk(row),
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        asked_by=people.get(row.requester_id, ""),
        asked_by_role=row.requester_job,
        organization=row.requester_organization.name,
        owner=people.get(row.owner_id, ""),
        mine=row.owner_id == by.user_id,
        review_on=row.review_on,
        agreed=agreed.told if agreed else "",
        answers=(*sections["happening"], *sections["place"], *sections["help"]),
        screen=screen_lines(answers_of(last)),
        messages=messages_of(row, by),
        events=tuple(reversed(events_of(row, by))),
        may=deeds(row, by),
    )
    audit.record(
        "context.read", by=by, at=at, subject="context", ref=row.ref,
        fields=["place", "happening", "help", "screen", "messages"],
    )  # fmt: skip
    return told


def deeds(row: ContextRequest, by: Hat) -> frozenset[str]:
    """Return what is open to those who decide."""
    if row.state not in (S.TRIAGE, S.OWNED):
        return frozenset()
    found = {"decide", "write", "withdraw"}
    if row.owner_id != by.user_id:
        found.add("take")
    if row.state == S.OWNED and row.review_on:
        found.add("close")
    return frozenset(found)
