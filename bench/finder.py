"""
The finder's page at 2,000 services or a few more, against the same template drawn from prepared values and a bare view of equal bytes.

    python -m bench.finder [services] [rounds]

All three answer the same route through the same middleware, in turn, so that a busy machine slows them alike. The template
gets the very context of the page's own answer. Works on a database of its own: on SQLite, or with DATABASE_URL beside the
PostgreSQL that it names. Prints one JSON line: milliseconds (median and p95), queries, `ratio` of the page to the template
and `ratio_to_bare`, and the same ratio without middleware. On SQLite, which works within this process, `ratio_of_a_core` is the
ratio of the time of a core, which others on the machine change less.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

SERVICES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
ASKED = {
    "everything": {},
    "place": {"place": "Easton"},
    "typical": {"text": "mentor", "place": "Easton", "age": "14", "harm": "knife_weapon"},
    "free": {"text": "boxing", "place": "Hartcliffe", "within": "5", "availability": "free"},
    "nothing": {"text": "drama", "place": "Avonmouth", "within": "1", "age": "24", "availability": "free"},
}

AIM = 1.5
# A prepared context asks for what every page asks, and for nothing else: the stewards' notice. Their words and the footer's
# pages are remembered.
ASKED_BY_EVERY_PAGE = 1


def measure() -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.http import HttpResponse
    from django.shortcuts import render
    from django.test import Client, RequestFactory
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from directory.models import Service
    from search import settled, views

    call_command("migrate", verbosity=0)
    fill(SERVICES)
    call_command("reindex", stdout=StringIO())
    settled.settle(at=timezone.now())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client, results = Client(), {}
    route = route_of("search:find")
    real = route.callback
    for name, asked in ASKED.items():
        client.get("/find/", asked)
        with kept_context(views) as kept, CaptureQueriesContext(connection) as queries:
            body = client.get("/find/", asked).content
            asked_of_the_database = len(queries)
        text = body.decode()

        def prepared(request, *, kept=kept):
            return render(request, kept["template"], dict(kept["context"]))

        def bare(request, *, text=text):
            return HttpResponse(text)

        with CaptureQueriesContext(connection) as queries:
            prepared(with_hat(RequestFactory().get("/find/", asked)))
            assert len(queries) <= ASKED_BY_EVERY_PAGE, [query["sql"][:80] for query in queries.captured_queries]

        def through(view: Callable, *, asked=asked) -> Callable[[], object]:
            def call() -> object:
                route.callback = view
                return client.get("/find/", asked)

            return call

        def alone(view: Callable, *, asked=asked) -> Callable[[], object]:
            return lambda: view(with_hat(RequestFactory().get("/find/", asked)))

        try:
            times, of_a_core = in_turn(
                {
                    "page": through(real),
                    "template": through(prepared),
                    "bare": through(bare),
                    "page_alone": alone(real),
                    "template_alone": alone(prepared),
                }
            )
        finally:
            route.callback = real
        median = {which: statistics.median(taken) for which, taken in times.items()}
        results[name] = {
            "ms": {which: round(taken, 2) for which, taken in median.items()},
            "p95_ms": {which: round(statistics.quantiles(taken, n=20)[18], 2) for which, taken in times.items()},
            "ratio": round(median["page"] / median["template"], 2),
            "ratio_alone": round(median["page_alone"] / median["template_alone"], 2),
            "ratio_to_bare": round(median["page"] / median["bare"], 1),
            "ratio_of_a_core": round(
                statistics.median(of_a_core["page"]) / statistics.median(of_a_core["template"]), 2
            ),
            "queries": asked_of_the_database,
            "bytes": len(body),
        }
    return {
        "bench": "finder",
        "database": connection.vendor,
        "services": Service.objects.count(),
        "rounds": ROUNDS,
        "aim": AIM,
        "results": results,
    }


@contextmanager
def kept_context(views):
    """Keep what the page's view hands to its template."""
    kept: dict = {}
    real = views.render

    def keep(request, template, context=None, status=None, **rest):
        kept.update(template=template, context=context)
        return real(request, template, context, status=status, **rest)

    views.render = keep
    try:
        yield kept
    finally:
        views.render = real


def route_of(name: str):
    """Return the pattern of a route, whose view may be exchanged."""
    from django.urls import get_resolver, resolve, reverse

    found = resolve(reverse(name))
    waiting = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if getattr(one, "callback", None) is found.func:
            return one
        waiting += getattr(one, "url_patterns", [])
    raise LookupError(name)


def with_hat(request):
    request.hat, request.hats = None, ()
    return request


def in_turn(calls: dict) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Run each in turn, so that all of them meet the same machine; milliseconds of the clock, and of a core."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    of_a_core: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(ROUNDS + 3):
        for name, call in calls.items():
            started, core = time.perf_counter(), time.thread_time()
            call()
            if turn >= 3:
                of_a_core[name].append((time.thread_time() - core) * 1000)
                times[name].append((time.perf_counter() - started) * 1000)
    return times, of_a_core


def fill(services: int) -> None:
    """Load the demonstration's services, and copies of the invented ones until there are at least so many (`load_sample --times`)."""
    from django.utils import timezone

    from directory import sample, sample_copies, vocabularies
    from directory.models import Service
    from tests.factories import directory as make

    sample._contributions.clear()  # courses and requests are not what is measured
    make.places()
    vocabularies.load()
    sample.load(at=timezone.now())
    invented = Service.objects.filter(is_demo=True).count()
    missing = max(0, services - Service.objects.count())
    sample_copies.multiply(1 + -(-missing // invented))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench import own_database

    own_database.run(measure)
