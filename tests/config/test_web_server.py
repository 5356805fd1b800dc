"""What the web server does before it divides itself: it reads ahead, hands on no connection, and starts without a database too."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connections

from config import collector, gunicorn
from search import tasks

SERVER = SimpleNamespace(log=logging.getLogger("gunicorn.error"))


@pytest.fixture
def closed(monkeypatch):
    """How often all connections were closed; a test's own stay open."""
    times = []
    monkeypatch.setattr(connections, "close_all", lambda: times.append(1))
    monkeypatch.setattr(collector, "look_less_often", lambda: None)
    return times


@pytest.mark.django_db
def test_it_reads_ahead_and_hands_on_no_connection(monkeypatch, closed):
    read = []
    monkeypatch.setattr(tasks, "read_ahead", lambda: read.append(len(closed)))
    gunicorn.when_ready(SERVER)
    assert (read, len(closed)) == ([0], 1)


def test_without_a_database_it_starts_and_says_so(monkeypatch, closed, caplog):
    def away():
        raise OperationalError("password of somebody")

    monkeypatch.setattr(tasks, "read_ahead", away)
    with caplog.at_level(logging.WARNING):
        gunicorn.when_ready(SERVER)
    assert len(closed) == 1
    assert "OperationalError" in caplog.text
    assert "password" not in caplog.text
