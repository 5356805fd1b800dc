"""What can be asked of a search engine, and what it answers: plain values, no Django, no engine's own types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from directory.availability import LONDON, RANK, State
from directory.geo import Bounds, Point

PAGE_SIZE = 20
# Nobody reads further; a number beyond it is somebody collecting pages.
LAST_PAGE = 100


class Order(StrEnum):
    """
    BEST: what fits the words well, of that places free first, then nearest. NEAREST: by distance. SOONEST: by when a place
    can be had. NAME: A to Z.
    """

    BEST = "best"
    NEAREST = "distance"
    SOONEST = "soonest"
    NAME = "name"


class Aspect(StrEnum):
    """How a service works, by codes; a service has any number of each."""

    COMPOSITION = "composition"
    TIME = "time"
    SETTING = "setting"
    LANGUAGE = "language"
    ACCESS = "access"


# Of these everything that was asked for is needed; of the others any one is enough.
ALL_NEEDED = frozenset({Aspect.ACCESS})
Aspects = Mapping[Aspect, frozenset[str]]


class Criterion(StrEnum):
    """One thing that was asked for and that one service may miss; an aspect's has the aspect's own name."""

    TEXT = "text"
    SERVES = "serves"
    WITHIN = "within"
    HAPPENS = "happens"
    BOX = "box"
    OPEN = "open"
    AGE = "age"
    SUBJECT = "subject"
    HARM = "harm"
    PLACES = "availability"
    LEVEL = "level"
    TYPE = "type"
    COMPOSITION = "composition"
    TIME = "time"
    SETTING = "setting"
    LANGUAGE = "language"
    ACCESS = "access"


# The criteria that are facets: of each, the services that another choice would bring are counted.
FACETS = frozenset({Criterion.HARM, Criterion.LEVEL, Criterion.TYPE, *(Criterion(aspect.value) for aspect in Aspect)})
# How many services each choice of a facet would bring: by the facet's criterion, then by code.
Counts = Mapping[Criterion, Mapping[str, int]]


class Tier(StrEnum):
    """What somebody can do about a place now: the choices of the filter, best first."""

    FREE = "free"
    WAITING = "waiting"
    UNCONFIRMED = "unconfirmed"
    CLOSED = "closed"


TIERS: dict[State, Tier] = {
    State.AVAILABLE: Tier.FREE,
    State.LIMITED: Tier.FREE,
    State.OPEN_ACCESS: Tier.FREE,
    State.INFORMATION_ONLY: Tier.FREE,
    State.FULL_WAITLIST_OPEN: Tier.WAITING,
    State.NOT_YET_OPEN: Tier.WAITING,
    State.UNCONFIRMED: Tier.UNCONFIRMED,
    State.FULL_WAITLIST_CLOSED: Tier.CLOSED,
    State.PAUSED: Tier.CLOSED,
    State.ENDED: Tier.CLOSED,
}


def best_tier(states: Iterable[State]) -> Tier:
    """Return the best tier of the states of a service's pools; without a pool nobody has said anything."""
    return TIERS[min(states, key=RANK.__getitem__, default=State.UNCONFIRMED)]


# Unless somebody says otherwise: everything that may lead to a place.
USUAL_TIERS = frozenset({Tier.FREE, Tier.WAITING, Tier.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Words:
    """
    One thing that the text must say: any of these words, phrases or codes is enough.

    ``quoted`` says that somebody put it between quotation marks: no longer word that begins so will do. ``aside`` says that
    it tells for whom or when, and not what, or that what it means was guessed: beside other words it counts for less.
    ``rare`` is how much it counts among others for how few entries have it (`search.common_words`).
    """

    any_of: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    quoted: bool = False
    aside: bool = False
    rare: float = 1.0

    @property
    def explained(self) -> bool:
        """Whether somebody has said what it means, or put it between quotation marks."""
        return self.quoted or bool(self.codes) or len(self.any_of) > 1


class Field(StrEnum):
    """The parts of a document that words are found in, those that count most first."""

    NAME = "name"
    TAXONOMY = "taxonomy"
    ORGANIZATION = "organization"
    SUMMARY = "summary"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Span:
    """A time of one day, local: a moment (``since == until``), or a part of it such as an evening; minutes of the day."""

    on: date
    since: int
    until: int

    @classmethod
    def of(cls, at: datetime) -> Span:
        """Return the moment ``at``."""
        local = at.astimezone(LONDON)
        minute = local.hour * 60 + local.minute
        return cls(local.date(), minute, minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceQuery:
    """
    A question to a search engine. Everything that is given must hold, except the one criterion in ``failing``.

    ``any_word`` says that any of the words is enough; what has more of them comes first.
    ``near`` is where distances start; ``within_km`` limits them, but lets through what travels or has no point of its own.
    ``happens`` holds codes of wards or localities, ``box`` a part of the map: it must have a place there. ``serving`` holds
    the codes of the child's ward and locality (None: wherever in the city); ``outside`` asks only for what serves beyond the
    city. ``at`` is the moment for which availability is computed; ``open`` when its hours must have it open.
    ``aspects`` are codes: any of one aspect's is enough, except where all are needed. ``not_for`` are codes of its
    composition of which it may have none, where none was chosen. ``among`` narrows to those services.
    ``counted`` asks for how many services each choice of a facet would bring as well; it has no meaning where ``failing`` is a
    facet.
    """

    audiences: tuple[str, ...]
    at: datetime
    words: tuple[Words, ...] = ()
    any_word: bool = False
    near: Point | None = None
    within_km: float | None = None
    happens: frozenset[str] = frozenset()
    box: Bounds | None = None
    open: Span | None = None
    serving: frozenset[str] | None = None
    outside: bool = False
    age: int | None = None
    subject: str = ""
    harms: frozenset[str] = frozenset()
    tiers: frozenset[Tier] = USUAL_TIERS
    level: str = ""
    service_type: str = ""
    aspects: Aspects = field(default_factory=dict)
    not_for: frozenset[str] = frozenset()
    order: Order = Order.BEST
    page: int = 1
    page_size: int = PAGE_SIZE
    failing: Criterion | None = None
    among: frozenset[UUID] | None = None
    counted: bool = False

    @property
    def needs_all(self) -> bool:
        """Say whether nothing may lack one of the words."""
        return not self.any_word or len(self.words) < 2

    @property
    def leaves_out_others(self) -> bool:
        """Say whether what is for others alone is left out: nobody chose with whom."""
        return bool(self.not_for) and not self.aspects.get(Aspect.COMPOSITION)

    def asked(self) -> tuple[Criterion, ...]:
        """Return the criteria that this query really limits, in the order in which people give way."""
        given = {
            Criterion.WITHIN: self.near is not None and self.within_km is not None,
            Criterion.BOX: self.box is not None,
            Criterion.HAPPENS: bool(self.happens),
            Criterion.OPEN: self.open is not None,
            Criterion.PLACES: self.tiers != frozenset(Tier),
            Criterion.AGE: self.age is not None,
            Criterion.HARM: bool(self.harms),
            **{Criterion(aspect.value): bool(self.aspects.get(aspect)) for aspect in Aspect},
            Criterion.COMPOSITION: bool(self.aspects.get(Aspect.COMPOSITION)) or self.leaves_out_others,
            Criterion.SERVES: self.serving is not None or self.outside,
            Criterion.SUBJECT: bool(self.subject),
            Criterion.TYPE: bool(self.service_type),
            Criterion.LEVEL: bool(self.level),
            Criterion.TEXT: bool(self.words),
        }
        return tuple(criterion for criterion, limits in given.items() if limits)


@dataclass(frozen=True, slots=True)
class Match:
    """A word that was asked for, and the part of the document that has it in some form."""

    word: str
    field: Field


@dataclass(frozen=True, slots=True)
class ServiceHit:
    """
    A service that was found.

    ``near`` says that it happens within the distance asked for; ``distance_km`` and ``location_id`` are then of its nearest
    place, and None for what travels, has no place, or was not measured: a citywide service is never at distance 0.
    ``why`` says where the words that were asked for are found, each once, in the part that counts most.
    """

    service_id: UUID
    near: bool = False
    distance_km: float | None = None
    location_id: UUID | None = None
    why: tuple[Match, ...] = ()


class Suggested(StrEnum):
    """What a suggestion is: the name of a service or of an organization, or a word of a vocabulary."""

    SERVICE = "service"
    ORGANIZATION = "organization"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody may be about to type; ``service_id`` where it is one service's name."""

    words: str
    kind: Suggested
    service_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """
    One page of what was found; ``total`` counts all pages, ``total_near`` those that happen within the distance.

    ``counts``, where they were asked for, say how many services each choice of each facet would bring, the other facets as
    they were asked.
    """

    hits: tuple[ServiceHit, ...] = ()
    total: int = 0
    total_near: int = 0
    page: int = 1
    page_size: int = PAGE_SIZE
    counts: Counts = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, min(LAST_PAGE, -(-self.total // self.page_size)))

    @property
    def is_last(self) -> bool:
        return self.page >= self.pages

    @property
    def is_cut(self) -> bool:
        """Say whether there is more than anybody is shown."""
        return self.total > LAST_PAGE * self.page_size


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """A point that a service may be found near; ``areas`` are the codes of the ward and locality it may be said to be in."""

    location_id: UUID
    point: Point
    exact: bool
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """
    Regular hours that begin on one day of the week (Monday 0), in minutes of that day; past midnight beyond 1440.

    ``first`` and ``last`` are the days of beginning for which they hold, closures taken out; None is without end.
    """

    day: int
    opens: int
    closes: int
    first: date | None = None
    last: date | None = None

    def covers(self, span: Span) -> bool:
        """Say whether it is open at some time of ``span``; what opened the evening before counts until it closes."""
        for since in (0, 1):
            begun = date.fromordinal(span.on.toordinal() - since)
            later = since * 1440
            if (
                self.day == begun.weekday()
                and (self.first is None or self.first <= begun)
                and (self.last is None or begun <= self.last)
                and self.opens <= span.until + later
                and span.since + later < self.closes
            ):
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """
    What is findable of one service; every engine indexes this and nothing else.

    Words count most in the name, then among keywords and codes, in the summary, and least in the body.
    """

    service_id: UUID
    audience: str
    name: str
    organization: str
    keywords: tuple[str, ...]
    codes: tuple[str, ...]
    body: str
    minimum_age: int | None
    maximum_age: int | None
    subject: str
    harms: tuple[str, ...]
    level: str
    service_type: str
    travels: bool
    serves_city: bool
    serves_anywhere: bool
    areas: tuple[str, ...]
    places: tuple[DocumentPlace, ...] = field(default=())
    aspects: Mapping[Aspect, tuple[str, ...]] = field(default_factory=dict)
    summary: str = ""
    about_organization: str = ""
    hours: tuple[Hours, ...] = ()
