"""
The life of a report: which move is legal, and the one way to move.

`begin` and `move` are the only writers of a state; `safekeeping.lives` says how they write.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models

from directory.models import Report, ReportHistory, ReportState
from safekeeping.lives import Life, MoveNotAllowed

if TYPE_CHECKING:
    from safekeeping.policy import Hat

__all__ = ["LIVES", "MoveNotAllowed", "begin", "differences", "move"]

S = ReportState
REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    S.NEW: frozenset({S.LOOKING}),
    S.LOOKING: frozenset({S.FIXED, S.UNCHANGED}),
    S.FIXED: frozenset(),
    S.UNCHANGED: frozenset(),
}
LIVES: dict[type[models.Model], Life] = {Report: Life(REPORT_MOVES, ReportState, ReportHistory, "report", S.NEW)}


def begin(subject: Report, *, by: Hat | None, at: datetime) -> None:
    """Save a new report in its first state, with the first row of its history."""
    LIVES[type(subject)].begin(subject, by=by, at=at)


def move(subject: Report, to: StrEnum, *, by: Hat | None, at: datetime, reason: str = "", **facts: Any) -> None:
    """
    Move ``subject`` to the state ``to`` and write ``facts`` with it, as `safekeeping.lives` does.

    :raises MoveNotAllowed: if the table has no such move, or somebody else moved it first
    """
    LIVES[type(subject)].move(subject, to, by=by, at=at, reason=reason, **facts)


def differences() -> Iterator[str]:
    """Yield a line for every history that is not whole."""
    for model, life in LIVES.items():
        yield from life.differences(model)
