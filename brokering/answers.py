"""
What somebody answers about a child, section by section, checked before it is kept: plain values, no rows.

The safety questions are `safekeeping.screening`'s. Every other section is one frozen dataclass here; the pages build it
out of their form, the verbs of `brokering.requests` keep it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

MOST_WISHES_WORDS = 150
MOST_GOALS = 3
MOST_CHARACTERS = 4000
SHORT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutChild:
    """The child, the worry and how serious it is, each with who says so. ``initials`` are two or three letters."""

    initials: str = ""
    date_of_birth: date | None = None
    sex: str = ""
    school_name: str = ""
    statutory_status: str = ""
    case_reference: str = ""
    harm_types: tuple[str, ...] = ()
    primary_harm: str = ""
    primary_context: str = ""
    risk_level: str = ""
    risk_source: str = ""
    risk_on: date | None = None
    risk_set_by_role: str = ""
    critical_moment: str = ""
    critical_moment_on: date | None = None
    level_of_need: str = ""
    sibling_of_known_child: bool | None = None
    route: str = ""
    lead_professional_role: str = ""
    lead_professional_contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoughHome:
    """
    Where a child stays who has no postcode that can be given.

    ``because`` is a code of `NoPostcode`; ``area`` as much as may be said: "city", "locality:…", "ward:…" or "council:…".
    """

    because: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What the child would like, in codes, empty where nothing was said; never what they are, only what they ask for."""

    good_times: tuple[str, ...] = ()
    good_times_note: str = ""
    settings_wanted: tuple[str, ...] = ()
    settings_unwanted: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    compositions: tuple[str, ...] = ()
    one_to_one: bool | None = None
    worker: str = ""  # "woman", "man" or no preference
    lived_experience: bool = False

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        told = json.loads(text) if text else {}
        return cls(**{one.name: plain(told[one.name]) for one in fields(cls) if one.name in told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the child wants in their own words, or why nobody has asked yet; and what would suit them."""

    wishes: str = ""
    not_asked_because: str = ""
    preferences: Preferences = Preferences()


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoid:
    """A ward where the child is not safe, and a word why; never who."""

    ward: str
    because: str


AVOID_REASONS = {
    "threat": "There is a threat to them there",
    "group_conflict": "There is conflict between groups there",
    "exploitation": "They are exploited there",
    "order": "An order or bail condition says so",
    "child_says": "They do not feel safe there",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """
    What would help, and what has to be minded.

    ``wanted`` are service types, ``goals`` at most three short sentences, ``access_needs`` codes; ``safe_contact`` says
    how and when contact is safe, and who must not be told.
    """

    wanted: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    tried_already: str = ""
    access_needs: tuple[str, ...] = ()
    avoid: tuple[Avoid, ...] = ()
    safe_contact: str = ""
    start_wanted_on: date | None = None

    def avoid_as_text(self) -> str:
        return json.dumps([asdict(one) for one in self.avoid])


def avoid_from_text(text: str) -> tuple[Avoid, ...]:
    """Read back what `Help.avoid_as_text` wrote."""
    return tuple(Avoid(**one) for one in json.loads(text)) if text else ()


def list_as_text(parts: tuple[str, ...]) -> str:
    """Write a list so that it can be sealed."""
    return json.dumps(list(parts), ensure_ascii=False) if parts else ""


def list_from_text(text: str) -> tuple[str, ...]:
    """Read back what `list_as_text` wrote."""
    return tuple(json.loads(text)) if text else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """
    Two different things, never one tick-box (INV-P11).

    Sharing: the basis in data-protection law, and whether the family was told. Taking part: who has said yes to
    support, when and how.
    """

    lawful_basis: str = ""
    special_condition: str = ""
    notice: str = ""
    notice_not_given_because: str = ""
    notice_by_on: date | None = None
    participation: str = ""
    participation_on: date | None = None
    participation_method: str = ""
    participation_because: str = ""
    participation_manager_role: str = ""


def plain(value: Any) -> Any:
    """Return a list out of JSON as the tuple that it was."""
    return tuple(value) if isinstance(value, list) else value


def age_on(born: date, on: date) -> int:
    """Return completed years; somebody born on 29 February has their birthday on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_band(age: int) -> tuple[str, str]:
    """Return the reporting band (domain V11) as code and words."""
    for oldest, code, words in (
        (9, "under_10", "Under 10"),
        (12, "10_12", "10 to 12"),
        (15, "13_15", "13 to 15"),
        (17, "16_17", "16 to 17"),
        (21, "18_21", "18 to 21"),
    ):
        if age <= oldest:
            return code, words
    return "22_25", "22 to 25"
