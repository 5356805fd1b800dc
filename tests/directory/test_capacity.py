"""The ledger of places."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from directory import asking, capacity, signals
from directory.availability import State, of_pool
from directory.capacity import Declaration
from directory.models import COUNTED, FOR_ONE_CHILD, CapacityHold, CapacityPool, CapacitySnapshot, Standing
from tests.factories.directory import AT, organization, pool, service

pytestmark = pytest.mark.django_db
UNTIL = AT + timedelta(days=2)


@pytest.fixture
def mentoring():
    return service()


def held(places, mentoring, *, at=AT, until=UNTIL):
    return capacity.hold(places.pk, service_id=mentoring.pk, reference=uuid4(), by=None, at=at, until=until)


def counters(places):
    places.refresh_from_db()
    return places.held, places.occupied


def told(**changes):
    return Declaration(**({"total": 5, "external_occupied": 1, "waitlist_open": False} | changes))


def test_a_hold_promises_one_place(mentoring):
    places = pool(mentoring, free=2)
    held(places, mentoring)
    assert counters(places) == (1, 0)
    assert of_pool(places, at=AT).free == 1


def test_the_last_place_is_promised_once(mentoring):
    places = pool(mentoring, free=1)
    held(places, mentoring)
    with pytest.raises(capacity.NoPlaceLeft):
        held(places, mentoring)
    assert counters(places) == (1, 0)
    assert CapacityHold.objects.count() == 1


def test_a_reserved_place_is_not_for_others(mentoring):
    places = pool(mentoring, free=1, reserved=1)
    with pytest.raises(capacity.NoPlaceLeft):
        held(places, mentoring)


def test_a_stale_pool_is_never_held(mentoring):
    places = pool(mentoring, free=4, at=AT - timedelta(days=8))
    with pytest.raises(capacity.NotConfirmed):
        held(places, mentoring)


def test_a_pool_without_a_number_is_never_held(mentoring):
    places = pool(mentoring, free=None)
    with pytest.raises(capacity.NotConfirmed):
        held(places, mentoring)


def test_a_paused_pool_is_never_held(mentoring):
    places = pool(mentoring, free=4)
    capacity.pause(places, by=None, at=AT)
    with pytest.raises(capacity.PoolPaused):
        held(places, mentoring)


@pytest.mark.parametrize("standing", [Standing.RESTRICTED, Standing.SUSPENDED, Standing.ARCHIVED])
@pytest.mark.parametrize("whose", ["service", "organization"])
def test_only_a_service_and_an_organization_in_good_standing_are_held(mentoring, standing, whose):
    places = pool(mentoring, free=4)
    row = mentoring.standing if whose == "service" else mentoring.organization.standing
    row.standing = standing
    row.save()
    with pytest.raises(capacity.NotOpenToRequests):
        held(places, mentoring)


def test_an_unpublished_service_is_never_held(mentoring):
    places = pool(mentoring, free=4)
    type(mentoring).objects.filter(pk=mentoring.pk).update(live=False)
    with pytest.raises(capacity.NotOpenToRequests):
        held(places, mentoring)


def test_another_services_pool_is_never_held(mentoring):
    places = pool(service(), free=4)
    with pytest.raises(capacity.NotOpenToRequests):
        held(places, mentoring)


def test_a_group_that_has_ended_is_never_held(mentoring):
    places = pool(mentoring, free=4, model="cohort_places", ends_on=date(2026, 11, 15))
    with pytest.raises(capacity.NotOpenToRequests):
        held(places, mentoring)


def test_two_services_share_one_pool(mentoring):
    other = service(by=mentoring.organization)
    places = pool(mentoring, other, free=1)
    held(places, other)
    with pytest.raises(capacity.NoPlaceLeft):
        held(places, mentoring)


def test_a_promise_that_is_let_go_frees_the_place(mentoring):
    places = pool(mentoring, free=1)
    capacity.release(held(places, mentoring).reference, by=None, at=AT)
    assert counters(places) == (0, 0)
    held(places, mentoring)


def test_a_lapsed_hold_frees_the_place(mentoring):
    places = pool(mentoring, free=1)
    capacity.lapse(held(places, mentoring).reference, at=UNTIL)
    assert counters(places) == (0, 0)


def test_a_hold_does_not_lapse_before_its_time(mentoring):
    places = pool(mentoring, free=1)
    one = held(places, mentoring)
    with pytest.raises(capacity.HoldEnded):
        capacity.lapse(one.reference, at=UNTIL - timedelta(seconds=1))
    assert counters(places) == (1, 0)


def test_an_accepted_promise_becomes_a_taken_place_and_ends_as_a_free_one(mentoring):
    places = pool(mentoring, free=1)
    one = held(places, mentoring)
    capacity.take_up(one.reference, by=None, at=AT)
    assert counters(places) == (0, 1)
    capacity.vacate(one.reference, by=None, at=AT)
    assert counters(places) == (0, 0)


def test_the_servers_clock_decides_when_an_answer_meets_the_deadline(mentoring):
    places = pool(mentoring, free=1)
    one = held(places, mentoring)
    with pytest.raises(capacity.HoldEnded):
        capacity.take_up(one.reference, by=None, at=UNTIL)
    assert counters(places) == (1, 0)


@pytest.mark.parametrize("verb", ["release", "take_up"])
def test_a_promise_is_answered_once(mentoring, verb):
    places = pool(mentoring, free=1)
    one = held(places, mentoring)
    getattr(capacity, verb)(one.reference, by=None, at=AT)
    before = counters(places)
    for again in (capacity.release, capacity.take_up):
        with pytest.raises(capacity.HoldEnded):
            again(one.reference, by=None, at=AT)
    assert counters(places) == before


def test_a_place_that_nobody_took_cannot_be_vacated(mentoring):
    places = pool(mentoring, free=1)
    with pytest.raises(capacity.HoldEnded):
        capacity.vacate(held(places, mentoring).reference, by=None, at=AT)
    assert counters(places) == (1, 0)


@pytest.mark.parametrize("verb", ["release", "take_up", "vacate"])
def test_a_reference_that_never_was_is_refused(verb):
    with pytest.raises(capacity.HoldEnded):
        getattr(capacity, verb)(uuid4(), by=None, at=AT)


def test_cutting_below_what_is_taken_puts_nobody_out_and_stops_new_holds(mentoring):
    places = pool(mentoring, free=3, taken=0)
    one = held(places, mentoring)
    capacity.take_up(one.reference, by=None, at=AT)
    capacity.declare(places, told(total=1, external_occupied=2), by=None, at=AT)
    places.refresh_from_db()
    said = of_pool(places, at=AT)
    assert (places.occupied, said.free, said.over_committed) == (1, 0, True)
    with pytest.raises(capacity.NoPlaceLeft):
        held(places, mentoring)


def test_declaring_is_also_confirming(mentoring):
    places = pool(mentoring, at=AT - timedelta(days=30))
    capacity.declare(places, told(), by=None, at=AT)
    places.refresh_from_db()
    assert of_pool(places, at=AT).words == "4 places free"
    assert of_pool(places, at=AT + timedelta(days=7, seconds=1)).state == State.UNCONFIRMED


def test_confirming_changes_no_figure_and_makes_it_believable_again(mentoring):
    places = pool(mentoring, free=2, taken=3, at=AT - timedelta(days=30))
    capacity.confirm(places, by=None, at=AT)
    places.refresh_from_db()
    assert (places.total, places.external_occupied) == (5, 3)
    assert of_pool(places, at=AT).words == "2 places free"


def test_what_somebody_else_wrote_in_between_is_not_overwritten(mentoring):
    places = pool(mentoring)
    capacity.declare(places, told(total=9), by=None, at=AT, version=places.version)
    with pytest.raises(capacity.FigureChanged):
        capacity.declare(places, told(total=2), by=None, at=AT, version=places.version)
    places.refresh_from_db()
    assert places.total == 9


@pytest.mark.parametrize("figures", [{"total": -1}, {"total": 1000}, {"external_occupied": -1}])
def test_a_figure_out_of_range_is_refused(mentoring, figures):
    with pytest.raises(ValueError, match="between 0 and 999"):
        capacity.declare(pool(mentoring), told(**figures), by=None, at=AT)


def test_a_pool_that_is_not_counted_takes_no_figure(mentoring):
    with pytest.raises(ValueError, match="not counted"):
        capacity.declare(pool(mentoring, model="open_access"), told(), by=None, at=AT)


def test_pausing_twice_keeps_the_first_date(mentoring):
    places = pool(mentoring)
    capacity.pause(places, by=None, at=AT)
    capacity.declare(places, told(taking_new=False), by=None, at=AT + timedelta(days=1))
    places.refresh_from_db()
    assert places.paused_at == AT
    capacity.declare(places, told(taking_new=True), by=None, at=AT + timedelta(days=1))
    places.refresh_from_db()
    assert places.paused_at is None


def test_every_change_leaves_a_snapshot_and_sends_the_news(mentoring):
    places = pool(mentoring, free=1)
    heard = []

    def listen(sender, service_ids, **_):
        heard.extend(service_ids)

    signals.services_changed.connect(listen)
    try:
        one = held(places, mentoring)
        capacity.take_up(one.reference, by=None, at=AT)
        capacity.vacate(one.reference, by=None, at=AT)
    finally:
        signals.services_changed.disconnect(listen)
    assert [row.event for row in CapacitySnapshot.objects.order_by("id")] == ["held", "taken", "vacated"]
    assert heard == [mentoring.pk] * 3


def test_a_refused_hold_leaves_no_trace(mentoring):
    places = pool(mentoring, free=0)
    with pytest.raises(capacity.NoPlaceLeft):
        held(places, mentoring)
    assert not CapacitySnapshot.objects.exists()
    assert not CapacityHold.objects.exists()


def test_a_cohorts_figure_holds_until_two_weeks_before_it_starts_and_then_until_it_does():
    group = CapacityPool(model="cohort_places", starts_on=date(2027, 1, 11), confirm_every_days=14)
    start = datetime(2027, 1, 11, tzinfo=UTC)
    assert capacity.believed_until(group, at=AT) == start - timedelta(days=14)
    assert capacity.believed_until(group, at=start - timedelta(days=3)) == start
    assert capacity.believed_until(group, at=start + timedelta(days=1)) == start + timedelta(days=15)


def test_counters_that_differ_from_their_rows_are_found(mentoring):
    places = pool(mentoring, free=3)
    held(places, mentoring)
    assert list(capacity.differences()) == []
    CapacityPool.objects.filter(pk=places.pk).update(held=0)
    assert len(list(capacity.differences())) == 1


# --- every way of counting --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("model", FOR_ONE_CHILD)
def test_what_is_for_one_child_is_promised_taken_and_freed_on_the_same_ledger(mentoring, model):
    places = pool(mentoring, free=1, model=model)
    one = held(places, mentoring)
    with pytest.raises(capacity.NoPlaceLeft):
        held(places, mentoring)
    capacity.take_up(one.reference, by=None, at=AT)
    capacity.vacate(one.reference, by=None, at=AT)
    assert counters(places) == (0, 0)
    assert list(capacity.differences()) == []


@pytest.mark.parametrize("model", ["team_deployments", "practitioner_roster"])
def test_a_team_or_a_roster_is_never_promised_to_a_child(mentoring, model):
    """INV-C10: what goes to places and groups is counted apart from what children are promised."""
    places = pool(mentoring, free=4, model=model)
    with pytest.raises(capacity.NotForOneChild):
        held(places, mentoring)
    assert counters(places) == (0, 0)


@pytest.mark.parametrize("model", [model for model in COUNTED if model != "training_seats"])
def test_a_figure_is_believed_for_as_long_as_its_model_says(mentoring, model):
    places = pool(mentoring, model=model, starts_on=None, total=None, external_occupied=0, begins_at=None)
    confirmed = capacity.confirm(places, by=None, at=AT)
    assert confirmed.confirmed_until == AT + timedelta(days=capacity.fresh_days(model))


@pytest.mark.parametrize(
    ("model", "limit"),
    [
        ("caseload_places", 7), ("cohort_places", 14), ("rapid_response_rota", 1), ("school_host_caseload", 14),
        ("team_deployments", 7), ("practitioner_roster", 30), ("open_access", 90), ("information_only", 180),
    ],
)  # fmt: skip
def test_the_limits_are_those_of_the_field(model, limit):
    assert capacity.fresh_days(model) == limit


def test_a_sessions_figure_never_grows_old_before_the_session(mentoring):
    at_two = pool(mentoring, model="session_slots", starts_on=date(2027, 7, 1), begins_at=time(14))
    at_no_hour = pool(mentoring, model="session_slots", starts_on=date(2027, 7, 1))
    begins = datetime(2027, 7, 1, 13, tzinfo=UTC)  # two o'clock in summer
    assert capacity.confirm(at_two, by=None, at=AT).confirmed_until == begins
    assert capacity.confirm(at_no_hour, by=None, at=AT).confirmed_until == datetime(2027, 7, 1, 23, tzinfo=UTC)
    place = capacity.hold(
        at_two.pk, service_id=mentoring.pk, reference=uuid4(), by=None, at=begins - timedelta(minutes=1), until=begins
    )
    assert place.state == CapacityHold.State.HELD


def test_a_session_that_has_begun_is_never_held_and_nobody_is_asked_about_it(mentoring):
    begun = pool(mentoring, model="session_slots", starts_on=AT.date(), begins_at=time(10), confirmed_until=AT)
    with pytest.raises(capacity.NotOpenToRequests):
        held(begun, mentoring)
    past = pool(mentoring, model="session_slots", starts_on=date(2026, 11, 15), confirmed_until=AT)
    with pytest.raises(capacity.NotOpenToRequests):
        held(past, mentoring)
    assert asking.ask_for_what_is_due(AT + timedelta(days=9)) == 0


def test_nobody_on_call_is_a_pause_and_holds_nothing(mentoring):
    rota = pool(mentoring, free=2, model="rapid_response_rota")
    capacity.declare(rota, told(on_call="manager", taking_new=False), by=None, at=AT)
    with pytest.raises(capacity.PoolPaused):
        held(rota, mentoring)


def test_cover_that_nobody_has_confirmed_for_a_day_is_not_sent(mentoring):
    rota = pool(mentoring, free=2, model="rapid_response_rota")
    capacity.declare(rota, told(on_call="manager"), by=None, at=AT)
    late = AT + timedelta(days=1, seconds=1)
    with pytest.raises(capacity.NotConfirmed):
        held(rota, mentoring, at=late, until=late + timedelta(hours=1))


@pytest.mark.parametrize(
    ("model", "figures", "why"),
    [
        ("rapid_response_rota", {}, "which role"),
        ("rapid_response_rota", {"on_call": "Sam from the office"}, "which role"),
        ("caseload_places", {"on_call": "manager"}, "nobody is on call"),
        ("team_deployments", {"waitlist_open": True}, "nobody waits"),
        ("open_access", {"total": None, "external_occupied": 0, "waitlist_open": True}, "nobody waits"),
    ],
)
def test_what_a_model_has_not_is_not_said_of_it(mentoring, model, figures, why):
    with pytest.raises(ValueError, match=why):
        capacity.declare(pool(mentoring, model=model), told(**figures), by=None, at=AT)


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("pool_model_known", {"model": "beds"}),
        ("pool_without_count_has_no_figures", {"model": "open_access", "total": 3}),
        ("pool_waits_only_where_children_wait", {"model": "practitioner_roster", "waitlist_open": True}),
        ("pool_session_is_counted_on_a_day", {"model": "session_slots", "total": 3}),
        ("pool_only_a_session_has_an_hour", {"model": "caseload_places", "begins_at": time(9)}),
        ("pool_only_a_rota_has_a_role", {"model": "caseload_places", "on_call": "manager"}),
        ("pool_only_a_rota_has_a_role", {"model": "rapid_response_rota", "on_call": "Sam"}),
        ("pool_rota_is_counted_with_a_role", {"model": "rapid_response_rota", "total": 1}),
        ("pool_host_caseload_is_counted_in_a_school", {"model": "school_host_caseload", "total": 1}),
    ],
)
def test_the_database_refuses_what_no_model_has(mentoring, constraint, row):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CapacityPool.objects.create(organization=mentoring.organization, name="x", confirm_every_days=7, **row)


def test_only_a_host_caseload_has_a_school(mentoring):
    with pytest.raises(IntegrityError, match="pool_only_a_host_caseload_has_a_school"), transaction.atomic():
        pool(mentoring, host_school=organization())


def test_a_childs_place_in_a_teams_pool_and_a_host_that_is_no_school_are_found(mentoring):
    team = pool(mentoring, model="team_deployments")
    CapacityHold.objects.create(pool=team, service=mentoring, reference=uuid4(), held_at=AT, expires_at=UNTIL)
    CapacityPool.objects.filter(pk=team.pk).update(held=1)
    pool(mentoring, model="school_host_caseload", host_school=organization())
    assert len(list(capacity.differences())) == 2
