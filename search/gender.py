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
# The code of `group_composition` for what is for the others alone.
FOR_OTHERS: Mapping[Gender, str] = {Gender.GIRL: "boys_only", Gender.BOY: "girls_only"}


def gender_of(texts: Iterable[str]) -> Gender | None:
    """Return of whom folded texts are, None where they do not say or say both."""
    text = " | ".join(texts)
    said = found_in(text, NAMED)
    if not said and not GROWN_UP.search(text):
        said = found_in(text, SPOKEN_OF)
    return said[0] if len(said) == 1 else None


def found_in(text: str, patterns: Mapping[Gender, re.Pattern[str]]) -> list[Gender]:
    """Return whose patterns are found."""
    return [gender for gender, pattern in patterns.items() if pattern.search(text)]


def without_gender(text: str) -> str:
    """Return a folded text without the words that say of whom it is."""
    for patterns in (NAMED, SPOKEN_OF):
        for pattern in patterns.values():
            text = pattern.sub(" ", text)
    return " ".join(text.split())
