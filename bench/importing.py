"""
An import of 5,000 services, published at once: how long looking at it, applying it and exporting it again take.

    python -m bench.importing [rows]

On a database of its own: SQLite, or with DATABASE_URL beside the PostgreSQL that it names. Prints one JSON line: seconds,
the processor time of applying (what counts on a busy machine), and how many rows of the export change nothing.
"""

from __future__ import annotations

import os
import sys
import time

from bench import own_database

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 5000


def measure() -> dict:
    import django

    django.setup()
    from django.db import connection

    from directory import tables
    from directory.exchange import export
    from directory.exchange.columns import World
    from directory.exchange.plan import plan
    from directory.models import Service
    from tests.proof import importing

    began = time.perf_counter()
    importing.prepare(ROWS)
    looked = time.perf_counter()
    cpu = time.process_time()
    done = importing.work(0, guarded=True)
    applied, cpu_used = time.perf_counter(), time.process_time() - cpu
    content = b"".join(tables.as_csv(export.FOR_STEWARDS, export.everything(export.all_ids())))
    exported = time.perf_counter()
    again = [one.verdict for one in plan(tables.read(content), World.read())]
    read = time.perf_counter()
    return {
        "database": connection.vendor,
        "rows": ROWS,
        "state": done["state"],
        "services": Service.objects.count(),
        "seconds": {
            "migrate_and_look": round(looked - began, 1),
            "apply": round(applied - looked, 1),
            "export": round(exported - applied, 1),
            "look_again": round(read - exported, 1),
        },
        "apply_cpu": round(cpu_used, 1),
        "unchanged": again.count("unchanged"),
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    own_database.run(measure)
