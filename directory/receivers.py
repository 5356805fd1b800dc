"""What the directory does about news from below: a manager's address that letters come back from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from directory import links, notifications
from directory.availability import LONDON
from safekeeping.bounces import address_returned


def on_address_returned(sender: Any, email: str, at: datetime, **told: Any) -> None:
    """Tell a manager's colleagues and the stewards."""
    hats = list(
        links.managers(at.astimezone(LONDON).date())
        .filter(user__email=email)
        .select_related("user", "organization")
        .order_by("organization_id", "pk")
        .distinct()
    )
    if hats:
        notifications.tell_of_bounce(person=hats[0].user.get_full_name(), hats=hats, at=at)


def connect() -> None:
    """Listen to safekeeping."""
    address_returned.connect(on_address_returned, dispatch_uid="directory.address_returned")
