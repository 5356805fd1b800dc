"""
The test database as the migrations leave it, kept between runs: making it anew costs more than most tests.

On SQLite it is a file, on PostgreSQL a database of which others are made as copies. Its name holds what it was made from: every
migration, the locks and the version of SQLite. Django still asks its migrations whether anything is due, so that a
database out of it is the one that they would make.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

from django.conf import settings

ON_POSTGRESQL = "alongside_migrated_"
A_DAY = 24 * 60 * 60
HOUSE = Path(__file__).resolve().parent.parent


def made_from() -> str:
    """Return a mark of all that decides what the migrations make."""
    mark = hashlib.sha256(sqlite3.sqlite_version.encode())
    for file in sorted(
        [*HOUSE.glob("*/migrations/*.py"), *HOUSE.glob("requirements*.lock"), *HOUSE.glob("config/settings/*.py")]
    ):
        mark.update(file.relative_to(HOUSE).as_posix().encode() + file.read_bytes())
    return mark.hexdigest()[:16]


def template() -> Path:
    """Return where the migrated database is kept, whether it is there or not."""
    kept: Path = settings.VAR / f"migrated-{made_from()}.sqlite3"
    return kept


def on_postgresql() -> str:
    """Return the name of the migrated database on a PostgreSQL."""
    return ON_POSTGRESQL + made_from()


def fill(connection: Any, **_: Any) -> None:
    """Fill a database in memory that has just been opened and is empty; a receiver of `connection_created`."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db() or not template().exists():
        return
    if connection.connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        with contextlib.closing(sqlite3.connect(f"{template().as_uri()}?mode=ro", uri=True)) as kept:
            kept.backup(connection.connection)


def lay(file: Path) -> None:
    """Let a database in a file begin there, too, if one is kept and the file is not there yet."""
    if template().exists() and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        shutil.copy(template(), unfinished)
        unfinished.replace(file)


def keep(connection: Any) -> None:
    """Keep the database that was just made, if none like it is kept; those of other days go."""
    file = template()
    if connection.vendor != "sqlite" or file.exists():
        return
    unfinished = file.with_suffix(f".{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    for older in file.parent.glob("migrated-*"):
        if time.time() - older.stat().st_mtime > A_DAY:
            older.unlink(missing_ok=True)
    unfinished.replace(file)
