"""
What somebody answers about a school, a group or a place, section by section: plain values, no rows.

The safety questions are `safekeeping.screening`'s. `FREE` says which answers are free text: all of them pass the scanner
of `safekeeping.personal_data` before they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

OLDEST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPlace:
    """
    Which school, group or place.

    ``known_as`` is one of those that the directory knows ("organization:<id>", "location:<id>", "area:<id>"), or "".
    """

    context_type: str = ""
    known_as: str = ""
    label: str = ""
    place_description: str = ""
    ward: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happens there, when, and to about how many; and what is good about the place already."""

    harm_types: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    what_is_known: str = ""
    affected: str = ""
    youngest: int | None = None
    oldest: int | None = None
    strengths: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What would help, who could help, and who answers for the place: a role, never a name."""

    response_wanted: tuple[str, ...] = ()
    partners: str = ""
    tried_already: str = ""
    accountable_owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """
    What somebody decides about a place, and why.

    ``told`` is what whoever asked reads. ``review_on`` belongs to a response that is agreed, ``told_at`` and
    ``told_by_role`` to a call to the front door, ``same_as`` to a request that is there twice.
    """

    outcome: str = ""
    rationale: str = ""
    told: str = ""
    review_on: date | None = None
    told_at: datetime | None = None
    told_by_role: str = ""
    same_as: str = ""


# Free text, and how long it may be: SHORT for a line, LONG for a few sentences.
SHORT, LONG = 120, 4000
FREE: dict[type, dict[str, int]] = {
    AboutPlace: {"label": SHORT, "place_description": LONG},
    Happening: {"what_is_known": LONG, "strengths": LONG},
    Wanted: {"partners": LONG, "tried_already": LONG, "accountable_owner": SHORT},
    Decided: {"rationale": LONG, "told": LONG, "told_by_role": SHORT},
}
# Codes and the vocabulary that they come from.
CODES: dict[type, dict[str, str]] = {
    AboutPlace: {"context_type": "context_type"},
    Happening: {"harm_types": "harm_type", "pattern": "context_harm_pattern"},
    Wanted: {"response_wanted": "context_response"},
    Decided: {},
}
