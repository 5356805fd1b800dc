"""What is counted of facets is learnt once of each entry, and forgotten before it fills the memory."""

from __future__ import annotations

import pytest

from search import choices
from search.backends.database import DatabaseBackend
from search.models import SearchEntry
from search.queries import FACETS, Aspect, Criterion
from tests.search.contract import document

pytestmark = pytest.mark.django_db


def ids():
    return list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True))


def by_hand(found):
    """Count line by line, as the codes are written."""
    told = {facet: {} for facet in FACETS}
    for codes in SearchEntry.objects.filter(pk__in=found).values_list("codes", flat=True):
        for line in codes.split("\n"):
            facet, *some = line.split("\t")
            for code in some:
                told[Criterion(facet)][code] = told[Criterion(facet)].get(code, 0) + 1
    return told


@pytest.fixture
def engine():
    one = DatabaseBackend()
    one.replace_all(
        [
            document(
                number, harms=("cce", "cse")[: number % 3], aspects={Aspect.TIME: ("evening", "day")[number % 2 :]}
            )
            for number in range(1, 30)
        ]
    )
    return one


def test_it_counts_what_is_written(engine):
    known, every = choices.Choices(), ids()
    for found in (every[3:9], every, every[:1], every[::5], []):
        assert known.counts({"": found}) == by_hand(found), found


def test_what_is_learnt_ahead_is_not_asked_again(engine, django_assert_num_queries):
    known, every = choices.Choices(), ids()
    known.learn()
    with django_assert_num_queries(0):
        told = known.counts({"": every[5:20]})
    assert told == by_hand(every[5:20])


def test_where_there_is_nothing_there_is_nothing_to_learn():
    known = choices.Choices()
    known.learn()
    assert known.learnt == choices.Learnt()


def test_each_entry_is_learnt_once(engine, django_assert_num_queries):
    known, every = choices.Choices(), ids()
    with django_assert_num_queries(1):
        known.counts({"": every[5:20]})
    with django_assert_num_queries(0):
        known.counts({"": every[7:12]})
    engine.index([document(3, harms=("hsb",))])
    every = ids()
    with django_assert_num_queries(1):
        told = known.counts({"": every[5:]})
    assert told == by_hand(every[5:])
    # an id before all that are known begins anew
    with django_assert_num_queries(1):
        told = known.counts({"": every})
    assert told == by_hand(every)


def test_what_is_indexed_anew_is_counted_as_it_is_now(engine):
    known = choices.Choices()
    assert known.counts({"": ids()})[Criterion.HARM].get("hsb") is None
    engine.index([document(number, harms=("hsb",)) for number in (4, 9)])
    assert known.counts({"": ids()}) == by_hand(ids())
    assert known.counts({"": ids()})[Criterion.HARM]["hsb"] == 2


def test_what_is_gone_is_forgotten_before_it_is_too_much(engine, monkeypatch):
    monkeypatch.setattr(choices, "ROOM", 5)
    known, began = choices.Choices(), ids()[0]
    for _ in range(12):
        engine.index([document(number) for number in range(1, 30)])
        assert known.counts({"": ids()}) == by_hand(ids())
        assert known.learnt.entries.bit_count() <= 3 * 29 + 5
    assert known.learnt.first > began


def test_an_entry_without_codes_counts_for_no_choice(engine):
    SearchEntry.objects.filter(pk=ids()[0]).update(codes=None)
    assert choices.Choices().counts({"": ids()}) == by_hand(ids()[1:])


def test_what_fails_a_facet_counts_for_its_choices_alone(engine):
    known, every = choices.Choices(), ids()
    told = known.counts({"": every[:10], "harm": every[10:]})
    assert told == by_hand(every[:10]) | {Criterion.HARM: by_hand(every)[Criterion.HARM]}
