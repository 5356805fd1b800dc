"""
How common words are: in how many entries that everybody may see each stem is, counted now and then.

What few entries have says more of what somebody wants (`fit.rarity`). Asking that with every search took half of its time, and
nobody sees whether a word is in 40 entries or in 41. So a job counts once an hour, and each engine gets the same figures with
the question. What only professionals may see is not counted: it would move what the public sees.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from django.db import transaction

from safekeeping.memory import Memory
from search.fit import COLUMNS, rarity
from search.models import SearchEntry, WordCount
from search.queries import Words
from search.reasons import asked_stems
from search.texts import LAST_LETTER, code_word

# Longer ones are no words, and as rare as any.
LONGEST = 80
# Under this term stands how many entries there are.
ALL = ""
BATCH = 2_000
BELIEVED_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Commonness:
    """What was counted: of how many entries, the stems in order, and in how many entries each is."""

    entries: int
    stems: Sequence[str]
    having: Mapping[str, int]

    def of(self, word: Words) -> int:
        """Return in about how many entries one thing is: as if its alternatives had nothing to do with each other; 1 at least."""
        each = [self.having.get(code_word(code), 0) for code in word.codes]
        for stem, longer in asked_stems(word):
            each += [self.having[one] for one in self.beginning(stem)] if longer else [self.phrase(stem)]
        without = prod(1 - many / self.entries for many in each)
        return max(1, round(self.entries * (1 - without)))

    def phrase(self, stems: str) -> int:
        """Return in how many entries some stems are at the most."""
        return min((self.having.get(stem, 0) for stem in stems.split()), default=0)

    def beginning(self, stem: str) -> Sequence[str]:
        """Return the stems that begin so."""
        return self.stems[bisect_left(self.stems, stem) : bisect_left(self.stems, stem + LAST_LETTER)]


def read_counts() -> Commonness:
    """Return what was counted last."""
    having = dict(WordCount.objects.values_list("term", "entries"))
    entries = having.pop(ALL, 0)
    return Commonness(entries, sorted(having), having)


commonness = Memory(read_counts, believed=BELIEVED_SECONDS)


def weighed(words: tuple[Words, ...]) -> tuple[Words, ...]:
    """Return the words, each with how much it counts beside the others; as they are if there is one, or nobody has counted."""
    if len(words) < 2 or not (known := commonness()).entries:
        return words
    return tuple(replace(one, rare=rarity(known.entries, known.of(one))) for one in words)


def public_texts() -> Iterator[tuple[str, ...]]:
    """Yield the words of each entry that everybody may see; read in short statements, so that nobody waits who writes."""
    rows = SearchEntry.objects.filter(audience="public").order_by("pk").values_list("pk", *COLUMNS)
    some = list(rows[:BATCH])
    while some:
        for _, *texts in some:
            yield tuple(texts)
        some = list(rows.filter(pk__gt=some[-1][0])[:BATCH]) if len(some) == BATCH else []


def count() -> int:
    """Count anew, and return how many stems there are; only what has changed is written."""
    counted: Counter[str] = Counter()
    for texts in public_texts():
        counted.update({stem for stem in " ".join(texts).split() if len(stem) <= LONGEST})
        counted[ALL] += 1
    with transaction.atomic():
        known = dict(WordCount.objects.values_list("term", "entries"))
        gone = sorted(known.keys() - counted.keys())
        for first in range(0, len(gone), BATCH):
            WordCount.objects.filter(term__in=gone[first : first + BATCH]).delete()
        WordCount.objects.bulk_create(
            [WordCount(term=term, entries=many) for term, many in sorted(counted.items()) if known.get(term) != many],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["term"],
            update_fields=["entries"],
        )
    commonness.forget()
    return len(counted) - (ALL in counted)
