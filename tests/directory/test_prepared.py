"""Questions whose SQL is written once: the same rows as their querysets give, for other ids, and Django's own types."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from directory import cards, prepared
from directory.models import CapacityPool, ServiceStanding
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
QUESTIONS = [cards.pools_of, cards.places_of, cards.areas_of, cards.compositions_of]


@pytest.fixture
def three(city):
    made = []
    for number in range(3):
        one = make.service(
            f"Service {number}", serves=["east_central"], at=[make.location()], compositions=["mixed", "girls_only"]
        )
        make.pool(one, starts_on=date(2026, 12, 1 + number), last_confirmed_at=datetime(2026, 11, 1, tzinfo=UTC))
        made.append(one.pk)
    return made


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.__name__)
def test_the_rows_are_those_of_the_queryset_in_value_and_type(three, question):
    for ids in (three[:2], three[1:], [three[2], uuid4()]):
        rows = [tuple(row) for row in prepared.ask(question, ids)]
        assert rows
        expected = list(question(ids))
        assert rows == expected
        assert [[type(one) for one in row] for row in rows] == [[type(one) for one in row] for row in expected]


def test_another_reader_gets_another_question(three):
    ServiceStanding.objects.filter(service=three[0]).update(visibility="professionals")
    everybody, professionals = ("public",), ("public", "professionals")
    assert {row[0] for row in prepared.ask(cards.services, three, everybody)} == set(three[1:])
    assert {row[0] for row in prepared.ask(cards.services, three, professionals)} == set(three)
    assert {row[0] for row in prepared.ask(cards.services, three, everybody)} == set(three[1:])


def test_what_has_changed_is_read_anew(three):
    before = [row[1:7] for row in prepared.ask(cards.pools_of, three[:1])]
    CapacityPool.objects.filter(services=three[0]).update(held=1)
    assert [row[1:7] for row in prepared.ask(cards.pools_of, three[:1])] != before
