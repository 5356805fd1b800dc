"""
What happens when Elasticsearch is away, hung, slow, endless or late: the same answers, and nobody waits.

Each drill goes through the finder's own address; the database's own engine says what is right.
"""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.models import Service, ServiceStanding
from search import finder, tasks
from search.backends.elastic import Late
from search.backends.elastic_first import ElasticFirst
from search.backends.elastic_line import Away, Line
from search.models import SearchEntry
from search.queries import ServiceQuery
from tests.elasticsearch.between import Mood, between
from tests.factories import directory as make

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]

AWAY = [Mood.GONE, Mood.HUNG, Mood.SLOW, Mood.TRICKLING, Mood.NONSENSE]


@pytest.fixture
def server(elasticsearch_url):
    with between(elasticsearch_url) as one:
        yield one


@pytest.fixture
def engine(server, index_name, city, settings, monkeypatch):
    """Make Elasticsearch the engine in use, for pages, worker and clock."""
    one = ElasticFirst(Line(server.url, patience=0.7), name=index_name)
    one.elastic.line.slow = 0.7  # a test machine is slow by itself
    monkeypatch.setattr("search.backends.elastic_line.CUT_SECONDS", 0.0)
    for module in (tasks, finder):
        monkeypatch.setattr(module, "backend", lambda: one)
    one.elastic.forget_next()
    if one.elastic.is_there():
        one.elastic.remove(one.elastic.digests())
    return one


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return what does a piece of a worker's or a clock's work, and what is to be done once it is committed."""

    def do(work, *arguments):
        with django_capture_on_commit_callbacks(execute=True):
            return work(*arguments)

    return do


@pytest.fixture
def services(engine, committed):
    made = [make.service(f"Mentoring {number}") for number in range(4)]
    for one in made[:2]:
        make.pool(one, at=timezone.now())
    committed(tasks.reconcile, timezone.now())
    committed(tasks.follow, timezone.now())
    assert answers(engine)
    return made


def answers(engine) -> bool:
    """Say whether Elasticsearch answers by itself, once it has been tried out."""
    for _ in range(100):
        try:
            engine.elastic.find(asked())
        except Away:
            time.sleep(0.05)
        except Late:
            return False
        else:
            return True
    return False


def asked(**fields) -> ServiceQuery:
    return ServiceQuery(**{"audiences": ("public",), "at": timezone.now()} | fields)


def names(response) -> list[str]:
    """Return which of the services a page shows."""
    page = response.content.decode()
    return [f"Mentoring {number}" for number in range(4) if f"Mentoring {number}<" in page]


@pytest.mark.parametrize("mood", AWAY)
def test_while_it_is_away_the_database_answers_and_nobody_waits(client, server, engine, services, committed, mood):
    server.become(mood)
    standing = ServiceStanding.objects.get(service=services[0])
    standing.standing = "suspended"
    standing.save()
    committed(tasks.bring_up_to_date, [services[0].pk, services[1].pk])  # the worker is not stopped by it either
    began = time.monotonic()
    for _ in range(3):
        page = client.get("/find/", {"text": "mentoring"})
        assert page.status_code == 200
        assert names(page) == ["Mentoring 1", "Mentoring 2", "Mentoring 3"]
    # one question may have waited; on a quiet machine a page takes some 20 ms
    assert time.monotonic() - began < 0.7 + 3 * 1.5

    server.become(Mood.WELL)
    while_it_is_late = client.get("/find/", {"text": "mentoring"})
    assert names(while_it_is_late) == ["Mentoring 1", "Mentoring 2", "Mentoring 3"]
    committed(tasks.follow, timezone.now())
    assert engine.elastic.digests() == engine.own.digests()
    assert answers(engine)


def test_what_was_withdrawn_is_neither_shown_nor_counted_by_an_index_that_is_late(engine, services, committed):
    Service.objects.filter(pk=services[0].pk).update(live=False)
    tasks.bring_up_to_date([services[0].pk])  # and Elasticsearch never hears of it
    with pytest.raises(Late):
        engine.elastic.find(asked())
    found = engine.find(asked())
    assert (found.total, services[0].pk in {hit.service_id for hit in found.hits}) == (3, False)
    committed(tasks.follow, timezone.now())
    assert engine.elastic.find(asked()).total == 3


def test_what_is_new_is_not_missing_from_an_index_that_is_late(engine, services, committed):
    new = make.service("Mentoring 9")
    tasks.bring_up_to_date([new.pk])
    assert new.pk in {hit.service_id for hit in engine.find(asked()).hits}
    committed(tasks.follow, timezone.now())
    assert new.pk in {hit.service_id for hit in engine.elastic.find(asked()).hits}


def test_what_nobody_knows_leaves_the_index(engine, services, committed, elastic):
    stranger = UUID(int=7)
    from tests.search.contract import document

    engine.elastic.write([document(7)], (), {stranger: 1})
    assert stranger in engine.elastic.digests()
    committed(tasks.follow, timezone.now())
    assert stranger not in engine.elastic.digests()


def test_a_late_write_never_beats_a_newer_one(engine, services):
    from tests.search.contract import document

    older, newer = {UUID(int=5): 50}, {UUID(int=5): 51}
    engine.elastic.write([document(5, name="Newer")], (), newer)
    engine.elastic.write([document(5, name="Older")], (), older)
    engine.elastic.write((), [UUID(int=5)], older)
    [kept] = [one for one in engine.elastic.digests().items() if one[0] == UUID(int=5)]
    engine.elastic.write([document(5, name="Newer")], (), {UUID(int=5): 52})
    assert engine.elastic.digests()[UUID(int=5)] == kept[1]
    engine.elastic.write((), [UUID(int=5)], {UUID(int=5): 53})
    engine.elastic.write([document(5, name="Older")], (), {UUID(int=5): 52})  # nor does it bring back what has gone
    assert UUID(int=5) not in engine.elastic.digests()


def test_a_lost_index_is_made_anew_and_the_database_answers_meanwhile(client, engine, services, committed):
    engine.elastic.drop()
    assert len(names(client.get("/find/", {"text": "mentoring"}))) == 4
    assert not engine.elastic.is_there()
    committed(tasks.follow, timezone.now())
    assert answers(engine)
    assert engine.elastic.digests() == engine.own.digests()


def test_a_rebuild_goes_on_where_it_stopped_and_loses_no_change_meanwhile(
    engine, services, committed, monkeypatch, capsys
):
    monkeypatch.setattr("search.documents.BATCH", 2)
    ids = sorted(one.pk for one in services)
    seen = []

    def stop(done, of):
        seen.append((done, of))
        assert engine.find(asked()).total == 4  # never empty meanwhile
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tasks.rebuild(told=stop)
    Service.objects.filter(pk=ids[0]).update(name="Mentoring 8")  # one that the new index has already
    committed(tasks.bring_up_to_date, [ids[0]])
    call_command("rebuild_search_index")
    told = capsys.readouterr().out
    assert "2 of 2 services" in told
    assert "Elasticsearch: 4 services" in told
    assert seen == [(2, 4)]
    assert engine.elastic.digests() == engine.own.digests()
    assert answers(engine)


def test_a_rebuild_needs_elasticsearch(db):
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL is not set"):
        call_command("rebuild_search_index")


@pytest.mark.parametrize("mood", [Mood.GONE, Mood.HUNG])
def test_the_site_is_ready_without_it_and_says_who_answers(client, server, engine, services, mood):
    assert client.get("/health/ready").json()["search"] == {
        "engine": "elasticsearch", "answered_by": "elasticsearch",
    }  # fmt: skip
    server.become(mood)
    told = client.get("/health/ready")
    assert told.json()["search"]["answered_by"] == "database"
    assert told.json()["search"]["because"]
    assert "search" not in told.json()["late_jobs"]


def test_the_clock_and_the_worker_keep_both_indexes(engine, services, committed):
    Service.objects.filter(pk=services[3].pk).update(name="Mentoring 7")
    committed(tasks.reindex_one, {"service_id": str(services[3].pk)})
    assert engine.elastic.digests() == engine.own.digests()
    assert SearchEntry.objects.get(service_id=services[3].pk).name_key == "mentoring 7"
