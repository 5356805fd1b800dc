"""From what somebody typed to what the text must say: folding, stop words, synonyms. Every engine gets the same result."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from search.queries import Words
from search.stems import stemmed

# Longer texts are cut, and the page says so.
LONGEST = 200
MOST_WORDS = 12
# More codes than the vocabularies have; the word of each stays remembered.
MOST_CODES = 2_000
# Words that say nothing about a service; with nothing else typed they are kept.
SMALL = frozenset(
    "a about activities activity after all also am an and any are around as at be been before being between but"
    " by can cannot child children could daughter daughters did do does during each for from get gets getting give go"
    " goes going had has have he help helps her him his how i if in into is it its just kid kids like looking make me more most"
    " must my near need needs no not of off on or other our out people person please project service services she"
    " should so some somebody someone something somewhere son sons speak speaking speaks support teenager teenagers"
    " than that the their them then there these they this those through to too two under until up us very want wants"
    " was we were what when where which while who will with without would year years you young your".split()
)
# An age is asked for beside the words; within them it would only have to be written in a service's own.
AGES = frozenset(str(number) for number in range(100))
QUOTED = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]")
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|legacy-[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Synonym:
    """What people type, what it stands for, and what is said about the word."""

    word: str
    expands_to: tuple[str, ...]
    note: str = ""


class Synonyms(dict[str, Synonym]):
    """Synonyms by their folded word; any form of the word is explained by it, unless that form has a synonym of its own."""

    def __init__(self, of: Mapping[str, Synonym]) -> None:
        super().__init__(of)
        # Of two words with one stem, what comes first stays: "criminal exploitation" and "criminally exploited" mean one thing.
        self._by_stem = {stemmed(word): synonym for word, synonym in reversed(list(of.items()))}
        self.longest = max((len(word.split()) for word in of), default=1)

    def of(self, phrase: str) -> Synonym | None:
        """Return what a folded phrase stands for, None if nobody has said."""
        return self.get(phrase) or self._by_stem.get(stemmed(phrase))


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was understood."""

    words: tuple[Words, ...]
    notes: tuple[str, ...]
    cut: bool


def folded(text: str) -> str:
    """Return ``text`` in small letters without accents, invisible characters or punctuation."""
    plain = text.casefold()
    if not plain.isascii():  # most texts are, and need no second look at each letter
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"['’]", "", plain).translate(GAPS).split())


class _Gaps(dict):
    """Everything that is neither letter nor digit is a gap."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = char if char.isalnum() else " "
        return self[point]


GAPS = _Gaps()


def read(text: str, synonyms: Synonyms, codes: Iterable[str] = (), *, small: frozenset[str] = frozenset()) -> Read:
    """
    Return what the text must say: one `Words` for each word, with its synonyms as alternatives; one for each quoted phrase.

    :param codes: codes that are known; an expansion that is not one of them is searched as words
    :param small: further words that say nothing here, such as the city's own name
    """
    known = set(codes)
    found: list[Words] = []
    notes: list[str] = []
    left = MOST_WORDS
    for part, is_quoted in parts_of(text[:LONGEST]):
        words = folded(part).split()[:left]
        left -= len(words)
        if is_quoted and words:
            found.append(Words(any_of=(" ".join(words),), quoted=True))
        elif words:
            add_words(words, synonyms, known, found, notes)
    kept = [one for one in found if one.quoted or one.codes or not (SMALL | AGES | small).issuperset(one.any_of)]
    return Read(words=tuple(kept or found), notes=tuple(dict.fromkeys(notes)), cut=len(text) > LONGEST)


def parts_of(text: str) -> list[tuple[str, bool]]:
    """Return the text in parts, and of each whether it stood between quotation marks; one mark alone is none."""
    pieces = QUOTED.split(text)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece.strip()]


def add_words(rest: list[str], synonyms: Synonyms, known: set[str], found: list[Words], notes: list[str]) -> None:
    """Read words one after the other, the longest synonym first."""
    while rest:
        for size in range(min(synonyms.longest, len(rest)), 0, -1):
            phrase = " ".join(rest[:size])
            if synonym := synonyms.of(phrase):
                break
        rest = rest[size:]
        if synonym:
            found.append(alternatives(phrase, synonym, known))
            if synonym.note:
                notes.append(synonym.note)
        else:
            found.append(Words(any_of=(phrase,)))


def alternatives(phrase: str, synonym: Synonym, known: set[str]) -> Words:
    """Return the phrase itself, and what it stands for."""
    codes = tuple(part for part in synonym.expands_to if part in known or CODE.fullmatch(part))
    others = tuple(folded(part) for part in synonym.expands_to if part not in codes)
    return Words(any_of=(phrase, *(other for other in others if other)), codes=codes)


@lru_cache(maxsize=MOST_CODES)
def code_word(code: str) -> str:
    """Return a code as one word that nobody types and no engine takes apart."""
    return "kw" + re.sub(r"[^a-z0-9]", "", code)
