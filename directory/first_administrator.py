"""
The first system administrator of an empty installation: the one person whom nobody who is there can let in.

Everybody after them is let in by somebody, on a page, on record. So this is refused as long as there is an administrator
who could do it; if the last one's time has ended, it is the way back in.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from directory import notifications
from directory.models import Membership, Organization, OrganizationStanding, Role, TaxonomyTerm
from directory.models.standing import SHOWN
from safekeeping import audit
from safekeeping.models import User


class Refused(Exception):
    """There can be no first administrator like this; says why, for whoever typed the command."""


def make(*, email: str, name: str, organization: str, kind: str, mail: bool = False, at: datetime) -> Membership:
    """
    Make a system administrator who has no password yet, in that organization, which is made if it is not there.

    ``kind`` is a code of the vocabulary `organization_type`. The membership has no end; the role asks for a second factor.
    With ``mail`` they are sent the link that sets their password.

    :raises Refused: if there is an administrator, or what was given makes none
    """
    today = at.date()
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Refused(f"{email!r} is not an e-mail address.") from wrong
    if not (name.strip() and slugify(organization)):
        raise Refused("A person and an organization need a name.")
    with transaction.atomic():
        if Membership.objects.current(today).filter(role=Role.SYSADMIN).exists():
            raise Refused("There is a system administrator already: they let in whoever comes next, on the site.")
        user = User.objects.filter(email=email).first()
        if user and not user.is_active:
            raise Refused(f"The account of {email} is closed.")
        works_at = organization_called(organization.strip(), kind=kind)
        user = user or User.objects.create_user(email, name=name.strip())
        made = Membership.objects.create(
            user=user,
            organization=works_at,
            role=Role.SYSADMIN,
            job_title=Role.SYSADMIN.label,
            from_on=today,
            reason="The first administrator of this installation",
        )
        if mail:
            notifications.tell_first_administrator(user, at=at)
        audit.record("membership_granted", by=None, at=at, subject="membership", ref=str(made.pk), reason="first")
    return made


def organization_called(name: str, *, kind: str) -> Organization:
    """
    Return the organization of that name, published now if there was none.

    :raises Refused: if its standing lets nobody work for it, or there is no such kind
    """
    known = Organization.objects.filter(name__iexact=name).select_related("standing").first()
    if known:
        if known.standing.standing not in SHOWN:
            raise Refused(f"{known.name} is {known.standing.get_standing_display().lower()}.")
        return known
    of_kind = TaxonomyTerm.objects.filter(taxonomy="organization_type", code=kind).first()
    if of_kind is None:
        codes = (
            TaxonomyTerm.objects.filter(taxonomy="organization_type").order_by("code").values_list("code", flat=True)
        )
        raise Refused(f"{kind!r} is no kind of organization: {', '.join(codes) or 'run load_vocabularies first'}.")
    made = Organization(name=name, slug=slugify(name)[:120], organization_type=of_kind)
    made.save()
    OrganizationStanding.objects.create(organization=made)
    made.save_revision(changed=False).publish()
    return made
