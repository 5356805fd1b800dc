"""How well words fit, said once more without a database: the same steps, so the same order, from every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.backends.database import DatabaseBackend, entry_of
from search.fit import (
    BESIDE,
    COUNTED_BESIDE,
    FEW_KEYWORDS,
    LEVELS,
    MEANT_FIRST,
    TAXONOMY,
    focus_of,
    having_more,
    itself,
    rarity,
    sayings,
    step_of,
)
from search.queries import Order, ServiceQuery, Tier, Words
from search.reasons import needles_of
from tests.factories import directory as make
from tests.factories.directory import AT
from tests.search.worlds import SERVICES, drawn, some_words, written

COLUMNS = [column for columns in LEVELS for column in columns]
asked_for = st.tuples(some_words, st.booleans())


def says(entry, one: Words, columns=()) -> bool:
    """Say whether a row has one of the alternatives in one of the columns."""
    return any(needle in f" {getattr(entry, column)} " for column in columns or COLUMNS for needle in needles_of(one))


def score(entry, words) -> float:
    """Return how well a row fits, as `search.fit` tells it."""
    told = sum(
        one.worth * (focus_of(entry.keywords) if one.focused else 1)
        for one in sayings(words)
        if says(entry, one.what, one.columns)
    )
    return told * sum(one.worth for one in having_more(words) if says(entry, one.what))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=st.lists(drawn, min_size=SERVICES, max_size=SERVICES), asked=st.lists(asked_for, min_size=6, max_size=6))
def test_the_database_orders_by_the_steps_that_are_meant(services, world, asked):
    documents = [
        replace(written(one, fields, ()), audience="public") for one, (fields, _) in zip(services, world, strict=True)
    ]
    engine = DatabaseBackend()
    engine.replace_all(documents)
    entries = {one.service_id: entry_of(one) for one in documents}
    for words, any_word in asked:
        query = ServiceQuery(audiences=("public",), at=AT, words=words, any_word=any_word, tiers=frozenset(Tier))
        scores = {
            one: score(entry, words)
            for one, entry in entries.items()
            if (any if any_word and words else all)(says(entry, word) for word in words)
        }
        best = max(scores.values(), default=0)
        meant = sorted(scores, key=lambda one: (step_of(scores[one], best), entries[one].name_key, one.hex))
        assert [hit.service_id for hit in engine.find(query).hits] == meant, query
        assert {hit.service_id for hit in engine.find(replace(query, order=Order.NAME)).hits} == set(meant)


def test_what_few_have_counts_for_more_and_what_nobody_has_for_nothing():
    assert rarity(100, 2) > rarity(100, 60) > rarity(100, 100) > 0
    assert rarity(100, 0) == 0


def test_a_keyword_among_few_has_its_whole_weight_and_among_many_less():
    few, many = "a " * FEW_KEYWORDS, "a " * FEW_KEYWORDS * 4
    assert focus_of("") == focus_of(few) == 1 > focus_of(many) > 0.5


def test_steps_are_the_same_however_an_engine_rounds():
    assert [step_of(score, 8.0) for score in (8.0, 7.9999999, 7.81, 7.8, 7.799999, 0.0001)] == [0, 0, 0, 0, 0, 20]


@pytest.fixture
def services(db):
    return sorted((make.service() for _ in range(SERVICES)), key=lambda one: one.pk)


def test_beside_others_a_word_counts_for_less_that_says_for_whom_or_that_nobody_has_explained():
    explained, plain, girls = (
        Words(("knife",), ("knife_weapon",)),
        Words(("chess",)),
        Words(("girls",), ("girls_only",), aside=True),
    )
    worth = {
        one: max(told.worth for told in sayings((one, other)) if told.what == one)
        for one, other in ((explained, plain), (plain, explained), (girls, plain))
    }
    assert worth[plain] == worth[girls] == worth[explained] * BESIDE
    assert max(told.worth for told in sayings((plain,))) == worth[explained]
    assert Words(("chess",), quoted=True).explained


def test_beside_other_words_the_first_of_several_things_that_a_word_stands_for_counts_once_more():
    several, one_thing = Words(("gang",), ("conflict_resolution", "group_conflict")), Words(("chess",), ("a_b",))
    first = Words(codes=several.codes[:1])
    [told] = [one for one in sayings((several, one_thing)) if one.what == first]
    assert (told.worth, told.columns, told.focused) == (MEANT_FIRST, TAXONOMY, True)
    assert first not in [one.what for one in sayings((several,))]
    aside = replace(several, aside=True)
    assert [one.worth for one in sayings((aside, one_thing)) if one.what == first] == [MEANT_FIRST * BESIDE]


def test_to_have_a_word_that_only_stands_beside_the_others_counts_for_less():
    worry, plain = Words(("knife",), ("knife_weapon",)), Words(("chess",))
    told = [(one.what, one.worth) for one in having_more((worry, plain))]
    assert told == [(worry, 1.0), (plain, COUNTED_BESIDE)]


def test_two_words_count_once_more_side_by_side_but_no_phrase_has_a_neighbour():
    chess, club, phrase = Words(("chess",)), Words(("club",)), Words(("county lines",), ("county_lines",))
    told = [one.what for one in sayings((chess, club, phrase))]
    assert itself("chess club") in told
    assert itself("club county lines") not in told
