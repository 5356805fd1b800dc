"""What every test has: a fixed moment, no network, and a browser or a reason why there is none."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from safekeeping import assumed, assumptions, memory
from tests import migrated
from tests.factories import site as stewards_side

SERVERS = "servers"  # the group of all that start one
THIS_MACHINE = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}  # noqa: S104 (compared with, not listened on)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Say which tests stay in one process: those of a file, which share what they have prepared.

    All that start a server stay together, and so do all that race in threads, so that no race has to race another one for
    the machine.
    """
    for item in items:
        if "tests/proof" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group(SERVERS))
        elif item.get_closest_marker("race"):
            item.add_marker(pytest.mark.xdist_group("crowds"))
        elif not item.get_closest_marker("xdist_group"):
            # What shares nothing and takes minutes is dealt out in two hands.
            hand = f" {len(item.nodeid) % 2}" if item.path.name == "test_bad_input.py" else ""
            item.add_marker(pytest.mark.xdist_group(item.path.name + hand))
    emptied = {group_of(item) for item in items if empties_its_database(item)}
    items.sort(key=lambda item: turn(item, emptied))


def turn(item: pytest.Item, emptied: set[str]) -> int:
    """
    Say when a test's group is dealt out: what takes minutes first, or one process ends long before the other.

    Last are the groups that empty their database: what follows them in their process finds nothing of what migrations put there.
    """
    if group_of(item) in emptied:
        return 3
    if group_of(item) == SERVERS:
        return 0
    return 1 if item.get_closest_marker("slow") else 2


def group_of(item: pytest.Item) -> str:
    """Return which tests this one stays with."""
    [mark] = item.iter_markers("xdist_group")
    return str(mark.args[0])


def empties_its_database(item: pytest.Item) -> bool:
    """Say whether a test commits for good, so that its database is emptied after it."""
    mark = item.get_closest_marker("django_db")
    fixtures = item.fixturenames if isinstance(item, pytest.Function) else []
    return "transactional_db" in fixtures or bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Let a database in memory begin where the migrations ended last time."""
    connection_created.connect(migrated.fill)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keep the migrated database for next time."""
    with django_db_blocker.unblock():
        migrated.keep(connection)


@pytest.fixture(scope="session", autouse=True)
def _folder_for_static_files():
    """Make the folder that the server of static files expects: tests draw pages without collecting those first."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Refuse connections to other machines: what a test proves must not depend on them."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family != socket.AF_UNIX and address[0] not in THIS_MACHINE:
            raise AssertionError(f"A test asked for {address[0]}, which is not this machine.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(autouse=True)
def _nothing_remembered(request):
    """Forget names, synonyms and changed assumptions of the test before: its rows went with its transaction."""
    memory.drop_all()
    rows = {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db")
    assumptions.read_from(assumed.changes if rows else dict)  # without a database every value is its default


@pytest.fixture(scope="module")
def kept_for_the_file(django_db_setup, django_db_blocker):
    """Let what is made within it be there, and be new, for every test of a file, and be gone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stewards_side_of_the_file(kept_for_the_file):
    """Make groups, moderation and the few pages that others link to, once: it costs more than most tests."""
    stewards_side.set_up()


@pytest.fixture
def at():
    """Return the moment at which tests take place: a Wednesday in November, ten past ten in the morning."""
    return datetime(2026, 11, 18, 10, 10, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def _a_test_database_may_be_emptied():
    """Lift the guard of tables that only grow while a test with real transactions empties its database."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from safekeeping import append_only

    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_what_only_grows(self, sql_list):
        with append_only.lifted(self.connection):
            flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_what_only_grows)
        yield
