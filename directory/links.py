"""
The signed link in the e-mail to a provider: what whoever holds it may do without signing in, and nothing else (domain E43).

It confirms, changes or pauses the figures that its e-mail asked about, for seven days, and dies with the membership of
the person it was sent to. The secret in it is 256 random bits, of which we keep a hash: docs/decisions/0008 says why.
Every use is in the audit trail, as done by a link and by nobody who has signed in, and the provider is told of it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from directory import assumptions, capacity, notifications
from directory.availability import LONDON
from directory.capacity import BY_LINK, Declaration
from directory.models import Asking, CapacityPool, ConfirmationLink, Membership, Role, Service
from directory.querysets import CapacityPoolQuerySet, ConfirmationLinkQuerySet, MembershipQuerySet
from safekeeping import audit
from safekeeping.policy import Hat

SECRET_BYTES = 32
# Hexadecimal: no mail program leaves off its last letter, as some do with a dash.
TOKEN = re.compile(r"[0-9a-f]{64}")
# Who says a provider's figures, and so is asked for them.
ASKED_ROLE = Role.PROVIDER_ADMIN
# An expired link can be exchanged for a new one for so long; then it is as unknown as one that never was.
REMEMBERED_FOR = timedelta(days=60)


class LinkIsDead(Exception):
    """There is no such link, it has expired, was stopped, or its recipient has nothing to say about these figures any more."""


# --- questions --------------------------------------------------------------------------------------------------------


def managers(on: date) -> MembershipQuerySet:
    """Return the current memberships of those who say figures."""
    return Membership.objects.current(on).filter(role=ASKED_ROLE)


def pools_in_use(on: date) -> CapacityPoolQuerySet:
    """Return the pools of published services that are not over: about the others there is nothing to ask and to say."""
    published = Service.objects.published().filter(pools=OuterRef("pk"))
    return CapacityPool.objects.not_called_off().filter(Exists(published), Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def reachable(token: str, *, at: datetime) -> ConfirmationLinkQuerySet:
    """Return the link of that token, alive or not, if whoever it was sent to still says these figures."""
    on = at.astimezone(LONDON).date()
    recipient = managers(on).filter(pk=OuterRef("membership_id"), organization=OuterRef("asking__organization_id"))
    return ConfirmationLink.objects.filter(Exists(recipient), token_hash=hash_of(token)).select_related(
        "asking__organization", "membership__user"
    )


def find(token: str, *, at: datetime) -> ConfirmationLink:
    """
    Return the link that this token opens; looking at it changes nothing.

    :raises LinkIsDead: if there is none, without saying why
    """
    link = reachable(token, at=at).alive(at).first() if TOKEN.fullmatch(token) else None
    if link is None or not pools_of(link, at=at).exists():
        raise LinkIsDead
    return link


def pools_of(link: ConfirmationLink, *, at: datetime) -> CapacityPoolQuerySet:
    """Return the pools that the link is for, those that are still in use by the same organization."""
    return pools_in_use(at.astimezone(LONDON).date()).filter(
        askings=link.asking_id, organization=link.asking.organization_id
    )


def out(organization_id: UUID, *, at: datetime) -> QuerySet[ConfirmationLink]:
    """Return the links to that organization's figures that work at this moment."""
    return ConfirmationLink.objects.alive(at).filter(asking__organization=organization_id)


def hash_of(token: str) -> str:
    """Return what we keep of a token; it is too random to be found by trying."""
    return hashlib.sha256(token.encode()).hexdigest()


def voice_of(link: ConfirmationLink) -> Hat:
    """Return the hat under which a link speaks: put down to its recipient, in a role that opens no door."""
    to = link.membership
    return Hat(
        membership_id=to.pk,
        user_id=to.user_id,
        person=to.user.get_full_name(),
        role=BY_LINK,
        organization_id=link.asking.organization_id,
        organization=link.asking.organization.name,
    )


# --- sending ----------------------------------------------------------------------------------------------------------


def send_to_managers(asking: Asking, *, at: datetime) -> list[tuple[ConfirmationLink, str]]:
    """Make a link for each of the provider's managers; return them with their tokens, which are not kept."""
    on = at.astimezone(LONDON).date()
    people = managers(on).filter(organization=asking.organization_id).select_related("user").order_by("user_id", "pk")
    first_hat = {membership.user_id: membership for membership in reversed(people)}
    made = [made_for(membership, asking, at=at) for membership in first_hat.values()]
    ConfirmationLink.objects.bulk_create([link for link, _ in made])
    return made


def made_for(membership: Membership, asking: Asking, *, at: datetime) -> tuple[ConfirmationLink, str]:
    """Return a link that is not saved yet, and its token."""
    token = secrets.token_hex(SECRET_BYTES)
    link = ConfirmationLink(
        asking=asking,
        membership=membership,
        token_hash=hash_of(token),
        sent_at=at,
        expires_at=at + assumptions.LINK_LIVES.span,
    )
    return link, token


@transaction.atomic
def send_anew(token: str, *, at: datetime) -> bool:
    """
    Send a new link to whoever the old one was sent to, once an hour at most; tell whether one was sent.

    What a stranger is shown must not depend on the answer.
    """
    old = reachable(token, at=at).first() if TOKEN.fullmatch(token) else None
    if old is None or not pools_of(old, at=at).exists():
        return False
    link, new_token = made_for(old.membership, old.asking, at=at)
    if not notifications.send_new_link(link, new_token, at=at):
        return False
    ConfirmationLink.objects.filter(asking=old.asking_id, membership=old.membership_id).alive(at).update(
        withdrawn_at=at
    )
    link.save(force_insert=True)
    audit.record("link.renew", by=None, kind=BY_LINK, at=at, subject="link", ref=link.pk, reason=f"link:{old.pk}")
    return True


# --- using ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(link: ConfirmationLink, pools: Iterable[CapacityPool], *, at: datetime) -> None:
    """
    Record that these figures are still right.

    :raises LinkIsDead: if the link does not work any more, or is not for all of them
    """
    mine = within(link, pools, at=at)
    for pool in mine:
        capacity.confirm(pool, by=voice_of(link), at=at)
    used(link, mine, "confirm", at=at)


@transaction.atomic
def change(link: ConfirmationLink, pool: CapacityPool, told: Declaration, *, version: int, at: datetime) -> None:
    """
    Record new figures.

    :raises LinkIsDead: if the link does not work any more, or is not for this pool
    :raises FigureChanged: if somebody else wrote in between
    """
    mine = within(link, [pool], at=at)
    capacity.declare(pool, told, by=voice_of(link), at=at, version=version)
    used(link, mine, "change", at=at)


@transaction.atomic
def pause(link: ConfirmationLink, pool: CapacityPool, *, at: datetime) -> None:
    """
    Take nobody new until somebody says otherwise; pausing twice is harmless.

    :raises LinkIsDead: if the link does not work any more, or is not for this pool
    """
    mine = within(link, [pool], at=at)
    if mine[0].paused_at is None:
        capacity.pause(pool, by=voice_of(link), at=at)
        used(link, mine, "pause", at=at)


def within(link: ConfirmationLink, pools: Iterable[CapacityPool], *, at: datetime) -> list[CapacityPool]:
    """
    Return the pools in the order in which they are locked.

    :raises LinkIsDead: if one of them is not the link's, or the link was stopped while its page was open
    """
    wanted = {pool.pk for pool in pools}
    alive = ConfirmationLink.objects.alive(at).filter(pk=link.pk).exists()
    mine = list(pools_of(link, at=at).filter(pk__in=wanted).order_by("pk")) if alive else []
    if not wanted or len(mine) != len(wanted):
        raise LinkIsDead
    return mine


def used(link: ConfirmationLink, pools: list[CapacityPool], deed: str, *, at: datetime) -> None:
    """Tell the provider, and put the use of the link on record: last in its transaction."""
    ids = [pool.pk for pool in pools]
    notifications.tell_of_use(link, ids, deed, at=at)
    audit.record_each(
        f"figures.{deed}", by=None, kind=BY_LINK, at=at, subject="pool", refs=ids, reason=f"link:{link.pk}"
    )


@transaction.atomic
def refused(token: str, *, at: datetime) -> None:
    """Put on record that somebody tried to use a link that was sent by us and works no more."""
    link = ConfirmationLink.objects.filter(token_hash=hash_of(token)).first() if TOKEN.fullmatch(token) else None
    if link is not None:
        audit.record("figures.refused", by=None, kind=BY_LINK, at=at, subject="link", ref=link.pk, outcome="refused")


# --- ending -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def stop(organization_id: UUID, *, by: Hat, at: datetime) -> int:
    """Stop every link to the organization's figures; return how many there were."""
    stopped = list(out(organization_id, at=at).order_by("pk").values_list("pk", flat=True))
    ConfirmationLink.objects.filter(pk__in=stopped).update(withdrawn_at=at)
    audit.record_each("link.stop", by=by, at=at, subject="link", refs=stopped)
    return len(stopped)


def forget_old(at: datetime) -> None:
    """Forget the links that expired long ago."""
    ConfirmationLink.objects.filter(expires_at__lt=at - REMEMBERED_FOR).delete()
