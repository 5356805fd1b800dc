"""
Inviting somebody by their work address: a letter with a link that works once, for a week, and gives one role.

Who invites is never told whether the address has an account: what is said, kept and sent is the same. The link dies with
the membership it was sent under, with the right to give that role, and when a new one is sent. Of the secret we keep a hash,
as docs/decisions/0008 says of another link.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from directory import joining_letters as letters
from directory import people
from directory.availability import LONDON
from directory.models import SHOWN, Invitation, Membership, Organization, Role
from directory.people import NotTheirs, Refused
from directory.querysets import InvitationQuerySet
from directory.tokens import TOKEN, hash_of, new_secret
from safekeeping import audit
from safekeeping.models import User
from safekeeping.policy import Hat

LIVES_FOR = timedelta(days=7)
# More would be a mailing list.
MOST_WAITING = 60
FORGET_AFTER = timedelta(days=60)
BY_INVITATION = "invitation"


class InvitationIsDead(Exception):
    """There is no such link, it has expired, was used or withdrawn, or whoever sent it may not invite any more."""


class IsHereAlready(Refused):
    message = "Somebody with that address has this role here already."


class OwnAddress(Refused):
    message = "That is your own address."


class TooMany(Refused):
    message = "Many invitations wait for an answer. Withdraw some that are not needed any more."


class SentJustNow(Refused):
    message = "That invitation went out within the last hour. Wait a little before you send it again."


class SignInFirst(Exception):
    """The address has an account with a password: its owner signs in to accept."""


# --- questions --------------------------------------------------------------------------------------------------------


def waiting_for(hat: Hat, *, at: datetime) -> InvitationQuerySet:
    """Return the invitations without an answer that this hat may send again or withdraw, expired ones included."""
    found = Invitation.objects.filter(state=Invitation.State.WAITING, role__in=people.GRANTS.get(hat.role, ()))
    if hat.role not in people.ANYWHERE:
        found = found.filter(organization=hat.organization_id)
    return found.select_related("organization", "sent_by__user").order_by("-sent_at", "id")


def find(token: str, *, at: datetime) -> Invitation:
    """
    Return the invitation that this token opens; looking at it changes nothing.

    :raises InvitationIsDead: if there is none, without saying why
    """
    if not TOKEN.fullmatch(token):
        raise InvitationIsDead
    found = (
        Invitation.objects.alive(at)
        .filter(token_hash=hash_of(token), organization__standing__standing__in=SHOWN)
        .select_related("organization", "sent_by__user")
        .first()
    )
    if found is None or not may_still_give(found, at=at):
        raise InvitationIsDead
    user = account_of(found.email)
    if user is not None and not user.is_active:
        raise InvitationIsDead
    return found


def may_still_give(invitation: Invitation, *, at: datetime) -> bool:
    """Tell whether whoever sent it still has the membership it was sent under, and that may still give the role."""
    on = at.astimezone(LONDON).date()
    sender = Membership.objects.current(on).filter(pk=invitation.sent_by_id).first()
    return sender is not None and people.may_grant(sender, invitation.role, invitation.organization_id)


def account_of(email: str) -> User | None:
    """Return the account of that address."""
    return User.objects.filter(email=email.lower()).first()


def needs_sign_in(invitation: Invitation) -> bool:
    """Tell whether the address has an account that opens with a password: then whoever accepts has to know it."""
    user = account_of(invitation.email)
    return user is not None and user.has_usable_password()


# --- verbs ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    email: str,
    role: str,
    organization: Organization,
    *,
    name: str = "",
    job_title: str = "",
    by: Hat,
    at: datetime,
) -> Invitation:
    """
    Send an invitation; one that waits for the same answer is replaced.

    :raises NotTheirs: if the role there is not this hat's to give
    :raises IsHereAlready: if somebody at that address has the role there
    :raises OwnAddress: if it is their own
    :raises TooMany: if the organization has sixty that wait
    """
    made = write(email, role, organization, name=name, job_title=job_title, by=by, at=at)
    record(made, by=by, at=at)
    return made


def record(made: Invitation, *, by: Hat, at: datetime) -> None:
    """Put on record that an invitation was sent: last in its transaction."""
    audit.record("invitation.send", by=by, at=at, subject="invitation", ref=made.pk, reason=Role(made.role).value)


def write(
    email: str, role: str, organization: Organization, *, name: str, job_title: str, by: Hat, at: datetime
) -> Invitation:
    """Do what `invite` does, for a caller who has more to write before the trail (`record`)."""
    email = email.strip().lower()
    if role not in people.grants(by, organization.pk):
        raise NotTheirs
    on = at.astimezone(LONDON).date()
    if User.objects.filter(pk=by.user_id, email=email).exists():
        raise OwnAddress
    if Membership.objects.current(on).filter(organization=organization, role=role, user__email=email).exists():
        raise IsHereAlready
    people.locked(organization.pk)
    people.mine(by=by, at=at)
    old = Invitation.objects.filter(organization=organization, email=email, role=role, state=Invitation.State.WAITING)
    old.update(state=Invitation.State.WITHDRAWN, answered_at=at)
    if Invitation.objects.alive(at).filter(organization=organization).count() >= MOST_WAITING:
        raise TooMany
    token, kept = new_secret()
    made = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        name=name.strip(),
        job_title=job_title.strip(),
        token_hash=kept,
        sent_by_id=by.membership_id,
        sent_at=at,
        expires_at=at + LIVES_FOR,
    )
    letters.invitation(made, token, by=by, at=at)
    return made


@transaction.atomic
def send_again(pk: UUID, *, by: Hat, at: datetime) -> Invitation:
    """
    Send a new link and stop the old one; from now on it is this hat's invitation.

    :raises NotTheirs: if it is not theirs to send, or has been answered
    :raises SentJustNow: if it went out within the hour
    """
    row = waiting_for(by, at=at).filter(pk=pk).first()
    if row is None:
        raise NotTheirs
    people.mine(by=by, at=at)
    token, kept = new_secret()
    changed = Invitation.objects.filter(pk=pk, state=Invitation.State.WAITING, sent_at__lte=at - timedelta(hours=1))
    if not changed.update(token_hash=kept, sent_by=by.membership_id, sent_at=at, expires_at=at + LIVES_FOR):
        raise SentJustNow if waiting_for(by, at=at).filter(pk=pk).exists() else NotTheirs
    row.refresh_from_db()
    letters.invitation(row, token, by=by, at=at)
    audit.record("invitation.again", by=by, at=at, subject="invitation", ref=pk)
    return row


@transaction.atomic
def withdraw(pk: UUID, *, by: Hat, at: datetime) -> None:
    """
    Stop an invitation.

    :raises NotTheirs: if it is not theirs to stop, or has been answered
    """
    mine = waiting_for(by, at=at).filter(pk=pk).exists()
    row = Invitation.objects.filter(pk=pk, state=Invitation.State.WAITING)
    if not (mine and row.update(state=Invitation.State.WITHDRAWN, answered_at=at)):
        raise NotTheirs
    audit.record("invitation.withdraw", by=by, at=at, subject="invitation", ref=pk)


@transaction.atomic
def accept(
    token: str, *, signed_in: User | None = None, name: str = "", password: str = "", at: datetime
) -> Membership:
    """
    Take the role: as the person who is signed in, if the address is theirs, or as somebody new with a name and a password.

    :raises InvitationIsDead: if the link does not work, or somebody used it in between
    :raises SignInFirst: if the address has an account, and its owner is not the one who is signed in
    """
    invitation = find(token, at=at)
    won = Invitation.objects.alive(at).filter(pk=invitation.pk, token_hash=hash_of(token))
    if not won.update(state=Invitation.State.ACCEPTED, answered_at=at):
        raise InvitationIsDead
    user = person_for(invitation, signed_in=signed_in, name=name, password=password)
    on = at.astimezone(LONDON).date()
    made = Membership.objects.current(on).filter(
        user=user, organization=invitation.organization_id, role=invitation.role
    ).first() or Membership.objects.create(
        user=user,
        organization_id=invitation.organization_id,
        role=invitation.role,
        job_title=invitation.job_title,
        from_on=on,
        granted_by_id=invitation.sent_by.user_id,
        reason="Accepted an invitation",
    )
    Invitation.objects.filter(pk=invitation.pk).update(membership=made)
    letters.invitation_accepted(invitation, made, at=at)
    audit.record(
        "invitation.accept", by=None, actor=user.pk, kind=BY_INVITATION, at=at, subject="membership", ref=str(made.pk),
        reason=f"invitation:{invitation.pk}",
    )  # fmt: skip
    return made


def person_for(invitation: Invitation, *, signed_in: User | None, name: str, password: str) -> User:
    """
    Return whoever accepts: the owner of the address who is signed in, or who chooses a password for the first time.

    :raises SignInFirst: if the account has a password already
    """
    user = account_of(invitation.email)
    if user is not None and signed_in is not None and user.pk == signed_in.pk:
        return user
    if user is not None and user.has_usable_password():
        raise SignInFirst
    if not password:
        raise SignInFirst
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(invitation.email, password, name=name)
        except IntegrityError:  # somebody made the account in this very moment
            raise SignInFirst from None
    user.set_password(password)
    user.name = user.name or name
    user.save(update_fields=["password", "name"])
    return user


@transaction.atomic
def refused(token: str, *, at: datetime) -> None:
    """Put on record that somebody tried to use a link that was sent by us and works no more."""
    row = Invitation.objects.filter(token_hash=hash_of(token)).first() if TOKEN.fullmatch(token) else None
    if row is not None:
        audit.record(
            "invitation.refused",
            by=None,
            kind=BY_INVITATION,
            at=at,
            subject="invitation",
            ref=row.pk,
            outcome="refused",
        )


def forget_old(at: datetime) -> None:
    """Forget invitations that ended two months ago, however they did."""
    Invitation.objects.filter(expires_at__lt=at - FORGET_AFTER).delete()
