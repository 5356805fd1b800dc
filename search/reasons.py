"""Why a service was found: which of the words that were asked for are in which of its parts. The same for every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search.queries import Field, Match, Words
from search.stems import stemmed
from search.texts import code_word

# Shorter words are matched whole: the beginning "art" would find "article".
SHORTEST_BEGINNING = 4
FIELDS = tuple(Field)


def begins(word: str) -> bool:
    """Say whether a stem may stand for longer ones that begin with it."""
    return " " not in word and len(word) >= SHORTEST_BEGINNING


def asked_stems(words: Words) -> list[tuple[str, bool]]:
    """Return the stems that were asked for, and of each whether longer words that begin so will do."""
    stems = dict.fromkeys(stemmed(one) for one in words.any_of)
    return [(one, begins(one) and not words.quoted) for one in stems]


def why(words: tuple[Words, ...], fields: Mapping[Field, str]) -> tuple[Match, ...]:
    """
    Return for each word that was asked for the part that has it and counts most; nothing for one that is nowhere.

    :param fields: what the index holds of each part: stems, and codes as `texts.code_word` writes them
    """
    return explaining(words)(fields)


def explaining(words: tuple[Words, ...]) -> Callable[[Mapping[Field, str]], tuple[Match, ...]]:
    """Return `why` for a page of hits: what to look for is worked out once."""
    asked = [(one.any_of[0], needles_of(one)) for one in words if one.any_of]

    def explain(fields: Mapping[Field, str]) -> tuple[Match, ...]:
        found: dict[int, Match] = {}
        for field in FIELDS:
            if text := fields.get(field):
                text = f" {text} "
                for place, (word, needles) in enumerate(asked):
                    if place not in found and any(needle in text for needle in needles):
                        found[place] = Match(word, field)
                if len(found) == len(asked):  # most of them before the longest of its parts
                    break
        return tuple(found[place] for place in sorted(found))

    return explain


def needles_of(asked: Words) -> list[str]:
    """
    Return what a part that has one of the alternatives has within it, a space before its first word and after its last.

    Without a space at its end it stands for longer words that begin so. Looking for it in the whole part costs a tenth of
    looking at each of the part's words.
    """
    codes = [f" {code_word(code)} " for code in asked.codes]
    return codes + [f" {stem}" if longer else f" {stem} " for stem, longer in asked_stems(asked)]
