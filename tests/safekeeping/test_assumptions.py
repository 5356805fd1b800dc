"""Judgements: declared once with their bounds, changed with a reason, one after the other, and never rewritten."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from safekeeping import assumed, assumptions
from safekeeping.assumed import ChangedMeanwhile, NotAllowed
from safekeeping.assumptions import Assumption, Counts, Kind, NotDeclared
from safekeeping.models import AssumptionChange, AuditEvent
from safekeeping.policy import Hat
from tests.factories import brokering
from tests.factories import directory as make


@pytest.fixture
def one(monkeypatch) -> Assumption:
    """Declare an assumption for the length of a test."""
    monkeypatch.setattr(assumptions, "REGISTRY", dict(assumptions.REGISTRY))
    monkeypatch.setattr(assumed, "REGISTRY", assumptions.REGISTRY)
    return assumptions.declare(
        "test.answer", "Tests", "Somebody answers", Kind.WORKING_DAYS, 2, least=1, most=5, shown_on=("A page",)
    )


@pytest.fixture
def by(db) -> Hat:
    return brokering.hat(make.organization(), "content_editor")


def change(one: Assumption, to, by: Hat, at, *, reason: str = "Asked for by the board", seen: int = 0):
    return assumed.change(one, to, reason=reason, seen=seen, by=by, at=at)


def test_without_a_database_everything_is_its_default(one):
    assert (one.number, assumptions.value("test.answer"), assumptions.in_words("test.answer")) == (
        2,
        2,
        "two working days",
    )


def test_what_is_changed_counts_at_once_and_what_is_taken_back_is_the_default_again(one, by, at):
    change(one, 3, by, at)
    assert (one.number, assumptions.in_words(one.key)) == (3, "three working days")
    assumed.back_to_default(one, reason="It was too long", seen=1, by=by, at=at)
    assert one.number == 2
    assert [(row.number, row.value, row.reason, row.by_person) for row in assumed.history(one.key)] == [
        (2, "", "It was too long", by.user_id),
        (1, "3", "Asked for by the board", by.user_id),
    ]


def test_each_change_is_on_record_without_its_value(one, by, at):
    change(one, 3, by, at)
    event = AuditEvent.objects.get(action="assumption_changed")
    assert (event.actor, event.object_ref, event.fields) == (by.user_id, "test.answer", "")


@pytest.mark.parametrize(
    ("to", "reason", "field"),
    [
        (0, "Because", "value"),
        (6, "Because", "value"),
        (2, "Because", "value"),
        (3, "  ", "reason"),
        (3, "x" * 401, "reason"),
    ],
)
def test_what_breaks_the_bounds_or_has_no_reason_is_refused_and_leaves_nothing(one, by, at, to, reason, field):
    with pytest.raises(NotAllowed) as refused:
        change(one, to, by, at, reason=reason)
    assert refused.value.field == field
    assert (one.number, AssumptionChange.objects.count(), AuditEvent.objects.count()) == (2, 0, 0)


def test_of_two_who_change_the_same_one_the_second_is_told(one, by, at):
    change(one, 3, by, at)
    with pytest.raises(ChangedMeanwhile):
        change(one, 4, by, at, seen=0)
    assert one.number == 3
    change(one, 4, by, at, seen=1)
    assert one.number == 4


def test_the_database_refuses_to_rewrite_what_was_decided(one, by, at):
    row = change(one, 3, by, at)
    for rewrite in (lambda: AssumptionChange.objects.filter(pk=row.pk).update(value="5"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()
    assert assumed.in_force(one) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["9", "-1", "three", "٣", "2.5"])
def test_a_value_that_the_bounds_do_not_allow_any_more_is_passed_over(one, at, written):
    AssumptionChange.objects.create(key=one.key, number=1, value=written, reason="Long ago", at=at)
    assert one.number == 2


def test_a_text_has_bounds_too(monkeypatch, by, at):
    monkeypatch.setattr(assumptions, "REGISTRY", dict(assumptions.REGISTRY))
    monkeypatch.setattr(assumed, "REGISTRY", assumptions.REGISTRY)
    one = assumptions.declare(
        "test.words", "Tests", "Thanks", Kind.TEXT, "Thank you.", least=5, most=40, shown_on=("A page",)
    )
    with pytest.raises(NotAllowed):
        change(one, "No", by, at)
    change(one, "  Thank you very much. ", by, at)
    assert one.text == "Thank you very much."


def test_a_key_is_taken_once_and_a_default_keeps_its_own_bounds(one):
    with pytest.raises(NotDeclared):
        assumptions.declare(one.key, "x", "x", Kind.DAYS, 1, least=1, most=2, shown_on=())
    with pytest.raises(NotDeclared):
        assumptions.declare("test.other", "x", "x", Kind.DAYS, 3, least=1, most=2, shown_on=())
    with pytest.raises(NotDeclared):
        assumptions.value("test.nobody")


def test_another_process_learns_of_a_change_within_a_minute(one, by, at, monkeypatch):
    """Another process sends no signal to this one: its row is there, and only time makes us look."""
    from safekeeping import memory

    assert one.number == 2
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(assumed.changes, "forget", lambda **_: None)
        AssumptionChange.objects.bulk_create(
            [AssumptionChange(key=one.key, number=1, value="4", reason="Elsewhere", at=at)]
        )
    assert one.number == 2
    now = memory.time.monotonic()
    monkeypatch.setattr(memory.time, "monotonic", lambda: now + memory.BELIEVED_SECONDS + 1)
    assert one.number == 4


def test_told_with_its_unit():
    def told(kind: Kind, number: int) -> str:
        return Assumption("k", "g", "w", kind, 1, 1, 9, (), counts=Counts.AT_ONCE).told(number)

    assert told(Kind.DAYS, 1) == "1 day"
    assert told(Kind.WORKING_HOURS, 4) == "4 working hours"
    assert told(Kind.POUNDS, 50) == "£50"
    assert told(Kind.PERCENT, 1) == "1 per cent"
    assert told(Kind.NUMBER, 3) == "3"
