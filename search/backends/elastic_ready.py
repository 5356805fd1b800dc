"""
Copies of services that are kept ready beside their entries, as the very text that Elasticsearch is sent.

To make an index anew from them is to paste text: reading a service's rows and writing its copy takes twenty times as long.
Like the tiers (`search.settled`) they are a short cut and never news. A copy is written on the entry that it was read from,
which is never changed: whoever indexes a service makes another entry, without a copy. It says for which make of index it is.
Of places it tells what was true when their names were last taken from `ChangedPlaces`: a service that is named there is
read from its rows, and whoever takes its name away takes its copy out of use in the same transaction. Without copies a
rebuild is slower and as right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from search import settled
from search.backends.database import as_uuid
from search.backends.database_sql import CHANGED, ENTRY
from search.backends.elastic_index import copies_by_entry, made_for, written
from search.models import SearchEntry, SearchVersion

VERSION = SearchVersion._meta.db_table
# Copies of one transaction, for which SQLite lets everybody else who writes wait.
BATCH = 200
# Copies that are made in one go of the clock, which has other things to do: some seconds' work.
MOST = 10_000


class Kept(NamedTuple):
    """A service, the version of its document, and its copy; None where it has none that may be used."""

    service_id: UUID
    version: int | None
    text: str | None


def keep(*, most: int = MOST) -> int:
    """
    Make ready what is not, but not more than ``most`` at once; return how many copies were made.

    :raises NotWatched: if changes of places would not be told of; then nothing is kept
    """
    make = made_for()
    lacking = SearchEntry.objects.filter(Q(ready_for=None) | Q(ready_for__lt=make) | Q(ready_for__gt=make))
    ids = list(lacking.values_list("service_id", flat=True)[:most])
    done = 0
    for first in range(0, len(ids), BATCH):
        with settled.alone(), connection.cursor() as cursor:
            # what a worker is just indexing again is left alone: two that wait for each other would wait for ever
            some = SearchEntry.objects.filter(service_id__in=ids[first : first + BATCH]).order_by("service_id")
            free = list(some.select_for_update(skip_locked=True, no_key=True).values_list("service_id", flat=True))
            rows = [(written(body)[0], make, entry) for entry, _, body in copies_by_entry(free)]
            cursor.executemany(f"UPDATE {ENTRY} SET ready = %s, ready_for = %s WHERE id = %s", rows)
            done += len(rows)
    return done


def forget(service_ids: Collection[UUID]) -> None:
    """Take copies out of use that were found to be wrong."""
    SearchEntry.objects.filter(service_id__in=service_ids).update(ready_for=None)


def kept_after(service_id: UUID | None, most: int) -> list[Kept]:
    """Return so many services of the database's own index, by id, from one on or from the first; one statement."""
    after = "WHERE e.service_id > %s" if service_id else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.service_id, v.version, CASE WHEN e.ready_for = %s"
            f" AND e.service_id NOT IN (SELECT service_id FROM {CHANGED}) THEN e.ready END"
            f" FROM {ENTRY} e LEFT JOIN {VERSION} v ON v.service_id = e.service_id {after}"
            f" ORDER BY e.service_id LIMIT {most:d}",
            [made_for(), *([settled.as_value(service_id)] if service_id else [])],
        )
        return [Kept(as_uuid(one), version, text) for one, version, text in cursor.fetchall()]


def by_service(kept: Collection[Kept]) -> Mapping[UUID, tuple[int, str]]:
    """Return the versions and copies of those that have both."""
    return {one.service_id: (one.version, one.text) for one in kept if one.version is not None and one.text is not None}
