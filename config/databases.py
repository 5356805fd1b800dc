"""DATABASE_URL to Django's settings, with the options that keep places and audit exact on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# IMMEDIATE: the first statement of a transaction takes the write lock, so that two writers wait instead of failing
# ("database is locked"). FULL: a commit that was answered survives a power cut. Of the file a gigabyte is read as memory, which
# all processes share: a search among many thousands of services does not fit into a connection's own pages.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;"
        f"PRAGMA cache_size=-32000;PRAGMA mmap_size={2**30};"
    ),
}
# Whatever the server does for others: here nobody is told "done" before it is on the disk. No statement is compiled or shared among
# processes: each is asked once for a page, and takes milliseconds. What is asked lies in memory: a page costs little more wherever
# it is (random_page_cost), a service's row is two kilobytes to look into (cpu_tuple_cost), and 100,000 are put in order in 16 MB.
POSTGRESQL_OPTIONS = {
    "options": (
        "-c synchronous_commit=on -c statement_timeout=15s -c lock_timeout=10s -c jit=off "
        "-c idle_in_transaction_session_timeout=30s -c max_parallel_workers_per_gather=0 "
        "-c random_page_cost=1.1 -c cpu_tuple_cost=0.05 -c work_mem=16MB"
    ),
}


def database_from(address: str, *, default: Path) -> dict[str, Any]:
    """
    Return Django's description of the database at ``address``: ``sqlite:///file`` or ``postgresql://user@host/name``.

    :raises ValueError: if the address is of another kind
    """
    if not address:
        default.parent.mkdir(parents=True, exist_ok=True)
        return sqlite(default)
    parts = urlsplit(address)
    match parts.scheme:
        case "sqlite":
            return sqlite(Path(unquote(parts.path.removeprefix("/"))))
        case "postgres" | "postgresql":
            query = dict(parse_qsl(parts.query))
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": query.pop("host", None) or parts.hostname or "",
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {**POSTGRESQL_OPTIONS, **query},
            }
        case other:
            raise ValueError(f"DATABASE_URL: {other}:// is neither sqlite:// nor postgresql://")


def sqlite(file: Path) -> dict[str, Any]:
    """
    Return the description of the SQLite database in ``file``.

    Connections stay open: the last one to close takes the files of the write-ahead log away, and on a full disk they
    could not be made again, so that nobody could even read.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": SQLITE_OPTIONS,
    }
