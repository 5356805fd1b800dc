"""
What hardly ever changes and is asked for on every page: each process reads it once a minute and remembers it.

The process that changes it forgets at once, and again when its transaction is written; another process learns of the change
after `BELIEVED_SECONDS`. So nothing may be kept here that must be true this second: names and synonyms, never places or
who may see what.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

BELIEVED_SECONDS = 60
T = TypeVar("T")
_all: list[Memory] = []


class Memory(Generic[T]):
    """
    What ``read`` returned, believed for ``believed`` seconds; saving or deleting a row of ``models`` forgets it.

    Rows that are written in bulk send no signal: whoever does that calls `forget`.
    """

    def __init__(self, read: Callable[[], T], *models: type[Model], believed: float = BELIEVED_SECONDS) -> None:
        self._read = read
        self._believed = believed
        self._known: tuple[float, T] | None = None
        self._forgotten = 0
        _all.append(self)
        for model in models:
            post_save.connect(self.forget, sender=model)
            post_delete.connect(self.forget, sender=model)

    def __call__(self) -> T:
        known = self._known
        if known is None or known[0] < time.monotonic():
            forgotten = self._forgotten
            known = (time.monotonic() + self._believed, self._read())
            # what was forgotten while it was being read may have been read too early
            if forgotten == self._forgotten:
                self._known = known
        return known[1]

    def forget(self, **_: object) -> None:
        """Forget now and once the transaction is written: nobody remembers the old rows in between."""
        self.drop()
        if transaction.get_connection().in_atomic_block:
            transaction.on_commit(self.drop)

    def drop(self) -> None:
        """Forget, and no more."""
        self._forgotten += 1
        self._known = None


def drop_all() -> None:
    """Forget everything, for rows that went without being deleted: a test's, with its transaction."""
    for one in _all:
        one.drop()
