"""
Every engine finds the same: random worlds, random questions, and the answers of the database's engine and Elasticsearch.

On whichever database the tests run; so SQLite and PostgreSQL, each held against a third, are held against each other.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search import unsent
from search.backends import elastic as elastic_engine
from search.backends.database import DatabaseBackend
from search.queries import FACETS, Order
from search.unsent import Late
from tests.factories import directory as make
from tests.search.worlds import SERVICES, drawn, kept, loosened, queries, some_words, written

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]

# More of them by hand: how often random worlds are made.
EXAMPLES = int(os.environ.get("EXAMPLES", "8"))
in_many_worlds = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture
def services(db):
    return sorted((make.service() for _ in range(SERVICES)), key=lambda one: one.pk)


# What both find is counted: a test in which nobody ever finds anything could not fail.
FOUND: list[int] = []


by_words = st.builds(
    lambda query, keep, asked: replace(loosened(query, keep), words=asked, order=Order.BEST),
    queries, kept, some_words,
)  # fmt: skip


@in_many_worlds
@given(
    world=st.lists(drawn, min_size=SERVICES, max_size=SERVICES),
    changed=st.dictionaries(st.integers(0, SERVICES - 1), st.one_of(st.none(), drawn), max_size=3),
    questions=st.lists(st.builds(loosened, queries, kept), min_size=8, max_size=8),
)
def test_every_engine_finds_the_same(services, elastic, world, changed, questions):
    """Also while Elasticsearch has not been told of some changes."""
    database = DatabaseBackend()
    elastic.replace_all([written(service, *one) for service, one in zip(services, world, strict=True)])
    for question in questions:
        compare(database, elastic, question)
    for place, one in changed.items():
        if one is None:
            database.remove([services[place].pk])
        else:
            database.index([written(services[place], *one)])
    unsent.note([services[place].pk for place in changed])
    for question in questions:
        compare(database, elastic, question)


def compare(database, elastic, question):
    """See that both answer alike."""
    own, theirs = database.find(replace(question, counted=True)), told(elastic, replace(question, counted=True))
    FOUND.append(own.total)
    assert (theirs.total, theirs.total_near, theirs.page) == (own.total, own.total_near, own.page), question
    assert theirs.hits == own.hits, question
    if question.failing not in FACETS:
        assert counts(theirs) == counts(own), question


def counts(page):
    return {facet: dict(codes) for facet, codes in page.counts.items() if codes}


def told(elastic, question):
    """Return the engine's answer; while words decide and it is late with what they find, the database gives it."""
    try:
        return elastic.find(question)
    except Late:
        assert question.words
        return elastic.own.find(question)


@in_many_worlds
@given(
    world=st.lists(drawn, min_size=SERVICES, max_size=SERVICES),
    questions=st.lists(by_words, min_size=1, max_size=8),
)
def test_pages_by_words_are_those_of_one_long_list(services, elastic, monkeypatch, world, questions):
    """However few of those that fit best are looked through at first."""
    elastic.replace_all([written(service, *one) for service, one in zip(services, world, strict=True)])
    for asked in questions:
        monkeypatch.setattr(elastic_engine, "WINDOW", 40)
        long = elastic.find(replace(asked, page=1, page_size=100))
        monkeypatch.setattr(elastic_engine, "WINDOW", 0)
        short = [elastic.find(replace(asked, page=page, page_size=3)) for page in (1, 2, 3)][: -(-long.total // 3)]
        assert {page.total for page in short} <= {long.total}
        assert ids_of(short) == [hit.service_id for hit in long.hits][:9], asked
        own = elastic.own.find(replace(asked, page=1, page_size=100))
        assert ids_of([long]) == ids_of([own]), asked


def ids_of(pages):
    return [hit.service_id for page in pages for hit in page.hits]


def test_the_comparison_had_something_to_compare():
    if not FOUND:
        pytest.skip("nothing was compared in this run")
    assert sum(map(bool, FOUND)) > len(FOUND) / 4
