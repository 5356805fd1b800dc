"""SQL with its values, and the tables that the database engine asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from directory.models import CapacityPool
from search.models import (
    ChangedPlaces,
    SearchArea,
    SearchAspect,
    SearchEntry,
    SearchHappens,
    SearchHarm,
    SearchHours,
    SearchPlace,
)

POOL = CapacityPool._meta.db_table
POOL_OF = CapacityPool.services.through._meta.db_table
ENTRY = SearchEntry._meta.db_table
PLACE = SearchPlace._meta.db_table
AREA = SearchArea._meta.db_table
HARM = SearchHarm._meta.db_table
ASPECT = SearchAspect._meta.db_table
HAPPENS = SearchHappens._meta.db_table
HOURS = SearchHours._meta.db_table
CHANGED = ChangedPlaces._meta.db_table
FTS = "search_words"


@dataclass
class Sql:
    """A piece of SQL with its values, so that the two cannot drift apart."""

    text: str
    values: list[Any] = field(default_factory=list)

    def negated(self) -> Sql:
        return Sql(f"NOT COALESCE(({self.text}), FALSE)", self.values)

    def ask(self) -> list[tuple]:
        """
        Return the rows that answer it.

        Values go by names: for marks without one Django looks through the whole text, which takes three times as long.
        """
        names = [f"v{place}" for place in range(len(self.values))]
        text = self.text % tuple([f"%({name})s" for name in names])
        with connection.cursor() as cursor:
            cursor.execute(text, dict(zip(names, self.values, strict=True)))
            return cursor.fetchall()


def marks(values: Iterable[Any]) -> str:
    """Return as many placeholders as there are values; one that fits nothing if there are none."""
    return ", ".join("%s" for _ in values) or "NULL"
