"""
The signed link in the e-mail to a provider: what whoever holds it may do without signing in, and nothing else (domain E43).

It confirms, changes or pauses the figures that its e-mail asked about, and says of words whether they are right, for seven
days; it dies with the membership of the person it was sent to. The secret in it is 256 random bits, of which we keep a
hash: docs/decisions/0008 says why.
Every use is in the audit trail, as done by a link and by nobody who has signed in, and the provider is told of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from directory import assumptions, assurance, capacity, letters, notifications
from directory.availability import LONDON
from directory.capacity import BY_LINK, Declaration
from directory.models import Asking, CapacityPool, ConfirmationLink, Membership, Organization, Role, Service
from directory.querysets import CapacityPoolQuerySet, ConfirmationLinkQuerySet, MembershipQuerySet
from directory.tokens import TOKEN, hash_of, new_secret
from directory.words_asked import Entry, entry_about
from safekeeping import audit
from safekeeping.policy import Hat

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
    if link is None or not opens_something(link, at=at):
        raise LinkIsDead
    return link


def opens_something(link: ConfirmationLink, *, at: datetime) -> bool:
    """Say whether something is left of what the link was about."""
    return pools_of(link, at=at).exists() or bool(entries_of(link.asking, at=at))


def entries_of(asking: Asking, *, at: datetime) -> list[Entry]:
    """Return the words that were asked about, those that somebody can still vouch for; the organization's own come last."""
    services = assurance.services_to_vouch_for().filter(askings=asking, organization=asking.organization_id)
    entries: list[Service | Organization] = list(
        services.select_related("standing", "organization").prefetch_related("doubts").order_by("name", "pk")
    )
    if asking.about_organization:
        themselves = assurance.organizations_to_vouch_for().filter(pk=asking.organization_id)
        entries += themselves.select_related("standing").prefetch_related("doubts")
    return [entry_about(one, on=at.astimezone(LONDON).date()) for one in entries]


def pools_of(link: ConfirmationLink, *, at: datetime) -> CapacityPoolQuerySet:
    """Return the pools that the link is for, those that are still in use by the same organization."""
    return pools_in_use(at.astimezone(LONDON).date()).filter(
        askings=link.asking_id, organization=link.asking.organization_id
    )


def out(organization_id: UUID, *, at: datetime) -> QuerySet[ConfirmationLink]:
    """Return the links to that organization's figures that work at this moment."""
    return ConfirmationLink.objects.alive(at).filter(asking__organization=organization_id)


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
    """Make a link for each of the provider's managers who is asked; return them with their tokens, which are not kept."""
    people = letters.asked_of(managers(at.astimezone(LONDON).date()).filter(organization=asking.organization_id))
    first_hat = {membership.user_id: membership for membership in reversed(people)}
    made = [made_for(membership, asking, at=at) for membership in first_hat.values()]
    ConfirmationLink.objects.bulk_create([link for link, _ in made])
    return made


def made_for(membership: Membership, asking: Asking, *, at: datetime) -> tuple[ConfirmationLink, str]:
    """Return a link that is not saved yet, and its token."""
    token, kept = new_secret()
    link = ConfirmationLink(
        asking=asking,
        membership=membership,
        token_hash=kept,
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
    if old is None or not opens_something(old, at=at):
        return False
    link, new_token = made_for(old.membership, old.asking, at=at)
    if not notifications.send_new_link(link, new_token, entries_of(old.asking, at=at), at=at):
        return False
    ConfirmationLink.objects.filter(asking=old.asking_id, membership=old.membership_id).alive(at).update(
        withdrawn_at=at
    )
    link.save(force_insert=True)
    audit.record("link.renew", by=None, kind=BY_LINK, at=at, subject="link", ref=link.pk, reason=f"link:{old.pk}")
    return True


# --- using ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(
    link: ConfirmationLink, pools: Iterable[CapacityPool], entries: Iterable[Entry] = (), *, at: datetime
) -> None:
    """
    Record that these figures and words are still right.

    :raises LinkIsDead: if the link does not work any more, or is not for all of them
    """
    pools = list(pools)
    words = entries_within(link, entries, at=at)
    mine = within(link, pools, at=at) if pools or not words else []
    for pool in mine:
        capacity.confirm(pool, by=voice_of(link), at=at)
    assurance.put_right([one.standing for one in words], by_user=None, at=at)
    used(link, mine, "confirm", words, at=at)


@transaction.atomic
def doubt(link: ConfirmationLink, entry: Entry, wish: str, *, at: datetime) -> None:
    """
    Note that words are not right, and what is to be done; the link itself writes no words.

    :raises LinkIsDead: if the link does not work any more, or is not for these words
    """
    words = entries_within(link, [entry], at=at)
    service_id = None if entry.is_organization else entry.id
    if assurance.note_doubt(link.asking.organization_id, service_id, wish, by_user=link.membership.user_id, at=at):
        used(link, [], "doubt", words, at=at)


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


def entries_within(link: ConfirmationLink, entries: Iterable[Entry], *, at: datetime) -> list[Entry]:
    """
    Return those words as they are at this moment.

    :raises LinkIsDead: if some are not the link's, or the link was stopped while its page was open
    """
    wanted = {entry.id for entry in entries}
    if not wanted:
        return []
    alive = ConfirmationLink.objects.alive(at).filter(pk=link.pk).exists()
    mine = [one for one in entries_of(link.asking, at=at) if one.id in wanted] if alive else []
    if len(mine) != len(wanted):
        raise LinkIsDead
    return mine


def used(
    link: ConfirmationLink, pools: list[CapacityPool], deed: str, words: Iterable[Entry] = (), *, at: datetime
) -> None:
    """Tell the provider, and put the use of the link on record: last in its transaction."""
    ids, entries = [pool.pk for pool in pools], list(words)
    notifications.tell_of_use(link, ids, deed, entries, at=at)
    why = f"link:{link.pk}"
    if ids:
        audit.record_each(f"figures.{deed}", by=None, kind=BY_LINK, at=at, subject="pool", refs=ids, reason=why)
    if entries:
        refs = [one.id for one in entries]
        audit.record_each(f"words.{deed}", by=None, kind=BY_LINK, at=at, subject="entry", refs=refs, reason=why)


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
