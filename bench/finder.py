"""
The finder's page at 2,000 services, against the same template drawn from prepared values and a bare view of equal bytes.

    python -m bench.finder [services] [rounds]

Makes its own database in a folder that goes away; prints one JSON line. `ratio` is the page against the template alone, measured
in the same run and in turn, so that a busy machine slows both.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
        import django

        django.setup()
        print(json.dumps(measure()))


def measure() -> dict:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.http import HttpResponse
    from django.template import loader
    from django.test import Client, RequestFactory
    from django.test.utils import CaptureQueriesContext

    from search import views

    call_command("migrate", verbosity=0)
    fill(SERVICES)
    call_command("reindex", stdout=StringIO())
    client, results = Client(), {}
    settings.DEBUG = False
    for name, asked in ASKED.items():
        kept: dict = {}
        real = views.render

        def keep(request, template, context=None, status=None, *, kept=kept, real=real, **rest):
            kept.update(template=template, context=context)
            return real(request, template, context, status=status, **rest)

        views.render = keep
        with CaptureQueriesContext(connection) as queries:
            body = client.get("/find/", asked).content
        asked_of_the_database = len(queries)
        views.render = real
        request = RequestFactory().get("/find/", asked)
        request.hat, request.hats = None, ()
        template = loader.get_template(kept["template"])

        def view(asked=asked) -> None:
            client.get("/find/", asked)

        def page(asked=asked) -> None:
            views.find(with_hat(RequestFactory().get("/find/", asked)))

        def drawn(template=template, context=kept["context"], request=request) -> None:
            HttpResponse(template.render(context, request))

        def bare(body=body) -> None:
            HttpResponse(body.decode())

        times = in_turn({"client": view, "page": page, "template": drawn, "bare": bare})
        results[name] = {
            "ms": {which: round(statistics.median(taken), 2) for which, taken in times.items()},
            "p95_ms": {which: round(statistics.quantiles(taken, n=20)[18], 2) for which, taken in times.items()},
            "ratio": round(statistics.median(times["page"]) / statistics.median(times["template"]), 2),
            "queries": asked_of_the_database,
            "bytes": len(body),
        }
    return {"bench": "finder", "services": SERVICES, "rounds": ROUNDS, "results": results}


def with_hat(request):
    request.hat, request.hats = None, ()
    return request


def in_turn(calls: dict) -> dict[str, list[float]]:
    """Run each in turn, so that all of them meet the same machine; milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(ROUNDS + 3):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if turn >= 3:
                times[name].append((time.perf_counter() - started) * 1000)
    return times


def fill(services: int) -> None:
    """Make services that differ as real ones do: words, ages, worries, places all over the city, rooms of every state."""
    from django.utils import timezone

    from directory import vocabularies
    from directory.geo import Point
    from directory.models import Ward
    from tests.factories import directory as make

    now = timezone.now()
    chance = random.Random(7)
    vocabularies.load()
    make.places()
    codes = {
        name: [code for code, _ in vocabularies.choices(name)]
        for name in ("harm_type", "service_type", "intervention_level")
    }
    wards = list(Ward.objects.all())
    organizations = [make.organization(f"Organization {number}") for number in range(60)]
    words = [
        "Mentoring",
        "Boxing",
        "Girls’ group",
        "Music",
        "Drama",
        "Outreach",
        "Family help",
        "Workshop",
        "Club",
        "Keyworker",
    ]
    from django.db import transaction

    with transaction.atomic():
        for number in range(services):
            ward = chance.choice(wards)
            lowest = chance.randint(8, 16)
            made = make.service(
                f"{chance.choice(words)} {number}",
                by=chance.choice(organizations),
                summary=" ".join(chance.choice(words).lower() for _ in range(14)).capitalize() + ".",
                harms=chance.sample(codes["harm_type"], 3),
                compositions=["mixed"],
                service_type=chance.choice(codes["service_type"]),
                level=chance.choice(codes["intervention_level"]),
                serves=[chance.choice(["citywide", "citywide", ward.locality_id, ward.code])],
                at=[
                    make.location(
                        f"Place {number}", point=Point(ward.latitude + chance.uniform(-0.01, 0.01), ward.longitude)
                    )
                ],
                travels_to_child=chance.random() < 0.2,
                minimum_age=lowest,
                maximum_age=lowest + chance.randint(2, 9),
            )
            make.pool(
                made,
                free=chance.choice([0, 0, 1, 2, 5]),
                at=now - timedelta(days=chance.choice([0, 1, 2, 5, 9, 30])),
                waitlist_open=chance.random() < 0.5,
            )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
