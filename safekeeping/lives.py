"""
Lives: which states a thing can be in, which move is legal, and the one way to move; the apps above bring their tables.

A move compares and swaps in the database, so that of two people who act at once one wins and the other is told. It
writes the history row beside it, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import Max

from safekeeping.scoping import is_closed

if TYPE_CHECKING:
    from safekeeping.policy import Hat


T = TypeVar("T", bound=models.Model)


class History(models.Model):
    """
    One row for every move of a state: what it was and became, who did it, when. Only a `Life` writes them.

    People and organizations by id, without a foreign key: history stays when an account goes.
    """

    number = models.PositiveIntegerField()
    was = models.CharField(max_length=24, blank=True)
    became = models.CharField(max_length=24)
    reason = models.CharField(max_length=40, blank=True)
    by_person = models.BigIntegerField(null=True)
    by_role = models.CharField(max_length=20, blank=True)
    by_organization = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["number"]


class MoveNotAllowed(Exception):
    """The table has no such move, or somebody else moved first; ``now`` is the state it is in."""

    def __init__(self, was: StrEnum | str, to: StrEnum | str, *, now: str = "") -> None:
        super().__init__(f"{was} → {to}" + (f": it is {now} by now" if now else ""))
        self.was, self.to, self.now = str(was), str(to), now or str(was)


@dataclass(frozen=True, slots=True)
class Life:
    """
    The life of one kind of thing.

    Its rows have a column ``state``, and ``state_since`` where ``has_since``. Those of ``history`` point to them by the
    name ``points_back``.
    """

    moves: Mapping[Any, frozenset[Any]]
    states: type[models.TextChoices]
    history: type[History]
    points_back: str
    begins: str
    has_since: bool = True

    @transaction.atomic
    def begin(self, subject: Any, *, by: Hat | None, at: datetime, reason: str = "") -> None:
        """Save something new in its first state, with the first row of its history."""
        subject.state = self.begins
        if self.has_since:
            subject.state_since = at
        subject.save(force_insert=True)
        self.note(subject, was="", became=self.begins, by=by, at=at, reason=reason)

    @transaction.atomic
    def move(self, subject: Any, to: StrEnum, *, by: Hat | None, at: datetime, reason: str = "", **facts: Any) -> None:
        """
        Move ``subject`` to the state ``to``, write ``facts`` (plain columns) with it, and record who did it.

        Sealed columns are saved by the verb, on the same row, after the move has been won.

        :raises MoveNotAllowed: if the table has no such move, or somebody else moved it first
        """
        was = self.states(subject.state)
        if to not in self.moves[was]:
            raise MoveNotAllowed(was, to)
        if self.has_since:
            facts["state_since"] = at
        rows = rows_of(type(subject)).filter(pk=subject.pk)
        if not rows.filter(state=was).update(state=to, **facts):
            raise MoveNotAllowed(was, to, now=rows.values_list("state", flat=True).first() or "gone")
        subject.state = to
        for name, value in facts.items():
            setattr(subject, name, value)
        self.note(subject, was=was, became=to, by=by, at=at, reason=reason)

    def note(self, subject: Any, *, was: str, became: str, by: Hat | None, at: datetime, reason: str) -> None:
        """Write the next row of the history; its number is unique, so two writers cannot both be next."""
        last = rows_of(self.history).filter(**{self.points_back: subject.pk}).aggregate(Max("number"))
        self.history._default_manager.create(
            **{self.points_back: subject},
            number=(last["number__max"] or 0) + 1,
            was=was,
            became=became,
            reason=reason,
            by_person=by.user_id if by else None,
            by_role=by.role if by else "",
            by_organization=by.organization_id if by else None,
            at=at,
        )

    def differences(self, model: type[models.Model]) -> Iterator[str]:
        """Yield a line for every history that has a gap, makes an illegal move or does not end where its subject is."""
        now = dict(rows_of(model).values_list("pk", "state"))
        told: dict[Any, str] = dict.fromkeys(now, "")
        history = rows_of(self.history).order_by(self.points_back, "number")
        for row in history.values(f"{self.points_back}_id", "number", "was", "became"):
            subject, was, became = row[f"{self.points_back}_id"], row["was"], row["became"]
            legal = became == self.begins if was == "" else became in self.moves[self.states(was)]
            if told[subject] != was or not legal:
                yield f"{model._meta.label} {subject}: move {row['number']} is {was or 'nothing'} → {became}"
            told[subject] = became
        for subject, state in now.items():
            if told[subject] != state:
                yield f"{model._meta.label} {subject}: is {state}, its history ends at {told[subject] or 'nothing'}"


class Lives(dict[type[models.Model], Life], Generic[T]):
    """The lives of an app's kinds of things; its `begin` and `move` are the app's only writers of any state."""

    def begin(self, subject: T, *, by: Hat | None, at: datetime, reason: str = "") -> None:
        """Save something new in its first state, with the first row of its history."""
        self[type(subject)].begin(subject, by=by, at=at, reason=reason)

    def move(self, subject: T, to: StrEnum, *, by: Hat | None, at: datetime, reason: str = "", **facts: Any) -> None:
        """
        Move ``subject`` to the state ``to`` and write ``facts`` with it.

        :raises MoveNotAllowed: if the table has no such move, or somebody else moved it first
        """
        self[type(subject)].move(subject, to, by=by, at=at, reason=reason, **facts)

    def differences(self) -> Iterator[str]:
        """Yield a line for every history that is not whole."""
        for model, life in self.items():
            yield from life.differences(model)


def rows_of(model: type[models.Model]) -> Any:
    """Return all rows of a model, guarded or not."""
    manager: Any = model._default_manager
    return manager.unscoped(reason="the state of a row whose doer was let in") if is_closed(manager) else manager.all()
