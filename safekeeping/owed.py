"""
What a process could not write down because the database was away: kept in memory, and written first thing afterwards.

Without it a letter that left while the disk was full would leave again when its lease runs out, and a job that was
under way would wait for as long. Each note names the lease under which it was earned, so one that comes too late
changes nothing; a process that dies forgets its notes, and the leases are what is left.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from django.db import Error
from django.db.models import QuerySet


class Owed:
    """Notes that are still to be written, oldest first."""

    def __init__(self) -> None:
        self.notes: deque[tuple[QuerySet[Any], dict[str, Any]]] = deque()

    def write(self, rows: QuerySet[Any], **what: Any) -> None:
        """
        Update the rows, or remember to.

        :raises django.db.Error: if the database does not take it now
        """
        try:
            rows.update(**what)
        except Error:
            self.notes.append((rows, what))
            raise

    def settle(self) -> None:
        """
        Write what is still owed.

        :raises django.db.Error: if the database does not take it now, either; the rest is still owed
        """
        while self.notes:
            rows, what = note = self.notes.popleft()
            try:
                rows.update(**what)
            except Error:
                self.notes.appendleft(note)
                raise
