"""
What people are told by e-mail of a place's request: a fixed sentence, the reference, a link, the front door's number.

It lands with the Partnership Team and with the coordinators of its locality (domain A03), and from then on with whoever
has taken it. Neither the place nor what happens there stands in a message.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from brokering.models import ContextRequest
from brokering.notifications import people_of, tell
from directory.models import Membership, Role
from safekeeping.models import User

REQUESTER = "/requests/places/{ref}/"
DESK = "/desk/places/{ref}/"


def desk_of(context: ContextRequest, *, at: datetime) -> dict[int, str]:
    """Return whoever has taken it; before that, everybody whose work it could be."""
    current = Membership.objects.current(at.date()).filter(role__in=[Role.PARTNERSHIP_TEAM, Role.COORDINATOR])
    if context.owner_id and (theirs := people_of(current.filter(user_id=context.owner_id))):
        return theirs
    wanted = Q(role=Role.PARTNERSHIP_TEAM)
    if context.locality_id:
        wanted |= Q(role=Role.COORDINATOR, localities=context.locality_id)
    return people_of(current.filter(wanted))


def requester_of(context: ContextRequest) -> dict[int, str]:
    """Return whoever asked, if their account is in use."""
    return dict(User.objects.filter(pk=context.requester_id, is_active=True).values_list("pk", "email"))


def to_desk(context: ContextRequest, sentence: str, *, event: str, at: datetime) -> int:
    """Tell those who decide."""
    return tell(
        desk_of(context, at=at), sentence, event=event, public_ref=str(context.public_ref),
        path=DESK.format(ref=context.ref), at=at,
    )  # fmt: skip


def to_requester(context: ContextRequest, sentence: str, *, event: str, at: datetime) -> int:
    """Tell whoever asked."""
    return tell(
        requester_of(context), sentence, event=event, public_ref=str(context.public_ref),
        path=REQUESTER.format(ref=context.ref), at=at,
    )  # fmt: skip


def sent_to_desk(context: ContextRequest, *, at: datetime) -> int:
    """Say that something new waits at the desk."""
    return to_desk(context, "A new request about a place is waiting.", event=f"context-sent:{context.ref}", at=at)


def sent_to_requester(context: ContextRequest, *, at: datetime) -> int:
    """Say that it has arrived."""
    return to_requester(context, "We have your request.", event=f"context-received:{context.ref}", at=at)


def message_to_desk(context: ContextRequest, message: UUID, *, at: datetime) -> int:
    """Say that whoever asked has written."""
    return to_desk(context, "You have a message.", event=f"context-message:{message}", at=at)


def message_to_requester(context: ContextRequest, message: UUID, *, at: datetime) -> int:
    """Say that somebody has written to whoever asked."""
    return to_requester(context, "You have a message.", event=f"context-message:{message}", at=at)


def decided_to_requester(context: ContextRequest, decision: UUID, *, at: datetime) -> int:
    """Say that somebody has decided; what, they read after signing in."""
    return to_requester(context, "Somebody has read your request.", event=f"context-decided:{decision}", at=at)


def withdrawn_to_desk(context: ContextRequest, *, at: datetime) -> int:
    """Say that it was taken back."""
    return to_desk(context, "This request was withdrawn.", event=f"context-withdrawn:{context.ref}", at=at)


def over_to_requester(context: ContextRequest, *, at: datetime) -> int:
    """Say that it is closed."""
    return to_requester(context, "This request is closed.", event=f"context-over:{context.ref}", at=at)
