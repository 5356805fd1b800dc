"""
What each reader may know about a child, and when: the only way from the rows to a page.

Every function here looks a row up as its reader may see it, gives back a frozen dataclass with no more than that
reader's part, and records the look in the same transaction: no trail, no data. Templates never receive a model.

Who gets what (domain §3.15): whoever asked reads their own answers; a coordinator everything but the name, and initials only
on asking for them; a provider a pseudonymous profile while the offer is open or the place runs, and the name only from the
contact card, from a yes until ten working days after the end. After a no, only the reference is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from brokering import assumptions, deadlines, profiles, requests, restrictions, rights
from brokering.answers import (
    AVOID_REASONS,
    AboutChild,
    Agreement,
    Avoid,
    Help,
    Preferences,
    RoughHome,
    Wishes,
    avoid_from_text,
    list_from_text,
)
from brokering.homes import area_of, in_city, lives_in, no_postcode, rough_of
from brokering.matching import DEFAULT_ORDER, OTHERS_WORDS, RISKS, Kind
from brokering.models import (
    EDITABLE,
    MET,
    OVER,
    ConsentRecord,
    ContactCard,
    DeclineReason,
    EndReason,
    MatchResult,
    MatchRun,
    Message,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestReader,
    RequestState,
    Rescreen,
    RestrictionDecision,
    SafeWay,
    SecondCheck,
    SpeakFirst,
    StatutoryScreen,
    SupportPlace,
    TriageDecision,
    TriageOutcome,
)
from brokering.profiles import (
    PseudonymousProfile,
    day_words,
    headline,
    label,
    labels,
    one_line,
    risk_is_old,
    small,
)
from brokering.requests import Missing
from directory.assumptions import limited
from directory.availability import UNKNOWN, Availability, State, of_pool, when_of
from directory.models import CapacityPool, Membership, Role
from safekeeping import audit, front_door, screening
from safekeeping.models import User

if TYPE_CHECKING:
    from safekeeping.policy import Hat


def find(model: Any, ref: UUID, by: Hat | None, *related: str) -> Any:
    """
    Return the row, if this hat may see it.

    :raises NotYours: if it is not there, or not theirs: nobody can tell which
    """
    rows = model.objects.visible_to(by).filter(pk=ref)
    row = (rows.select_related(*related) if related else rows).first()  # with no name it would follow every relation
    if row is None:
        raise rights.NotYours
    return row


def names_of(people: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of people at work, by id."""
    known = {one for one in people if one}
    return dict(User.objects.filter(pk__in=known).values_list("pk", "name"))


# --- parts that several readers share ---
@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message; ``mine`` says that the reader wrote it."""

    at: datetime
    by: str
    role: str
    mine: bool
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for a timeline."""

    title: str
    at: datetime
    by: str = ""
    text: str = ""


ROLE_WORDS: dict[str, str] = {
    Role.COORDINATOR: "coordinator",
    Role.PROVIDER_ADMIN: "provider",
    Role.PROVIDER_WORKER: "provider",
    Role.PROFESSIONAL: "asked for it",
    Role.SCHOOL_DSL: "asked for it",
}


def messages_of(rows: Iterable[Message], by: Hat) -> tuple[MessageLine, ...]:
    """Return messages as they are read, oldest first."""
    kept = list(rows)
    names = names_of(one.written_by_id for one in kept)
    return tuple(
        MessageLine(
            one.at, names.get(one.written_by_id, ""), ROLE_WORDS.get(one.written_by_role, ""),
            one.written_by_id == by.user_id, one.text,
        )
        for one in kept
    )  # fmt: skip


def headline_of(request: PlacementRequest) -> tuple[str, str]:
    """Return the two lines of the headline."""
    return headline(request.primary_harm, request.critical_moment, request.wanted)


# --- whoever asked ---
@dataclass(frozen=True, slots=True)
class RequesterLine:
    """One of their requests in a list. ``needs_you`` says that it waits for the reader."""

    ref: UUID
    public_ref: str
    headline: str
    state: str
    state_words: str
    next: str
    needs_you: bool
    due_at: datetime | None
    begun_at: datetime
    submitted_at: datetime | None
    kept_until: datetime | None
    asked_by: str
    contact_place: UUID | None


@transaction.atomic
def requests_of(*, by: Hat, at: datetime) -> tuple[RequesterLine, ...]:
    """Return the requests of whoever asked, newest first."""
    rows = list(PlacementRequest.objects.visible_to(by).order_by("-begun_at", "ref"))
    waiting = dict(
        SupportPlace.objects.visible_to(by)
        .filter(request__in=[one.pk for one in rows], state=PlaceState.AWAITING_CONTACT)
        .values_list("request_id", "pk")
    )
    names = names_of(one.requester_id for one in rows)
    audit.record_each(
        "request.list", by=by, at=at, subject="request", refs=[one.pk for one in rows], fields=["headline", "state"]
    )
    return tuple(
        RequesterLine(
            ref=one.ref,
            public_ref=one.public_ref or "",
            headline=one_line(headline_of(one)),
            state=one.state,
            state_words=one.get_state_display(),
            next=next_for_requester(one, contact_wanted=one.pk in waiting),
            needs_you=one.state in NEEDS_REQUESTER or one.pk in waiting,
            due_at=one.due_at,
            begun_at=one.begun_at,
            submitted_at=one.submitted_at,
            kept_until=one.changed_at + assumptions.DRAFT_KEPT.span if one.state in EDITABLE else None,
            asked_by=names.get(one.requester_id, ""),
            contact_place=waiting.get(one.pk),
        )
        for one in rows
    )


NEEDS_REQUESTER = frozenset({RequestState.DRAFT, RequestState.SCREEN_BLOCKED, RequestState.NEEDS_INFORMATION})
NEXT_FOR_REQUESTER = {
    RequestState.DRAFT: "Finish and send it",
    RequestState.SCREEN_BLOCKED: "Make sure that the child is safe",
    RequestState.TRIAGE: "A coordinator reads it",
    RequestState.NEEDS_INFORMATION: "Answer the coordinator’s question",
    RequestState.PAUSED_STATUTORY: "We wait for the front door’s answer",
    RequestState.MATCHING: "A coordinator looks for a place",
    RequestState.OFFERED: "A provider answers",
    RequestState.ALLOCATED: "They get in touch and meet",
    RequestState.IN_SUPPORT: "Support is running",
    RequestState.CLOSING: "A coordinator decides what comes next",
}


def next_for_requester(request: PlacementRequest, *, contact_wanted: bool) -> str:
    """Return what comes next, as whoever asked reads it."""
    if contact_wanted:
        return "Send contact details"
    return NEXT_FOR_REQUESTER.get(RequestState(request.state), "")


@dataclass(frozen=True, slots=True)
class Answered:
    """
    A request as the side that asked fills it in: how far it has come, and the sections that were opened for this page.

    ``opened`` names those; the others stand here as if nobody had answered them. ``begun`` are sections with any answer,
    ``missing`` is what has to be answered before sending. ``adult`` is what the date of birth says, else the safety
    questions, None if neither. ``lives_in`` is "Easton, BS5 6", ``wards`` are the names of those to avoid.
    """

    ref: UUID
    public_ref: str
    state: str
    rescreen: str
    begun_at: datetime
    saved_at: datetime
    kept_until: datetime | None
    screened_at: datetime | None
    verdict: screening.Verdict | None
    adult: bool | None
    home_council: str
    urgent: bool
    begun: frozenset[str]
    missing: tuple[Missing, ...]
    opened: frozenset[str]
    screen: screening.Answers
    lives_in: str
    rough: RoughHome
    age: int | None
    child: AboutChild
    wishes: Wishes
    help: Help
    wards: Mapping[str, str]
    agreement: Agreement

    @property
    def editable(self) -> bool:
        """Whether it was not sent yet."""
        return self.state in EDITABLE

    @property
    def stopped(self) -> bool:
        """Whether the child was said to be in danger, and nobody has said since that they are safe."""
        return self.verdict is not None and self.verdict.stopped


SECTIONS = frozenset(requests.SECTIONS)


@transaction.atomic
def answered(ref: UUID, *, sections: Iterable[str] = SECTIONS, session: str = "", by: Hat, at: datetime) -> Answered:
    """
    Return to whoever asked how far their request has come, and their answers of these sections, opened.

    What was opened is on record by its sections; a look at none of them is on record as such.

    :raises NotYours: if it is not theirs
    """
    if by.role not in requests.REQUESTERS:
        raise rights.NotYours
    row = find(PlacementRequest, ref, by, "ward", "locality")
    opened = frozenset(sections)
    last = latest(StatutoryScreen, row, by)
    told = screening.Answers.from_json(json.loads(last.answers)) if last else None
    judged = replace(told, home_council=row.home_council) if told else None
    age = requests.age_at(row, on=deadlines.day_of(at))
    view = Answered(
        ref=row.ref,
        public_ref=row.public_ref or "",
        state=row.state,
        rescreen=row.rescreen_because,
        begun_at=row.begun_at,
        saved_at=row.changed_at,
        kept_until=row.changed_at + assumptions.DRAFT_KEPT.span if row.state in EDITABLE else None,
        screened_at=last.at if last else None,
        verdict=screening.judge(judged, council=screening_council(), at=at) if judged else None,
        adult=age >= requests.ADULT if age is not None else told.adult if told else None,
        home_council=row.home_council,
        urgent=row.critical_moment not in ("", "none"),
        begun=begun_sections(row, screened=last is not None),
        missing=requests.missing(row, at=at, session=session) if row.state in EDITABLE else (),
        opened=opened,
        screen=told if told and "screen" in opened else screening.Answers(),
        lives_in=lives_in(row) if opened & {"screen", "child"} else "",
        rough=rough_of(row) if "screen" in opened else RoughHome(),
        age=age if "child" in opened else None,
        child=child_of(row) if "child" in opened else AboutChild(),
        wishes=wishes_of(row) if "wishes" in opened else Wishes(),
        help=help_of(row) if "help" in opened else Help(),
        wards=requests.avoid_of(row) if "help" in opened else {},
        agreement=agreement_of(row, latest(ConsentRecord, row, by)) if "agreement" in opened else Agreement(),
    )
    audit.record(
        "request.read-answers", by=by, at=at, subject="request", ref=row.ref, fields=sorted(opened) or ["progress"]
    )
    return view


def begun_sections(row: PlacementRequest, *, screened: bool) -> frozenset[str]:
    """Return the sections that have an answer."""
    told = {
        "screen": screened,
        "child": bool(row.initials or row.harm_types),
        "wishes": bool(row.wishes or row.wishes_not_asked_because),
        "help": bool(row.wanted),
        "agreement": bool(row.lawful_basis or row.participation),
    }
    return frozenset(section for section, any_answer in told.items() if any_answer)


def screening_council() -> str:
    """Return the code of the council that this installation serves."""
    from django.conf import settings

    return settings.CITY.council_code


def latest(model: Any, request: PlacementRequest, by: Hat) -> Any:
    """Return the newest row of a part of the request, as the reader may see it."""
    return model.objects.visible_to(by).filter(request=request).order_by("-at", "-ref").first()


def child_of(row: PlacementRequest) -> AboutChild:
    """Return the section about the child, opened."""
    names = {one for one in AboutChild.__slots__ if one not in ("date_of_birth", "harm_types")}
    told = {name: getattr(row, name) for name in names}
    return AboutChild(**told, date_of_birth=requests.born_on(row), harm_types=tuple(row.harm_types))


def wishes_of(row: PlacementRequest) -> Wishes:
    """Return the wishes, opened."""
    return Wishes(
        wishes=row.wishes,
        not_asked_because=row.wishes_not_asked_because,
        preferences=Preferences.from_text(row.preferences),
    )


def help_of(row: PlacementRequest) -> Help:
    """Return what would help, opened."""
    return Help(
        wanted=tuple(row.wanted),
        goals=requests.goals_of(row),
        tried_already=row.tried_already,
        access_needs=list_from_text(row.access_needs),
        avoid=avoid_from_text(row.travel_safety),
        safe_contact=row.safe_contact,
        start_wanted_on=row.start_wanted_on,
    )


def agreement_of(row: PlacementRequest, consent: ConsentRecord | None) -> Agreement:
    """Return agreement and sharing, opened."""
    return Agreement(
        lawful_basis=row.lawful_basis,
        special_condition=row.special_condition,
        notice=row.information_notice,
        notice_not_given_because=row.notice_not_given_because,
        notice_by_on=row.notice_by_on,
        participation=row.participation,
        participation_on=consent.agreed_on if consent else None,
        participation_method=consent.method if consent else "",
        participation_because=consent.because if consent else "",
        participation_manager_role=consent.manager_role if consent else "",
    )


@dataclass(frozen=True, slots=True)
class AskedProvider:
    """A provider that is being asked, or has said yes; for whoever asked. ``place`` is None before a yes."""

    organization: str
    service: str
    state: str
    answer_by: datetime | None
    free_in_all: int | None
    place: UUID | None = None
    place_state: str = ""
    place_words: str = ""
    contact_due_at: datetime | None = None
    ring_by_at: datetime | None = None
    introduce_by_at: datetime | None = None
    introduced_on: date | None = None
    started_on: date | None = None
    planned_end_on: date | None = None
    end_words: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class RequesterView:
    """Where a request stands, for whoever asked. ``question`` waits for their answer, ``redirected`` points elsewhere."""

    ref: UUID
    public_ref: str
    headline: str
    state: str
    state_words: str
    next: str
    due_at: datetime | None
    age: int | None
    area: str
    submitted_at: datetime
    coordinator: str
    wishes: str
    wishes_not_asked_because: str
    question: str
    answer_by_at: datetime | None
    redirected_because: str
    alternative: str
    asked: tuple[AskedProvider, ...]
    still_fitting: int
    messages: tuple[MessageLine, ...]
    events: tuple[Event, ...]
    rescreen: str
    restricted: bool
    over: bool


@transaction.atomic
def status(ref: UUID, *, by: Hat, at: datetime) -> RequesterView:
    """
    Return where a request that was sent stands, to the side that asked.

    :raises NotYours: if it is not theirs, or not sent yet
    """
    if by.role not in requests.REQUESTERS:
        raise rights.NotYours
    row = find(PlacementRequest, ref, by, "ward", "locality")
    if row.submitted_at is None:
        raise rights.NotYours
    asked = asked_providers(row, by)
    decision = decision_told_to_requester(row)
    question = decision.question if decision and row.state == RequestState.NEEDS_INFORMATION else ""
    pointed = decision if decision and row.state == RequestState.REJECTED_REDIRECTED else None
    view = RequesterView(
        ref=row.ref,
        public_ref=row.public_ref or "",
        headline=one_line(headline_of(row)),
        state=row.state,
        state_words=row.get_state_display(),
        next=next_for_requester(row, contact_wanted=any(one.place_state == "awaiting_contact" for one in asked)),
        due_at=row.due_at,
        age=requests.age_at(row, on=deadlines.day_of(at)),
        area=area_of(row),
        submitted_at=row.submitted_at,
        coordinator=names_of([row.coordinator_id]).get(row.coordinator_id, ""),
        wishes=row.wishes,
        wishes_not_asked_because=row.wishes_not_asked_because,
        question=question,
        answer_by_at=decision.answer_by_at if decision and question else None,
        redirected_because=pointed.rationale if pointed else "",
        alternative=pointed.alternative if pointed else "",
        asked=asked,
        still_fitting=still_fitting(row),
        messages=messages_of(Message.objects.visible_to(by).filter(request=row), by),
        events=events_for_requester(row, by),
        rescreen=Rescreen(row.rescreen_because).label if row.rescreen_because else "",
        restricted=row.restricted,
        over=row.state in OVER,
    )
    audit.record(
        "request.read-status",
        by=by,
        at=at,
        subject="request",
        ref=row.ref,
        fields=["state", "wishes", "messages", "age", "next_step"],
    )
    return view


def decision_told_to_requester(row: PlacementRequest) -> TriageDecision | None:
    """Return the last decision; of it the requester reads the question, the reason for a no and the alternative."""
    decisions = TriageDecision.objects.unscoped(reason="the part of a decision that is told to whoever asked")
    return decisions.filter(request=row).order_by("-at", "-ref").first()


def still_fitting(row: PlacementRequest) -> int:
    """Return how many other services fitted at the last look; which, only the coordinator knows."""
    runs = MatchRun.objects.unscoped(reason="a number for whoever asked, no service")
    last = runs.filter(request=row).order_by("-at", "-ref").first()
    return max(0, last.fitting - 1) if last else 0


def asked_providers(row: PlacementRequest, by: Hat) -> tuple[AskedProvider, ...]:
    """Return who is being asked and who has said yes; those who said no are not told to whoever asked."""
    offers = (
        Offer.objects.visible_to(by)
        .filter(request=row, state__in=[OfferState.OPEN, OfferState.ACCEPTED])
        .select_related("organization", "service", "pool")
    )
    places = {place.offer_id: place for place in SupportPlace.objects.visible_to(by).filter(request=row)}
    found = []
    for offer in offers:
        place = places.get(offer.pk)
        found.append(
            AskedProvider(
                organization=offer.organization.name,
                service=offer.service.name,
                state=offer.state,
                answer_by=offer.expires_at if offer.state == OfferState.OPEN else None,
                free_in_all=offer.pool.total,
                place=place.pk if place else None,
                place_state=place.state if place else "",
                place_words=place.get_state_display() if place else "",
                contact_due_at=place.contact_due_at if place else None,
                ring_by_at=place.ring_by_at if place else None,
                introduce_by_at=place.introduce_by_at if place else None,
                introduced_on=place.introduced_on if place else None,
                started_on=place.started_on if place else None,
                planned_end_on=place.planned_end_on if place else None,
                end_words=EndReason(place.end_reason).label if place and place.end_reason else "",
                next_step=place.next_step if place else "",
            )
        )
    return tuple(found)


REQUEST_EVENTS = {
    ("draft", "triage"): "You asked",
    ("needs_information", "triage"): "You answered",
    ("paused_statutory", "triage"): "The front door has answered",
    ("triage", "matching"): "Accepted: a place is looked for",
    ("closing", "matching"): "Another place is looked for",
}
BECAME_EVENTS = {
    "needs_information": "A question came back",
    "paused_statutory": "The front door was told",
    "offered": "A provider was asked",
    "matching": "No place there: looking further",
    "allocated": "A provider said yes",
    "in_support": "Support began",
    "closing": "Support ended",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "rejected_redirected": "Pointed elsewhere",
}


def events_for_requester(row: PlacementRequest, by: Hat) -> tuple[Event, ...]:
    """Return what happened, oldest first, as whoever asked reads it."""
    return tuple(
        Event(REQUEST_EVENTS.get((one.was, one.became)) or BECAME_EVENTS[one.became], one.at)
        for one in history_of(row, by)
        if one.was and one.became not in ("draft", "screen_blocked")
    )


def history_of(row: PlacementRequest, by: Hat) -> list[Any]:
    """Return the moves of a request, oldest first."""
    from brokering.models import RequestHistory

    return list(RequestHistory.objects.visible_to(by).filter(request=row).order_by("number"))


# --- the desk ---
@dataclass(frozen=True, slots=True)
class DeskLine:
    """One line of the queue: "Missing from home, just returned" over "Keyworker · H2WN · age 15, social worker"."""

    ref: UUID
    public_ref: str
    short_ref: str
    worry: str
    wanted: str
    age: int | None
    route: str
    area: str
    risk: str
    risk_words: str
    risk_set: str
    risk_days: int | None
    risk_is_old: bool
    state: str
    state_words: str
    detail: str
    next: str
    owner: str
    mine: bool
    due_at: datetime | None
    late: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What of the queue is wanted; empty means all. ``text`` is a reference or its last four characters."""

    text: str = ""
    mine_and_unowned: bool = False
    states: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()
    locality: str = ""
    with_closed: bool = False


@dataclass(frozen=True, slots=True)
class RunningOut:
    """An open offer, soonest first."""

    ref: UUID
    request: UUID
    short_ref: str
    organization: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue, most urgent first, and what the day looks like; the counts are of the whole queue."""

    lines: tuple[DeskLine, ...]
    late: int
    due_today: int
    due_this_week: int
    looking: int
    with_front_door: int
    running_out: tuple[RunningOut, ...]


NEXT_AT_DESK = {
    RequestState.TRIAGE: "Read and decide",
    RequestState.NEEDS_INFORMATION: "Wait for the answer",
    RequestState.PAUSED_STATUTORY: "Ask the front door",
    RequestState.MATCHING: "Choose an offer",
    RequestState.OFFERED: "Ring if no answer",
    RequestState.ALLOCATED: "See that they meet",
    RequestState.IN_SUPPORT: "Review",
    RequestState.CLOSING: "Decide what comes next",
}


@transaction.atomic
def desk(wanted: DeskFilter = DeskFilter(), *, by: Hat, at: datetime) -> Desk:
    """
    Return the coordinator's queue: late first, then by deadline, critical moment and risk.

    :raises NotYours: if the hat is not a coordinator's
    """
    if by.role != Role.COORDINATOR:
        raise rights.NotYours
    rows = PlacementRequest.objects.visible_to(by).select_related("ward", "locality")
    if not wanted.with_closed:
        rows = rows.exclude(state__in=OVER)
    queue = list(rows)
    offers = {
        offer.request_id: offer
        for offer in Offer.objects.visible_to(by)
        .filter(state=OfferState.OPEN)
        .select_related("organization", "request")
        .order_by("-expires_at")
    }
    places = {
        place.request_id: place
        for place in SupportPlace.objects.visible_to(by)
        .exclude(state=PlaceState.ENDED)
        .select_related("organization")
        .order_by("-accepted_at")
    }
    fitting = fitting_of([one.pk for one in queue if one.state == RequestState.MATCHING], by)
    names = names_of(one.coordinator_id for one in queue)
    shown = sorted((one for one in queue if is_wanted(one, wanted, by)), key=lambda one: urgency(one, at=at))
    lines = tuple(
        desk_line(one, detail_of(one, offers.get(one.pk), places.get(one.pk), fitting.get(one.pk), at=at),
                  places.get(one.pk), names, by=by, at=at)
        for one in shown
    )  # fmt: skip
    today = deadlines.day_of(at)
    due = [deadlines.day_of(one.due_at) for one in queue if one.due_at and one.due_at >= at]
    audit.record_each(
        "request.desk", by=by, at=at, subject="request", refs=[one.pk for one in shown],
        fields=["headline", "age", "ward", "risk_level", "state"],
    )  # fmt: skip
    return Desk(
        lines=lines,
        late=sum(1 for one in queue if one.due_at and one.due_at < at),
        due_today=sum(1 for day in due if day == today),
        due_this_week=sum(1 for day in due if today < day and day.isocalendar()[:2] == today.isocalendar()[:2]),
        looking=sum(1 for one in queue if one.state == RequestState.MATCHING),
        with_front_door=sum(1 for one in queue if one.state == RequestState.PAUSED_STATUTORY),
        running_out=tuple(
            RunningOut(offer.pk, offer.request_id, offer.request.short_ref, offer.organization.name, offer.expires_at)
            for offer in sorted(offers.values(), key=lambda offer: offer.expires_at)[:6]
        ),
    )


def is_wanted(one: PlacementRequest, wanted: DeskFilter, by: Hat) -> bool:
    """Say whether a filter lets the line through."""
    text = wanted.text.strip().upper()
    return (
        (not text or text in (one.public_ref, one.short_ref))
        and (not wanted.mine_and_unowned or one.coordinator_id in (None, by.user_id))
        and (not wanted.states or one.state in wanted.states)
        and (not wanted.risks or one.risk_level in wanted.risks)
        and (not wanted.locality or one.locality_id == wanted.locality)
    )


def urgency(one: PlacementRequest, *, at: datetime) -> tuple[Any, ...]:
    """Return the sort key: what is due first, then critical moments, then risk, then age (J18)."""
    return (
        one.due_at is None,
        one.due_at or at,
        one.critical_moment in ("", "none"),
        -RISKS.get(one.risk_level, 0),
        one.submitted_at or at,
        str(one.pk),
    )


def desk_line(
    one: PlacementRequest,
    detail: str,
    place: SupportPlace | None,
    names: dict[int | None, str],
    *,
    by: Hat,
    at: datetime,
) -> DeskLine:
    """Return one line of the queue."""
    today = deadlines.day_of(at)
    worry, wanted = headline_of(one)
    return DeskLine(
        ref=one.ref,
        public_ref=one.public_ref or "",
        short_ref=one.short_ref,
        worry=worry,
        wanted=wanted,
        age=requests.age_at(one, on=today),
        route=small(label("request_source", one.route)),
        area=area_of(one),
        risk=one.risk_level,
        risk_words=label("risk_level", one.risk_level),
        risk_set=days_words(one.risk_on, today),
        risk_days=(today - one.risk_on).days if one.risk_on else None,
        risk_is_old=risk_is_old(one.risk_on, on=today),
        state=one.state,
        state_words=one.get_state_display(),
        detail=detail,
        next="Ask the safety questions again" if one.rescreen_because else next_at_desk(one, place),
        owner=names.get(one.coordinator_id, "") or "Nobody yet",
        mine=one.coordinator_id == by.user_id,
        due_at=one.due_at,
        late=one.due_at is not None and one.due_at < at,
        restricted=one.restricted,
    )


def next_at_desk(one: PlacementRequest, place: SupportPlace | None) -> str:
    """Return the next act."""
    if place is not None and place.state == PlaceState.AWAITING_CONTACT:
        return "See that contact details come"
    return NEXT_AT_DESK.get(RequestState(one.state), "")


def fitting_of(requests_looked_for: list[UUID], by: Hat) -> dict[UUID, int]:
    """Return how many services fitted at the last look at each."""
    runs = MatchRun.objects.visible_to(by).filter(request__in=requests_looked_for).order_by("at", "ref")
    return dict(runs.values_list("request_id", "fitting"))


def detail_of(
    one: PlacementRequest, offer: Offer | None, place: SupportPlace | None, fitting: int | None, *, at: datetime
) -> str:
    """Return what stands under the state: with whom, what has changed, how many fit, or since when."""
    if one.rescreen_because:
        return Rescreen(one.rescreen_because).label
    if place is not None:
        return place.organization.name
    if offer is not None:
        return offer.organization.name
    if fitting is not None:
        return "1 fits" if fitting == 1 else f"{fitting or 'None'} fit"
    return since_words(deadlines.day_of(one.state_since), deadlines.day_of(at))


def since_words(day: date, today: date) -> str:
    """Return "Since today", "Since Thursday", or "Since 5 November" where a week has passed."""
    days = (today - day).days
    return {0: "Since today", 1: "Since yesterday"}.get(
        days, f"Since {day:%A}" if days < 7 else f"Since {day_words(day)}"
    )


def days_words(day: date | None, today: date) -> str:
    """Return "Set 4 days ago"."""
    if day is None:
        return ""
    days = (today - day).days
    return {0: "Set today", 1: "Set yesterday"}.get(days, f"Set {days} days ago")


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """The safety questions as the coordinator reads them: question and answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class OfferAtDesk:
    """An offer as the coordinator reads it; ``decline`` is the provider's reason in words."""

    ref: UUID
    organization: str
    service: str
    state: str
    state_words: str
    sent_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    decline: str
    because: str
    messages: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class PlaceAtDesk:
    """A support place as the coordinator reads it: no name, no telephone number."""

    ref: UUID
    organization: str
    service: str
    state: str
    state_words: str
    met: bool
    worker_role: str
    accepted_at: datetime
    contact_due_at: datetime
    introduce_by_at: datetime
    started_on: date | None
    planned_end_on: date | None
    ended_on: date | None
    end: str
    end_quality: str
    next_step: str


@dataclass(frozen=True, slots=True)
class CheckAtDesk:
    """A second pair of eyes that somebody asks for. ``may_agree``: the reader is not who asked."""

    ref: UUID
    what: str
    service: str
    because: str
    asked_by: str
    asked_at: datetime
    agreed_by: str
    may_agree: bool


@dataclass(frozen=True, slots=True)
class CoordinatorView:
    """
    Everything a coordinator decides by. ``initials`` and ``school_name`` are empty unless asked for, which is recorded.

    ``may`` names the acts that the state allows: decide, ask, escalate, resume, match, offer, close, look_again, withdraw.
    """

    ref: UUID
    public_ref: str
    short_ref: str
    headline: str
    state: str
    state_words: str
    state_since: datetime
    due_at: datetime | None
    late: bool
    next: str
    owner: str
    mine: bool
    age: int | None
    sex: str
    area: str
    no_postcode: str
    lives_elsewhere: bool
    initials: str
    school_name: str
    revealed: bool
    asked_by: str
    asked_by_role: str
    organization: str
    route: str
    lead_professional_role: str
    lead_professional_contact: str
    submitted_at: datetime | None
    waiting_since_at: datetime | None
    wishes: str
    wishes_not_asked_because: str
    preferences: tuple[str, ...]
    good_times: str
    wanted: tuple[str, ...]
    goals: tuple[str, ...]
    tried_already: str
    access_needs: tuple[str, ...]
    start_wanted_on: date | None
    harms: tuple[str, ...]
    context: str
    risk: str
    risk_words: str
    risk_set: str
    risk_is_old: bool
    critical_moment: str
    critical_moment_on: date | None
    level_of_need: str
    sibling: bool
    statutory_status: str
    statutory_agreement: str
    statutory_outcome: str
    case_reference: str
    avoid: tuple[str, ...]
    safe_contact: str
    screen: tuple[ScreenLine, ...]
    screen_advice: tuple[str, ...]
    rescreen: str
    lawful_basis: str
    notice: str
    notice_because: str
    participation: str
    participation_because: str
    may_be_allocated: str
    question: str
    duplicates: tuple[str, ...]
    offers: tuple[OfferAtDesk, ...]
    places: tuple[PlaceAtDesk, ...]
    checks: tuple[CheckAtDesk, ...]
    messages: tuple[MessageLine, ...]
    events: tuple[Event, ...]
    restricted: bool
    restricted_because: str
    readers: tuple[str, ...]
    may: frozenset[str]


MAY = {
    RequestState.TRIAGE: {"decide", "ask", "escalate", "redirect", "withdraw"},
    RequestState.NEEDS_INFORMATION: {"withdraw"},
    RequestState.PAUSED_STATUTORY: {"resume", "withdraw"},
    RequestState.MATCHING: {"match", "offer", "ask", "escalate", "redirect", "withdraw"},
    RequestState.OFFERED: {"match", "offer", "withdraw"},
    RequestState.ALLOCATED: {"match", "offer", "withdraw"},
    RequestState.IN_SUPPORT: {"match", "offer", "withdraw"},
    RequestState.CLOSING: {"close", "look_again", "withdraw"},
}


@transaction.atomic
def case(ref: UUID, *, reveal: bool = False, by: Hat, at: datetime) -> CoordinatorView:
    """
    Return a request as its coordinator reads it; initials and school only with ``reveal``, and that is recorded as such.

    :raises NotYours: if it is not within the hat's reach
    """
    if by.role != Role.COORDINATOR:
        raise rights.NotYours
    row = find(PlacementRequest, ref, by, "ward", "locality", "requester", "requester_organization")
    view = coordinator_view(row, reveal=reveal, by=by, at=at)
    audit.record(
        "request.read", by=by, at=at, subject="request", ref=row.ref,
        fields=["age", "sex", "ward", "wishes", "risk_level", "travel_safety", "safe_contact", "messages"],
    )  # fmt: skip
    if reveal:
        audit.record("request.reveal", by=by, at=at, subject="request", ref=row.ref, fields=["initials", "school_name"])
    return view


def coordinator_view(row: PlacementRequest, *, reveal: bool, by: Hat, at: datetime) -> CoordinatorView:
    """Put the coordinator's view together."""
    from brokering import offers
    from brokering.requests import avoid_of

    today = deadlines.day_of(at)
    liked = Preferences.from_text(row.preferences)
    consent = latest(ConsentRecord, row, by)
    wards = avoid_of(row)
    places = places_at_desk(row, by)
    live = next((one for one in places if one.state != PlaceState.ENDED), None)
    screen, advice = screen_lines(row, by=by, at=at)
    try:
        offers.refuse_allocation(row)
        stopped_by = ""
    except offers.NotAllocatable as refusal:
        stopped_by = refusal.message
    return CoordinatorView(
        ref=row.ref,
        public_ref=row.public_ref or "",
        short_ref=row.short_ref,
        headline=one_line(headline_of(row)),
        state=row.state,
        state_words=row.get_state_display(),
        state_since=row.state_since,
        due_at=row.due_at,
        late=row.due_at is not None and row.due_at < at,
        next=(
            "See that contact details come"
            if live and live.state == PlaceState.AWAITING_CONTACT
            else NEXT_AT_DESK.get(RequestState(row.state), "")
        ),
        owner=names_of([row.coordinator_id]).get(row.coordinator_id, ""),
        mine=row.coordinator_id == by.user_id,
        age=requests.age_at(row, on=today),
        sex=row.sex,
        area=area_of(row),
        no_postcode=no_postcode(row),
        lives_elsewhere=not in_city(row),
        initials=row.initials if reveal else "",
        school_name=row.school_name if reveal else "",
        revealed=reveal,
        asked_by=row.requester.name,
        asked_by_role=row.lead_professional_role,
        organization=row.requester_organization.name,
        route=label("request_source", row.route),
        lead_professional_role=row.lead_professional_role,
        lead_professional_contact=row.lead_professional_contact,
        submitted_at=row.submitted_at,
        waiting_since_at=row.waiting_since_at,
        wishes=row.wishes,
        wishes_not_asked_because=row.wishes_not_asked_because,
        preferences=preference_words(liked),
        good_times=times_words(liked),
        wanted=labels("service_type", row.wanted),
        goals=requests.goals_of(row),
        tried_already=row.tried_already,
        access_needs=labels("access_need", list_from_text(row.access_needs)),
        start_wanted_on=row.start_wanted_on,
        harms=labels("harm_type", [row.primary_harm, *(c for c in row.harm_types if c != row.primary_harm)]),
        context=label("context_type", row.primary_context),
        risk=row.risk_level,
        risk_words=label("risk_level", row.risk_level),
        risk_set=", ".join(part for part in (row.risk_set_by_role, day_words(row.risk_on)) if part),
        risk_is_old=risk_is_old(row.risk_on, on=today),
        critical_moment="" if row.critical_moment == "none" else label("critical_moment", row.critical_moment),
        critical_moment_on=row.critical_moment_on,
        level_of_need=label("level_of_need", row.level_of_need),
        sibling=bool(row.sibling_of_known_child),
        statutory_status=label("statutory_status", row.statutory_status),
        statutory_agreement=row.statutory_agreement,
        statutory_outcome=row.statutory_outcome,
        case_reference=row.case_reference,
        avoid=tuple(
            f"{wards[one.ward]}: {small(AVOID_REASONS[one.because])}" for one in avoid_from_text(row.travel_safety)
        ),
        safe_contact=row.safe_contact,
        screen=screen,
        screen_advice=advice,
        rescreen=Rescreen(row.rescreen_because).label if row.rescreen_because else "",
        lawful_basis=label("lawful_basis", row.lawful_basis),
        notice=label("information_sharing_notice", row.information_notice),
        notice_because=row.notice_not_given_because,
        participation=label("participation_consent", row.participation),
        participation_because=consent.because if consent else "",
        may_be_allocated=stopped_by,
        question=open_question(row, by),
        duplicates=duplicates_of(row, by),
        offers=offers_at_desk(row, by),
        places=places,
        checks=checks_at_desk(row, by),
        messages=messages_of(Message.objects.visible_to(by).filter(request=row, offer__isnull=True), by),
        events=events_at_desk(row, by),
        restricted=row.restricted,
        restricted_because=restricted_because(row, by),
        readers=tuple(sorted(names_of(readers_of(row, by)).values())),
        may=frozenset(MAY.get(RequestState(row.state), ())),
    )


def restricted_because(row: PlacementRequest, by: Hat) -> str:
    """Return why only named people see it, "" if everybody within reach does."""
    last = latest(RestrictionDecision, row, by) if row.restricted else None
    return last.because if last else ""


def readers_of(row: PlacementRequest, by: Hat) -> list[int]:
    """Return the ids of whoever is named for a restricted request."""
    if not row.restricted:
        return []
    return list(RequestReader.objects.visible_to(by).filter(request=row).values_list("person_id", flat=True))


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may see a request, for changing it: ``people`` are (id, name, what they are), ``named`` those who may now."""

    ref: UUID
    public_ref: str
    restricted: bool
    because: str
    owner: str
    people: tuple[tuple[int, str, str], ...]
    named: frozenset[int]


@transaction.atomic
def readers(ref: UUID, *, by: Hat, at: datetime) -> Readers:
    """
    Return who may see a request, to a coordinator who may.

    :raises NotYours: if it is not within the hat's reach
    """
    if by.role != Role.COORDINATOR:
        raise rights.NotYours
    row = find(PlacementRequest, ref, by)
    people = [one for one in restrictions.could_read(row, at=at) if one[0] != by.user_id]
    view = Readers(
        ref=row.ref,
        public_ref=str(row.public_ref),
        restricted=row.restricted,
        because=restricted_because(row, by),
        owner=names_of([row.coordinator_id]).get(row.coordinator_id, ""),
        people=tuple(people),
        named=frozenset(readers_of(row, by))
        | ({row.coordinator_id} if row.coordinator_id and not row.restricted else set()),
    )
    audit.record("request.read-readers", by=by, at=at, subject="request", ref=row.ref, fields=["readers"])
    return view


def preference_words(liked: Preferences) -> tuple[str, ...]:
    """Return what the child would like, in words."""
    found = [f"Where: {one}" for one in labels("delivery_setting", liked.settings_wanted)]
    found += [f"Not: {one}" for one in labels("delivery_setting", liked.settings_unwanted)]
    found += [f"Language: {one}" for one in labels("language", liked.languages)]
    found += list(labels("group_composition", liked.compositions))
    if liked.one_to_one is not None:
        found.append("One to one" if liked.one_to_one else "In a group")
    if liked.worker:
        found.append(f"A {liked.worker} as worker")
    if liked.lived_experience:
        found.append("Somebody who has been through it")
    return tuple(found)


def times_words(liked: Preferences) -> str:
    """Return the good times, in words."""
    return ", ".join([*labels("time_availability", liked.good_times), *filter(None, [liked.good_times_note])])


def screen_lines(row: PlacementRequest, *, by: Hat, at: datetime) -> tuple[tuple[ScreenLine, ...], tuple[str, ...]]:
    """Return the safety questions with their answers, and the titles of what was advised."""
    from django.conf import settings

    last = latest(StatutoryScreen, row, by)
    if last is None:
        return (), ()
    told = screening.Answers.from_json(json.loads(last.answers))
    lines = []
    for question in screening.questions_for(screening.For.CHILD):
        if question.field in ("home_council", "report"):
            continue
        answer = getattr(told, question.field)
        lines.append(ScreenLine(question.wording(adult=told.adult), answer.label if answer else "Not answered"))
    door = front_door.door()
    if told.reported:
        whom = told.reported_reference or told.reported_to_role
        lines.append(ScreenLine(f"{door.short_name} told", f"{told.reported_at:%-d %B, %H:%M}, {whom}"))
    verdict = screening.judge(told, council=settings.CITY.council_code, at=at)
    _, advice = screening.words_for(verdict, front_door=door.short_name, telephone=door.telephone)
    return tuple(lines), tuple(words.title for words in advice)


def open_question(row: PlacementRequest, by: Hat) -> str:
    """Return the question that waits for an answer."""
    if row.state != RequestState.NEEDS_INFORMATION:
        return ""
    last = latest(TriageDecision, row, by)
    return last.question if last else ""


def duplicates_of(row: PlacementRequest, by: Hat) -> tuple[str, ...]:
    """
    Return references of other open requests that may be for the same child, as far as they see them (E32).

    The date of birth is the same, and the postcode sector, unless one of the two has no postcode.
    """
    if not row.birth_index:
        return ()
    same = PlacementRequest.objects.visible_to(by).filter(birth_index=row.birth_index).exclude(pk=row.pk)
    if row.sector_index:
        same = same.filter(sector_index__in=[row.sector_index, ""])
    references = same.exclude(state__in=OVER).order_by("public_ref").values_list("public_ref", flat=True)
    return tuple(reference for reference in references if reference)


def offers_at_desk(row: PlacementRequest, by: Hat) -> tuple[OfferAtDesk, ...]:
    """Return every offer of the request, newest first."""
    rows = Offer.objects.visible_to(by).filter(request=row).select_related("organization", "service")
    said: dict[UUID, list[Message]] = {}
    for message in Message.objects.visible_to(by).filter(request=row, offer__isnull=False):
        if message.offer_id is not None:
            said.setdefault(message.offer_id, []).append(message)
    return tuple(
        OfferAtDesk(
            ref=one.ref,
            organization=one.organization.name,
            service=one.service.name,
            state=one.state,
            state_words=one.get_state_display(),
            sent_at=one.sent_at,
            expires_at=one.expires_at,
            ended_at=one.ended_at,
            decline=decline_words(one),
            because=one.chosen_because,
            messages=messages_of(said.get(one.pk, []), by),
        )
        for one in rows.order_by("-sent_at", "ref")
    )


def decline_words(offer: Offer) -> str:
    """Return why a provider said no."""
    if not offer.decline_reason:
        return ""
    told = DeclineReason(offer.decline_reason).label
    return f"{told}: {offer.decline_words}" if offer.decline_words else told


def places_at_desk(row: PlacementRequest, by: Hat) -> tuple[PlaceAtDesk, ...]:
    """Return every place of the request, newest first."""
    rows = SupportPlace.objects.visible_to(by).filter(request=row).select_related("organization", "service")
    return tuple(
        PlaceAtDesk(
            ref=one.ref,
            organization=one.organization.name,
            service=one.service.name,
            state=one.state,
            state_words=one.get_state_display(),
            met=one.state in MET,
            worker_role=one.worker_role,
            accepted_at=one.accepted_at,
            contact_due_at=one.contact_due_at,
            introduce_by_at=one.introduce_by_at,
            started_on=one.started_on,
            planned_end_on=one.planned_end_on,
            ended_on=one.ended_on,
            end=EndReason(one.end_reason).label if one.end_reason else "",
            end_quality=one.get_end_quality_display(),
            next_step=one.next_step,
        )
        for one in rows.order_by("-accepted_at", "ref")
    )


def checks_at_desk(row: PlacementRequest, by: Hat) -> tuple[CheckAtDesk, ...]:
    """Return the second looks that were asked for and not used yet."""
    rows = list(SecondCheck.objects.visible_to(by).filter(request=row, used_at__isnull=True).select_related("service"))
    names = names_of(person for one in rows for person in (one.asked_by_id, one.agreed_by_id))
    return tuple(
        CheckAtDesk(
            ref=one.ref,
            what=one.get_what_display(),
            service=one.service.name if one.service else "",
            because=one.because,
            asked_by=names.get(one.asked_by_id, ""),
            asked_at=one.asked_at,
            agreed_by=names.get(one.agreed_by_id, ""),
            may_agree=one.agreed_at is None and one.asked_by_id != by.user_id,
        )
        for one in rows
    )


def events_at_desk(row: PlacementRequest, by: Hat) -> tuple[Event, ...]:
    """Return what happened and what was decided, newest first."""
    moves = [one for one in history_of(row, by) if one.was and one.became not in ("draft", "screen_blocked")]
    decisions = {one.at: one for one in TriageDecision.objects.visible_to(by).filter(request=row)}
    names = names_of(one.by_person for one in moves)
    found = []
    for one in moves:
        decided = decisions.pop(one.at, None)  # of two moves in one moment, the first is the one that was decided
        title = TriageOutcome(decided.outcome).label if decided else (
            REQUEST_EVENTS.get((one.was, one.became)) or BECAME_EVENTS[one.became]
        )  # fmt: skip
        if title == "You asked":
            title = "Asked for"
        elif title == "You answered":
            title = "The question was answered"
        found.append(Event(title, one.at, names.get(one.by_person, ""), decided.rationale if decided else ""))
    return tuple(reversed(found))


# --- the shortlist ---
@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason; ``kind`` is "fits", "partly" or "not"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A service that fitted at the look; ``availability`` is of now. ``conflict``: the reader works for its provider."""

    service: UUID
    rank: int
    name: str
    slug: str
    organization: str
    availability: Availability
    reasons: tuple[ReasonLine, ...]
    conflict: bool
    needs_co_attendance: bool


@dataclass(frozen=True, slots=True)
class Near:
    """A service that nearly fits: the reason, and what would change it."""

    service: UUID
    name: str
    slug: str
    organization: str
    reason: str
    would_change: str
    when: str


@dataclass(frozen=True, slots=True)
class ShortlistView:
    """What the last look found. ``others`` are counts with words: (9, "other areas")."""

    ref: UUID
    at: datetime
    order: tuple[str, ...]
    considered: int
    fits: tuple[Fit, ...]
    nearly: tuple[Near, ...]
    others: tuple[tuple[int, str], ...]
    hold_until: datetime


@dataclass(frozen=True, slots=True)
class Shortlist:
    """A request as its coordinator chooses for it, and what was found; ``found`` is None before the first look."""

    case: CoordinatorView
    found: ShortlistView | None


@transaction.atomic
def shortlist(ref: UUID, *, reveal: bool = False, by: Hat, at: datetime) -> Shortlist:
    """
    Return the last look of a request, with what is free now.

    :raises NotYours: if it is not within the hat's reach
    """
    if by.role != Role.COORDINATOR:
        raise rights.NotYours
    row = find(PlacementRequest, ref, by, "ward", "locality", "requester", "requester_organization")
    view = coordinator_view(row, reveal=reveal, by=by, at=at)
    run = MatchRun.objects.visible_to(by).filter(request=row).order_by("-at", "-ref").first()
    found = shortlist_view(run, by=by, at=at) if run else None
    audit.record(
        "request.read-shortlist", by=by, at=at, subject="request", ref=row.ref,
        fields=["age", "ward", "wishes", "risk_level", "travel_safety"],
    )  # fmt: skip
    if reveal:
        audit.record("request.reveal", by=by, at=at, subject="request", ref=row.ref, fields=["initials", "school_name"])
    return Shortlist(view, found)


def shortlist_view(run: MatchRun, *, by: Hat, at: datetime) -> ShortlistView:
    """Put the last look together."""
    results = list(
        MatchResult.objects.visible_to(by)
        .filter(run=run)
        .select_related("service__organization")
        .order_by("rank", "id")
    )
    pools = CapacityPool.objects.in_bulk([one.pool_id for one in results if one.pool_id and (one.fits or one.nearly)])
    own = set(
        Membership.objects.current(deadlines.day_of(at))
        .filter(user_id=by.user_id)
        .values_list("organization_id", flat=True)
    )
    others: dict[str, int] = {}
    for one in results:
        if not one.fits and not one.nearly:
            code = next(reason["code"] for reason in one.reasons if reason["kind"] == Kind.NOT)
            others[code] = others.get(code, 0) + 1
    return ShortlistView(
        ref=run.ref,
        at=run.at,
        order=tuple(run.order) or tuple(DEFAULT_ORDER),
        considered=run.considered,
        fits=tuple(
            Fit(
                service=one.service_id,
                rank=one.rank or 0,
                name=one.service.name,
                slug=one.service.slug,
                organization=one.service.organization.name,
                availability=room_now(one, pools, at=at),
                reasons=tuple(ReasonLine(reason["kind"], reason["text"]) for reason in one.reasons),
                conflict=one.service.organization_id in own,
                needs_co_attendance=any(
                    reason["code"] == "co_attendance" and reason["kind"] == Kind.PARTLY for reason in one.reasons
                ),
            )
            for one in sorted((one for one in results if one.fits), key=lambda one: one.rank or 0)
        ),
        nearly=tuple(
            Near(
                service=one.service_id,
                name=one.service.name,
                slug=one.service.slug,
                organization=one.service.organization.name,
                reason=next(reason["text"] for reason in one.reasons if reason["kind"] == Kind.NOT),
                would_change=one.would_change,
                when=when_of(one.checked_at, at=at),
            )
            for one in results
            if one.nearly
        ),
        others=tuple(
            (many, OTHERS_WORDS.get(code, code.replace("_", " ")))
            for code, many in sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        hold_until=deadlines.offer(at),
    )


def room_now(one: MatchResult, pools: dict[UUID, CapacityPool], *, at: datetime) -> Availability:
    """Return what may be said of the pool now; what was said then, if it is gone."""
    pool = pools.get(one.pool_id) if one.pool_id else None
    if pool is not None:
        return of_pool(pool, at=at, limited=limited())
    if one.availability == UNKNOWN.state:
        return UNKNOWN
    return Availability(
        State(one.availability), one.availability_words, when_of(one.checked_at, at=at), one.checked_at, free=one.free
    )


# --- a provider ---
@dataclass(frozen=True, slots=True)
class OfferLine:
    """
    An offer in the provider's list. Once it is over, only ``public_ref``, the answer and its date are there.

    ``what_happened`` says in words what became of it.
    """

    ref: UUID
    public_ref: str
    short_ref: str
    state: str
    state_words: str
    service: str
    expires_at: datetime
    sent_at: datetime
    age_band: str = ""
    area: str = ""
    headline: str = ""
    wishes: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    place: UUID | None = None
    what_happened: str = ""


@transaction.atomic
def offers_of(*, by: Hat, at: datetime) -> tuple[OfferLine, ...]:
    """
    Return what a provider is asked and has answered: open ones by deadline, then the others, newest first.

    :raises NotYours: if the hat is not a manager's of a provider
    """
    if by.role != Role.PROVIDER_ADMIN:
        raise rights.NotYours
    rows = list(Offer.objects.visible_to(by).select_related("request", "service"))
    places = {
        place.offer_id: place
        for place in SupportPlace.objects.visible_to(by).filter(offer__in=[one.pk for one in rows])
    }
    names = names_of(one.answered_by_id for one in rows)
    still_open = sorted((one for one in rows if is_open(one, at=at)), key=lambda one: (one.expires_at, str(one.pk)))
    over = sorted(
        (one for one in rows if not is_open(one, at=at)), key=lambda one: one.ended_at or one.expires_at, reverse=True
    )
    audit.record_each(
        "offer.list", by=by, at=at, subject="offer", refs=[one.pk for one in still_open], fields=["age_band", "wishes"]
    )
    return (
        *(open_line(one) for one in still_open),
        *(over_line(one, places.get(one.pk), names, at=at) for one in over),
    )


def is_open(offer: Offer, *, at: datetime) -> bool:
    """Say whether it can still be answered; time decides before any job does."""
    return offer.state == OfferState.OPEN and offer.expires_at > at


def open_line(one: Offer) -> OfferLine:
    """Return the line of an offer that waits."""
    profile = PseudonymousProfile.from_text(one.profile)
    return OfferLine(
        ref=one.ref,
        public_ref=str(one.request.public_ref),
        short_ref=one.request.short_ref,
        state=one.state,
        state_words=one.get_state_display(),
        service=one.service.name,
        expires_at=one.expires_at,
        sent_at=one.sent_at,
        age_band=profile.age_band,
        area=profile.area,
        headline=profile.headline,
        wishes=profile.wishes,
    )


def over_line(one: Offer, place: SupportPlace | None, names: dict[int | None, str], *, at: datetime) -> OfferLine:
    """Return the line of an offer that is over: of a no or none, the reference and nothing else of the child."""
    state = OfferState.EXPIRED if one.state == OfferState.OPEN else OfferState(one.state)
    if place is not None:
        happened = place.get_state_display()
    else:
        happened = {
            OfferState.DECLINED_BY_PROVIDER: DeclineReason(one.decline_reason).label if one.decline_reason else "",
            OfferState.EXPIRED: "Offered elsewhere",
            OfferState.WITHDRAWN: "Taken back",
        }.get(state, "")
    return OfferLine(
        ref=one.ref,
        public_ref=str(one.request.public_ref),
        short_ref=one.request.short_ref,
        state=state,
        state_words=state.label,
        service=one.service.name,
        expires_at=one.expires_at,
        sent_at=one.sent_at,
        answered_at=one.ended_at or one.expires_at,
        answered_by=names.get(one.answered_by_id, ""),
        place=place.ref if place is not None and may_be_read(place, at=at) else None,
        what_happened=happened,
    )


@dataclass(frozen=True, slots=True)
class OfferView:
    """An open offer, as the provider reads and answers it. ``workers`` are (membership id, name) of those who could meet."""

    ref: UUID
    public_ref: str
    service: str
    coordinator: str
    coordinator_role: str
    expires_at: datetime
    held_of: int | None
    profile: PseudonymousProfile
    note: str
    messages: tuple[MessageLine, ...]
    workers: tuple[tuple[int, str], ...]
    decline_reasons: tuple[tuple[str, str], ...]


class NoLongerReadable(Exception):
    """The offer is over: of the child only the reference is left. ``line`` says what became of it."""

    def __init__(self, line: OfferLine) -> None:
        super().__init__(line.state)
        self.line = line


@transaction.atomic
def offer(ref: UUID, *, by: Hat, at: datetime) -> OfferView:
    """
    Return an open offer to a manager of its provider.

    :raises NotYours: if it is not their organization's
    :raises NoLongerReadable: if it was answered, taken back or has run out
    """
    if by.role != Role.PROVIDER_ADMIN:
        raise rights.NotYours
    one = find(Offer, ref, by, "request", "service", "pool")
    if not is_open(one, at=at):
        place = SupportPlace.objects.visible_to(by).filter(offer=one).first()
        raise NoLongerReadable(over_line(one, place, names_of([one.answered_by_id]), at=at))
    colleagues = (
        Membership.objects.current(deadlines.day_of(at))
        .filter(organization_id=by.organization_id, role__in=[Role.PROVIDER_WORKER, Role.PROVIDER_ADMIN])
        .select_related("user")
        .order_by("user__name", "pk")
    )
    view = OfferView(
        ref=one.ref,
        public_ref=str(one.request.public_ref),
        service=one.service.name,
        coordinator=names_of([one.sent_by_id]).get(one.sent_by_id, ""),
        coordinator_role="coordinator",
        expires_at=one.expires_at,
        held_of=one.pool.total,
        profile=PseudonymousProfile.from_text(one.profile),
        note=one.note,
        messages=messages_of(Message.objects.visible_to(by).filter(offer=one), by),
        workers=tuple((each.pk, each.user.name) for each in colleagues),
        decline_reasons=tuple(DeclineReason.choices),
    )
    audit.record("offer.read", by=by, at=at, subject="offer", ref=one.ref, fields=["profile", "note", "messages"])
    return view


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A support place in the provider's list; no name: that is only on the card."""

    ref: UUID
    public_ref: str
    short_ref: str
    service: str
    state: str
    state_words: str
    worker: str
    next: str
    due_at: datetime | None
    started_on: date | None
    planned_end_on: date | None
    ended_on: date | None
    readable: bool


NEXT_FOR_PROVIDER = {
    PlaceState.AWAITING_CONTACT: "Wait for contact details",
    PlaceState.ACCEPTED: "Ring, and meet",
    PlaceState.INTRODUCED: "Begin",
    PlaceState.ACTIVE: "Go on, then end it well",
    PlaceState.ENDED: "",
}


@transaction.atomic
def places_of(*, by: Hat, at: datetime) -> tuple[PlaceLine, ...]:
    """
    Return a provider's places: running ones by what is due, then those that have ended.

    :raises NotYours: if the hat is not a provider's
    """
    if by.role not in (Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER):
        raise rights.NotYours
    rows = list(SupportPlace.objects.visible_to(by).select_related("request", "service"))
    names = names_of(one.worker_id for one in rows)
    lines = [place_line(one, names, at=at) for one in rows]
    audit.record_each("place.list", by=by, at=at, subject="place", refs=[one.pk for one in rows], fields=["state"])
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return tuple(sorted(lines, key=lambda one: (one.state == PlaceState.ENDED, one.due_at or far, one.public_ref)))


def place_line(one: SupportPlace, names: dict[int | None, str], *, at: datetime) -> PlaceLine:
    """Return one line."""
    due = {
        PlaceState.AWAITING_CONTACT: one.contact_due_at,
        PlaceState.ACCEPTED: one.ring_by_at,
    }.get(PlaceState(one.state))
    return PlaceLine(
        ref=one.ref,
        public_ref=str(one.request.public_ref),
        short_ref=one.request.short_ref,
        service=one.service.name,
        state=one.state,
        state_words=one.get_state_display(),
        worker=names.get(one.worker_id, "") or one.worker_role,
        next=NEXT_FOR_PROVIDER[PlaceState(one.state)],
        due_at=due,
        started_on=one.started_on,
        planned_end_on=one.planned_end_on,
        ended_on=one.ended_on,
        readable=may_be_read(one, at=at),
    )


@dataclass(frozen=True, slots=True)
class PlaceView:
    """
    A support place as its provider reads it: the profile, as long as it may be read; the name is on the card.

    ``has_card`` says that contact details have come, ``contact_until`` until when they can be read.
    """

    line: PlaceLine
    profile: PseudonymousProfile | None
    note: str
    first_meeting_on: date
    accepted_at: datetime
    contact_due_at: datetime
    ring_by_at: datetime | None
    introduce_by_at: datetime
    introduced_on: date | None
    has_card: bool
    contact_until: datetime | None
    end: str
    end_quality: str
    next_step: str
    end_reasons: tuple[tuple[str, str], ...]


@transaction.atomic
def place(ref: UUID, *, by: Hat, at: datetime) -> PlaceView:
    """
    Return a support place to its provider.

    :raises NotYours: if it is not their organization's, or another worker's
    """
    if by.role not in (Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER):
        raise rights.NotYours
    one = find(SupportPlace, ref, by, "request", "service", "offer")
    readable = may_be_read(one, at=at)
    view = PlaceView(
        line=place_line(one, names_of([one.worker_id]), at=at),
        profile=PseudonymousProfile.from_text(one.offer.profile) if readable else None,
        note=one.offer.note if readable else "",
        first_meeting_on=one.first_meeting_on,
        accepted_at=one.accepted_at,
        contact_due_at=one.contact_due_at,
        ring_by_at=one.ring_by_at,
        introduce_by_at=one.introduce_by_at,
        introduced_on=one.introduced_on,
        has_card=readable and ContactCard.objects.visible_to(by).filter(place=one).exists(),
        contact_until=one.readable_until_at,
        end=EndReason(one.end_reason).label if one.end_reason else "",
        end_quality=one.get_end_quality_display(),
        next_step=one.next_step if readable else "",
        end_reasons=tuple(EndReason.choices),
    )
    audit.record(
        "place.read", by=by, at=at, subject="place", ref=one.ref,
        fields=["profile", "note", "next_step"] if readable else ["state"],
    )  # fmt: skip
    return view


def may_be_read(one: SupportPlace, *, at: datetime) -> bool:
    """Say whether the provider may still read who it is; time decides before any job does (INV-P3)."""
    return one.readable and (one.readable_until_at is None or one.readable_until_at > at)


@dataclass(frozen=True, slots=True)
class ContactCardView:
    """
    Who the child is and how to reach them; what is not safe comes first (E27). ``safe_ways`` are words, empty if nothing is safe.

    ``form`` is what the requester filled in, for correcting it.
    """

    public_ref: str
    must_not_be_told: str
    safe_ways: tuple[str, ...]
    unsafe_ways: tuple[str, ...]
    safe_times: str
    safe_contact: str
    name_used: str
    family_name: str
    speak_first_to: str
    parent_name: str
    telephone: str
    given_at: datetime
    given_by: str
    readable_until: datetime | None
    codes: frozenset[str]
    speak_first_code: str


@transaction.atomic
def contact_card(place_ref: UUID, *, by: Hat, at: datetime) -> ContactCardView:
    """
    Return how to reach the child and record, in the same transaction, that this hat saw it.

    :raises NotYours: if there is no card that they may read: not given yet, not theirs, or its time is over
    """
    card = ContactCard.objects.visible_to(by).select_related("place__request").filter(place_id=place_ref).first()
    if card is None or (by.role in PROVIDER_ROLES and not may_be_read(card.place, at=at)):
        raise rights.NotYours
    ways = set(json.loads(card.safe_ways))
    possible = [way for way in SafeWay if way != SafeWay.NONE]
    view = ContactCardView(
        public_ref=str(card.place.request.public_ref),
        must_not_be_told=card.must_not_be_told,
        safe_ways=tuple(way.label for way in possible if way in ways),
        unsafe_ways=tuple(way.label for way in possible if way not in ways),
        safe_times=card.safe_times,
        safe_contact=card.place.request.safe_contact,
        name_used=card.name_used,
        family_name=card.family_name,
        speak_first_to=SpeakFirst(card.speak_first_to).label,
        parent_name=card.parent_name,
        telephone=card.telephone,
        given_at=card.given_at,
        given_by=names_of([card.given_by_id]).get(card.given_by_id, ""),
        readable_until=card.place.readable_until_at,
        codes=frozenset(ways),
        speak_first_code=card.speak_first_to,
    )
    audit.record(
        "contact-card.read", by=by, at=at, subject="place", ref=place_ref,
        fields=["name_used", "family_name", "parent_name", "telephone", "safe_ways"],
    )  # fmt: skip
    return view


PROVIDER_ROLES = frozenset({Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER})


@dataclass(frozen=True, slots=True)
class ContactWanted:
    """What the requester sees before filling in a contact card: who will read it, and until when."""

    place: UUID
    request: UUID
    public_ref: str
    organization: str
    readers: tuple[tuple[str, str], ...]
    due_at: datetime
    given: bool


@transaction.atomic
def contact_wanted(request: UUID, *, place: UUID | None = None, by: Hat, at: datetime) -> ContactWanted:
    """
    Return for whom contact details are wanted, to the side that asked: for that place, or the one that waits for them.

    :raises NotYours: if it is not theirs, or there is no such place any more
    """
    if by.role not in requests.REQUESTERS:
        raise rights.NotYours
    rows = SupportPlace.objects.visible_to(by).filter(request=request).exclude(state=PlaceState.ENDED)
    rows = rows.select_related("request", "organization")
    one = (rows.filter(pk=place) if place else rows.filter(state=PlaceState.AWAITING_CONTACT)).first()
    if one is None:
        raise rights.NotYours
    managers = (
        Membership.objects.current(deadlines.day_of(at))
        .filter(organization_id=one.organization_id, role=Role.PROVIDER_ADMIN)
        .order_by("user__name")
        .values_list("user__name", flat=True)
        .distinct()
    )
    names = names_of([one.worker_id, one.request.coordinator_id])
    readers = [(name, f"manager, {one.organization.name}") for name in managers]
    worker = names.get(one.worker_id) or f"The {profiles.small(one.worker_role)}"
    if worker not in {name for name, _ in readers}:
        readers.append((worker, "who will meet them"))
    if one.request.coordinator_id:
        readers.append((names.get(one.request.coordinator_id, ""), "coordinator, if something goes wrong"))
    audit.record("place.read", by=by, at=at, subject="place", ref=one.ref, fields=["state"])
    return ContactWanted(
        place=one.ref,
        request=one.request_id,
        public_ref=str(one.request.public_ref),
        organization=one.organization.name,
        readers=tuple(readers),
        due_at=one.contact_due_at,
        given=one.state != PlaceState.AWAITING_CONTACT,
    )


__all__ = [
    "Answered",
    "AskedProvider",
    "Avoid",
    "CheckAtDesk",
    "ContactCardView",
    "ContactWanted",
    "CoordinatorView",
    "Desk",
    "DeskFilter",
    "DeskLine",
    "Event",
    "Fit",
    "MessageLine",
    "Near",
    "NoLongerReadable",
    "OfferAtDesk",
    "OfferLine",
    "OfferView",
    "PlaceAtDesk",
    "PlaceLine",
    "PlaceView",
    "PseudonymousProfile",
    "Readers",
    "ReasonLine",
    "RequesterLine",
    "RequesterView",
    "RunningOut",
    "ScreenLine",
    "Shortlist",
    "ShortlistView",
    "answered",
    "case",
    "contact_card",
    "contact_wanted",
    "desk",
    "find",
    "offer",
    "offers_of",
    "place",
    "places_of",
    "readers",
    "requests_of",
    "shortlist",
    "status",
]
