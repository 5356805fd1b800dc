"""
What Elasticsearch has not been told yet: a row in the transaction of each change, until it has taken the change.

So whoever asks knows which services its index may be wrong about, and asks the database about these alone. Rows are only
added and, once what they were about is there, taken away; nobody waits for another's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from search.models import SearchFollowed, SearchUnsent

FOLLOWED, UNSENT = SearchFollowed._meta.db_table, SearchUnsent._meta.db_table
# Of more services at once the database is not asked beside the index: it answers alone.
MOST = 300


class Late(Exception):
    """The index does not hold what the database's own index holds."""


class Mixed(Late):
    """Steps behind the best fit would be counted from two bests: this question is for the database, the next need not be."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an index before it is asked: of which services it may be wrong, and the newest version that it took."""

    unsent: frozenset[UUID]
    newest: int


def note(service_ids: Iterable[UUID]) -> None:
    """Say, in the caller's transaction, that the index may now be wrong about these services."""
    SearchUnsent.objects.bulk_create([SearchUnsent(service_id=one) for one in service_ids])


def note_all() -> None:
    """Say, in the caller's transaction, that the index may now be wrong about any service: it must be made anew."""
    SearchUnsent.objects.create(service_id=None)


def standing(index: str) -> Standing:
    """
    Return what is known of an index; one short statement.

    :raises Late: if nothing is known of it, or it may be wrong about too many services
    """
    with connection.cursor() as cursor:
        cursor.execute(  # names of tables, and a number of ours
            f"SELECT NULL, newest FROM {FOLLOWED} WHERE name = %s UNION ALL"
            f" SELECT service_id, NULL FROM (SELECT DISTINCT service_id FROM {UNSENT} LIMIT {MOST + 1:d}) u",
            [index],
        )
        rows = cursor.fetchall()
    newest = [version for _, version in rows if version is not None]
    told = {UUID(str(one)) for one, _ in rows if one is not None}
    if not newest or len(told) != len(rows) - 1 or len(told) > MOST:
        raise Late  # a row with neither stands for all services
    return Standing(frozenset(told), newest[0])


def taken(index: str, newest: int, rows: Collection[int]) -> None:
    """Note that an index has taken versions up to ``newest``, and with them what those rows were about."""
    SearchFollowed.objects.filter(pk=index).update(newest=Greatest(F("newest"), Value(newest)))
    SearchUnsent.objects.filter(pk__in=rows).delete()


def followed(index: str, newest: int) -> None:
    """Note that this index is the database's, and the newest version that it holds."""
    SearchFollowed.objects.update_or_create(pk=index, defaults={"newest": newest})
