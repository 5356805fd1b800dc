"""
The database engine at 2,000, 100,000 or a million services, each at one place: 200 mixed questions, against SQL by hand.

    python -m bench.search [services] [questions]

Services are those of `bench.many_services`, the same for the same number. Questions are the judged ones
(`tests/search/judgements`), each with a place, an age, a worry, a box or an hour in turn. The engine (`find`) is held against
two things:

- `by_hand` is what somebody would write for just that question and nothing else: the ids of a page and how many there are in
  all. Words are scored as the database scores them, and places go before them, so it gives another order; it must find the
  same number. Its ratio says what our way of searching costs, or spares.
- `bare` is the very statements that the engine sends for that question, with their values, asked once more and their rows
  fetched. Its ratio says what the engine costs beside the database: making the statement, and making a page of the rows.

All are asked in turn, so that a busy machine slows them alike; `find` and `bare` change places after every ten questions, for
whoever comes second finds what the first has read. Prints one JSON line: milliseconds of each, and of the engine with its
facets counted (`counted`), and the ratios of `find`, `ratio` to `by_hand` and `ratio_to_bare`; on SQLite, which works within
this process, also the milliseconds of a core, which others on the machine change less.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SERVICES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
QUESTIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
# Kinds of questions, which come in turn.
KINDS = 10
AIMS = {"ratio": 1.3, "ms_at_most": {2_000: 15, 100_000: 150}}


def measure() -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from bench import many_services
    from search import settled
    from search.backends.database import DatabaseBackend

    call_command("migrate", verbosity=0)
    at, engine, on_sqlite = timezone.now(), DatabaseBackend(), connection.vendor == "sqlite"
    indexed_a_second = many_services.fill(SERVICES, at=at)
    started = time.perf_counter()
    settled.settle(at=at - timedelta(seconds=1))  # they hold from the next whole second on
    settling = time.perf_counter() - started
    many_services.analyze()
    asked = list(questions(at))
    for _, question in asked[:5]:  # from here on it remembers what it reads once in a while, like how common words are
        engine.find(question)
    statements = [statements_of(engine, question) for _, question in asked]
    times: dict[str, list[float]] = {"find": [], "counted": [], "by_hand": [], "bare": []}
    of_a_core: dict[str, list[float]] = {which: [] for which in times}

    def timed(which: str, call: Any) -> Any:
        started, core = time.perf_counter(), time.thread_time()
        told = call()
        of_a_core[which].append((time.thread_time() - core) * 1000)
        times[which].append((time.perf_counter() - started) * 1000)
        return told

    found, slowest = 0, ("", 0.0)
    for number, ((name, question), sent) in enumerate(zip(asked, statements, strict=True)):
        written = by_hand(question)
        calls = {
            "find": lambda question=question: engine.find(question),
            "by_hand": lambda written=written: ask(*written),
            "bare": lambda sent=sent: [ask(*one) for one in sent],
        }
        in_turn = [*calls] if number // KINDS % 2 == 0 else [*calls][::-1]
        told = {which: timed(which, calls[which]) for which in in_turn}
        page, rows = told["find"], told["by_hand"]
        slowest = max(slowest, (name, times["find"][-1]), key=lambda one: one[1])
        assert not rows or page.total == rows[0][1], (name, page.total, rows[0])
        assert len(told["bare"][-1]) == len(page.hits), name
        found += page.total
        timed("counted", lambda question=question: engine.find(replace(question, counted=True)))
    return {
        "bench": "search",
        "database": connection.vendor,
        "services": SERVICES,
        "questions": len(asked),
        "found_on_average": round(found / len(asked)),
        "documents_indexed_a_second": round(indexed_a_second),
        "tiers_written_a_second": round(SERVICES / settling),
        "ms": {name: figures(taken) for name, taken in times.items()},
        "ms_of_a_core": {name: figures(taken) for name, taken in of_a_core.items()} if on_sqlite else {},
        "ratio": round(statistics.median(times["find"]) / statistics.median(times["by_hand"]), 2),
        "ratio_p95": round(p95(times["find"]) / p95(times["by_hand"]), 2),
        "ratio_to_bare": round(statistics.median(times["find"]) / statistics.median(times["bare"]), 2),
        "ratio_to_bare_p95": round(p95(times["find"]) / p95(times["bare"]), 2),
        "slowest": {slowest[0]: round(slowest[1], 1)},
        "aims": AIMS,
    }


def figures(taken: list[float]) -> dict[str, float]:
    return {
        "p50": round(statistics.median(taken), 2),
        "p95": round(p95(taken), 2),
        "most": round(max(taken), 2),
    }


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[18]


def statements_of(engine: Any, question: Any) -> list[tuple[str, Any]]:
    """Return what the engine asks the database for a question, in order, with the values."""
    from django.db import connection

    sent: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        sent.append((statement, values))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        engine.find(question)
    return sent


def ask(statement: str, values: Any) -> list[tuple]:
    """Ask the database, and return the rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


# --- what is asked --------------------------------------------------------------------------------------------------
def questions(at: datetime) -> Iterator[tuple[str, Any]]:
    """Yield named questions: the judged texts, each with something else beside it in turn."""
    from bench.many_services import SEED
    from directory.geo import KM_PER_MILE, Bounds, Point
    from directory.models import Ward
    from search import finder
    from search.queries import Order, ServiceQuery, Span
    from tests.search.relevance import judgements

    draw = random.Random(SEED)
    wards = list(Ward.objects.all())
    judged = judgements()
    for number in range(QUESTIONS):
        words = finder.asked_words(finder.understand(judged[number % len(judged)].terms.text), finder.Terms())
        ward = draw.choice(wards)
        here = Point(ward.latitude, ward.longitude)
        near = {"near": here, "within_km": draw.choice((1, 2, 3)) * KM_PER_MILE}
        box = Bounds(here.latitude - 0.015, here.longitude - 0.02, here.latitude + 0.015, here.longitude + 0.02)
        beside: list[tuple[str, dict[str, Any]]] = [
            ("text", {"words": words}),
            ("text near", {"words": words, **near, "serving": frozenset({ward.code, ward.locality_id})}),
            ("text age worry", {"words": words, "age": draw.randint(10, 17), "harms": frozenset({"cce"})}),
            ("near age", {**near, "age": draw.randint(10, 17)}),
            ("text box", {"words": words, "box": box}),
            ("text any", {"words": words, "any_word": True}),
            ("near open", {**near, "open": Span(at.date(), 17 * 60, 17 * 60)}),
            ("text by distance", {"words": words, **near, "order": Order.NEAREST}),
            ("box", {"box": box}),
            ("text page 3", {"words": words, "page": 3}),
        ]
        name, fields = beside[number % KINDS]
        yield f"{name}: {judged[number % len(judged)].terms.text}", ServiceQuery(audiences=("public",), at=at, **fields)


# --- by hand --------------------------------------------------------------------------------------------------------
def by_hand(query: Any) -> tuple[str, list[Any]]:
    """Return what somebody would write for just that question: the page's ids, and how many fit in all."""
    from django.db import connection

    from search.backends.database_places import limit_of, on_the_sphere
    from search.backends.database_sql import FTS
    from search.backends.database_words import match, tsquery

    postgresql = connection.vendor == "postgresql"
    score, joined, values = "0", "", []
    where = ["e.audience = 'public'"]
    asked: list[Any] = []
    if query.words:
        groups = [query.words] if query.needs_all else [(one,) for one in query.words]
        score = "-t.score" if postgresql else "t.score"
        each = (
            "SELECT e.id, ts_rank(e.words, to_tsquery('simple', %s)) AS score FROM search_searchentry e"
            " WHERE e.words @@ to_tsquery('simple', %s)"
            if postgresql
            else f"SELECT rowid AS id, bm25({FTS}, 8, 4, 2, 2, 3, 0.5) AS score FROM {FTS} WHERE {FTS} MATCH %s"
        )
        told = [tsquery(group) if postgresql else match(group) for group in groups]
        values += [one for one in told for _ in range(2 if postgresql else 1)]
        found = " UNION ALL ".join([each] * len(groups))
        if len(groups) > 1:
            found = f"SELECT id, SUM(score) AS score FROM ({found}) w GROUP BY id"
        joined = f" JOIN ({found}) t ON t.id = e.id"
    chord, chord_values = "0", []
    if query.near is not None:
        x, y, z = on_the_sphere(query.near)
        chord = "((p.x - %s) * (p.x - %s) + (p.y - %s) * (p.y - %s) + (p.z - %s) * (p.z - %s))"
        chord_values = [x, x, y, y, z, z]
        where.append(f"({chord} <= %s OR e.travels)")
        asked += [*chord_values, limit_of(query.within_km)]
    if query.serving is not None:
        where.append(
            "(e.serves_city OR EXISTS (SELECT 1 FROM search_searcharea a WHERE a.entry_id = e.id AND a.code IN (%s, %s)))"
        )
        asked += sorted(query.serving)
    if query.age is not None:
        where.append("e.minimum_age <= %s AND e.maximum_age >= %s")
        asked += [query.age, query.age]
    if query.harms:
        where.append("EXISTS (SELECT 1 FROM search_searchharm h WHERE h.entry_id = e.id AND h.code = 'cce')")
    if query.box is not None:
        where.append("p.latitude BETWEEN %s AND %s AND p.longitude BETWEEN %s AND %s")
        asked += [query.box.south, query.box.north, query.box.west, query.box.east]
    if query.open is not None:
        where.append(
            "EXISTS (SELECT 1 FROM search_searchhours o WHERE o.entry_id = e.id AND o.day = %s AND o.opens <= %s"
            " AND o.closes > %s)"
        )
        asked += [query.open.on.weekday(), query.open.until, query.open.since]
    tier = (
        "SELECT e.id, CASE WHEN c.confirmed_until IS NULL OR c.confirmed_until < %s THEN 2"
        " WHEN c.total - c.external_occupied - c.occupied - c.held - c.reserved > 0 THEN 0 WHEN c.waitlist_open THEN 1"
        f" ELSE 3 END AS tier, {score} AS score, {chord} AS chord, e.travels, e.name_key, e.service_id"
    )
    of = (
        f" FROM search_searchentry e{joined} JOIN search_searchplace p ON p.entry_id = e.id"
        " JOIN directory_capacitypool_services s ON s.service_id = e.service_id"
        " JOIN directory_capacitypool c ON c.id = s.capacitypool_id"
    )
    order = "chord, tier, score" if query.order == "distance" else "travels, tier, chord, score"
    at = connection.ops.adapt_datetimefield_value(query.at)
    return (
        f"SELECT service_id, COUNT(*) OVER () FROM ({tier}{of} WHERE {' AND '.join(where)}) b"
        f" WHERE b.tier < 3 ORDER BY {order}, name_key, service_id LIMIT 20 OFFSET {(query.page - 1) * 20}",
        [at, *chord_values, *values, *asked],
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench import own_database

    own_database.run(measure)
