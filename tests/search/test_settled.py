"""What is written down of tiers: that it is used, when it is not believed, and that nobody forgets to tell of a change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from directory import capacity
from directory.models import CapacityPool
from search import settled
from search.backends.database import DatabaseBackend
from search.backends.database_places import TIER_ORDER
from search.models import ChangedPlaces, SearchEntry
from search.queries import Tier
from tests.factories import directory as make
from tests.factories.directory import AT
from tests.search.contract import document, query

pytestmark = pytest.mark.django_db
FREE = query(tiers=frozenset({Tier.FREE}))


@pytest.fixture
def service():
    service = make.service()
    make.pool(service, free=1)
    DatabaseBackend().replace_all([document(service.pk.int)])
    settled.settle(at=AT)
    return service


def free_at(at=AT) -> int:
    return DatabaseBackend().find(query(tiers=frozenset({Tier.FREE}), at=at)).total


def test_what_is_written_down_spares_asking_the_pools(service):
    """A wrong tier is believed, so tiers are really read; and no longer once somebody changes the pool."""
    SearchEntry.objects.update(tier=TIER_ORDER.index(Tier.CLOSED))
    assert free_at() == 0
    CapacityPool.objects.update(external_occupied=2)
    assert free_at() == 1


def test_a_change_names_the_service_in_its_own_transaction(service):
    with transaction.atomic():
        CapacityPool.objects.update(held=1)
        assert list(ChangedPlaces.objects.values_list("service_id", flat=True)) == [service.pk]
        assert free_at() == 0
        transaction.set_rollback(True)
    assert not ChangedPlaces.objects.exists()
    assert free_at() == 1


def test_each_verb_of_the_ledger_counts_at_once(service):
    pool, reference = CapacityPool.objects.get(), make.organization().pk
    capacity.hold(pool.pk, service_id=service.pk, reference=reference, until=AT + timedelta(hours=1), by=None, at=AT)
    assert free_at() == 0
    settled.settle(at=AT)
    assert free_at() == 0
    capacity.lapse(reference, at=AT + timedelta(hours=1))
    assert free_at() == 1
    settled.settle(at=AT)
    capacity.pause(pool, by=None, at=AT)
    assert free_at() == 0


def test_what_is_written_down_grows_old_by_itself(service):
    until = CapacityPool.objects.get().confirmed_until
    assert free_at(until) == 1
    assert free_at(until + timedelta(microseconds=1)) == 0
    assert free_at(AT - timedelta(days=400)) == 1  # before it was written it is asked live


def test_only_what_changed_or_grew_old_is_written_again(service):
    assert settled.settle(at=AT) == 0
    CapacityPool.objects.update(note="Ring first")
    assert settled.settle(at=AT) == 1
    assert not ChangedPlaces.objects.exists()
    until = CapacityPool.objects.get().confirmed_until
    assert settled.settle(at=until + timedelta(seconds=1)) == 1


def test_a_service_that_is_indexed_again_is_asked_live_until_its_tier_is_written(service):
    DatabaseBackend().index([document(service.pk.int)])
    assert SearchEntry.objects.get().tier_until is None
    assert free_at() == 1
    assert settled.settle(at=AT) == 1


def test_without_somebody_who_tells_of_changes_nothing_is_written_down(service):
    with transaction.atomic():
        with connection.cursor() as cursor:
            settled.forget(cursor)
            settled.remove(cursor)
        with pytest.raises(settled.NotWatched):
            settled.settle(at=AT)
        CapacityPool.objects.update(held=1)
        assert free_at() == 0
        transaction.set_rollback(True)


def test_a_late_change_is_what_the_triggers_prevent(service):
    """The negative control: without them what was written down would be late."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            settled.remove(cursor)
        CapacityPool.objects.update(held=1)
        assert free_at() == 1
        transaction.set_rollback(True)


def test_forgetting_takes_as_long_as_it_takes(service):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite ends no statement for the time it takes")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1s'")
        settled.forget(cursor)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_migrating_forgets_what_was_written_down_and_puts_the_triggers_back():
    service = make.service()
    make.pool(service, free=1)
    DatabaseBackend().replace_all([document(service.pk.int)])
    settled.settle(at=AT)
    with connection.cursor() as cursor:
        settled.before_migrate("default")
        assert not settled.is_watched(cursor)
        assert SearchEntry.objects.get().tier_until is None
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        assert settled.is_watched(cursor)
