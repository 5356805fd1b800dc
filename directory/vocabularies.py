"""
The words that codes are shown as: what comes with the software, how it gets into the database, and how to look one up.

A code never changes. A label is the stewards' once it is loaded: loading again adds what is new and leaves what they
wrote.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction

from directory.models import Taxonomy, TaxonomyTerm
from safekeeping.memory import Memory

PACKAGED = Path(__file__).with_name("vocabularies.toml")


class UnknownTerm(LookupError):
    """There is no such code in that vocabulary, neither in the database nor in the packaged list."""


@dataclass(frozen=True, slots=True)
class Word:
    """One packaged term. ``label`` is in full, ``plain`` shorter (empty where the label is plain enough)."""

    taxonomy: str
    code: str
    label: str
    plain: str
    abbreviation: str
    description: str
    provenance: str
    under: str
    position: int


@dataclass(frozen=True, slots=True)
class Label:
    """What the database calls a code: ``shown`` on cards and in headlines, ``full`` on forms."""

    shown: str
    full: str
    description: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many terms a load made, changed and left as they were."""

    made: int
    changed: int
    kept: int


@cache
def packaged() -> Mapping[str, tuple[Word, ...]]:
    """Return every vocabulary that comes with the software, in the order of the file."""
    told = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))
    return MappingProxyType({code: words_of(code, one) for code, one in told.items()})


def words_of(taxonomy: str, told: Mapping[str, Any]) -> tuple[Word, ...]:
    """Return the words of one table of the file."""
    return tuple(
        Word(
            taxonomy=taxonomy,
            code=term["code"],
            label=in_this_city(term["label"]),
            plain=in_this_city(term.get("plain", "")),
            abbreviation=term.get("abbr", ""),
            description=term.get("note", ""),
            provenance=term["from"],
            under=term.get("under", ""),
            position=place * 10,
        )
        for place, term in enumerate(told["terms"], start=1)
    )


def in_this_city(text: str) -> str:
    """Put the name of this city's front door where the word leaves room for it."""
    return text.replace("{front_door}", settings.CITY.front_door.short_name)


@transaction.atomic
def load(*, reset: bool = False) -> Loaded:
    """
    Bring the packaged vocabularies into the database.

    A term that is there keeps its label, plain label, abbreviation, description, position and whether it is in use,
    unless ``reset``. A term that stewards added is never touched.
    """
    told = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))
    made = changed = kept = 0
    for code, words in packaged().items():
        names = {"name": told[code]["name"], "description": told[code].get("description", "")}
        if reset:
            Taxonomy.objects.update_or_create(code=code, defaults=names)
        else:
            Taxonomy.objects.get_or_create(code=code, defaults=names)
        there = {term.code: term for term in TaxonomyTerm.objects.filter(taxonomy_id=code)}
        for word in words:
            term = there.get(word.code)
            fields = {
                "label": word.label,
                "plain_label": word.plain,
                "abbreviation": word.abbreviation,
                "description": word.description,
                "position": word.position,
                "provenance": word.provenance,
                "parent": there.get(word.under),  # a wider term stands before the narrower one
            }
            if term is None:
                there[word.code] = TaxonomyTerm.objects.create(taxonomy_id=code, code=word.code, **fields)
                made += 1
            elif reset and any(getattr(term, name) != value for name, value in fields.items()):
                for name, value in fields.items():
                    setattr(term, name, value)
                term.save(update_fields=list(fields))
                changed += 1
            else:
                kept += 1
    remembered.forget()
    return Loaded(made=made, changed=changed, kept=kept)


# --- looking one up ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remembered:
    """One process's memory of every label, and which of them are offered."""

    labels: Mapping[str, Mapping[str, Label]]
    in_use: Mapping[str, frozenset[str]]


def label_of(taxonomy: str, code: str) -> str:
    """
    Return the words that a card or headline shows for ``code``.

    :raises UnknownTerm: if no such code exists
    """
    return word_for(taxonomy, code).shown


def full_label_of(taxonomy: str, code: str) -> str:
    """
    Return the words that a form shows for ``code``.

    :raises UnknownTerm: if no such code exists
    """
    return word_for(taxonomy, code).full


def choices(taxonomy: str, *, full: bool = False) -> list[tuple[str, str]]:
    """
    Return ``(code, words)`` of every term in use, in the stewards' order, for a form.

    :raises UnknownTerm: if no such vocabulary exists
    """
    known = remembered()
    labels = known.labels.get(taxonomy)
    if labels is None:
        labels = packaged_labels(taxonomy)
        offered = frozenset(labels)
    else:
        offered = known.in_use[taxonomy]
    return [(code, label.full if full else label.shown) for code, label in labels.items() if code in offered]


def word_for(taxonomy: str, code: str) -> Label:
    """
    Return the label of ``code``; a term that is no longer in use still has one, for the rows that hold it.

    :raises UnknownTerm: if no such code exists
    """
    found = remembered().labels.get(taxonomy, {}).get(code) or packaged_labels(taxonomy).get(code)
    if found is None:
        raise UnknownTerm(f"{taxonomy} has no {code!r}")
    return found


def packaged_labels(taxonomy: str) -> dict[str, Label]:
    """
    Return the packaged labels of one vocabulary, for a database where they are not loaded yet.

    :raises UnknownTerm: if no such vocabulary exists
    """
    if taxonomy not in packaged():
        raise UnknownTerm(f"there is no vocabulary {taxonomy!r}")
    return {word.code: Label(word.plain or word.label, word.label, word.description) for word in packaged()[taxonomy]}


def read_labels() -> Remembered:
    """Return the database's labels."""
    labels: dict[str, dict[str, Label]] = {}
    in_use: dict[str, set[str]] = {}
    for term in TaxonomyTerm.objects.order_by("taxonomy", "position", "code"):
        labels.setdefault(term.taxonomy_id, {})[term.code] = Label(term.shown, term.label, term.description)
        offered = in_use.setdefault(term.taxonomy_id, set())
        if term.in_use:
            offered.add(term.code)
    return Remembered(labels=labels, in_use={taxonomy: frozenset(codes) for taxonomy, codes in in_use.items()})


remembered = Memory(read_labels, TaxonomyTerm)
