"""
Set-up: what must be there before the site can start or be tested, each part made once.

Runs on any Python 3.11 with nothing installed, because it makes the environment that everything else runs in. A step is
skipped while what it was made from is unchanged: every step leaves the fingerprint of its inputs behind, and a start
with nothing to do reads a few files and does not load Django at all.

    python -m config.setup          everything that `make run` needs, without starting it
    python -m config.setup tests    what `make test` needs: the environment with the test tools, and the front-end parts
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
ENVIRONMENT = HOUSE / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
APPS = ("config", "cms", "brokering", "training", "search", "directory", "safekeeping")
OLDEST_NODE = 20


class SetupFailed(Exception):
    """A step could not be done; the message is for the person who typed the command."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where this installation keeps its data, and how its processes are told."""

    var: Path
    environ: dict[str, str]

    @classmethod
    def of(cls, environ: dict[str, str]) -> Place:
        """Read VAR_DIR, DATABASE_URL and the rest from ``environ``."""
        var = Path(environ.get("VAR_DIR") or HOUSE / "var").resolve()
        told = {
            **environ,
            "VAR_DIR": str(var),
            "DJANGO_SETTINGS_MODULE": environ.get("DJANGO_SETTINGS_MODULE", "config.settings.development"),
            "PYTHONUNBUFFERED": "1",
        }
        return cls(var=var, environ=told)

    @property
    def database(self) -> str:
        """The address of the database, empty for the SQLite file in ``var``."""
        return self.environ.get("DATABASE_URL", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of set-up: from what it is made, what it leaves, and how."""

    name: str
    told: str
    made_from: Callable[[], str]
    still_there: Callable[[], bool]
    do: Callable[[], None]
    remembered_in: Path


# --- fingerprints -----------------------------------------------------------------------------------------------------


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """Return a hash of the names and contents of ``files`` and of the given words; a missing file counts as missing."""
    told = hashlib.sha256()
    for file in sorted(set(files)):
        told.update(f"{file}\0".encode())
        told.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"-")
    for word in words:
        told.update(f"{word}\0".encode())
    return told.hexdigest()


def files_in(*patterns: str) -> list[Path]:
    """Return the project's files that match the patterns, seen from the top of the house."""
    return [file for pattern in patterns for file in HOUSE.glob(pattern) if file.is_file()]


def app_files(pattern: str) -> list[Path]:
    """Return the files that match ``pattern`` in any app."""
    return files_in(*(f"{app}/{pattern}" for app in APPS))


def remembered(file: Path) -> dict[str, str]:
    """Return the fingerprints kept in ``file``, none if it is missing or broken."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(file: Path, name: str, value: str) -> None:
    """Keep the fingerprint of the step ``name``, or forget it if ``value`` is empty."""
    kept = remembered(file)
    if value:
        kept[name] = value
    else:
        kept.pop(name, None)
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    scratch.replace(file)


def birth_of(place: Place) -> str:
    """
    Return the moment of the database's first migration, empty if it has had none.

    It tells one database from another at the same address: somebody may have dropped it since.
    """
    question = "SELECT min(applied) FROM django_migrations"
    if not place.database or place.database.startswith("sqlite:"):
        file = Path(place.database.removeprefix("sqlite:///")) if place.database else place.var / "alongside.sqlite3"
        if not file.exists():
            return ""
        try:
            with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                return str(connection.execute(question).fetchone()[0] or "")
        except sqlite3.Error:
            return ""
    if not PYTHON.exists():
        return ""
    ask = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_URL'], connect_timeout=5) as c:\n"
        "    there = c.execute(\"SELECT to_regclass('django_migrations')\").fetchone()[0]\n"
        f"    print(c.execute('{question}').fetchone()[0] or '' if there else '')\n"
    )
    asked = subprocess.run([PYTHON, "-c", ask], env=place.environ, capture_output=True, text=True)
    if asked.returncode:
        raise SetupFailed(f"The database at DATABASE_URL does not answer:\n{asked.stderr.strip().splitlines()[-1]}")
    return asked.stdout.strip()


# --- doing ------------------------------------------------------------------------------------------------------------


def call(*command: str | Path, place: Place, saved_as: Path | None = None) -> None:
    """
    Run a command quietly; what it says is kept in ``var/set-up.log``.

    :raises SetupFailed: with the last lines it said, if it fails
    """
    place.var.mkdir(parents=True, exist_ok=True)
    log = place.var / "set-up.log"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=HOUSE, env=place.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    with log.open("a", encoding="utf-8") as out:
        out.write(f"$ {' '.join(str(part) for part in command)}\n{done.stdout}{done.stderr}\n")
    if done.returncode:
        said = "\n".join(f"    {line}" for line in (done.stdout + done.stderr).strip().splitlines()[-25:])
        what = " ".join(map(str, command[1:4]))
        raise SetupFailed(f"{Path(command[0]).name} {what} failed:\n{said}\n    (all of it: {log})")
    if saved_as:
        saved_as.write_text(done.stdout, encoding="utf-8")


def make_environment(place: Place, lock: str) -> None:
    """
    Make `.venv` if it is missing, and install what ``lock`` names, each file checked against its hash.

    :raises SetupFailed: if there is neither `venv` nor pip
    """
    if not PYTHON.exists():
        try:
            call(sys.executable, "-m", "venv", ENVIRONMENT, place=place)
        except SetupFailed:  # Debian's Python without python3-venv: no pip to put inside, so the one outside is used
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            call(sys.executable, "-m", "venv", "--without-pip", ENVIRONMENT, place=place)
    install(place, lock)


def install(place: Place, lock: str) -> None:
    """Install the packages of a lock file into the environment."""
    inside = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    pip: list[str | Path] = [PYTHON, "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", PYTHON]
    call(
        *pip, "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes",
        "--requirement", HOUSE / lock, place=place,
    )  # fmt: skip


def node_is_there(environ: dict[str, str]) -> bool:
    """Tell whether PATH has npm and a Node that is new enough."""
    node, npm = (shutil.which(name, path=environ.get("PATH")) for name in ("node", "npm"))
    if not node or not npm:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)", said)
    return version is not None and int(version[1]) >= OLDEST_NODE


def fetch_front_end(place: Place) -> None:
    """Fetch and cut to size the design system's parts, with Node from PATH or, without one, from PyPI."""
    environ = place.environ
    if not node_is_there(environ):
        environ = {**environ, "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{environ.get('PATH', '')}"}
        if not node_is_there(environ):
            install(place, "requirements-node.lock")
    fetch = "from config.frontend import make; make()"  # not through manage.py: it would load all of Django
    call(PYTHON, "-c", fetch, place=Place(var=place.var, environ=environ))


def steps_for_tools(place: Place, *, tests: bool) -> Iterator[Step]:
    """Yield the steps whose results stay in the project's folder: the environment and the front-end parts."""
    kept = ENVIRONMENT / "set-up.json"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    lock = "requirements-dev.lock" if tests else "requirements.lock"
    # The longer lock holds all of the shorter one: who has run the tests need not install again to run the site.
    with_tools = fingerprint(files_in("requirements*.lock"), python, "requirements-dev.lock")
    enough = {with_tools, fingerprint(files_in("requirements*.lock"), python, lock)}

    def packages() -> str:
        had = remembered(kept).get("packages", "")
        return had if had in enough else fingerprint(files_in("requirements*.lock"), python, lock)

    yield Step(
        name="packages",
        told="Python packages, with the tools for tests" if tests else "Python packages",
        made_from=packages,
        still_there=PYTHON.exists,
        do=lambda: make_environment(place, lock),
        remembered_in=kept,
    )
    vendor = HOUSE / "config" / "static" / "vendor"
    yield Step(
        name="front end",
        told="Front-end parts (design system, typeface)",
        made_from=lambda: fingerprint(files_in("package.json", "package-lock.json", "config/frontend.py")),
        still_there=lambda: vendor.is_dir() and any(vendor.iterdir()),
        do=lambda: fetch_front_end(place),
        remembered_in=kept,
    )


def steps_for_data(place: Place) -> Iterator[Step]:
    """Yield the steps whose results stay in ``var`` and in the database."""
    kept = place.var / "set-up.json"
    at = hashlib.sha256(place.database.encode()).hexdigest()[:8]
    lock = files_in("requirements.lock")
    city = files_in(f"config/cities/{place.environ.get('CITY', '*')}/**/*")

    def step(name: str, told: str, files: list[Path], *, still_there: Callable[[], bool], in_database: bool) -> Step:
        return Step(
            name=f"{name} {at}" if in_database else name,
            told=told,
            made_from=lambda: fingerprint(files, birth_of(place) if in_database else ""),
            still_there=still_there,
            do=lambda: call(PYTHON, "manage.py", *name.split(), place=place),
            remembered_in=kept,
        )

    def is_born() -> bool:
        return bool(birth_of(place))

    yield step(
        "collectstatic --no-input --verbosity=0",
        "Styles, scripts and pictures",
        [*lock, *app_files("static/**/*"), *files_in("config/settings/*.py")],
        still_there=(place.var / "static").is_dir,
        in_database=False,
    )
    yield step(
        "migrate --no-input",
        "Database tables",
        [*lock, *app_files("migrations/*.py")],
        still_there=is_born,
        in_database=True,
    )
    yield step(
        "load_postcodes",
        "Postcodes of the whole country",
        files_in("config/data-packages.txt", "config/councils.csv", "directory/postcodes.py"),
        still_there=(place.var / "postcodes.sqlite3").is_file,
        in_database=False,
    )
    yield step(
        "draw_outlines",
        "Outlines of wards and councils, for maps",
        [
            *files_in("config/cities/*/wards.csv", "config/cities/*/postcode_wards.csv", "config/data-packages.txt"),
            *files_in("directory/outlines.py", "directory/area_maps.py"),
        ],
        still_there=(place.var / "outlines.json").is_file,
        in_database=False,
    )
    yield step(
        "load_places",
        "Wards, neighbourhoods and councils",
        [*city, *files_in("directory/management/commands/load_places.py")],
        still_there=is_born,
        in_database=True,
    )
    yield step(
        "load_vocabularies",
        "Words to sort services by",
        [*city, *files_in("directory/vocabularies.py", "directory/vocabularies.toml")],
        still_there=is_born,
        in_database=True,
    )
    yield step(
        "setup",
        "First pages, stewards' groups and moderation",
        [*city, *files_in("cms/groups.py", "cms/seed.py", "cms/workflows.py")],
        still_there=is_born,
        in_database=True,
    )
    yield step(
        "load_sample",
        "Sample services, people and requests",
        [*city, *app_files("*sample.py"), *app_files("management/commands/load_sample.py")],
        still_there=is_born,
        in_database=True,
    )
    yield step(
        "reindex",
        "Search index",
        [*city, *app_files("*sample.py"), *files_in("search/documents.py", "search/backends/*.py")],
        still_there=is_born,
        in_database=True,
    )
    people = place.var / "people.txt"
    yield Step(
        name=f"sample_people {at}",
        told="List of sample people",
        made_from=lambda: fingerprint(
            [*city, *app_files("*sample.py"), *app_files("management/commands/sample_people.py")], birth_of(place)
        ),
        still_there=people.is_file,
        do=lambda: call(PYTHON, "manage.py", "sample_people", place=place, saved_as=people),
        remembered_in=kept,
    )


def take(steps: Iterable[Step], *, say: Callable[[str], None] = print) -> int:
    """
    Do the steps that are not done; return how many there were to do.

    :raises SetupFailed: if one of them fails; those before it stay done
    """
    taken = 0
    for step in steps:
        if step.still_there() and remembered(step.remembered_in).get(step.name) == step.made_from():
            continue
        taken += 1
        remember(step.remembered_in, step.name, "")
        started = time.monotonic()
        with ticking(step.told, say=say):
            step.do()
        remember(step.remembered_in, step.name, step.made_from())
        say(f"  ✓ {step.told} ({time.monotonic() - started:.0f} s)")
    return taken


@contextlib.contextmanager
def ticking(told: str, *, say: Callable[[str], None], every: float = 15) -> Iterator[None]:
    """Say what is being done, and again every ``every`` seconds while it goes on."""
    finished = threading.Event()
    started = time.monotonic()

    def tick() -> None:
        while not finished.wait(every):
            say(f"  … {told}, {time.monotonic() - started:.0f} s so far")

    say(f"  … {told}")
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        finished.set()
        ticker.join()


@contextlib.contextmanager
def only_one(path: Path, *, wait: bool = True) -> Iterator[None]:
    """
    Let nobody else into the same block while this process is in it.

    :raises BlockingIOError: if somebody is and we do not ``wait``
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


def set_up(environ: dict[str, str], *, tests: bool = False, say: Callable[[str], None] = print) -> Place:
    """
    Bring this folder and, unless it is for ``tests``, the installation's data up to date.

    :raises SetupFailed: if something could not be done
    """
    place = Place.of(environ)
    place.var.mkdir(parents=True, exist_ok=True)
    # Two starts at once: the second waits, then finds everything done.
    with only_one(HOUSE / "requirements.lock"):
        taken = take(steps_for_tools(place, tests=tests), say=say)
    if not tests:
        with only_one(place.var):
            taken += take(steps_for_data(place), say=say)
    if taken:
        say("  Set-up is complete.")
    return place


def main() -> int:
    """Set up and say how it went."""
    if sys.version_info < (3, 11):
        print(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    try:
        set_up(dict(os.environ), tests="tests" in sys.argv[1:])
    except SetupFailed as failure:
        print(f"\nSet-up stopped: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
