"""What the directory tells people by e-mail: one function for each event and audience. No message ever speaks of a child."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from directory import places
from directory.availability import LONDON
from directory.models import CapacityPool, ConfirmationLink, Membership, Report, ReportKind, Role
from directory.places import PoolLine
from safekeeping import accounts, front_door, outbox
from safekeeping.assumptions import in_words
from safekeeping.models import User

# An e-mail lists so many figures; the page behind the link has all of them.
MOST_LISTED = 12
DEEDS = {
    "confirm": "Somebody said that this is still right:",
    "change": "Somebody changed a figure. It is now:",
    "pause": "Somebody paused this, so nobody new is offered to you there:",
}


def ask_provider_to_confirm(
    link: ConfirmationLink, token: str, lines: list[PoolLine], *, again: bool, at: datetime
) -> int:
    """Ask one of a provider's managers whether its figures are still right; return how many e-mails were new: one or none."""
    return send_link(link, token, lines, key=f"confirm-places:{link.pk}", again=again, at=at)


def send_new_link(link: ConfirmationLink, token: str, *, at: datetime) -> int:
    """
    Send a new link to whoever had one that has expired; return how many e-mails were new: none if one was sent this hour.

    The key of the outbox is the limit: it names the person and the hour.
    """
    asking = link.asking
    ids = asking.pools.values_list("pk", flat=True)
    lines = places.lines_about(ids, organization_id=asking.organization_id, at=at)
    return send_link(link, token, lines, key=f"confirm-again:{link.membership_id}:{at:%Y%m%dT%H}", again=False, at=at)


def send_link(link: ConfirmationLink, token: str, lines: list[PoolLine], *, key: str, again: bool, at: datetime) -> int:
    """Put the e-mail with the link into the outbox, once for each ``key``; return how many were new."""
    person = link.membership.user
    organization = link.asking.organization.name
    about = about_figures(lines, at=at)
    context = {
        **about,
        "link": f"{settings.BASE_URL}{reverse('directory:confirm')}?t={token}",
        "to": person.get_short_name() if person.name else "",
        "organization": organization,
        "until": link.expires_at,
        "again": again,
        "site_name": settings.SITE_NAME,
        "city": settings.CITY,
        "front_door": front_door.door(),
    }
    row = outbox.mail(
        key=key,
        to=person.email,
        subject=subject_of(lines, organization, again=again),
        text=render_to_string("directory/mail/confirm_places.txt", context),
        html=render_to_string("directory/mail/confirm_places.html", context),
        at=at,
    )
    return int(row is not None)


def about_figures(lines: list[PoolLine], *, at: datetime) -> dict[str, Any]:
    """Return what an e-mail says of the figures: the first of them, how many more, and when they stop being believed."""
    ends = [line.believed_until for line in lines if line.counted and line.believed_until and line.believed_until > at]
    late = any(line.counted and (line.believed_until is None or line.believed_until <= at) for line in lines)
    right = [line for line in lines if line.can_be_right]
    return {
        "lines": lines[:MOST_LISTED],
        "more": max(0, len(lines) - MOST_LISTED),
        "count": len(lines),
        "yes": places.yes_words(len(right), of=len(lines), name=right[0].name if right else ""),
        "not_confirmed_on": min(ends) if ends and not late else None,
        "late": late,
    }


def subject_of(lines: list[PoolLine], organization: str, *, again: bool) -> str:
    """Return one line that says what is asked, as much as fits on a telephone."""
    asked = "We have not heard from you yet: still right?" if again else "Still right?"
    if len(lines) == 1:
        what = f"{lines[0].availability.words}, {lines[0].name}"
    else:
        what = f"{places.number(len(lines)).capitalize()} numbers to check for {organization}"
    return " ".join(f"{asked} {what}".split())


def tell_of_use(link: ConfirmationLink, pool_ids: Collection[UUID], deed: str, *, at: datetime) -> int:
    """Tell all of the provider's managers that the link was used; return how many were newly told."""
    organization = link.asking.organization
    text = render_to_string(
        "directory/mail/link_used.txt",
        {
            "deed": DEEDS[deed],
            "lines": places.lines_about(pool_ids, organization_id=organization.pk, at=at),
            "sent_at": link.sent_at,
            "at": at,
            "organization": organization.name,
            "places": settings.BASE_URL + reverse("directory:my_services"),
            "city": settings.CITY,
            "site_name": settings.SITE_NAME,
        },
    )
    return tell(
        Membership.objects.filter(organization=organization, role=Role.PROVIDER_ADMIN),
        key=f"link-used:{link.pk}:{at:%Y%m%dT%H%M%S%f}",
        subject=f"Somebody answered for your places through our link: {organization.name}",
        text=text,
        at=at,
    )


def tell_coordinators_of_silence(pool: CapacityPool, *, at: datetime) -> int:
    """Tell coordinators that a provider has not answered for too long; return how many were newly told."""
    return tell(
        Membership.objects.filter(role=Role.COORDINATOR),
        key=f"places-silent:{pool.pk}:{pool.confirmed_until:%Y%m%dT%H%M}",
        subject=f"Places not confirmed for {in_words('ask.coordinators')}: {pool.organization.name}",
        text=render_to_string("directory/mail/places_silent.txt", {"pool": pool}),
        at=at,
    )


WORDS_OF = {
    "approved": "Published: {name}",
    "refused": "Not published yet: {name}",
    "closed": "Closed without publishing: {name}",
}


def tell_of_decision(
    outcome: str, *, about: str, organization_id: UUID, person: User | None, address: str, key: str, at: datetime
) -> int:
    """
    Tell whoever has sent something to the stewards what became of it; the reason stands on the page, not in the mail.

    If that person has left, all of the provider's managers are told. Return how many were newly told.

    :param outcome: "approved", "refused" or "closed"
    :param about: what it was about, such as a service's name
    :param address: path of the page where it stands
    """
    text = render_to_string(
        "directory/mail/decided.txt",
        {
            "outcome": outcome,
            "about": about,
            "page": settings.BASE_URL + address,
            "site_name": settings.SITE_NAME,
            "city": settings.CITY,
        },
    )
    managers = Membership.objects.filter(organization_id=organization_id, role=Role.PROVIDER_ADMIN)
    own = managers.current(at.astimezone(LONDON).date()).filter(user=person)
    subject = " ".join(WORDS_OF[outcome].format(name=about).split())
    return tell(own if own.exists() else managers, key=key, subject=subject, text=text, at=at)


def tell_reader(report: Report, *, at: datetime) -> int:
    """Tell whoever reported something, and left an address, what became of it; return how many were newly told: one or none."""
    if not report.address:
        return 0
    text = render_to_string(
        "directory/mail/report_answered.txt",
        {
            "report": report,
            "page": settings.BASE_URL + reverse("directory:report", args=[report.pk]),
            "city": settings.CITY,
            "site_name": settings.SITE_NAME,
        },
    )
    subject = "You told us that something was wrong" if report.kind == ReportKind.WRONG else "You suggested a service"
    row = outbox.mail(key=f"report:{report.pk}", to=report.address, subject=subject, text=text, at=at)
    return int(row is not None)


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
    today = at.astimezone(LONDON).date()
    addresses = memberships.current(today).values_list("user_id", "user__email").distinct().order_by("user_id")
    return sum(
        outbox.mail(key=f"{key}:{user_id}", to=address, subject=subject, text=text, at=at) is not None
        for user_id, address in addresses
    )
