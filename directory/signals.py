"""News that goes up the house without an import; sent inside the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.dispatch import Signal

# Sent with `service_id` (UUID) when anything that a finder shows of a service may have changed: words, standing, places, locations.
service_changed = Signal()


def tell(sender: Any, services: Iterable[UUID]) -> None:
    """Send the news about each of ``services``, always in the same order."""
    for service_id in sorted(services):
        service_changed.send(sender=sender, service_id=service_id)
