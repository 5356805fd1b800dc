"""Who training's routes are for: what is on is everybody's to see, a seat is for whoever works here, the register is the team's."""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import PUBLIC, Audience, roles
from training.rights import WHO_BOOKS, WHO_RUNS

BOOKING = roles(*(role.value for role in WHO_BOOKS))
RUNNING = roles(*(role.value for role in WHO_RUNS))
ROUTES: dict[str, Audience] = {
    "training:home": PUBLIC,
    "training:course": PUBLIC,
    "training:session": PUBLIC,
    **{f"training:{name}": BOOKING for name in ("bookings", "book", "booking", "cancel", "calendar")},
    **{f"training:{name}": RUNNING for name in ("run", "plan", "register", "change", "open", "call_off")},
}
PRIVATE = ("/training/bookings/", "/training/run/")


def register() -> None:
    """Tell the policy."""
    policy.declare(ROUTES)
    policy.private_prefixes(*PRIVATE)
