"""
How many services each choice of each facet would bring: bits of a number for each code, counted in memory.

What was found is a number with a bit for each entry, a code is one with a bit for each that has it; what they share is counted
at once. An entry is never changed: another, with a greater id, is put in its place. So what a process has learnt of entries
holds, and it asks the database only of those that it finds for the first time. Who may see an entry decides what is found,
not what is known here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Min

from safekeeping.memory import Memory
from search.models import SearchEntry
from search.queries import ALL_NEEDED, FACETS, Counts, Criterion, SearchDocument

NEVER_BY_ANOTHER = frozenset(Criterion(aspect.value) for aspect in ALL_NEEDED)
# Of entries that are gone so many more are remembered than of those that are there.
ROOM = 10_000
ONE = ord("1")


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is known of entries from ``first`` on: which they are, and which have a code; with more than ``most`` it is begun anew."""

    first: int = 0
    most: int = 0
    entries: int = 0
    having: Mapping[tuple[Criterion, str], int] = field(default_factory=dict)

    def bits_of(self, ids: Sequence[int]) -> int:
        """Return the number with a bit for each of the entries."""
        if not ids:
            return 0
        digits = bytearray(b"0") * (max(ids) - self.first + 1)
        for one in ids:
            digits[self.first - one - 1] = ONE
        return int(digits, 2)


class Choices:
    """What a process knows of the codes of entries. What it learns is put in place whole, so that no thread waits."""

    def __init__(self) -> None:
        self.learnt = Learnt()

    def counts(self, found: Mapping[str, Sequence[int]]) -> Counts:
        """
        Return how many services each choice would bring.

        :param found: by the one facet that they fail ("" for none), the ids of entries
        """
        told: dict[Criterion, dict[str, int]] = {facet: {} for facet in FACETS}
        for failed, ids in found.items():
            # where all choices are needed, an entry that lacks one is not brought by another
            if failed and Criterion(failed) in NEVER_BY_ANOTHER:
                continue
            known, bits = self.knowing(ids)
            for (facet, code), having in known.having.items():
                if (not failed or facet == failed) and (many := (bits & having).bit_count()):
                    told[facet][code] = told[facet].get(code, 0) + many
        return told

    def learn(self) -> None:
        """Learn of all entries that there are."""
        ends = SearchEntry.objects.aggregate(first=Min("pk"), last=Max("pk"))
        if ends["first"] is not None:
            self.knowing([ends["first"], ends["last"]])

    def knowing(self, ids: Sequence[int]) -> tuple[Learnt, int]:
        """Return what is known, of all of these entries at least, and their bits in it; one question if any of them is new."""
        if not ids:
            return self.learnt, 0
        known, first, last = self.learnt, min(ids), max(ids)
        if not known.entries or first < known.first:
            known = self.learnt = learning(Learnt(first), first, last)
        bits = known.bits_of(ids)
        if new := bits & ~known.entries:
            known = learning(known, known.first + lowest(new), known.first + new.bit_length() - 1)
            if known.entries.bit_count() > known.most:
                known = learning(Learnt(first), first, last)
                bits = known.bits_of(ids)
            self.learnt = known
        return known, bits


def lowest(bits: int) -> int:
    """Return the place of the lowest bit."""
    return (bits & -bits).bit_length() - 1


def learning(known: Learnt, first: int, last: int) -> Learnt:
    """Return what is known with the entries between two ids."""
    rows = list(SearchEntry.objects.filter(pk__range=(first, last)).values_list("pk", "codes"))
    having: dict[tuple[Criterion, str], list[int]] = {}
    for pk, codes in rows:
        # what a process of an older version wrote has none, until it is indexed again
        for line in (codes or "").split("\n"):
            facet, *some = line.split("\t")
            for code in some:
                having.setdefault((Criterion(facet), code), []).append(pk)
    return Learnt(
        known.first,
        known.most or 2 * len(rows) + ROOM,
        known.entries | known.bits_of([pk for pk, _ in rows]),
        dict(known.having) | {one: known.having.get(one, 0) | known.bits_of(ids) for one, ids in having.items()},
    )


# True for as long as the process lives; a test's rows go without being deleted, and then it is dropped.
choices = Memory(Choices, believed=math.inf)


def codes_of(document: SearchDocument) -> str:
    """Return everything that facets count of a document: a line for each facet, its name and its codes with tabs between."""
    codes: dict[str, Sequence[str]] = {
        Criterion.LEVEL.value: [document.level],
        Criterion.TYPE.value: [document.service_type],
        Criterion.HARM.value: document.harms,
        **{aspect.value: of_one for aspect, of_one in document.aspects.items()},
    }
    return "\n".join("\t".join([facet, *of_one]) for facet, of_one in codes.items() if of_one)
