"""What every test has: a fixed moment, no network, and a browser or a reason why there is none."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from config import collector
from safekeeping import assumed, assumptions, memory
from tests import migrated, servers
from tests.factories import site as stewards_side

THIS_MACHINE = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}  # noqa: S104 (compared with, not listened on)


# --- which tests stay together, and which begin -----------------------------------------------------------------------
# All that start a server stay together, and so do all that race in threads: no race has to race another one for the machine.
SERVERS, CROWDS = "servers", "crowds"
TOGETHER = {
    "tests/config/test_run.py": SERVERS,
    "tests/brokering/test_one_winner.py": CROWDS,
    "tests/directory/test_asking.py": CROWDS,
    "tests/directory/test_people.py": CROWDS,
}
# What shares nothing and takes minutes is dealt out in two hands.
IN_TWO_HANDS = {"tests/architecture/test_bad_input.py"}


class ByGroup(LoadScopeScheduling):
    """Deals tests out to processes in groups, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    """Deal tests out in our groups; xdist's own do nothing with this pytest, which does not let it rename a test."""
    return ByGroup(config, log)


def group_of(nodeid: str) -> str:
    """Return with which tests this one stays in one process: those of its file, which share what they have prepared."""
    file = nodeid.partition("::")[0]
    if file.startswith("tests/proof/"):
        return SERVERS
    if file in IN_TWO_HANDS:
        return f"{file} {len(nodeid) % 2}"
    return TOGETHER.get(file, file)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs neither a database nor a server: with another database it would be the same test again."""
    fixtures = set(item.fixturenames) if isinstance(item, pytest.Function) else set()
    stored = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "django_db_setup"}
    if not stored and group_of(item.nodeid) != SERVERS:
        item.add_marker("bare")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Put the groups into the order in which they are dealt out."""
    yield  # pytest-django has an order of its own
    alone = {item.nodeid for item in items if item.get_closest_marker("race")}
    if astray := sorted(nodeid for nodeid in alone if group_of(nodeid) not in (SERVERS, CROWDS)):
        raise pytest.UsageError(f"races stay together: enter the file of {astray[0]} in TOGETHER")
    emptied = {group_of(item.nodeid) for item in items if empties_its_database(item)}
    # Of two in one turn the larger first: small ones fill the end.
    sizes = Counter(group_of(item.nodeid) for item in items)
    items.sort(key=lambda item: (turn(item, emptied), -sizes[group_of(item.nodeid)]))


def turn(item: pytest.Item, emptied: set[str]) -> int:
    """
    Say when a test's group is dealt out: what takes minutes first, or one process ends long before the other.

    Last are the groups that empty their database: what follows them in their process finds nothing of what migrations put there.
    """
    if group_of(item.nodeid) in emptied:
        return 3
    if group_of(item.nodeid) == SERVERS:
        return 0
    return 1 if item.get_closest_marker("slow") else 2


def empties_its_database(item: pytest.Item) -> bool:
    """Say whether a test commits for good, so that its database is emptied after it."""
    mark = item.get_closest_marker("django_db")
    fixtures = item.fixturenames if isinstance(item, pytest.Function) else []
    return "transactional_db" in fixtures or bool(mark and mark.kwargs.get("transaction"))


def pytest_collection_finish() -> None:
    """Spare the collector what is there for good: it took a tenth of the time of all tests."""
    collector.look_less_often()


# --- what every test has ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Let a test database begin where the migrations ended last time."""
    connection_created.connect(migrated.fill)
    if connection.vendor == "postgresql" and servers.migrated_on(os.environ["DATABASE_URL"]):
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.on_postgresql()


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
