"""The finder's judgements: how much it shows of what a search did not ask for."""

from __future__ import annotations

from safekeeping.assumptions import Assumption, Counts, Kind, declare


def shown(key: str, words: str, default: int, *, most: int) -> Assumption:
    """Declare how many of something are shown."""
    return declare(
        f"finder.{key}", "The finder", words, Kind.NUMBER, default,
        least=1, most=most, shown_on=("Find a service",), counts=Counts.AT_ONCE,
    )  # fmt: skip


MISSES_AFTER = shown("misses_after", "Services that nearly fit, below those that do", 3, most=10)
MISSES_INSTEAD = shown("misses_instead", "Services that nearly fit, where none does", 5, most=10)
BESIDE_MAP = shown("beside_map", "Services that come to you, beside a part of the map", 10, most=20)
MOST_OUTSIDE = shown("outside", "Services for everywhere, for a place outside the city", 10, most=20)
SHORTLIST = declare(
    "finder.shortlist", "The finder", "A shortlist holds so many services", Kind.NUMBER, 12,
    least=4, most=20, shown_on=("Your shortlist",), counts=Counts.AT_ONCE,
)  # fmt: skip
SAVED = declare(
    "finder.saved", "The finder", "Searches that one person may save", Kind.NUMBER, 20,
    least=1, most=50, shown_on=("Saved searches",), counts=Counts.AT_ONCE,
)  # fmt: skip
MISSED_WEEKS = declare(
    "finder.missed_weeks", "The finder", "Weeks of searches that found nothing, shown to stewards", Kind.NUMBER, 13,
    least=4, most=52, shown_on=("What is stale",), counts=Counts.AT_ONCE,
)  # fmt: skip
FEW_HITS = shown(
    "few_hits", "Services with every word below which those with any of the words are shown too", 10, most=20
)
MOST_SUGGESTED = shown("suggested", "Names and words offered while somebody types", 8, most=20)
