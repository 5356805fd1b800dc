"""The contract on the database that is already there; and that its SQL says of places what the directory says."""

from __future__ import annotations

from datetime import date, time, timedelta
from importlib import import_module
from itertools import count

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.availability import best_of
from directory.models import WITH_A_WAITING_LIST, CapacityPool
from search import settled
from search.backends.database import DatabaseBackend
from search.backends.database_query import statement_for
from search.backends.database_sql import Sql
from search.models import SearchEntry
from search.queries import TIERS, Aspect, Tier, Words
from tests.factories import directory as make
from tests.factories.directory import AT
from tests.search.contract import HOME, SearchContract, at_distance, document, numbers, query

pytestmark = pytest.mark.django_db


class TestDatabaseBackend(SearchContract):
    @pytest.fixture
    def backend(self):
        return DatabaseBackend()


class TestWithTiersWrittenDown(SearchContract):
    """A tier that was written down is a short cut: no answer may be another for it."""

    @pytest.fixture
    def backend(self):
        return Settling()


class Settling(DatabaseBackend):
    def index(self, documents):
        super().index(documents)
        settled.settle(at=AT)


number = count()  # two sessions of one name are never at the same time
days = st.one_of(st.none(), st.integers(-3, 3).map(lambda days: date(2026, 11, 16) + timedelta(days=days)))
moments = st.one_of(st.none(), st.sampled_from([AT - timedelta(seconds=1), AT, AT + timedelta(days=2)]))
counted = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["caseload_places", "cohort_places", "team_deployments", "practitioner_roster"]),
        "total": st.one_of(st.none(), st.integers(0, 12)),
        "external_occupied": st.integers(0, 12),
        "occupied": st.integers(0, 3),
        "held": st.integers(0, 2),
        "reserved": st.integers(0, 2),
    }
)
hours = st.one_of(st.none(), st.sampled_from([time(9, 59), time(10, 0), time(10, 0, 1), time(23, 30)]))
sessions = st.tuples(counted, hours).map(lambda drawn: drawn[0] | {"model": "session_slots", "begins_at": drawn[1]})
called_off = sessions.map(lambda drawn: drawn | {"called_off_at": AT, "occupied": 0, "held": 0, "reserved": 0})
rotas = counted.map(lambda drawn: drawn | {"model": "rapid_response_rota", "on_call": "manager"})
uncounted = st.fixed_dictionaries({"model": st.sampled_from(["open_access", "information_only"])})
rest = st.fixed_dictionaries(
    {
        "paused_at": moments,
        "waitlist_open": st.booleans(),
        "starts_on": days,
        "ends_on": days,
        "confirmed_until": moments,
    }
)
pools = st.lists(st.tuples(st.one_of(counted, sessions, called_off, rotas, uncounted), rest), max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(pools, min_size=1, max_size=6))
def test_the_engine_and_the_directory_say_the_same_of_places(db, drawn):
    services = services_with(drawn)
    backend = DatabaseBackend()
    backend.replace_all([document(service.pk.int) for service in services])
    assert_the_same(backend, services, at=AT)


# Moments at which something may have changed by itself: figures grow old, days begin, sessions begin, the clocks go back.
LATER = [
    timedelta(seconds=-1),
    *(timedelta(seconds=one) for one in (0, 1, 2)),
    *(timedelta(hours=one) for one in (1, 14, 30)),
]
LATER += [timedelta(days=2), timedelta(days=2, seconds=1), timedelta(days=4)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(pools, min_size=1, max_size=6),
    written=st.sampled_from(LATER),
    asked=st.lists(st.sampled_from(LATER), max_size=4),
)
def test_what_was_written_down_is_the_same_whenever_it_is_asked(db, drawn, written, asked):
    services = services_with(drawn)
    backend = DatabaseBackend()
    backend.replace_all([document(service.pk.int) for service in services])
    settled.settle(at=AT + written)
    for moment in {written, *asked}:
        assert_the_same(backend, services, at=AT + moment)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(pools, min_size=4, max_size=4), after=st.lists(pools, min_size=4, max_size=4))
def test_what_changed_is_never_taken_from_what_was_written_down(db, before, after):
    """Whatever changes: figures, dates, whose pool it is; and however: by rows, by saving, by a pool that goes."""
    services = services_with(before)
    backend = DatabaseBackend()
    backend.replace_all([document(service.pk.int) for service in services])
    settled.settle(at=AT)
    others = services_with(after)
    for place, (service, other) in enumerate(zip(services, others, strict=True)):
        if place % 2:
            for pool in CapacityPool.objects.filter(services=service):
                pool.services.clear()
        for pool in CapacityPool.objects.filter(services=other):
            pool.services.set([service])
        assert_the_same(backend, [service], at=AT)
    for pool in CapacityPool.objects.filter(services__in=services).exclude(
        model__in=["open_access", "information_only"]
    ):
        CapacityPool.objects.filter(pk=pool.pk).update(
            confirmed_until=AT + timedelta(days=1), total=9, external_occupied=9
        )
    assert_the_same(backend, services, at=AT)
    settled.settle(at=AT)
    assert_the_same(backend, services, at=AT)
    CapacityPool.objects.filter(services__in=services[::2]).delete()
    assert_the_same(backend, services, at=AT)


def services_with(drawn):
    services = [make.service() for _ in drawn]
    for service, of_service in zip(services, drawn, strict=True):
        for figures, dates in of_service:
            if dates["starts_on"] and dates["ends_on"] and dates["starts_on"] > dates["ends_on"]:
                dates = dates | {"ends_on": None}
            if figures["model"] == "session_slots" and dates["starts_on"] is None:
                dates = dates | {"starts_on": AT.date(), "ends_on": None}
            if figures["model"] not in WITH_A_WAITING_LIST:
                dates = dates | {"waitlist_open": False}
            CapacityPool.objects.create(
                organization=service.organization,
                name=f"Places {next(number)}",
                confirm_every_days=7,
                **figures,
                **dates,
            ).services.add(service)
    return services


def assert_the_same(backend, services, *, at):
    of = {service.pk.int for service in services}
    for tier in Tier:
        found = of.intersection(numbers(backend.find(query(tiers=frozenset({tier}), at=at, page_size=100))))
        meant = [
            service.pk.int
            for service in services
            if TIERS[best_of(CapacityPool.objects.filter(services=service), at=at).state] == tier
        ]
        assert sorted(found) == sorted(meant), (tier, at)


def test_one_statement_answers_whatever_is_asked(django_assert_num_queries):
    backend = DatabaseBackend()
    backend.replace_all([document(number) for number in range(1, 30)])
    with django_assert_num_queries(1):
        backend.find(query(age=14, harms=frozenset({"knife_weapon"}), serving=frozenset({"south"})))
    words = (Words(("mentoring",)), Words(("alongside",)), Words(("boxing",)))
    with django_assert_num_queries(1):
        assert backend.find(query(words=words, any_word=True, near=HOME)).total == 29
    facets = {"harms": frozenset({"knife_weapon"}), "aspects": {Aspect.TIME: frozenset({"saturday"})}}
    backend.find(query(counted=True))
    with django_assert_num_queries(1):
        assert backend.find(query(age=14, **facets, counted=True)).counts


def test_postgresql_keeps_words_within_their_rows_and_reads_lists_without_words_from_an_index():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps words in lists of their own")
    migration = import_module("search.migrations.0016_words_at_hand")

    def told():
        listed = statement_for(query(near=HOME, within_km=2, age=14), 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attstorage FROM pg_attribute"
                " WHERE attrelid = 'search_searchentry'::regclass AND attname = 'words'"
            )
            [(storage,)] = cursor.fetchall()
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(line for (line,) in Sql(f"EXPLAIN {listed.text}", listed.values).ask())
        return storage, "Index Only Scan using search_entry_narrow" in plan

    assert told() == ("m", True)
    with connection.schema_editor() as editor:
        migration.as_before(apps, editor)
        assert told() == ("x", False)
        migration.within_rows(apps, editor)
    assert told() == ("m", True)


def test_entries_from_before_are_brought_to_what_is_written_now():
    migration = import_module("search.migrations.0012_settled")
    backend = DatabaseBackend()
    at_one, at_two = (at_distance(1),), (at_distance(1), at_distance(2, number=2))
    many = {Aspect.TIME: ("saturday", "sunday"), Aspect.ACCESS: ("step_free",)}
    backend.replace_all(
        [
            document(1, places=at_one, aspects=many, harms=("cce", "cse")),
            document(2, places=at_two),
            document(3, harms=()),
        ]
    )

    def written():
        return [
            ({tuple(sorted(line.split("\t"))) for line in codes.split("\n")}, point)
            for codes, *point in SearchEntry.objects.order_by("service_id").values_list("codes", "x", "y", "z")
        ]

    now = written()
    SearchEntry.objects.update(codes=None, x=None, y=None, z=None)
    migration.write_codes(apps, None)
    with connection.cursor() as cursor:
        cursor.execute(migration.ONLY_PLACES)
    assert written() == now
