"""
The lives of a request, an offer, a support place and a place's request: which move is legal, and the one way to move.

`move` is the only writer of any state. It compares and swaps in the database, so that of two people who act at once one
wins and the other is told, and it writes the history row beside the move in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Max

from brokering.models import (
    ContextHistory,
    ContextRequest,
    ContextState,
    Offer,
    OfferHistory,
    OfferState,
    PlaceHistory,
    PlacementRequest,
    PlaceState,
    RequestHistory,
    RequestState,
    SupportPlace,
)

if TYPE_CHECKING:
    from safekeeping.policy import Hat

R, O, P, C = RequestState, OfferState, PlaceState, ContextState  # noqa: E741 - four tables, read side by side

# Sending a draft is its move to triage. Whatever is open can be withdrawn (domain §3.4); a draft is deleted instead.
REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    R.DRAFT: frozenset({R.SCREEN_BLOCKED, R.TRIAGE}),
    R.SCREEN_BLOCKED: frozenset({R.DRAFT}),
    R.TRIAGE: frozenset({R.NEEDS_INFORMATION, R.PAUSED_STATUTORY, R.MATCHING, R.REJECTED_REDIRECTED, R.WITHDRAWN}),
    R.NEEDS_INFORMATION: frozenset({R.TRIAGE, R.WITHDRAWN}),
    R.PAUSED_STATUTORY: frozenset({R.TRIAGE, R.WITHDRAWN}),
    R.MATCHING: frozenset({R.OFFERED, R.NEEDS_INFORMATION, R.PAUSED_STATUTORY, R.REJECTED_REDIRECTED, R.WITHDRAWN}),
    R.OFFERED: frozenset({R.MATCHING, R.ALLOCATED, R.WITHDRAWN}),
    R.ALLOCATED: frozenset({R.IN_SUPPORT, R.OFFERED, R.CLOSING, R.WITHDRAWN}),
    R.IN_SUPPORT: frozenset({R.ALLOCATED, R.OFFERED, R.CLOSING, R.WITHDRAWN}),
    R.CLOSING: frozenset({R.MATCHING, R.CLOSED, R.WITHDRAWN}),
    R.CLOSED: frozenset(),
    R.WITHDRAWN: frozenset(),
    R.REJECTED_REDIRECTED: frozenset(),
}
OFFER_MOVES: dict[OfferState, frozenset[OfferState]] = {
    O.OPEN: frozenset({O.ACCEPTED, O.DECLINED_BY_PROVIDER, O.EXPIRED, O.WITHDRAWN}),
    O.ACCEPTED: frozenset(),
    O.DECLINED_BY_PROVIDER: frozenset(),
    O.EXPIRED: frozenset(),
    O.WITHDRAWN: frozenset(),
}
PLACE_MOVES: dict[PlaceState, frozenset[PlaceState]] = {
    P.AWAITING_CONTACT: frozenset({P.ACCEPTED, P.ENDED}),
    P.ACCEPTED: frozenset({P.INTRODUCED, P.ENDED}),
    P.INTRODUCED: frozenset({P.ACTIVE, P.ENDED}),
    P.ACTIVE: frozenset({P.ENDED}),
    P.ENDED: frozenset(),
}
CONTEXT_MOVES: dict[ContextState, frozenset[ContextState]] = {
    C.DRAFT: frozenset({C.SCREEN_BLOCKED, C.TRIAGE}),
    C.SCREEN_BLOCKED: frozenset({C.DRAFT}),
    C.TRIAGE: frozenset({C.OWNED, C.CLOSED, C.WITHDRAWN}),
    C.OWNED: frozenset({C.CLOSED, C.WITHDRAWN}),
    C.CLOSED: frozenset(),
    C.WITHDRAWN: frozenset(),
}


class MoveNotAllowed(Exception):
    """The table has no such move, or somebody else moved first; ``now`` is the state it is in."""

    def __init__(self, was: StrEnum | str, to: StrEnum | str, *, now: str = "") -> None:
        super().__init__(f"{was} → {to}" + (f": it is {now} by now" if now else ""))
        self.was, self.to, self.now = str(was), str(to), now or str(was)


@dataclass(frozen=True, slots=True)
class Life:
    """What `move` needs to know of one kind of thing."""

    moves: Mapping[Any, frozenset[Any]]
    states: type[models.TextChoices]
    history: type[models.Model]
    points_back: str
    begins: str
    has_since: bool


LIVES: dict[type[models.Model], Life] = {
    PlacementRequest: Life(REQUEST_MOVES, RequestState, RequestHistory, "request", R.DRAFT, True),
    Offer: Life(OFFER_MOVES, OfferState, OfferHistory, "offer", O.OPEN, False),
    SupportPlace: Life(PLACE_MOVES, PlaceState, PlaceHistory, "place", P.AWAITING_CONTACT, True),
    ContextRequest: Life(CONTEXT_MOVES, ContextState, ContextHistory, "context", C.DRAFT, True),
}
Living = PlacementRequest | Offer | SupportPlace | ContextRequest


@transaction.atomic
def begin(subject: Living, *, by: Hat | None, at: datetime, reason: str = "") -> None:
    """Save a new request, offer, place or place's request in its first state, with the first row of its history."""
    life = LIVES[type(subject)]
    subject.state = life.begins
    if life.has_since:
        subject.state_since = at  # type: ignore[union-attr]
    subject.save(force_insert=True)
    note(subject, was="", became=life.begins, by=by, at=at, reason=reason)


@transaction.atomic
def move(subject: Living, to: StrEnum, *, by: Hat | None, at: datetime, reason: str = "", **facts: Any) -> None:
    """
    Move ``subject`` to the state ``to``, write ``facts`` (plain columns) with it, and record who did it.

    Sealed columns are saved by the verb, on the same row, after the move has been won.

    :raises MoveNotAllowed: if the table has no such move, or somebody else moved it first
    """
    life = LIVES[type(subject)]
    was = life.states(subject.state)
    if to not in life.moves[was]:
        raise MoveNotAllowed(was, to)
    if life.has_since:
        facts["state_since"] = at
    rows = type(subject).objects.unscoped(reason="compare and swap").filter(pk=subject.pk)
    if not rows.filter(state=was).update(state=to, **facts):
        raise MoveNotAllowed(was, to, now=rows.values_list("state", flat=True).first() or "gone")
    subject.state = to
    for name, value in facts.items():
        setattr(subject, name, value)
    note(subject, was=was, became=to, by=by, at=at, reason=reason)


# Where a request stands while something is offered or given for it.
FOLLOWED = frozenset({R.MATCHING, R.OFFERED, R.ALLOCATED, R.IN_SUPPORT, R.CLOSING})


def follow(request: PlacementRequest, *, otherwise: RequestState, by: Hat | None, at: datetime, **facts: Any) -> None:
    """
    Let the request stand where its places and offers are: in support, allocated, offered, or ``otherwise``.

    :raises MoveNotAllowed: if somebody else moved it meanwhile
    """
    places = set(
        SupportPlace.objects.unscoped(reason="where the request stands")
        .filter(request=request)
        .exclude(state=P.ENDED)
        .values_list("state", flat=True)
    )
    offers = Offer.objects.unscoped(reason="where the request stands").filter(request=request, state=O.OPEN)
    if P.ACTIVE in places:
        to = R.IN_SUPPORT
    elif places:
        to = R.ALLOCATED
    else:
        to = R.OFFERED if offers.exists() else otherwise
    if to != request.state:
        move(request, to, by=by, at=at, **facts)
    elif facts:
        type(request).objects.unscoped(reason="where the request stands").filter(pk=request.pk).update(**facts)


def note(subject: Living, *, was: str, became: str, by: Hat | None, at: datetime, reason: str) -> None:
    """Write the next row of the history; its number is unique, so two writers cannot both be next."""
    life = LIVES[type(subject)]
    rows: Any = life.history._default_manager
    last = rows.unscoped(reason="the next number").filter(**{life.points_back: subject.pk}).aggregate(Max("number"))
    rows.create(
        **{life.points_back: subject},
        number=(last["number__max"] or 0) + 1,
        was=was,
        became=became,
        reason=reason,
        by_person=by.user_id if by else None,
        by_role=by.role if by else "",
        by_organization=by.organization_id if by else None,
        at=at,
    )


def differences() -> Iterator[str]:
    """Yield a line for every history that has a gap, makes an illegal move or does not end where its subject is."""
    for model, life in LIVES.items():
        rows: Any = model._default_manager
        moves: Any = life.history._default_manager
        now = dict(rows.unscoped(reason="every state has its history").values_list("pk", "state"))
        told: dict[Any, str] = dict.fromkeys(now, "")
        for row in (
            moves.unscoped(reason="every state has its history")
            .order_by(life.points_back, "number")
            .values(f"{life.points_back}_id", "number", "was", "became")
        ):
            subject, was, became = row[f"{life.points_back}_id"], row["was"], row["became"]
            legal = became == life.begins if was == "" else became in life.moves[life.states(was)]
            if told[subject] != was or not legal:
                yield f"{model._meta.label} {subject}: move {row['number']} is {was or 'nothing'} → {became}"
            told[subject] = became
        for subject, state in now.items():
            if told[subject] != state:
                yield f"{model._meta.label} {subject}: is {state}, its history ends at {told[subject] or 'nothing'}"
