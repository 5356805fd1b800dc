"""
The life of a report: which move is legal, and the one way to move.

`begin` and `move` are the only writers of a state; `safekeeping.lives` says how they write.
"""

from __future__ import annotations

from directory.models import Report, ReportHistory, ReportState
from safekeeping.lives import Life, Lives, MoveNotAllowed

__all__ = ["LIVES", "MoveNotAllowed", "begin", "differences", "move"]

S = ReportState
REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    S.NEW: frozenset({S.LOOKING}),
    S.LOOKING: frozenset({S.FIXED, S.UNCHANGED}),
    S.FIXED: frozenset(),
    S.UNCHANGED: frozenset(),
}
LIVES: Lives[Report] = Lives({Report: Life(REPORT_MOVES, ReportState, ReportHistory, "report", S.NEW)})
begin, move, differences = LIVES.begin, LIVES.move, LIVES.differences
