"""
How well words fit a service: one arithmetic for every engine, made of where words stand and nothing else.

A word counts by the parts of an entry that have it, in any form, and once more where it stands as it was typed; beside other
words it counts once more for the first of several things that it stands for; two neighbours count once more where they stand
side by side; a word that few entries have counts for more than a common one (`rarity`, `search.common_words`); and what has
fewer of the words counts for less (`having_more`). Among many keywords each says less (`focus_of`). How often a word is
repeated, and how long a text is, does not matter: so two services with the same facts are equals, and then places and
distance decide. `bench.relevance` chose the figures (decision 19).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from search.queries import Words

# The columns of an entry's words that count alike, and how much.
NAME, TAXONOMY, SUMMARY, BODY = ("title", "kind"), ("keywords",), ("organization", "summary"), ("body",)
LEVELS: Mapping[tuple[str, ...], float] = {NAME: 6.5, TAXONOMY: 6.0, SUMMARY: 3.0, BODY: 1.0}
COLUMNS = tuple(column for columns in LEVELS for column in columns)
ITSELF = 3.0
# What a word stands for first is what people mostly mean by it; of a word alone, the other things are wanted as much.
MEANT_FIRST = 2.0
# Which part of that a word counts beside others if it says for whom or when, or if nobody has explained it.
BESIDE = 0.6
# And which part where it is counted how many of the words an entry has.
COUNTED_BESIDE = 0.8
SIDE_BY_SIDE = 2.0
# What fits the words so nearly alike that places and distance decide: so many steps from the best to nothing.
STEPS = 20
# A difference smaller than this part of a step is none: engines round their sums differently.
ROUNDING = 1e-3
# So many words among its keywords are few, and the power of the ratio by which each of more counts for less.
FEW_KEYWORDS, CROWDING = 40, 0.2


@dataclass(frozen=True, slots=True)
class Saying:
    """
    One thing that an entry may say, and how much that counts.

    ``columns`` are those that it may stand in, all of them if there are none; ``focused`` says whether it is multiplied by the
    entry's focus.
    """

    what: Words
    worth: float
    columns: tuple[str, ...] = ()
    focused: bool = False


def sayings(words: Sequence[Words]) -> Iterator[Saying]:
    """Yield what counts of the words that were asked for."""
    for one in words:
        part = one.rare * (part_of(one) if len(words) > 1 else 1.0)
        for columns, worth in LEVELS.items():
            yield Saying(one, worth * part, columns, focused=columns == TAXONOMY)
        if len(words) > 1 and len(one.codes) > 1:
            yield Saying(Words(codes=one.codes[:1]), MEANT_FIRST * part, TAXONOMY, focused=True)
        if one.any_of:
            yield Saying(itself(one.any_of[0]), ITSELF * part)
    for one, other in pairwise(words):
        # hardly a text has a whole phrase and the word beside it just as they were typed
        if one.any_of and other.any_of and " " not in one.any_of[0] + other.any_of[0]:
            yield Saying(itself(f"{one.any_of[0]} {other.any_of[0]}"), SIDE_BY_SIDE * (one.rare + other.rare))


def having_more(words: Sequence[Words]) -> Iterator[Saying]:
    """Yield what counts of having more of the words than others have, where not all of them are needed."""
    for one in words:
        yield Saying(one, part_of(one, COUNTED_BESIDE) * one.rare)


def part_of(word: Words, beside: float = BESIDE) -> float:
    """
    Return which part of its worth a word counts beside others: what a text is about are the worry and the help in it.

    :param beside: the part that anything else counts
    """
    return 1.0 if word.explained and not word.aside else beside


def itself(text: str) -> Words:
    """Return just these words, and no longer ones that begin so."""
    return Words((text,), quoted=True)


def rarity(entries: int, having: int) -> float:
    """Return how much a word counts that so many of all entries have."""
    return sqrt(log(1 + entries / having)) if having else 0.0


def focus_of(keywords: str) -> float:
    """Return which part of its weight a word among these keywords has: each of many says less of a service than each of few."""
    return float((FEW_KEYWORDS / max(FEW_KEYWORDS, len(keywords.split()))) ** CROWDING)


def step_of(score: float, best: float) -> int:
    """Return how many steps a score lies behind the best one; the greater is the better."""
    return int((1 - score / best) * STEPS + 0.5 - ROUNDING) if best else 0
