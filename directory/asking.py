"""
Asking providers whether their figures and words are still right: who is asked, and the row that remembers it.

One e-mail for a provider and a step, whatever is due, in working hours, and never two on one day; `directory.freshness`
says when. The asking, its links and its e-mails are one transaction, so that nobody is asked by a link that is not known,
or twice by two clocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from directory import assumptions, assurance, letters, links, notifications, places
from directory.availability import LONDON
from directory.freshness import Asked, Due, Ladder, comes_along, is_due, next_step, step_by_hand
from directory.models import COUNTED, FRESH_DAYS, Asking, CapacityPool, Doubt, Organization, Service
from directory.querysets import CapacityPoolQuerySet, MembershipQuerySet
from safekeeping import audit, outbox, working_time
from safekeeping.policy import Hat

# How long we remember having asked, for those who want to know how often somebody was.
FORGET_AFTER = timedelta(days=400)
# What waits in the outbox until people are at work.
BY_HAND = "directory.ask"
# Models without a limit are never asked for: their figures are live.
ASKED_FOR = tuple(model for model, days in FRESH_DAYS.items() if days)


class NothingDue(Exception):
    """Nothing of this provider's has to be asked for now."""


class NobodyToAsk(Exception):
    """No manager of the provider can be reached by our letters."""


class AskedToday(Exception):
    """The provider has had its e-mail of the day."""


@dataclass(slots=True)
class Near:
    """What an organization is asked about in one e-mail, and what of it is due."""

    pools: list[CapacityPool] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    about_organization: bool = False
    due: list[Due] = field(default_factory=list)


def ask_for_what_is_due(at: datetime) -> int:
    """
    Ask every provider whose figures or words are due, if people are at work; return how many e-mails were put into the outbox.

    Safe to run at any time, twice, and by two clocks at once.
    """
    if not working_time.is_working_time(at):
        return 0
    return ask(at) + tell_coordinators(at)


def ask(at: datetime) -> int:
    """Ask every provider of whom something is due, at whatever hour; return how many e-mails were put into the outbox."""
    ladder = assumptions.ladder()
    near = what_is_near(at, ladder)
    asked_before = last_askings(near)
    told = 0
    for organization_id, what in near.items():
        last = asked_before.get(organization_id)
        step = next_step(what.due, last, at=at, ladder=ladder)
        if step is not None:
            told += ask_one(organization_id, what, last, step=step, at=at)
    return told


def askable_managers(at: datetime) -> MembershipQuerySet:
    """Return the current managers whom our letters reach."""
    return letters.reachable(links.managers(at.astimezone(LONDON).date()))


def what_is_near(at: datetime, ladder: Ladder, *, only: UUID | None = None) -> dict[UUID, Near]:
    """Return what each organization that has somebody to ask is asked about, or ``only`` one; three queries, however many."""
    today = at.astimezone(LONDON).date()
    managers = askable_managers(at)
    if only is not None:
        managers = managers.filter(organization=only)
    near: dict[UUID, Near] = defaultdict(Near)
    somebody = Exists(managers.filter(organization=OuterRef("organization_id")))
    for pool in askable(today).filter(somebody).order_by("organization_id", "name", "pk"):
        due = is_due(pool, at=at, ladder=ladder)
        if due or comes_along(pool, at=at, ladder=ladder):
            near[pool.organization_id].pools.append(pool)
        if due:
            near[pool.organization_id].due.append(Due(pool.pk, pool.last_confirmed_at))
    for service in words_of_services(at).filter(somebody).select_related("standing").order_by("name", "pk"):
        what = near[service.organization_id]
        what.services.append(service)
        what.due.append(words_due(service.pk, service.standing, on=today))
    themselves = Exists(managers.filter(organization=OuterRef("pk")))
    for one in words_of_organizations(at).filter(themselves).select_related("standing").order_by("pk"):
        near[one.pk].about_organization = True
        near[one.pk].due.append(words_due(one.pk, one.standing, on=today))
    return dict(sorted(near.items()))


def words_due(pk: UUID, standing: assurance.StandingOf, *, on: date) -> Due:
    """Return the words of one entry as something that is due."""
    due_on = standing.next_assurance_due_on
    news_at = assurance.news_since(due_on, on=on) if due_on else None
    return Due(pk, assurance.said_at(standing.assured_on), news_at)


def askable(on: date) -> CapacityPoolQuerySet:
    """
    Return the pools that somebody can be asked about on that day.

    They are neither paused nor over, some service of theirs is published, and their figures are of a kind that grows old.
    """
    return (
        links.pools_in_use(on).open_now().filter(organization__in=Organization.objects.published(), model__in=ASKED_FOR)
    )


def words_of_services(at: datetime) -> QuerySet[Service]:
    """Return the services whose words are due, and of which nobody has just said that they are not right."""
    known = Doubt.objects.filter(service=OuterRef("pk")).filter(resting(at))
    return assurance.services_to_vouch_for().filter(
        ~Exists(known), standing__next_assurance_due_on__lte=assurance.due_by(at.astimezone(LONDON).date())
    )


def words_of_organizations(at: datetime) -> QuerySet[Organization]:
    """Return the organizations whose own words are due, in the same way."""
    known = Doubt.objects.filter(organization=OuterRef("pk"), service__isnull=True).filter(resting(at))
    return assurance.organizations_to_vouch_for().filter(
        ~Exists(known), standing__next_assurance_due_on__lte=assurance.due_by(at.astimezone(LONDON).date())
    )


def resting(at: datetime) -> Q:
    """Return the condition that a doubt is open and young enough for its provider to be left in peace."""
    return Q(settled_at__isnull=True, said_at__gt=at - assumptions.DOUBT_RESTS.span)


def last_askings(organizations: Collection[UUID]) -> dict[UUID, Asked]:
    """Return each organization's last asking; three queries, however many."""
    newest = (
        Asking.objects.filter(organization__in=organizations)
        .annotate(newest=Max("organization__askings__number"))
        .filter(number=F("newest"))
        .prefetch_related("pools", "services")
    )
    return {
        one.organization_id: Asked(
            number=one.number,
            step=one.step,
            begun_at=one.begun_at,
            asked_at=one.asked_at,
            about=frozenset(
                [pool.pk for pool in one.pools.all()]
                + [service.pk for service in one.services.all()]
                + ([one.organization_id] if one.about_organization else [])
            ),
        )
        for one in newest
    }


def ask_one(organization_id: UUID, what: Near, last: Asked | None, *, step: int, at: datetime) -> int:
    """Write down that a provider is asked, and the e-mail to each of its managers; none if another clock was faster."""
    try:
        with transaction.atomic():
            asking = Asking.objects.create(
                organization_id=organization_id,
                number=last.number + 1 if last else 1,
                step=step,
                begun_at=at if step == 0 or last is None else last.begun_at,
                asked_at=at,
                about_organization=what.about_organization,
            )
            asking.pools.set(what.pools)
            asking.services.set(what.services)
            lines = places.lines_about({pool.pk for pool in what.pools}, organization_id=organization_id, at=at)
            entries = links.entries_of(asking, at=at)
            sent = links.send_to_managers(asking, at=at)
            return sum(
                notifications.ask_provider_to_confirm(link, token, lines, entries, again=step > 0, at=at)
                for link, token in sent
            )
    except IntegrityError:
        if Asking.objects.filter(organization_id=organization_id, number__gt=last.number if last else 0).exists():
            return 0
        raise


@transaction.atomic
def ask_now(organization_id: UUID, *, by: Hat, at: datetime) -> datetime:
    """
    Ask one provider about all that is due, without waiting for the clock; return when: outside working hours, when they begin.

    :raises NobodyToAsk: if it has no manager whom our letters reach
    :raises NothingDue: if nothing has to be asked for
    :raises AskedToday: if it was asked on the day on which this would go
    """
    goes_at = working_time.add_working_hours(at, 0)
    what, last = of_one(organization_id, at)
    if last and last.asked_at.astimezone(LONDON).date() == goes_at.date():
        raise AskedToday
    if goes_at <= at:
        ask_by_hand(organization_id, what, last, at=at)
    else:
        day = f"{goes_at:%Y-%m-%d}"
        payload = {"organization": str(organization_id)}
        if not outbox.put(BY_HAND, key=f"{BY_HAND}:{organization_id}:{day}", payload=payload, at=at, due_at=goes_at):
            return goes_at  # somebody has pressed the button before
    audit.record("provider.ask", by=by, at=at, subject="organization", ref=organization_id)
    return goes_at


def of_one(organization_id: UUID, at: datetime) -> tuple[Near, Asked | None]:
    """
    Return what one provider would be asked about, and its last asking.

    :raises NobodyToAsk: if it has no manager whom our letters reach
    :raises NothingDue: if nothing has to be asked for
    """
    if not askable_managers(at).filter(organization=organization_id).exists():
        raise NobodyToAsk
    near = what_is_near(at, assumptions.ladder(), only=organization_id)
    if organization_id not in near or not near[organization_id].due:
        raise NothingDue
    return near[organization_id], last_askings([organization_id]).get(organization_id)


def ask_by_hand(organization_id: UUID, what: Near, last: Asked | None, *, at: datetime) -> None:
    """
    Send what a steward has asked for.

    :raises AskedToday: if the clock, or another steward, was faster
    """
    step = step_by_hand(what.due, last, ladder=assumptions.ladder())
    if not ask_one(organization_id, what, last, step=step, at=at):
        raise AskedToday


def ask_as_promised(organization_id: UUID, *, at: datetime) -> None:
    """Send in working hours what a steward has asked for outside them, if it is still due and nobody was asked meanwhile."""
    goes_at = working_time.add_working_hours(at, 0)
    if goes_at > at:  # the worker was away for the whole day
        key = f"{BY_HAND}:{organization_id}:{goes_at:%Y-%m-%d}"
        outbox.put(BY_HAND, key=key, payload={"organization": str(organization_id)}, at=at, due_at=goes_at)
        return
    try:
        what, last = of_one(organization_id, at)
        if last is None or last.asked_at.astimezone(LONDON).date() < goes_at.date():
            ask_by_hand(organization_id, what, last, at=at)
    except (NobodyToAsk, NothingDue, AskedToday):
        return  # what was to be asked has been answered, or asked, since


def tell_coordinators(at: datetime) -> int:
    """Tell coordinators of every figure that is a week late; return how many e-mails were put into the outbox."""
    silent = askable(at.astimezone(LONDON).date()).filter(
        model__in=COUNTED, confirmed_until__lte=at - assumptions.COORDINATORS.span
    )
    told = 0
    for pool in silent.select_related("organization").order_by("organization_id", "name", "pk"):
        with transaction.atomic():
            told += notifications.tell_coordinators_of_silence(pool, at=at)
    return told


def forget_old(at: datetime) -> None:
    """Forget links that can no longer be asked for anew, and askings of more than a year ago."""
    links.forget_old(at)
    Asking.objects.filter(asked_at__lt=at - FORGET_AFTER).delete()
