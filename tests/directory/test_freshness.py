"""When a figure is due, and which e-mail it is time for: a table, with weekends and bank holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from directory.freshness import Asked, comes_along, is_due, next_step

LONDON = ZoneInfo("Europe/London")
ONE, OTHER = UUID(int=1), UUID(int=2)


def moment(words: str) -> datetime:
    """Return "2026-11-16 10:00" on the clocks of England."""
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


@dataclass(frozen=True)
class Figure:
    confirmed_until: datetime | None
    confirm_every_days: int = 7
    last_confirmed_at: datetime | None = None


@pytest.mark.parametrize(
    ("at", "until", "due"),
    [
        # a Monday: everything until the same hour on Tuesday
        ("2026-11-16 10:00", "2026-11-17 10:00", True),
        ("2026-11-16 10:00", "2026-11-17 10:01", False),
        ("2026-11-16 10:00", "2026-11-16 09:59", True),
        ("2026-11-16 10:00", "2026-10-01 10:00", True),
        # a Friday: the weekend and Monday morning, too
        ("2026-11-20 10:00", "2026-11-21 23:00", True),
        ("2026-11-20 10:00", "2026-11-23 10:00", True),
        ("2026-11-20 10:00", "2026-11-23 10:30", False),
        # Christmas Eve of 2026 is a Thursday: Friday is Christmas, Monday stands in for Boxing Day
        ("2026-12-24 10:00", "2026-12-28 18:00", True),
        ("2026-12-24 10:00", "2026-12-29 10:00", True),
        ("2026-12-24 10:00", "2026-12-29 11:00", False),
        # before Good Friday and Easter Monday
        ("2027-03-25 12:00", "2027-03-30 11:00", True),
        ("2027-03-25 12:00", "2027-03-30 13:00", False),
        # over the night when clocks go back: still the same hour on Monday
        ("2026-10-23 16:00", "2026-10-26 15:59", True),
        ("2026-10-23 16:00", "2026-10-26 16:01", False),
    ],
)
def test_a_figure_is_asked_for_the_working_day_before_it_would_be_too_old(at, until, due):
    assert is_due(Figure(moment(until)), at=moment(at)) is due


def test_a_figure_that_nobody_ever_gave_is_due():
    assert is_due(Figure(None), at=moment("2026-11-16 10:00"))


def test_a_figure_that_is_good_for_a_day_is_asked_for_when_the_day_is_over_and_not_as_soon_as_it_is_given():
    at = moment("2026-11-16 10:00")
    assert not is_due(Figure(at + timedelta(days=1), confirm_every_days=1), at=at)
    assert is_due(Figure(at, confirm_every_days=1), at=at)


@pytest.mark.parametrize(
    ("until", "along"), [("2026-11-21 23:59", True), ("2026-11-22 00:00", False), ("2026-11-01 10:00", True)]
)
def test_what_would_be_due_within_the_same_working_week_comes_along(until, along):
    for at in ("2026-11-16 00:05", "2026-11-16 23:55"):
        assert comes_along(Figure(moment(until)), at=moment(at)) is along


START = moment("2026-11-16 10:00")
BEFORE = START - timedelta(days=7)


def asked(step: int, *, days: float = 0, pools=(ONE,)) -> Asked:
    return Asked(
        number=step + 1, step=step, begun_at=START, asked_at=START + timedelta(days=days), about=frozenset(pools)
    )


@pytest.mark.parametrize(
    ("due", "last", "after", "step"),
    [
        # nothing is due; nobody was ever asked
        ([], None, 0, None),
        ([], asked(0), 9, None),
        ([(ONE, BEFORE)], None, 0, 0),
        ([(ONE, None)], None, 0, 0),
        # nobody answers: asked again after two days and after five, and then no more
        ([(ONE, BEFORE)], asked(0), 0, None),
        ([(ONE, BEFORE)], asked(0), 1.99, None),
        ([(ONE, BEFORE)], asked(0), 2, 1),
        ([(ONE, BEFORE)], asked(1, days=2), 4.99, None),
        ([(ONE, BEFORE)], asked(1, days=2), 5, 2),
        ([(ONE, BEFORE)], asked(2, days=5), 6, None),
        ([(ONE, BEFORE)], asked(2, days=5), 300, None),
        ([(ONE, None)], asked(2, days=5), 300, None),
        # a clock that was away over the second e-mail catches up with one, not with two at once
        ([(ONE, BEFORE)], asked(0), 8, 1),
        # it was answered, and is due again: a new round
        ([(ONE, START + timedelta(hours=1))], asked(0), 7, 0),
        ([(ONE, START + timedelta(days=6))], asked(2, days=5), 13, 0),
        # another figure becomes due while one waits for an answer: it comes with the next e-mail
        ([(ONE, BEFORE), (OTHER, BEFORE)], asked(0), 1, None),
        ([(ONE, BEFORE), (OTHER, BEFORE)], asked(0), 2, 1),
        # after the last e-mail of a round it begins another, which asks about both
        ([(ONE, BEFORE), (OTHER, BEFORE)], asked(2, days=5), 6, None),
        ([(ONE, BEFORE), (OTHER, BEFORE)], asked(2, days=5), 7, 0),
        # the figure that waited was answered, the other was not asked about yet
        ([(OTHER, BEFORE)], asked(0), 1, 0),
    ],
)
def test_it_is_time_for_one_email_or_for_none(due, last, after, step):
    assert next_step(due, last, at=START + timedelta(days=after)) == step
