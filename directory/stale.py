"""
What has grown old in the directory, section by section: for the stewards' page and their Monday letter.

Each section is one question about rows, answered by one query for its count and one for a page of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from directory import asking, assumptions, assurance, letters, links, notifications, pilots
from directory.availability import LONDON
from directory.models import SHOWN, CapacityPool, Doubt, Membership, Organization, Service
from safekeeping.models import BouncingAddress

MONDAY = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, whose, since or until when, whom to ring, and which service a steward may vouch for."""

    name: str
    organization: str
    note: str
    telephone: str = ""
    service_id: UUID | None = None
    organization_id: UUID | None = None
    can_vouch: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of staleness. ``rows`` asks for them, ``line`` puts one in words; ``asks``: its provider can be asked now."""

    code: str
    label: str
    about: str
    rows: Callable[[datetime], QuerySet[Any]]
    line: Callable[[Any, date], Row]
    asks: bool = False


def day(when: date | datetime | None) -> str:
    """Return "14 November 2026"."""
    if when is None:
        return ""
    on = when.astimezone(LONDON).date() if isinstance(when, datetime) else when
    return f"{on.day} {on:%B %Y}"


# --- the questions ----------------------------------------------------------------------------------------------------


def pools(at: datetime) -> QuerySet[CapacityPool]:
    """Ask for the pools that somebody ought to answer for."""
    return asking.askable(at.astimezone(LONDON).date()).select_related("organization").order_by("confirmed_until", "pk")


def stale_pools(at: datetime) -> QuerySet[CapacityPool]:
    """Ask for those whose figure is too old to be believed."""
    return pools(at).filter(confirmed_until__lt=at)


def expiring_pools(at: datetime) -> QuerySet[CapacityPool]:
    """Ask for those whose figure is believed for a few days more."""
    return pools(at).filter(confirmed_until__gte=at, confirmed_until__lte=at + assumptions.COMES_ALONG.span)


def unknown_pools(at: datetime) -> QuerySet[CapacityPool]:
    """Ask for those of which nobody ever gave a figure."""
    return pools(at).filter(confirmed_until__isnull=True)


def words(at: datetime) -> QuerySet[Service]:
    """Ask for the services whose words somebody can vouch for."""
    return (
        assurance.services_to_vouch_for()
        .select_related("organization", "standing")
        .order_by("standing__next_assurance_due_on", "pk")
    )


def overdue_words(at: datetime) -> QuerySet[Service]:
    """Ask for those that are shown with a warning."""
    return words(at).filter(
        standing__standing__in=SHOWN, standing__next_assurance_due_on__lt=at.astimezone(LONDON).date()
    )


def hidden_words(at: datetime) -> QuerySet[Service]:
    """Ask for those that the clock has hidden."""
    return words(at).exclude(standing__before_overdue="")


def overdue_organizations(at: datetime) -> QuerySet[Organization]:
    """Ask for the organizations whose own words are overdue."""
    return (
        assurance.organizations_to_vouch_for()
        .filter(standing__next_assurance_due_on__lt=at.astimezone(LONDON).date())
        .select_related("standing")
        .order_by("standing__next_assurance_due_on", "pk")
    )


def suspended(at: datetime) -> QuerySet[Service]:
    """Ask for what stewards have suspended themselves: the service, or everything of its organization."""
    by_hand = Q(standing__standing="suspended", standing__before_overdue="")
    return (
        Service.objects.filter(by_hand | Q(organization__standing__standing="suspended"), live=True)
        .exclude(standing__standing="archived")
        .select_related("organization", "standing")
        .order_by("name", "pk")
    )


def doubts(at: datetime) -> QuerySet[Doubt]:
    """Ask for what providers said of their words and nobody has settled."""
    return (
        Doubt.objects.filter(settled_at__isnull=True)
        .select_related("organization", "service")
        .order_by("said_at", "pk")
    )


def orphans(at: datetime) -> QuerySet[Service]:
    """Ask for the published services of organizations where nobody can be asked."""
    managers = letters.reachable(links.managers(at.astimezone(LONDON).date()))
    somebody = Exists(managers.filter(organization=OuterRef("organization_id")))
    return (
        Service.objects.published()
        .filter(~somebody)
        .select_related("organization", "standing")
        .order_by("organization__name", "name", "pk")
    )


def returned(at: datetime) -> QuerySet[Membership]:
    """Ask for the current managers whose letters come back."""
    marked = BouncingAddress.objects.filter(email=OuterRef("user__email"))
    return (
        links.managers(at.astimezone(LONDON).date())
        .filter(Exists(marked))
        .select_related("user", "organization")
        .order_by("organization__name", "user__name", "pk")
    )


def undecided_pilots(at: datetime) -> QuerySet[Service]:
    """Ask for the pilots that wait for a decision."""
    return (
        pilots.undecided(Service.objects.all(), on=at.astimezone(LONDON).date())
        .select_related("organization", "standing")
        .order_by("pilot_decides_on", "pk")
    )


# --- the words --------------------------------------------------------------------------------------------------------


def pool_line(pool: CapacityPool, on: date) -> Row:
    """Put a pool in words."""
    if pool.confirmed_until is None:
        note = "Nobody has said how many there are"
    else:
        told = day(pool.confirmed_until)
        note = (
            f"Believed until {told}"
            if pool.confirmed_until.astimezone(LONDON).date() >= on
            else f"Not confirmed since {told}"
        )
    return Row(
        pool.name, pool.organization.name, note, pool.organization.telephone, organization_id=pool.organization_id
    )


def words_line(service: Service, on: date) -> Row:
    """Put a service in words by when it was checked."""
    standing = service.standing
    note = f"Last checked on {day(standing.assured_on)}" if standing.assured_on else "Nobody has checked them yet"
    if standing.next_assurance_due_on:
        note += f"; due on {day(standing.next_assurance_due_on)}"
    return service_line(service, note, can_vouch=True)


def organization_line(one: Organization, on: date) -> Row:
    """Put an organization in words by when it was checked."""
    note = (
        f"Last checked on {day(one.standing.assured_on)}" if one.standing.assured_on else "Nobody has checked them yet"
    )
    return Row(one.name, one.name, note, one.telephone, organization_id=one.pk, can_vouch=True)


def suspended_line(service: Service, on: date) -> Row:
    """Put a service in words that a steward has suspended."""
    return service_line(service, "Suspended by a steward")


def doubt_line(doubt: Doubt, on: date) -> Row:
    """Put in words what a provider said."""
    return Row(
        doubt.service.name if doubt.service else doubt.organization.name,
        doubt.organization.name,
        f"{doubt.get_wish_display()}; said on {day(doubt.said_at)}",
        doubt.organization.telephone,
        service_id=doubt.service_id,
        organization_id=doubt.organization_id,
        can_vouch=True,
    )


def orphan_line(service: Service, on: date) -> Row:
    """Put a service in words that nobody answers for."""
    return service_line(service, "No manager who can be reached")


def returned_line(membership: Membership, on: date) -> Row:
    """Put in words whom no letter reaches."""
    organization = membership.organization
    return Row(
        membership.user.get_full_name(), organization.name, "Our e-mails come back", organization.telephone,
        organization_id=organization.pk,
    )  # fmt: skip


def pilot_line(service: Service, on: date) -> Row:
    """Put a pilot in words."""
    late = service.pilot_decides_on is not None and service.pilot_decides_on < on
    return service_line(
        service, f"{'Was to be decided' if late else 'To be decided'} by {day(service.pilot_decides_on)}"
    )


def service_line(service: Service, note: str, *, can_vouch: bool = False) -> Row:
    """Return a line about a service."""
    return Row(
        service.name, service.organization.name, note, service.organization.telephone,
        service_id=service.pk, organization_id=service.organization_id, can_vouch=can_vouch,
    )  # fmt: skip


NOT_CONFIRMED = "The finder says “not confirmed”, and nothing is held there."
SOON = "Due within days; their providers are asked."
HIDDEN = "Overdue for so long that they are hidden, until somebody vouches for them."
SECTIONS = (
    Section("stale", "Places not confirmed", NOT_CONFIRMED, stale_pools, pool_line, asks=True),
    Section("expiring", "Places to confirm soon", SOON, expiring_pools, pool_line),
    Section(
        "unknown", "Places never told", "Nobody has ever said how many there are.", unknown_pools, pool_line, asks=True
    ),
    Section(
        "overdue",
        "Words overdue",
        "Their page says that we have not checked them.",
        overdue_words,
        words_line,
        asks=True,
    ),
    Section("hidden", "Not shown any more", HIDDEN, hidden_words, words_line, asks=True),
    Section(
        "organizations",
        "Organizations overdue",
        "They stay shown.",
        overdue_organizations,
        organization_line,
        asks=True,
    ),
    Section("doubts", "Said to be wrong", "Their provider says that the words are not right.", doubts, doubt_line),
    Section("suspended", "Suspended by a steward", "Until a steward says otherwise.", suspended, suspended_line),
    Section(
        "orphans", "Nobody to ask", "Their organization has no manager whom our letters reach.", orphans, orphan_line
    ),
    Section("returned", "E-mails that come back", "Managers to whom nothing is sent.", returned, returned_line),
    Section(
        "pilots", "Pilots to decide", "Within four weeks or over, without a finding.", undecided_pilots, pilot_line
    ),
)
BY_CODE = {section.code: section for section in SECTIONS}
# Everyday business, which the providers are asked about already, is no news for a Monday.
NOT_IN_DIGEST = ("expiring",)


def counts(at: datetime) -> list[tuple[Section, int]]:
    """Return how many rows each section has; one query each."""
    return [(section, section.rows(at).count()) for section in SECTIONS]


@transaction.atomic
def tell(at: datetime) -> int:
    """Send the stewards what is stale, on Mondays, once a week, if there is anything; return how many e-mails were new."""
    here = at.astimezone(LONDON)
    if here.weekday() != MONDAY:
        return 0
    found = [(section.label, count) for section, count in counts(at) if count and section.code not in NOT_IN_DIGEST]
    year, week, _ = here.isocalendar()
    return notifications.tell_stewards_what_is_stale(found, week=f"{year}-{week:02}", at=at) if found else 0
