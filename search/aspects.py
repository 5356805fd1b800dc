"""
What can be asked of how a service works: where it happens, when, in which language, with whom, and what makes it usable.

The words are the vocabularies'; two are told here, because no vocabulary has them: alone with a worker, and in a group.
"""

from __future__ import annotations

from directory import vocabularies
from search.queries import Aspect

TAXONOMIES = {
    Aspect.SETTING: "delivery_setting",
    Aspect.TIME: "time_availability",
    Aspect.LANGUAGE: "language",
    Aspect.COMPOSITION: "group_composition",
    Aspect.ACCESS: "access_need",
}
LEGENDS = {
    Aspect.COMPOSITION: "With whom",
    Aspect.TIME: "When",
    Aspect.SETTING: "Where it happens",
    Aspect.LANGUAGE: "Language",
    Aspect.ACCESS: "Access",
}
# How a near miss is told: to follow the service's name.
MISSES = {
    Aspect.SETTING: "happens somewhere else",
    Aspect.TIME: "is at other times",
    Aspect.LANGUAGE: "is in other languages",
    Aspect.COMPOSITION: "is not made for that",
    Aspect.ACCESS: "has not told us that it has that",
}
GIVING_WAY = {
    Aspect.SETTING: "Wherever it happens",
    Aspect.TIME: "At any time",
    Aspect.LANGUAGE: "In any language",
    Aspect.COMPOSITION: "Whoever else is there",
    Aspect.ACCESS: "Whatever the access",
}
ONE_TO_ONE, IN_A_GROUP = "one_to_one", "in_a_group"
COMPANY = ((ONE_TO_ONE, "One to one"), (IN_A_GROUP, "In a group"))
# Nobody looks for these: a limit, what counts as every time, and what everybody speaks.
NOT_ASKED = {Aspect.TIME: ("term_only", "24_7"), Aspect.LANGUAGE: ("en",)}


def choices(aspect: Aspect) -> list[tuple[str, str]]:
    """Return ``(code, words)`` of everything that may be asked of that aspect, in the stewards' order."""
    left_out = NOT_ASKED.get(aspect, ())
    told = [pair for pair in vocabularies.choices(TAXONOMIES[aspect]) if pair[0] not in left_out]
    return [*COMPANY, *told] if aspect == Aspect.COMPOSITION else told


def label_of(aspect: Aspect, code: str) -> str:
    """
    Return the words of a code of that aspect.

    :raises UnknownTerm: if there is no such code
    """
    return dict(COMPANY).get(code) or vocabularies.label_of(TAXONOMIES[aspect], code)
