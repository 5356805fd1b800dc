"""Reads along with a transaction and says whether it takes its locks in the one order that cannot deadlock."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

POOLS = "directory_capacitypool"
HEAD = "safekeeping_audithead"
TRAIL = "safekeeping_auditevent"
# Rows that nobody touches without holding their pool: they lie behind its lock.
LEDGER = {"directory_capacityhold", "directory_capacitysnapshot"}
# As Django writes them, or as somebody did by hand.
TABLE = re.compile(r'^(UPDATE|INSERT(?: OR IGNORE)? INTO|DELETE FROM) "?(\w+)|FROM "?(\w+).* FOR UPDATE', re.DOTALL)


@dataclass
class Watched:
    """The transactions of a stretch of code: of each, the tables it locked rows of, with the pool's id where it is a pool."""

    transactions: list[list[tuple[str, str]]] = field(default_factory=list)
    open: list[tuple[str, str]] | None = None

    def wrong(self) -> list[str]:
        """Return what is out of order: pools by id, then rows, the audit's head last."""
        return [fault for locks in self.transactions for fault in out_of_order(locks)]


def out_of_order(locks: list[tuple[str, str]]) -> list[str]:
    """Return the faults of one transaction, in words."""
    faults = []
    pools: list[str] = []
    rows: list[str] = []
    headed = False
    for table, ref in locks:
        if headed and table not in (HEAD, TRAIL):
            faults.append(f"{table} after the audit’s head")
        if table == POOLS:
            if ref not in pools:
                if rows:
                    faults.append(f"a pool after {rows[-1]}")
                if pools and ref < pools[-1]:
                    faults.append("pools out of the order of their ids")
                pools.append(ref)
        elif table == HEAD:
            headed = True
        elif table != TRAIL and table not in LEDGER:
            rows.append(table)
    return faults


@contextlib.contextmanager
def watched() -> Iterator[Watched]:
    """Watch every outermost transaction inside the block (inside that of the test, where there is one)."""
    told = Watched()
    outside = len(connection.atomic_blocks)
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def entered(self: transaction.Atomic) -> None:
        enter(self)
        if told.open is None and len(connection.atomic_blocks) == outside + 1:
            told.open = []

    def left(self: transaction.Atomic, *trouble: Any) -> None:
        leave(self, *trouble)
        if told.open is not None and len(connection.atomic_blocks) == outside:
            told.transactions.append(told.open)
            told.open = None

    def statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        if told.open is not None and (found := TABLE.search(sql)):
            table = found[2] or found[3]
            told.open.append((table, pool_in(sql, params) if table == POOLS else ""))
        return result

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = entered, left  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(statement):
            yield told
    finally:
        transaction.Atomic.__enter__, transaction.Atomic.__exit__ = enter, leave  # type: ignore[method-assign]


def pool_in(sql: str, params: Any) -> str:
    """Return the id in `… "directory_capacitypool"."id" = …` as 32 hexadecimal digits."""
    before = re.split(rf'"{POOLS}"\."id" = ', sql, maxsplit=1)
    if len(before) < 2 or not params:
        return "?"
    number = before[0].replace("%%", "").count("%s")
    return str(params[number]).replace("-", "")
