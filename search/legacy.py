"""
Older programme names that entries carry ("Safer Options"): how they are found, so that a list can be narrowed to one.

The names are the stewards' own words, with commas between them; each becomes a code of the document that no engine takes
apart. What carries one shows the date of its facts (INV-D2).
"""

from __future__ import annotations

from django.utils.text import slugify

from search.queries import Words

LONGEST = 60


def tags_of(*told: str) -> tuple[str, ...]:
    """Return the names in one or several fields, each once."""
    return tuple(dict.fromkeys(tag for text in told for part in text.split(",") if (tag := part.strip())))


def code_of(tag: str) -> str:
    """Return the code of a name, "" for one that holds no letter."""
    slug = slugify(tag)
    return f"legacy-{slug}" if slug else ""


def words_for(tag: str) -> tuple[Words, ...]:
    """Return what a document must say to carry that name; nothing where none was asked for."""
    code = code_of(tag)
    return (Words(codes=(code,)),) if code else ()
