"""What a search asked for, in the stewards' words: for those who saved it, and for those who count what found nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict

from directory import vocabularies
from directory.models import Subject
from directory.vocabularies import UnknownTerm
from search import aspects
from search.filters import SUBJECT_WORDS
from search.queries import Aspect


def words_of(facets: QueryDict, *, gone: Callable[[str], str]) -> list[str]:
    """Return the words of each code among the facets, always in the same order; ``gone`` stands for a code without words."""

    def told(code: str, label: Callable[[str], str]) -> str:
        try:
            return label(code)
        except (UnknownTerm, ValueError, KeyError):
            return gone(code)

    def term(name: str, taxonomy: str) -> list[str]:
        return [told(code, lambda one: vocabularies.label_of(taxonomy, one)) for code in facets.getlist(name)]

    return [
        *term("type", "service_type"),
        *term("harm", "harm_type"),
        *(
            told(code, lambda one, aspect=aspect: aspects.label_of(aspect, one))  # type: ignore[misc]
            for aspect in Aspect
            for code in facets.getlist(aspect.value)
        ),
        *term("level", "intervention_level"),
        *(told(code, lambda one: SUBJECT_WORDS[Subject(one)]) for code in facets.getlist("subject")),
    ]
