"""
Looking for a place: what a child needs out of their request, everything there is judged against it, the answer kept.

The machine proposes, with every reason; it never chooses (domain §3.5). Nothing fits: that is an event of its own, kept
without the child, for those who commission.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from brokering import assumptions, candidates, deadlines, rights
from brokering.answers import Preferences, age_band, list_from_text
from brokering.lifecycle import MoveNotAllowed
from brokering.matching import DEFAULT_ORDER, Codes, Factor, Need, Verdict, judge, rank
from brokering.models import (
    CoAttendanceCheck,
    MatchResult,
    MatchRun,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestState,
    SupportPlace,
    UnmetNeed,
)
from brokering.requests import age_at, avoid_of, locked
from directory import vocabularies
from directory.geo import Point
from directory.models import Membership, Role, Service
from safekeeping import audit
from safekeeping.sealed import blind_index

if TYPE_CHECKING:
    from safekeeping.policy import Hat

LOOKED_FOR = frozenset({RequestState.MATCHING, RequestState.OFFERED, RequestState.ALLOCATED, RequestState.IN_SUPPORT})


class WishesMissing(Exception):
    """Nobody has asked the child, and nobody has said why (INV-E3)."""


def words(taxonomy: str, codes: Iterable[str]) -> Codes:
    """Return codes with their words."""
    return {code: vocabularies.label_of(taxonomy, code) for code in codes}


def need_of(request: PlacementRequest, *, at: datetime) -> Need:
    """
    Return what the request needs, for `brokering.matching`; unseals what that takes, and shows it to nobody.

    :raises WishesMissing: if there are neither wishes nor a reason why not
    """
    if not (request.wishes or request.wishes_not_asked_because):
        raise WishesMissing
    liked = Preferences.from_text(request.preferences)
    starts_on = max(request.start_wanted_on or deadlines.day_of(at), deadlines.day_of(at))
    age = age_at(request, on=starts_on)
    assert age is not None  # a request is not sent without a date of birth
    checks = CoAttendanceCheck.objects.unscoped(reason="what was found of others who attend").filter(
        request=request, at__gte=at - assumptions.CO_ATTENDANCE_BELIEVED.span
    )
    asked = Offer.objects.unscoped(reason="whom has been asked").filter(request=request, state=OfferState.OPEN)
    helped = SupportPlace.objects.unscoped(reason="who helps already").filter(request=request)
    already = {
        *asked.values_list("service_id", flat=True),
        *helped.exclude(state=PlaceState.ENDED).values_list("service_id", flat=True),
    }
    return Need(
        age=age,
        sex=request.sex,
        starts_on=starts_on,
        route=request.route,
        in_city=request.home_council == settings.CITY.council_code,
        locality=request.locality_id or "",
        ward=request.ward_id or "",
        near=Point(request.ward.latitude, request.ward.longitude) if request.ward else None,
        risk=request.risk_level,
        sibling=bool(request.sibling_of_known_child),
        primary_harm=request.primary_harm,
        harms=words("harm_type", request.harm_types),
        wanted=words("service_type", request.wanted),
        times=words("time_availability", liked.good_times),
        settings_wanted=words("delivery_setting", liked.settings_wanted),
        settings_unwanted=words("delivery_setting", liked.settings_unwanted),
        languages=words("language", [code for code in liked.languages if code != "en"]),
        compositions=words("group_composition", liked.compositions),
        access_needs=words("access_need", list_from_text(request.access_needs)),
        one_to_one=liked.one_to_one,
        lived_experience=liked.lived_experience,
        avoid=avoid_of(request),
        already=frozenset(already),
        checks={one.service_id: one.result for one in checks.order_by("at", "ref")},
    )


@transaction.atomic
def run(request: PlacementRequest, *, order: tuple[Factor, ...] | None = None, by: Hat, at: datetime) -> MatchRun:
    """
    Look everything up anew and keep what was found, in this order, else in that of the last look.

    :raises WishesMissing: if nobody has asked the child or said why not
    :raises MoveNotAllowed: if no place is looked for
    """
    rights.need(request, by, Role.COORDINATOR)
    return look(locked(request), order=order, by=by, at=at)


def look(row: PlacementRequest, *, order: tuple[Factor, ...] | None = None, by: Hat, at: datetime) -> MatchRun:
    """Judge every service, put those that fit in order, keep all of it; in the caller's transaction."""
    if row.state not in LOOKED_FOR:
        raise MoveNotAllowed(row.state, "matched")
    need = need_of(row, at=at)
    order = order or order_of(row)
    numbers = assumptions.numbers()
    verdicts = [judge(need, one, numbers=numbers) for one in candidates.gather(hat=by, at=at)]
    ranked = rank(verdicts, order=order)
    place_of = {one.candidate.service_id: place for place, one in enumerate(ranked, start=1)}
    kept = MatchRun.objects.create(
        request=row,
        shown_to_id=by.user_id,
        at=at,
        inputs_hash=fingerprint(need, verdicts),
        order=list(order),
        fitting=len(ranked),
        nearly=sum(one.nearly for one in verdicts),
        considered=len(verdicts),
    )
    MatchResult.objects.bulk_create([result_of(kept, one, place_of) for one in verdicts])
    if not ranked:
        note_unmet(row, need, verdicts, kept)
    audit.record("request.match", by=by, at=at, subject="request", ref=row.ref)
    return kept


def order_of(row: PlacementRequest) -> tuple[Factor, ...]:
    """Return the order of the last look, the usual one before the first."""
    runs = MatchRun.objects.unscoped(reason="the order that its coordinator chose").filter(request=row)
    last = runs.order_by("-at", "-ref").first()
    return tuple(Factor(one) for one in last.order) if last and last.order else DEFAULT_ORDER


def result_of(kept: MatchRun, one: Verdict, place_of: dict[UUID, int]) -> MatchResult:
    """Return the row for one verdict."""
    candidate, room = one.candidate, one.candidate.availability
    return MatchResult(
        run=kept,
        service_id=candidate.service_id,
        pool_id=candidate.pool_id,
        fits=one.fits,
        nearly=one.nearly,
        rank=place_of.get(candidate.service_id),
        reasons=[dataclasses.asdict(reason) for reason in one.reasons],
        would_change=one.would_change,
        availability=room.state,
        availability_words=room.words,
        free=room.free,
        checked_at=room.checked_at,
    )


def fingerprint(need: Need, verdicts: list[Verdict]) -> str:
    """Return a keyed mark of everything that went in: equal marks mean equal inputs, and it tells nothing else."""
    told = json.dumps(
        [dataclasses.asdict(need), [dataclasses.asdict(one.candidate) for one in verdicts]],
        sort_keys=True, default=lambda value: sorted(map(str, value)) if isinstance(value, frozenset) else str(value),
        skipkeys=True,
    )  # fmt: skip
    return blind_index(told)


def note_unmet(row: PlacementRequest, need: Need, verdicts: list[Verdict], kept: MatchRun) -> None:
    """Note that nothing fits, unless the last look said so already (domain §3.5.7)."""
    last = MatchRun.objects.unscoped(reason="whether this is new").filter(request=row).exclude(pk=kept.pk)
    before = last.order_by("-at", "-ref").first()
    if before is not None and before.fitting == 0:
        return
    UnmetNeed.objects.create(
        at=kept.at,
        locality=row.locality_id or "",
        age_band=age_band(need.age)[0],
        primary_harm=row.primary_harm,
        wanted=row.wanted,
        obstacles=dict(Counter(one.obstacles[0].code for one in verdicts)),
        is_demo=row.is_demo,
    )


@transaction.atomic
def attest(
    request: PlacementRequest, service_id: UUID, result: CoAttendanceCheck.Result, *, by: Hat, at: datetime
) -> CoAttendanceCheck:
    """Record that somebody has looked whether others who attend make it unsafe: yes or no, never who (INV-S9)."""
    rights.need(request, by, Role.COORDINATOR)
    row = locked(request)
    check = CoAttendanceCheck.objects.create(
        request=row, service_id=service_id, result=CoAttendanceCheck.Result(result), checked_by_id=by.user_id, at=at
    )
    audit.record("request.co-attendance", by=by, at=at, subject="request", ref=row.ref, reason=result)
    return check


def works_for(service_id: UUID, *, by: Hat, at: datetime) -> bool:
    """Say whether the person, under any hat, works for the organization that runs the service (E28)."""
    run_by = Service.objects.filter(pk=service_id).values("organization_id")
    theirs = Membership.objects.current(deadlines.day_of(at)).filter(user_id=by.user_id)
    return theirs.filter(organization_id__in=run_by).exists()
