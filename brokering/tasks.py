"""What brokering does by the clock: takes a time, makes one domain call, is safe to run twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from brokering import contexts, lifecycle, offers, places, requests
from brokering.models import Offer, SupportPlace
from safekeeping import clock, invariants


def register() -> None:
    """Enter brokering's jobs and checks."""
    clock.job(
        "offers run out",
        every=timedelta(seconds=30),  # a hold is released within a minute of its end (INV-C3)
        late_after=timedelta(minutes=5),
        run=end_offers,
    )
    clock.job("contact details", every=timedelta(minutes=5), late_after=timedelta(minutes=30), run=look_after_contacts)
    clock.job(
        "old drafts", every=timedelta(days=1), late_after=timedelta(days=2), run=delete_old_drafts, daily_at=time(3, 30)
    )
    invariants.register("histories are whole and end where their subjects are", lifecycle.differences)
    invariants.register("every open offer and live place has its row in the ledger", offers.differences)
    invariants.register("one open offer for each request and service", doubles)
    invariants.register("every ended place has a reason", reasonless)


def end_offers(at: datetime) -> None:
    """Free what nobody answered in time."""
    offers.expire_due(at)


def look_after_contacts(at: datetime) -> None:
    """Chase contact details that are late, and delete those whose time is over."""
    places.chase_contacts(at)
    places.forget_contacts(at)


def delete_old_drafts(at: datetime) -> None:
    """Delete what nobody has touched for thirty days."""
    requests.delete_old_drafts(at)
    contexts.delete_old_drafts(at)


def doubles() -> Iterator[str]:
    """Yield requests with two open offers for one service (INV-C5)."""
    seen = set()
    rows = Offer.objects.unscoped(reason="no service is asked twice").filter(state="open")
    for request, service in rows.values_list("request_id", "service_id"):
        if (request, service) in seen:
            yield f"request {request} has two open offers for service {service}"
        seen.add((request, service))


def reasonless() -> Iterator[str]:
    """Yield places that have ended without reason or quality (INV-C9)."""
    rows = SupportPlace.objects.unscoped(reason="every end has a reason").filter(state="ended")
    for ref in rows.filter(end_reason="").values_list("ref", flat=True):
        yield f"place {ref} has ended without a reason"
