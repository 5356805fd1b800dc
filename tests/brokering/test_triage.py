"""Decisions: by a named coordinator of the locality, with a reason; some only by two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from brokering import rights, triage
from brokering.lifecycle import MoveNotAllowed
from brokering.models import MatchRun, RequestState, SecondCheck, TriageDecision, TriageOutcome
from brokering.requests import AnswerRefused
from tests.factories import brokering as make
from tests.factories.brokering import AT, CHILD, HOUR

pytestmark = pytest.mark.django_db


def decisions(request):
    return list(TriageDecision.objects.unscoped(reason="a test reads decisions").filter(request=request))


def test_accepting_starts_the_waiting_clock_names_an_owner_and_looks_for_places(here):
    request = make.now(make.accepted(here))
    assert request.state == RequestState.MATCHING
    assert request.waiting_since_at == AT
    assert request.coordinator_id == here.coordinator.user_id
    assert MatchRun.objects.unscoped(reason="a test counts runs").filter(request=request).count() == 1
    assert [one.outcome for one in decisions(request)] == [TriageOutcome.ACCEPT_CHILD]


def test_a_decision_without_a_reason_is_not_made(here):
    request = make.sent(here)
    with pytest.raises(AnswerRefused):
        triage.accept(request, rationale="  ", by=here.coordinator, at=AT)
    assert decisions(request) == []


@pytest.mark.parametrize("who", ["elsewhere", "dsl", "manager"])
def test_nobody_else_decides(here, who):
    request = make.sent(here)
    with pytest.raises(rights.NotYours):
        triage.accept(request, rationale="Mine now", by=getattr(here, who), at=AT)


def test_a_coordinator_without_localities_decides_nothing(here):
    from directory.models import Role

    with pytest.raises(rights.NotYours):
        triage.accept(make.sent(here), rationale="Mine", by=make.hat(here.council, Role.COORDINATOR), at=AT)


def test_a_coordinator_on_city_wide_duty_decides_everywhere(here):
    from directory.models import Role

    duty = make.hat(here.council, Role.COORDINATOR, citywide=True)
    triage.accept(make.sent(here), rationale="On duty", by=duty, at=AT)


def test_a_decision_is_made_once(here):
    request = make.accepted(here)
    with pytest.raises(MoveNotAllowed):
        triage.accept(request, rationale="Again", by=here.second, at=AT)


def test_inv_s6_critical_risk_goes_to_the_front_door_first(here):
    request = make.sent(here, child=replace(CHILD, risk_level="critical"))
    with pytest.raises(triage.StatutoryFirst):
        triage.accept(request, rationale="Suits a mentor", by=here.coordinator, at=AT)
    triage.escalate(request, told_at=AT, told_by_role="Coordinator", rationale="Critical", by=here.coordinator, at=AT)
    triage.resume(request, outcome_reference="FR-99", by=here.second, at=AT + HOUR)
    triage.accept(request, rationale="Suits a mentor", by=here.coordinator, at=AT + HOUR)
    assert make.now(request).state == RequestState.MATCHING


def test_inv_s5_an_escalation_is_answered_by_somebody_else(here):
    request = make.request_in(RequestState.PAUSED_STATUTORY, here)
    with pytest.raises(triage.NotByTheSamePerson):
        triage.resume(request, outcome_reference="FR-99", by=here.coordinator, at=AT + HOUR)
    assert make.now(request).state == RequestState.PAUSED_STATUTORY
    triage.resume(request, outcome_reference="FR-99", by=here.second, at=AT + HOUR)
    row = make.now(request)
    assert (row.state, row.statutory_outcome) == (RequestState.TRIAGE, "FR-99")


def test_a_call_in_the_future_was_not_made(here):
    with pytest.raises(AnswerRefused):
        triage.escalate(
            make.sent(here), told_at=AT + HOUR, told_by_role="Coordinator", rationale="Soon", by=here.coordinator, at=AT
        )


def test_pointing_elsewhere_names_an_alternative(here):
    request = make.sent(here)
    with pytest.raises(AnswerRefused):
        triage.redirect(
            request, TriageOutcome.SIGNPOST_UNIVERSAL, rationale="Enough", alternative="", by=here.coordinator, at=AT
        )
    triage.redirect(
        request, TriageOutcome.SIGNPOST_UNIVERSAL, rationale="Enough", alternative="The club in Easton",
        by=here.coordinator, at=AT,
    )  # fmt: skip
    assert make.now(request).state == RequestState.REJECTED_REDIRECTED


def test_not_for_us_needs_two(here):
    request = make.sent(here)
    no = {"rationale": "Not ours", "alternative": "The club", "at": AT}
    with pytest.raises(triage.SecondCheckNeeded):
        triage.redirect(request, TriageOutcome.NOT_SUITABLE, by=here.coordinator, **no)
    check = triage.ask_second(request, SecondCheck.What.NOT_SUITABLE, because="Not ours", by=here.coordinator, at=AT)
    with pytest.raises(triage.NotByTheSamePerson):
        triage.agree(check, by=here.coordinator, at=AT)
    with pytest.raises(triage.SecondCheckNeeded):
        triage.redirect(request, TriageOutcome.NOT_SUITABLE, by=here.coordinator, **no)
    triage.agree(check, by=here.second, at=AT)
    triage.redirect(request, TriageOutcome.NOT_SUITABLE, by=here.coordinator, **no)
    assert make.now(request).state == RequestState.REJECTED_REDIRECTED


def test_somebody_from_another_locality_cannot_be_the_second(here):
    request = make.sent(here)
    check = triage.ask_second(request, SecondCheck.What.NOT_SUITABLE, because="Not ours", by=here.coordinator, at=AT)
    with pytest.raises(rights.NotYours):
        triage.agree(check, by=here.elsewhere, at=AT)


def test_asking_twice_for_a_second_look_is_asking_once(here):
    request = make.sent(here)
    asked = [
        triage.ask_second(request, SecondCheck.What.NOT_SUITABLE, because="Not ours", by=here.coordinator, at=AT)
        for _ in range(2)
    ]
    assert asked[0].pk == asked[1].pk


def test_a_question_needs_words_and_waits_two_working_days(here):
    request = make.sent(here)
    with pytest.raises(AnswerRefused):
        triage.ask(request, question=" ", by=here.coordinator, at=AT)
    decision = triage.ask(request, question="What would he like?", by=here.coordinator, at=AT)
    assert decision.answer_by_at == make.now(request).due_at
    assert (decision.answer_by_at - AT).days == 2
