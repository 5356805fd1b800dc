"""The site's addresses, and one that asks for a place."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from config import errors
from directory import capacity
from tests.proof import holding


@require_POST
def hold(request: HttpRequest, service: UUID, pool: UUID) -> HttpResponse:
    """Hold a place for the reference that the form brings."""
    reference = UUID(request.POST["reference"])
    try:
        holding.take(pool, service_id=service, reference=reference, by=request.hat, at=timezone.now())
    except capacity.CapacityRefusal as refusal:
        return errors.conflict(request, title=refusal.message)
    return redirect("start")


urlpatterns = [
    path("", include("config.urls")),
    path("proof/hold/<uuid:service>/<uuid:pool>/", hold, name="proof_hold"),
]
handler400, handler403 = "config.errors.bad_request", "config.errors.forbidden"
handler404, handler500 = "config.errors.not_found", "config.errors.server_error"
