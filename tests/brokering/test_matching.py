"""Matching is arithmetic: every reason in and out, an order that anybody can follow, and nobody's origin in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokering.matching import (
    DEFAULT_ORDER,
    OTHERS_WORDS,
    Candidate,
    Factor,
    Kind,
    Need,
    Rule,
    Serves,
    Venue,
    judge,
    others,
    rank,
)
from directory.availability import UNKNOWN, Availability, State
from directory.eligibility import Ages
from directory.geo import Point

ROOM = Availability(State.AVAILABLE, "3 places free", "Checked today", None, free=3)
HERE = Point(51.459, -2.567)
MENTORING = {"community_mentoring": "Mentoring"}
NEED = Need(
    age=14,
    sex="male",
    starts_on=date(2026, 11, 16),
    route="school_college",
    locality="east_central",
    ward="W1",
    near=HERE,
    risk="high",
    primary_harm="knife_weapon",
    harms={"knife_weapon": "Knives or weapons"},
    wanted=MENTORING,
)
FITTING = Candidate(
    service_id=UUID(int=1),
    name="Umoja Path",
    organization_id=UUID(int=2),
    service_type="community_mentoring",
    service_type_words="Mentoring",
    ages=Ages(10, 17),
    serves=(Serves("citywide"),),
    availability=ROOM,
)
GIRLS, BOYS = {"girls_only": "Girls only"}, {"boys_only": "Boys only"}


def with_room(state, words=""):
    return replace(FITTING, availability=replace(ROOM, state=state, words=words))


def codes(verdict):
    return [reason.code for reason in verdict.obstacles]


def test_what_fits_says_why():
    told = judge(NEED, replace(FITTING, harms={"knife_weapon": "Knives or weapons"}, travels=True))
    assert told.fits
    assert {reason.code for reason in told.reasons if reason.kind is Kind.FITS} == {"wanted", "travel", "harm"}


@pytest.mark.parametrize(
    ("obstacle", "need", "one"),
    [
        ("subject", NEED, replace(FITTING, subject="parent")),
        ("closed", NEED, replace(FITTING, closed_because="No agreement")),
        ("panel", NEED, replace(FITTING, request_mode="panel_only")),
        ("information", NEED, replace(FITTING, request_mode="information_only")),
        ("drop_in", NEED, replace(FITTING, request_mode="open_access")),
        ("drop_in", NEED, with_room(State.OPEN_ACCESS)),
        ("route", NEED, replace(FITTING, routes={"police_custody": "Police custody"})),
        ("area", NEED, replace(FITTING, serves=(Serves("locality", "north", "North"),))),
        ("area", replace(NEED, in_city=False), FITTING),
        ("age", replace(NEED, age=9), FITTING),
        ("age", replace(NEED, age=22), replace(FITTING, ages=Ages(16, 21))),
        ("composition", NEED, replace(FITTING, compositions=GIRLS)),
        ("composition", NEED, replace(FITTING, compositions={"parents_carers": "Parents"})),
        ("composition", NEED, replace(FITTING, compositions={"siblings_family": "Brothers and sisters"})),
        ("only_when_asked", NEED, replace(FITTING, compositions={"lgbtq_plus": "LGBTQ+"})),
        ("already", replace(NEED, already=frozenset({UUID(int=1)})), FITTING),
        ("travel_safety", replace(NEED, avoid={"W9": "Hill"}), replace(FITTING, venues=(Venue("W9"),))),
        (
            "co_attendance",
            replace(NEED, checks={UUID(int=1): "conflict_found"}),
            replace(FITTING, checks_co_attendance=True),
        ),
        ("full", NEED, with_room(State.FULL_WAITLIST_OPEN, "Full")),
        ("unconfirmed", NEED, replace(FITTING, availability=UNKNOWN)),
        ("paused", NEED, with_room(State.PAUSED, "Paused")),
        ("not_yet_open", NEED, with_room(State.NOT_YET_OPEN, "Starts soon")),
        ("ended", NEED, with_room(State.ENDED, "Ended")),
    ],
)
def test_each_hard_rule_puts_out_and_says_so(obstacle, need, one):
    told = judge(need, one)
    assert not told.fits
    assert codes(told) == [obstacle]
    assert told.reasons[0].text
    assert obstacle in OTHERS_WORDS


# --- rules of a service ---
def risky(*, minimum="medium", maximum="high"):
    return Rule("risk_range", "Medium or high risk", value={"minimum": minimum, "maximum": maximum})


SIBLING = Rule("sibling_of_eligible", "Or a brother or sister", value={})


def test_e1_a_sibling_comes_in_where_the_risk_alone_would_not():
    one = replace(FITTING, rules=(risky(), SIBLING))
    unassessed = replace(NEED, risk="not_assessed")
    assert codes(judge(unassessed, one)) == ["risk"]
    assert judge(replace(unassessed, sibling=True), one).fits


def test_e33_a_sibling_of_nine_is_below_the_age_and_near():
    told = judge(replace(NEED, age=9, sibling=True), FITTING)
    assert (told.fits, told.nearly, codes(told)) == (False, True, ["age"])


def test_groups_of_rules_must_all_hold():
    one = replace(
        FITTING, rules=(risky(), Rule("route", "Through police", group=2, value={"codes": ["police_custody"]}))
    )
    assert codes(judge(NEED, one)) == ["route"]


def test_a_soft_rule_cautions_and_does_not_put_out():
    told = judge(NEED, replace(FITTING, rules=(replace(risky(minimum="critical", maximum="critical"), hard=False),)))
    assert told.fits
    assert "risk" in {reason.code for reason in told.reasons if reason.kind is Kind.PARTLY}


@pytest.mark.parametrize(
    ("risk", "holds"), [("emerging", False), ("medium", True), ("high", True), ("critical", False)]
)
def test_the_range_of_risk_includes_both_ends(risk, holds):
    assert judge(replace(NEED, risk=risk), replace(FITTING, rules=(risky(),))).fits is holds


def test_what_only_a_person_can_say_is_asked_and_puts_nobody_out():
    told = judge(NEED, replace(FITTING, rules=(Rule("host_school", "At a host school", value={}),)))
    assert told.fits
    assert any("Ask them first" in reason.text for reason in told.reasons)


# --- composition ---
@pytest.mark.parametrize("sex", ["unclear", "not_asked", ""])
def test_e3_a_sex_that_is_not_clear_goes_to_a_person_and_puts_nobody_out(sex):
    told = judge(replace(NEED, sex=sex), replace(FITTING, compositions=GIRLS))
    assert told.fits
    assert any(reason.code == "composition" and reason.kind is Kind.PARTLY for reason in told.reasons)


def test_opt_in_groups_are_offered_when_asked_for_and_only_then():
    one = replace(FITTING, compositions={"lgbtq_plus": "LGBTQ+ young people"})
    assert judge(replace(NEED, compositions={"lgbtq_plus": "LGBTQ+ young people"}), one).fits


@given(
    before=st.sampled_from(["female", "male", "unclear", "not_asked", ""]),
    after=st.sampled_from(["female", "male", "unclear", "not_asked", ""]),
    age=st.integers(5, 25),
    risk=st.sampled_from(["not_assessed", "emerging", "medium", "high", "critical"]),
    compositions=st.sampled_from(
        [{}, {"mixed": "Any gender"}, {"siblings_family": "Siblings"}, {"mixed": "Any", **GIRLS}]
    ),
    rules=st.sampled_from([(), (risky(),), (risky(), SIBLING)]),
    venues=st.sampled_from([(), (Venue("W1", HERE, "Hall"),), (Venue("W9", HERE),)]),
)
def test_inv_e1_sex_changes_nothing_outside_a_declared_composition(
    before, after, age, risk, compositions, rules, venues
):
    one = replace(FITTING, compositions=compositions, rules=rules, venues=venues)
    need = replace(NEED, age=age, risk=risk, avoid={"W9": "Hill"})
    assert judge(replace(need, sex=before), one) == judge(replace(need, sex=after), one)


def test_inv_e1_what_a_child_is_beyond_age_and_sex_is_not_even_known_here():
    known = set(Need.__slots__)
    assert known.isdisjoint({"ethnicity", "religion", "disability", "orientation", "gender", "immigration"})


# --- the way there ---
def test_inv_s10_one_safe_place_of_two_is_a_caution():
    told = judge(replace(NEED, avoid={"W9": "Hill"}), replace(FITTING, venues=(Venue("W9"), Venue("W1"))))
    assert told.fits
    assert any("Hill" in reason.text for reason in told.reasons)


def test_a_service_that_comes_to_the_child_is_safe_wherever_it_has_its_base():
    assert judge(replace(NEED, avoid={"W9": "Hill"}), replace(FITTING, venues=(Venue("W9"),), travels=True)).fits


def test_inv_d5_nothing_is_at_distance_zero_because_it_is_for_the_whole_city():
    near = replace(FITTING, name="Near", venues=(Venue("W1", HERE, "Hall"),), service_id=UUID(int=5))
    assert [one.candidate.name for one in rank([judge(NEED, FITTING), judge(NEED, near)])] == ["Near", "Umoja Path"]


def test_an_address_that_is_not_shown_is_told_in_half_miles():
    told = judge(
        NEED, replace(FITTING, venues=(Venue("W2", Point(51.47, -2.58), "In BS5. Address not shown", exact=False),))
    )
    assert any(
        "about" in reason.text or "less than" in reason.text for reason in told.reasons if reason.code == "travel"
    )


# --- a child without a postcode ---
ROUGHLY = replace(NEED, ward="", near=None)


def said_of(told, code):
    return [(str(reason.kind), reason.text) for reason in told.reasons if reason.code == code]


def test_without_a_postcode_no_distance_is_guessed_and_the_same_part_of_the_city_comes_first():
    near = replace(FITTING, name="Near", venues=(Venue("W2", HERE, "Hall", locality=NEED.locality),))
    far = replace(FITTING, name="Far", venues=(Venue("W8", HERE, "Hall", locality="north"),))
    told = rank([judge(ROUGHLY, far), judge(ROUGHLY, near)])
    assert [one.candidate.name for one in told] == ["Near", "Far"]
    assert said_of(told[0], "travel") == [("fits", "In the same part of the city. How far is not known")]
    assert said_of(told[1], "travel") == [("partly", "How far it is for them is not known")]
    assert not any("mile" in reason.text for one in told for reason in one.reasons)


def test_without_a_postcode_an_address_that_is_not_shown_is_not_placed_in_a_part_of_the_city():
    hidden = judge(ROUGHLY, replace(FITTING, venues=(Venue("W2", None, locality=NEED.locality),)))
    assert said_of(hidden, "travel") == []
    rough = judge(ROUGHLY, replace(FITTING, venues=(Venue("W2", HERE, "In BS5", exact=False, locality=NEED.locality),)))
    assert said_of(rough, "travel") == [("partly", "How far it is for them is not known")]


def test_a_service_for_a_ward_is_asked_about_where_only_the_part_of_the_city_is_known():
    inside = replace(FITTING, serves=(Serves("ward", "W2", "Easton", within=NEED.locality),))
    told = judge(ROUGHLY, inside)
    assert told.fits and said_of(told, "area") == [("partly", "Serves Easton. Ask whether they stay there")]
    assert not judge(NEED, inside).fits, "whose ward is known lives in another"
    elsewhere = replace(FITTING, serves=(Serves("ward", "W8", "Hill", within="north"),))
    assert not judge(ROUGHLY, elsewhere).fits


def test_where_only_the_city_is_known_no_part_of_it_is_ruled_out():
    somewhere = replace(ROUGHLY, locality="")
    local = replace(FITTING, serves=(Serves("locality", "north", "North"),))
    assert judge(somewhere, local).fits
    assert not judge(replace(somewhere, in_city=False), local).fits


# --- the order ---
def test_wishes_come_before_everything_else():
    asked = replace(FITTING, name="Zebra mentors")
    near = replace(FITTING, name="A club", service_type="sport_based", service_type_words="Sport", travels=True,
                   service_id=UUID(int=9), harms={"knife_weapon": "Knives"})  # fmt: skip
    assert [one.candidate.name for one in rank([judge(NEED, near), judge(NEED, asked)])] == ["Zebra mentors", "A club"]


def test_the_order_can_be_changed_and_says_so():
    asked, near = (
        FITTING,
        replace(FITTING, name="Near", service_type="sport_based", travels=True, service_id=UUID(int=9)),
    )
    verdicts = [judge(NEED, asked), judge(NEED, near)]
    by_travel = (Factor.TRAVEL, *[one for one in DEFAULT_ORDER if one is not Factor.TRAVEL])
    assert rank(verdicts, order=by_travel)[0].candidate.name == "Near"


@given(st.permutations(range(6)))
def test_the_order_is_the_same_however_the_candidates_come(order):
    some = [replace(FITTING, service_id=UUID(int=n), name=f"S{n % 3}", travels=n % 2 == 0) for n in range(6)]
    verdicts = [judge(NEED, some[n]) for n in order]
    wanted = [one.candidate.service_id for one in rank([judge(NEED, one) for one in some])]
    assert [one.candidate.service_id for one in rank(verdicts)] == wanted


def test_a_language_that_nobody_speaks_ranks_lower_and_puts_nobody_out():
    need = replace(NEED, languages={"so": "Somali"})
    speaks, other = replace(FITTING, languages={"so": "Somali"}), replace(FITTING, service_id=UUID(int=7), name="A")
    verdicts = [judge(need, other), judge(need, speaks)]
    assert all(one.fits for one in verdicts)
    assert rank(verdicts)[0].candidate is speaks


def test_not_in_school_means_not_only_in_school():
    need = replace(NEED, settings_unwanted={"school": "In school"})
    only, also = {"school": "In school"}, {"school": "In school", "youth_centre": "Youth centre"}
    school, both = judge(need, replace(FITTING, settings=only)), judge(need, replace(FITTING, settings=also))
    assert school.fits
    assert school.factors[Factor.WISHES] < both.factors[Factor.WISHES]


# --- what nearly fits, and the rest ---
@pytest.mark.parametrize(
    ("one", "words"),
    [
        (with_room(State.FULL_WAITLIST_OPEN, "Full"), "waiting list"),
        (replace(FITTING, availability=UNKNOWN, telephone="0117 496 0143"), "0117 496 0143"),
        (with_room(State.PAUSED), "Ring"),
    ],
)
def test_what_nearly_fits_says_what_would_change_it(one, words):
    told = judge(NEED, one)
    assert told.nearly
    assert words in told.would_change


def test_two_obstacles_are_not_nearly():
    assert not judge(replace(NEED, age=9), with_room(State.PAUSED, "Paused")).nearly


def test_the_rest_is_counted_by_its_first_reason():
    far = [replace(FITTING, service_id=UUID(int=n), serves=(Serves("ward", "W8", "Hill"),)) for n in range(3)]
    told = others([judge(NEED, one) for one in [*far, replace(FITTING, compositions=GIRLS), FITTING]])
    assert told == [(3, "other areas"), (1, "girls only, boys only or family groups")]
