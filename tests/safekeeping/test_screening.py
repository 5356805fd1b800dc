from __future__ import annotations

import dataclasses
import itertools
import json
from datetime import timedelta

import pytest

from safekeeping import screening
from safekeeping.screening import NO, UNKNOWN, YES, Advice, Answers, For, Must, judge

HERE, THERE = "E06000001", "E06000002"
CALM = Answers(
    danger_now=NO, harm=NO, social_worker=NO, home_council=HERE, adult_works_with_children=NO, trafficking=NO
)


def calm(**changed) -> Answers:
    return dataclasses.replace(CALM, **changed)


@pytest.fixture
def verdict_on(at):
    def verdict(kind=For.CHILD, **changed):
        return judge(calm(**changed), council=HERE, at=at, kind=kind)

    return verdict


@pytest.fixture
def reported(at):
    return {"reported_at": at - timedelta(hours=1), "reported_to_role": "duty social worker"}


def test_when_everything_is_calm_the_request_may_be_sent(verdict_on):
    verdict = verdict_on()
    assert verdict.may_submit
    assert (verdict.must, verdict.advice, verdict.show_999, verdict.stopped, verdict.home_council) == (
        (), (), False, False, "",
    )  # fmt: skip
    assert verdict.show_front_door  # INV-S3: always


@pytest.mark.parametrize("kind", sorted(set(For) - {For.RAPID}))
def test_every_question_of_the_kind_has_to_be_answered(kind, at):
    verdict = judge(Answers(), council=HERE, at=at, kind=kind)
    assert not verdict.may_submit
    asked = [question.field for question in screening.questions_for(kind) if question.when is None]
    assert [must.value for must in verdict.must] == asked


@pytest.mark.parametrize("field", ["danger_now", "harm", "social_worker", "adult_works_with_children", "trafficking"])
def test_a_single_missing_answer_is_named(verdict_on, field):
    verdict = verdict_on(**{field: None})
    assert verdict.must == (Must(field),)
    assert not verdict.may_submit


def test_where_the_child_lives_is_asked_of_a_child_and_not_of_a_place(verdict_on):
    assert verdict_on(home_council="").must == (Must.ANSWER_HOME,)
    assert verdict_on(kind=For.CONTEXT, home_council="", social_worker=None).may_submit


# --- danger ----------------------------------------------------------------------------------------------------------


def test_a_child_in_danger_stops_everything(verdict_on):
    verdict = verdict_on(danger_now=YES)
    assert verdict.stopped
    assert verdict.show_999
    assert not verdict.may_submit
    assert verdict.must == (Must.REPORT_WHEN, Must.REPORT_TO_WHOM, Must.BE_SAFE)
    assert verdict.advice == (Advice.CALL_999, Advice.TELL_FRONT_DOOR)


def test_a_report_alone_does_not_make_a_child_safe(verdict_on, reported):
    verdict = verdict_on(danger_now=YES, **reported)
    assert verdict.must == (Must.BE_SAFE,)
    assert verdict.stopped
    assert verdict.show_999


def test_safety_alone_is_not_a_report(verdict_on):
    verdict = verdict_on(danger_now=YES, safe_confirmed=True)
    assert verdict.must == (Must.REPORT_WHEN, Must.REPORT_TO_WHOM)
    assert verdict.stopped


def test_when_it_is_reported_and_the_child_is_safe_the_request_goes_on(verdict_on, reported):
    verdict = verdict_on(danger_now=YES, safe_confirmed=True, **reported)
    assert verdict.may_submit
    assert not verdict.stopped
    assert not verdict.show_999


# --- harm (E23) ------------------------------------------------------------------------------------------------------


def test_harm_that_nobody_reported_stops_the_request(verdict_on):
    verdict = verdict_on(harm=YES)
    assert not verdict.may_submit
    assert verdict.must == (Must.REPORT_WHEN, Must.REPORT_TO_WHOM)
    assert verdict.advice == (Advice.TELL_FRONT_DOOR,)
    assert not verdict.stopped


@pytest.mark.parametrize("to_whom", [{"reported_reference": "FR-123"}, {"reported_to_role": "duty social worker"}])
def test_a_reference_or_a_role_is_enough(verdict_on, at, to_whom):
    assert verdict_on(harm=YES, reported_at=at, **to_whom).may_submit


@pytest.mark.parametrize("to_whom", [{}, {"reported_reference": "  "}, {"reported_to_role": "\n"}])
def test_a_time_without_an_addressee_is_not_a_report(verdict_on, at, to_whom):
    assert verdict_on(harm=YES, reported_at=at, **to_whom).must == (Must.REPORT_TO_WHOM,)


def test_a_report_lies_in_the_past(verdict_on, at):
    verdict = verdict_on(harm=YES, reported_at=at + timedelta(minutes=1), reported_reference="FR-1")
    assert verdict.must == (Must.REPORT_NOT_IN_FUTURE,)
    assert Advice.TELL_FRONT_DOOR in verdict.advice


def test_answers_to_other_questions_are_asked_again(verdict_on):
    assert verdict_on(text_version="2020-01-1").must == (Must.ANSWER_AGAIN,)


# --- a rapid response is never delayed (INV-S2) ----------------------------------------------------------------------


def test_a_rapid_response_goes_out_and_leaves_tasks_behind(verdict_on):
    verdict = verdict_on(kind=For.RAPID, danger_now=YES)
    assert verdict.may_submit
    assert not verdict.stopped
    assert verdict.must == ()
    assert verdict.tasks == (Must.REPORT_WHEN, Must.REPORT_TO_WHOM, Must.BE_SAFE)
    assert verdict.show_999


# --- advice, which stops nothing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "advice"),
    [
        ({"social_worker": YES}, Advice.TELL_SOCIAL_WORKER),
        ({"social_worker": UNKNOWN}, Advice.ASK_FOR_SOCIAL_WORKER),
        ({"adult_works_with_children": YES}, Advice.TELL_DESIGNATED_OFFICER),
        ({"trafficking": YES}, Advice.NATIONAL_REFERRAL),
        ({"trafficking": UNKNOWN}, Advice.NATIONAL_REFERRAL),
        ({"home_council": THERE}, Advice.TELL_HOME_COUNCIL),
    ],
)
def test_advice_is_given_and_stops_nothing(verdict_on, changed, advice):
    verdict = verdict_on(**changed)
    assert verdict.advice == (advice,)
    assert verdict.may_submit


def test_a_child_from_elsewhere_is_told_both_front_doors(verdict_on):  # E10, E45
    verdict = verdict_on(home_council=THERE)
    assert verdict.home_council == THERE
    assert verdict.show_front_door
    _, (words,) = screening.words_for(
        verdict, front_door="Our Door", telephone="0117 496 0000", home_council="Next Council"
    )
    assert "Next Council" in words.title
    assert "Our Door" in words.text
    assert "0117 496 0000" in words.text


def test_a_home_that_nobody_knows_is_nobodys_council(verdict_on):
    assert verdict_on(home_council="unknown").home_council == ""
    assert verdict_on(home_council="unknown").may_submit


# --- INV-S13: grown-ups and children are told different things -------------------------------------------------------


def every_word(verdict) -> str:
    missing, advised = screening.words_for(
        verdict, front_door="The Door", telephone="0117 496 0000", home_council="There"
    )
    return " ".join([*missing, *(f"{words.title} {words.text}" for words in advised)])


def test_a_grown_up_is_never_called_a_child(at):
    worst = {"danger_now": YES, "harm": YES, "social_worker": YES, "trafficking": YES, "home_council": THERE}
    verdict = judge(calm(**worst, adult=True), council=HERE, at=at)
    assert not verdict.show_front_door
    told = every_word(verdict) + " ".join(screening.duty(front_door="The Door", telephone="1", adult=True).text)
    assert "child" not in told.casefold()
    assert "The Door" not in told
    assert "adult social care" in told
    asked = [one.wording(adult=True) for one in screening.questions_for(For.CHILD) if one.adult]
    assert not [text for text in asked if "child" in text]


def test_a_child_is_never_told_of_adult_social_care(at):
    worst = {"danger_now": YES, "harm": YES, "social_worker": UNKNOWN, "trafficking": YES, "home_council": THERE}
    verdict = judge(calm(**worst, adult_works_with_children=YES), council=HERE, at=at)
    assert "adult social care" not in every_word(verdict).casefold()


def test_a_grown_up_agrees_to_a_national_referral_and_a_child_need_not(at):
    child, adult = (judge(calm(trafficking=YES, adult=adult), council=HERE, at=at) for adult in (False, True))
    assert "agreement is not needed" in every_word(child)
    assert "who agrees to it" in every_word(adult)


def test_a_parent_is_asked_about_their_own_child():
    first = screening.questions_for(For.PARENT)[0]
    assert first.wording(kind=For.PARENT) == "Is your child in danger right now?"
    assert first.wording() == "Is a child in danger right now?"


# --- everything has words, nothing names a city ----------------------------------------------------------------------


def test_every_duty_and_every_advice_has_words(at):
    assert set(screening.MUST_WORDS) == set(screening.MUST_WORDS_ADULT) == set(Must)
    assert set(screening.ADVICE_WORDS) == set(screening.ADVICE_WORDS_ADULT) == set(Advice)
    for adult, danger, harm, kind in itertools.product((False, True), (YES, NO, None), (YES, NO, None), For):
        verdict = judge(calm(adult=adult, danger_now=danger, harm=harm), council=HERE, at=at, kind=kind)
        assert "{" not in every_word(verdict)
        assert verdict.may_submit == (not verdict.must)


def test_there_are_seven_questions_in_their_order():
    assert [question.field for question in screening.QUESTIONS] == [
        "danger_now", "harm", "report", "social_worker", "home_council", "adult_works_with_children", "trafficking",
    ]  # fmt: skip


def test_no_answer_makes_danger_or_unreported_harm_sendable(at, reported):
    """Whatever else is answered: danger without safety, or concern without a report, is never sent."""
    others = itertools.product(
        (YES, NO, UNKNOWN, None), (YES, NO, None), (HERE, THERE, ""), (True, False), (True, False)
    )
    for (social, adult_works, home, adult, safe), danger, harm, told in itertools.product(
        others, (YES, NO), (YES, NO), ({}, reported)
    ):
        answers = calm(
            danger_now=danger, harm=harm, social_worker=social, adult_works_with_children=adult_works, home_council=home,
            adult=adult, safe_confirmed=safe, **told,
        )  # fmt: skip
        verdict = judge(answers, council=HERE, at=at)
        if (danger is YES and not (safe and told)) or (harm is YES and not told):
            assert not verdict.may_submit


def test_answers_survive_being_stored(at, reported):
    answers = calm(danger_now=YES, safe_confirmed=True, adult=True, home_council=THERE, **reported)
    assert Answers.from_json(json.loads(json.dumps(answers.as_json()))) == answers
    assert Answers.from_json(json.loads(json.dumps(Answers().as_json()))) == Answers()
    with pytest.raises(ValueError, match="perhaps"):
        Answers.from_json({"danger_now": "perhaps"})
