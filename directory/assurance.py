"""
Whether somebody has looked at an entry's words lately (INV-D1): due, warned about, and in the end not shown.

The arithmetic knows no rows; the verbs below it are the only ones that move the dates. Publishing never does: an old
draft that is published again lifts no suspension and makes nothing look checked. docs/decisions/0015 says what the clock
may take from the page by itself, and who puts it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from directory import assumptions, notifications, signals
from directory.availability import LONDON
from directory.models import (
    SHOWN,
    Doubt,
    Organization,
    OrganizationStanding,
    Service,
    ServiceStanding,
    Standing,
)
from directory.querysets import OrganizationQuerySet, ServiceQuerySet
from safekeeping import audit
from safekeeping.policy import Hat

BY_CLOCK = "clock"
FORGET_DOUBTS_AFTER = timedelta(days=400)

StandingOf = ServiceStanding | OrganizationStanding


class Age(StrEnum):
    """How old an entry's words are."""

    GOOD = "good"
    DUE = "due"
    OVERDUE = "overdue"
    TOO_OLD = "too_old"


# --- arithmetic -------------------------------------------------------------------------------------------------------


def age_of(due_on: date | None, *, on: date) -> Age:
    """Say how old words are that have to be looked at again on ``due_on``; without a date nobody has begun to count."""
    if due_on is None or on < due_on - assumptions.WORDS_ASKED_AHEAD.span:
        return Age.GOOD
    if on <= due_on:
        return Age.DUE
    return Age.OVERDUE if on <= due_on + assumptions.WORDS_HIDDEN_AFTER.span else Age.TOO_OLD


def news_since(due_on: date, *, on: date) -> datetime:
    """Return since when there is something new to say of the words: asked for, warned about, not shown any more."""
    day = {
        Age.GOOD: due_on - assumptions.WORDS_ASKED_AHEAD.span,
        Age.DUE: due_on - assumptions.WORDS_ASKED_AHEAD.span,
        Age.OVERDUE: due_on + timedelta(days=1),
        Age.TOO_OLD: due_on + assumptions.WORDS_HIDDEN_AFTER.span + timedelta(days=1),
    }[age_of(due_on, on=on)]
    return datetime.combine(day, time(0), tzinfo=LONDON)


def said_at(assured_on: date | None) -> datetime | None:
    """Return the last moment of the day on which somebody vouched: an answer given on the day of asking is one."""
    return datetime.combine(assured_on, time.max, tzinfo=LONDON) if assured_on else None


def first_due(assured_on: date | None, *, on: date) -> date:
    """Return when an entry without a date is due: a year after it was looked at, now if nobody ever did."""
    return assured_on + assumptions.ASSURED_FOR.span if assured_on else on


# --- questions --------------------------------------------------------------------------------------------------------


def services_to_vouch_for() -> ServiceQuerySet:
    """Return the services whose words somebody can vouch for: those that are shown, and those that are too old to be."""
    return (
        Service.objects.filter(
            Q(standing__standing__in=SHOWN) | ~Q(standing__before_overdue=""),
            live=True,
            organization__live=True,
            organization__standing__standing__in=SHOWN,
        )
        .exclude(standing__visibility="hidden")
        .exclude(organization__standing__visibility="hidden")
    )


def organizations_to_vouch_for() -> OrganizationQuerySet:
    """Return the organizations whose words somebody can vouch for."""
    return Organization.objects.published()


def can_be_vouched_for(entry: Service | Organization) -> bool:
    """Say whether somebody can vouch for the words of this entry now."""
    of_this_kind = services_to_vouch_for() if isinstance(entry, Service) else organizations_to_vouch_for()
    return bool(of_this_kind.filter(pk=entry.pk).exists())


def due_by(on: date) -> date:
    """Return the last due date that is asked for on that day."""
    return on + assumptions.WORDS_ASKED_AHEAD.span


# --- verbs ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def vouch(standings: Iterable[StandingOf], *, by: Hat, at: datetime) -> int:
    """Record that whoever is signed in has found these words right; return of how many entries. Safe to repeat."""
    done = put_right(standings, by_user=by.user_id, at=at)
    audit.record_each("words.confirm", by=by, at=at, subject="entry", refs=done)
    return len(done)


def put_right(standings: Iterable[StandingOf], *, by_user: int | None, at: datetime) -> list[UUID]:
    """
    Count these words as right for a year, and show again what was hidden for its age alone; return the entries' ids.

    A suspension for any other reason stays what it is. The caller's transaction ends with a word in the trail.
    """
    today = at.astimezone(LONDON).date()
    done = []
    for standing in sorted(standings, key=lambda one: (type(one).__name__, one.pk)):
        # In statements of their own: what a steward does at the same moment is neither overwritten nor undone.
        rows = type(standing)._default_manager.filter(pk=standing.pk)
        rows.exclude(before_overdue="").filter(standing=Standing.SUSPENDED).update(
            standing=F("before_overdue"), before_overdue=""
        )
        until = today + assumptions.ASSURED_FOR.span
        rows.update(assured_on=today, assured_by=by_user, next_assurance_due_on=until)
        settle(standing, at=at)
        tell_finder(standing)
        done.append(entry_of(standing))
    return done


def note_doubt(organization_id: UUID, service_id: UUID | None, wish: str, *, by_user: int, at: datetime) -> bool:
    """
    Note that the words are not right, and tell the stewards; False if that is known already.

    The caller's transaction ends with a word in the trail.
    """
    about = Q(service_id=service_id) if service_id else Q(service__isnull=True)
    known = Doubt.objects.filter(about, organization_id=organization_id, settled_at__isnull=True).first()
    if known is not None and known.wish == wish:
        return False
    said = known or Doubt(organization_id=organization_id, service_id=service_id)
    said.wish, said.said_at, said.said_by_id = wish, at, by_user
    said.save()
    notifications.tell_stewards_of_doubt(said, at=at)
    return True


def settle(standing: StandingOf, *, at: datetime) -> None:
    """Close what was said against the words."""
    open_ones = Doubt.objects.filter(settled_at__isnull=True)
    if isinstance(standing, ServiceStanding):
        open_ones = open_ones.filter(service_id=standing.service_id)
    else:
        open_ones = open_ones.filter(organization_id=standing.organization_id, service__isnull=True)
    open_ones.update(settled_at=at)


def by_hand(standing: StandingOf) -> None:
    """Forget that the clock had suspended the entry: a steward has now said how it stands, and only a steward unsays it."""
    standing.before_overdue = ""


# --- the clock --------------------------------------------------------------------------------------------------------


def every_night(at: datetime) -> None:
    """Begin to count where nobody has, and stop showing what is too old. Safe to run twice and by two clocks."""
    begin_to_count(at)
    suspend_what_is_too_old(at)
    Doubt.objects.filter(settled_at__lt=at - FORGET_DOUBTS_AFTER).delete()


def begin_to_count(at: datetime) -> None:
    """Give every published entry without one a date on which its words are due."""
    today = at.astimezone(LONDON).date()
    for model, live in ((ServiceStanding, "service__live"), (OrganizationStanding, "organization__live")):
        dateless = model._default_manager.filter(**{live: True}, next_assurance_due_on__isnull=True)
        for pk, assured_on in dateless.order_by("pk").values_list("pk", "assured_on"):
            model._default_manager.filter(pk=pk, next_assurance_due_on__isnull=True).update(
                next_assurance_due_on=first_due(assured_on, on=today)
            )


@transaction.atomic
def suspend_what_is_too_old(at: datetime) -> int:
    """
    Stop showing the services that nobody has vouched for, and tell the stewards which; return how many.

    Organizations stay: their suspension would end their people's access to the children they work with.
    """
    last = at.astimezone(LONDON).date() - assumptions.WORDS_HIDDEN_AFTER.span
    old = ServiceStanding.objects.filter(service__live=True, standing__in=SHOWN, next_assurance_due_on__lt=last)
    gone = []
    for standing in old.select_related("service__organization").order_by("pk"):
        moved = ServiceStanding.objects.filter(
            pk=standing.pk, standing=standing.standing, next_assurance_due_on__lt=last
        ).update(before_overdue=standing.standing, standing=Standing.SUSPENDED)
        if moved:
            gone.append(standing)
    for standing in gone:
        tell_finder(standing)
    if gone:
        notifications.tell_stewards_what_is_hidden([one.service for one in gone], at=at)
        refs = [one.service_id for one in gone]
        audit.record_each("words.too_old", by=None, kind=BY_CLOCK, at=at, subject="entry", refs=refs)
    return len(gone)


def entry_of(standing: StandingOf) -> UUID:
    """Return the id of the service or organization."""
    return standing.service_id if isinstance(standing, ServiceStanding) else standing.organization_id


def tell_finder(standing: StandingOf) -> None:
    """Tell the finder that a service is shown again, or no more."""
    if isinstance(standing, ServiceStanding):
        signals.tell(ServiceStanding, [standing.service_id])
