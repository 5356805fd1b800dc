"""Health: whether this process lives, and whether the whole of it can do its work. For monitors, not for people."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safekeeping import clock, outbox

log = logging.getLogger(__name__)

MOST_LAG_SECONDS = 300


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer: the process runs. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether database, worker and clock do their work: 200 if all do, else 503. Names jobs, nothing else."""
    at = timezone.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        installed_at = MigrationRecorder.Migration.objects.aggregate(latest=Max("applied"))["latest"]
        late = clock.late(at=at, installed_at=installed_at)
        backlog = outbox.backlog(at=at)
    except DatabaseError as trouble:
        log.error("health: the database is away: %s", type(trouble).__name__)
        return JsonResponse({"ready": False, "database": "away"}, status=503)
    lag = int(backlog.oldest.total_seconds())
    well = not late and lag <= MOST_LAG_SECONDS
    return JsonResponse(
        {
            "ready": well,
            "database": "ok",
            "worker": {"waiting": backlog.waiting, "lag_seconds": lag, "given_up": backlog.dead},
            "late_jobs": late,
        },
        status=200 if well else 503,
    )
