"""How much is taken from one sender: a midnight in London changes by what they are known, and not how much they may send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safekeeping.floods import DAY, HOUR, Limit, mark_of
from safekeeping.working_time import LONDON

HERE = "192.0.2.1"


def london(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=LONDON).astimezone(UTC)


MIDNIGHT = london(2026, 11, 28)


def test_a_mark_is_another_one_on_another_day():
    assert mark_of(HERE, at=MIDNIGHT) == mark_of(HERE, at=london(2026, 11, 28, 23, 59))
    assert mark_of(HERE, at=MIDNIGHT) != mark_of(HERE, at=MIDNIGHT - timedelta(microseconds=1))
    assert mark_of(HERE, at=MIDNIGHT) != mark_of("192.0.2.2", at=MIDNIGHT)


def test_a_sender_is_known_again_just_after_midnight():
    before, after = MIDNIGHT - timedelta(minutes=1), MIDNIGHT + timedelta(minutes=1)
    assert mark_of(HERE, at=before) in Limit(1, within=HOUR).marks_of(HERE, at=after)
    assert mark_of("192.0.2.2", at=before) not in Limit(1, within=HOUR).marks_of(HERE, at=after)


def test_and_not_after_the_span():
    assert Limit(1, within=HOUR).marks_of(HERE, at=MIDNIGHT + timedelta(hours=2)) == {mark_of(HERE, at=MIDNIGHT)}


@pytest.mark.parametrize("within", [HOUR, DAY, 3 * DAY])
@pytest.mark.parametrize(
    "at", [london(2026, 3, 30, 0, 30), london(2026, 10, 26, 0, 30), london(2026, 11, 28, 0, 1)], ids=str
)
def test_no_day_within_the_span_is_left_out_where_clocks_change(within, at):
    limit, minutes = Limit(1, within=within), range(0, int(within / timedelta(minutes=1)) + 1, 10)
    assert limit.marks_of(HERE, at=at) == {mark_of(HERE, at=at - timedelta(minutes=one)) for one in minutes}
