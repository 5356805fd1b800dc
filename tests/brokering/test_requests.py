"""Asking for support: nothing is sent unsafe, unanswered or twice; what could point to a child is kept sealed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from brokering import offers, requests, rights, shortlists
from brokering.answers import Agreement, Avoid, Help, Preferences, RoughHome, Wishes
from brokering.lifecycle import MoveNotAllowed
from brokering.models import (
    ConsentRecord,
    MatchRun,
    NoPostcode,
    PlacementRequest,
    RequestState,
    Rescreen,
    StatutoryScreen,
)
from brokering.requests import AnswerRefused, Incomplete, SafetyFirst
from directory import capacity
from directory.models import Role, Ward
from safekeeping.models import AuditEvent
from safekeeping.screening import TEXT_VERSION, YES
from tests.factories import brokering as make
from tests.factories.brokering import AGREEMENT, AT, CHILD, DAY, HELP, HOUR, IN_DANGER, SAFE, WISHES

pytestmark = pytest.mark.django_db


def gaps(told):
    return {(one.section, one.field) for one in told.value.missing}


# --- safety first ---
def test_inv_s1_nothing_is_sent_before_the_safety_questions_are_answered(here):
    request = requests.begin(by=here.dsl, at=AT)
    with pytest.raises(Incomplete) as told:
        requests.submit(request, by=here.dsl, at=AT)
    assert told.value.missing[0].section == "screen"


def test_inv_s1_answers_of_another_session_do_not_count(here):
    request = make.draft(here)
    requests.answer_screen(request, SAFE, session="yesterday", by=here.dsl, at=AT)
    with pytest.raises(Incomplete) as told:
        requests.submit(request, session="today", by=here.dsl, at=AT)
    assert gaps(told) == {("screen", "danger_now")}
    requests.answer_screen(request, SAFE, session="today", by=here.dsl, at=AT + HOUR)
    assert requests.submit(request, session="today", by=here.dsl, at=AT + HOUR)


def test_inv_s1_answers_to_an_older_text_do_not_count(here):
    request = make.draft(here)
    StatutoryScreen.objects.unscoped(reason="a test ages the questions").update(text_version="2020-1")
    with pytest.raises(Incomplete) as told:
        requests.submit(request, by=here.dsl, at=AT)
    assert gaps(told) == {("screen", "danger_now")}
    assert TEXT_VERSION != "2020-1"


def test_inv_s2_danger_locks_the_form_and_keeps_it(here):
    request = make.draft(here)
    screened = requests.answer_screen(request, IN_DANGER, by=here.dsl, at=AT)
    assert screened.verdict.show_999
    assert make.now(request).state == RequestState.SCREEN_BLOCKED
    for deed in (
        lambda: requests.tell_wishes(request, WISHES, by=here.dsl, at=AT),
        lambda: requests.submit(request, by=here.dsl, at=AT),
        lambda: requests.tell_agreement(request, AGREEMENT, by=here.dsl, at=AT),
    ):
        with pytest.raises(SafetyFirst):
            deed()
    assert make.now(request).wishes == WISHES.wishes


def test_inv_s2_time_reference_and_safety_open_the_form_again(here):
    request = make.request_in(RequestState.SCREEN_BLOCKED, here)
    told = replace(IN_DANGER, reported_at=AT, reported_reference="FR-17", safe_confirmed=True)
    requests.answer_screen(request, told, by=here.dsl, at=AT + HOUR)
    assert make.now(request).state == RequestState.DRAFT
    requests.submit(request, by=here.dsl, at=AT + HOUR)


def test_e23_harm_that_nobody_reported_cannot_be_sent_and_the_draft_is_kept(here):
    request = make.draft(here)
    requests.answer_screen(request, replace(SAFE, harm=YES), by=here.dsl, at=AT)
    with pytest.raises(SafetyFirst):
        requests.submit(request, by=here.dsl, at=AT)
    assert make.now(request).initials == "KO"
    requests.answer_screen(
        request, replace(SAFE, harm=YES, reported_at=AT, reported_to_role="Duty worker"), by=here.dsl, at=AT + HOUR
    )
    assert requests.submit(request, by=here.dsl, at=AT + HOUR)


def test_a_report_in_the_future_does_not_open_the_form(here):
    request = make.draft(here)
    told = replace(SAFE, harm=YES, reported_at=AT + DAY, reported_reference="FR-17")
    requests.answer_screen(request, told, by=here.dsl, at=AT)
    assert make.now(request).state == RequestState.SCREEN_BLOCKED


def test_inv_s13_an_adult_answers_as_an_adult_and_a_child_as_a_child(here):
    grown = replace(CHILD, date_of_birth=date(2008, 1, 1))
    request = make.draft(here, child=grown)
    with pytest.raises(Incomplete) as told:
        requests.submit(request, by=here.dsl, at=AT)
    assert gaps(told) == {("screen", "adult"), ("agreement", "participation")}
    requests.answer_screen(request, replace(SAFE, adult=True), by=here.dsl, at=AT + HOUR)
    requests.tell_agreement(request, replace(AGREEMENT, participation="adult_18plus_agreed"), by=here.dsl, at=AT + HOUR)
    assert requests.submit(request, by=here.dsl, at=AT + HOUR)


def test_inv_s13_a_child_cannot_agree_as_an_adult(here):
    request = make.draft(here, agreement=replace(AGREEMENT, participation="adult_18plus_agreed"))
    with pytest.raises(Incomplete) as told:
        requests.submit(request, by=here.dsl, at=AT)
    assert gaps(told) == {("agreement", "participation")}


# --- what is kept ---
def test_of_a_postcode_only_sector_ward_and_council_are_kept(here):
    request = make.now(make.draft(here))
    assert request.postcode_sector == "BS5 0"
    assert request.ward_id == "E05010907"
    assert request.locality_id == "east_central"
    assert not [name for name, value in vars(request).items() if isinstance(value, str) and "0AA" in value]


@pytest.mark.parametrize(
    ("area", "ward", "locality", "council"),
    [
        ("locality:east_central", None, "east_central", "E06000023"),
        ("city", None, None, "E06000023"),
        ("council:E06000025", None, None, "E06000025"),
    ],
)
def test_a_child_without_a_postcode_is_asked_for_by_part_of_the_city(here, area, ward, locality, council):
    request = make.draft(here, postcode="")
    assert [one.field for one in requests.missing(request, at=AT)] == ["danger_now", "postcode"]
    home = RoughHome(because=NoPostcode.NO_FIXED_ADDRESS, area=area)
    requests.answer_screen(request, make.SAFE, rough=home, by=here.dsl, at=AT + HOUR)
    row = make.now(request)
    assert (row.ward_id, row.locality_id, row.home_council) == (ward, locality, council)
    assert (row.postcode_sector, row.sector_index) == ("", "")
    assert requests.submit(row, by=here.dsl, at=AT + HOUR)


def test_a_ward_said_instead_of_a_postcode_is_in_its_locality_and_a_postcode_takes_its_place(here):
    request = make.draft(here, postcode="")
    ward = Ward.objects.get(name="Easton")
    home = RoughHome(because=NoPostcode.NOT_TO_BE_RECORDED, area=f"ward:{ward.pk}")
    requests.answer_screen(request, make.SAFE, rough=home, by=here.dsl, at=AT + HOUR)
    assert make.now(request).locality_id == ward.locality_id == "east_central"
    requests.answer_screen(request, make.SAFE, postcode=make.POSTCODE, by=here.dsl, at=AT + 2 * HOUR)
    row = make.now(request)
    assert (row.no_postcode_because, row.postcode_sector) == ("", "BS5 0")


@pytest.mark.parametrize(
    ("home", "field"),
    [
        (RoughHome(because="lost", area="city"), "no_postcode_because"),
        (RoughHome(because=NoPostcode.MOVING, area="ward:W99"), "area"),
        (RoughHome(because=NoPostcode.MOVING), "area"),
    ],
)
def test_no_postcode_needs_a_reason_and_a_place_that_we_know(here, home, field):
    request = make.draft(here)
    with pytest.raises(AnswerRefused) as refused:
        requests.answer_screen(request, make.SAFE, rough=home, by=here.dsl, at=AT)
    assert list(refused.value.errors) == [field]
    assert make.now(request).postcode_sector == "BS5 0"


def test_nothing_typed_about_a_child_lies_open_in_the_database(here):
    """Every sealed value is a token in its column, whatever the model."""
    request = make.draft(
        here,
        help=replace(HELP, safe_contact="CANARY-SAFE", tried_already="CANARY-TRIED", goals=("CANARY-GOAL",)),
        wishes=replace(WISHES, wishes="CANARY-WISH"),
        child=replace(CHILD, school_name="CANARY-SCHOOL", case_reference="CANARY-CASE", initials="CNR"),
    )
    requests.submit(request, by=here.dsl, at=AT)
    with connection.cursor() as cursor:
        for table in [name for name in connection.introspection.table_names() if name.startswith("brokering_")]:
            cursor.execute(f"SELECT * FROM {table}")
            text = repr(cursor.fetchall())
            assert "CANARY" not in text, table
            assert "2012-09-03" not in text, table
    assert make.now(request).wishes == "CANARY-WISH"


def test_the_public_reference_says_year_month_and_nothing_else(here):
    request = make.sent(here)
    assert re.fullmatch(r"SC-2611-[0-9A-HJKMNP-TV-Z]{4}", request.public_ref)
    assert make.sent(here).public_ref != request.public_ref


def test_sending_goes_to_triage_and_sets_by_when_it_is_read(here):
    request = make.now(make.sent(here))
    assert request.state == RequestState.TRIAGE
    assert request.due_at == AT + 4 * HOUR  # a critical moment: four working hours
    calm = make.now(make.sent(here, child=replace(CHILD, critical_moment="none")))
    assert calm.due_at == AT + DAY


def test_a_request_is_sent_once(here):
    request = make.sent(here)
    with pytest.raises(MoveNotAllowed):
        requests.submit(request, by=here.dsl, at=AT)


@pytest.mark.parametrize(
    ("section", "told", "field"),
    [
        ("child", replace(CHILD, initials="Kofi Mensah"), "initials"),
        ("child", replace(CHILD, date_of_birth=date(2027, 1, 1)), "date_of_birth"),
        ("child", replace(CHILD, date_of_birth=date(1980, 1, 1)), "date_of_birth"),
        ("child", replace(CHILD, harm_types=("none_such",)), "harm_types"),
        ("child", replace(CHILD, primary_harm="cse"), "primary_harm"),
        ("child", replace(CHILD, risk_on=date(2027, 1, 1)), "risk_on"),
        ("child", replace(CHILD, sex="M"), "sex"),
        ("wishes", Wishes(wishes="word " * 151), "wishes"),
        ("wishes", Wishes(wishes="x", preferences=Preferences(worker="robot")), "worker"),
        ("help", Help(goals=("a", "b", "c", "d")), "goals"),
        ("help", Help(avoid=(Avoid(ward="E05099999", because="threat"),)), "avoid"),
        ("help", Help(avoid=(Avoid(ward="E05010907", because="a boy called Jay"),)), "avoid"),
        ("help", Help(wanted=("magic",)), "wanted"),
        ("agreement", replace(AGREEMENT, lawful_basis="because"), "lawful_basis"),
        ("agreement", replace(AGREEMENT, participation_on=date(2027, 1, 1)), "participation_on"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_of_it_is_kept(here, section, told, field):
    request = make.draft(here)
    before = vars(make.now(request))
    with pytest.raises(AnswerRefused) as refused:
        getattr(requests, f"tell_{section}")(request, told, by=here.dsl, at=AT + HOUR)
    assert field in refused.value.errors
    after = vars(make.now(request))
    assert {name for name in before if name != "_state" and before[name] != after[name]} == set()


def test_inv_p11_nothing_is_agreed_to_by_itself(here):
    request = requests.begin(by=here.dsl, at=AT)
    assert (request.lawful_basis, request.participation, request.information_notice) == ("", "", "")
    assert request.sibling_of_known_child is None


def test_inv_e3_wishes_or_a_reason_are_needed(here):
    request = make.draft(here, wishes=Wishes())
    with pytest.raises(Incomplete) as told:
        requests.submit(request, by=here.dsl, at=AT)
    assert gaps(told) == {("wishes", "wishes")}
    requests.tell_wishes(request, Wishes(not_asked_because="He is missing"), by=here.dsl, at=AT)
    assert requests.submit(request, by=here.dsl, at=AT)


def test_inv_e3_nothing_is_matched_while_the_childs_wishes_are_empty(here):
    request = make.accepted(here)
    request.wishes = request.wishes_not_asked_because = ""
    request.save(update_fields=["wishes", "wishes_not_asked_because"])
    before = MatchRun.objects.unscoped(reason="a test counts").count()
    with pytest.raises(shortlists.WishesMissing):
        shortlists.run(request, by=here.coordinator, at=AT)
    with pytest.raises(shortlists.WishesMissing):
        offers.make(request, here.mentoring.pk, because="Suits", by=here.coordinator, at=AT)
    assert MatchRun.objects.unscoped(reason="a test counts").count() == before


def test_inv_p11_agreeing_to_take_part_gives_no_basis_for_sharing_and_the_other_way_round(here):
    agreed = make.draft(here, agreement=Agreement(participation="both_agreed", participation_on=AT.date()))
    assert {"lawful_basis", "notice"} <= {one.field for one in requests.missing(agreed, at=AT)}
    based = make.draft(here, agreement=Agreement(lawful_basis="public_task", notice="family_told"))
    assert "participation" in {one.field for one in requests.missing(based, at=AT)}
    assert not ConsentRecord.objects.unscoped(reason="a test looks").filter(request=based).exists()


def test_inv_s2_danger_on_an_open_request_keeps_it_and_offers_nothing_until_it_is_reported(here):
    request = make.accepted(here)
    requests.tell_change(request, Rescreen.IN_DANGER, by=here.dsl, at=AT + HOUR)
    assert requests.answer_screen(request, IN_DANGER, by=here.dsl, at=AT + HOUR).verdict.stopped
    assert make.now(request).state == RequestState.MATCHING, "its place in the queue stays"
    with pytest.raises(offers.NotAllocatable):
        offers.make(make.now(request), here.mentoring.pk, because="Suits", by=here.coordinator, at=AT + HOUR)
    told = replace(IN_DANGER, reported_at=AT + HOUR, reported_reference="FR 12", safe_confirmed=True)
    requests.answer_screen(request, told, by=here.dsl, at=AT + 2 * HOUR)
    assert offers.make(make.now(request), here.mentoring.pk, because="Suits", by=here.coordinator, at=AT + 2 * HOUR)


def test_not_asking_for_safety_needs_a_reason_and_a_manager(here):
    unsafe = replace(AGREEMENT, participation="not_sought_safety_reason", notice="not_told_safety_reason")
    request = make.draft(here, agreement=unsafe)
    with pytest.raises(Incomplete) as told:
        requests.submit(request, by=here.dsl, at=AT)
    assert gaps(told) == {
        ("agreement", "notice_not_given_because"),
        ("agreement", "participation_because"),
        ("agreement", "participation_manager_role"),
    }


# --- whose it is ---
@pytest.mark.parametrize("who", ["colleague", "coordinator", "manager"])
def test_a_draft_is_its_writers_alone(here, who):
    request = make.draft(here)
    with pytest.raises(rights.NotYours):
        requests.tell_wishes(request, WISHES, by=getattr(here, who), at=AT)
    with pytest.raises(rights.NotYours):
        requests.submit(request, by=getattr(here, who), at=AT)


@pytest.mark.parametrize("role", [Role.PROVIDER_ADMIN, Role.COORDINATOR, Role.PARTNERSHIP_TEAM, Role.SYSADMIN])
def test_only_those_who_ask_begin_a_request(here, role):
    with pytest.raises(rights.NotYours):
        requests.begin(by=make.hat(here.council, role), at=AT)


# --- later ---
def test_inv_s16_a_change_asks_the_safety_questions_again_before_anything_more_is_offered(here):
    from brokering import offers, triage

    request = make.sent(here)
    requests.tell_change(request, Rescreen.WEAPON_INJURY, by=here.dsl, at=AT + HOUR)
    with pytest.raises(triage.SafetyQuestionsDue):
        triage.accept(request, rationale="Suits a mentor", by=here.coordinator, at=AT + HOUR)
    requests.answer_screen(request, SAFE, by=here.dsl, at=AT + 2 * HOUR)
    triage.accept(request, rationale="Suits a mentor", by=here.coordinator, at=AT + 3 * HOUR)
    requests.tell_change(request, Rescreen.MISSING, by=here.dsl, at=AT + 4 * HOUR)
    with pytest.raises(offers.SafetyQuestionsDue):
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT + 4 * HOUR)


def test_a_risk_that_has_gone_up_asks_the_safety_questions_again(here):
    request = make.sent(here, child=replace(CHILD, risk_level="medium"))
    requests.tell_child(request, replace(CHILD, risk_level="high"), by=here.dsl, at=AT + HOUR)
    assert make.now(request).rescreen_because == Rescreen.RISK_RAISED


def test_what_was_sent_cannot_be_made_incomplete(here):
    request = make.sent(here)
    with pytest.raises(Incomplete):
        requests.tell_wishes(request, Wishes(), by=here.dsl, at=AT)
    assert make.now(request).wishes == WISHES.wishes


def test_an_answer_sends_the_request_back_to_the_coordinator(here):
    request = make.request_in(RequestState.NEEDS_INFORMATION, here)
    requests.answer_question(request, "He likes football", by=here.colleague, at=AT + HOUR)
    assert make.now(request).state == RequestState.TRIAGE


@pytest.mark.parametrize(
    "state",
    [
        RequestState.TRIAGE, RequestState.NEEDS_INFORMATION, RequestState.PAUSED_STATUTORY, RequestState.MATCHING,
        RequestState.OFFERED, RequestState.ALLOCATED, RequestState.IN_SUPPORT, RequestState.CLOSING,
    ],
)  # fmt: skip
def test_whatever_is_open_can_be_withdrawn_and_lets_go_of_every_place(here, state):
    request = make.request_in(state, here)
    requests.withdraw(request, "no_longer_wanted", by=here.dsl, at=AT + 100 * DAY)
    assert make.now(request).state == RequestState.WITHDRAWN
    here.pool.refresh_from_db()
    assert (here.pool.held, here.pool.occupied) == (0, 0)
    assert list(capacity.differences()) == []


def test_a_request_that_is_over_is_not_withdrawn_again(here):
    request = make.request_in(RequestState.REJECTED_REDIRECTED, here)
    with pytest.raises(MoveNotAllowed):
        requests.withdraw(request, "in_error", by=here.dsl, at=AT)


def test_a_draft_is_deleted_with_everything_in_it(here):
    request = make.draft(here)
    requests.discard(request, by=here.dsl, at=AT)
    assert not PlacementRequest.objects.unscoped(reason="a test counts requests").exists()
    assert not StatutoryScreen.objects.unscoped(reason="a test counts screens").exists()


def test_what_was_sent_is_never_deleted_by_its_writer(here):
    with pytest.raises(MoveNotAllowed):
        requests.discard(make.sent(here), by=here.dsl, at=AT)


def test_drafts_are_deleted_after_thirty_days_and_nothing_else(here):
    later = AT + timedelta(days=60)
    sent, old = make.sent(here), make.draft(here)
    kept = requests.begin(by=here.dsl, at=later - timedelta(days=29))
    assert requests.delete_old_drafts(later) == 1
    left = set(PlacementRequest.objects.unscoped(reason="a test counts requests").values_list("pk", flat=True))
    assert left == {kept.pk, sent.pk}
    assert old.pk not in left


def test_every_deed_is_on_record_by_name_of_field_and_never_by_value(here):
    make.sent(here)
    events = list(AuditEvent.objects.order_by("seq").values_list("action", "fields", "reason"))
    assert [action for action, _, _ in events] == [
        "request.begin", "request.screen", "request.answer", "request.answer", "request.answer", "request.answer",
        "request.submit",
    ]  # fmt: skip
    assert "KO" not in repr(events)
    assert any(TEXT_VERSION in reason for _, _, reason in events)


def test_inv_p1_no_field_exists_that_must_not(here):
    from django.apps import apps

    forbidden = re.compile(r"nhs|offence|suspect|perpetrator|risk_score|upload|assessment_file|address|full_name")
    found = [
        f"{model.__name__}.{one.name}"
        for model in apps.get_app_config("brokering").get_models()
        for one in model._meta.get_fields()
        if forbidden.search(one.name)
    ]
    assert found == []


def test_closing_needs_that_support_has_ended_and_somebody_decides(here):
    request = make.request_in(RequestState.IN_SUPPORT, here)
    with pytest.raises(MoveNotAllowed):
        requests.close(request, "support_complete", by=here.coordinator, at=AT)
    with pytest.raises(rights.NotYours):
        requests.close(request, "support_complete", by=here.dsl, at=AT)


def test_inv_c6_looking_again_does_not_set_the_waiting_clock_back(here):
    request = make.request_in(RequestState.CLOSING, here)
    waiting = request.waiting_since_at
    requests.look_again(request, by=here.coordinator, at=AT + 95 * DAY)
    assert make.now(request).state == RequestState.MATCHING
    assert make.now(request).waiting_since_at == waiting == AT
