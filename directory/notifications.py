"""What the directory tells people by e-mail: one function for each event and audience. No message ever speaks of a child."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from directory import letters, places
from directory.availability import LONDON
from directory.models import (
    CapacityPool,
    ConfirmationLink,
    Doubt,
    LetterKind,
    Membership,
    Report,
    ReportKind,
    Role,
    Service,
)
from directory.places import PoolLine
from directory.words_asked import Entry
from safekeeping import accounts, front_door, outbox, working_time
from safekeeping.assumptions import in_words
from safekeeping.models import User

# An e-mail lists so many figures; the page behind the link has all of them.
MOST_LISTED = 12
ADMIN = "/admin/"
STALE_PAGE = "/admin/what-is-stale/"
DEEDS = {
    "confirm": "Somebody said that this is still right:",
    "change": "Somebody changed a figure. It is now:",
    "pause": "Somebody paused this, so nobody new is offered to you there:",
    "doubt": "Somebody said that these words are not right any more, and we were told:",
}


def ask_provider_to_confirm(
    link: ConfirmationLink, token: str, lines: list[PoolLine], entries: list[Entry], *, again: bool, at: datetime
) -> int:
    """Ask one of a provider's managers whether figures and words are still right; return how many e-mails were new."""
    return send_link(link, token, lines, entries, key=f"confirm-places:{link.pk}", again=again, at=at)


def send_new_link(link: ConfirmationLink, token: str, entries: list[Entry], *, at: datetime) -> int:
    """
    Send a new link to whoever had one that has expired; return how many e-mails were new: none if one was sent this hour.

    The key of the outbox is the limit: it names the person and the hour.
    """
    asking = link.asking
    ids = asking.pools.values_list("pk", flat=True)
    lines = places.lines_about(ids, organization_id=asking.organization_id, at=at)
    key = f"confirm-again:{link.membership_id}:{at:%Y%m%dT%H}"
    return send_link(link, token, lines, entries, key=key, again=False, at=at)


def send_link(
    link: ConfirmationLink,
    token: str,
    lines: list[PoolLine],
    entries: list[Entry],
    *,
    key: str,
    again: bool,
    at: datetime,
) -> int:
    """Put the e-mail with the link into the outbox, once for each ``key``; return how many were new."""
    person = link.membership.user
    organization = link.asking.organization.name
    context = {
        **about_figures(lines, entries, at=at),
        "link": f"{settings.BASE_URL}{reverse('directory:confirm')}?t={token}",
        "to": person.get_short_name() if person.name else "",
        "organization": organization,
        "until": link.expires_at,
        "again": again,
        "site_name": settings.SITE_NAME,
        "city": front_door.city(),
        "front_door": front_door.door(),
    }
    row = outbox.mail(
        key=key,
        to=person.email,
        subject=subject_of(lines, entries, organization, again=again),
        text=render_to_string("directory/mail/confirm_places.txt", context),
        html=render_to_string("directory/mail/confirm_places.html", context),
        at=at,
    )
    return int(row is not None)


def about_figures(lines: list[PoolLine], entries: list[Entry], *, at: datetime) -> dict[str, Any]:
    """Return what an e-mail says of figures and words: the first of them, how many more, and when they stop being believed."""
    ends = [line.believed_until for line in lines if line.counted and line.believed_until and line.believed_until > at]
    late = any(line.counted and (line.believed_until is None or line.believed_until <= at) for line in lines)
    right = [line.name for line in lines if line.can_be_right] + [entry.name for entry in entries]
    count = len(lines) + len(entries)
    return {
        "lines": lines[:MOST_LISTED],
        "more": max(0, len(lines) - MOST_LISTED),
        "entries": entries[:MOST_LISTED],
        "more_entries": max(0, len(entries) - MOST_LISTED),
        "count": count,
        "yes": places.yes_words(len(right), of=count, name=right[0] if right else ""),
        "not_confirmed_on": min(ends) if ends and not late else None,
        "late": late,
    }


def subject_of(lines: list[PoolLine], entries: list[Entry], organization: str, *, again: bool) -> str:
    """Return one line that says what is asked, as much as fits on a telephone."""
    asked = "We have not heard from you yet: still right?" if again else "Still right?"
    if not lines:
        what = f"The words about {entries[0].name}" if len(entries) == 1 else f"The words about {organization}"
    elif entries:
        what = f"{places.number(len(lines) + len(entries)).capitalize()} things to check for {organization}"
    elif len(lines) == 1:
        what = f"{lines[0].availability.words}, {lines[0].name}"
    else:
        what = f"{places.number(len(lines)).capitalize()} numbers to check for {organization}"
    return " ".join(f"{asked} {what}".split())


def tell_of_use(
    link: ConfirmationLink, pool_ids: Collection[UUID], deed: str, entries: list[Entry], *, at: datetime
) -> int:
    """Tell all of the provider's managers that the link was used; return how many were newly told."""
    organization = link.asking.organization
    text = render_to_string(
        "directory/mail/link_used.txt",
        {
            "deed": DEEDS[deed],
            "lines": places.lines_about(pool_ids, organization_id=organization.pk, at=at),
            "entries": entries,
            "sent_at": link.sent_at,
            "at": at,
            "organization": organization.name,
            "places": settings.BASE_URL + reverse("directory:my_services"),
            "city": front_door.city(),
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

    If that person has left, all of the provider's managers are told; whoever has switched these letters off is not.
    Return how many were newly told.

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
            "city": front_door.city(),
        },
    )
    managers = Membership.objects.filter(organization_id=organization_id, role=Role.PROVIDER_ADMIN)
    own = managers.current(at.astimezone(LONDON).date()).filter(user=person)
    subject = " ".join(WORDS_OF[outcome].format(name=about).split())
    whom = letters.wanting(own if own.exists() else managers, LetterKind.ANSWERS)
    return tell(whom, key=key, subject=subject, text=text, at=at)


def tell_stewards_of_doubt(doubt: Doubt, *, at: datetime) -> int:
    """Tell the stewards that a provider says its words are not right; return how many were newly told."""
    name = doubt.service.name if doubt.service else doubt.organization.name
    context = {"doubt": doubt, "name": name, "ring": doubt.wish == Doubt.Wish.RING, "stale": stale_page()}
    return tell_stewards(
        key=f"words-doubt:{doubt.pk}:{doubt.wish}",
        subject=f"Words that are not right any more: {name}",
        text=render_to_string("directory/mail/words_doubt.txt", context),
        at=at,
    )


def tell_stewards_what_is_hidden(services: list[Service], *, at: datetime) -> int:
    """Tell the stewards which services are not shown any more, because nobody has vouched for their words."""
    context = {"services": services[:MOST_LISTED], "more": max(0, len(services) - MOST_LISTED), "stale": stale_page()}
    return tell_stewards(
        key=f"words-too-old:{services[0].pk}:{at:%Y%m%dT%H%M%S%f}",
        subject=f"Not shown any more: {services[0].name}"
        if len(services) == 1
        else "Services that are not shown any more",
        text=render_to_string("directory/mail/words_too_old.txt", context),
        at=at,
    )


def tell_stewards_what_is_stale(counts: list[tuple[str, int]], *, week: str, at: datetime) -> int:
    """Send the stewards who want it the week's digest; return how many were new."""
    context = {"counts": counts, "stale": stale_page()}
    return tell_stewards(
        key=f"stale-digest:{week}",
        subject="What is stale in the directory this week",
        text=render_to_string("directory/mail/stale_digest.txt", context),
        kind=LetterKind.DIGEST,
        at=at,
    )


def tell_stewards_what_waits(counts: list[tuple[str, int]], *, late: int, at: datetime) -> int:
    """Send the stewards who want it how much each provider has proposed, once a day; return how many were new."""
    context = {"counts": counts, "late": late, "admin": settings.BASE_URL + ADMIN}
    number = sum(count for _, count in counts)
    return tell_stewards(
        key=f"proposals-wait:{at.astimezone(LONDON):%Y%m%d}",
        subject="A proposal waits for a steward" if number == 1 else f"{number} proposals wait for a steward",
        text=render_to_string("directory/mail/proposals_wait.txt", context),
        kind=LetterKind.WAITING,
        at=at,
    )


def tell_stewards_of_pilot(service: Service, *, over: bool, at: datetime) -> int:
    """Tell the stewards that a pilot has to be decided on, a while before and once more after its day."""
    context = {"service": service, "over": over, "on": service.pilot_decides_on, "stale": stale_page()}
    return tell_stewards(
        key=f"pilot-{'over' if over else 'near'}:{service.pk}:{service.pilot_decides_on:%Y%m%d}",
        subject=f"{'Still undecided' if over else 'To be decided soon'}: the pilot {service.name}",
        text=render_to_string("directory/mail/pilot.txt", context),
        at=at,
    )


def tell_of_bounce(*, person: str, hats: list[Membership], at: datetime) -> int:
    """Tell a person's fellow managers and the stewards that no letter reaches that person; return how many were told."""
    told = 0
    for hat in hats:
        text = render_to_string(
            "directory/mail/address_returns.txt",
            {"person": person, "organization": hat.organization, "stale": stale_page()},
        )
        others = Membership.objects.filter(organization=hat.organization, role=Role.PROVIDER_ADMIN)
        subject = f"E-mails do not reach a manager of {hat.organization.name}"
        key = f"returns:{hat.pk}:{at:%Y%m%d}"
        told += tell(others.exclude(user=hat.user_id), key=key, subject=subject, text=text, at=at)
        told += tell_stewards(key=key, subject=subject, text=text, at=at)
    return told


def tell_stewards(*, key: str, subject: str, text: str, at: datetime, kind: str = "") -> int:
    """Put one letter for each steward into the outbox, to leave when people are at work; return how many were new."""
    stewards = Membership.objects.filter(role=Role.CONTENT_EDITOR)
    if kind:
        stewards = letters.wanting(stewards, kind)
    return tell(stewards, key=key, subject=subject, text=text, at=at, due_at=working_time.add_working_hours(at, 0))


def stale_page() -> str:
    """Return the address of the stewards' list; a page of theirs above us, so it is known by its path."""
    return settings.BASE_URL + STALE_PAGE


def tell_reader(report: Report, *, at: datetime) -> int:
    """Tell whoever reported something, and left an address, what became of it; return how many were newly told: one or none."""
    if not report.address:
        return 0
    text = render_to_string(
        "directory/mail/report_answered.txt",
        {
            "report": report,
            "page": settings.BASE_URL + reverse("directory:report", args=[report.pk]),
            "city": front_door.city(),
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


def tell(memberships, *, key: str, subject: str, text: str, at: datetime, due_at: datetime | None = None) -> int:
    """Put one mail for each person into the outbox, once for each ``key``; return how many were new."""
    today = at.astimezone(LONDON).date()
    addresses = memberships.current(today).values_list("user_id", "user__email").distinct().order_by("user_id")
    return sum(
        outbox.mail(key=f"{key}:{user_id}", to=address, subject=subject, text=text, at=at, due_at=due_at) is not None
        for user_id, address in addresses
    )
