"""
The stem that the forms of an English word share: "mentors", "mentored" and "mentoring" are all "mentor".

M. F. Porter's algorithm ("An algorithm for suffix stripping", Program 14, 1980), with his two later changes (``bli``, ``logi``).
It is done here, and not left to each engine, so that every engine finds the same: what is indexed and what is asked are stems.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Shorter words have no ending to lose.
SHORTEST = 3
# What is longer is no word.
LONGEST = 40
# More forms than people use; what is asked most stays remembered.
REMEMBERED = 50_000

STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ou", "ism", "ate", "iti", "ous", "ive",
    "ize", "sion", "tion",
)  # fmt: skip
# Longest first: of two endings that fit, the longer one is meant.
ENDINGS_2, ENDINGS_3 = (sorted(step, key=len, reverse=True) for step in (STEP_2, STEP_3))
ENDINGS_4 = sorted(STEP_4, key=len, reverse=True)


def stemmed(text: str) -> str:
    """Return a folded text with each word's stem in its place."""
    return " ".join(map(stem, text.split()))


@lru_cache(maxsize=REMEMBERED)
def stem(word: str) -> str:
    """Return the stem of one folded word; what is no plain word stays as it is."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
        return word
    word = past_and_gerund(plural(word))
    if word.endswith("y") and has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = replaced(word, ENDINGS_2, STEP_2)
    word = replaced(word, ENDINGS_3, STEP_3)
    return final_e(without_suffix(word))


def plural(word: str) -> str:
    """Take away what makes a plural."""
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def past_and_gerund(word: str) -> str:
    """Take away "ed" and "ing", and mend what is left."""
    if word.endswith("eed"):
        return word[:-1] if measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        left = word.removesuffix(ending)
        if left == word:
            continue
        if not has_vowel(left):
            return word
        if left.endswith(("at", "bl", "iz")):
            return left + "e"
        if ends_double(left) and left[-1] not in "lsz":
            return left[:-1]
        return left + "e" if measure(left) == 1 and ends_short(left) else left
    return word


def replaced(word: str, endings: list[str], by: dict[str, str]) -> str:
    """Put a shorter ending in the place of a longer one."""
    for ending in endings:
        if word.endswith(ending):
            left = word[: -len(ending)]
            return left + by[ending] if measure(left) > 0 else word
    return word


def without_suffix(word: str) -> str:
    """Take away an ending that says what kind of word it is."""
    for ending in ENDINGS_4:
        if word.endswith(ending):
            # of "sion" and "tion" the first letter belongs to the stem
            left = word[:-3] if ending in ("sion", "tion") else word[: -len(ending)]
            return left if measure(left) > 1 else word
    return word


def final_e(word: str) -> str:
    """Take away a last "e", and one of two last "l"."""
    if word.endswith("e"):
        left = word[:-1]
        if measure(left) > 1 or (measure(left) == 1 and not ends_short(left)):
            word = left
    return word[:-1] if word.endswith("ll") and measure(word) > 1 else word


def shape(word: str) -> str:
    """Return a "c" for each consonant and a "v" for each vowel; "y" is a vowel after a consonant."""
    shaped = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shaped[-1:] == "c")
        shaped += "v" if vowel else "c"
    return shaped


def measure(word: str) -> int:
    """Return how often consonants follow vowels."""
    return len(re.findall("v+c", shape(word)))


def has_vowel(word: str) -> bool:
    """Say whether a vowel is in it."""
    return "v" in shape(word)


def ends_double(word: str) -> bool:
    """Say whether it ends with the same consonant twice."""
    return len(word) > 1 and word[-1] == word[-2] and shape(word)[-1] == "c"


def ends_short(word: str) -> bool:
    """Say whether it ends like "hop": consonant, vowel, and a consonant that is none of w, x, y."""
    return shape(word).endswith("cvc") and word[-1] not in "wxy"
