"""A person's hats, out of their current memberships: always two queries, however many hats there are."""

from __future__ import annotations

from datetime import date

from directory.models import Membership
from safekeeping.models import User
from safekeeping.policy import Hat


def hats_of(user: User, on: date) -> list[Hat]:
    """Return the hats that ``user`` may wear on that day, in the order in which they were granted."""
    memberships = (
        Membership.objects.current(on)
        .filter(user=user)
        .select_related("organization")
        .prefetch_related("localities")
        .order_by("from_on", "id")
    )
    return [hat_of(membership, user) for membership in memberships]


def hat_of(membership: Membership, user: User) -> Hat:
    """Return the hat of a membership of ``user``."""
    return Hat(
        membership_id=membership.pk,
        user_id=user.pk,
        person=user.get_full_name(),
        role=membership.role,
        organization_id=membership.organization_id,
        organization=membership.organization.name,
        job_title=membership.job_title,
        localities=frozenset(locality.code for locality in membership.localities.all()),
        citywide=membership.citywide,
        role_label=membership.get_role_display(),
    )
