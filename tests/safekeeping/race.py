"""Real threads on a real database: the test database itself on PostgreSQL, a copy of it in a file on SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.db import connection, connections


def copied_to_file(tmp_path, monkeypatch) -> None:
    """
    Let new threads (and this one) work on a file with the options of production; nothing to do on PostgreSQL.

    As in production, the file has its write-ahead log before many open it at once: SQLite changes to that mode safely
    only while nobody else is there.
    """
    if connection.vendor != "sqlite":
        return
    file = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    with closing(sqlite3.connect(file)) as first:
        assert first.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    monkeypatch.setitem(connections.databases["default"], "NAME", str(file))


def together(*works: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment, each in a thread with a connection of its own; return what each returned."""
    barrier = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            found[number] = work()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
