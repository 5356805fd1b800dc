"""Who the finder's routes are for: everybody, without signing in (INV-P2)."""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import PUBLIC, Audience

ROUTES: dict[str, Audience] = {"search:home": PUBLIC, "search:find": PUBLIC, "search:suggestions": PUBLIC}


def register() -> None:
    """Tell the policy."""
    policy.declare(ROUTES)
