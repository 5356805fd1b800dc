"""Who may book a seat, and who runs the sessions (domain §3.16): asked by every verb, and by the door of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.models import Role

if TYPE_CHECKING:
    from safekeeping.policy import Hat

# Whoever works with children, families or places; those who only keep this site in order book by e-mail.
WHO_BOOKS = (
    Role.PROFESSIONAL,
    Role.SCHOOL_DSL,
    Role.PROVIDER_ADMIN,
    Role.PROVIDER_WORKER,
    Role.COORDINATOR,
    Role.PARTNERSHIP_TEAM,
)
WHO_RUNS = (Role.PARTNERSHIP_TEAM,)


class NotYours(Exception):
    """It is not for this hat; whoever asks over the web gets the page of what is not there."""


def need(by: Hat | None, *roles: str) -> Hat:
    """
    Return the hat, if it has one of these roles.

    :raises NotYours: if not
    """
    if by is None or by.role not in roles:
        raise NotYours
    return by
