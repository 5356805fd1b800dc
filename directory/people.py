"""
Colleagues: who works here as what, changing that, handing over, leaving. Whatever is done holds from the next request on.

An organization never loses its last manager by this: all that could do so first takes the organization's row, so that of
two who leave at once one stays. What a role may grant stands in `GRANTS`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from directory import joining_letters as letters
from directory.availability import LONDON
from directory.models import Membership, Organization, Role
from directory.querysets import MembershipQuerySet
from safekeeping import audit, own_sessions, policy
from safekeeping.models import Session
from safekeeping.policy import Hat

# Who may give whom which role. Nobody gives more than they have: a safeguarding lead has all that a professional has.
# Stewards vouch for partners whom they have approved; only system administrators let in staff.
GRANTS: Mapping[str, tuple[Role, ...]] = {
    Role.PROVIDER_ADMIN: (Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER),
    Role.SCHOOL_DSL: (Role.SCHOOL_DSL, Role.PROFESSIONAL),
    Role.CONTENT_EDITOR: (Role.PROFESSIONAL, Role.SCHOOL_DSL, Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER),
    Role.SYSADMIN: tuple(Role),
}
# These give roles at any organization, the others at their own.
ANYWHERE = frozenset({Role.CONTENT_EDITOR, Role.SYSADMIN})
# Who manages people at an organization, and what they are once they have handed that over.
STEPS_BACK_TO: Mapping[str, Role] = {
    Role.PROVIDER_ADMIN: Role.PROVIDER_WORKER,
    Role.SCHOOL_DSL: Role.PROFESSIONAL,
}
MANAGERS = tuple(STEPS_BACK_TO)


class Refused(Exception):
    """It cannot be done; ``message`` says why, and can be shown."""

    message = "That cannot be done."

    def __str__(self) -> str:
        return self.message


class NotTheirs(Refused):
    """There is no such colleague (any more), or the role is not this hat's to give or take."""

    message = "That has changed meanwhile. Look at the list again."


class LastManager(Refused):
    message = "There must always be somebody who manages this. Make somebody else a manager first."


# --- questions --------------------------------------------------------------------------------------------------------


def grants(hat: Hat, organization_id: UUID) -> tuple[Role, ...]:
    """Return the roles that this hat may give at that organization."""
    if hat.role in ANYWHERE or hat.organization_id == organization_id:
        return GRANTS.get(hat.role, ())
    return ()


def may_grant(membership: Membership, role: str, organization_id: UUID) -> bool:
    """Tell whether whoever holds that membership may give that role at that organization."""
    here = membership.role in ANYWHERE or membership.organization_id == organization_id
    return here and role in GRANTS.get(membership.role, ())


def manages(hat: Hat | None) -> bool:
    """Tell whether this hat manages the people of its own organization."""
    return hat is not None and hat.role in MANAGERS


def here(organization_id: UUID, *, at: datetime) -> MembershipQuerySet:
    """Return the memberships in force at that organization."""
    return Membership.objects.current(at.astimezone(LONDON).date()).filter(organization=organization_id)


def colleagues_of(hat: Hat, *, at: datetime) -> list[Membership]:
    """Return whom a manager sees: everybody at the organization, managers first. Somebody else sees the managers."""
    found = here(hat.organization_id, at=at).select_related("user")
    if not manages(hat):
        found = found.filter(role__in=MANAGERS)
    return sorted(found, key=lambda one: (one.role not in MANAGERS, one.user.get_full_name().casefold(), one.pk))


def colleague(hat: Hat, pk: int, *, at: datetime) -> Membership:
    """
    Return a colleague whose role this hat may change.

    :raises NotTheirs: if there is none, or it is their own
    """
    found = here(hat.organization_id, at=at).select_related("user", "organization").filter(pk=pk)
    one = found.filter(role__in=GRANTS.get(hat.role, ())).exclude(user=hat.user_id).first()
    if one is None or not manages(hat):
        raise NotTheirs
    return one


# --- verbs ------------------------------------------------------------------------------------------------------------


def locked(organization_id: UUID) -> None:
    """Take the organization's row: from here on nobody else changes who manages it."""
    Organization.objects.select_for_update().only("pk").get(pk=organization_id)


def mine(*, by: Hat, at: datetime) -> Membership:
    """
    Return the membership under which somebody acts, as it is now.

    :raises NotTheirs: if somebody has just ended it
    """
    own = here(by.organization_id, at=at).select_related("user", "organization").filter(pk=by.membership_id).first()
    if own is None:
        raise NotTheirs
    return own


def need_another(leaving: Membership, *, at: datetime) -> None:
    """
    Refuse to go on if nobody else has that managing role.

    :raises LastManager: if so
    """
    if leaving.role not in MANAGERS:
        return
    others = here(leaving.organization_id, at=at).filter(role=leaving.role).exclude(user=leaving.user_id)
    if not others.exists():
        raise LastManager


@transaction.atomic
def change_role(pk: int, role: str, *, by: Hat, at: datetime) -> Membership:
    """
    Give a colleague another role, from the next request on.

    :raises NotTheirs: if there is no such colleague any more, or the role is not this hat's to give
    :raises LastManager: if nobody would be left who manages people
    """
    locked(by.organization_id)
    mine(by=by, at=at)
    one = colleague(by, pk, at=at)
    if role not in grants(by, one.organization_id):
        raise NotTheirs
    if role == one.role:
        return one
    need_another(one, at=at)
    made = become(one, role, by=by, at=at)
    letters.role_changed(made, by=by, at=at)
    audit.record(
        "membership_changed", by=by, at=at, subject="membership", ref=str(made.pk), fields=["role"],
        reason=f"from:{one.pk}",
    )  # fmt: skip
    return made


@transaction.atomic
def end(pk: int, *, by: Hat, at: datetime) -> Membership:
    """
    End a colleague's membership at once, and the sessions in which it is worn.

    :raises NotTheirs: if there is no such colleague any more
    :raises LastManager: if nobody would be left who manages people
    """
    locked(by.organization_id)
    mine(by=by, at=at)
    one = colleague(by, pk, at=at)
    need_another(one, at=at)
    over([one], at=at)
    letters.role_ended(one, by=by, at=at)
    end_sessions(one, by=by, at=at)
    audit.record("membership_ended", by=by, at=at, subject="membership", ref=str(one.pk))
    return one


@transaction.atomic
def leave(*, by: Hat, at: datetime) -> None:
    """
    End one's own membership.

    :raises NotTheirs: if it has ended already
    :raises LastManager: if nobody would be left who manages people
    """
    locked(by.organization_id)
    own = mine(by=by, at=at)
    need_another(own, at=at)
    over([own], at=at)
    letters.colleague_left(own, here(own.organization_id, at=at).filter(role__in=MANAGERS), at=at)
    audit.record("membership_left", by=by, at=at, subject="membership", ref=str(own.pk))


@transaction.atomic
def hand_over(pk: int, *, by: Hat, at: datetime) -> Membership:
    """
    Make a colleague what one is, and step back, in one act; return one's own new membership.

    :raises NotTheirs: if one of the two is not there any more
    """
    locked(by.organization_id)
    own = mine(by=by, at=at)
    other = colleague(by, pk, at=at)
    made = become(other, own.role, by=by, at=at) if other.role != own.role else other
    back = become(own, STEPS_BACK_TO[own.role], by=by, at=at)
    letters.handed_over(made, by=by, at=at)
    audit.record_each(
        "membership_handed_over", by=by, at=at, subject="membership", refs=[str(made.pk), str(back.pk)], fields=["role"]
    )
    return back


def become(was: Membership, role: str, *, by: Hat, at: datetime) -> Membership:
    """End a membership and begin one in another role in its stead, so that both stay explicable."""
    over([was], at=at)
    already = here(was.organization_id, at=at).filter(user=was.user_id, role=role).select_related("user").first()
    if already:
        return already
    made = Membership.objects.create(
        user_id=was.user_id,
        organization_id=was.organization_id,
        role=role,
        job_title=was.job_title,
        from_on=at.astimezone(LONDON).date(),
        until_on=max(was.until_on, at.astimezone(LONDON).date()) if was.until_on else None,
        granted_by_id=by.user_id,
        reason="Changed from " + was.get_role_display(),
    )
    made.user, made.organization = was.user, was.organization
    return made


def over(memberships: Collection[Membership], *, at: datetime) -> None:
    """
    End these now.

    :raises NotTheirs: if one of them has ended in between
    """
    ids = [one.pk for one in memberships]
    if Membership.objects.filter(pk__in=ids, ended_at__isnull=True).update(ended_at=at) != len(ids):
        raise NotTheirs


def end_sessions(membership: Membership, *, by: Hat, at: datetime) -> int:
    """End the sessions in which that membership is worn, or could be by default; return how many there were."""
    today = at.astimezone(LONDON).date()
    others = Membership.objects.current(today).filter(user=membership.user_id).exists()

    def worn(row: Session) -> bool:
        return row.get_decoded().get(policy.SESSION_HAT, None if others else membership.pk) == membership.pk

    return own_sessions.end_those(membership.user, worn, by=by, at=at)
