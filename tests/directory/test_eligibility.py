"""Who a service is for, and when it is open, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest

from directory.eligibility import Ages, alternatives, for_whom, in_a_row
from directory.schedules import Times, hour_words, is_open, table, times_of


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        (Ages(10, 16), "10 to 16"),
        (Ages(16, None), "from 16"),
        (Ages(None, 12), "up to 12"),
        (Ages(), ""),
        (Ages(16, 16), "16"),
    ],
)
def test_ages_in_words(ages, words):
    assert ages.words() == words


@pytest.mark.parametrize(("age", "fits"), [(9, False), (10, True), (16, True), (17, False)])
def test_both_ends_of_an_age_range_belong_to_it(age, fits):
    assert Ages(10, 16).take(age) is fits
    assert bool(Ages(10, 16).misfit(age)) is not fits


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"ages": Ages(10, 16)}, "10 to 16, any gender"),
        ({"ages": Ages(10, 12), "compositions": {"girls_only": "Girls only"}}, "10 to 12, girls"),
        (
            {"ages": Ages(11, 17), "compositions": {"mixed": "Mixed", "siblings_family": "Siblings"}},
            "11 to 17, any gender, and brothers and sisters",
        ),
        ({"ages": Ages(), "subject": "parent", "compositions": {"parents_carers": "x"}}, "Parents and carers"),
        ({"ages": Ages(), "subject": "context"}, "Schools, groups and places"),
        ({"ages": Ages()}, "Any age, any gender"),
    ],
)
def test_who_it_is_for_in_one_line(told, words):
    assert for_whom(**told) == words


def test_rules_of_one_group_are_alternatives():
    rules = [(1, "Medium or high risk."), (1, "A brother or sister of a child who is eligible."), (2, "In school.")]
    assert alternatives(rules) == [
        "Medium or high risk. Or: A brother or sister of a child who is eligible", "In school",
    ]  # fmt: skip


def test_long_rows_of_names_are_cut():
    assert in_a_row(["A", "B", "C"]) == "A, B and C"
    assert in_a_row([str(one) for one in range(9)]) == "0, 1, 2, 3, 4, 5 and 3 more"
    assert in_a_row([]) == ""


@dataclass
class Regular:
    byday: str
    opens_at: time | None = time(15, 15)
    closes_at: time | None = time(20)
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    term_time_only: bool = False
    note: str = ""


def test_times_read_like_a_notice_on_a_door():
    lines = table(
        [
            Regular("SA", time(10), time(16)),
            Regular("MO,TU,WE,TH", term_time_only=True),
            Regular("FR", valid_to_on=date(2020, 1, 1)),
        ],
        on=date(2026, 11, 16),
    )
    assert lines == [
        Times("Monday to Thursday", "3.15pm to 8pm", "term time only"),
        Times("Saturday", "10am to 4pm", ""),
    ]


@pytest.mark.parametrize(
    ("hour", "words"), [(time(0), "midnight"), (time(12), "midday"), (time(0, 30), "12.30am"), (time(13), "1pm")]
)
def test_hours_in_words(hour, words):
    assert hour_words(hour) == words


def test_hours_are_the_clock_on_the_wall():
    monday = Regular("MO", time(18), time(20))
    assert is_open([monday], at=datetime(2026, 7, 6, 17, 30, tzinfo=UTC)) is True  # half past six in summer
    assert is_open([monday], at=datetime(2026, 11, 16, 17, 30, tzinfo=UTC)) is False
    assert is_open([Regular("MO", None, None)], at=datetime(2026, 11, 16, tzinfo=UTC)) is None


def test_a_night_belongs_to_the_evening_it_began_in():
    late = [Regular("FR", time(21), time(1))]
    assert is_open(late, at=datetime(2026, 11, 21, 0, 30, tzinfo=UTC)) is True
    assert is_open(late, at=datetime(2026, 11, 20, 0, 30, tzinfo=UTC)) is False


@pytest.mark.parametrize(
    ("byday", "opens", "closes", "codes"),
    [
        ("MO,TU", time(9), time(12), {"weekday_day"}),
        ("WE", time(14), time(16), {"weekday_day", "weekday_after_school"}),
        ("WE", time(15), time(17, 30), {"weekday_after_school"}),
        ("TH", time(18, 30), time(20, 30), {"weekday_evening"}),
        ("SA", time(11), time(14), {"saturday"}),
        ("SA,SU", time(11), time(14), {"saturday", "sunday"}),
        ("FR,SA", time(21), time(2), {"weekday_evening", "saturday", "late_night"}),
        ("SU", time(20), time(22, 30), {"sunday", "late_night"}),
        ("MO", time(20), time(22), {"weekday_evening"}),
        ("", time(9), time(12), set()),
        ("MO", None, time(12), set()),
    ],
)
def test_hours_tell_in_which_parts_of_the_week_it_is_open(byday, opens, closes, codes):
    assert times_of([Regular(byday, opens, closes)]) == codes
