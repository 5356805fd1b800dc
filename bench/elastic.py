"""
Elasticsearch as the finder's engine: how fast its index is made, and how long a question takes, each against doing it bare.

    python -m bench.elastic [services] [rounds]

Works on a server of its own (or the one at ELASTICSEARCH_URL) and a database of its own (with DATABASE_URL beside the
PostgreSQL that it names). Prints one JSON line. `rebuild.ratio` is services a second of `rebuild_search_index`, which reads
the rows, writes the documents and checks every answer, to those of a bulk request of the same lines, ready made. A question's
`ratio` is the engine's time, with availability asked of the database, to the same request and the client's parsing of its answer;
`database_ms` is what the database engine takes for the same question in the same run.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
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
        engine.elastic.drop()


def rebuilding(engine) -> dict:
    """Return services a second: rebuilt, sent bare, and only read."""
    from search import tasks
    from search.backends.elastic import action, in_batches, settings_here
    from search.backends.elastic_index import mapping
    from search.documents import all_documents

    client = engine.elastic.line.client.options(request_timeout=60)
    documents = list(all_documents())
    raw = f"{engine.elastic.name}.raw"
    batches = [
        [line for one in batch for line in action(raw, one.service_id, 1, one)] for batch in in_batches(documents)
    ]

    def empty() -> None:
        client.indices.delete(index=raw, ignore_unavailable=True)
        client.indices.create(index=raw, mappings=mapping(), settings=settings_here())

    def bare() -> None:
        for lines in batches:
            client.bulk(body=lines)
        client.indices.refresh(index=raw)

    runs = {"bare": bare, "rebuild": lambda: tasks.rebuild(anew=True), "read": lambda: list(all_documents())}
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(4):
        for name, run in runs.items():
            empty()
            started = time.perf_counter()
            run()
            if turn:
                speeds[name].append(len(documents) / (time.perf_counter() - started))
    median = {name: statistics.median(of) for name, of in speeds.items()}
    return {
        "a_second": round(median["rebuild"]),
        "bare_a_second": round(median["bare"]),
        "read_a_second": round(median["read"]),
        "ratio": round(median["rebuild"] / median["bare"], 2),
    }


def questions() -> dict:
    """Return what is asked."""
    from django.utils import timezone

    from directory.geo import Point
    from search.queries import ServiceQuery, Tier, Words

    public = {"audiences": ("public",), "at": timezone.now()}
    near, mentor = {"near": Point(51.4619, -2.5632), "within_km": 5}, {"words": (Words(("mentor",)),)}
    return {
        "everything": ServiceQuery(**public, tiers=frozenset(Tier)),
        "place": ServiceQuery(**public, **near),
        "typical": ServiceQuery(**public, **near, **mentor, age=14, harms=frozenset({"knife_weapon"})),
        "free": ServiceQuery(**public, **near, **mentor, tiers=frozenset({Tier.FREE})),
    }


def asking_for(engine, query) -> dict:
    """Return how long a question takes this engine, the bare request, and the database engine, in turn."""
    from elasticsearch.dsl import Search

    from search.backends.elastic import asking, with_extent
    from search.backends.elastic_query import wanted

    client = engine.elastic.line.client
    search = with_extent(Search(index=engine.elastic.alias).query(wanted(query)))
    columns = ["card", "spots"] if query.near else ["card"]
    plain = asking(search.extra(stored_fields="_none_", docvalue_fields=columns, size=10_000, track_total_hits=True))
    assert engine.elastic.find(query).total == engine.own.find(query).total
    asked = {
        "engine": lambda: engine.elastic.find(query),
        "bare": lambda: plain(client),
        "database": lambda: engine.own.find(query),
    }
    times: dict[str, list[float]] = {which: [] for which in asked}
    for turn in range(ROUNDS + 5):
        for which, ask in asked.items():
            started = time.perf_counter()
            ask()
            if turn >= 5:
                times[which].append((time.perf_counter() - started) * 1000)
    middle = {which: statistics.median(taken) for which, taken in times.items()}
    return {
        "found": engine.own.find(query).total,
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
