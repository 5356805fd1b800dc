"""What may be said of places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.availability import UNKNOWN, State, best_of, free_places, of_pool, state_of

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Pool:
    name: str = "Places"
    model: str = "caseload_places"
    total: int | None = 10
    external_occupied: int = 0
    occupied: int = 0
    held: int = 0
    reserved: int = 0
    paused_at: datetime | None = None
    waitlist_open: bool = False
    wait_weeks: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    begins_at: time | None = None
    called_off_at: datetime | None = None
    last_confirmed_at: datetime | None = AT - timedelta(days=2)
    confirmed_until: datetime | None = AT + timedelta(days=5)


def test_free_places_are_what_nobody_has_is_promised_or_has_reserved():
    assert free_places(Pool(total=12, external_occupied=4, occupied=5, held=1, reserved=1)) == 1


def test_free_places_are_never_below_zero():
    assert free_places(Pool(total=3, external_occupied=5)) == 0


@pytest.mark.parametrize(
    ("pool", "state", "words"),
    [
        (Pool(total=10, external_occupied=5), State.AVAILABLE, "5 places free"),
        (Pool(total=10, external_occupied=8), State.LIMITED, "2 places left"),
        (Pool(total=4, external_occupied=3), State.LIMITED, "1 place left"),
        (Pool(total=2, external_occupied=1), State.LIMITED, "1 place left"),
        (Pool(external_occupied=10, waitlist_open=True), State.FULL_WAITLIST_OPEN, "Full, waiting list open"),
        (
            Pool(external_occupied=10, waitlist_open=True, wait_weeks=1),
            State.FULL_WAITLIST_OPEN,
            "Full, waiting list about 1 week",
        ),
        (Pool(external_occupied=10), State.FULL_WAITLIST_CLOSED, "Full, waiting list closed"),
        (Pool(total=3, external_occupied=7), State.FULL_WAITLIST_CLOSED, "Full, waiting list closed"),
        (Pool(paused_at=AT), State.PAUSED, "Not taking anyone new at the moment"),
        (Pool(starts_on=date(2026, 12, 14)), State.NOT_YET_OPEN, "Starts 14 December 2026"),
        (Pool(ends_on=date(2026, 11, 15)), State.ENDED, "Ended 15 November 2026"),
        (Pool(confirmed_until=AT - timedelta(minutes=1)), State.UNCONFIRMED, "Not confirmed"),
        (Pool(total=None), State.UNCONFIRMED, "Not confirmed"),
        (Pool(confirmed_until=None, last_confirmed_at=None), State.UNCONFIRMED, "Not confirmed"),
        (Pool(model="open_access", total=None, confirmed_until=None), State.OPEN_ACCESS, "Drop in"),
        (Pool(model="information_only", total=None), State.INFORMATION_ONLY, "For information"),
        (
            Pool(model="cohort_places", starts_on=date(2026, 12, 14)),
            State.AVAILABLE,
            "Starts 14 December 2026, join by 13 December: 10 places",
        ),
        (
            Pool(model="cohort_places", starts_on=date(2027, 1, 1), external_occupied=9),
            State.LIMITED,
            "Starts 1 January 2027, join by 31 December 2026: 1 place",
        ),
        (
            Pool(model="cohort_places", starts_on=date(2026, 12, 14), external_occupied=10),
            State.FULL_WAITLIST_CLOSED,
            "Full, waiting list closed",
        ),
        (Pool(model="cohort_places", starts_on=date(2026, 11, 16)), State.AVAILABLE, "10 places free"),
        (
            Pool(model="session_slots", starts_on=date(2026, 11, 24), begins_at=time(14)),
            State.AVAILABLE,
            "10 places free on Tuesday 24 November at 2pm",
        ),
        (
            Pool(model="session_slots", starts_on=date(2026, 11, 24), external_occupied=9),
            State.LIMITED,
            "1 place left on Tuesday 24 November",
        ),
        (
            Pool(model="session_slots", starts_on=date(2026, 11, 24), external_occupied=10),
            State.FULL_WAITLIST_CLOSED,
            "Fully booked on Tuesday 24 November",
        ),
        (Pool(model="session_slots", starts_on=date(2026, 11, 15)), State.ENDED, "Was on 15 November 2026"),
        (
            Pool(model="session_slots", starts_on=AT.date(), begins_at=time(9)),
            State.ENDED,
            "Was on 16 November 2026",
        ),
        (
            Pool(model="session_slots", starts_on=AT.date(), begins_at=time(9, 1)),
            State.AVAILABLE,
            "10 places free on Monday 16 November at 9.01am",
        ),
        (Pool(model="rapid_response_rota", total=1), State.AVAILABLE, "Somebody is on call"),
        (
            Pool(model="rapid_response_rota", total=1, occupied=1),
            State.FULL_WAITLIST_CLOSED,
            "On call, but with as many as they can see just now",
        ),
        (Pool(model="rapid_response_rota", paused_at=AT), State.PAUSED, "Nobody on call at the moment"),
        (
            Pool(model="rapid_response_rota", confirmed_until=AT - timedelta(seconds=1)),
            State.UNCONFIRMED,
            "Not confirmed",
        ),
        (
            Pool(model="school_host_caseload", name="Demo Secondary A", external_occupied=7),
            State.AVAILABLE,
            "3 places free at Demo Secondary A",
        ),
        (
            Pool(model="school_host_caseload", name="Demo Secondary A", external_occupied=10),
            State.FULL_WAITLIST_CLOSED,
            "Full at Demo Secondary A, waiting list closed",
        ),
        (
            Pool(
                model="school_host_caseload",
                name="Demo Secondary A",
                external_occupied=10,
                waitlist_open=True,
                wait_weeks=3,
            ),
            State.FULL_WAITLIST_OPEN,
            "Full at Demo Secondary A, waiting list about 3 weeks",
        ),
        (
            Pool(model="team_deployments", total=6, external_occupied=3),
            State.AVAILABLE,
            "3 sessions free this week",
        ),
        (
            Pool(model="team_deployments", total=6, external_occupied=5),
            State.LIMITED,
            "1 session left this week",
        ),
        (
            Pool(model="team_deployments", total=6, external_occupied=6),
            State.FULL_WAITLIST_CLOSED,
            "No session left this week",
        ),
        (Pool(model="practitioner_roster", total=9, external_occupied=4), State.AVAILABLE, "5 people ready"),
        (Pool(model="practitioner_roster", total=9, external_occupied=8), State.LIMITED, "1 person ready"),
        (
            Pool(model="practitioner_roster", total=9, external_occupied=9),
            State.FULL_WAITLIST_CLOSED,
            "Nobody ready at the moment",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_each_state_has_its_words(pool, state, words):
    said = of_pool(pool, at=AT)
    assert (said.state, said.words) == (state, words)


@pytest.mark.parametrize(
    ("pool", "state"),
    [
        (Pool(ends_on=date(2026, 11, 1), paused_at=AT), State.ENDED),
        (Pool(starts_on=date(2026, 12, 1), paused_at=AT), State.NOT_YET_OPEN),
        (Pool(paused_at=AT, confirmed_until=AT - timedelta(days=9)), State.PAUSED),
        (Pool(confirmed_until=AT - timedelta(days=1), external_occupied=10), State.UNCONFIRMED),
    ],
)
def test_the_more_important_state_wins(pool, state):
    """The order is the field's: ended, not yet open, paused, unconfirmed, full, limited, available."""
    assert state_of(pool, at=AT) == state


def test_a_figure_nobody_vouches_for_is_never_a_number():
    stale = of_pool(Pool(confirmed_until=AT - timedelta(days=9)), at=AT)
    assert (stale.free, stale.total, stale.taken, stale.held) == (None, None, None, None)
    assert not any(character.isdigit() for character in stale.words)


MODELS = [
    "caseload_places", "cohort_places", "session_slots", "rapid_response_rota", "school_host_caseload",
    "team_deployments", "practitioner_roster",
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("unknown", [{"total": None}, {"confirmed_until": AT - timedelta(days=1)}])
def test_no_way_of_counting_makes_a_number_of_what_is_not_known(model, unknown):
    said = of_pool(Pool(model=model, **unknown), at=AT)
    assert said.state == State.UNCONFIRMED
    assert (said.words, said.free, said.total, said.in_all) == ("Not confirmed", None, None, "")


def test_cover_is_there_or_not_and_is_never_a_number():
    for taken in range(3):
        said = of_pool(Pool(model="rapid_response_rota", total=2, occupied=taken), at=AT)
        assert (said.free, said.total, said.in_all) == (None, None, "")
        assert said.has_room is (taken < 2)


def test_a_service_shows_its_best_pool_with_that_pools_own_date():
    full = Pool(external_occupied=10, last_confirmed_at=AT)
    free = Pool(last_confirmed_at=AT - timedelta(days=4))
    best = best_of([full, free], at=AT)
    assert (best.state, best.when) == (State.AVAILABLE, "Checked 4 days ago")


def test_a_service_without_pools_is_unknown_and_has_no_number():
    assert best_of([], at=AT) is UNKNOWN
    assert UNKNOWN.free is None


@pytest.mark.parametrize(
    ("checked", "words"),
    [
        (datetime(2026, 11, 16, 0, 30, tzinfo=UTC), "Checked today"),
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), "Checked yesterday"),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), "Checked 15 days ago"),
    ],
)
def test_age_is_counted_in_local_days(checked, words):
    assert of_pool(Pool(last_confirmed_at=checked), at=AT).when == words


def test_the_night_the_clocks_go_back_does_not_make_a_figure_a_day_older():
    before = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # 23:30 in summer time
    after = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # 23:30 in winter time, 25 hours later
    assert of_pool(Pool(last_confirmed_at=before, confirmed_until=after + timedelta(days=1)), at=after).when == (
        "Checked yesterday"
    )


counts = st.integers(min_value=0, max_value=999)


@given(total=st.none() | counts, external=counts, occupied=counts, held=counts, reserved=counts, late=st.booleans())
def test_available_is_said_only_of_a_fresh_pool_with_room(total, external, occupied, held, reserved, late):
    pool = replace(
        Pool(),
        total=total,
        external_occupied=external,
        occupied=occupied,
        held=held,
        reserved=reserved,
        confirmed_until=AT - timedelta(days=1) if late else AT + timedelta(days=1),
    )
    said = of_pool(pool, at=AT)
    if said.has_room:
        assert not late
        assert total is not None
        assert said.free == total - external - occupied - held - reserved > 0
