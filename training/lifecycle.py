"""
The lives of a session and of a booking: which move is legal, and the one way to move.

`move` is the only writer of a state. It compares and swaps in the database, so that of two people who act at once one
wins and the other is told, and it writes the history row beside the move in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Max

from safekeeping.scoping import is_closed
from training.models import Booking, BookingHistory, BookingState, CourseSession, SessionHistory, SessionState

if TYPE_CHECKING:
    from safekeeping.policy import Hat

S, B = SessionState, BookingState

SESSION_MOVES: dict[SessionState, frozenset[SessionState]] = {
    S.PLANNED: frozenset({S.OPEN, S.CANCELLED}),
    S.OPEN: frozenset({S.CANCELLED}),
    S.CANCELLED: frozenset(),
}
BOOKING_MOVES: dict[BookingState, frozenset[BookingState]] = {
    B.CONFIRMED: frozenset({B.CANCELLED_IN_TIME, B.CANCELLED_LATE, B.SESSION_CANCELLED}),
    B.CANCELLED_IN_TIME: frozenset(),
    B.CANCELLED_LATE: frozenset(),
    B.SESSION_CANCELLED: frozenset(),
}


class MoveNotAllowed(Exception):
    """The table has no such move, or somebody else moved first; ``now`` is the state it is in."""

    def __init__(self, was: StrEnum | str, to: StrEnum | str, *, now: str = "") -> None:
        super().__init__(f"{was} → {to}" + (f": it is {now} by now" if now else ""))
        self.was, self.to, self.now = str(was), str(to), now or str(was)


@dataclass(frozen=True, slots=True)
class Life:
    """What `move` needs to know of one kind of thing."""

    moves: Mapping[Any, frozenset[Any]]
    states: type[models.TextChoices]
    history: type[models.Model]
    points_back: str
    begins: str


LIVES: dict[type[models.Model], Life] = {
    CourseSession: Life(SESSION_MOVES, SessionState, SessionHistory, "session", S.PLANNED),
    Booking: Life(BOOKING_MOVES, BookingState, BookingHistory, "booking", B.CONFIRMED),
}
Living = CourseSession | Booking


def rows_of(model: type[models.Model]) -> Any:
    """Return all rows of a model, guarded or not."""
    manager: Any = model._default_manager
    return manager.unscoped(reason="the state of a row whose doer was let in") if is_closed(manager) else manager.all()


@transaction.atomic
def begin(subject: Living, *, by: Hat | None, at: datetime) -> None:
    """Save a new session or booking in its first state, with the first row of its history."""
    subject.state = LIVES[type(subject)].begins
    subject.state_since = at
    subject.save(force_insert=True)
    note(subject, was="", became=subject.state, by=by, at=at, reason="")


@transaction.atomic
def move(subject: Living, to: StrEnum, *, by: Hat | None, at: datetime, reason: str = "", **facts: Any) -> None:
    """
    Move ``subject`` to the state ``to``, write ``facts`` (plain columns) with it, and record who did it.

    :raises MoveNotAllowed: if the table has no such move, or somebody else moved it first
    """
    life = LIVES[type(subject)]
    was = life.states(subject.state)
    if to not in life.moves[was]:
        raise MoveNotAllowed(was, to)
    facts["state_since"] = at
    row = rows_of(type(subject)).filter(pk=subject.pk)
    if not row.filter(state=was).update(state=to, **facts):
        raise MoveNotAllowed(was, to, now=row.values_list("state", flat=True).first() or "gone")
    subject.state = to
    for name, value in facts.items():
        setattr(subject, name, value)
    note(subject, was=was, became=to, by=by, at=at, reason=reason)


def note(subject: Living, *, was: str, became: str, by: Hat | None, at: datetime, reason: str) -> None:
    """Write the next row of the history; its number is unique, so two writers cannot both be next."""
    life = LIVES[type(subject)]
    last = rows_of(life.history).filter(**{life.points_back: subject.pk}).aggregate(Max("number"))
    life.history._default_manager.create(
        **{life.points_back: subject},
        number=(last["number__max"] or 0) + 1,
        was=was,
        became=became,
        reason=reason,
        by_person=by.user_id if by else None,
        by_role=by.role if by else "",
        by_organization=by.organization_id if by else None,
        at=at,
    )


def differences() -> Iterator[str]:
    """Yield a line for every history that has a gap, makes an illegal move or does not end where its subject is."""
    for model, life in LIVES.items():
        now = dict(rows_of(model).values_list("pk", "state"))
        told: dict[Any, str] = dict.fromkeys(now, "")
        history = rows_of(life.history).order_by(life.points_back, "number")
        for row in history.values(f"{life.points_back}_id", "number", "was", "became"):
            subject, was, became = row[f"{life.points_back}_id"], row["was"], row["became"]
            legal = became == life.begins if was == "" else became in life.moves[life.states(was)]
            if told[subject] != was or not legal:
                yield f"{model._meta.label} {subject}: move {row['number']} is {was or 'nothing'} → {became}"
            told[subject] = became
        for subject, state in now.items():
            if told[subject] != state:
                yield f"{model._meta.label} {subject}: is {state}, its history ends at {told[subject] or 'nothing'}"
