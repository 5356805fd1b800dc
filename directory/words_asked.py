"""
The words that a provider is asked about, as plain values for its e-mail and the page behind it.

Whoever holds the link sees them, so they are words that are public or were, and name no person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from directory.models import Doubt, Organization, OrganizationStanding, Service, ServiceStanding

SAID = {
    Doubt.Wish.CHANGE: "You said that it is not right, and that you will change it.",
    Doubt.Wish.RING: "You said that it is not right. We will ring you.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A service or an organization: what its page says, when somebody last vouched for it, and whether that still waits."""

    id: UUID
    name: str
    is_organization: bool
    summary: str
    more: tuple[str, ...]
    slug: str
    shown: bool
    assured_on: date | None
    due_on: date | None
    overdue: bool
    said: str
    will_change: bool
    standing: ServiceStanding | OrganizationStanding

    @property
    def checked(self) -> str:
        """When somebody last found it right: "You said so on 14 November 2025"."""
        if self.assured_on is None:
            return "Nobody has checked this yet"
        return f"Last checked on {self.assured_on.day} {self.assured_on:%B %Y}"

    @property
    def warning(self) -> str:
        """What people see, or do not see, because it is overdue."""
        if not self.shown:
            return "Nobody sees this page now, because it was not checked for so long."
        return "Its page says that it has not been checked." if self.overdue and not self.is_organization else ""


def entry_about(one: Service | Organization, *, on: date) -> Entry:
    """Return what is asked about one entry; its ``standing`` and ``doubts`` are fetched with it."""
    standing = one.standing
    is_organization = isinstance(one, Organization)
    open_doubts = [
        doubt for doubt in one.doubts.all() if doubt.settled_at is None and not (is_organization and doubt.service_id)
    ]
    due_on = standing.next_assurance_due_on
    reach = [one.website, one.telephone, one.email] if is_organization else []
    return Entry(
        id=one.pk,
        name=one.name,
        is_organization=is_organization,
        summary=one.description if is_organization else one.summary,
        more=tuple(
            part
            for part in (reach if is_organization else [one.what_happens, one.what_we_do_not_do, one.pattern])
            if part
        ),
        slug=one.slug,
        shown=not standing.before_overdue,
        assured_on=standing.assured_on,
        due_on=due_on,
        overdue=due_on is not None and due_on < on,
        said=SAID[Doubt.Wish(open_doubts[0].wish)] if open_doubts else "",
        will_change=bool(open_doubts) and open_doubts[0].wish == Doubt.Wish.CHANGE,
        standing=standing,
    )


def waits(entry: Entry, *, on: date, ahead: timedelta) -> bool:
    """Say whether an answer about it is still to come."""
    return not entry.said and (entry.due_on is None or entry.due_on <= on + ahead)
