"""
Elasticsearch as the finder's engine: how fast its index is made, and how long a question takes, each against doing it bare.

    python -m bench.elastic [services] [rounds]

Works on a server of its own (or the one at ELASTICSEARCH_URL) and a database of its own (with DATABASE_URL beside the
PostgreSQL that it names), both filled with `bench.many_services`. Prints one JSON line. `rebuild.ratio` is services a second of
`rebuild_search_index`, which makes an index, fills it from the copies that the clock keeps ready, checks every answer and puts
it in the place of the old one, to those of bulk requests of the same bytes, ready made, into an index that is there;
`ratio_from_rows` the same where no copy is ready, as after a release that makes the index another way. Of more than 100,000
services each is made once, after a part of the requests that is not measured, and nothing is made from rows: those figures
are null. The server's own memory is then four times as large (`heap`).

A question's `ratio` is the engine's time, which knows what the index was not told and compares the page with the rows, to the
same requests of Elasticsearch and the client's parsing of their answers; `database_ms` is what the database engine takes for
the same question in the same run, with one round for each of its answers that is slower than a second. Each finds something,
and both find the same number, but for what lies on the very edge of a circle (`EDGE_KM`).
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

SERVICES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
AIMS = {"rebuild": 0.8, "question": 1.5}
# Of more services an index is made once in each way, and never from rows: it would be the longest part of the bench.
MOST_FROM_ROWS = 100_000
# Requests, of one and a half megabytes each, that go before the only measured ones.
FIRST_REQUESTS = 60
# What is so near to the edge of a circle may be in it for the one engine and not for the other: Elasticsearch's points are
# a centimetre off, its circles a few centimetres larger. Of many thousands of services some are.
EDGE_KM = 0.001
# The memory of its own server, as Java writes it.
HEAP = "512m" if SERVICES <= MOST_FROM_ROWS else "2g"


def measure(url: str) -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from bench import many_services
    from search import tasks
    from search.backends.elastic_first import ElasticFirst
    from search.backends.elastic_keeper import COPIED_AT_ONCE, in_batches, own_ids
    from search.backends.elastic_line import Line
    from search.models import SearchEntry
    from search.versions import claim

    call_command("migrate", verbosity=0)
    many_services.fill(SERVICES, at=timezone.now(), with_names=True)
    for ids in in_batches(own_ids(), COPIED_AT_ONCE):
        claim(ids)
    all_ready()
    many_services.analyze()
    engine = ElasticFirst(Line(url, patience=60, slow=60), name=f"bench-{uuid4().hex}")
    tasks.backend = lambda: engine
    try:
        return {
            "bench": "elastic",
            "database": connection.vendor,
            "services": SearchEntry.objects.count(),
            "rounds": ROUNDS,
            "heap": None if os.environ.get("ELASTICSEARCH_URL") else HEAP,
            "aims": AIMS,
            "rebuild": rebuilding(engine),
            "questions": {name: asking_for(engine, query) for name, query in questions().items()},
        }
    finally:
        engine.elastic.index.drop()


def rebuilding(engine) -> dict:
    """Return services a second: rebuilt from what is kept ready and from rows, sent bare, and only read either way."""
    with tempfile.TemporaryFile() as file:  # a million are nearly three gigabytes
        return rebuilding_beside(engine, file)


def rebuilding_beside(engine, file: IO[bytes]) -> dict:
    """Return the same; ``file`` is for the bare requests."""
    from search import tasks
    from search.backends.elastic_index import SETTINGS, SETTINGS_WHILE_FILLED, mapping
    from search.models import SearchEntry

    client = engine.elastic.line.client.options(request_timeout=60)
    raw = f"{engine.elastic.index.name}.raw"
    services = SearchEntry.objects.count()
    sizes = [file.write(body) for body in in_requests(read_ready(raw))]

    def empty() -> None:
        client.indices.delete(index=raw, ignore_unavailable=True)
        client.indices.create(index=raw, mappings=mapping(), settings={**SETTINGS, **SETTINGS_WHILE_FILLED})

    def bare(most: int | None = None) -> None:
        file.seek(0)
        for size in islice(sizes, most):
            assert not client.bulk(body=file.read(size), filter_path="errors").body["errors"]
        client.indices.refresh(index=raw)

    def rebuild() -> None:
        assert tasks.rebuild(anew=True) == services

    def nothing_ready() -> None:
        SearchEntry.objects.update(ready_for=None)

    # what is done before each, which is not measured, and what is
    runs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "bare": (lambda: None, bare),
        "rebuild": (all_ready, rebuild),
        "read": (lambda: None, lambda: deque(read_ready(raw), maxlen=0)),
    }
    if services <= MOST_FROM_ROWS:
        runs["from_rows"] = (nothing_ready, rebuild)
        runs["read_rows"] = (lambda: None, lambda: deque(read_rows(raw), maxlen=0))
        not_measured, measured = 1, 3 if services <= 20_000 else 2
    else:
        empty()
        bare(FIRST_REQUESTS)
        not_measured, measured = 0, 1
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(not_measured + measured):
        for name, (prepare, run) in runs.items():
            empty()
            prepare()
            started = time.perf_counter()
            run()
            if turn >= not_measured:
                speeds[name].append(services / (time.perf_counter() - started))
    median = {name: statistics.median(of) for name, of in speeds.items()}
    told = {name: round(median[name]) if name in median else None for name in (*runs, "from_rows", "read_rows")}
    return {
        "a_second": told["rebuild"],
        "from_rows_a_second": told["from_rows"],
        "bare_a_second": told["bare"],
        "read_a_second": told["read"],
        "read_rows_a_second": told["read_rows"],
        "megabytes": round(sum(sizes) / 1e6, 1),
        "ratio": round(median["rebuild"] / median["bare"], 2),
        "ratio_from_rows": round(median["from_rows"] / median["bare"], 2) if "from_rows" in median else None,
    }


def all_ready() -> None:
    """Do what the clock does from minute to minute, until nothing is left to be done."""
    from django.utils import timezone

    from search import settled
    from search.backends import elastic_ready
    from search.backends.elastic_index import made_for
    from search.models import ChangedPlaces, SearchEntry, SearchVersion

    services = SearchEntry.objects.count()
    settled.settle(at=timezone.now())
    elastic_ready.keep(most=services)
    # a copy that may be used has a version, and no change of places has been named since
    ready = SearchEntry.objects.filter(ready_for=made_for(), service_id__in=SearchVersion.objects.values("service_id"))
    assert ready.count() == services
    assert not ChangedPlaces.objects.exists()


def read_ready(index: str) -> Iterator[str]:
    """Yield lines of bulk requests from what is kept ready."""
    from search.backends.elastic_keeper import COPIED_AT_ONCE, lines_of, under
    from search.backends.elastic_ready import kept_after

    reached = None
    while some := kept_after(reached, COPIED_AT_ONCE):
        reached = some[-1].service_id
        yield from under(index, lines_of(some))


def read_rows(index: str) -> Iterator[str]:
    """Yield the same from the rows."""
    from search.backends.elastic_keeper import COPIED_AT_ONCE, in_batches, lines_for, own_ids, under
    from search.versions import versions_of

    for ids in in_batches(own_ids(), COPIED_AT_ONCE):
        yield from under(index, lines_for(ids, versions_of(ids), filled=True))


def in_requests(lines: Iterator[str]) -> Iterator[bytes]:
    """Yield requests of the size of a rebuild's."""
    from search.backends.elastic_keeper import REQUEST

    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= REQUEST:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def questions() -> dict:
    """Return what is asked."""
    from django.utils import timezone

    from directory.geo import Point
    from search.queries import Order, ServiceQuery, Tier, Words

    public = {"audiences": ("public",), "at": timezone.now()}
    near, mentor = {"near": Point(51.4619, -2.5632), "within_km": 5}, {"words": (Words(("mentor",)),)}
    typical = ServiceQuery(**public, **near, **mentor, age=14, harms=frozenset({"knife_weapon"}))
    asked = {
        "everything": ServiceQuery(**public, tiers=frozenset(Tier)),
        "place": ServiceQuery(**public, **near),
        "word": ServiceQuery(**public, **mentor),
        "words": ServiceQuery(**public, words=(Words(("mentor",)), Words(("knife",)))),
        "typical": typical,
        "free": ServiceQuery(**public, **near, **mentor, tiers=frozenset({Tier.FREE})),
        "nearest": ServiceQuery(**public, **near, order=Order.NEAREST),
        "soonest": ServiceQuery(**public, **near, order=Order.SOONEST),
        "page_40": ServiceQuery(**public, page=40),
    }
    return asked | {"facets": replace(typical, counted=True)}


def totals_around(own: Any, query: Any) -> tuple[int, int]:
    """Return how many the database finds in a circle that is smaller by `EDGE_KM`, and in one that is larger by it."""
    smaller, larger = (replace(query, within_km=query.within_km + by) for by in (-EDGE_KM, EDGE_KM))
    return own.find(smaller).total, own.find(larger).total


def asking_for(engine, query: Any) -> dict:
    """Return how long a question takes this engine, the bare requests that it makes, and the database engine, in turn."""
    from search.backends import elastic

    bodies: list[list] = []
    answers_in = elastic.answers_in

    def kept(client, alias, asked):
        bodies.append(list(asked))
        return answers_in(client, alias, asked)

    elastic.answers_in = kept
    try:
        found = engine.elastic.find(query)
    finally:
        elastic.answers_in = answers_in
    by_database = engine.own.find(query).total
    least, most = (by_database, by_database) if query.near is None else totals_around(engine.own, query)
    assert found.hits, query
    assert least <= found.total <= most, (query, least, found.total, most)
    client, alias = engine.elastic.line.client, engine.elastic.index.alias

    def bare() -> None:
        for asked in bodies:
            searches = [part for body in asked if body is not elastic.LOOK for part in ({"index": alias}, body)]
            client.msearch(searches=searches, filter_path=elastic.ANSWER)

    asked = {"engine": lambda: engine.elastic.find(query), "bare": bare, "database": lambda: engine.own.find(query)}
    times: dict[str, list[float]] = {which: [] for which in asked}
    for turn in range(ROUNDS + 5):
        # each begins as often: whoever follows a long one of ours finds a machine that has just turned to others
        first = turn % len(asked)
        for which, run in [*asked.items()][first:] + [*asked.items()][:first]:
            if which == "database" and times[which] and times[which][0] > 1000:
                continue
            started = time.perf_counter()
            run()
            taken = (time.perf_counter() - started) * 1000
            # the database has answered this once before; what it takes seconds for it need not answer five times more
            if turn >= 5 or (which == "database" and taken > 1000):
                times[which].append(taken)
    middle = {which: statistics.median(taken) for which, taken in times.items()}
    return {
        "found": found.total,
        "database_found": by_database,
        "requests": len(bodies),
        "ms": round(middle["engine"], 2),
        "p95_ms": round(statistics.quantiles(times["engine"], n=20)[18], 2),
        "bare_ms": round(middle["bare"], 2),
        "database_ms": round(middle["database"], 2),
        "ratio": round(middle["engine"] / middle["bare"], 2),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench import own_database
    from tests.elasticsearch.server import elasticsearch

    if os.environ.get("ELASTICSEARCH_URL"):
        own_database.run(lambda: measure(os.environ["ELASTICSEARCH_URL"]))
    else:
        with elasticsearch(heap=HEAP) as server:
            own_database.run(lambda: measure(server.url))
