"""
What happens when Elasticsearch is away, hung, slow, endless or late: the same answers, and nobody waits.

Each drill goes through the finder's own address; the database's own engine says what is right.
"""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from directory import capacity
from directory.models import Service, ServiceStanding
from search import finder, tasks, unsent
from search.backends import elastic_keeper, elastic_ready
from search.backends.elastic_first import ElasticFirst
from search.backends.elastic_keeper import lines_for, under
from search.backends.elastic_line import Away, Line
from search.models import SearchEntry, SearchFollowed, SearchUnsent
from search.queries import Criterion, ServiceQuery, Tier, Words
from search.unsent import Late
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
    settings.ELASTICSEARCH_URL = server.url
    one = ElasticFirst(Line(server.url, patience=0.7), name=index_name)
    one.elastic.line.slow = 0.7  # a test machine is slow by itself
    monkeypatch.setattr("search.backends.elastic_line.CUT_SECONDS", 0.0)
    for module in (tasks, finder):
        monkeypatch.setattr(module, "backend", lambda: one)
    index = one.elastic.index
    index.forget_next()
    if index.is_there():  # of an earlier test, whose database was another one
        unsent.note(index.digests())
        unsent.followed(index.alias, index.newest())
        index.catch_up()
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


def counts(engine, **fields) -> dict:
    """Return how many services each choice would bring."""
    found = engine.find(asked(**fields, counted=True))
    return {facet: dict(codes) for facet, codes in found.counts.items()}


def names(response) -> list[str]:
    """Return which of the services a page shows."""
    page = response.content.decode()
    return [f"Mentoring {number}" for number in range(4) if f"Mentoring {number}<" in page]


@pytest.mark.parametrize("mood", AWAY)
def test_while_it_is_away_the_database_answers_and_nobody_waits(client, server, engine, services, committed, mood):
    began = time.monotonic()
    client.get("/find/", {"text": "mentoring"})
    usual = time.monotonic() - began  # a test machine is slow by itself
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
    # each may have waited for one answer
    assert time.monotonic() - began < 3 * (max(1.5, 2 * usual) + 0.7)

    server.become(Mood.WELL)
    while_it_is_late = client.get("/find/", {"text": "mentoring"})
    assert names(while_it_is_late) == ["Mentoring 1", "Mentoring 2", "Mentoring 3"]
    committed(tasks.follow, timezone.now())
    assert engine.elastic.index.digests() == engine.own.digests()
    assert answers(engine)


def test_what_was_withdrawn_is_neither_shown_nor_counted_by_an_index_that_was_not_told(engine, services, committed):
    Service.objects.filter(pk=services[0].pk).update(live=False)
    tasks.bring_up_to_date([services[0].pk])  # and Elasticsearch does not hear of it: nothing was committed
    assert services[0].pk in engine.elastic.index.digests()
    found = engine.elastic.find(asked())
    assert (found.total, services[0].pk in {hit.service_id for hit in found.hits}) == (3, False)
    assert counts(engine.elastic) == counts(engine.own)
    committed(tasks.follow, timezone.now())
    assert services[0].pk not in engine.elastic.index.digests()
    assert not SearchUnsent.objects.exists()
    assert engine.elastic.find(asked()).total == 3


def test_without_that_knowledge_it_is_counted_beside_a_page_without_it_but_not_shown(engine, services):
    """The other way round: this index does hold what was withdrawn, nobody knows, and no page shows it all the same."""
    Service.objects.filter(pk=services[0].pk).update(live=False)
    tasks.bring_up_to_date([services[0].pk])
    SearchUnsent.objects.all().delete()
    without_it = {"page": 2, "page_size": 1}
    assert sum(counts(engine.elastic, **without_it)[Criterion.TYPE].values()) == 4
    found = engine.elastic.find(asked(counted=True))
    assert (found.total, services[0].pk in {hit.service_id for hit in found.hits}) == (3, False)
    assert sum(found.counts[Criterion.TYPE].values()) == 3
    # what a page was wrong about is known from then on
    assert sum(counts(engine.elastic, **without_it)[Criterion.TYPE].values()) == 3


def test_what_only_professionals_may_find_now_is_not_shown_to_others(engine, services):
    SearchEntry.objects.filter(service_id=services[0].pk).update(audience="professionals")
    assert services[0].pk not in {hit.service_id for hit in engine.elastic.find(asked()).hits}


def test_a_place_that_was_taken_behind_everybodys_back_is_not_shown_as_free(engine, services):
    services[0].pools.update(held=F("total"))
    free = engine.elastic.find(asked(tiers=frozenset({Tier.FREE})))
    assert [hit.service_id for hit in free.hits] == [services[1].pk]


def test_what_is_new_is_not_missing_from_an_index_that_was_not_told(engine, services, committed):
    new = make.service("Mentoring 9")
    tasks.bring_up_to_date([new.pk])
    assert new.pk in {hit.service_id for hit in engine.elastic.find(asked()).hits}
    assert new.pk in {hit.service_id for hit in engine.find(asked(words=(Words(("mentoring",)),))).hits}
    committed(tasks.follow, timezone.now())
    assert new.pk in {hit.service_id for hit in engine.elastic.find(asked(words=(Words(("mentoring",)),))).hits}


def test_a_place_that_has_gone_is_gone_at_once_and_told_within_seconds(engine, services):
    pool = services[0].pools.get()
    free = asked(tiers=frozenset({Tier.FREE}))
    assert engine.elastic.find(free).total == 2
    capacity.declare(
        pool,
        capacity.Declaration(total=pool.total, external_occupied=pool.total, waitlist_open=False),
        by=None,
        at=timezone.now(),
    )
    assert engine.elastic.find(free).total == 1
    assert SearchUnsent.objects.filter(service_id=services[0].pk).exists()
    tasks.tell(timezone.now())
    assert not SearchUnsent.objects.exists()
    assert engine.elastic.find(free).total == 1


def test_a_figure_that_lapses_is_unconfirmed_although_nobody_tells(engine, services):
    free = asked(tiers=frozenset({Tier.FREE}))
    assert engine.elastic.find(free).total == 2
    later = asked(tiers=frozenset({Tier.FREE}), at=timezone.now() + timedelta(days=60))
    assert (engine.elastic.find(later).total, engine.own.find(later).total) == (0, 0)


def test_an_index_that_was_restored_is_not_believed_and_is_mended(engine, services, committed):
    """A copy of last week comes back: whatever it has taken since is gone, and nothing in the database says so."""
    index = engine.elastic.index
    newest = index.newest()
    Service.objects.filter(pk=services[0].pk).update(name="Mentoring 8")
    committed(tasks.bring_up_to_date, [services[0].pk])
    assert index.newest() > newest
    unsent.followed(index.alias, index.newest() + 10)  # it had taken more than it has
    with pytest.raises(Late):
        engine.elastic.find(asked())
    assert engine.find(asked()).total == 4
    tasks.tell(timezone.now())  # is not taken in by it either
    with pytest.raises(Late):
        engine.elastic.find(asked())
    committed(tasks.follow, timezone.now())
    assert engine.elastic.find(asked()).total == 4
    assert index.digests() == engine.own.digests()


def test_another_databases_index_is_not_believed(engine, services, committed):
    SearchFollowed.objects.all().delete()
    with pytest.raises(Late):
        engine.elastic.find(asked())
    committed(tasks.follow, timezone.now())
    assert engine.elastic.find(asked()).total == 4


def test_of_very_many_changes_the_database_answers_alone(engine, services, monkeypatch):
    monkeypatch.setattr(unsent, "MOST", 2)
    unsent.note([one.pk for one in services[:2]])
    assert engine.elastic.find(asked()).total == 4
    unsent.note([services[2].pk])
    with pytest.raises(Late):
        engine.elastic.find(asked())
    assert engine.find(asked()).total == 4


def test_places_that_changed_while_it_was_switched_off_are_found_out_by_comparing(
    engine, services, committed, settings
):
    pool = services[0].pools.get()
    # a page on which that service is not, which would be compared with the rows
    free = {"tiers": frozenset({Tier.FREE}), "page": 2, "page_size": 1}
    settings.ELASTICSEARCH_URL = ""
    told = capacity.Declaration(total=pool.total, external_occupied=pool.total, waitlist_open=False)
    capacity.declare(pool, told, by=None, at=timezone.now())
    assert counts(engine.elastic, **free) != counts(engine.own, **free)
    tasks.compare(timezone.now())
    assert counts(engine.elastic, **free) == counts(engine.own, **free)
    assert not SearchUnsent.objects.exists()


def test_a_copy_that_was_kept_wrong_is_found_out_by_comparing_and_not_used_again(engine, services, committed):
    """However it came about: what is kept ready is no more believed than an index is."""
    tasks.settle(timezone.now())
    elastic_ready.keep()
    entry = SearchEntry.objects.get(service_id=services[0].pk)
    SearchEntry.objects.filter(pk=entry.pk).update(ready=entry.ready.replace('"digest": "', '"digest": "0'))
    tasks.rebuild(anew=True)
    assert engine.elastic.index.digests() != engine.own.digests()
    tasks.compare(timezone.now())
    assert engine.elastic.index.digests() == engine.own.digests()
    tasks.rebuild(anew=True)
    assert engine.elastic.index.digests() == engine.own.digests()


def test_what_nobody_knows_leaves_the_index(engine, services, committed):
    """And what nobody may find, even if everything was told: the two are compared."""
    entry = SearchEntry.objects.get(service_id=services[0].pk)
    entry.delete()
    committed(tasks.follow, timezone.now())
    assert engine.elastic.index.digests() == engine.own.digests()


def test_a_late_write_never_beats_a_newer_one(engine, services):
    index, one = engine.elastic.index, services[0].pk
    kept = index.digests()[one]

    def write(version):
        index.write(list(under(index.alias, lines_for([one], {one: version}))))

    newer = index.newest() + 10
    write(newer)
    SearchEntry.objects.filter(service_id=one).update(digest="older")
    write(newer - 1)
    assert index.digests()[one] == kept
    SearchEntry.objects.filter(service_id=one).delete()
    write(newer + 1)
    assert one not in index.digests()
    write(newer)  # nor does anything bring it back
    assert one not in index.digests()


def test_a_lost_index_is_made_anew_and_the_database_answers_meanwhile(client, engine, services, committed):
    engine.elastic.index.drop()
    assert len(names(client.get("/find/", {"text": "mentoring"}))) == 4
    assert not engine.elastic.index.is_there()
    committed(tasks.follow, timezone.now())
    assert answers(engine)
    assert engine.elastic.index.digests() == engine.own.digests()


def test_a_rebuild_goes_on_where_it_stopped_and_loses_no_change_meanwhile(
    engine, services, committed, monkeypatch, capsys
):
    monkeypatch.setattr(elastic_keeper, "COPIED_AT_ONCE", 2)
    monkeypatch.setattr(elastic_keeper, "REQUEST", 1)
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
    assert engine.elastic.index.digests() == engine.own.digests()
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
    assert engine.elastic.index.digests() == engine.own.digests()
    assert SearchEntry.objects.get(service_id=services[3].pk).name_key == "mentoring 7"
