"""
What a named coordinator decides about a request, and why (INV-S4); what needs a second one, and who that can be.

Nothing here is decided by a machine or by the passing of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from brokering import deadlines, lifecycle, notifications, rights, shortlists
from brokering.lifecycle import MoveNotAllowed
from brokering.models import (
    PlacementRequest,
    RequestState,
    SecondCheck,
    TriageDecision,
    TriageOutcome,
)
from brokering.requests import AnswerRefused, carry, locked
from directory.models import Role
from safekeeping import audit

if TYPE_CHECKING:
    from safekeeping.policy import Hat

UNDECIDED = frozenset({RequestState.TRIAGE, RequestState.MATCHING})
REDIRECTIONS = frozenset({TriageOutcome.SIGNPOST_UNIVERSAL, TriageOutcome.NOT_SUITABLE})


class StatutoryFirst(Exception):
    """The front door has to have its say before this goes on (INV-S6)."""


class SafetyQuestionsDue(Exception):
    """Something has changed: the safety questions are answered again first (INV-S16)."""


class SecondCheckNeeded(Exception):
    """Another coordinator has to agree first."""


class NotByTheSamePerson(Exception):
    """Whoever asked for a check, or recorded an escalation, cannot be the one who settles it."""


@transaction.atomic
def accept(
    request: PlacementRequest, *, rationale: str, principles: Iterable[str] = (), by: Hat, at: datetime
) -> TriageDecision:
    """
    Accept the request: a place is looked for from now on, and what there is, is looked up at once.

    :raises StatutoryFirst: if the risk is critical and no outcome of the front door is recorded
    :raises SafetyQuestionsDue: if the safety questions have to be answered again
    :raises MoveNotAllowed: if it is not in triage
    """
    rights.need(request, by, Role.COORDINATOR)
    row = locked(request)
    if row.rescreen_because:
        raise SafetyQuestionsDue
    if row.risk_level == "critical" and not row.statutory_outcome:
        raise StatutoryFirst
    decision = decide(row, TriageOutcome.ACCEPT_CHILD, rationale, principles=principles, by=by, at=at)
    lifecycle.move(
        row,
        RequestState.MATCHING,
        by=by,
        at=at,
        reason=TriageOutcome.ACCEPT_CHILD,
        waiting_since_at=row.waiting_since_at or at,
        coordinator_id=row.coordinator_id or by.user_id,
        due_at=deadlines.first_offer(at),
    )
    notifications.request_decided_to_requester(row, decision.ref, at=at)
    shortlists.look(row, by=by, at=at)  # ends at the audit's head: no other row may come after it
    return recorded(request, row, decision, by=by, at=at)


@transaction.atomic
def ask(request: PlacementRequest, *, question: str, rationale: str = "", by: Hat, at: datetime) -> TriageDecision:
    """
    Ask the requester something; the request waits with them until they answer.

    :raises AnswerRefused: if there is no question
    :raises MoveNotAllowed: if it is not in triage or being matched
    """
    rights.need(request, by, Role.COORDINATOR)
    if not question.strip():
        raise AnswerRefused({"question": "Write your question"})
    row = locked(request)
    due = deadlines.answer(at)
    decision = decide(
        row, TriageOutcome.NEEDS_INFORMATION, rationale or question, question=question.strip(), answer_by_at=due,
        by=by, at=at,
    )  # fmt: skip
    lifecycle.move(
        row, RequestState.NEEDS_INFORMATION, by=by, at=at, reason=TriageOutcome.NEEDS_INFORMATION,
        coordinator_id=row.coordinator_id or by.user_id, due_at=due,
    )  # fmt: skip
    notifications.question_to_requester(row, decision.ref, at=at)
    audit.record("request.ask", by=by, at=at, subject="request", ref=row.ref, fields=["question"])
    carry(row, request)
    return decision


@transaction.atomic
def escalate(
    request: PlacementRequest, *, told_at: datetime, told_by_role: str, rationale: str, by: Hat, at: datetime
) -> TriageDecision:
    """
    Record that the front door was told by telephone; the request waits for what it decides.

    :raises AnswerRefused: if the time lies ahead, or nobody's role is given
    :raises MoveNotAllowed: if it is neither in triage nor being matched
    """
    rights.need(request, by, Role.COORDINATOR)
    if told_at > at:
        raise AnswerRefused({"told_at": "This must be in the past"})
    if not told_by_role.strip():
        raise AnswerRefused({"told_by_role": "Enter the role of whoever called"})
    row = locked(request)
    decision = decide(
        row, TriageOutcome.ESCALATE_FRONT_DOOR, rationale, told_at=told_at, told_by_role=told_by_role.strip()[:120],
        by=by, at=at,
    )  # fmt: skip
    lifecycle.move(
        row, RequestState.PAUSED_STATUTORY, by=by, at=at, reason=TriageOutcome.ESCALATE_FRONT_DOOR,
        coordinator_id=row.coordinator_id or by.user_id, due_at=deadlines.front_door(at),
    )  # fmt: skip
    return told(request, row, decision, by=by, at=at)


@transaction.atomic
def resume(request: PlacementRequest, *, outcome_reference: str, by: Hat, at: datetime) -> None:
    """
    Record what the front door has decided, and go on with triage; by somebody else than who escalated (INV-S5).

    :raises AnswerRefused: if there is no reference
    :raises NotByTheSamePerson: if it is the same coordinator
    :raises MoveNotAllowed: if it does not wait for the front door
    """
    rights.need(request, by, Role.COORDINATOR)
    if not outcome_reference.strip():
        raise AnswerRefused({"outcome_reference": "Enter the reference of the outcome"})
    row = locked(request)
    decision = (
        TriageDecision.objects.unscoped(reason="the escalation that is answered")
        .filter(request=row, outcome=TriageOutcome.ESCALATE_FRONT_DOOR, reversed_at__isnull=True)
        .order_by("-at")
        .first()
    )
    if row.state != RequestState.PAUSED_STATUTORY or decision is None:
        raise MoveNotAllowed(row.state, RequestState.TRIAGE)
    if decision.decided_by_id == by.user_id:
        raise NotByTheSamePerson
    decision.outcome_reference = outcome_reference.strip()[:120]
    decision.reversed_by_id, decision.reversed_at = by.user_id, at
    decision.save(update_fields=["outcome_reference", "reversed_by", "reversed_at"])
    row.statutory_outcome = outcome_reference.strip()[:120]
    row.save(update_fields=["statutory_outcome"])
    lifecycle.move(
        row, RequestState.TRIAGE, by=by, at=at, reason="outcome_recorded",
        due_at=deadlines.triage(at, critical_moment=row.critical_moment),
    )  # fmt: skip
    audit.record("request.resume", by=by, at=at, subject="request", ref=row.ref, fields=["statutory_outcome"])
    carry(row, request)


@transaction.atomic
def redirect(
    request: PlacementRequest,
    outcome: TriageOutcome,
    *,
    rationale: str,
    alternative: str,
    principles: Iterable[str] = (),
    by: Hat,
    at: datetime,
) -> TriageDecision:
    """
    Point the requester elsewhere, with a reason and an alternative; "not for us" only with a second coordinator.

    :raises AnswerRefused: if reason or alternative is missing
    :raises SecondCheckNeeded: if nobody else has agreed that it is not for us
    :raises MoveNotAllowed: if it is neither in triage nor being matched
    """
    rights.need(request, by, Role.COORDINATOR)
    outcome = TriageOutcome(outcome)
    if outcome not in REDIRECTIONS:
        raise ValueError(outcome)
    if not alternative.strip():
        raise AnswerRefused({"alternative": "Say what they could do instead"})
    row = locked(request)
    check = None
    if outcome == TriageOutcome.NOT_SUITABLE:
        check = agreed(row, SecondCheck.What.NOT_SUITABLE, by=by)
        if check is None:
            raise SecondCheckNeeded
        used(check, at=at)
    decision = decide(
        row,
        outcome,
        rationale,
        alternative=alternative.strip(),
        second_check=check,
        principles=principles,
        by=by,
        at=at,
    )
    lifecycle.move(
        row, RequestState.REJECTED_REDIRECTED, by=by, at=at, reason=outcome, closed_at=at, due_at=None,
        coordinator_id=row.coordinator_id or by.user_id, close_reason=outcome,
    )  # fmt: skip
    return told(request, row, decision, by=by, at=at)


def decide(
    row: PlacementRequest,
    outcome: TriageOutcome,
    rationale: str,
    *,
    principles: Iterable[str] = (),
    by: Hat,
    at: datetime,
    **facts: Any,
) -> TriageDecision:
    """Write the decision; every one has its reason, and is made where it can still be made."""
    if not rationale.strip():
        raise AnswerRefused({"rationale": "Say why"})
    if row.state not in UNDECIDED or (outcome == TriageOutcome.ACCEPT_CHILD and row.state != RequestState.TRIAGE):
        raise MoveNotAllowed(row.state, outcome)
    return TriageDecision.objects.create(
        request=row,
        outcome=outcome,
        rationale=rationale.strip(),
        principles_considered=sorted(principles),
        decided_by_id=by.user_id,
        at=at,
        **facts,
    )


def told(
    request: PlacementRequest, row: PlacementRequest, decision: TriageDecision, *, by: Hat, at: datetime
) -> TriageDecision:
    """Tell the requester that somebody has decided, record it, and give the caller the row as it is."""
    notifications.request_decided_to_requester(row, decision.ref, at=at)
    return recorded(request, row, decision, by=by, at=at)


def recorded(
    request: PlacementRequest, row: PlacementRequest, decision: TriageDecision, *, by: Hat, at: datetime
) -> TriageDecision:
    """Record what was decided, last of all, and give the caller the row as it is."""
    audit.record("request.decide", by=by, at=at, subject="request", ref=row.ref, reason=decision.outcome)
    carry(row, request)
    return decision


# --- a second pair of eyes ---
@transaction.atomic
def ask_second(
    request: PlacementRequest,
    what: SecondCheck.What,
    *,
    because: str,
    service_id: UUID | None = None,
    by: Hat,
    at: datetime,
) -> SecondCheck:
    """
    Ask for another coordinator's agreement; one that is waiting already is given back.

    :raises AnswerRefused: if no reason is given
    """
    rights.need(request, by, Role.COORDINATOR)
    if not because.strip():
        raise AnswerRefused({"because": "Say why"})
    row = locked(request)
    waiting = SecondCheck.objects.unscoped(reason="one check at a time").filter(
        request=row, what=what, service=service_id, asked_by_id=by.user_id, used_at__isnull=True
    )
    if one := waiting.first():
        return one
    check = SecondCheck.objects.create(
        request=row, what=SecondCheck.What(what), service_id=service_id, because=because.strip(),
        asked_by_id=by.user_id, asked_at=at,
    )  # fmt: skip
    notifications.second_check_to_coordinators(row, check, at=at)
    audit.record("request.ask-second", by=by, at=at, subject="request", ref=row.ref, reason=what)
    return check


@transaction.atomic
def agree(check: SecondCheck, *, by: Hat, at: datetime) -> None:
    """
    Agree, as another coordinator, to what one has asked.

    :raises NotByTheSamePerson: if it is who asked, or somebody with the same interest
    :raises MoveNotAllowed: if somebody has agreed already
    """
    rights.need(check, by, Role.COORDINATOR)
    if check.asked_by_id == by.user_id:
        raise NotByTheSamePerson
    if check.service_id and shortlists.works_for(check.service_id, by=by, at=at):
        raise NotByTheSamePerson
    won = (
        SecondCheck.objects.unscoped(reason="compare and swap")
        .filter(pk=check.pk, agreed_at__isnull=True)
        .update(agreed_by_id=by.user_id, agreed_at=at)
    )
    if not won:
        raise MoveNotAllowed("agreed", "agreed")
    check.agreed_by_id, check.agreed_at = by.user_id, at
    audit.record("request.agree-second", by=by, at=at, subject="request", ref=check.request_id, reason=check.what)


def agreed(
    row: PlacementRequest, what: SecondCheck.What, *, by: Hat, service_id: UUID | None = None
) -> SecondCheck | None:
    """Return an agreement of two different people that this coordinator is one of, and that nobody has used."""
    checks = SecondCheck.objects.unscoped(reason="whether a second person has agreed").filter(
        request=row, what=what, service=service_id, agreed_at__isnull=False, used_at__isnull=True
    )
    return next((one for one in checks if by.user_id in (one.asked_by_id, one.agreed_by_id)), None)


def used(check: SecondCheck, *, at: datetime) -> None:
    """Note that the agreement has served: it is good for one decision."""
    check.used_at = at
    check.save(update_fields=["used_at"])
