"""News that goes up the house without an import; sent inside the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.dispatch import Signal

# Sent with `service_ids` (a sorted list of UUID) when anything that a finder shows of them may have changed: words, standing,
# places, locations.
services_changed = Signal()


def tell(sender: Any, services: Iterable[UUID]) -> None:
    """Send the news about ``services``, each once, if there are any."""
    if service_ids := sorted(set(services)):
        services_changed.send(sender=sender, service_ids=service_ids)
