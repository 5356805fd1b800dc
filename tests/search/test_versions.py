"""Which write is the newer one."""

from __future__ import annotations

import time
from uuid import UUID

import pytest

from search.models import SearchVersion
from search.versions import claim

pytestmark = pytest.mark.django_db
ONE, OTHER = UUID(int=1), UUID(int=2)


def test_every_claim_is_higher_than_the_last_and_of_its_own_service():
    first, second = claim([ONE, OTHER]), claim([ONE])
    assert first.keys() == {ONE, OTHER}
    assert second[ONE] > first[ONE]
    assert SearchVersion.objects.get(pk=OTHER).version == first[OTHER]


def test_a_claim_is_higher_than_what_an_index_may_have_seen_before_the_database_was_restored():
    assert claim([ONE])[ONE] >= (time.time_ns() // 1000) - 60_000_000


def test_a_clock_that_is_set_back_does_not_set_versions_back():
    ahead = time.time_ns() // 1000 + 3600 * 1_000_000
    claim([ONE])
    SearchVersion.objects.update(version=ahead)
    assert claim([ONE])[ONE] == ahead + 1


def test_many_claims_cost_no_more_statements_than_one(django_assert_num_queries):
    claim([ONE])
    with django_assert_num_queries(6):  # two of them begin and end the savepoint
        claim([UUID(int=number) for number in range(100)])
