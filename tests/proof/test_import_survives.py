"""T-KILL for imports: the worker is killed in the middle of a chunk, twice; another goes on; nothing is doubled or lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.setup import HOUSE, PYTHON
from tests import migrated, servers

ROWS = 130


@pytest.fixture
def own(database) -> Iterator[dict[str, str]]:
    """Yield the environment of a database that is this test's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "static").mkdir()
        name = f"alongside_import_{os.getpid()}"
        address = servers.named(database, name) if database else f"sqlite:///{folder}/own.sqlite3"
        if database:
            servers.migrated_on(database, wait=True)
            servers.ask_postgresql(database, f"CREATE DATABASE {name} TEMPLATE {migrated.on_postgresql()}")
        else:
            migrated.lay(Path(folder, "own.sqlite3"))
        told = {**servers.told_to_children(), "VAR_DIR": folder, "DATABASE_URL": address}
        yield told | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "CHUNK": "50"}
        if database:
            name = urlsplit(address).path.lstrip("/")
            servers.ask_postgresql(database, f"DROP DATABASE {name} WITH (FORCE)")


def step(environ: dict[str, str], *arguments: str) -> dict:
    done = subprocess.run(
        [PYTHON, "-m", "tests.proof.importing", *arguments], cwd=HOUSE, env=environ, capture_output=True, text=True
    )
    if done.returncode == -signal.SIGKILL:
        return {"killed": True}
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_killed_twice_half_way_it_is_resumed_with_nothing_doubled_or_lost(own):
    step(own, "prepare", str(ROWS))
    for kill_at in ("70", "20"):
        assert step(own, "work", kill_at) == {"killed": True}
        now = step(own, "tally")
        assert now["services"] == now["rows"]["done"], "an entry without its note, or a note without its entry"
        assert now["not_noted"] == 0
        assert now["services"] < ROWS
    assert step(own, "work", "0")["state"] == "applied"
    now = step(own, "tally")
    for name in ("services", "live", "standings", "areas", "times", "revisions"):
        assert now[name] == ROWS, (name, now)
    assert now["organizations"] == ROWS
    assert now["rows"] == {"done": ROWS}


def test_without_its_transaction_the_same_kill_loses_something(own):
    step(own, "prepare", str(ROWS))
    assert step(own, "work", "70", "unguarded") == {"killed": True}
    now = step(own, "tally")
    assert now["services"] != now["rows"].get("done", 0) or now["not_noted"], now
