"""Asking for something to be done about a place: no name is ever kept, and it becomes a child's request only by beginning anew."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from brokering import contexts, lifecycle, requests, rights
from brokering.context_answers import FREE, AboutPlace, Decided
from brokering.contexts import NamesFound
from brokering.lifecycle import CONTEXT_MOVES, MoveNotAllowed
from brokering.models import (
    ContextDecision,
    ContextHistory,
    ContextMessage,
    ContextOutcome,
    ContextRequest,
    ContextState,
    PlacementRequest,
    RequestState,
)
from brokering.requests import AnswerRefused, Incomplete, SafetyFirst
from directory.models import Area, Organization, Role, Ward
from safekeeping import invariants, screening
from safekeeping.models import AuditEvent, OutboxRow
from tests.factories import brokering as brokered
from tests.factories import contexts as make
from tests.factories.brokering import AT, DAY, HOUR
from tests.factories.contexts import AGREED, HAPPENING, PLACE, WANTED, team

pytestmark = pytest.mark.django_db
ALL = {"reason": "a test looks at the rows themselves"}
NAME = "Quillan Abernathy"


# --- names ------------------------------------------------------------------------------------------------------------
def spoilt_verbs(here):
    """Yield every verb that keeps words, each with a name in each of its words."""
    draft = make.draft(here)
    for told, verb in (
        (PLACE, contexts.tell_place), (HAPPENING, contexts.tell_happening), (WANTED, contexts.tell_help),
    ):  # fmt: skip
        for name in FREE[type(told)]:
            spoilt = replace(told, **{name: f"It began when {NAME} came."})
            yield (
                f"{verb.__name__} {name}",
                name,
                lambda verb=verb, spoilt=spoilt: verb(draft, spoilt, by=here.dsl, at=AT),
            )
    for name in ("reported_reference", "reported_to_role"):
        answers = replace(make.SAFE, harm=screening.YES, reported_at=AT - HOUR, **{name: f"Told {NAME}"})
        yield f"screen {name}", name, lambda answers=answers: contexts.answer_screen(draft, answers, by=here.dsl, at=AT)
    sent = make.sent(here)
    for by in (here.dsl, team(here)):
        yield f"write {by.role}", "text", lambda by=by: contexts.write(sent, f"Ask {NAME}.", by=by, at=AT)
    for name in FREE[Decided]:
        for outcome in (
            AGREED,
            replace(AGREED, outcome=ContextOutcome.STEPPED_UP_STATUTORY, told_at=AT, told_by_role="Lead"),
        ):
            told = replace(outcome, **{name: f"Ask {NAME}."})
            yield f"decide {name}", name, lambda told=told: contexts.decide(sent, told, by=team(here), at=AT)
    owned = make.owned(here)
    yield "close", "words", lambda: contexts.close(owned, "other", f"Ask {NAME}.", by=team(here), at=AT)


def test_inv_p5_no_verb_keeps_a_name_whatever_question_it_was_typed_at(here):
    tried = 0
    for what, question, verb in spoilt_verbs(here):
        before = counted()
        with pytest.raises(NamesFound) as told:
            verb()
        assert set(told.value.found) == {question}, what
        assert [one.text for one in told.value.found[question]] == [NAME], what
        assert NAME in told.value.errors[question]
        assert NAME not in str(told.value), "an exception is written to logs"
        assert counted() == before, what
        tried += 1
    assert tried == 18
    assert "Quillan" not in everything_kept()


def counted():
    models = [*apps.get_app_config("brokering").get_models(), AuditEvent, OutboxRow]
    return {model._meta.label: model._base_manager.count() for model in models}


def everything_kept() -> str:
    """Return every word that brokering keeps about places, unsealed, and every byte of its tables."""
    words = []
    for model in (ContextRequest, ContextMessage, ContextDecision):
        for row in model.objects.unscoped(**ALL):
            words += [str(getattr(row, field.attname)) for field in model._meta.concrete_fields]
    return "\n".join([*words, *(str(row) for row in OutboxRow.objects.values_list("payload", flat=True))])


def test_every_free_text_of_a_place_passes_the_scanner():
    """A new sealed column of the models, and a new text of the answers, is scanned or this is red."""
    scanned = {name for told in FREE.values() for name in told}
    asked = {field.name for told in FREE for field in fields(told) if field.type == "str"}
    codes = {"context_type", "known_as", "ward", "affected", "outcome", "same_as"}
    assert asked - codes == scanned
    from safekeeping.sealed import sealed_fields

    kept = {field.name for model in (ContextRequest, ContextDecision, ContextMessage) for field in sealed_fields(model)}
    assert kept - scanned == {"text", "close_words"}, "these two are proved above, in `write` and `close`"


def test_two_names_and_something_too_long_are_all_said_at_once(here):
    told = replace(PLACE, label="For Jordan Mills", place_description="Near Kez. x" * 800)
    with pytest.raises(NamesFound) as refused:
        contexts.tell_place(make.draft(here), told, by=here.dsl, at=AT)
    assert set(refused.value.found) == {"label"}
    assert set(refused.value.errors) == {"label", "place_description"}


def test_the_name_of_a_school_a_ward_or_a_neighbourhood_is_no_name_of_a_person(here):
    label = f"Year 9, {here.school.name}, and the way to Easton"
    context = make.draft(here, place=replace(PLACE, label=label))
    assert brokered.now(context).label == label


# --- answering --------------------------------------------------------------------------------------------------------
def test_a_place_that_is_known_brings_its_ward_and_its_locality(here):
    area = Area.objects.get(name="Easton")
    context = make.draft(here, place=AboutPlace(context_type="neighbourhood_public_space", known_as=f"area:{area.pk}"))
    assert (context.ward, context.locality_id) == (area.ward, "east_central")
    assert contexts.known_as(context) == f"area:{area.pk}"


def test_a_school_can_be_chosen_and_a_charity_cannot(here):
    school = brokered.make.organization(
        "Demo Secondary Z", organization_type=brokered.make.term("organization_type", "school_college")
    )
    assert f"organization:{school.pk}" in {one.code for one in contexts.known_places()}
    draft = make.draft(here)
    contexts.tell_place(draft, replace(PLACE, known_as=f"organization:{school.pk}"), by=here.dsl, at=AT)
    assert brokered.now(draft).organization == school
    with pytest.raises(AnswerRefused):
        contexts.tell_place(draft, replace(PLACE, known_as=f"organization:{here.umoja.pk}"), by=here.dsl, at=AT)


@pytest.mark.parametrize("known_as", ["organization:x", "area:0", "area:", "x", "organization:", "location:1:2", ":"])
def test_a_place_that_is_none_is_refused(here, known_as):
    with pytest.raises(AnswerRefused) as told:
        contexts.tell_place(make.draft(here), replace(PLACE, known_as=known_as), by=here.dsl, at=AT)
    assert set(told.value.errors) == {"known_as"}


@pytest.mark.parametrize(
    ("told", "question"),
    [
        (replace(PLACE, context_type="family"), "context_type"),
        (replace(PLACE, context_type="moon"), "context_type"),
        (replace(PLACE, ward="E99"), "ward"),
        (replace(HAPPENING, harm_types=("moon",)), "harm_types"),
        (replace(HAPPENING, pattern=("moon",)), "pattern"),
        (replace(HAPPENING, affected="3"), "affected"),
        (replace(HAPPENING, youngest=15, oldest=12), "oldest"),
        (replace(HAPPENING, youngest=-1), "youngest"),
        (replace(WANTED, response_wanted=("community_mentoring",)), "response_wanted"),
        (replace(WANTED, accountable_owner="x" * 121), "accountable_owner"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_question(here, told, question):
    verbs = {
        type(PLACE): contexts.tell_place,
        type(HAPPENING): contexts.tell_happening,
        type(WANTED): contexts.tell_help,
    }
    with pytest.raises(AnswerRefused) as refused:
        verbs[type(told)](make.draft(here), told, by=here.dsl, at=AT)
    assert set(refused.value.errors) == {question}


def test_inv_s1_nothing_is_sent_before_the_safety_questions_of_this_session(here):
    context = make.draft(here)
    with pytest.raises(Incomplete) as told:
        contexts.submit(context, session="another", by=here.dsl, at=AT)
    assert [one.section for one in told.value.missing] == ["screen"]


def test_inv_s2_harm_that_nobody_has_reported_locks_the_form(here):
    context = make.draft(here)
    verdict = contexts.answer_screen(context, replace(make.SAFE, harm=screening.YES), by=here.dsl, at=AT + HOUR)
    assert not verdict.may_submit
    assert context.state == ContextState.SCREEN_BLOCKED
    for deed in (
        lambda: contexts.submit(context, by=here.dsl, at=AT),
        lambda: contexts.tell_place(context, PLACE, by=here.dsl, at=AT),
    ):
        with pytest.raises(SafetyFirst):
            deed()
    reported = replace(
        make.SAFE,
        harm=screening.YES,
        reported_at=AT - HOUR,
        reported_reference="FR-2611-0042",
        reported_to_role="Duty worker",
    )
    assert contexts.answer_screen(context, reported, by=here.dsl, at=AT + 2 * HOUR).may_submit
    assert contexts.submit(context, by=here.dsl, at=AT)


def test_what_is_missing_is_said_section_by_section(here):
    context = contexts.begin(by=here.dsl, at=AT)
    found = contexts.missing(context)
    assert [one.section for one in found] == [
        "screen",
        "place",
        "place",
        "happening",
        "happening",
        "happening",
        "help",
        "help",
    ]
    with pytest.raises(Incomplete):
        contexts.submit(context, by=here.dsl, at=AT)


def test_a_place_and_a_child_never_share_a_reference(here, monkeypatch):
    drawn = iter("AAAA" + "AAAA" + "BBBB")
    monkeypatch.setattr(requests.secrets, "choice", lambda letters: next(drawn))
    first = make.sent(here)
    second = brokered.sent(here)
    assert (first.public_ref[-4:], second.public_ref[-4:]) == ("AAAA", "BBBB")


# --- who sees it --------------------------------------------------------------------------------------------------------
def oracle(hat, context):
    """Domain §3.16 and §3.19 once more, without a query."""
    sent = context.submitted_at is not None
    if hat.role == Role.PARTNERSHIP_TEAM:
        return sent
    if hat.role == Role.COORDINATOR:
        return sent and (hat.citywide or context.locality_id in hat.localities)
    if hat.role in (Role.PROFESSIONAL, Role.SCHOOL_DSL):
        ours = context.requester_organization_id == hat.organization_id
        return ours and (context.requester_id == hat.user_id or (hat.role == Role.SCHOOL_DSL and sent))
    return False


def test_t_oracle_the_scope_and_the_domain_agree_for_everybody_and_every_state(here):
    for state in ContextState:
        make.context_in(state, here)
    make.sent(here, place=replace(PLACE, ward=""))
    make.sent(here, place=replace(PLACE, ward=Ward.objects.filter(locality="south")[0].pk), by=here.colleague)
    hats = [
        here.dsl, here.colleague, here.coordinator, here.second, here.elsewhere, here.manager, here.worker, team(here),
        *(brokered.hat(here.council, role) for role in Role.values),
        *(brokered.hat(here.school, role) for role in Role.values),
        brokered.hat(here.council, Role.COORDINATOR, citywide=True),
    ]  # fmt: skip
    rows = list(ContextRequest.objects.unscoped(**ALL))
    assert len(rows) == 8
    for hat in hats:
        seen = set(ContextRequest.objects.visible_to(hat).values_list("pk", flat=True))
        assert seen == {row.pk for row in rows if oracle(hat, row)}, hat
        parts = set(ContextHistory.objects.visible_to(hat).values_list("context_id", flat=True))
        assert parts == seen
        decided = set(ContextDecision.objects.visible_to(hat).values_list("context_id", flat=True))
        assert decided <= (seen if hat.role in (Role.PARTNERSHIP_TEAM, Role.COORDINATOR) else set())
    assert not ContextRequest.objects.visible_to(None).exists()


def test_the_partnership_team_sees_no_childs_request(here):
    brokered.sent(here)
    assert not PlacementRequest.objects.visible_to(team(here)).exists()


def test_who_may_not_do_it_is_told_that_it_is_not_there(here):
    context = make.sent(here)
    for by, deed in (
        (here.elsewhere, lambda by: contexts.take(context, by=by, at=AT)),
        (here.dsl, lambda by: contexts.decide(context, AGREED, by=by, at=AT)),
        (here.manager, lambda by: contexts.write(context, "Hello", by=by, at=AT)),
        (team(here), lambda by: contexts.tell_place(context, PLACE, by=by, at=AT)),
        (here.elsewhere, lambda by: contexts.withdraw(context, "other", by=by, at=AT)),
    ):
        with pytest.raises(rights.NotYours):
            deed(by)
    with pytest.raises(rights.NotYours):
        contexts.begin(by=here.coordinator, at=AT)


# --- states -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ContextState)
def test_every_state_is_reached_through_the_real_verbs(state):
    assert make.context_in(state).state == state
    assert list(invariants.broken()) == []


def test_every_state_has_a_row_in_its_table():
    assert set(CONTEXT_MOVES) == set(ContextState)


def test_a_move_that_is_not_in_the_table_is_refused(here):
    context = make.draft(here)
    with pytest.raises(MoveNotAllowed):
        lifecycle.move(context, ContextState.CLOSED, by=here.dsl, at=AT)


# --- deciding -----------------------------------------------------------------------------------------------------------
ENDS = [
    (ContextOutcome.SIGNPOSTED, {"told": "The council’s licensing team"}),
    (ContextOutcome.STEPPED_UP_STATUTORY, {"told_at": AT - HOUR, "told_by_role": "Partnership lead"}),
    (ContextOutcome.NO_FURTHER_ACTION, {"told": "It has stopped by itself"}),
]


@pytest.mark.parametrize(("outcome", "needs"), ENDS)
@pytest.mark.parametrize("taken", [False, True])
def test_an_outcome_ends_the_request_with_a_reason_and_is_told(here, outcome, needs, taken):
    context = make.sent(here)
    if taken:
        contexts.take(context, by=here.coordinator, at=AT)
    decided = contexts.decide(context, Decided(outcome=outcome, rationale="Seen.", **needs), by=here.coordinator, at=AT)
    row = brokered.now(context)
    assert (row.state, row.close_reason, row.closed_at, row.due_at) == (ContextState.CLOSED, outcome, AT, None)
    assert decided.rationale == "Seen."
    assert f"context-decided:{decided.ref}:{here.dsl.user_id}" in OutboxRow.objects.values_list("key", flat=True)


def test_a_response_that_is_agreed_has_an_owner_and_a_day_to_look_again(here):
    context = make.sent(here)
    contexts.decide(context, AGREED, by=team(here), at=AT)
    row = brokered.now(context)
    assert (row.state, row.owner_id, row.review_on) == (ContextState.OWNED, team(here).user_id, AGREED.review_on)
    assert row.due_at.date() == AGREED.review_on
    later = replace(AGREED, review_on=AGREED.review_on + timedelta(days=7))
    contexts.decide(context, later, by=here.coordinator, at=AT + DAY)
    assert brokered.now(context).review_on == later.review_on
    contexts.close(context, "response_done", by=here.coordinator, at=AT + 60 * DAY)
    assert brokered.now(context).state == ContextState.CLOSED


def test_what_was_never_agreed_cannot_be_done(here):
    context = make.sent(here)
    contexts.take(context, by=team(here), at=AT)
    with pytest.raises(MoveNotAllowed):
        contexts.close(context, "response_done", by=team(here), at=AT)


@pytest.mark.parametrize(
    ("told", "questions"),
    [
        (Decided(), {"outcome"}),
        (Decided(outcome="moon"), {"outcome"}),
        (Decided(outcome="response_agreed"), {"rationale", "told", "review_on"}),
        (replace(AGREED, review_on=(AT - DAY).date()), {"review_on"}),
        (Decided(outcome="signposted", rationale="Why"), {"told"}),
        (Decided(outcome="stepped_up_statutory", rationale="Why"), {"told_at", "told_by_role"}),
        (Decided(outcome="stepped_up_statutory", rationale="Why", told_at=AT + DAY, told_by_role="Lead"), {"told_at"}),
        (Decided(outcome="duplicate", rationale="Why"), {"same_as"}),
        (Decided(outcome="duplicate", rationale="Why", same_as="ZZZZ"), {"same_as"}),
        (Decided(outcome="no_further_action", rationale="Why", told="  "), {"told"}),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(here, told, questions):
    context = make.sent(here)
    with pytest.raises(AnswerRefused) as refused:
        contexts.decide(context, told, by=team(here), at=AT)
    assert set(refused.value.errors) == questions
    assert brokered.now(context).state == ContextState.TRIAGE


def test_the_same_place_twice_points_to_the_other_one_and_to_no_child(here):
    first, second, child = make.sent(here), make.sent(here), brokered.sent(here)
    twice = Decided(outcome=ContextOutcome.DUPLICATE, rationale="The same gate.", same_as=first.short_ref.lower())
    for reference in (child.public_ref, second.public_ref, "", first.public_ref[-3:]):
        with pytest.raises(AnswerRefused):
            contexts.decide(second, replace(twice, same_as=reference), by=team(here), at=AT)
    assert contexts.decide(second, twice, by=team(here), at=AT).same_as == first.public_ref


def test_a_colleague_can_take_over_and_mail_follows_the_owner(here):
    context = make.sent(here)
    contexts.take(context, by=team(here), at=AT)
    contexts.take(context, by=here.coordinator, at=AT + HOUR)
    assert brokered.now(context).owner_id == here.coordinator.user_id
    message = contexts.write(context, "It has been quiet.", by=here.dsl, at=AT + HOUR)
    keys = [key for key in OutboxRow.objects.values_list("key", flat=True) if str(message.ref) in key]
    assert keys == [f"context-message:{message.ref}:{here.coordinator.user_id}"]


# --- mail ---------------------------------------------------------------------------------------------------------------
def test_it_lands_with_the_partnership_team_and_the_coordinators_of_the_locality_and_nobody_else(here):
    citywide = brokered.hat(here.council, Role.COORDINATOR, citywide=True)
    partners = team(here)
    context = make.sent(here)
    told = {
        key.rsplit(":", 1)[1]
        for key in OutboxRow.objects.filter(key__startswith="context-sent:").values_list("key", flat=True)
    }
    assert told == {str(hat.user_id) for hat in (partners, here.coordinator, here.second)}
    assert str(citywide.user_id) not in told
    for row in OutboxRow.objects.filter(key__contains=str(context.ref)):
        text = str(row.payload)
        assert context.public_ref in text
        for secret in ("Year 9", "Fights", "bus stop", "Head of school", here.school.name):
            assert secret not in text


def test_what_lies_nowhere_is_the_partnership_teams(here):
    partners = team(here)
    make.sent(here, place=replace(PLACE, context_type="online_space", ward=""))
    told = OutboxRow.objects.filter(key__startswith="context-sent:").values_list("key", flat=True)
    assert {key.rsplit(":", 1)[1] for key in told} == {str(partners.user_id)}


# --- one child, or a whole school ---------------------------------------------------------------------------------------
def test_e15_a_childs_draft_that_is_about_a_whole_school_begins_anew_with_nothing_in_it(here):
    child = brokered.draft(here)
    secrets = [child.initials, child.school_name, child.wishes, "community_mentoring", "knife_weapon"]
    ref = child.pk
    context = contexts.begin_instead_of_child(child, by=here.dsl, at=AT)
    assert not PlacementRequest.objects.unscoped(**ALL).filter(pk=ref).exists()
    row = brokered.now(context)
    kept = [str(getattr(row, field.attname)) for field in ContextRequest._meta.concrete_fields]
    assert not [secret for secret in secrets if any(secret in value for value in kept)]
    assert row.state == ContextState.DRAFT
    assert contexts.latest_screen(row) is None, "the safety questions of a place are asked anew"
    assert (row.ward_id, row.locality_id, row.harm_types) == (None, None, [])


def test_e15_a_childs_request_that_was_sent_goes_on_as_it_is(here):
    child = brokered.sent(here)
    contexts.begin_instead_of_child(child, by=here.dsl, at=AT)
    assert brokered.now(child).state == RequestState.TRIAGE


@pytest.mark.parametrize("state", [ContextState.DRAFT, ContextState.TRIAGE, ContextState.OWNED])
def test_e15_a_place_that_is_about_one_child_after_all_begins_a_childs_request_with_nothing_in_it(here, state):
    context = make.context_in(state, here)
    child = contexts.begin_child_instead(context, by=here.dsl, at=AT)
    row = brokered.now(child)
    assert row.state == RequestState.DRAFT
    assert requests.latest_screen(row) is None
    assert (row.harm_types, row.ward_id, row.wanted, row.school_name) == ([], None, [], "")
    left = ContextRequest.objects.unscoped(**ALL).filter(pk=context.pk).first()
    assert left is None if state == ContextState.DRAFT else left.state == ContextState.WITHDRAWN


def test_inv_p6_neither_row_nor_trail_joins_the_child_to_the_place(here):
    child = brokered.sent(here)
    context = contexts.begin_instead_of_child(child, by=here.dsl, at=AT)
    for event in AuditEvent.objects.all():
        told = " ".join(str(getattr(event, field.attname)) for field in AuditEvent._meta.concrete_fields)
        assert not (str(child.pk) in told and str(context.pk) in told)
    assert not [
        field.name
        for field in ContextRequest._meta.get_fields()
        if field.is_relation and field.related_model is PlacementRequest
    ]


def test_somebody_elses_request_is_turned_into_nothing(here):
    with pytest.raises(rights.NotYours):
        contexts.begin_instead_of_child(brokered.draft(here), by=here.colleague, at=AT)
    with pytest.raises(rights.NotYours):
        contexts.begin_child_instead(make.draft(here), by=here.colleague, at=AT)


def test_what_is_over_becomes_nothing_else(here):
    with pytest.raises(MoveNotAllowed):
        contexts.begin_child_instead(make.closed(here), by=here.dsl, at=AT)


# --- the end ------------------------------------------------------------------------------------------------------------
def test_drafts_go_after_thirty_days_and_what_was_sent_stays(here):
    old, sent = make.draft(here), make.sent(here)
    assert contexts.delete_old_drafts(AT + 29 * DAY) == 0
    assert contexts.delete_old_drafts(AT + 31 * DAY) == 1
    assert set(ContextRequest.objects.unscoped(**ALL).values_list("pk", flat=True)) == {sent.pk}
    assert AuditEvent.objects.filter(action="context.draft-expired", object_ref=str(old.pk)).exists()


def test_words_lie_sealed_in_the_database(here):
    make.owned(here)
    with connection.cursor() as cursor:
        cursor.execute("SELECT what_is_known, label, accountable_owner FROM brokering_contextrequest")
        row = " ".join(map(str, cursor.fetchone()))
    assert "Fights" not in row
    assert "Year 9" not in row
    assert row.count("s1.") == 3


def test_an_organization_with_a_request_cannot_be_asked_for_it():
    with pytest.raises(Exception, match="Cannot resolve keyword"):
        list(Organization.objects.filter(contextrequest__isnull=False))
