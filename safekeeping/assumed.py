"""Changing a judgement: with a reason, on record, one after the other; every process knows of it within a minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from safekeeping import assumptions, audit
from safekeeping.assumptions import REGISTRY, Assumption, Kind
from safekeeping.memory import Memory
from safekeeping.models import AssumptionChange
from safekeeping.policy import Hat

LONGEST_REASON = 400


class ChangedMeanwhile(Exception):
    """Somebody else changed it since it was looked at."""


class NotAllowed(Exception):
    """The value is outside its bounds, it is the one in force, or no reason was given; the text says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def latest() -> dict[str, AssumptionChange]:
    """Return the last change of every assumption that was ever changed; one query."""
    found: dict[str, AssumptionChange] = {}
    for row in AssumptionChange.objects.order_by("key", "number"):
        found[row.key] = row
    return found


def read_changes() -> Mapping[str, str]:
    """Return the values that are not the default."""
    return {key: row.value for key, row in latest().items() if row.value}


changes = Memory(read_changes, AssumptionChange)


def register() -> None:
    """Tell the code where to read what was changed."""
    assumptions.read_from(changes)


def history(key: str) -> list[AssumptionChange]:
    """Return every change of one assumption, the last first."""
    return list(AssumptionChange.objects.filter(key=key).order_by("-number"))


def change(one: Assumption, to: int | str, *, reason: str, seen: int, by: Hat, at: datetime) -> AssumptionChange:
    """
    Let ``to`` count from now on; ``seen`` is the number of the last change that whoever decides has looked at, 0 for none.

    :raises NotAllowed: if the value is out of bounds or the same, or no reason was given
    :raises ChangedMeanwhile: if there is a later change than the one they looked at
    """
    if trouble := one.trouble(to):
        raise NotAllowed("value", trouble)
    written = str(to).strip()
    if written == str(in_force(one)):
        raise NotAllowed(
            "value", f"It is {one.told(written)} already" if one.kind is not Kind.TEXT else "It says so already"
        )
    return write(one, written, reason=reason, seen=seen, by=by, at=at)


def back_to_default(one: Assumption, *, reason: str, seen: int, by: Hat, at: datetime) -> AssumptionChange:
    """
    Let the default count again.

    :raises NotAllowed: if it counts already, or no reason was given
    :raises ChangedMeanwhile: if there is a later change than the one they looked at
    """
    if str(in_force(one)) == str(one.default):
        raise NotAllowed("value", "It is the default already")
    return write(one, "", reason=reason, seen=seen, by=by, at=at)


def in_force(one: Assumption) -> int | str:
    """Return the value that the rows say, whatever this process remembers."""
    last = AssumptionChange.objects.filter(key=one.key).order_by("-number").first()
    return assumptions.parsed(one, last.value) if last else one.default


def write(one: Assumption, value: str, *, reason: str, seen: int, by: Hat, at: datetime) -> AssumptionChange:
    """Write the next change of this assumption, and that it was changed into the audit trail."""
    assert one.key in REGISTRY
    reason = reason.strip()
    if not reason:
        raise NotAllowed("reason", "Say why, for whoever reads this in a year")
    if len(reason) > LONGEST_REASON:
        raise NotAllowed("reason", f"Say it in {LONGEST_REASON} characters or fewer")
    last = AssumptionChange.objects.filter(key=one.key).order_by("-number").values_list("number", flat=True).first()
    if (last or 0) != seen:
        raise ChangedMeanwhile
    try:
        with transaction.atomic():
            row = AssumptionChange.objects.create(
                key=one.key, number=seen + 1, value=value, reason=reason, by_person=by.user_id, by_role=by.role, at=at
            )
            audit.record("assumption_changed", by=by, at=at, subject="assumption", ref=one.key)
    except IntegrityError as trouble:
        if AssumptionChange.objects.filter(key=one.key, number=seen + 1).exists():
            raise ChangedMeanwhile from trouble
        raise
    return row
