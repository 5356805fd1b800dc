"""
Where a person is signed in, for that person to see and to end.

What is shown is what helps to tell one's own computer from somebody else's: when it began, when it was last used, and
the kind of browser in plain words. No address and no place: whoever opens a colleague's session must not learn where
they work. A session is known to the page and to the audit trail by the same hash; its key, which opens it, is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from safekeeping import audit, sessions
from safekeeping.models import Session, User
from safekeeping.policy import Hat


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of a person's sessions, as they may see it."""

    handle: str
    browser: str
    began_at: datetime
    seen_at: datetime
    is_this_one: bool


def open_for(user: User, *, at: datetime) -> Iterator[Session]:
    """Yield the rows of this person's sessions that still open something."""
    rows = Session.objects.filter(user=user, expire_date__gt=at)
    oldest = at - timedelta(seconds=sessions.LONGEST)
    return (row for row in rows if moment(row.get_decoded().get(sessions.BEGAN, 0)) > oldest)


def of(user: User, *, this: str | None, at: datetime) -> list[OwnSession]:
    """Return this person's sessions, the one whose key is ``this`` first and then the last used; one query."""
    found = []
    for row in open_for(user, at=at):
        held = row.get_decoded()
        found.append(
            OwnSession(
                handle=audit.fingerprint(row.session_key),
                browser=held.get(sessions.BROWSER) or sessions.UNKNOWN_BROWSER,
                began_at=moment(held[sessions.BEGAN]),
                seen_at=moment(held.get(sessions.SEEN, held[sessions.BEGAN])),
                is_this_one=row.session_key == this,
            )
        )
    return sorted(found, key=lambda one: (one.is_this_one, one.seen_at), reverse=True)


def end(user: User, handle: str, *, by: Hat | None, at: datetime) -> bool:
    """End the session of ``user`` that has this handle, at once; False if there is none (any more)."""
    return bool(end_those(user, lambda row: audit.fingerprint(row.session_key) == handle, by=by, at=at))


def end_others(user: User, *, this: str | None, by: Hat | None, at: datetime) -> int:
    """End all sessions of ``user`` but the one whose key is ``this``, at once; return how many there were."""
    return end_those(user, lambda row: row.session_key != this, by=by, at=at)


def end_those(user: User, wanted: Callable[[Session], bool], *, by: Hat | None, at: datetime) -> int:
    """Delete the rows of this person's sessions that are wanted, and write down which; return how many."""
    with transaction.atomic():
        keys = [row.session_key for row in open_for(user, at=at) if wanted(row)]
        # One by one: what another click has ended meanwhile is neither counted nor recorded a second time.
        ended = [key for key in keys if Session.objects.filter(pk=key).delete()[0]]
        audit.record_each(
            "session_ended",
            by=by,
            actor=user.pk,
            at=at,
            subject="session",
            refs=[audit.fingerprint(key) for key in ended],
        )
    return len(ended)


def moment(seconds: int) -> datetime:
    """Return the time that a session notes in seconds."""
    return datetime.fromtimestamp(seconds, tz=UTC)
