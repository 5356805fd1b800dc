"""
Elasticsearch as the finder's engine: how fast its index is made, and how long a question takes, each against doing it bare.

    python -m bench.elastic [services] [rounds]

Works on a server of its own (or the one at ELASTICSEARCH_URL) and a database of its own (with DATABASE_URL beside the
PostgreSQL that it names). Prints one JSON line. `rebuild.ratio` is services a second of `rebuild_search_index`, which makes an
index, fills it from the copies that the clock keeps ready, checks every answer and puts it in the place of the old one, to
those of bulk requests of the same bytes, ready made, into an index that is there; `ratio_from_rows` the same where no copy is
ready, as after a release that makes the index another way. A question's
`ratio` is the engine's time, which knows what the index was not told and compares the page with the rows, to the same
requests of Elasticsearch and the client's parsing of their answers; `database_ms` is what the database engine takes for the
same question in the same run, with one round for each of its answers that is slower than a second.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

SERVICES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
AIMS = {"rebuild": 0.8, "question": 1.5}


def measure(url: str) -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.finder import fill
    from search import tasks
    from search.backends.elastic_first import ElasticFirst
    from search.backends.elastic_line import Line
    from search.documents import all_documents

    call_command("migrate", verbosity=0)
    fill(SERVICES)
    engine = ElasticFirst(Line(url, patience=60, slow=60), name=f"bench-{uuid4().hex}")
    tasks.backend = lambda: engine
    try:
        engine.own.replace_all(all_documents())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        return {
            "bench": "elastic",
            "database": connection.vendor,
            "services": len(engine.own.digests()),
            "rounds": ROUNDS,
            "aims": AIMS,
            "rebuild": rebuilding(engine),
            "questions": {name: asking_for(engine, query) for name, query in questions().items()},
        }
    finally:
        engine.elastic.index.drop()


def rebuilding(engine) -> dict:
    """Return services a second: rebuilt from what is kept ready and from rows, sent bare, and only read either way."""
    from search import tasks
    from search.backends.elastic_index import SETTINGS, SETTINGS_WHILE_FILLED, mapping
    from search.backends.elastic_keeper import own_ids
    from search.models import SearchEntry

    client = engine.elastic.line.client.options(request_timeout=60)
    raw = f"{engine.elastic.index.name}.raw"
    services = len(own_ids())
    requests = list(in_requests(read_rows(raw)))

    def empty() -> None:
        client.indices.delete(index=raw, ignore_unavailable=True)
        client.indices.create(index=raw, mappings=mapping(), settings={**SETTINGS, **SETTINGS_WHILE_FILLED})

    def bare() -> None:
        for body in requests:
            assert not client.bulk(body=body, filter_path="errors").body["errors"]
        client.indices.refresh(index=raw)

    def rebuild() -> None:
        assert tasks.rebuild(anew=True) == services

    def nothing_ready() -> None:
        SearchEntry.objects.update(ready_for=None)

    # what is done before each, which is not measured, and what is
    runs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "bare": (lambda: None, bare),
        "rebuild": (lambda: all_ready(services), rebuild),
        "read": (lambda: None, lambda: deque(read_ready(raw), maxlen=0)),
        "from_rows": (nothing_ready, rebuild),
        "read_rows": (lambda: None, lambda: deque(read_rows(raw), maxlen=0)),
    }
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(4 if SERVICES <= 20_000 else 3):
        for name, (prepare, run) in runs.items():
            empty()
            prepare()
            started = time.perf_counter()
            run()
            if turn:
                speeds[name].append(services / (time.perf_counter() - started))
    median = {name: statistics.median(of) for name, of in speeds.items()}
    return {
        "a_second": round(median["rebuild"]),
        "from_rows_a_second": round(median["from_rows"]),
        "bare_a_second": round(median["bare"]),
        "read_a_second": round(median["read"]),
        "read_rows_a_second": round(median["read_rows"]),
        "megabytes": round(sum(map(len, requests)) / 1e6, 1),
        "ratio": round(median["rebuild"] / median["bare"], 2),
        "ratio_from_rows": round(median["from_rows"] / median["bare"], 2),
    }


def all_ready(services: int) -> None:
    """Do what the clock does from minute to minute."""
    from django.utils import timezone

    from search import settled
    from search.backends import elastic_ready

    settled.settle(at=timezone.now())
    elastic_ready.keep(most=services)
    assert len(elastic_ready.by_service(elastic_ready.kept_after(None, services))) == services


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
    assert found.total == engine.own.find(query).total
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
            if times[which] and which == "database" and times[which][0] > 1000:
                continue
            started = time.perf_counter()
            run()
            if turn >= 5:
                times[which].append((time.perf_counter() - started) * 1000)
    middle = {which: statistics.median(taken) for which, taken in times.items()}
    return {
        "found": found.total,
        "requests": len(bodies),
        "ms": round(middle["engine"], 2),
        "p95_ms": round(statistics.quantiles(times["engine"], n=20)[18], 2),
        "bare_ms": round(middle["bare"], 2),
        "database_ms": round(middle["database"], 2),
        "ratio": round(middle["engine"] / middle["bare"], 2),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import os

    from bench import own_database
    from tests.elasticsearch.server import elasticsearch

    if os.environ.get("ELASTICSEARCH_URL"):
        own_database.run(lambda: measure(os.environ["ELASTICSEARCH_URL"]))
    else:
        with elasticsearch() as server:
            own_database.run(lambda: measure(server.url))
