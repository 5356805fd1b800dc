"""
The lives of a request, an offer, a support place and a place's request: which move is legal, and the one way to move.

`begin` and `move` are the only writers of any state; `safekeeping.lives` says how they write.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

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
from safekeeping.lives import Life, Lives, MoveNotAllowed

if TYPE_CHECKING:
    from safekeeping.policy import Hat

__all__ = ["LIVES", "MoveNotAllowed", "begin", "differences", "follow", "move"]

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


LIVES: Lives[PlacementRequest | Offer | SupportPlace | ContextRequest] = Lives(
    {
        PlacementRequest: Life(REQUEST_MOVES, RequestState, RequestHistory, "request", R.DRAFT),
        Offer: Life(OFFER_MOVES, OfferState, OfferHistory, "offer", O.OPEN, has_since=False),
        SupportPlace: Life(PLACE_MOVES, PlaceState, PlaceHistory, "place", P.AWAITING_CONTACT),
        ContextRequest: Life(CONTEXT_MOVES, ContextState, ContextHistory, "context", C.DRAFT),
    }
)
begin, move, differences = LIVES.begin, LIVES.move, LIVES.differences


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
