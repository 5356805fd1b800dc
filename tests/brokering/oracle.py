"""
Who may see what: a second truth in plain Python, without a query.

Written from the matrix of roles and its rules, never from the code that it is compared with.
It reads columns of rows that a test has made itself, and asks the database nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

ASKS = ("professional", "school_dsl")
PROVIDES = ("provider_admin", "provider_worker")


@dataclass(slots=True)
class Facts:
    """What there is: unsaved or saved rows. ``readers`` are pairs of a request's key and a person's."""

    offers: list[Any] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)
    cards: list[Any] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    decisions: list[Any] = field(default_factory=list)
    moves: list[Any] = field(default_factory=list)
    requests: dict[Any, Any] = field(default_factory=dict)
    contexts: list[Any] = field(default_factory=list)
    readers: set[tuple[Any, int]] = field(default_factory=set)

    def of(self, rows: list[Any], request: Any) -> list[Any]:
        """Return those of these rows that hang on the request."""
        return [row for row in rows if row.request_id == request.pk]

    def offer(self, ref: Any) -> Any:
        """Return the offer of that reference."""
        return next(one for one in self.offers if one.pk == ref)

    def place(self, ref: Any) -> Any:
        """Return the place of that reference."""
        return next(one for one in self.places if one.pk == ref)


def in_force(membership: Any, *, standing: str, active: bool, on: date) -> bool:
    """A membership has dates; a person who has left and an organization that is suspended or archived have no hats."""
    begun = membership.from_on <= on
    over = membership.until_on is not None and membership.until_on < on
    return begun and not over and active and standing in ("open", "restricted")


def sees_request(hat: Any, request: Any, facts: Facts) -> bool:
    """
    "Coordinator: in assigned localities (city-wide if duty)"; "professional: own"; "school_dsl: own school's requests".

    "Provider admin: offers, own places; must not see requests not offered to them"; "worker: own allocated places". A restricted
    request is for named people only, for the list as well as the detail; whoever asked keeps what is theirs. A draft is its
    writer's alone. Nobody else sees children.
    """
    sent = request.submitted_at is not None
    named = not request.restricted or (request.pk, hat.user_id) in facts.readers
    own_organization = request.requester_organization_id == hat.organization_id
    if hat.role == "coordinator":
        return sent and named and (hat.citywide or request.locality_id in hat.localities)
    if hat.role in ASKS:
        if request.requester_id == hat.user_id and own_organization:
            return True
        return hat.role == "school_dsl" and own_organization and sent and named
    ours = [one for one in facts.of(facts.places, request) if one.organization_id == hat.organization_id]
    if hat.role == "provider_worker":
        return any(one.worker_id == hat.user_id and one.readable for one in ours)
    if hat.role == "provider_admin":
        asked = [one for one in facts.of(facts.offers, request) if one.organization_id == hat.organization_id]
        return any(one.state == "open" for one in asked) or any(one.readable for one in ours)
    return False


def sees_offer(hat: Any, offer: Any, facts: Facts) -> bool:
    """A provider's managers keep the line that they were asked; workers answer nothing; for others it is the request's."""
    if hat.role == "provider_admin":
        return offer.organization_id == hat.organization_id
    return hat.role != "provider_worker" and sees_request(hat, facts.requests[offer.request_id], facts)


def sees_place(hat: Any, place: Any, facts: Facts) -> bool:
    """The "own places" for a provider's managers, "own allocated" for a worker; for others it is the request's."""
    if hat.role in PROVIDES:
        ours = place.organization_id == hat.organization_id
        return ours and (hat.role == "provider_admin" or place.worker_id == hat.user_id)
    return sees_request(hat, facts.requests[place.request_id], facts)


def sees_card(hat: Any, card: Any, facts: Facts) -> bool:
    """Who the child is: "only while accepted [own org's admin and the allocated worker]", and the sides beside them."""
    place = facts.place(card.place_id)
    return sees_place(hat, place, facts) and (hat.role not in PROVIDES or place.readable)


def sees_message(hat: Any, message: Any, facts: Facts) -> bool:
    """Between requester and coordinator; one about an offer is between its provider and the coordinator, while it is open."""
    if hat.role in PROVIDES:
        offer = facts.offer(message.offer_id) if message.offer_id else None
        return offer is not None and offer.state == "open" and sees_offer(hat, offer, facts)
    between = hat.role == "coordinator" or message.offer_id is None
    return between and sees_request(hat, facts.requests[message.request_id], facts)


def sees_decision(hat: Any, decision: Any, facts: Facts) -> bool:
    """What coordinators decide and why is their own."""
    return hat.role == "coordinator" and sees_request(hat, facts.requests[decision.request_id], facts)


def sees_move(hat: Any, move: Any, facts: Facts) -> bool:
    """The way of a request is for the side that asked and for coordinators."""
    return hat.role not in PROVIDES and sees_request(hat, facts.requests[move.request_id], facts)


def sees_context(hat: Any, context: Any, facts: Facts) -> bool:
    """The "Partnership team: context requests"; coordinators those of their localities; whoever asked, their own or their school's."""
    sent = context.submitted_at is not None
    own_organization = context.requester_organization_id == hat.organization_id
    if hat.role == "partnership_team":
        return sent
    if hat.role == "coordinator":
        return sent and (hat.citywide or context.locality_id in hat.localities)
    if hat.role in ASKS:
        own = context.requester_id == hat.user_id
        return own_organization and (own or (hat.role == "school_dsl" and sent))
    return False


# --- single pages, where time counts too ---
def opens_offer(hat: Any, offer: Any, facts: Facts, *, at: datetime) -> bool:
    """A provider reads of the child what the offer says, while it can be answered."""
    answerable = offer.state == "open" and offer.expires_at > at
    return hat.role == "provider_admin" and sees_offer(hat, offer, facts) and answerable


def reads_place(hat: Any, place: Any, facts: Facts, *, at: datetime) -> bool:
    """A provider reads of the child until ten working days after the end (INV-P3), whether or not a job has run."""
    until = place.readable_until_at
    in_time = place.readable and (until is None or until > at)
    return hat.role in PROVIDES and sees_place(hat, place, facts) and in_time


def opens_card(hat: Any, card: Any, facts: Facts, *, at: datetime) -> bool:
    """As `sees_card`, by the hour."""
    if hat.role in PROVIDES:
        return reads_place(hat, facts.place(card.place_id), facts, at=at)
    return sees_card(hat, card, facts)
