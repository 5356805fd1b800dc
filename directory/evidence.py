"""
What a service's page says of its approach: in plain words, with date and source, and never about the provider.

Nothing is sorted by it. An approach without a rating is one that nobody has rated: that does not mean that it does not work.
A harmful approach warns on every page of a service that works that way, because the page is made from the rating (INV-S15).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from directory.models import EvidenceRating, Service, TaxonomyTerm

PACKAGED = Path(__file__).with_name("evidence.toml")
Impact = EvidenceRating.Impact
IMPACT_WORDS = {
    Impact.HIGH: "Studies found a large effect on average.",
    Impact.MODERATE: "Studies found a moderate effect on average.",
    Impact.LOW: "Studies found a small effect on average.",
    Impact.NONE: "Studies found no effect on average.",
    Impact.HARMFUL: "Studies found that it can cause harm.",
    Impact.INSUFFICIENT: "There are too few studies to say whether it works.",
    Impact.NOT_RATED: "Nobody has rated this approach yet. That does not mean that it does not work.",
}
SECURITY_WORDS = (
    "One cannot be sure of that at all.",
    "One can be very little sure of that.",
    "One can be a little sure of that.",
    "One can be fairly sure of that.",
    "One can be sure of that.",
    "One can be very sure of that.",
)
COST_WORDS = {
    1: "It costs less than £500 for each participant.",
    2: "It costs £500 to £1,500 for each participant.",
    3: "It costs more than £1,500 for each participant.",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What is said of one approach.

    ``checked`` says that somebody has compared it with its source, ``of_sample`` that its date is only the sample's.
    """

    approach: str
    impact: str
    security: str
    cost: str
    note: str
    warning: str
    as_at: date | None
    of_sample: bool
    source_url: str
    checked: bool


@cache
def packaged() -> dict[str, Any]:
    """Return what comes with the code."""
    return tomllib.loads(PACKAGED.read_text(encoding="utf-8"))


def of_service(service: Service) -> tuple[Evidence, ...]:
    """Return what is known of the approaches of a service, warnings first: by its kind, and by what stewards have said of it."""
    ratings = EvidenceRating.objects.filter(
        Q(service_types=service.service_type_id) | Q(services=service.pk)
    ).distinct()
    told = [evidence_of(rating) for rating in ratings if service.service_type_id or service.pk]
    return tuple(sorted(told, key=lambda one: (not one.warning, one.approach)))


def evidence_of(rating: EvidenceRating) -> Evidence:
    """Return a rating in plain words."""
    rated = rating.impact != Impact.NOT_RATED
    return Evidence(
        approach=rating.approach,
        impact=IMPACT_WORDS[Impact(rating.impact)],
        security=SECURITY_WORDS[rating.security] if rated and rating.security is not None else "",
        cost=COST_WORDS[rating.cost] if rating.cost else "",
        note=rating.note,
        warning=rating.warning,
        as_at=rating.as_at if rated else None,
        of_sample=rating.as_at == packaged()["as_at"],
        source_url=rating.source_url if rated else "",
        checked=not rating.to_be_checked,
    )


@transaction.atomic
def load() -> int:
    """Bring the packaged ratings into the database and return how many are new; a rating that is there is the stewards'."""
    told = packaged()
    types = {term.code: term for term in TaxonomyTerm.objects.filter(taxonomy="service_type")}
    there = set(EvidenceRating.objects.values_list("code", flat=True))
    new = [one for one in told["approach"] if one["code"] not in there]
    for one in new:
        rating = EvidenceRating.objects.create(
            code=one["code"],
            approach=one["name"],
            strand=one.get("strand", ""),
            impact=Impact(one["impact"]),
            note=one.get("note", ""),
            warning=one.get("warning", ""),
            as_at=one.get("as_at", None if one.get("check") else told["as_at"]),
            source_url=told["source"],
            to_be_checked=one.get("check", False),
        )
        rating.service_types.set([types[code] for code in one["types"] if code in types])
    return len(new)
