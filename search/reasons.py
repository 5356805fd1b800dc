"""Why a service was found: which of the words that were asked for are in which of its parts. The same for every engine."""

from __future__ import annotations

from collections.abc import Mapping

from search.queries import Field, Match, Words
from search.stems import stem, stemmed
from search.texts import code_word

# Shorter words are matched whole: the beginning "art" would find "article".
SHORTEST_BEGINNING = 4


def begins(word: str) -> bool:
    """Say whether a stem may stand for longer ones that begin with it."""
    return " " not in word and len(word) >= SHORTEST_BEGINNING


def why(words: tuple[Words, ...], fields: Mapping[Field, str]) -> tuple[Match, ...]:
    """
    Return for each word that was asked for the part that has it and counts most; nothing for one that is nowhere.

    :param fields: what the index holds of each part: stems, and codes as `texts.code_word` writes them
    """
    parts = [(field, fields.get(field, "").split()) for field in Field]
    return tuple(
        Match(asked.any_of[0], field)
        for asked in words
        if asked.any_of
        for field in [next((field for field, stems in parts if says(stems, asked)), None)]
        if field is not None
    )


def says(stems: list[str], asked: Words) -> bool:
    """Say whether a part has one of the alternatives."""
    if any(code_word(code) in stems for code in asked.codes):
        return True
    for one in asked.any_of:
        if " " in one:
            phrase = stemmed(one).split()
            if any(stems[place : place + len(phrase)] == phrase for place in range(len(stems) - len(phrase) + 1)):
                return True
        else:
            alone = stem(one)
            if alone in stems or (begins(alone) and not asked.quoted and any(word.startswith(alone) for word in stems)):
                return True
    return False
