"""
Which of two writes to an index is the newer one.

Whoever brings a service's document up to date claims its next version first, and reads the rows afterwards, in the same
transaction: the claim is a lock, so whoever claims later reads later. An index that lets the higher version win can then
never be put back by a write that was slow on its way. Versions also grow with the clock (microseconds), so that
a database that was restored from a copy does not begin again below what an index has seen.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from search.models import SearchVersion


@transaction.atomic
def claim(service_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """Return the next version of each service's document; nobody else gets one of them until this transaction ends."""
    ids = sorted(set(service_ids))
    SearchVersion.objects.bulk_create([SearchVersion(service_id=one, version=0) for one in ids], ignore_conflicts=True)
    rows = SearchVersion.objects.filter(pk__in=ids)
    list(
        rows.select_for_update().order_by("pk").values_list("pk")
    )  # in one order, so that two never wait for each other
    rows.update(version=Greatest(F("version") + 1, Value(time.time_ns() // 1000)))
    return dict(rows.values_list("pk", "version"))


def versions_of(service_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """
    Return the versions that these services' documents have, for a copy of rows that are read afterwards.

    Whoever claims the next one reads later still, so that copy loses to theirs. What never had a version gets its first.
    """
    ids = sorted(set(service_ids))
    found = dict(SearchVersion.objects.filter(pk__in=ids).values_list("pk", "version"))
    return found if len(found) == len(ids) else claim(ids)
