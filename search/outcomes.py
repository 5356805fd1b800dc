"""
What a search can come to. Each is a designed page or part of one; none of them is an empty page or an error.

The reasons why a place could not be used are `directory.geocoding`'s own and are passed on as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from config.city import NeighbouringCouncil
from directory.cards import ServiceCard
from directory.geocoding import (
    Located,
    NonGeographic,
    NotAPostcode,
    OutsideCity,
    PlaceUnknown,
    PostcodeTerminated,
    PostcodeUnknown,
)
from search.queries import Counts, Criterion, ResultPage


@dataclass(frozen=True, slots=True)
class Miss:
    """
    A service that fits all but one thing: ``reason`` completes its name's sentence, ``beside`` is what was asked.

    ``fits_if`` is how to ask so that it fits; None where nobody can choose that, such as where a child lives.
    """

    card: ServiceCard
    criterion: Criterion
    reason: str
    beside: str = ""
    fits_if: Asking | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Another way of asking: ``parameters`` replace those of the address, None takes one away."""

    label: str
    parameters: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What giving way in one thing would bring: ``parameters`` replace those of the address, None takes one away."""

    label: str
    count: int
    parameters: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """
    Services that fit: those that happen near, then those that come, or take people from anywhere.

    ``words`` are what was typed, without a postcode that was taken for the place; ``instead`` is the text that was searched
    for, where what was typed found nothing and was probably mistyped. ``reasons`` says of each service where the words were
    found. ``beside`` is what has no place on the part of the map that was asked for because it has none at all: it comes, or
    tells nobody.
    """

    place: Located | None
    page: ResultPage
    near: tuple[ServiceCard, ...]
    anywhere: tuple[ServiceCard, ...]
    words: str = ""
    misses: tuple[Miss, ...] = ()
    notes: tuple[str, ...] = ()
    counts: Counts = field(default_factory=dict)
    instead: str = ""
    reasons: Mapping[UUID, str] = field(default_factory=dict)
    beside: tuple[ServiceCard, ...] = ()


@dataclass(frozen=True, slots=True)
class NothingNearby:
    """Nothing fits all of it: what one change would bring, and the nearest misses; ``words`` and ``instead`` as in `Found`."""

    place: Located | None
    misses: tuple[Miss, ...]
    changes: tuple[Change, ...]
    words: str = ""
    notes: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True, slots=True)
class OutsideArea:
    """Another council's place: whose it is, how to reach them where we know it, and what here serves beyond the city."""

    place: OutsideCity
    council: NeighbouringCouncil | None
    cards: tuple[ServiceCard, ...]


NoPlace = NotAPostcode | PostcodeUnknown | PostcodeTerminated | NonGeographic | PlaceUnknown
Outcome = Found | NothingNearby | OutsideArea | NoPlace
