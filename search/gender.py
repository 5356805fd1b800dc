"""
Whether a text is about a girl or a boy: what is for the other alone is then no answer, and is left out.

Whoever writes "he comes hungry" has said it. Words for a girl or a boy say it; where there are none "she" and "he" do, unless
the text names a grown-up, of whom it may say it. Brothers and sisters say nothing of the child who is looked for, and a
text with both says nothing either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Gender(StrEnum):
    """Of whom a text is."""

    GIRL = "girl"
    BOY = "boy"


NAMED: Mapping[Gender, re.Pattern[str]] = {
    Gender.GIRL: re.compile(
        r"\b(?:(?:school|step|grand)?(?:girls?|daughters?)|lass|lasses|young (?:wom[ae]n|lad(?:y|ies)|females?))\b"
    ),
    Gender.BOY: re.compile(r"\b(?:(?:school|step|grand)?(?:boys?|sons?)|lads?|young (?:m[ae]n|males?))\b"),
}
SPOKEN_OF: Mapping[Gender, re.Pattern[str]] = {
    Gender.GIRL: re.compile(r"\b(?:she|shes|her|hers|herself)\b"),
    Gender.BOY: re.compile(r"\b(?:he|hes|him|his|himself)\b"),
}
GROWN_UP = re.compile(
    r"\b(?:(?:step|grand|foster|god)?(?:mum|mums|mam|mams|mom|mother|mothers|dad|dads|father|fathers|parent|parents)|carers?|nan|gran"
    r"|grandma|grandad|granddad|aunt|auntie|uncle|wife|husband|adults?|m[ae]n|wom[ae]n|teachers?|(?:social |youth )?workers?)\b"
)
# Codes of `group_composition` that are for the other alone.
FOR_OTHERS: Mapping[Gender, frozenset[str]] = {
    Gender.GIRL: frozenset({"boys_only"}),
    Gender.BOY: frozenset({"girls_only"}),
}


def gender_of(texts: Iterable[str]) -> Gender | None:
    """Return of whom folded texts are, None where they do not say or say both."""
    text = " | ".join(texts)
    named = only(NAMED, text)
    if named or any(pattern.search(text) for pattern in NAMED.values()):
        return named
    return None if GROWN_UP.search(text) else only(SPOKEN_OF, text)


def only(patterns: Mapping[Gender, re.Pattern[str]], text: str) -> Gender | None:
    """Return whose pattern alone is found."""
    found = [gender for gender, pattern in patterns.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else None


def without_gender(text: str) -> str:
    """Return a folded text without the words that say of whom it is."""
    for patterns in (NAMED, SPOKEN_OF):
        for pattern in patterns.values():
            text = pattern.sub(" ", text)
    return " ".join(text.split())
