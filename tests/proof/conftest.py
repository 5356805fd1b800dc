"""Sites to be proved: each has data of its own and goes away afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.setup import HOUSE, PYTHON
from tests import servers

BASE = {"WEB_CONCURRENCY": "2"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder races."""
    for item in items:
        if "tests/proof" in item.path.as_posix():
            item.add_marker(pytest.mark.race)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.database)


def databases() -> list[Any]:
    """
    Return the databases to prove things on.

    The one of DATABASE_URL where that is set; else SQLite, and with PROOF_POSTGRESQL=1 a PostgreSQL made for it as well.
    """
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return [pytest.param("told", id="postgresql")]
    found = [pytest.param("", id="sqlite")]
    if os.environ.get("PROOF_POSTGRESQL"):
        found.append(pytest.param("own", id="postgresql"))
    return found


@pytest.fixture(scope="session", params=databases())
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of the database server, empty for SQLite."""
    if request.param == "own":
        with servers.postgresql() as address:
            yield address
    else:
        yield os.environ["DATABASE_URL"] if request.param == "told" else ""


@contextlib.contextmanager
def proof_site(
    database: str,
    *,
    settings: str = "tests.proof.settings",
    environ: dict[str, str] | None = None,
    disk: Path | None = None,
    server: servers.PostgreSQL | None = None,
) -> Iterator[servers.Site]:
    """Start the site with the proofs' settings. See `servers.site`."""
    told = {**BASE, "DJANGO_SETTINGS_MODULE": settings} | (environ or {})
    with servers.site(database=database, environ=told, disk=disk, server=server) as running:
        yield running


def ask(site: servers.Site, module: str, *arguments: object) -> Any:
    """Run a module of the proofs on the site's data and return what it printed last, out of JSON."""
    done = subprocess.run(
        [PYTHON, "-m", f"tests.proof.{module}", *map(str, arguments)],
        cwd=HOUSE, env=site.place.environ, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])
