"""
How well a search is answered, against what people judged: the judgements of `tests/search/judgements`, and two figures.

A third of the queries is held out: weights are chosen by the others alone, and what is promised is promised of the third.
Which it is depends on the query's own words, so that nobody chooses and adding a query moves no other.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from directory.geocoding import Located, locate
from directory.models import Service
from directory.querysets import visibilities_for
from search import finder
from search.finder import Terms
from search.queries import Tier
from search.texts import folded

FOLDER = Path(__file__).parent / "judgements"
# Each group has a file, and one more of queries by somebody who had not read the search's own lists of words.
FURTHER = "further_"
GRADES = {"best": 3, "good": 2, "fair": 1}
# What counts as found for recall: what somebody would have been glad of.
WANTED = 2
SHOWN, LOOKED_AT = 10, 20


@dataclass(frozen=True)
class Judged:
    """One query, and how well services answer it, by slug."""

    file: str
    terms: Terms
    professional: bool
    grades: Mapping[str, int]

    @property
    def group(self) -> str:
        return self.file.removeprefix(FURTHER)

    @property
    def held_out(self) -> bool:
        asked = f"{folded(self.terms.text)}|{self.terms.place}|{self.terms.age or ''}"
        return hashlib.sha256(asked.encode()).digest()[0] % 3 == 0


def judgements() -> list[Judged]:
    """Return every judged query."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["query"]:
            found.append(
                Judged(
                    file=path.stem,
                    # people see all tiers of places here: the judgements are about what a service is
                    terms=Terms(
                        text=one["text"], place=one.get("place", ""), age=one.get("age"), tiers=frozenset(Tier)
                    ),
                    professional=one.get("hat") == "professional",
                    grades={slug: grade for name, grade in GRADES.items() for slug in one.get(name, ())},
                )
            )
    return found


def answered(judged: Judged, slugs: Mapping, *, at: datetime) -> list[str]:
    """Return what the finder shows for it, as slugs in order."""
    audiences = ("public", "professionals") if judged.professional else visibilities_for(None)
    place = locate(judged.terms.place) if judged.terms.place else None
    assert place is None or isinstance(place, Located)
    asked = finder.ask(judged.terms, audiences=audiences, at=at, place=place)
    return [slugs[hit.service_id] for hit in asked.page.hits]


def slugs() -> dict:
    """Return every service's slug by its id."""
    return dict(Service.objects.values_list("pk", "slug"))


def ndcg(found: Sequence[str], grades: Mapping[str, int], *, most: int = SHOWN) -> float:
    """Return the normalized discounted cumulative gain of the first ``most``: 1 where no order could be better."""

    def gain(of: Iterable[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(of))

    ideal = gain(sorted(grades.values(), reverse=True)[:most])
    return gain(grades.get(slug, 0) for slug in found[:most]) / ideal if ideal else 1.0


def recall(found: Sequence[str], grades: Mapping[str, int], *, most: int = LOOKED_AT) -> float:
    """Return the share of what is wanted that is among the first ``most``, of as many as fit there."""
    wanted = {slug for slug, grade in grades.items() if grade >= WANTED}
    return len(wanted & set(found[:most])) / min(most, len(wanted)) if wanted else 1.0


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    of = list(values)
    return sum(of) / len(of) if of else 0.0
