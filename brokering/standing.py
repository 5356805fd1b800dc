"""
Where a request stands, in the words of whoever asked: who does what by when, and what follows from yes and from no.

Pure words: `brokering.disclosure` has decided before what the reader may know, and recorded that they read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from brokering.disclosure import AskedProvider, RequesterLine, RequesterView
from brokering.models import EDITABLE, OVER, PlaceState, RequestState
from safekeeping.assumptions import in_words

S = RequestState


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of the way; `state` is done, now or "" for still to come."""

    words: str
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on top of the page: ``due_at`` is by when ``lead`` happens, ``then`` a sentence that follows."""

    title: str
    lead: str
    due_at: datetime | None
    then: str
    steps: tuple[Step, ...]
    next: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of "My requests" with the colour and shape of its state."""

    told: RequesterLine
    kind: str
    shape: str
    due_at: datetime | None
    editable: bool


SHAPES = {
    S.DRAFT: ("quiet", "dash"), S.SCREEN_BLOCKED: ("few", "bars"), S.TRIAGE: ("quiet", "clock"),
    S.NEEDS_INFORMATION: ("few", "half"), S.PAUSED_STATUTORY: ("quiet", "bars"), S.MATCHING: ("quiet", "clock"),
    S.OFFERED: ("quiet", "half"), S.ALLOCATED: ("open", "tick"), S.IN_SUPPORT: ("open", "disc"),
    S.CLOSING: ("quiet", "clock"),
}  # fmt: skip


def lines(told: tuple[RequesterLine, ...], *, at: datetime) -> tuple[list[Line], list[Line]]:
    """Return the open requests, those first that wait for the reader, and those that are over."""
    found = [line_of(one) for one in told]
    live = [line for line in found if line.told.state not in OVER]
    live.sort(key=lambda line: (not line.told.needs_you, line.editable, line.due_at or at))
    return live, [line for line in found if line.told.state in OVER]


def line_of(told: RequesterLine) -> Line:
    """Return one row."""
    state = RequestState(told.state)
    kind, shape = SHAPES.get(state, ("quiet", "cross"))
    editable = state in EDITABLE
    return Line(told, kind, shape, told.kept_until if editable else told.due_at, editable)


def of(view: RequesterView, *, door: str) -> Standing:
    """Return what the status page says on top; ``door`` is the front door's short name."""
    live = [one for one in view.asked if one.place and one.place_state != PlaceState.ENDED]
    title, lead, due = headline(view, live, door=door)
    then = "A place is held until then." if asked(view) and not (live or view.rescreen) else ""
    return Standing(title, lead, due, then, steps(view, live), follows(view, live))


def asked(view: RequesterView) -> list[AskedProvider]:
    """Return the providers whose answer is awaited."""
    return [one for one in view.asked if one.answer_by] if view.state == S.OFFERED else []


def headline(view: RequesterView, live: list[AskedProvider], *, door: str) -> tuple[str, str, datetime | None]:
    """Return where it stands, what happens next, and by when."""
    if view.over:
        words = {
            S.WITHDRAWN: "This request was withdrawn", S.CLOSED: "This request is closed",
            S.REJECTED_REDIRECTED: "We point you elsewhere",
        }  # fmt: skip
        return words[RequestState(view.state)], "", None
    if view.rescreen:
        return (
            "Something has changed",
            "Answer the safety questions again: nothing more is offered until you have",
            None,
        )
    if live:
        return place_headline(live)
    if waiting := asked(view):
        names = " and ".join(dict.fromkeys(one.organization for one in waiting))
        until = min(one.answer_by for one in waiting if one.answer_by)
        return f"{names} {'have' if ' and ' in names else 'has'} been asked", "They answer", until
    title, lead = {
        S.TRIAGE: ("A coordinator reads your request", "They read it and decide"),
        S.NEEDS_INFORMATION: ("The coordinator has a question", "Please answer it"),
        S.PAUSED_STATUTORY: (f"We wait for {door}", f"We ask what {door} has decided"),
        S.MATCHING: ("We are looking for a place", "A provider is asked"),
        S.CLOSING: ("Support has ended", "The coordinator decides with you what comes next"),
    }.get(RequestState(view.state), (view.state_words, view.next))
    return title, lead, view.answer_by_at or view.due_at


def place_headline(live: list[AskedProvider]) -> tuple[str, str, datetime | None]:
    """Return where the place stands that needs something soonest."""
    order = list(PlaceState.values)
    first = min(live, key=lambda one: order.index(one.place_state))
    name = first.organization
    return {
        PlaceState.AWAITING_CONTACT: (f"{name} said yes", "Tell them who to ring", first.contact_due_at),
        PlaceState.ACCEPTED: (f"{name} will ring", "They arrange the first meeting", first.ring_by_at),
        PlaceState.INTRODUCED: ("They have met", f"{name} says when support starts", None),
        PlaceState.ACTIVE: ("Support has started", f"{name} gives it", None),
    }[PlaceState(first.place_state)]


def steps(view: RequesterView, live: list[AskedProvider]) -> tuple[Step, ...]:
    """Return the way of a request, and how far it has come; none once it is over."""
    if view.over:
        return ()
    when = {event.title: event.at for event in reversed(view.events)}
    begun = view.state in (S.IN_SUPPORT, S.CLOSING)
    met = begun or any(one.place_state in (PlaceState.INTRODUCED, PlaceState.ACTIVE) for one in live)
    given = met or any(one.place_state == PlaceState.ACCEPTED for one in live)
    said_yes = given or bool(live)
    reached = [
        ("You asked", True, view.submitted_at),
        (
            "A coordinator reads it",
            said_yes or view.state in (S.MATCHING, S.OFFERED),
            when.get("Accepted: a place is looked for"),
        ),
        ("A provider is asked", said_yes or view.state == S.OFFERED, when.get("A provider was asked")),
        ("They answer", said_yes, when.get("A provider said yes")),
        ("You send contact details", given, None),
        ("First meeting", met, None),
    ]
    now = next((number for number, one in enumerate(reached) if not one[1]), len(reached))
    return tuple(
        Step(words, "now" if number == now else "done" if done else "", at if done else None)
        for number, (words, done, at) in enumerate(reached)
    )


def follows(view: RequesterView, live: list[AskedProvider]) -> tuple[tuple[str, str], ...]:
    """Return what comes of yes and of no, and what the asker does meanwhile."""
    if view.over:
        return ()
    if any(one.place_state == PlaceState.AWAITING_CONTACT for one in live):
        return (
            ("When you have sent them", f"They ring within {in_words('deadline.ring')}."),
            ("If the child says no now", "That is all right. Write it here, and the place goes to somebody else."),
        )
    more = {0: "", 1: " One more service fits."}.get(view.still_fitting, f" {view.still_fitting} more services fit.")
    ring = in_words("deadline.ring")
    told = tuple((when, words.format(ring=ring)) for when, words in FOLLOWS.get(RequestState(view.state), ()))
    return told + (
        (
            (
                "If they say no, or don’t answer",
                f"The next best is asked the same day.{more} Their place in the queue stays.",
            ),
            ("Meanwhile", "You tell the child, in whatever way suits, that somebody has been asked."),
        )
        if view.state == S.OFFERED
        else ()
    )


FOLLOWS: dict[RequestState, tuple[tuple[str, str], ...]] = {
    S.TRIAGE: (
        ("If it is for us", "We look for a place and ask a provider. You need not do anything."),
        ("If we need to know more", "You get a question, and a day by which to answer it."),
        ("If it is not for us", "We say why, and what to do instead."),
        ("Meanwhile", "You tell the child, in whatever way suits, that you have asked."),
    ),
    S.NEEDS_INFORMATION: (
        ("When you have answered", "It goes back to the coordinator. Their place in the queue stays."),
    ),
    S.PAUSED_STATUTORY: (("When they have decided", "We go on from there, and you see it here."),),
    S.MATCHING: (
        ("When something fits", "We hold a place and ask the provider. You see it here."),
        ("If nothing fits", "We tell you, and keep looking. Their place in the queue stays."),
    ),
    S.OFFERED: (("If they say yes", "We ask you for a name and a safe way to make contact. They ring within {ring}."),),
}
