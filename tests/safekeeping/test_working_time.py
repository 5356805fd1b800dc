from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safekeeping.working_time import (
    LONDON,
    add_working_days,
    add_working_hours,
    bank_holidays,
    describe,
    is_working_day,
    is_working_time,
    known_until,
    next_working_day,
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2026-11-18 10:10", 1, "2026-11-19 10:10"),  # a Wednesday
        ("2026-11-18 10:10", 2, "2026-11-20 10:10"),
        ("2026-11-18 10:10", 3, "2026-11-23 10:10"),  # over the weekend
        ("2026-11-18 16:45", 1, "2026-11-19 16:30"),  # by half past four
        ("2026-11-18 22:00", 1, "2026-11-19 16:30"),
        ("2026-11-18 07:00", 1, "2026-11-19 09:00"),  # not before people come
        ("2026-11-21 11:00", 1, "2026-11-23 11:00"),  # a Saturday
        ("2026-12-24 10:00", 1, "2026-12-29 10:00"),  # Christmas on a Friday, Boxing Day observed on Monday
        ("2026-12-23 10:00", 2, "2026-12-29 10:00"),
        ("2027-12-24 10:00", 1, "2027-12-29 10:00"),  # Christmas on a Saturday: Monday and Tuesday are off
        ("2026-04-02 12:00", 2, "2026-04-08 12:00"),  # Good Friday and Easter Monday
        ("2026-05-22 12:00", 1, "2026-05-26 12:00"),  # the spring bank holiday
        ("2026-11-18 10:10", 0, "2026-11-18 10:10"),
        ("2026-11-18 16:45", 0, "2026-11-19 16:30"),
        ("2026-11-21 11:00", 0, "2026-11-23 09:00"),
    ],
)
def test_working_days_are_counted_over_weekends_and_bank_holidays(begins, days, ends):
    assert add_working_days(london(begins), days) == london(ends)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-03-27 14:00", "2026-03-30 14:00"),
        ("2026-10-23 14:00", "2026-10-26 14:00"),
        ("2027-10-29 09:00", "2027-11-01 09:00"),
    ],
)
def test_the_time_of_day_stays_when_the_clocks_change(begins, ends):
    ends_at = add_working_days(london(begins), 1)
    assert ends_at == london(ends)
    assert abs(ends_at.astimezone(UTC) - london(begins).astimezone(UTC) - timedelta(days=3)) == timedelta(hours=1)


def test_a_time_in_another_zone_is_read_by_londons_clock():
    assert add_working_days(datetime(2026, 7, 1, 15, 45, tzinfo=UTC), 1) == london("2026-07-02 16:30")
    assert add_working_days(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), 1) == london("2026-07-03 09:00")  # Thursday there


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-11-18 10:00", 2, "2026-11-18 12:00"),
        ("2026-11-18 16:00", 2, "2026-11-19 10:00"),
        ("2026-11-20 16:30", 1, "2026-11-23 09:30"),
        ("2026-11-21 12:00", 1, "2026-11-23 10:00"),
        ("2026-11-18 06:00", 0.5, "2026-11-18 09:30"),
        ("2026-11-18 09:00", 8, "2026-11-18 17:00"),
        ("2026-11-18 09:00", 16, "2026-11-19 17:00"),
        ("2026-12-24 16:00", 2, "2026-12-29 10:00"),
        ("2026-10-23 16:00", 2, "2026-10-26 10:00"),
        ("2026-11-18 20:00", 0, "2026-11-19 09:00"),
    ],
)
def test_working_hours_pass_only_while_people_work(begins, hours, ends):
    assert add_working_hours(london(begins), hours) == london(ends)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-18 09:00", True),
        ("2026-11-18 16:59", True),
        ("2026-11-18 17:00", False),
        ("2026-11-18 08:59", False),
        ("2026-11-21 12:00", False),
        ("2026-12-25 12:00", False),
        ("2026-12-28 12:00", False),
    ],
)
def test_working_time_is_nine_to_five_on_working_days(moment, working):
    assert is_working_time(london(moment)) is working


def test_the_bank_holidays_of_england_come_without_the_network():
    assert {date(2026, 12, 25), date(2027, 1, 1), date(2026, 8, 31)} <= bank_holidays()
    assert date(2026, 11, 30) not in bank_holidays()  # Scotland's
    assert known_until().year >= 2028


@pytest.mark.parametrize("count", [add_working_days, add_working_hours])
def test_nobody_counts_backwards(count):
    with pytest.raises(ValueError, match="forwards"):
        count(london("2026-11-18 10:00"), -1)


@given(some.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 1), timezones=some.just(UTC)), some.integers(1, 30))
def test_a_deadline_is_always_one_that_somebody_can_meet(at, days):
    due = add_working_days(at, days)
    assert is_working_time(due)
    assert (due.hour, due.minute) <= (16, 30)
    assert due > at
    counted, day = 0, at.astimezone(LONDON).date()
    while day < due.date():
        day += timedelta(days=1)
        counted += is_working_day(day)
    assert counted == days


@given(
    some.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC)),
    some.floats(0, 60),
    some.floats(0, 60),
)
def test_working_hours_add_up(at, first, second):
    together, apart = add_working_hours(at, first + second), add_working_hours(add_working_hours(at, first), second)
    # The end of one day and the beginning of the next are the same moment of work.
    same_moment = {add_working_hours(end, 1 / 60) for end in (together, apart)}
    assert max(same_moment) - min(same_moment) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        ("2026-11-18 16:30", "today by 16:30"),
        ("2026-11-19 11:00", "tomorrow by 11:00"),
        ("2026-11-23 09:00", "by Mon 23 Nov, 09:00"),
        ("2027-01-04 09:00", "by Mon 4 Jan 2027, 09:00"),
        ("2026-11-17 09:00", "was due Tue 17 Nov, 09:00"),
        ("2026-11-18 09:00", "was due today, 09:00"),
    ],
)
def test_a_deadline_is_said_as_people_say_it(deadline, said):
    assert describe(london(deadline), at=london("2026-11-18 10:10")) == said


def test_the_day_after_friday_is_monday():
    assert next_working_day(date(2026, 11, 20)) == date(2026, 11, 23)
