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
MOST_OUTSIDE = shown("outside", "Services for everywhere, for a place outside the city", 10, most=20)
FEW_HITS = shown(
    "few_hits", "Services with every word below which those with most of the words are shown too", 10, most=20
)
MOST_SUGGESTED = shown("suggested", "Names and words offered while somebody types", 8, most=20)
