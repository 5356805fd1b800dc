"""Services on trial: when the stewards hear that one has to be decided on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from directory import assumptions, notifications
from directory.availability import LONDON
from directory.models import Service
from directory.querysets import ServiceQuerySet


def undecided(services: ServiceQuerySet, *, on: date) -> ServiceQuerySet:
    """Keep the pilots that are to be decided on within four weeks, or were to be, and of which no finding is written down."""
    near = on + assumptions.PILOT_TOLD.span
    return services.filter(live=True, pilot_decides_on__lte=near, pilot_finding="").exclude(
        standing__standing="archived"
    )


def tell(at: datetime) -> int:
    """Tell the stewards of each once before its day and once after; return how many e-mails were new."""
    today = at.astimezone(LONDON).date()
    told = 0
    for service in undecided(Service.objects.all(), on=today).order_by("pilot_decides_on", "pk"):
        with transaction.atomic():
            over = service.pilot_decides_on < today
            told += notifications.tell_stewards_of_pilot(service, over=over, at=at)
    return told
