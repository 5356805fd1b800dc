"""
Real servers for tests: the site behind gunicorn with data of its own, and PostgreSQL in a folder that goes away.

    python -m tests.servers postgresql make test     runs a command with DATABASE_URL set to a fresh PostgreSQL
"""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config.run import Part, answers, end
from config.setup import (
    HOUSE,
    PYTHON,
    Place,
    app_files,
    files_in,
    fingerprint,
    only_one,
    steps_for_data,
    take,
)
from tests import migrated
from tests.migrated import A_DAY

HERE = Path(tempfile.gettempdir()) / f"alongside-tests-{os.getuid()}"
HOW_TO_GET_A_SMALL_DISK = (
    "nobody here may mount a disk; to run this as well: as root, with sudo, or behind `unshare -rm`"
)
HOW_TO_GET_POSTGRESQL = "PostgreSQL is not installed; to run this as well: apt-get install postgresql"


class NoPostgreSQL(RuntimeError):
    """This machine has no PostgreSQL server."""


class NoSmallDisk(RuntimeError):
    """Nobody lets us mount a disk that a test may fill."""


def free_port() -> int:
    """Return a port of this machine that nobody uses at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


# --- the site ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Site:
    """A running site: where it is, what it has said, and how to ask its own commands."""

    address: str
    place: Place
    said: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> Part:
        """Start one more process of the site, such as ``start("worker", "manage.py", "worker")``."""
        part = Part.start(name, *arguments, place=self.place, say=self.said.append)
        self.parts.append(part)
        return part

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run a management command on the site's data and return what it printed."""
        done = subprocess.run(
            [PYTHON, "manage.py", *arguments], cwd=HOUSE, env=self.place.environ, capture_output=True, text=True
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


def prepared(database: str = "") -> Place:
    """
    Return a place that is set up with sample data of today, making it once for all test runs of this user.

    ``database`` is the address of a PostgreSQL database for it, empty for SQLite.
    """
    # Another working copy has other migrations, so it has another place; and where a sample lies already, set-up adds
    # nothing to it, so another sample has another place, too.
    made_from = fingerprint([*files_in("config/cities/**/*"), *app_files("*sample.py")], str(HOUSE))
    var = HERE / f"prepared-{made_from[:8]}-{datetime.now(UTC).date()}"
    var.mkdir(parents=True, exist_ok=True)
    for older in HERE.glob("prepared-*"):
        if older.stat().st_mtime < time.time() - 2 * A_DAY:
            shutil.rmtree(older, ignore_errors=True)
    place = Place.of({**told_to_children(), "VAR_DIR": str(var), "DATABASE_URL": database})
    with only_one(var):
        if not database:
            migrated.lay(var / "alongside.sqlite3")
        take(steps_for_data(place), say=lambda line: None)
    return place


def told_to_children() -> dict[str, str]:
    """Return the environment without what belongs to this test process only."""
    own = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "VAR_DIR", "DEBUG", "PORT", "BASE_URL"}
    return {name: value for name, value in os.environ.items() if name not in own and not name.startswith("PYTEST_")}


def named(address: str, name: str) -> str:
    """Return the address of another database on the same PostgreSQL."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def ask_postgresql(address: str, *statements: str) -> None:
    """Run statements that cannot be in a transaction, such as CREATE DATABASE."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextlib.contextmanager
def site(
    *,
    database: str | None = None,
    environ: dict[str, str] | None = None,
    disk: Path | None = None,
    server: PostgreSQL | None = None,
) -> Iterator[Site]:
    """
    Start the site with sample data of its own, and end it.

    ``database`` is the address of any database of a PostgreSQL on which ours may be made; empty for SQLite; without it
    DATABASE_URL decides. ``environ`` adds to what the processes are told. ``disk`` is a folder for what the site writes:
    with SQLite all of it, else the tables. ``server`` is another PostgreSQL that keeps the site's data.
    """
    address = os.environ.get("DATABASE_URL", "") if database is None else database
    port = free_port()
    on_postgresql = address.startswith("postgres")
    var = Path(tempfile.mkdtemp(prefix="alongside-site-", dir=None if on_postgresql else disk))
    own = tablespace = ""
    try:
        if on_postgresql:
            name = f"alongside_{os.getpid()}_{port}"
            own = named(server.address if server else address, name)
            template = "alongside_prepared"
            with only_one_of(template):
                migrated_on(address, wait=True)
                with contextlib.suppress(Exception):  # it is there already
                    ask_postgresql(address, f"CREATE DATABASE {template} TEMPLATE {migrated.on_postgresql()}")
                ready = prepared(named(address, template))
                create = f"CREATE DATABASE {name} TEMPLATE {template}"
                if server:
                    ask_postgresql(server.address, f"CREATE DATABASE {name}")
                    copy_database(named(address, template), own)
                elif disk:
                    tablespace = f"small_{port}"
                    ask_postgresql(address, f"CREATE TABLESPACE {tablespace} LOCATION '{for_tables(address, disk)}'")
                    ask_postgresql(address, f"{create} TABLESPACE {tablespace}")
                else:
                    ask_postgresql(address, create)
        else:
            ready = prepared()
            with (
                contextlib.closing(sqlite3.connect(ready.var / "alongside.sqlite3")) as kept,
                contextlib.closing(sqlite3.connect(var / "alongside.sqlite3")) as copy,
            ):
                kept.backup(copy)
        for name in ("static", "postcodes.sqlite3", "outlines.json"):  # read only, so one for all will do
            (var / name).symlink_to(ready.var / name)
        for name in ("keys.json", "people.txt"):
            shutil.copy(ready.var / name, var / name)
        told = {**told_to_children(), "VAR_DIR": str(var), "DATABASE_URL": own, "PORT": str(port)}
        told |= {"BASE_URL": f"http://127.0.0.1:{port}"} | (environ or {})
        running = Site(address=f"http://127.0.0.1:{port}", place=Place.of(told))
        try:
            serve(running)
            yield running
        finally:
            end(running.parts)
    finally:
        if own and not server:
            ask_postgresql(address, f"DROP DATABASE IF EXISTS {urlsplit(own).path.lstrip('/')} WITH (FORCE)")
        if tablespace:
            ask_postgresql(address, f"DROP TABLESPACE IF EXISTS {tablespace}")
        shutil.rmtree(var, ignore_errors=True)


def migrated_on(address: str, *, wait: bool = False) -> bool:
    """
    Make the database on a PostgreSQL that the migrations leave, for copies; tell whether it is there.

    It is not while another process makes it, unless we ``wait``: to make our own meanwhile takes no longer.
    """
    name = migrated.on_postgresql()
    try:
        with only_one_of(name, wait=wait):
            if name not in databases_of(address):
                unfinished = f"{name}_unfinished"
                ask_postgresql(address, f"DROP DATABASE IF EXISTS {unfinished}", f"CREATE DATABASE {unfinished}")
                told = {**told_to_children(), "DATABASE_URL": named(address, unfinished), "VAR_DIR": str(HERE)}
                migrate = [PYTHON, "manage.py", "migrate", "-v0"]
                subprocess.run(migrate, cwd=HOUSE, env=Place.of(told).environ, check=True)
                older = [one for one in databases_of(address) if one.startswith(migrated.ON_POSTGRESQL)]
                ask_postgresql(
                    address,
                    *(f"DROP DATABASE {one}" for one in older if one != unfinished),
                    f"ALTER DATABASE {unfinished} RENAME TO {name}",
                )
    except BlockingIOError:
        return False
    return True


def databases_of(address: str) -> list[str]:
    """Return the names of the databases that a PostgreSQL has."""
    import psycopg

    with psycopg.connect(address) as connection:
        return [name for (name,) in connection.execute("SELECT datname FROM pg_database")]


@contextlib.contextmanager
def only_one_of(name: str, *, wait: bool = True) -> Iterator[None]:
    """
    Let one test process at a time make or copy ``name``.

    :raises BlockingIOError: if another one does and we do not ``wait``
    """
    folder = HERE / f"lock-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder, wait=wait):
        yield


def serve(running: Site, *, seconds: float = 60) -> None:
    """Start the web server and wait until it answers."""
    web = running.start("web", "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi")
    deadline = time.monotonic() + seconds
    while not answers(running.address):
        if web.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError("The site does not start:\n" + "\n".join(running.said[-30:]))
        time.sleep(0.1)


# --- a disk that can be filled ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of a few megabytes that can be filled to the last byte and emptied again."""

    folder: Path

    @property
    def ballast(self) -> Path:
        """The file that takes what room is left."""
        return self.folder / "ballast"

    def fill(self) -> None:
        """Leave no room for another byte."""
        with self.ballast.open("ab", buffering=0) as ballast:
            for size in (1024 * 1024, 4096, 1):
                with contextlib.suppress(OSError):
                    while ballast.write(b"\0" * size):
                        pass

    def empty(self) -> None:
        """Take away what fills it."""
        self.ballast.unlink(missing_ok=True)

    def is_full(self) -> bool:
        """Tell whether not even one more page of four kilobytes can be written."""
        trial = self.folder / "trial"
        try:
            trial.write_bytes(b"\0" * 4096)
        except OSError as refusal:
            return refusal.errno == errno.ENOSPC
        finally:
            with contextlib.suppress(FileNotFoundError):
                trial.unlink()
        return False


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """
    Mount a disk of so many megabytes in memory, and take it away again.

    :raises NoSmallDisk: if nobody lets us mount one
    """
    folder = Path(tempfile.mkdtemp(prefix="alongside-disk-"))
    options = f"size={megabytes}m,mode=0755,uid={os.getuid()},gid={os.getgid()}"
    as_root: list[str] = []
    try:
        for as_root in ([], ["sudo", "-n"]):
            if as_root and not shutil.which(as_root[0]):
                raise NoSmallDisk(HOW_TO_GET_A_SMALL_DISK)
            mount = [*as_root, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
            if not subprocess.run(mount, stdin=subprocess.DEVNULL, capture_output=True).returncode:
                break
        else:
            raise NoSmallDisk(HOW_TO_GET_A_SMALL_DISK)
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run([*as_root, "umount", "--lazy", str(folder)], check=True, capture_output=True)
    finally:
        folder.rmdir()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def for_tables(address: str, disk: Path) -> Path:
    """
    Return a folder on the disk that belongs to whoever runs this PostgreSQL.

    :raises NoSmallDisk: if that is not for us to give
    """
    import psycopg

    with psycopg.connect(address) as connection:
        [told] = connection.execute("SHOW data_directory").fetchone() or [""]
    folder = disk / "tables"
    folder.mkdir(mode=0o700)
    try:
        owner = Path(told).stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
    except OSError as refusal:
        raise NoSmallDisk(f"PostgreSQL cannot be given a disk: {refusal.strerror}") from refusal
    return folder


def postgresql_programs() -> Path:
    """
    Return the folder with `initdb` and `pg_ctl`.

    :raises NoPostgreSQL: if there is none
    """
    on_path = shutil.which("pg_ctl")
    candidates = [Path(on_path).parent] if on_path else []
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgreSQL(HOW_TO_GET_POSTGRESQL)


@dataclass(slots=True)
class PostgreSQL:
    """A PostgreSQL in a folder of its own, which can be crashed and started again."""

    folder: Path
    port: int
    options: str
    owner: dict[str, int | list[int]]

    @property
    def address(self) -> str:
        """The address of the database that every PostgreSQL has."""
        return f"postgresql://alongside@127.0.0.1:{self.port}/postgres"

    def do(self, program: str, *arguments: str | Path) -> None:
        """
        Run one of PostgreSQL's programs on the data, as the data's owner.

        :raises RuntimeError: if it fails, with what the server wrote
        """
        command = [postgresql_programs() / program, "-D", self.folder / "data", *arguments]
        done = subprocess.run(
            [str(part) for part in command], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, **self.owner,
        )  # type: ignore[call-overload]  # fmt: skip
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stderr}{log.read_text() if log.exists() else ''}")

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        # Its own output goes to a file: `pg_ctl` would otherwise keep our pipe open for as long as the server lives.
        self.do("pg_ctl", "-l", self.folder / "log", "-w", "-t", "60", "-o", self.options, "start")

    def crash(self) -> None:
        """End it at once, as a crash does: nothing is tidied up, every connection is cut."""
        self.do("pg_ctl", "-w", "-m", "immediate", "stop")


def copy_database(from_: str, to: str) -> None:
    """Copy all of one PostgreSQL database into an empty one, of another server perhaps."""
    path = os.pathsep.join([str(postgresql_programs()), os.environ.get("PATH", os.defpath)])
    pg_dump, pg_restore = (shutil.which(name, path=path) or name for name in ("pg_dump", "pg_restore"))
    dump = subprocess.Popen([pg_dump, "--no-owner", "-Fc", "-Z0", from_], stdout=subprocess.PIPE)
    restored = subprocess.run([pg_restore, "--no-owner", "-d", to], stdin=dump.stdout)
    if dump.wait() or restored.returncode:
        raise RuntimeError("the database could not be copied")


@contextlib.contextmanager
def postgresql_server(*options: str) -> Iterator[PostgreSQL]:
    """
    Start an empty PostgreSQL on a free port of this machine with these ``-c`` options, and take it away again.

    It answers nobody but this machine and asks for no password.

    :raises NoPostgreSQL: if no server is installed
    """
    postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="alongside-postgresql-"))
    # PostgreSQL refuses to run as root.
    owner: dict[str, int | list[int]] = {}
    if os.getuid() == 0:
        try:
            somebody = pwd.getpwnam("postgres")
        except KeyError:
            somebody = pwd.getpwnam("nobody")
        os.chown(folder, somebody.pw_uid, somebody.pw_gid)
        owner = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}
    port = free_port()
    told = [f"listen_addresses=127.0.0.1 -c unix_socket_directories={folder}", "max_connections=200", *options]
    server = PostgreSQL(folder, port, " ".join([f"-p {port}", *(f"-c {one}" for one in told)]), owner)
    try:
        server.do("initdb", "-U", "alongside", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        server.start()
        try:
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """
    Start an empty PostgreSQL and yield its address.

    Nothing in it outlives the block, so it need not be safe against a power cut. See `postgresql_server`.
    """
    with postgresql_server("fsync=off", "synchronous_commit=off", "full_page_writes=off") as server:
        yield server.address


def main(arguments: list[str]) -> int:
    """Run the command that follows ``postgresql`` with DATABASE_URL set."""
    if len(arguments) < 2 or arguments[0] != "postgresql":
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with postgresql() as address:
            return subprocess.run(arguments[1:], env={**os.environ, "DATABASE_URL": address}).returncode
    except NoPostgreSQL as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
