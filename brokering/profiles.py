"""What a provider is shown before it answers: put together once, from coded answers, and kept as it was shown."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from brokering import assumptions
from brokering.answers import Preferences, age_band, list_from_text, plain
from brokering.homes import locality_of
from brokering.models import PlacementRequest
from brokering.requests import age_at, goals_of
from directory import vocabularies


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudonymousProfile:
    """
    Enough to say yes or no, not enough to know who (domain §3.19): words only.

    ``area`` is the locality, ``age_band`` words such as "13 to 15"; ``risk_set`` says who set the risk and when.
    """

    headline: str
    age_band: str
    area: str
    harms: tuple[str, ...]
    risk: str
    risk_set_by: str
    risk_set_on: str
    wishes: str
    wishes_not_asked_because: str
    good_times: tuple[str, ...]
    good_times_note: str
    access_needs: tuple[str, ...]
    goals: tuple[str, ...]

    def as_text(self) -> str:
        """Write it so that it can be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read back what was sealed."""
        told: dict[str, Any] = json.loads(text)
        return cls(**{one.name: plain(told[one.name]) for one in fields(cls)})


def headline(primary_harm: str, critical_moment: str, wanted: list[str]) -> tuple[str, str]:
    """
    Return the two lines of a request's headline: "Knives or weapons, suspended" and "Mentoring".

    Composed of plain labels of coded answers; nobody types one.
    """
    worry = label("harm_type", primary_harm) or "Not said yet"
    if critical_moment not in ("", "none"):
        worry = f"{worry}, {small(label('critical_moment', critical_moment))}"
    return worry, label("service_type", wanted[0]) if wanted else ""


def one_line(lines: tuple[str, str]) -> str:
    """Return "Knives or weapons, suspended: mentoring"."""
    worry, wanted = lines
    return f"{worry}: {small(wanted)}" if wanted else worry


def label(taxonomy: str, code: str) -> str:
    """Return the plain words of a code, "" for none."""
    return vocabularies.label_of(taxonomy, code) if code else ""


def labels(taxonomy: str, codes: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the plain words of codes."""
    return tuple(vocabularies.label_of(taxonomy, code) for code in codes)


def small(words: str) -> str:
    """Return words as they stand inside a sentence; what begins with two capitals (LGBTQ+) keeps them."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def profile_of(request: PlacementRequest, *, on: date) -> PseudonymousProfile:
    """Return what a provider may know of the child before it has answered."""
    liked = Preferences.from_text(request.preferences)
    age = age_at(request, on=on)
    assert age is not None  # a request is not sent without a date of birth
    return PseudonymousProfile(
        headline=one_line(headline(request.primary_harm, request.critical_moment, request.wanted)),
        age_band=age_band(age)[1],
        area=locality_of(request),
        harms=labels(
            "harm_type", [request.primary_harm, *(c for c in request.harm_types if c != request.primary_harm)]
        ),
        risk=label("risk_level", request.risk_level),
        risk_set_by=request.risk_set_by_role,
        risk_set_on=day_words(request.risk_on),
        wishes=request.wishes,
        wishes_not_asked_because=request.wishes_not_asked_because,
        good_times=labels("time_availability", liked.good_times),
        good_times_note=liked.good_times_note,
        access_needs=labels("access_need", list_from_text(request.access_needs)),
        goals=goals_of(request),
    )


def day_words(day: date | None) -> str:
    """Return "10 November"."""
    return f"{day.day} {day:%B}" if day else ""


def risk_is_old(risk_on: date | None, *, on: date) -> bool:
    """Say whether a level of risk is older than can be believed (domain V3)."""
    return risk_on is not None and on - risk_on > assumptions.RISK_BELIEVED.span
