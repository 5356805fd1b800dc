"""
Who gets which letters: what a manager or a steward has chosen, and whom no letter reaches.

A choice is made for one hat. What somebody answered, what happened to their account, and what they are bound to know is
sent whatever they chose. Of an organization's managers at least one keeps being asked: if the last who was goes away or
cannot be reached, all others are asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from directory.models import LetterKind, LetterSwitchedOff, Membership, Role
from directory.querysets import MembershipQuerySet
from safekeeping import audit
from safekeeping.models import BouncingAddress
from safekeeping.policy import Hat

# What each role is sent and can do without.
KINDS: dict[str, tuple[LetterKind, ...]] = {
    Role.PROVIDER_ADMIN: (LetterKind.DUE, LetterKind.ANSWERS),
    Role.CONTENT_EDITOR: (LetterKind.DIGEST, LetterKind.WAITING),
}
ALWAYS: dict[str, tuple[str, ...]] = {
    Role.PROVIDER_ADMIN: (
        "Offers that wait for your answer",
        "Somebody answered for you through the link in one of our e-mails",
        "A colleague cannot be reached by e-mail",
        "Your password and your second step",
    ),
    Role.CONTENT_EDITOR: (
        "A service is not shown any more",
        "A provider says that its words are not right",
        "A manager cannot be reached by e-mail",
        "Your password and your second step",
    ),
}


class SomebodyMustBeAsked(Exception):
    """Nobody else at this organization would be asked whether its numbers and words are right."""


def reachable(memberships: MembershipQuerySet) -> MembershipQuerySet:
    """Keep those whose address takes our letters."""
    returned = BouncingAddress.objects.filter(email=Lower(OuterRef("user__email")))
    return memberships.exclude(Exists(returned))


def wanting(memberships: MembershipQuerySet, kind: str) -> MembershipQuerySet:
    """Keep those who have not switched letters of this kind off."""
    return memberships.exclude(Exists(LetterSwitchedOff.objects.filter(membership=OuterRef("pk"), kind=kind)))


def to_be_asked(managers: Iterable[Membership], *, switched_off: Collection[int]) -> list[Membership]:
    """Return whom to ask of an organization's reachable managers: those who want it, all of them if nobody does."""
    people = list(managers)
    return [one for one in people if one.pk not in switched_off] or people


def asked_of(managers: MembershipQuerySet) -> list[Membership]:
    """Return whom to ask of one organization's current managers."""
    people = list(reachable(managers).select_related("user").order_by("user_id", "pk"))
    off = LetterSwitchedOff.objects.filter(membership__in=people, kind=LetterKind.DUE)
    return to_be_asked(people, switched_off=set(off.values_list("membership_id", flat=True)))


def chosen(membership_id: int) -> set[str]:
    """Return the kinds of letters that somebody still gets under this hat, of those they can do without."""
    off = set(LetterSwitchedOff.objects.filter(membership_id=membership_id).values_list("kind", flat=True))
    return {kind for kind in LetterKind.values if kind not in off}


@transaction.atomic
def choose(hat: Hat, wanted: Collection[str], *, at: datetime, on: date) -> None:
    """
    Keep what somebody wants to be sent.

    :raises SomebodyMustBeAsked: if nobody at the organization would be asked any more
    """
    kinds = KINDS.get(hat.role, ())
    unwanted = [kind for kind in kinds if kind not in wanted]
    if LetterKind.DUE in unwanted and not others_asked(hat.organization_id, hat.membership_id, on=on):
        raise SomebodyMustBeAsked
    LetterSwitchedOff.objects.filter(membership_id=hat.membership_id).exclude(kind__in=unwanted).delete()
    LetterSwitchedOff.objects.bulk_create(
        [LetterSwitchedOff(membership_id=hat.membership_id, kind=kind, at=at) for kind in unwanted],
        ignore_conflicts=True,
    )
    audit.record("letters.choose", by=hat, at=at, subject="membership", ref=str(hat.membership_id), fields=unwanted)


def others_asked(organization_id: UUID, membership_id: int, *, on: date) -> bool:
    """Say whether somebody else at the organization is reachable and wants to be asked."""
    others = Membership.objects.current(on).filter(organization=organization_id, role=Role.PROVIDER_ADMIN)
    me = Membership.objects.filter(pk=membership_id).values("user_id")
    return wanting(reachable(others), LetterKind.DUE).exclude(user_id__in=me).exists()
