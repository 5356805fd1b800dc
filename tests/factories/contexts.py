"""Requests about places in any state, made through the real verbs: `context_in(state)`; the world is `tests.factories.brokering`'s."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from brokering import contexts
from brokering.context_answers import AboutPlace, Decided, Happening, Wanted
from brokering.models import ContextOutcome, ContextRequest, ContextState
from directory.models import Role
from safekeeping.policy import Hat
from safekeeping.screening import NO, YES, Answers
from tests.factories.brokering import AT, DAY, HOUR, World, hat, now, world

EASTON = "E05010896"
SAFE = Answers(danger_now=NO, harm=NO, adult_works_with_children=NO, trafficking=NO)
IN_DANGER = replace(SAFE, danger_now=YES)
PLACE = AboutPlace(context_type="school_or_college", label="Year 9", place_description="The gate", ward=EASTON)
HAPPENING = Happening(
    harm_types=("group_conflict",),
    pattern=("after_school",),
    what_is_known="Fights at the bus stop on Friday afternoons since half term.",
    affected="10_19",
    youngest=13,
    oldest=14,
    strengths="Staff at the gate have helped.",
)
WANTED = Wanted(
    response_wanted=("school_workshop", "detached_youth_work"),
    partners="The bus company and the shops",
    tried_already="An assembly and a letter home",
    accountable_owner="Head of school",
)
AGREED = Decided(
    outcome=ContextOutcome.RESPONSE_AGREED,
    rationale="The school is ready for it.",
    told="Two workshops in January, by the Partnership Team.",
    review_on=(AT + 60 * DAY).date(),
)
NOTHING_MORE = Decided(
    outcome=ContextOutcome.NO_FURTHER_ACTION, rationale="It has stopped.", told="It has stopped by itself."
)


def team(here: World) -> Hat:
    """Return somebody of the Partnership Team, always the same one."""
    if "team" not in here.extra:
        here.extra["team"] = hat(here.council, Role.PARTNERSHIP_TEAM)
    found: Hat = here.extra["team"]
    return found


def draft(here: World, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """
    Begin a draft and answer everything; it could be sent.

    :param changes: ``place``, ``happening``, ``wanted``, ``answers`` and ``by`` instead of the usual ones
    """
    by = changes.get("by", here.dsl)
    context = contexts.begin(by=by, at=at)
    contexts.answer_screen(context, changes.get("answers", SAFE), by=by, at=at)
    contexts.tell_place(context, changes.get("place", PLACE), by=by, at=at)
    contexts.tell_happening(context, changes.get("happening", HAPPENING), by=by, at=at)
    contexts.tell_help(context, changes.get("wanted", WANTED), by=by, at=at)
    return context


def blocked(here: World, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """Answer everything, then say that a child is in danger."""
    context = draft(here, at=at, **changes)
    contexts.answer_screen(context, IN_DANGER, by=changes.get("by", here.dsl), at=at + HOUR)  # the latest one counts
    return context


def sent(here: World, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """Send one."""
    context = draft(here, at=at, **changes)
    contexts.submit(context, by=changes.get("by", here.dsl), at=at)
    return context


def owned(here: World, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """Send one, and have the Partnership Team agree on a response."""
    context = sent(here, at=at, **changes)
    contexts.take(context, by=team(here), at=at)
    agreed = replace(AGREED, review_on=(at + 60 * DAY).date())
    contexts.decide(context, agreed, by=team(here), at=at)
    return context


def closed(here: World, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """Go all the way."""
    context = owned(here, at=at, **changes)
    contexts.close(context, "response_done", "It is calm now.", by=team(here), at=at + 60 * DAY)
    return context


def withdrawn(here: World, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """Send one and take it back."""
    context = sent(here, at=at, **changes)
    contexts.withdraw(context, "no_longer_needed", by=changes.get("by", here.dsl), at=at)
    return context


CONTEXTS: dict[ContextState, Callable[..., ContextRequest]] = {
    ContextState.DRAFT: draft,
    ContextState.SCREEN_BLOCKED: blocked,
    ContextState.TRIAGE: sent,
    ContextState.OWNED: owned,
    ContextState.CLOSED: closed,
    ContextState.WITHDRAWN: withdrawn,
}


def context_in(state: str, here: World | None = None, *, at: datetime = AT, **changes: Any) -> ContextRequest:
    """Make a place's request in that state, through the real verbs."""
    found: ContextRequest = now(CONTEXTS[ContextState(state)](here or world(), at=at, **changes))
    return found
