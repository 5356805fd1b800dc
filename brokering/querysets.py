"""
Who may see which rows about a child: one answer for lists and single rows alike, asked of the hat, not of the person.

Nobody sees all children by being somebody: a coordinator has localities, a provider what it was asked or has taken on,
a professional what they asked for. Whoever is not named here sees nothing, whatever else they may do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from directory.models import Role
from safekeeping.scoping import ClosedQuerySet, UnscopedQuery

if TYPE_CHECKING:
    from safekeeping.policy import Hat

NOTHING = Q(pk__in=())
REQUESTERS = frozenset({Role.PROFESSIONAL, Role.SCHOOL_DSL})
TRIAGING = frozenset({Role.PARTNERSHIP_TEAM, Role.COORDINATOR})
PROVIDERS = frozenset({Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER})


def model(name: str) -> Any:
    """Return a model of this app; the models import this module, so it asks for them late."""
    return apps.get_model("brokering", name)


def seen_by(hat: Hat | None) -> Q:
    """Return which requests the person under ``hat`` may see."""
    if hat is None:
        return NOTHING
    if hat.role == Role.COORDINATOR:
        return within_reach_of(hat) & open_to(hat)
    if hat.role in REQUESTERS:
        return asked_by(hat)
    if hat.role in PROVIDERS:
        return known_to_provider(hat)
    return NOTHING


def within_reach_of(hat: Hat) -> Q:
    """Return what was sent from the coordinator's localities; a draft is nobody's but its writer's."""
    sent = Q(submitted_at__isnull=False)
    return sent if hat.citywide else sent & Q(locality_id__in=sorted(hat.localities))


def open_to(hat: Hat) -> Q:
    """Unrestricted, or restricted to named people of whom this is one."""
    named = (
        model("RequestReader")
        .objects.unscoped(reason="who is named for a restricted request")
        .filter(person_id=hat.user_id)
    )
    return Q(restricted=False) | Q(pk__in=named.values("request_id"))


def asked_by(hat: Hat) -> Q:
    """Their own; for a school's safeguarding lead also what colleagues of the school have sent."""
    own = Q(requester_id=hat.user_id, requester_organization_id=hat.organization_id)
    if hat.role == Role.SCHOOL_DSL:
        schools = Q(requester_organization_id=hat.organization_id, submitted_at__isnull=False)
        return own | (schools & open_to(hat))
    return own


def known_to_provider(hat: Hat) -> Q:
    """Return what their organization is asked about just now, and whom it supports."""
    places = model("SupportPlace").objects.visible_to(hat).filter(readable=True)
    known = Q(pk__in=places.values("request_id"))
    if hat.role == Role.PROVIDER_ADMIN:
        offers = model("Offer").objects.visible_to(hat).filter(state="open")
        known |= Q(pk__in=offers.values("request_id"))
    return known


class PlacementRequestQuerySet(ClosedQuerySet):
    def visible_to(self, hat: Hat | None) -> Self:
        return self.filter(seen_by(hat))._opened()


class OfferQuerySet(ClosedQuerySet):
    """A provider's managers see that they were asked; what is left to read of it, `brokering.disclosure` decides."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None or hat.role == Role.PROVIDER_WORKER:
            return self.filter(NOTHING)._opened()
        if hat.role == Role.PROVIDER_ADMIN:
            return self.filter(organization_id=hat.organization_id)._opened()
        return self.filter(request__in=model("PlacementRequest").objects.visible_to(hat).values("pk"))._opened()


class SupportPlaceQuerySet(ClosedQuerySet):
    """All of the organization's for its managers; for a worker, their own."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None:
            return self.filter(NOTHING)._opened()
        if hat.role == Role.PROVIDER_ADMIN:
            return self.filter(organization_id=hat.organization_id)._opened()
        if hat.role == Role.PROVIDER_WORKER:
            return self.filter(organization_id=hat.organization_id, worker_id=hat.user_id)._opened()
        return self.filter(request__in=model("PlacementRequest").objects.visible_to(hat).values("pk"))._opened()


class ContactCardQuerySet(ClosedQuerySet):
    """Whoever sees the place, as long as it may be read; and the side that asked, and the coordinator."""

    def visible_to(self, hat: Hat | None) -> Self:
        places = model("SupportPlace").objects.visible_to(hat)
        if hat is not None and hat.role in PROVIDERS:
            places = places.filter(readable=True)
        return self.filter(place__in=places.values("pk"))._opened()


class DeskQuerySet(ClosedQuerySet):
    """Parts of a request that are the coordinators' own: decisions, checks, match runs, history."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None or hat.role != Role.COORDINATOR:
            return self.filter(NOTHING)._opened()
        return self.filter(request__in=model("PlacementRequest").objects.visible_to(hat).values("pk"))._opened()


class SharedQuerySet(ClosedQuerySet):
    """Parts of a request that the side that asked sees as well: its answers, what it was asked, its history."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None or hat.role in PROVIDERS:
            return self.filter(NOTHING)._opened()
        return self.filter(request__in=model("PlacementRequest").objects.visible_to(hat).values("pk"))._opened()


class MessageQuerySet(ClosedQuerySet):
    """Between requester and coordinator, or about one offer between its provider and the coordinator."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None:
            return self.filter(NOTHING)._opened()
        if hat.role in PROVIDERS:
            offers = model("Offer").objects.visible_to(hat).filter(state="open")
            return self.filter(offer__in=offers.values("pk"))._opened()
        mine = self.filter(request__in=model("PlacementRequest").objects.visible_to(hat).values("pk"))
        return (mine if hat.role == Role.COORDINATOR else mine.filter(offer__isnull=True))._opened()


class OfOfferQuerySet(ClosedQuerySet):
    def visible_to(self, hat: Hat | None) -> Self:
        return self.filter(offer__in=model("Offer").objects.visible_to(hat).values("pk"))._opened()


class OfPlaceQuerySet(ClosedQuerySet):
    def visible_to(self, hat: Hat | None) -> Self:
        return self.filter(place__in=model("SupportPlace").objects.visible_to(hat).values("pk"))._opened()


class WriteOnceQuerySet(DeskQuerySet):
    """What somebody once decided upon: made, read, one day deleted, never rewritten."""

    def update(self, **kwargs: Any) -> int:
        raise UnscopedQuery(f"{self.model._meta.label} is never rewritten")


class ResultQuerySet(WriteOnceQuerySet):
    def visible_to(self, hat: Hat | None) -> Self:
        return self.filter(run__in=model("MatchRun").objects.visible_to(hat).values("pk"))._opened()


# --- places, which nobody needs to be a coordinator of children for ---
def contexts_seen_by(hat: Hat | None) -> Q:
    """
    Return which places' requests the person under ``hat`` may see (domain §3.16, §3.19).

    The Partnership Team works on all of them, a coordinator on those of their localities; one that lies nowhere, such as
    a group chat, is the Partnership Team's and the city-wide duty's. Whoever asked sees their own.
    """
    if hat is None:
        return NOTHING
    sent = Q(submitted_at__isnull=False)
    if hat.role == Role.PARTNERSHIP_TEAM:
        return sent
    if hat.role == Role.COORDINATOR:
        return within_reach_of(hat)
    if hat.role in REQUESTERS:
        own = Q(requester_id=hat.user_id, requester_organization_id=hat.organization_id)
        schools = Q(requester_organization_id=hat.organization_id) & sent
        return own | schools if hat.role == Role.SCHOOL_DSL else own
    return NOTHING


class ContextRequestQuerySet(ClosedQuerySet):
    def visible_to(self, hat: Hat | None) -> Self:
        return self.filter(contexts_seen_by(hat))._opened()


class ContextPartQuerySet(ClosedQuerySet):
    """Parts of a place's request that the side that asked sees as well: answers, messages, history."""

    def visible_to(self, hat: Hat | None) -> Self:
        return self.filter(context__in=model("ContextRequest").objects.visible_to(hat).values("pk"))._opened()


class ContextDeskQuerySet(ContextPartQuerySet):
    """Parts that belong to those who decide."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None or hat.role not in TRIAGING:
            return self.filter(NOTHING)._opened()
        return super().visible_to(hat)
