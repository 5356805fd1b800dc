"""
An import of 5,000 services, published at once, and then of 5,000 changes to them: how long looking, applying and exporting take.

    python -m bench.importing [rows]
    python -m tests.servers postgresql python -m bench.importing [rows]

On a database of its own: SQLite, or with DATABASE_URL beside the PostgreSQL that it names. A change is of the summary, a
number, a tick, two vocabularies, the contact and the area. Prints one JSON line: seconds, this process's processor time of
applying (what counts on a busy machine; a server's own is not in it), and how many rows of the export change nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import own_database

CHANGES = {
    "summary": "Other words.", "minimum_age": "11", "travels_to_child": "yes", "harm_types": "", "languages": "",
    "contact_telephone": "0117 496 0102", "areas": "anywhere",
}  # fmt: skip
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 5000


def measure() -> dict:
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone
    from wagtail.models import Revision

    from directory import tables
    from directory.exchange import export
    from directory.exchange.columns import World
    from directory.exchange.plan import plan
    from directory.models import Service
    from safekeeping import outbox
    from tests.proof import importing

    began = time.perf_counter()
    importing.prepare(ROWS)
    looked = time.perf_counter()
    done, apply_new = timed(lambda: importing.work(0, guarded=True))
    content, exported = timed(lambda: b"".join(tables.as_csv(export.FOR_STEWARDS, export.everything(export.all_ids()))))
    again, read = timed(lambda: [one.verdict for one in plan(tables.read(content), World.read())])
    outbox.deliver_due(
        now=timezone.now
    )  # the finder learns of the new ones, so that the next file does not wait for it
    other = importing.table_of(ROWS, **CHANGES)
    _, looked_at_changes = timed(lambda: importing.bring(other))
    changed, apply_changed = timed(lambda: importing.work(0, guarded=True))
    return {
        "database": connection.vendor,
        "rows": ROWS,
        "states": [done["state"], changed["state"]],
        "services": Service.objects.filter(live=True).count(),
        "changed": Service.objects.filter(live=True, summary=CHANGES["summary"]).count(),
        "revisions": Revision.objects.for_instance(Service.objects.all()[0]).count(),
        "seconds": {
            "migrate_and_look": round(looked - began, 1),
            "apply_new": apply_new[0],
            "export": exported[0],
            "look_again": read[0],
            "look_at_changes": looked_at_changes[0],
            "apply_changed": apply_changed[0],
        },
        "cpu_ms_per_row": {
            "new": round(apply_new[1] * 1000 / ROWS, 1),
            "changed": round(apply_changed[1] * 1000 / ROWS, 1),
        },
        "unchanged": again.count("unchanged"),
        "load": os.getloadavg()[0],
    }


def timed(do: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Return what it returns, with its seconds and its seconds of processor time."""
    began, cpu = time.perf_counter(), time.process_time()
    done = do()
    return done, (round(time.perf_counter() - began, 1), time.process_time() - cpu)


if __name__ == "__main__":
    own_database.run(measure)
