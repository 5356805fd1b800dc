"""Until when a seat can be booked and let go of, in working days, and what being late costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from safekeeping.working_time import LONDON
from training import conditions
from training.seats import Status, seats_of

THURSDAY = datetime(2026, 12, 3, 9, 30, tzinfo=LONDON)


def test_five_working_days_before_a_thursday_is_the_thursday_before():
    assert conditions.last_day_to_cancel(THURSDAY) == date(2026, 11, 26)


def test_booking_closes_at_the_end_of_the_third_working_day_before():
    assert conditions.booking_closes(THURSDAY) == datetime(2026, 12, 1, 0, 0, tzinfo=LONDON)


def test_bank_holidays_are_no_working_days():
    """Before Monday 4 January 2027 lie New Year's Day, Christmas Day and the Monday in lieu of Boxing Day."""
    first_monday = datetime(2027, 1, 4, 9, 30, tzinfo=LONDON)
    assert conditions.last_day_to_cancel(first_monday) == date(2026, 12, 23)


def test_the_last_day_counts_to_its_end_on_the_clocks_of_england():
    last = datetime(2026, 11, 26, 23, 59, tzinfo=LONDON)
    assert not conditions.is_late(THURSDAY, at=last)
    assert conditions.is_late(THURSDAY, at=last + timedelta(minutes=1))


def test_in_summer_a_day_ends_an_hour_before_midnight_in_utc():
    july = datetime(2027, 7, 8, 9, 30, tzinfo=LONDON)
    assert conditions.booking_closes(july).astimezone(UTC) == datetime(2027, 7, 5, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words", "late", "fee"),
    [
        (60, "60 minutes", 50, 35), (90, "90 minutes", 50, 35), (120, "2 hours", 50, 35), (180, "Half a day", 50, 35),
        (240, "Half a day", 50, 35), (360, "A full day", 90, 50), (1080, "3 days", 90, 50),
    ],
)  # fmt: skip
def test_half_a_day_and_a_full_one_cost_what_the_list_says(minutes, words, late, fee):
    assert conditions.length(minutes) == words
    assert conditions.late_pounds(minutes) == late
    assert conditions.fee_pounds(minutes) == fee


def seats(at=THURSDAY - timedelta(days=10), *, state="open", total=18, free=4):
    return seats_of(
        state=state,
        starts_at=THURSDAY,
        ends_at=THURSDAY + timedelta(hours=3),
        closes_at=conditions.booking_closes(THURSDAY),
        total=total,
        free=free,
        at=at,
    )


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        ({"free": 4}, Status.OPEN, "4 seats left"),
        ({"free": 3}, Status.FEW, "3 seats left"),
        ({"free": 1, "total": 3}, Status.FEW, "1 seat left"),
        ({"free": 0}, Status.FULL, "Full"),
        ({"state": "planned"}, Status.PLANNED, "Not open yet"),
        ({"state": "cancelled"}, Status.CANCELLED, "Called off"),
        ({"at": THURSDAY - timedelta(days=1)}, Status.CLOSED, "Booking has closed"),
        ({"at": THURSDAY - timedelta(days=1), "free": 0}, Status.FULL, "Full"),
        ({"at": THURSDAY + timedelta(hours=1)}, Status.RUNNING, "Under way"),
        ({"at": THURSDAY + timedelta(hours=3)}, Status.OVER, "Over"),
        ({"at": THURSDAY + timedelta(days=9), "state": "cancelled"}, Status.CANCELLED, "Called off"),
    ],
)
def test_seats_are_said_in_a_word(told, status, words):
    found = seats(**told)
    assert (found.status, found.words) == (status, words)
    assert found.has_room == (status in (Status.OPEN, Status.FEW))


def test_no_two_states_look_and_read_alike():
    from training.seats import LOOKS, WORDS

    assert set(LOOKS) == set(Status)
    assert len(set(WORDS.values())) == len(WORDS)
    assert len(set(LOOKS.values())) >= len(Status) - 1  # under way and not open yet share the clock; the word differs
