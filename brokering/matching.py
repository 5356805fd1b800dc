"""
Which services could take this child, and why or why not: pure, so that every answer can be read, tested and defended.

Hard rules put a service out, each with its reason (domain §3.5). What is left is put in an order that anybody can
follow: the child's wishes first, then the wait, the way there, the worry, language, times, and what else was asked for.
No weights, no scores of children. Of what a child *is*, only age and, where a service declares a composition, sex are
looked at (INV-E1); ethnicity, religion, disability and orientation are not even known here. Nothing is ever chosen by
the machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from directory.availability import UNKNOWN, Availability, State
from directory.eligibility import Ages, in_a_row
from directory.geo import Point, coarse_km, distance_km, in_words

Codes = Mapping[str, str]  # code → words
ANY_AGE = Ages()


class Kind(StrEnum):
    FITS = "fits"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against; ``code`` is what counts are made of."""

    kind: Kind
    code: str
    text: str


class Factor(StrEnum):
    """What fitting services are put in order by; the order itself is the caller's, this is the default one."""

    WISHES = "wishes"
    WAIT = "wait"
    TRAVEL = "travel"
    HARM = "harm"
    LANGUAGE = "language"
    TIMES = "times"
    EXPERIENCE = "experience"
    EVIDENCE = "evidence"


DEFAULT_ORDER: tuple[Factor, ...] = tuple(Factor)
FACTOR_WORDS: dict[Factor, str] = {
    Factor.WISHES: "the wishes",
    Factor.WAIT: "the wait",
    Factor.TRAVEL: "the way there",
    Factor.HARM: "the worry",
    Factor.LANGUAGE: "the language",
    Factor.TIMES: "the times",
    Factor.EXPERIENCE: "lived experience",
    Factor.EVIDENCE: "what is known of the approach",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    One child's need. ``age`` is in completed years on the day support would start.

    ``avoid`` are wards where the child is not safe, code to name. ``already`` are services that support them or have
    been asked. ``checks`` say for a service what a fresh co-attendance check found ("clear", "conflict_found").
    """

    age: int
    sex: str = ""
    starts_on: date
    route: str = ""
    in_city: bool = True
    locality: str = ""
    ward: str = ""
    near: Point | None = None
    risk: str = ""
    sibling: bool = False
    primary_harm: str = ""
    harms: Codes = field(default_factory=dict)
    wanted: Codes = field(default_factory=dict)
    times: Codes = field(default_factory=dict)
    settings_wanted: Codes = field(default_factory=dict)
    settings_unwanted: Codes = field(default_factory=dict)
    languages: Codes = field(default_factory=dict)
    compositions: Codes = field(default_factory=dict)
    access_needs: Codes = field(default_factory=dict)
    one_to_one: bool | None = None
    lived_experience: bool = False
    avoid: Codes = field(default_factory=dict)
    already: frozenset[UUID] = frozenset()
    checks: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Serves:
    """A part of the map: extent "citywide", "anywhere", "locality" or "ward", which lies ``within`` a locality."""

    extent: str
    code: str = ""
    name: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Venue:
    """Where it happens. Unless ``exact``, ``point`` is only a district's or a ward's middle, or None."""

    ward: str = ""
    point: Point | None = None
    name: str = ""
    exact: bool = True
    locality: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One eligibility rule of a service: rules of a group are alternatives, groups must all hold."""

    kind: str
    message: str
    group: int = 1
    value: Mapping[str, Any] = field(default_factory=dict)
    hard: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    One published service, as `brokering.candidates` gathers it, with the pool that has most room.

    ``closed_because`` says why nothing may be offered to it just now, "" if it may; ``cannot_hold`` why none of its places
    can be promised to one child from here. ``one_to_one`` is None where nobody has said.
    """

    service_id: UUID
    name: str
    organization_id: UUID
    organization: str = ""
    service_type: str = ""
    service_type_words: str = ""
    subject: str = "child"
    request_mode: str = "broker_only"
    closed_because: str = ""
    ages: Ages = ANY_AGE
    routes: Codes = field(default_factory=dict)
    serves: tuple[Serves, ...] = ()
    rules: tuple[Rule, ...] = ()
    compositions: Codes = field(default_factory=dict)
    harms: Codes = field(default_factory=dict)
    settings: Codes = field(default_factory=dict)
    times: Codes = field(default_factory=dict)
    languages: Codes = field(default_factory=dict)
    access_needs: Codes = field(default_factory=dict)
    one_to_one: bool | None = None
    lived_experience: bool = False
    travels: bool = False
    venues: tuple[Venue, ...] = ()
    checks_co_attendance: bool = False
    has_evidence: bool = False
    telephone: str = ""
    pool_id: UUID | None = None
    cannot_hold: str = ""
    starts_on: date | None = None
    availability: Availability = UNKNOWN


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What is said of one candidate.

    ``nearly``: one thing stands in the way that might change, and ``would_change`` says what. ``factors`` put those that
    fit in order, more is better.
    """

    candidate: Candidate
    fits: bool
    nearly: bool
    reasons: tuple[Reason, ...]
    would_change: str = ""
    factors: Mapping[Factor, int] = field(default_factory=dict)

    @property
    def obstacles(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.kind is Kind.NOT)


def fits(code: str, text: str) -> Reason:
    """Return a reason for."""
    return Reason(Kind.FITS, code, text)


def partly(code: str, text: str) -> Reason:
    """Return a caution: it does not put the service out."""
    return Reason(Kind.PARTLY, code, text)


def no(code: str, text: str) -> Reason:
    """Return an obstacle."""
    return Reason(Kind.NOT, code, text)


# --- hard rules: each yields what stands in the way, and what has to be asked first ---
RISKS = {"emerging": 1, "medium": 2, "high": 3, "critical": 4}
ROUTELESS_MODES = {
    "panel_only": ("panel", "A panel chooses who takes part"),
    "information_only": ("information", "For information only"),
    "open_access": ("drop_in", "Drop in: there is no place to hold. Tell them about it"),
}
SEX_OF = {"girls_only": "female", "boys_only": "male"}
SEX_WORDS = {"girls_only": "Girls only", "boys_only": "Boys only"}
KNOWN_SEXES = frozenset(SEX_OF.values())
ASKED_FOR_ONLY = frozenset({"lgbtq_plus", "culturally_specific", "care_experienced", "send_specialist"})


def subject_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether it is for children at all."""
    if one.subject not in ("child", "any"):
        yield no("subject", "Not for a child or young person")


def open_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether anything may be offered to it just now."""
    if one.closed_because:
        yield no("closed", one.closed_because)


def mode_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether a coordinator can ask for it."""
    if found := ROUTELESS_MODES.get(one.request_mode):
        yield no(*found)


def route_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether it takes requests that come this way."""
    if one.routes and need.route not in one.routes:
        yield no("route", f"Takes requests from: {in_a_row(list(one.routes.values()), most=3)}")


def area_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether it is for people who live there; where that is not known closely enough, a person asks."""
    held = [serves(area, need) for area in one.serves]
    if any(each is True for each in held):
        return
    names = in_a_row([area.name for area in one.serves if area.name], most=3)
    if any(each is None for each in held):
        yield partly("area", f"Serves {names}. Ask whether they stay there")
    else:
        yield no("area", f"Serves {names}" if names else "Does not serve where they live")


def serves(area: Serves, need: Need) -> bool | None:
    """Say whether that part of the map holds the child's home; None where we know no more than a larger part."""
    match area.extent:
        case "anywhere":
            return True
        case "citywide":
            return need.in_city
        case "locality":
            if need.in_city and not need.locality:
                return None
            return bool(area.code) and area.code == need.locality
        case "ward":
            if need.in_city and not need.ward and need.locality in ("", area.within):
                return None
            return bool(area.code) and area.code == need.ward
    return False


def age_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether it takes that age on the day of the start."""
    if not one.ages.take(need.age):
        yield no("age", f"Age {need.age}, takes {one.ages.words()}")


def composition_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Only declared compositions decide; what is unclear goes to a person and puts nobody out (INV-E5)."""
    if not one.compositions or "mixed" in one.compositions:
        return
    held = [composition_holds(code, need) for code in one.compositions]
    if any(each is True for each in held):
        return
    single = [code for code in one.compositions if code in SEX_WORDS]
    if any(each is None for each in held):
        yield partly("composition", f"{SEX_WORDS[single[0]]}. Ring them first: it is not recorded clearly here")
    elif single:
        yield no("composition", SEX_WORDS[single[0]])
    elif "siblings_family" in one.compositions:
        yield no("composition", "For brothers and sisters of children who are supported")
    elif "parents_carers" in one.compositions:
        yield no("composition", "For parents and carers")
    else:
        yield no("only_when_asked", "Only when the child asks for it")


def composition_holds(code: str, need: Need) -> bool | None:
    """Say whether the child is whom the composition is for; None where only a person can say."""
    if code in SEX_OF:
        return need.sex == SEX_OF[code] if need.sex in KNOWN_SEXES else None
    if code == "siblings_family":
        return need.sibling
    if code in ASKED_FOR_ONLY:
        return code in need.compositions
    return code == "mixed"


def rules_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Within a group one rule is enough, and all groups must hold: "medium or high risk, or a brother or sister"."""
    groups: dict[int, list[Rule]] = {}
    for rule in one.rules:
        groups.setdefault(rule.group, []).append(rule)
    for group in groups.values():
        held = [rule_holds(rule, need) for rule in group]
        if any(each is True for each in held):
            continue
        said = ". Or: ".join(rule.message.rstrip(".") for rule in group)
        code = CODE_OF_RULE.get(group[0].kind, group[0].kind)
        if any(each is None for each in held):
            yield partly(code, f"{said}. Ask them first")
        elif any(rule.hard for rule in group):
            yield no(code, said)
        else:
            yield partly(code, said)


CODE_OF_RULE = {"risk_range": "risk", "sibling_of_eligible": "risk", "harm_type": "harm", "panel_selected": "panel"}


def rule_holds(rule: Rule, need: Need) -> bool | None:
    """Say whether one rule holds; None where only a person can say."""
    match rule.kind:
        case "risk_range":
            level = RISKS.get(need.risk)
            lowest = RISKS.get(str(rule.value.get("minimum", "")), 0)
            highest = RISKS.get(str(rule.value.get("maximum", "")), max(RISKS.values()))
            return level is not None and lowest <= level <= highest
        case "sibling_of_eligible":
            return need.sibling
        case "composition":
            return composition_holds(str(rule.value.get("code", "")), need)
        case "route":
            return need.route in rule.value.get("codes", ())
        case "harm_type":
            return not need.harms.keys().isdisjoint(rule.value.get("codes", ()))
        case "panel_selected":
            return False
    return None  # a host school, and whatever kind comes next: a person looks


def already_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether it knows the child already."""
    if one.service_id in need.already:
        yield no("already", "Already working with them, or asked")


def safety_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """No service in a ward that the child must avoid, unless it comes to the child (INV-S10)."""
    if not need.avoid or one.travels or not one.venues:
        return
    unsafe = [venue for venue in one.venues if venue.ward in need.avoid]
    if len(unsafe) == len(one.venues):
        yield no("travel_safety", "Not a safe place to travel to")
    elif unsafe:
        names = sorted({need.avoid[venue.ward] for venue in unsafe})
        yield partly("travel_safety", f"Also in {in_a_row(names)}, where they are not safe: meet elsewhere")
    elif any(not venue.ward for venue in one.venues):
        yield partly("travel_safety", "Ask where they would meet: there are places to avoid")


def co_attendance_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Where others attend, somebody must have looked within the last fortnight; only the answer is known (INV-S9)."""
    if not one.checks_co_attendance:
        return
    found = need.checks.get(one.service_id)
    if found == "conflict_found":
        yield no("co_attendance", "Somebody who attends makes it unsafe. A later group may be all right")
    elif found is None:
        yield partly("co_attendance", "Check first that nobody who attends makes it unsafe")


def room_rule(need: Need, one: Candidate) -> Iterator[Reason]:
    """Ask whether there is a place that can be held."""
    room = one.availability
    if one.cannot_hold and one.request_mode not in ROUTELESS_MODES:
        yield no("not_from_here", one.cannot_hold)
        return
    match room.state:
        case State.AVAILABLE | State.LIMITED:
            return
        case State.OPEN_ACCESS | State.INFORMATION_ONLY:
            if one.request_mode not in ROUTELESS_MODES:
                yield no("drop_in", "There is no place to hold. Tell them about it")
        case State.FULL_WAITLIST_OPEN | State.FULL_WAITLIST_CLOSED:
            yield no("full", room.words)
        case State.UNCONFIRMED:
            yield no("unconfirmed", "Places not confirmed")
        case State.PAUSED:
            yield no("paused", room.words)
        case State.NOT_YET_OPEN:
            yield no("not_yet_open", room.words)
        case _:
            yield no("ended", room.words)


HARD_RULES: tuple[Callable[[Need, Candidate], Iterator[Reason]], ...] = (
    subject_rule,
    open_rule,
    mode_rule,
    route_rule,
    area_rule,
    age_rule,
    rules_rule,
    composition_rule,
    already_rule,
    safety_rule,
    co_attendance_rule,
    room_rule,
)
# One of these alone is "nearly": it may be gone next week, or a telephone call may settle it.
NEARLY = frozenset({"full", "unconfirmed", "paused", "not_yet_open", "age", "co_attendance"})


# --- what puts those that fit in order ---
@dataclass(frozen=True, slots=True)
class Numbers:
    """
    What was judged rather than found out: how much each wish weighs against the others, what is far, what is nearly.

    They weigh services for a child, never a child. Whoever says nothing of where it happens comes after those who do, and
    before those who are far away.
    """

    wanted: int = 4
    composition: int = 2
    setting: int = 1
    unwanted: int = 2
    one_to_one: int = 1
    not_alone: int = 2
    main_harm: int = 2
    other_harm: int = 1
    nearly_years: int = 1
    far_metres: int = 5_000
    unknown_way_metres: int = 8_000


USUAL = Numbers()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One factor: its value, more is better, and what is said of it."""

    value: int
    reasons: tuple[Reason, ...] = ()


def weigh_wishes(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Weigh the kind of support that was asked for most, then where, with whom, and alone or in a group."""
    value, said = 0, []
    if need.wanted:
        if one.service_type in need.wanted:
            value += numbers.wanted
            said.append(fits("wanted", f"{need.wanted[one.service_type]}, as asked for"))
        else:
            said.append(partly("wanted", f"{one.service_type_words}. They asked for {lower(need.wanted)}"))
    if asked := shared(need.compositions, one.compositions):
        value += numbers.composition
        said.append(fits("composition", f"{in_a_row(asked)}, as asked for"))
    if wanted := shared(need.settings_wanted, one.settings):
        value += numbers.setting
        said.append(fits("setting", f"{in_a_row(wanted)}, as they asked"))
    if one.settings and not set(one.settings) - set(need.settings_unwanted):
        value -= numbers.unwanted
        said.append(partly("setting", f"{in_a_row(list(one.settings.values()))}, which they do not want"))
    if need.one_to_one is True and one.one_to_one is False:
        value -= numbers.not_alone
        said.append(partly("one_to_one", "In a group. They asked for somebody of their own"))
    elif need.one_to_one is True and one.one_to_one:
        value += numbers.one_to_one
        said.append(fits("one_to_one", "One to one, as they asked"))
    elif need.one_to_one is False and one.one_to_one is False:
        value += numbers.one_to_one
        said.append(fits("one_to_one", "In a group, as they asked"))
    return Weighed(value, tuple(said))


def weigh_wait(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Weigh how long it is until they can start."""
    if one.starts_on is None or one.starts_on <= need.starts_on:
        return Weighed(0)
    days = (one.starts_on - need.starts_on).days
    return Weighed(-days, (partly("wait", f"Starts on {one.starts_on.day} {one.starts_on:%B}"),))


def weigh_travel(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Half a kilometre makes a difference, less does not; a service that travels comes first (never "0 miles")."""
    if one.travels:
        return Weighed(1, (fits("travel", "Comes to them"),))
    if need.near is None:
        return weigh_travel_roughly(need, one)
    ways = [
        (way if venue.exact else coarse_km(way), venue.name, venue.exact)
        for venue in one.venues
        if need.near and venue.point and venue.ward not in need.avoid
        for way in [distance_km(need.near, venue.point)]
    ]
    if not ways:
        return Weighed(-round(numbers.unknown_way_metres / 500))
    way, name, exact = min(ways)
    kind, told = (fits if way * 1000 <= numbers.far_metres else partly), in_words(way, exact=exact)
    return Weighed(-round(way * 2), (kind("travel", f"{name}, {told}" if name else told),))


def weigh_travel_roughly(need: Need, one: Candidate) -> Weighed:
    """
    Weigh the way of somebody without a postcode: the same part of the city comes first; no distance is guessed.

    Of an address that is not shown not even its part of the city is told.
    """
    told = [venue for venue in one.venues if venue.point and venue.ward not in need.avoid]
    if need.locality and any(venue.exact and venue.locality == need.locality for venue in told):
        return Weighed(0, (fits("travel", "In the same part of the city. How far is not known"),))
    return Weighed(-1, (partly("travel", "How far it is for them is not known"),) if told else ())


def weigh_harm(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Weigh whether it knows about this worry."""
    if need.primary_harm in one.harms:
        return Weighed(numbers.main_harm, (fits("harm", f"For: {one.harms[need.primary_harm].lower()}"),))
    if both := shared(need.harms, one.harms):
        return Weighed(numbers.other_harm, (fits("harm", f"For: {in_a_row(both).lower()}"),))
    if one.harms and need.primary_harm in need.harms:
        return Weighed(0, (partly("harm", f"Not especially for {need.harms[need.primary_harm].lower()}"),))
    return Weighed(0)


def weigh_language(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Asked for, never inferred; nobody is put out for want of it (E37)."""
    if not need.languages:
        return Weighed(0)
    if both := shared(need.languages, one.languages):
        return Weighed(1, (fits("language", f"Speaks {in_a_row(both)}"),))
    words = " or ".join(need.languages.values())
    return Weighed(0, (partly("language", f"Nobody there speaks {words}, as far as we know: ask for an interpreter"),))


def weigh_times(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Weigh whether it is there when the child can come."""
    if not need.times or not one.times:
        return Weighed(0)
    if "24_7" in one.times:
        return Weighed(1, (fits("times", "At any time"),))
    if both := shared(need.times, one.times):
        return Weighed(1, (fits("times", in_a_row(both)),))
    return Weighed(-1, (partly("times", f"Usually {in_a_row(list(one.times.values())).lower()}"),))


def weigh_experience(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Weigh lived experience, if the child asked for it."""
    if need.lived_experience and one.lived_experience:
        return Weighed(1, (fits("experience", "Some of the team have been through it themselves, as asked for"),))
    return Weighed(0)


def weigh_evidence(need: Need, one: Candidate, numbers: Numbers) -> Weighed:
    """Weigh whether anything is known of the approach."""
    return Weighed(int(one.has_evidence))


WEIGHTS: dict[Factor, Callable[[Need, Candidate, Numbers], Weighed]] = {
    Factor.WISHES: weigh_wishes,
    Factor.WAIT: weigh_wait,
    Factor.TRAVEL: weigh_travel,
    Factor.HARM: weigh_harm,
    Factor.LANGUAGE: weigh_language,
    Factor.TIMES: weigh_times,
    Factor.EXPERIENCE: weigh_experience,
    Factor.EVIDENCE: weigh_evidence,
}


def access_reasons(need: Need, one: Candidate) -> Iterator[Reason]:
    """Say what has to be asked about access; it neither ranks nor puts out."""
    if missing := [words for code, words in need.access_needs.items() if code not in one.access_needs]:
        yield partly("access", f"Ask about: {in_a_row(missing).lower()}")
    elif need.access_needs:
        yield fits("access", in_a_row(list(need.access_needs.values())))


def shared(asked: Codes, given: Codes) -> list[str]:
    """Return the words of what was asked for and is given."""
    return [words for code, words in asked.items() if code in given]


def lower(codes: Codes) -> str:
    """Return the words of codes inside a sentence."""
    return " or ".join(words[:1].lower() + words[1:] for words in codes.values())


# --- the two questions ---
def judge(need: Need, candidate: Candidate, *, numbers: Numbers = USUAL) -> Verdict:
    """Say whether the candidate can take this child, and why or why not."""
    ruled = [reason for rule in HARD_RULES for reason in rule(need, candidate)]
    obstacles = [reason for reason in ruled if reason.kind is Kind.NOT]
    weighed = {factor: weigh(need, candidate, numbers) for factor, weigh in WEIGHTS.items()}
    said = [reason for one in weighed.values() for reason in one.reasons]
    said += access_reasons(need, candidate)
    said.sort(key=lambda reason: reason.kind is not Kind.FITS)
    cautions = [reason for reason in ruled if reason.kind is Kind.PARTLY]
    nearly = is_nearly(need, candidate, obstacles, numbers)
    return Verdict(
        candidate=candidate,
        fits=not obstacles,
        nearly=nearly,
        reasons=(*obstacles, *said, *cautions),
        would_change=what_would_change(candidate, obstacles[0].code) if nearly else "",
        factors={factor: one.value for factor, one in weighed.items()},
    )


def is_nearly(need: Need, one: Candidate, obstacles: list[Reason], numbers: Numbers) -> bool:
    """Say whether one thing stands in the way, and it might change."""
    if len(obstacles) != 1 or obstacles[0].code not in NEARLY:
        return False
    if obstacles[0].code != "age":
        return True
    return one.ages.take(need.age + numbers.nearly_years) or one.ages.take(need.age - numbers.nearly_years)


def what_would_change(one: Candidate, code: str) -> str:
    """Return what could be done about the one obstacle."""
    ring = f"Ring {one.telephone}" if one.telephone else "Ring them"
    match code:
        case "full":
            if one.availability.state is State.FULL_WAITLIST_OPEN:
                return "A place that ends, or their waiting list"
            return "A place that ends"
        case "unconfirmed":
            return f"{ring}: they can confirm their places"
        case "age":
            return f"{ring}: they may make an exception"
        case "co_attendance":
            return "A later group, or another site"
    return ring


def rank(verdicts: Iterable[Verdict], *, order: tuple[Factor, ...] = DEFAULT_ORDER) -> list[Verdict]:
    """Return the fitting ones, best first; equals by name and id, so that the order is the same tomorrow."""
    return sorted(
        (one for one in verdicts if one.fits),
        key=lambda one: (
            [-one.factors[factor] for factor in order],
            one.candidate.name.casefold(),
            str(one.candidate.service_id),
        ),
    )


# --- what is said of the rest ---
OTHERS_WORDS = {
    "area": "other areas",
    "age": "other ages",
    "risk": "another level of risk",
    "route": "another route",
    "composition": "girls only, boys only or family groups",
    "only_when_asked": "only when asked for",
    "already": "already working with them, or asked",
    "travel_safety": "not a safe place to travel to",
    "drop_in": "drop in",
    "not_from_here": "cannot be promised from here",
    "panel": "a panel chooses",
    "information": "for information only",
    "harm": "another worry",
    "closed": "not open to requests",
    "co_attendance": "somebody who attends makes it unsafe",
    "subject": "not for a child",
    "full": "full",
    "unconfirmed": "not confirmed",
    "paused": "not taking anyone new",
    "not_yet_open": "not open yet",
    "ended": "ended",
}


def others(verdicts: Iterable[Verdict]) -> list[tuple[int, str]]:
    """Count those that neither fit nor nearly do, by their first obstacle, most first: "9 other areas"."""
    counted = Counter(one.obstacles[0].code for one in verdicts if not one.fits and not one.nearly)
    return [(many, OTHERS_WORDS.get(code, code.replace("_", " "))) for code, many in counted.most_common()]
