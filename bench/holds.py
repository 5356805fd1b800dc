"""
A whole hold, with row, snapshot, letter and audit trail in its transaction, against its conditional UPDATE alone in one.

    python -m bench.holds [holds]

On a SQLite of its own with the project's options; with DATABASE_URL on a database of its own beside the one that it
names. One thread, the two in turn, so that a busy machine slows both; prints one JSON line. `ratio` is how many whole
holds there are for one bare UPDATE, `lost` how many rows are missing afterwards.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

HOLDS = int(sys.argv[1]) if len(sys.argv) > 1 else 600
WARM_UP = 20
PLACES = 999  # the most that one pool can have
AIM = 0.5  # on SQLite


def measure() -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.models import F
    from django.utils import timezone

    from directory import capacity
    from directory.models import CapacityHold, CapacityPool, CapacitySnapshot
    from safekeeping import outbox
    from safekeeping.models import AuditEvent, OutboxRow, User
    from safekeeping.policy import Hat
    from tests.factories import directory as make
    from tests.proof import holding

    call_command("migrate", verbosity=0)
    now = timezone.now()
    total = HOLDS + WARM_UP
    services = [make.service() for _ in range(-(-total // PLACES))]
    pools = [(make.pool(service, free=PLACES, taken=0, at=now).pk, service.pk) for service in services]
    other = make.pool(services[0], free=10 * total, taken=0, at=now).pk
    person = User.objects.create_user("coordinator@team.example")
    hat = Hat(1, person.pk, "A coordinator", "coordinator", services[0].organization_id, "Team")

    def whole(number: int) -> None:
        pool, service = pools[number % len(pools)]
        holding.take(pool, service_id=service, reference=uuid4(), by=hat, at=now + timedelta(seconds=number))

    def bare(number: int) -> None:
        with transaction.atomic():
            open_now = capacity.holdable(services[0].pk, at=now + timedelta(seconds=number))
            assert open_now.filter(pk=other).with_a_place_left().update(held=F("held") + 1)

    times = in_turn({"whole": whole, "bare": bare})
    CapacityPool.objects.filter(pk=other).update(held=0)  # its rows were never meant to be there
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    rows = {
        "holds": CapacityHold.objects.count(),
        "snapshots": CapacitySnapshot.objects.count(),
        "letters": OutboxRow.objects.filter(kind=outbox.MAIL).count(),
        "events": AuditEvent.objects.filter(action="held").count(),
    }
    ratio = medians["bare"] / medians["whole"]
    lost = sum(abs(total - count) for count in rows.values()) + len(list(capacity.differences()))
    return {
        "bench": "holds",
        "database": connection.vendor,
        "holds": HOLDS,
        "per_second": {name: round(1 / median) for name, median in medians.items()},
        "p95_ms": {name: round(statistics.quantiles(taken, n=20)[18] * 1000, 2) for name, taken in times.items()},
        "ratio": round(ratio, 2),
        "aim": AIM if connection.vendor == "sqlite" else None,
        "lost": lost,
    }


def in_turn(calls: dict[str, Callable[[int], None]]) -> dict[str, list[float]]:
    """Run each in turn; seconds of each call."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(HOLDS + WARM_UP):
        for name, call in calls.items():
            started = time.perf_counter()
            call(turn)
            if turn >= WARM_UP:
                times[name].append(time.perf_counter() - started)
    return times


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench import own_database

    own_database.run(measure)
