"""
Tiers that are written down beside the entries, and when they are true.

Asking the live pools of each service that fits is most of what a broad search costs. So the tier of a service is kept with
the seconds from which and before which it holds: from the moment it was computed until time alone may change it
(`availability.changes_after`). Anything else that changes a pool, or whose pool it is, goes through a trigger
of the database, in the transaction of the change, however it is written: it names the service in
`ChangedPlaces`, and whoever searches asks live for a service that is named there. What is written down is so a short cut
and never news: with nothing written, or nobody who writes, every answer is the same and only slower.

Why it cannot be late: whoever writes takes the names away first and reads the pools afterwards, in one transaction, one
writer at a time. A change that was not yet to be seen then brings its own name with it. Names are only ever added, so
that two people who change pools of one service do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.models import Q

from directory.availability import changes_after, state_of
from directory.models import CapacityPool
from search.backends.database_places import TIER_ORDER
from search.backends.database_sql import CHANGED, ENTRY, POOL, POOL_OF
from search.models import ChangedPlaces, SearchEntry
from search.queries import Tier, best_tier

# Nothing that is known changes it: the last second of the year 9999.
ALWAYS = 253_402_300_799
# Entries of one transaction: on SQLite everybody else who writes waits for it.
BATCH = 500
# One writer at a time on PostgreSQL: a number of our own among its advisory locks. On SQLite a transaction is one anyway.
LOCK = 0x5E771ED

# What happens, on which table, and what names the services.
TRIGGERS = {
    "search_pool_changed": ("UPDATE", POOL, f"SELECT service_id FROM {POOL_OF} WHERE capacitypool_id = NEW.id"),
    "search_pool_given": ("INSERT", POOL_OF, "SELECT NEW.service_id"),
    "search_pool_taken": ("DELETE", POOL_OF, "SELECT OLD.service_id"),
    "search_pool_moved": ("UPDATE", POOL_OF, "SELECT OLD.service_id UNION SELECT NEW.service_id"),
}


def before_migrate(using: str, **_: Any) -> None:
    """Forget every tier and take the triggers away: SQLite makes no table anew that a trigger elsewhere speaks of."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if is_made(cursor):
            one_at_a_time(cursor)
            forget(cursor)
            remove(cursor)


def after_migrate(using: str, **_: Any) -> None:
    """Put the triggers in place; nothing that was written down while they were away is believed."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if is_made(cursor) and not is_watched(cursor):
            one_at_a_time(cursor)
            forget(cursor)
            remove(cursor)
            install(cursor)


def is_made(cursor: Any) -> bool:
    """Say whether the tables are there yet."""
    return {POOL, POOL_OF, CHANGED} <= set(cursor.db.introspection.table_names(cursor))


def forget(cursor: Any) -> None:
    """Forget every tier, and every copy that is kept ready (`backends.elastic_ready`), if there are any yet."""
    if cursor.db.vendor == "postgresql":  # which among 100,000 needs longer than any other statement may
        cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute(f"UPDATE {ENTRY} SET tier_until = NULL WHERE tier_until IS NOT NULL")
    if "ready_for" in {column.name for column in cursor.db.introspection.get_table_description(cursor, ENTRY)}:
        cursor.execute(f"UPDATE {ENTRY} SET ready_for = NULL WHERE ready_for IS NOT NULL")


def install(cursor: Any) -> None:
    """Make the triggers."""
    for name, (event, table, services) in TRIGGERS.items():
        named = f"INSERT INTO {CHANGED} (service_id) {services}"
        if cursor.db.vendor == "sqlite":
            cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {named}; END")
        else:
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {named}; RETURN NULL; END $$"
            )
            cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def remove(cursor: Any) -> None:
    """Take the triggers away, as far as they are there."""
    for name, (_, table, _) in TRIGGERS.items():
        if cursor.db.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def is_watched(cursor: Any) -> bool:
    """Say whether every change of a pool is told of."""
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if cursor.db.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    )
    return set(TRIGGERS) <= {name for (name,) in cursor.fetchall()}


def settle(*, at: datetime) -> int:
    """
    Write down the tiers that are not, or do not hold any more; return of how many entries.

    :raises NotWatched: if changes of pools would not be told of; then nothing is written down
    """
    with alone():
        named = list(ChangedPlaces.objects.order_by("pk").values_list("pk", "service_id"))
        for some in in_batches(named):
            ChangedPlaces.objects.filter(pk__in=[pk for pk, _ in some]).delete()
        changed = sorted({service for _, service in named})
        written = sum(write(services, at=at) for services in in_batches(changed))
    due = SearchEntry.objects.filter(Q(tier_until__isnull=True) | Q(tier_until__lte=int(at.timestamp())))
    for services in in_batches(list(due.order_by("pk").values_list("service_id", flat=True))):
        with alone():
            written += write(services, at=at)
    return written


@contextmanager
def alone() -> Iterator[None]:
    """Begin a transaction in which nobody else writes tiers and every change of a pool is told of."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            one_at_a_time(cursor)
            if not is_watched(cursor):
                raise NotWatched
        yield


class NotWatched(Exception):
    """The triggers that tell of changed places are missing."""

    def __str__(self) -> str:
        return "the triggers that tell of changed places are missing; `manage.py migrate` makes them"


def in_batches(many: list) -> Iterator[list]:
    """Yield a list in parts."""
    return (many[first : first + BATCH] for first in range(0, len(many), BATCH))


def one_at_a_time(cursor: Any) -> None:
    """Wait for whoever else writes tiers, until this transaction ends."""
    if cursor.db.vendor == "postgresql":
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(services: Sequence[UUID], *, at: datetime) -> int:
    """
    Write down the tiers of services as their pools are now; inside the transaction that took their names away.

    What was kept ready of them (`backends.elastic_ready`) is not used any more.
    """
    pools: dict[UUID, list[CapacityPool]] = {service: [] for service in services}
    links = CapacityPool.services.through.objects.filter(service_id__in=services).select_related("capacitypool")
    for link in links:
        pools[link.service_id].append(link.capacitypool)
    since = -int(-at.timestamp() // 1)
    rows = []
    for service, its in pools.items():
        tier, until = tier_of(its, at=at)
        rows.append([TIER_ORDER.index(tier), since, until, as_value(service)])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {ENTRY} SET tier = %s, tier_since = %s, tier_until = %s, ready_for = NULL WHERE service_id = %s",
            rows,
        )
    return len(rows)


def tier_of(pools: Iterable[CapacityPool], *, at: datetime) -> tuple[Tier, int]:
    """Return the best tier of a service's pools at that moment, and the second before which it holds if nobody changes one."""
    states, until = [], ALWAYS
    for pool in pools:
        states.append(state_of(pool, at=at))
        if (changes := changes_after(pool, at=at)) is not None:
            until = min(until, int(changes.timestamp()))
    return best_tier(states), until


def as_value(service: UUID) -> Any:
    """Return an id as the database takes it."""
    return service if connection.features.has_native_uuid_field else service.hex
