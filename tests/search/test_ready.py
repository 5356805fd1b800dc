"""What is kept ready for Elasticsearch: that it is used, that it is what the rows say, and that nothing late is ever in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from directory.models import CapacityPool
from search import settled, tasks
from search.backends import elastic_ready
from search.backends.database import DatabaseBackend
from search.backends.elastic_index import copies_of, made_for, mapping, written
from search.backends.elastic_keeper import lines_of, own_ids
from search.backends.elastic_ready import kept_after
from search.models import SearchEntry, SearchVersion
from tests.factories import directory as make
from tests.factories.directory import AT
from tests.search.contract import document
from tests.search.worlds import SERVICES, drawn
from tests.search.worlds import written as drawn_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def services():
    """Three services with a place each, whose copies are ready."""
    made = sorted((make.service() for _ in range(3)), key=lambda one: one.pk)
    for one in made:
        make.pool(one, free=1)
    DatabaseBackend().replace_all([document(one.pk.int) for one in made])
    settled.settle(at=AT)
    assert elastic_ready.keep() == 3
    return made


def ready() -> list[str]:
    """Return the services whose copies would be used."""
    return [one.service_id for one in kept_after(None, 100) if one.text is not None]


def from_rows(service_id) -> str:
    [(_, body)] = copies_of([service_id])
    return written(body)[0]


def test_a_copy_is_what_the_rows_say_and_is_made_once(services):
    kept = kept_after(None, 100)
    assert [one.service_id for one in kept] == [one.pk for one in services]
    assert [one.text for one in kept] == [from_rows(one.pk) for one in services]
    assert elastic_ready.keep() == 0


def test_the_make_of_index_that_a_copy_is_for_names_all_that_it_tells(services):
    """So a release that tells more of a service makes the index anew, and copies that lack it do not fit."""
    told = json.loads(kept_after(None, 1)[0].text or "")
    assert {*told, "version", "mark", "filled"} == set(mapping()["properties"])
    assert told["focus"] == SearchEntry.objects.get(service_id=services[0].pk).focus


def test_it_is_used_where_it_is_ready_and_rows_where_it_is_not(services):
    SearchEntry.objects.filter(service_id=services[0].pk).update(ready=json.dumps({"kept": True}))
    SearchEntry.objects.filter(service_id=services[1].pk).update(ready=json.dumps({"kept": True}), ready_for=None)
    SearchVersion.objects.bulk_create([SearchVersion(service_id=one.pk, version=7) for one in services])
    lines = list(lines_of(kept_after(None, 100)))
    assert ['"kept": true' in line for line in lines] == [True, False, False]
    assert [one.pk.hex in line for one, line in zip(services, lines, strict=True)] == [True, True, True]
    assert ['"version": 7, "version_type"' in line for line in lines] == [True, True, True]


def test_what_never_had_a_version_gets_its_first(services):
    lines = list(lines_of(kept_after(None, 100)))
    assert len(lines) == SearchVersion.objects.count() == 3
    assert all(from_rows(one.pk)[:-1] in line for one, line in zip(services, lines, strict=True))


def test_services_come_by_id_and_go_on_after_one(services):
    assert [one.service_id for one in kept_after(None, 2)] == [one.pk for one in services[:2]]
    assert [one.service_id for one in kept_after(services[1].pk, 2)] == [services[2].pk]
    assert kept_after(services[2].pk, 2) == []


def test_a_changed_place_takes_the_copy_out_of_use_in_its_own_transaction(services):
    with transaction.atomic():
        CapacityPool.objects.filter(services=services[0]).update(held=1)
        assert ready() == [one.pk for one in services[1:]]
        transaction.set_rollback(True)
    assert len(ready()) == 3


def test_it_stays_out_of_use_when_the_tier_is_written_until_it_is_made_anew(services):
    CapacityPool.objects.filter(services=services[0]).update(held=1)
    before = SearchEntry.objects.get(service_id=services[0].pk).ready
    settled.settle(at=AT)
    assert ready() == [one.pk for one in services[1:]]
    assert elastic_ready.keep() == 1
    assert kept_after(None, 1)[0].text == from_rows(services[0].pk) != before


def test_a_service_that_is_indexed_again_has_none_until_it_is_made(services):
    DatabaseBackend().index([document(services[0].pk.int, name="Another name")])
    assert ready() == [one.pk for one in services[1:]]
    settled.settle(at=AT)
    assert elastic_ready.keep() == 1
    assert "another name" in (kept_after(None, 1)[0].text or "")


def test_a_copy_is_never_written_on_another_entry_than_it_was_read_from(services, monkeypatch):
    """As if a worker had indexed the service again between reading and writing."""
    elastic_ready.forget([one.pk for one in services])
    read = elastic_ready.copies_by_entry

    def slow(ids):
        found = list(read(ids))
        DatabaseBackend().index([document(services[0].pk.int, name="Another name")])
        return found

    monkeypatch.setattr(elastic_ready, "copies_by_entry", slow)
    elastic_ready.keep()
    assert ready() == [one.pk for one in services[1:]]


def test_one_for_another_make_of_index_is_not_used_and_is_made_anew(services):
    SearchEntry.objects.filter(service_id=services[0].pk).update(ready_for="00000000")
    SearchEntry.objects.filter(service_id=services[1].pk).update(ready_for="zzzzzzzz")
    assert ready() == [services[2].pk]
    assert elastic_ready.keep() == 2
    assert set(SearchEntry.objects.values_list("ready_for", flat=True)) == {made_for()}


def test_time_alone_changes_no_copy(services):
    until = CapacityPool.objects.filter(services=services[0]).get().confirmed_until
    before = [one.text for one in kept_after(None, 100)]
    settled.settle(at=until + timedelta(days=1))
    elastic_ready.keep()
    assert [one.text for one in kept_after(None, 100)] == before


def test_not_more_are_made_at_once_than_the_clock_has_time_for(services):
    elastic_ready.forget([one.pk for one in services])
    assert [elastic_ready.keep(most=2), elastic_ready.keep(most=2), elastic_ready.keep(most=2)] == [2, 1, 0]


def test_without_somebody_who_tells_of_changes_nothing_is_kept(services):
    with transaction.atomic():
        with connection.cursor() as cursor:
            settled.forget(cursor)
            settled.remove(cursor)
        assert ready() == []
        with pytest.raises(settled.NotWatched):
            elastic_ready.keep()
        transaction.set_rollback(True)


def test_the_clock_keeps_them_where_elasticsearch_is_used_and_nowhere_else(services, settings):
    elastic_ready.forget([one.pk for one in services])
    tasks.settle(AT)
    assert ready() == []
    settings.ELASTICSEARCH_URL = "http://search.example:9200"
    tasks.settle(AT)
    assert len(ready()) == 3


@pytest.mark.django_db(transaction=True)
def test_migrating_forgets_them(services):
    settled.before_migrate("default")
    assert not SearchEntry.objects.exclude(ready_for=None).exists()
    call_command("migrate", verbosity=0)
    elastic_ready.keep()
    assert len(ready()) == 3


@examples(
    max_examples=10, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(
    world=st.lists(drawn, min_size=SERVICES, max_size=SERVICES),
    later=st.dictionaries(st.integers(0, SERVICES - 1), drawn, max_size=4),
    settle=st.booleans(),
    keep=st.booleans(),
)
def test_whatever_happens_what_is_used_is_what_the_rows_say(many, world, later, settle, keep):
    engine = DatabaseBackend()
    engine.replace_all([drawn_document(service, *one) for service, one in zip(many, world, strict=True)])
    settled.settle(at=AT)
    elastic_ready.keep()
    for place, one in later.items():
        told = drawn_document(many[place], *one)  # its places change in any case, its words only sometimes
        if place % 2:
            engine.index([told])
    if settle:
        settled.settle(at=AT)
    if keep:
        elastic_ready.keep()
    kept = kept_after(None, 100)
    assert [one.service_id for one in kept] == list(own_ids())
    assert all(one.text in (None, from_rows(one.service_id)) for one in kept)
    if keep and settle:
        assert all(one.text is not None for one in kept)


@pytest.fixture
def many():
    return sorted((make.service() for _ in range(SERVICES)), key=lambda one: one.pk)
