"""A database that a bench makes for itself and takes away: SQLite, or with DATABASE_URL beside the PostgreSQL that it names."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def run(measure: Callable[[], dict]) -> None:
    """Print what ``measure`` returns as one JSON line; it starts Django itself, on settings that are in place by then."""
    told = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        Path(folder, "static").mkdir()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        if not told.startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
            print(json.dumps(measure()))
            return
        from tests.servers import ask_postgresql, named

        own = f"alongside_bench_{os.getpid()}"
        ask_postgresql(told, f"CREATE DATABASE {own}")
        try:
            os.environ["DATABASE_URL"] = named(told, own)
            print(json.dumps(measure()))
        finally:
            ask_postgresql(told, f"DROP DATABASE {own} WITH (FORCE)")
