"""What the directory tells people by e-mail: one function for each event and audience. No message ever speaks of a child."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from directory.models import CapacityPool, Membership, Role
from safekeeping import accounts, outbox
from safekeeping.models import User


def ask_provider_to_confirm(pool: CapacityPool, *, step: int, at: datetime) -> int:
    """Ask the provider's managers whether a figure is still right; return how many were newly asked."""
    text = render_to_string(
        "directory/mail/confirm_places.txt",
        {
            "pool": pool,
            "again": step > 0,
            "link": settings.BASE_URL + reverse("directory:my_services"),
            "site_name": settings.SITE_NAME,
        },
    )
    return tell(
        Membership.objects.filter(organization=pool.organization, role=Role.PROVIDER_ADMIN),
        key=f"confirm-places:{pool.pk}:{pool.confirmed_until:%Y%m%dT%H%M}:{step}",
        subject=f"Are your places still right? {pool.organization.name}",
        text=text,
        at=at,
    )


def tell_coordinators_of_silence(pool: CapacityPool, *, at: datetime) -> int:
    """Tell coordinators that a provider has not answered for a week; return how many were newly told."""
    return tell(
        Membership.objects.filter(role=Role.COORDINATOR),
        key=f"places-silent:{pool.pk}:{pool.confirmed_until:%Y%m%dT%H%M}",
        subject=f"Places not confirmed for a week: {pool.organization.name}",
        text=render_to_string("directory/mail/places_silent.txt", {"pool": pool}),
        at=at,
    )


def tell_first_administrator(user: User, *, at: datetime) -> None:
    """Send the first administrator the link with which they set their password."""
    text = render_to_string(
        "directory/mail/first_administrator.txt",
        {
            "link": settings.BASE_URL + accounts.set_password_path(user),
            "ends": accounts.link_ends(at),
            "site_name": settings.SITE_NAME,
        },
    )
    subject = f"{settings.SITE_NAME}: set your password"
    outbox.mail(key=f"first-administrator:{user.pk}:{at:%Y%m%dT%H%M}", to=user.email, subject=subject, text=text, at=at)


def tell(memberships, *, key: str, subject: str, text: str, at: datetime) -> int:
    """Put one mail for each person into the outbox, once for each ``key``; return how many were new."""
    addresses = memberships.current(at.date()).values_list("user_id", "user__email").distinct().order_by("user_id")
    return sum(
        outbox.mail(key=f"{key}:{user_id}", to=address, subject=subject, text=text, at=at) is not None
        for user_id, address in addresses
    )
