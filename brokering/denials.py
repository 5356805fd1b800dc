"""Somebody asks for what is not theirs: each time is on record, and the fifth within an hour is told (E44)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from brokering import notifications
from safekeeping import audit
from safekeeping.models import AuditEvent

if TYPE_CHECKING:
    from safekeeping.policy import Hat

ACTION = "access.denied"
WITHIN = timedelta(hours=1)
TOLD_AT = 5


@transaction.atomic
def note(ref: UUID, *, by: Hat, at: datetime) -> None:
    """
    Record that ``by`` was answered "not there"; whether it is there makes no difference.

    The privacy officers are told once an hour of somebody who tries it five times or more.
    """
    before = AuditEvent.objects.filter(action=ACTION, actor=by.user_id, at__gt=at - WITHIN).count()
    if before + 1 >= TOLD_AT:
        notifications.denials_to_privacy_officers(by.user_id, at=at)
    audit.record(ACTION, by=by, at=at, subject="request", ref=ref, outcome="refused")
