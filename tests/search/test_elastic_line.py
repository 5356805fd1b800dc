"""Whoever searches never waits long for Elasticsearch, whatever it does: no server is needed to see that."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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


WELL = b"HTTP/1.1 200 OK\r\nX-Elastic-Product: Elasticsearch\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def until(caller: socket.socket, end: bytes) -> None:
    """Read up to that."""
    told = b"-"
    while told and not told.endswith(end):
        told = caller.recv(65536)


@contextmanager
def well_at_first(*, trickling: bool) -> Iterator[tuple[str, list[socket.socket]]]:
    """Answer the first question on each connection, and of the next one nothing, or a byte now and then."""
    callers: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def treat(caller: socket.socket) -> None:
        with suppress(OSError), caller:
            until(caller, b"}")
            caller.sendall(WELL)
            until(caller, b"}")
            while trickling:
                time.sleep(0.05)
                caller.sendall(b"H")
            until(caller, b"never")

    def listen() -> None:
        with suppress(OSError):
            while True:
                callers.append(listener.accept()[0])
                threading.Thread(target=treat, args=(callers[-1],), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    with listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", callers


@pytest.mark.parametrize("trickling", [False, True])
def test_on_a_connection_that_is_there_a_question_keeps_its_deadline_without_another_thread(trickling):
    asking: list[int] = []

    def question(client):
        asking.append(threading.get_ident())
        return client.search(index="services", size=0)

    with well_at_first(trickling=trickling) as (url, callers):
        line = Line(url, patience=0.4)
        line.ask(question)  # this one has to connect, which may take longer than anybody can be promised
        assert asking.pop(0) == threading.get_ident() != asking.pop(0)
        began = time.monotonic()
        with pytest.raises(Away, match="timeout"):
            line.ask(question)
        assert 0.3 < time.monotonic() - began < 2
        assert (asking, len(callers)) == ([threading.get_ident()], 1)
        assert line.is_cut()


def test_threads_are_kept_and_a_copy_of_the_process_begins_its_own(monkeypatch):
    line = Line("http://127.0.0.1:1", patience=5)
    hands = {line.tell(lambda client: threading.get_ident()) for _ in range(5)}
    assert len(hands) == 1
    monkeypatch.setattr("search.backends.elastic_line.os.getpid", lambda: -1)
    assert line.tell(lambda client: threading.get_ident()) not in hands


def test_settings_that_cannot_be_used_are_no_error_for_a_reader(tmp_path, caplog):
    line = Line("https://127.0.0.1:1", api_key="c2VjcmV0", ca=str(tmp_path / "missing.pem"))
    with pytest.raises(Away, match="settings"):
        ask(line)
    assert "ELASTICSEARCH_CA" in caplog.text
    assert "c2VjcmV0" not in caplog.text


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
