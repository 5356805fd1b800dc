from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from safekeeping import clock, invariants, tasks
from safekeeping.models import PeriodicJob, Session
from safekeeping.session_store import SessionStore
from tests.safekeeping.race import copied_to_file, together

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def jobs(monkeypatch):
    """Begin with no jobs at all."""
    monkeypatch.setattr(clock, "JOBS", jobs := {})
    return jobs


@pytest.fixture
def ran(at):
    """Enter a job that runs every hour; return the times at which it did."""
    ran: list[datetime] = []
    clock.job("hourly", every=HOUR, late_after=3 * HOUR, run=ran.append)
    clock.enter(at)
    return ran


def turn(at):
    return clock.run_due(now=lambda: at)


def test_a_job_runs_when_it_is_due_and_only_then(ran, at):
    assert turn(at) == ["hourly"]
    assert turn(at + HOUR / 2) == []
    assert turn(at + HOUR) == ["hourly"]
    assert ran == [at, at + HOUR]


def test_a_clock_that_was_away_runs_a_job_once_and_not_for_every_hour_it_missed(ran, at):
    turn(at)
    assert turn(at + DAY) == ["hourly"]
    assert turn(at + DAY) == []


def test_a_failing_job_is_noted_without_its_words_and_hinders_no_other(ran, at, caplog):
    def fail(at):
        raise LookupError("Sam Green, 4 March 2012")

    clock.job("failing", every=DAY, late_after=2 * DAY, run=fail)
    clock.enter(at)
    assert turn(at) == ["failing", "hourly"]
    row = PeriodicJob.objects.get(pk="failing")
    assert (row.last_error, row.failures, row.finished_at, row.lease_until) == ("LookupError", 1, None, None)
    assert "Sam" not in caplog.text
    assert turn(at + timedelta(minutes=4)) == []
    assert turn(at + timedelta(minutes=5)) == ["failing"]  # soon again, not tomorrow
    clock.JOBS["failing"] = clock.Job("failing", DAY, 2 * DAY, lambda at: None)
    assert turn(at + timedelta(minutes=10)) == ["failing"]
    row.refresh_from_db()
    assert (row.last_error, row.failures) == ("", 0)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_nobody_could_note_is_noted_as_soon_as_that_is_possible(ran, at, full_disk):
    """Else it would not run again before its lease has run out: an hour, with the database away for a second."""
    clock.JOBS["hourly"] = clock.Job("hourly", HOUR, 3 * HOUR, lambda at: full_disk.begin())
    with pytest.raises(OperationalError):
        turn(at)
    with pytest.raises(OperationalError):
        turn(at + timedelta(seconds=1))
    full_disk.end()
    assert turn(at + timedelta(seconds=2)) == []
    row = PeriodicJob.objects.get(pk="hourly")
    assert (row.lease_until, row.finished_at, row.due_at) == (None, at, at + HOUR)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_failed_with_the_database_is_tried_again_soon(ran, at, full_disk):
    def fail(at):
        full_disk.begin()
        raise OperationalError("database or disk is full")

    clock.JOBS["hourly"] = clock.Job("hourly", HOUR, 3 * HOUR, fail)
    with pytest.raises(OperationalError):
        turn(at)
    full_disk.end()
    clock.JOBS["hourly"] = clock.Job("hourly", HOUR, 3 * HOUR, ran.append)
    assert turn(at + timedelta(minutes=5)) == ["hourly"]
    assert ran == [at + timedelta(minutes=5)]


def test_a_clock_that_died_in_the_middle_leaves_the_job_to_the_next(ran, at):
    def die(at):
        raise SystemExit

    clock.JOBS["hourly"] = clock.Job("hourly", HOUR, 3 * HOUR, die)
    with pytest.raises(SystemExit):
        turn(at)
    clock.JOBS["hourly"] = clock.Job("hourly", HOUR, 3 * HOUR, ran.append)
    assert turn(at + HOUR / 2) == []  # its lease
    assert turn(at + HOUR + HOUR / 2) == ["hourly"]


@pytest.mark.django_db(transaction=True)
def test_clocks_at_once_run_a_job_once(ran, at, tmp_path, monkeypatch):
    copied_to_file(tmp_path, monkeypatch)
    found = together(*[lambda: turn(at)] * 6)
    assert sorted(found) == [[]] * 5 + [["hourly"]]
    assert ran == [at]


def test_a_clock_that_is_asked_to_end_begins_no_other_job(ran, at):
    assert clock.run_due(now=lambda: at, until=lambda: True) == []


def test_a_daily_job_keeps_its_hour_when_clocks_change(jobs, at):
    clock.job("nightly", every=DAY, late_after=2 * DAY, run=lambda at: None, daily_at=time(2, 30))
    nightly = jobs["nightly"]
    assert nightly.next_after(datetime(2026, 11, 18, 10, tzinfo=UTC)) == datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
    assert nightly.next_after(datetime(2026, 11, 19, 2, 30, tzinfo=UTC)) == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    assert nightly.next_after(datetime(2026, 7, 1, 1, 29, tzinfo=UTC)) == datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    assert nightly.next_after(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    clock.enter(at)
    assert PeriodicJob.objects.get().due_at == datetime(2026, 11, 19, 2, 30, tzinfo=UTC)


def test_a_job_is_late_when_it_has_not_ended_well_for_too_long(ran, at):
    assert clock.late(at=at + 3 * HOUR) == []
    assert clock.late(at=at + 3 * HOUR + HOUR) == ["hourly"]
    turn(at + 4 * HOUR)
    assert clock.late(at=at + 4 * HOUR) == []
    clock.JOBS["hourly"] = clock.Job("hourly", HOUR, 3 * HOUR, lambda at: 1 / 0)
    for hours in range(5, 9):
        turn(at + hours * HOUR)
    assert clock.late(at=at + 8 * HOUR) == ["hourly"]


def test_a_clock_that_never_ran_is_late_some_time_after_the_installation(jobs, at):
    clock.job("hourly", every=HOUR, late_after=3 * HOUR, run=lambda at: None)
    assert clock.late(at=at, installed_at=at - HOUR) == []
    assert clock.late(at=at, installed_at=at - DAY) == ["hourly"]


def test_a_job_that_is_no_more_leaves_no_row(ran, jobs, at):
    jobs.clear()
    clock.enter(at)
    assert not PeriodicJob.objects.exists()


def test_entering_twice_changes_nothing(ran, at):
    turn(at)
    was = PeriodicJob.objects.values().get()
    clock.enter(at + HOUR)
    assert PeriodicJob.objects.values().get() == was


def test_a_name_is_given_once_and_lateness_comes_after_being_due(ran):
    with pytest.raises(ImproperlyConfigured):
        clock.job("hourly", every=HOUR, late_after=2 * HOUR, run=lambda at: None)
    with pytest.raises(ImproperlyConfigured):
        clock.job("other", every=HOUR, late_after=HOUR, run=lambda at: None)


# --- safekeeping's own jobs, and the invariants ----------------------------------------------------------------------


def test_ended_sessions_are_cleared(at):
    for days in (-1, 1):
        session = SessionStore()
        session.save()
        Session.objects.filter(pk=session.session_key).update(expire_date=at + days * DAY)
    tasks.clear_sessions(at)
    assert Session.objects.get().expire_date > at


@pytest.fixture
def agreed(monkeypatch):
    """Begin with no invariants."""
    monkeypatch.setattr(invariants, "INVARIANTS", {})


def test_invariants_that_hold_are_counted(agreed, capsys):
    invariants.register("nothing is odd", list)
    call_command("check_invariants")
    assert capsys.readouterr().out == "1 invariants hold.\n"


def test_every_difference_is_named_and_the_job_fails(agreed, at, caplog):
    invariants.register("counters", lambda: ["pool 4: 3 held, 2 rows", "pool 5: 1 held, 0 rows"])
    with pytest.raises(CommandError, match=r"counters: pool 4(.|\n)*counters: pool 5"):
        call_command("check_invariants")
    with pytest.raises(invariants.InvariantBroken, match="counters"):
        tasks.check_invariants(at)
    assert "pool 5" in caplog.text


def test_an_invariant_has_a_name_of_its_own(agreed):
    invariants.register("counters", list)
    with pytest.raises(ImproperlyConfigured):
        invariants.register("counters", set)


def test_the_house_has_its_jobs(jobs):
    tasks.register()
    nightly = {"prove the audit trail", "check invariants", "blank old messages", "clear ended sessions"}
    assert nightly | {"forget returned letters"} == set(jobs)
