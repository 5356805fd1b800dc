"""
What Elasticsearch has not been told yet: a row in the transaction of each change, until it has taken the change.

So whoever asks knows which services its index may be wrong about, and asks the database about these alone. Rows are only
added and, once what they were about is there, taken away; nobody waits for another's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest

from search.models import SearchFollowed, SearchUnsent

# Of more services at once the database is not asked beside the index: it answers alone.
MOST = 300


class Late(Exception):
    """The index does not hold what the database's own index holds."""


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
    Return what is known of an index; two short queries.

    :raises Late: if nothing is known of it, or it may be wrong about too many services
    """
    newest = SearchFollowed.objects.filter(pk=index).values_list("newest", flat=True).first()
    told = set(SearchUnsent.objects.values_list("service_id", flat=True).distinct()[: MOST + 1])
    if newest is None or None in told or len(told) > MOST:
        raise Late
    return Standing(frozenset(one for one in told if one is not None), newest)


def taken(index: str, newest: int, rows: Collection[int]) -> None:
    """Note that an index has taken versions up to ``newest``, and with them what those rows were about."""
    SearchFollowed.objects.filter(pk=index).update(newest=Greatest(F("newest"), Value(newest)))
    SearchUnsent.objects.filter(pk__in=rows).delete()


def followed(index: str, newest: int) -> None:
    """Note that this index is the database's, and the newest version that it holds."""
    SearchFollowed.objects.update_or_create(pk=index, defaults={"newest": newest})
