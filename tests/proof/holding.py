"""One place asked for as an offer asks for it: ledger, letter and trail in one commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from directory import capacity
from safekeeping import audit, outbox
from safekeeping.policy import Hat

TOLD = "places@provider.example"


@transaction.atomic
def take(pool_id: UUID, *, service_id: UUID, reference: UUID, by: Hat | None, at: datetime) -> None:
    """
    Hold a place for two days, tell its provider, and write down who did it.

    :raises capacity.CapacityRefusal: if there is none to be had
    """
    until = at + timedelta(days=2)
    capacity.hold(pool_id, service_id=service_id, reference=reference, by=by, at=at, until=until)
    outbox.mail(key=f"held:{reference}", to=TOLD, subject="A place is held", text="Held.", at=at)
    audit.record("held", by=by, at=at, subject="hold", ref=reference)
