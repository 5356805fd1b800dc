"""Whoever searches never waits long for Elasticsearch, whatever it does: no server is needed to see that."""

from __future__ import annotations

import time

import pytest

from search.backends import elastic_line
from search.backends.elastic_line import Away, Line
from tests.elasticsearch.between import Mood, between


def ask(line: Line) -> object:
    return line.ask(lambda client: client.search(index="services", size=0))


@pytest.mark.parametrize(
    ("mood", "because"), [(Mood.HUNG, "timeout"), (Mood.TRICKLING, "timeout"), (Mood.GONE, "Connection")]
)
def test_what_does_not_answer_is_given_up_and_not_asked_again_soon(mood, because):
    with between() as server:
        server.mood = mood
        line = Line(server.url, patience=0.2)
        began = time.monotonic()
        with pytest.raises(Away, match=because):
            ask(line)
        connections = len(server.open)
        for _ in range(20):
            with pytest.raises(Away):
                ask(line)
        assert len(server.open) == connections
        assert time.monotonic() - began < 5  # twenty times the patience would be 4 s more than one


def test_no_more_is_under_way_than_a_few(monkeypatch):
    monkeypatch.setattr(elastic_line, "MOST_UNDER_WAY", 2)
    monkeypatch.setattr(elastic_line, "CUT_SECONDS", 0.0)
    with between() as server:
        server.mood = Mood.TRICKLING
        line = Line(server.url, patience=0.3)
        for _ in range(4):
            line.mend()
            with pytest.raises(Away):
                ask(line)
        assert line.because == "too many questions under way"
        assert len(server.open) <= 2


def test_after_a_while_one_trial_with_nobody_waiting_mends_the_line(monkeypatch):
    monkeypatch.setattr(elastic_line, "CUT_SECONDS", 0.0)
    with between() as server:
        server.mood = Mood.HUNG
        line = Line(server.url, patience=0.1)
        line.trial = lambda client: "well"
        with pytest.raises(Away):
            ask(line)
        for _ in range(200):
            if not line.is_cut():
                break
            time.sleep(0.01)
        assert not line.is_cut()


def test_its_key_goes_with_every_question():
    import socket
    import threading

    told = []
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        caller, _ = listener.accept()
        with caller:
            told.append(caller.recv(65536).decode())

    threading.Thread(target=listen, daemon=True).start()
    with listener:
        line = Line(f"http://127.0.0.1:{listener.getsockname()[1]}", api_key="c2VjcmV0", patience=2)
        with pytest.raises(Away):
            ask(line)
    assert "authorization: ApiKey c2VjcmV0" in told[0]
