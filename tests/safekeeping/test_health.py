from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from safekeeping import clock, outbox
from safekeeping.models import PeriodicJob
from safekeeping.views import health


@pytest.fixture(autouse=True)
def _nothing_but_the_door(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.safekeeping.urls"
    monkeypatch.setattr(clock, "JOBS", {})


def test_a_process_that_lives_says_so_and_asks_nobody(client):
    answer = client.get("/health/live")  # no database fixture: it would fail if it asked
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_when_all_do_their_work_it_is_ready(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": "ok",
        "worker": {"waiting": 0, "lag_seconds": 0, "given_up": 0},
        "late_jobs": [],
        "search": {"engine": "database"},
    }


@pytest.mark.django_db
def test_a_worker_that_lags_makes_it_unready(client):
    outbox.mail(key="k", to="jo@school.example", subject="s", text="t", at=timezone.now() - timedelta(minutes=10))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["worker"]["lag_seconds"] >= 600
    assert b"school" not in answer.content


@pytest.mark.django_db
def test_a_late_job_is_named(client):
    clock.job("hourly", every=timedelta(hours=1), late_after=timedelta(hours=3), run=lambda at: None)
    at = timezone.now() - timedelta(hours=4)
    PeriodicJob.objects.create(name="hourly", known_since=at, due_at=at)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["late_jobs"]) == (503, ["hourly"])


@pytest.mark.django_db
def test_a_database_that_is_away_makes_it_unready_and_tells_no_secret(client, monkeypatch):
    def away():
        raise OperationalError("connection to server at db.internal, user alongside, failed")

    monkeypatch.setattr(health.connection, "cursor", away, raising=False)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": "away"})
    assert connection is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("room", "ready"), [(health.LEAST_ROOM_BYTES, True), (health.LEAST_ROOM_BYTES - 1, False)])
def test_a_disk_that_is_full_or_nearly_makes_it_unready(client, monkeypatch, room, ready):
    monkeypatch.setattr(health, "room_left", lambda: room)
    answer = client.get("/health/ready")
    assert answer.status_code == (200 if ready else 503)
    assert answer.json()["database"] == ("ok" if ready else "disk full")


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_health_only_answers_questions(client, address):
    assert client.post(address).status_code == 405
