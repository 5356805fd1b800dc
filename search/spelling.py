"""Which word was probably meant: the nearest of those that are known, never far from what was typed."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import extract

from search.texts import SMALL, folded

# Shorter words are too near to too many others; longer ones are no words.
SHORTEST, LONGEST = 4, 30
# So many letters may be wrong, missing, too many or swapped; in a longer word twice as many.
MISTAKES, LONGER = 1, 8
ENDINGS = ("s", "es", "d", "ed", "er", "ers", "ing", "ings")
# So many of the nearest are looked at.
CONSIDERED = 3


def can_be_mistyped(word: str) -> bool:
    """Say whether a folded word is one that somebody may have meant otherwise."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and word not in SMALL


def mistakes(word: str, other: str) -> int:
    """Return how many letters must change to make one of the other; neighbours that swapped count once."""
    return int(OSA.distance(word, other))


def forms_of(word: str) -> set[str]:
    """Return the word and what it may be a form of: "boxes", "boxe", "box". Two words that share one are not mistyped."""
    return {
        word,
        *(word[: -len(end)] for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= SHORTEST - 1),
    }


def nearest(word: str, known: Iterable[str], *, most: int | None = None) -> list[str]:
    """
    Return the known words that may have been meant, best first: the fewest mistakes, then the likest beginning.

    :param most: so many mistakes at the most; usually one, and two in a longer word
    """
    if most is None:
        most = MISTAKES if len(word) < LONGER else 2 * MISTAKES
    alike = extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)  # type: ignore[arg-type]
    alike.sort(key=lambda one: (one[1], -JaroWinkler.similarity(word, one[0]), one[0]))
    return [term for term, *_ in alike[:CONSIDERED]]


def terms_in(texts: Iterable[str]) -> set[str]:
    """Return the words of some texts that a mistyped one may be compared with."""
    return {word for text in texts for word in folded(text).split() if can_be_mistyped(word)}
