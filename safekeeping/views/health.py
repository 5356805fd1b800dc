"""Health: whether this process lives, and whether the whole of it can do its work. For monitors, not for people."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safekeeping import clock, outbox, parts

log = logging.getLogger(__name__)

MOST_LAG_SECONDS = 300
# Twice what SQLite's log of changes takes before it is folded into the file. With less, any write may be the last.
LEAST_ROOM_BYTES = 8 * 1024 * 1024


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer: the process runs. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """
    Say whether database, its disk, worker and clock do their work: 200 if all do, else 503. Names jobs, nothing else.

    Parts that the site can do without say how they do, and decide nothing.
    """
    at = timezone.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        installed_at = MigrationRecorder.Migration.objects.aggregate(latest=Max("applied"))["latest"]
        late = clock.late(at=at, installed_at=installed_at)
        backlog = outbox.backlog(at=at)
        room = room_left()
        others = parts.all_told()
    except DatabaseError as trouble:
        log.error("health: the database is away: %s", type(trouble).__name__)
        return JsonResponse({"ready": False, "database": "away"}, status=503)
    disk_full = room is not None and room < LEAST_ROOM_BYTES
    lag = int(backlog.oldest.total_seconds())
    well = not late and not disk_full and lag <= MOST_LAG_SECONDS
    return JsonResponse(
        {
            "ready": well,
            "database": "disk full" if disk_full else "ok",
            "worker": {"waiting": backlog.waiting, "lag_seconds": lag, "given_up": backlog.dead},
            "late_jobs": late,
            **others,
        },
        status=200 if well else 503,
    )


def room_left() -> int | None:
    """Return the free bytes of the disk under the database, or None where it is another machine's or only in memory."""
    if connection.vendor != "sqlite":
        return None
    file = Path(connection.settings_dict["NAME"])
    return shutil.disk_usage(file.parent).free if file.is_file() else None
