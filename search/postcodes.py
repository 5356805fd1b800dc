"""A postcode among the words says where somebody looks, and is no word."""

from __future__ import annotations

import re
from collections.abc import Iterable

from directory.postcodes import OUTWARD, normalize
from search.texts import parts_of, with_unquoted

# The letter O is put right where it stands for the nought.
FULL = rf"{OUTWARD} ?[0-9O][A-Z]{{2}}"
# Of districts only the city's own: "E14" or "Y9" may mean anything.
DISTRICT = r"(?:{areas})[0-9][A-Z0-9]?"


def taken_from(text: str, areas: Iterable[str]) -> tuple[str, str]:
    """
    Return the one postcode or district among words that are not quoted, and the text without it.

    Where there is none, or more than one, that is "" and the text as it was.

    :param areas: the letters that the city's own districts begin with
    """
    pattern = re.compile(rf"\b(?:{FULL}|{DISTRICT.format(areas='|'.join(areas))})\b", re.IGNORECASE)
    found = {one[0] for part, is_quoted in parts_of(text) if not is_quoted for one in pattern.finditer(part)}
    if len(found) != 1:
        return "", text
    [postcode] = found
    rest = with_unquoted(text, lambda part: " ".join(pattern.sub(" ", part).split()))
    return normalize(postcode) or postcode.upper(), rest
