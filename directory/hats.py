"""A person's hats, out of their current memberships: one query with every request, however many hats there are."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from directory.models import Membership, Role
from safekeeping.models import User
from safekeeping.policy import Hat

COLUMNS = ("pk", "role", "organization_id", "organization__name", "job_title", "citywide")
LABELS = dict(Role.choices)


def hats_of(user: User, on: date) -> list[Hat]:
    """Return the hats that ``user`` may wear on that day, in the order in which they were granted."""
    memberships = Membership.objects.current(on).filter(user=user).order_by("from_on", "pk")
    rows = memberships.values_list(*COLUMNS, "localities__code")  # a row for each locality of each membership
    return [
        hat_from(told, {code for *_, code in lines if code}, user)
        for told, lines in groupby(rows, key=lambda row: row[: len(COLUMNS)])
    ]


def hat_of(membership: Membership) -> Hat:
    """Return the hat of a membership."""
    told = (
        membership.pk,
        membership.role,
        membership.organization_id,
        membership.organization.name,
        membership.job_title,
        membership.citywide,
    )
    return hat_from(told, {locality.code for locality in membership.localities.all()}, membership.user)


def hat_from(told: tuple[Any, ...], localities: set[str], user: User) -> Hat:
    """Return a hat out of the values of `COLUMNS`."""
    pk, role, organization_id, organization, job_title, citywide = told
    return Hat(
        membership_id=pk,
        user_id=user.pk,
        person=user.get_full_name(),
        role=role,
        organization_id=organization_id,
        organization=organization,
        job_title=job_title,
        localities=frozenset(localities),
        citywide=citywide,
        role_label=LABELS.get(role, role),
    )
