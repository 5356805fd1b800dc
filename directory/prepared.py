"""
Questions that are asked on every page: Django's compiler writes their SQL once, after that only the ids change.

At twenty rows a page, writing the questions of `directory.cards` costs several times what the database needs to
answer them. The words of a question come from a queryset, so that `visible_to` is still written in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

# Given ids and what else it depends on, returns rows as tuples (`values_list`).
Question = Callable[..., QuerySet]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question in a database's own words; ``places`` says where among the values each id goes."""

    compiler: SQLCompiler
    text: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: dict

    def ask(self, ids: Sequence[UUID]) -> Iterator[Sequence[Any]]:
        values = list(self.values)
        for place, which in self.places:
            values[place] = as_value(ids[which])
        with connection.cursor() as cursor:
            cursor.execute(self.text, values)
            rows = cursor.fetchall()
        return self.compiler.apply_converters(rows, self.converters) if self.converters else iter(rows)


def ask(question: Question, ids: Sequence[UUID], *further: Hashable) -> Iterator[Sequence[Any]]:
    """Yield the rows of ``question(ids, *further)``, whose queryset must depend on nothing else."""
    return prepared(question, len(ids), connection.vendor, *further).ask(ids)


@lru_cache(maxsize=512)
def prepared(question: Question, count: int, vendor: str, *further: Hashable) -> Prepared:
    """Return the question for so many ids, written with numbers that stand for them."""
    stand_ins = [UUID(int=number) for number in range(1, count + 1)]
    compiler = question(stand_ins, *further).query.get_compiler(connection=connection)
    text, values = compiler.as_sql()
    which = {as_value(one): number for number, one in enumerate(stand_ins)}
    return Prepared(
        compiler=compiler,
        text=text,
        values=tuple(values),
        places=tuple((place, which[value]) for place, value in enumerate(values) if value in which),
        converters=compiler.get_converters(column for column, *_ in compiler.select),
    )


def as_value(one: UUID) -> Any:
    """Return an id as the database takes it."""
    return one if connection.features.has_native_uuid_field else one.hex
