"""How common words are: counted for all engines alike, of what everybody may see, and never asked while somebody waits."""

from __future__ import annotations

import pytest
from django.utils import timezone

from search import common_words, tasks
from search.backends.database import DatabaseBackend
from search.common_words import commonness, weighed
from search.fit import rarity
from search.models import WordCount
from search.queries import Words
from tests.search.contract import document

pytestmark = pytest.mark.django_db
BOXING, CHESS, OPERA = Words(("boxing",)), Words(("chess",)), Words(("opera",))


def counted(*documents) -> None:
    DatabaseBackend().replace_all(documents)
    common_words.count()


def rare(*words: Words) -> list[float]:
    return [one.rare for one in weighed(words)]


def bodies(*texts: str, **more):
    return [document(number, body=text, **more) for number, text in enumerate(texts, 1)]


def test_what_few_have_counts_for_more_and_what_nobody_has_as_if_one_had_it():
    counted(*bodies("Boxing and chess", "Boxing", "Boxing", "Boxing"))
    assert rare(BOXING, CHESS, OPERA) == [rarity(4, 4), rarity(4, 1), rarity(4, 1)]


def test_a_word_alone_and_words_that_nobody_has_counted_count_alike():
    DatabaseBackend().replace_all(bodies("Boxing and chess", "Boxing"))
    assert rare(BOXING, CHESS) == [1.0, 1.0]
    common_words.count()
    assert rare(BOXING) == [1.0]
    assert rare(BOXING, CHESS) != [1.0, 1.0]


def test_all_that_stands_for_a_word_is_counted_and_longer_words_that_begin_so():
    counted(*bodies("Boxing", "Chess", "Chessboards", "Opera", "Opera", "Opera"))
    known = commonness()
    assert known.of(CHESS) == 2
    assert known.of(Words(("chess",), quoted=True)) == 1
    assert known.of(Words(("boxing", "chess"))) == round(6 * (1 - 5 / 6 * 5 / 6 * 5 / 6))
    assert known.of(Words((), ("community_mentoring",))) == 6
    assert known.of(Words(("opera boxing",))) == 1  # not in more than have the rarer of the two


def test_what_is_for_professionals_moves_nothing_for_anybody():
    counted(*bodies("Boxing and chess", "Boxing", "Boxing"))
    before = dict(WordCount.objects.values_list("term", "entries"))
    told = rare(BOXING, CHESS)
    DatabaseBackend().index([document(9, body="Chess and secrets", audience="professionals")])
    common_words.count()
    assert dict(WordCount.objects.values_list("term", "entries")) == before
    assert rare(BOXING, CHESS) == told


def test_what_is_gone_is_forgotten_and_what_has_not_changed_is_not_written(django_assert_num_queries):
    counted(*bodies("Boxing", "Chess"))
    DatabaseBackend().replace_all(bodies("Boxing", "Opera"))
    tasks.count_words(timezone.now())
    terms = set(WordCount.objects.values_list("term", flat=True))
    assert {"box", "opera"} <= terms
    assert "chess" not in terms
    with django_assert_num_queries(4):  # the entries, what was counted, and the two ends of a transaction
        common_words.count()


def test_a_search_asks_nothing_once_they_are_known(django_assert_num_queries):
    counted(*bodies("Boxing", "Chess"))
    weighed((BOXING, CHESS))
    with django_assert_num_queries(0):
        weighed((CHESS, OPERA))


def test_however_many_are_read_at_a_time_each_is_counted_once(monkeypatch):
    monkeypatch.setattr(common_words, "BATCH", 2)
    for many in (1, 2, 3, 4):
        counted(*bodies(*["Boxing"] * many))
        assert commonness().entries == commonness().of(BOXING) == many


def test_a_word_too_long_to_be_one_is_left_out():
    counted(*bodies("x" * 2_000, "Boxing"))
    assert not any(len(term) > common_words.LONGEST for term in WordCount.objects.values_list("term", flat=True))
    assert rare(Words(("x" * 2_000,)), BOXING) == [rarity(2, 1), rarity(2, 1)]
