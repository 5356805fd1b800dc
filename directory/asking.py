"""
Asking providers whether their figures are still right: who is asked, and the row that remembers it.

One e-mail for a provider and a step, whatever is due, in working hours; `directory.freshness` says when. The asking, its
links and its e-mails are one transaction, so that nobody is asked by a link that is not known, or twice by two clocks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef

from directory import assumptions, links, notifications, places
from directory.availability import LONDON
from directory.freshness import Asked, comes_along, is_due, next_step
from directory.models import COUNTED, FRESH_DAYS, Asking, CapacityPool, Organization
from directory.querysets import CapacityPoolQuerySet
from safekeeping import working_time

# How long we remember having asked, for those who want to know how often somebody was.
FORGET_AFTER = timedelta(days=400)
# Models without a limit are never asked for: their figures are live.
ASKED_FOR = tuple(model for model, days in FRESH_DAYS.items() if days)


def ask_for_what_is_due(at: datetime) -> int:
    """
    Ask every provider whose figures are due, if people are at work; return how many e-mails were put into the outbox.

    Safe to run at any time, twice, and by two clocks at once.
    """
    if not working_time.is_working_time(at):
        return 0
    return ask(at) + tell_coordinators(at)


def ask(at: datetime) -> int:
    """Ask every provider whose figures are due, at whatever hour; return how many e-mails were put into the outbox."""
    today = at.astimezone(LONDON).date()
    near: dict[UUID, list[CapacityPool]] = defaultdict(list)
    somebody = links.managers(today).filter(organization=OuterRef("organization_id"))
    ladder = assumptions.ladder()
    for pool in askable(today).filter(Exists(somebody)).order_by("organization_id", "name", "pk"):
        if comes_along(pool, at=at, ladder=ladder) or is_due(pool, at=at, ladder=ladder):
            near[pool.organization_id].append(pool)
    asked_before = last_askings(near)
    told = 0
    for organization_id, pools in near.items():
        last = asked_before.get(organization_id)
        due = [(pool.pk, pool.last_confirmed_at) for pool in pools if is_due(pool, at=at, ladder=ladder)]
        step = next_step(due, last, at=at, ladder=ladder)
        if step is not None:
            told += ask_one(organization_id, pools, last, step=step, at=at)
    return told


def askable(on: date) -> CapacityPoolQuerySet:
    """
    Return the pools that somebody can be asked about on that day.

    They are neither paused nor over, some service of theirs is published, and their figures are of a kind that grows old.
    """
    return (
        links.pools_in_use(on).open_now().filter(organization__in=Organization.objects.published(), model__in=ASKED_FOR)
    )


def last_askings(organizations: Collection[UUID]) -> dict[UUID, Asked]:
    """Return each organization's last asking; two queries, however many."""
    newest = (
        Asking.objects.filter(organization__in=organizations)
        .annotate(newest=Max("organization__askings__number"))
        .filter(number=F("newest"))
        .prefetch_related("pools")
    )
    return {
        one.organization_id: Asked(
            number=one.number,
            step=one.step,
            begun_at=one.begun_at,
            asked_at=one.asked_at,
            pools=frozenset(pool.pk for pool in one.pools.all()),
        )
        for one in newest
    }


def ask_one(organization_id: UUID, pools: list[CapacityPool], last: Asked | None, *, step: int, at: datetime) -> int:
    """Write down that a provider is asked, and the e-mail to each of its managers; none if another clock was faster."""
    try:
        with transaction.atomic():
            asking = Asking.objects.create(
                organization_id=organization_id,
                number=last.number + 1 if last else 1,
                step=step,
                begun_at=at if step == 0 or last is None else last.begun_at,
                asked_at=at,
            )
            asking.pools.set(pools)
            lines = places.lines_about({pool.pk for pool in pools}, organization_id=organization_id, at=at)
            sent = links.send_to_managers(asking, at=at)
            return sum(
                notifications.ask_provider_to_confirm(link, token, lines, again=step > 0, at=at) for link, token in sent
            )
    except IntegrityError:
        if Asking.objects.filter(organization_id=organization_id, number__gt=last.number if last else 0).exists():
            return 0
        raise


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
