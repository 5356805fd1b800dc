"""How many queries a page costs with few rows and with many."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FEW, MANY = 2, 22


def growth(client: Client, url: str, add_rows: Callable[[int], None], *, longer: bool = True) -> list[str]:
    """
    Return the queries that ``url`` costs more with 22 rows than with two; none is right.

    :param longer: whether the page shows all of them; one that shows the best few does not get longer
    :raises AssertionError: if the page does not answer, or shows no more with more rows, so that it proves nothing
    """
    add_rows(FEW)
    few, small = asked(client, url)
    add_rows(MANY - FEW)
    many, large = asked(client, url)
    assert large > small or not longer, f"{url} shows no more with {MANY} rows than with {FEW}"
    if len(many) <= len(few):
        return []
    return [f"{url}: {len(few)} queries with {FEW} rows, {len(many)} with {MANY}", *twice(few, many)]


def asked(client: Client, url: str) -> tuple[list[str], int]:
    """Return the page's queries and its length, once everything that is remembered has been remembered."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200, f"{url} answers {answer.status_code}"
    return [query["sql"] for query in queries.captured_queries], len(answer.content)


def twice(few: list[str], many: list[str]) -> list[str]:
    """Return which statements have become more, without their values."""

    def counted(queries: list[str]) -> dict[str, int]:
        kinds = [query.split(" WHERE ")[0][:140] for query in queries]
        return {kind: kinds.count(kind) for kind in kinds}

    before = counted(few)
    return [
        f"  {count - before.get(kind, 0)} more: {kind}"
        for kind, count in counted(many).items()
        if count > before.get(kind, 0)
    ]
