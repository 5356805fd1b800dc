"""
Finds what says who somebody is in text that must say it of nobody: names, initials, dates of birth, addresses, numbers.

A request about a school, a group or a place holds no personal data (INV-P5), so what is found here is not kept, and there
is no button that keeps it nevertheless. Whoever typed it is told what was found and what they could write instead.

A name is recognized by a list of names, by how it stands in the sentence (a capital in the middle, a title before it, a
family name after it), and by what it is not: an ordinary word, or the name of a place or an organization that an app
above has contributed (`contribute`). In doubt a capitalized word that nobody knows counts as a name: to write other words
costs a moment, a child's name that many read costs more. Pure: it knows no database and no clock, and takes time in
proportion to the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("words")
# Nobody who is asked for here is older; a date further back is not a date of birth that concerns us, but blocked all the same
# where the sentence says "born".
OLDEST, YOUNGEST = 26, 3


class Kind(StrEnum):
    """What was found."""

    NAME = "name"
    INITIALS = "initials"
    BIRTH_DATE = "date of birth"
    POSTCODE = "postcode"
    ADDRESS = "address"
    TELEPHONE = "telephone number"
    NHS_NUMBER = "NHS number"
    INSURANCE_NUMBER = "National Insurance number"
    PUPIL_NUMBER = "pupil number"
    LONG_NUMBER = "number"
    PLATE = "number plate"
    EMAIL = "e-mail address"
    HANDLE = "account name"
    SCRIPT = "other script"


EVERY_KIND = frozenset(Kind)
# A reference that somebody was given may have any shape, but it is no name and no way to reach anybody.
IN_A_REFERENCE = frozenset({Kind.NAME, Kind.TELEPHONE, Kind.EMAIL, Kind.POSTCODE, Kind.BIRTH_DATE, Kind.HANDLE})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that says who somebody is: where it stands in the text, what kind it is, and its own words."""

    start: int
    end: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What whoever typed it is told: what kind of thing was found, its own words, and what to write instead."""

    what: str
    quoted: str
    instead: str

    @property
    def said(self) -> str:
        """One line that quotes what was found."""
        return f"{self.what}: “{self.quoted}”"


EXPLAINED: dict[Kind, tuple[str, str]] = {
    Kind.NAME: ("This looks like a name", "“a Year 9 pupil”, “an older boy”, “a member of staff”"),
    Kind.INITIALS: ("This looks like somebody’s initials", "“one pupil”, “a girl of 14”"),
    Kind.BIRTH_DATE: ("This looks like a date of birth", "an age or a year group, like “14” or “Year 9”"),
    Kind.POSTCODE: ("This is a full postcode", "the name of the place, or only the first half of it"),
    Kind.ADDRESS: ("This looks like somebody’s address", "the street without the number, or “a home nearby”"),
    Kind.TELEPHONE: ("This looks like a telephone number", "nothing: we reach you through your account"),
    Kind.NHS_NUMBER: ("This looks like an NHS number", "nothing: we need no number of a person"),
    Kind.INSURANCE_NUMBER: ("This looks like a National Insurance number", "nothing: we need no number of a person"),
    Kind.PUPIL_NUMBER: ("This looks like a pupil’s number", "“a pupil”, with the year group if it matters"),
    Kind.LONG_NUMBER: ("This looks like a number of a person or an account", "the sentence without it"),
    Kind.PLATE: ("This looks like a number plate", "“a car”, and tell the police its number"),
    Kind.EMAIL: ("This is an e-mail address", "a role, like “the head of year”"),
    Kind.HANDLE: ("This looks like somebody’s account", "the app and the kind of group, like “a group chat”"),
    Kind.SCRIPT: ("We cannot look for names in these letters", "the same in English letters"),
}  # fmt: skip


def explain(found: Finding) -> Explanation:
    """Return what whoever typed it is told."""
    what, instead = EXPLAINED[found.kind]
    return Explanation(what, found.text, instead)


# --- what is known not to be a person ---------------------------------------------------------------------------------
Source = Callable[[], Iterable[str]]
_sources: list[Source] = []


def contribute(source: Source) -> None:
    """Have an app above say which names are of places and organizations; it is asked anew each time."""
    if source not in _sources:
        _sources.append(source)


@dataclass(frozen=True, slots=True)
class Known:
    """Names of places and organizations, by their first word: each a tuple of words."""

    by_first: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str]) -> Known:
        """Return these names, prepared for looking them up."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for name in names:
            words = tuple(fold(one[0]) for one in WORD.finditer(name))
            if words:
                found.setdefault(words[0], set()).add(words)
        return cls({first: tuple(sorted(rows, key=len, reverse=True)) for first, rows in found.items()})


def contributed() -> Known:
    """Return every name that the apps above have contributed."""
    return prepared(tuple(name for source in _sources for name in source()))


@cache
def listed(name: str) -> frozenset[str]:
    """Return the words of one of the lists beside this module."""
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_prepared: tuple[tuple[str, ...], Known] = ((), Known())


def prepared(names: tuple[str, ...]) -> Known:
    """Return these names prepared, remembering the last ones."""
    global _prepared
    if _prepared[0] != names:
        _prepared = (names, Known.of(names))
    return _prepared[1]


def several(words: str) -> frozenset[str]:
    """Return the words of a list in one line."""
    return frozenset(words.split())


# --- words ------------------------------------------------------------------------------------------------------------
WORD = re.compile(r"[^\W\d_]+(?:['’\-‐][^\W\d_]+)*")
SENTENCE_ENDS = frozenset(".!?:\n\r•*–—|")
TITLES = several(
    """
    mr mrs ms miss mx dr prof professor sir lady lord rev reverend father sister pc dc ds sgt sergeant inspector
    constable auntie aunty uncle
    """
)
INTRODUCED = several("called named nicknamed aka alias surnamed")
GROUPS = several(
    """
    group groups chat chats server servers channel channels game games app apps page pages club shop café cafe
    programme project site website event party
    """
)
# What only people do, or nearly so, and only after their name.
DOES = several(
    """
    was is has had said says told tells got gets lives lived came went comes goes wants wanted did does hit
    kicked punched stabbed threatened brought carried carries sells sold posted sent attacked robbed started
    hurt ran
    """
)
# Girls are called so; a sentence that begins with one of these is about something else, more often than not.
ABSTRACT = several(
    """
    hope summer autumn faith joy grace patience charity mercy harmony liberty storm dawn art sky chase chance
    river forest will mark bill
    """
)
# Towns, faiths and makes that children are named after as well: only what stands beside them tells.
NAMES_OF_MORE = several(
    "christian roman paris india chelsea victoria london chester preston brooklyn asia vienna florence georgia china mercedes alexa"
)
KIN = several("family families brothers sisters twins household boys girls lads siblings")
PERSON_BEFORE = several(
    """
    pupil pupils student students child boy girl lad friend friends brother sister cousin son daughter mum dad
    mother father teenager victim suspect leader boyfriend girlfriend nephew niece ex
    """
)
MONTHS = several("january february march april may june july august september october november december")
STREETS = several(
    """
    road rd street st avenue ave lane close drive crescent terrace grove way gardens place hill court walk row
    mews rise parade square green
    """
)
LOWER_STREETS = several(
    """
    road rd street avenue ave lane close drive crescent terrace grove square park estate gardens
    """
)
PLACES = STREETS | several(
    """
    park parks estate house school schools academy college primary secondary infants juniors nursery
    university church chapel mosque temple gurdwara synagogue cathedral abbey centre center club library
    leisure pool baths station stop hospital surgery clinic stadium arena theatre cinema mall arcade market
    retail precinct shopping hall bridge tower towers flats wood woods farm fields field common down downs
    dock docks quay harbour wharf island marina junction roundabout viaduct underpass subway path railway
    meads meadow meadows heath moor gate cross corner cottages point ward locality quarter district village
    city county council recreation playground rec gym café cafe restaurant hotel hostel inn arms pub bar lodge
    gallery galleries museum foundation trust project service services team limited ltd youth community sixth
    way bus line circus parade steps yard
    """
)
WHERE = several(
    """
    in near at around towards toward outside behind opposite through across into within beside between past off
    beyond via throughout
    """
)
PARTICLES = several("al el bin bint ibn de da del della di dos van von der den la le mac mc o st ul ur")
ENDINGS = tuple(
    """
    tion tions sion sions ment ments ness ity ities ism isms ing ings ical ically ous ously ive ively able
    ably ible less ful fully ship ships hood ology ologies ence ences ancy ency encies ary aries wise ward
    wards ised ized ising izing isation ization ments
    """.split()
)
# Abbreviations of two or three capitals that are in `ordinary.txt` are nobody; letters that stand for "one child, and another".
STAND_INS = frozenset("ABCXYZ")


def fold(word: str) -> str:
    """Return a word in small letters, without accents and without a possessive ending."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").replace("‐", "-"))
    plain = "".join(one for one in plain if not unicodedata.combining(one)).casefold()
    return plain[:-2] if plain.endswith("'s") else plain.removesuffix("'")


@dataclass(slots=True)
class Word:
    """A word in its sentence."""

    text: str
    key: str
    start: int
    end: int
    begins: bool  # begins a sentence or a line
    covered: bool = False  # part of something that is known, or found already

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()

    @property
    def possessive(self) -> bool:
        return self.text.replace("’", "'").endswith(("'s", "s'"))


def words_in(text: str) -> list[Word]:
    """Return the words of a text, in order."""
    found = []
    begins, last = True, 0
    for one in WORD.finditer(text):
        gap = text[last : one.start()]
        if last:
            ended = any(mark in SENTENCE_ENDS for mark in gap)
            begins = ended and not gap.strip().startswith((",", ";"))
        found.append(Word(one[0], fold(one[0]), one.start(), one.end(), begins))
        last = one.end()
    return found


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return given names, family names and ordinary words."""
    return listed("given_names"), listed("surnames"), listed("ordinary")


def is_ordinary(key: str) -> bool:
    """Tell whether a word, or what it is a form of, is in the list of ordinary words."""
    ordinary = vocabulary()[2]
    if key in ordinary:
        return True
    if "-" in key:
        return all(is_ordinary(part) for part in key.split("-") if part)
    if key in vocabulary()[0]:
        return False
    return any(stem in ordinary for stem in stems(key)) or (len(key) > 6 and key.endswith(ENDINGS))


def stems(key: str) -> Iterator[str]:
    """Yield what a word may be a form of: "carrying" of "carry", "knives" is in the list by itself."""
    for ending, instead in (
        ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ied", "y"), ("ing", ""), ("ing", "e"),
        ("ly", ""), ("ily", "y"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("est", ""), ("ier", "y"),
        ("iest", "y"), ("ness", ""), ("y", ""), ("ish", ""), ("n't", ""), ("'ve", ""), ("'re", ""), ("'ll", ""),
    ):  # fmt: skip
        if key.endswith(ending) and len(key) - len(ending) >= 2:
            stem = key[: len(key) - len(ending)] + instead
            yield stem
            if ending in ("ed", "ing", "er", "ers") and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


def is_given(key: str) -> bool:
    """Tell whether a word, or half of a word with a hyphen, is a given name."""
    given = vocabulary()[0]
    return key in given or ("-" in key and any(part in given and not is_ordinary(part) for part in key.split("-")))


def is_surname(key: str) -> bool:
    """Tell whether a word, or half of a word with a hyphen, is a family name."""
    surnames = vocabulary()[1]
    return key in surnames or ("-" in key and any(part in surnames for part in key.split("-")))


# --- looking ----------------------------------------------------------------------------------------------------------
def find(
    text: str, *, known: Known | None = None, on: date | None = None, kinds: frozenset[Kind] = EVERY_KIND
) -> tuple[Finding, ...]:
    """
    Return what in ``text`` says who somebody is, in order; nothing if nothing does.

    :param known: names of places and organizations; those that the apps have contributed, unless given
    :param on: the day on which it is written, which tells dates of birth from other dates
    """
    if not text.strip():
        return ()
    taken = bytearray(len(text))
    found = [*shapes(text, taken, on=on)]
    words = words_in(text)
    for word in words:
        word.covered = any(taken[word.start : word.end])
    cover_places(words, contributed() if known is None else known, text)
    found += other_scripts(words)
    found += initials(words, text)
    found += names(words, text)
    return tuple(sorted(one for one in found if one.kind in kinds))


# --- shapes: numbers, addresses, accounts -----------------------------------------------------------------------------
APPS = "discord|facebook|instagram|snapchat|tiktok|twitch|twitter|youtube"
SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.EMAIL, re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}")),
    (Kind.HANDLE, re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{1,40}")),
    (
        Kind.HANDLE,
        re.compile(rf"\b(?:{APPS}|fb|x|t)\.(?:com|me|tv|gg)/[\w@./\-]{{2,80}}", re.IGNORECASE),
    ),
    (
        Kind.HANDLE,
        re.compile(rf"\b(?:{APPS}|insta|ig|snap|sc|tt|gamertag|psn|username|handle)\s?[:=]\s?[\w.@\-]{{2,40}}", re.IGNORECASE),
    ),
    (Kind.INSURANCE_NUMBER, re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?(?:\d{2}\s?){3}[A-D]\b", re.IGNORECASE)),
    (Kind.PUPIL_NUMBER, re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b", re.IGNORECASE)),
    (Kind.POSTCODE, re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s{0,3}\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)),
    (Kind.PLATE, re.compile(r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}\s?[A-HJ-PR-Z]{3}\b")),
)  # fmt: skip
TELEPHONE = re.compile(r"0[1-9]\d{8,9}|(?:00)?44[1-9]\d{8,10}")
LONG_NUMBER = re.compile(r"(?<![\w.£])\+?\(?\d(?:[\s\-().]{0,2}\d){8,15}(?!\w)")
SORTED_DATE = re.compile(r"\b(\d{1,4})[./\- ](\d{1,2}|[A-Za-z]{3,9})[./\- ](\d{1,4})\b")
SPOKEN_DATE = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+([A-Za-z]{3,9}),?\s+(\d{4}|'?\d{2})\b", re.IGNORECASE
)
MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.IGNORECASE)
BORN = re.compile(
    r"\b(?:born(?:\s+on)?|d\.?o\.?b\.?|date of birth|birthday(?:\s+is)?(?:\s+on)?)\b\W{0,4}", re.IGNORECASE
)
AFTER_BORN = re.compile(
    r"(?:the\s+)?\d{1,4}(?:st|nd|rd|th)?[\s./\-]{0,2}(?:of\s+)?\w{0,9}[\s./\-]{0,2}\d{0,4}|[A-Za-z]{3,9}\s+\d{1,4}",
    re.IGNORECASE,
)
FLAT = re.compile(r"\b(?:flat|apartment|apt)\s+(?:no\.?\s*)?\d{1,4}[a-z]?\b", re.IGNORECASE)
# A full stop ends a sentence, and with it the address, unless it stands behind a short form such as "St." or "Gt.".
HOUSE = re.compile(
    r"(?<![\w.])(?:no\.?\s?|number\s)?(\d{1,4}[a-z]?),?[^\S\n]"
    r"((?:[^\W\d_](?:[\w'’\-]{1,20}|\w{0,2}\.)[^\S\n]){1,3})([A-Za-z]{2,9})\b",
    re.IGNORECASE,
)


def shapes(text: str, taken: bytearray, *, on: date | None) -> Iterator[Finding]:
    """Yield what is recognized by its shape alone, no two of them over each other; ``taken`` marks their letters."""
    for kind, start, end in (*by_pattern(text), *birth_dates(text, on=on), *addresses(text), *long_numbers(text)):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            yield Finding(start, end, kind, text[start:end])


def by_pattern(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield what one pattern tells."""
    for kind, pattern in SHAPES:
        for one in pattern.finditer(text):
            yield kind, one.start(), one.end()


def long_numbers(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield telephone numbers, NHS numbers and other numbers of nine figures and more."""
    for one in LONG_NUMBER.finditer(text):
        digits = re.sub(r"\D", "", one[0])
        if TELEPHONE.fullmatch(digits):
            kind = Kind.TELEPHONE
        elif len(digits) == 10 and nhs_number(digits):
            kind = Kind.NHS_NUMBER
        else:
            kind = Kind.LONG_NUMBER
        yield kind, one.start(), one.end()


def nhs_number(digits: str) -> bool:
    """Tell whether ten figures have the check figure of an NHS number."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return {11: 0}.get(check, check) == int(digits[9])


def birth_dates(text: str, *, on: date | None) -> Iterator[tuple[Kind, int, int]]:
    """Yield dates that are said to be of birth, and dates with a year in which a child or young person was born."""
    for said in BORN.finditer(text):
        if told := AFTER_BORN.match(text, said.end()):
            yield Kind.BIRTH_DATE, said.start(), told.end()
    if on is None:
        return
    for pattern in (SORTED_DATE, SPOKEN_DATE, MONTH_FIRST):
        for one in pattern.finditer(text):
            if pattern is not SORTED_DATE and not any(part.isalpha() and month_named(part) for part in one.groups()):
                continue
            if pattern is SORTED_DATE and not (one[2].isdigit() or month_named(one[2])):
                continue
            if year_of_birth(one, on=on):
                yield Kind.BIRTH_DATE, one.start(), one.end()


def month_named(word: str) -> bool:
    """Tell whether a word is a month, in full or in three or four letters."""
    return any(month.startswith(word.lower()) for month in MONTHS)


def year_of_birth(one: re.Match[str], *, on: date) -> bool:
    """Tell whether somebody born in the year of this date could be asked for."""
    parts = [part.lstrip("'") for part in one.groups() if part.lstrip("'").isdigit()]
    full = [int(part) for part in parts if len(part) == 4]
    short = [int(part) for part in parts[-1:] if len(part) == 2] if not full else []
    years = full or [year + 2000 if year <= on.year % 100 else year + 1900 for year in short]
    return any(on.year - OLDEST <= year <= on.year - YOUNGEST for year in years)


def addresses(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield a house's number with its street, and flats."""
    for one in HOUSE.finditer(text):
        between = [fold(word) for word in one[2].split()]
        streetlike = one[3].lower().rstrip(".") in STREETS
        if not streetlike:  # "14 Mina Road": the street's word may be among those between
            last = next((n for n, word in enumerate(between) if word.rstrip(".") in STREETS and n), None)
            if last is None:
                continue
            between = between[:last]
            end = one.start(2) + len(" ".join(one[2].split()[: last + 1]))
        else:
            end = one.end()
        named = one[2][0].isupper() or not all(is_ordinary(word) for word in between)
        if named and between[0] not in UNITS:
            yield Kind.ADDRESS, one.start(), end
    for one in FLAT.finditer(text):
        yield Kind.ADDRESS, one.start(), one.end()


# What follows a number that counts something: "20 pupils Park Street" is no address.
UNITS = several(
    """
    pupils students children boys girls people times minutes hours days weeks months years incidents fights
    reports calls pm am to on and or of at in from the metres miles young
    """
)


# --- places -----------------------------------------------------------------------------------------------------------
def cover_places(words: list[Word], known: Known, text: str) -> None:
    """Cover the words that name a known place or organization, or a street, a building, a saint's church."""
    place = 0
    while place < len(words):
        length = known_at(words, place, known) or saint_at(words, place) or named_place_at(words, place, text)
        for word in words[place : place + length]:
            word.covered = True
        place += length or 1


def known_at(words: list[Word], place: int, known: Known) -> int:
    """Return how many words from here on are the name of a known place; 0 if none."""
    for name in known.by_first.get(words[place].key, ()):
        told = words[place : place + len(name)]
        if tuple(word.key for word in told) != name or any(word.covered for word in told):
            continue
        if len(name) > 1:
            return len(name)
        if is_given(name[0]):  # a ward and a girl may share a name: then the sentence has to speak of a place
            return int(speaks_of_place(words, place))
        return 1
    return 0


def speaks_of_place(words: list[Word], place: int) -> bool:
    """Tell whether the sentence around one word is about a place."""
    word = words[place]
    before = words[place - 1].key if place and not word.begins else ""
    after = words[place + 1] if place + 1 < len(words) and not words[place + 1].begins else None
    if word.possessive or (after and after.key in DOES and before not in WHERE):
        return False
    follows = after is not None and after.capital and is_surname(after.key) and after.key not in PLACES
    return not follows and (before in WHERE or before in ("of", "from") or (after is not None and after.key in PLACES))


def saint_at(words: list[Word], place: int) -> int:
    """Return how many words are "St Paul's" or "Saint Mary Redcliffe"; 0 if none."""
    if words[place].key not in ("st", "saint", "sts") or not words[place].capital or place + 1 == len(words):
        return 0
    length = 1
    while length < 4 and place + length < len(words) and words[place + length].capital:
        if words[place + length].begins and words[place].text != "St":
            break
        length += 1
        if words[place + length - 1].possessive:
            break
    return length if length > 1 else 0


def named_place_at(words: list[Word], place: int, text: str) -> int:
    """Return how many words are a name that ends in what it is: "Mina Road", "Castle Park"; 0 if none."""
    first = words[place]
    if first.covered or first.possessive or first.key in TITLES:
        return 0
    after = words[place + 1] if place + 1 < len(words) else None
    if not first.capital:  # "mina road", as people type it on a telephone
        road = after is not None and after.key in LOWER_STREETS and not after.capital and not after.covered
        return 2 if road and after and together(first, after, text) and not is_ordinary(first.key) else 0
    for length in range(1, 4):
        if place + length >= len(words):
            return 0
        word = words[place + length]
        if word.covered or not together(words[place + length - 1], word, text):
            return 0
        if word.key in ("st", "saint") and place + length + 1 < len(words) and words[place + length + 1].capital:
            return 0
        if word.key in PLACES and (word.capital or word.key in LOWER_STREETS):
            return length + 1
        if not word.capital and word.key not in ("and", "of"):
            return 0
    return 0


def together(one: Word, other: Word, text: str) -> bool:
    """Tell whether two words stand side by side, with no more than a space or a hyphen between them."""
    return text[one.end : other.start] in (" ", "-", ". ", "\u00a0")


# --- people -----------------------------------------------------------------------------------------------------------
def other_scripts(words: list[Word]) -> Iterator[Finding]:
    """Yield words that are written in other letters than ours: no list here knows a name among them."""
    for word in words:
        if not word.covered and not all(latin(letter) for letter in word.text):
            word.covered = True
            yield Finding(word.start, word.end, Kind.SCRIPT, word.text)


@cache
def latin(letter: str) -> bool:
    """Tell whether a letter is of the Latin alphabet, with or without accents."""
    return not letter.isalpha() or "LATIN" in unicodedata.name(letter, "") or letter in "ªº"


DOTTED = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?){2,3}(?:[A-Z]\b\.?)?(?=\W|$)|(?<![\w.])[A-Z]\.\s?(?=[A-Z][a-z])")


def initials(words: list[Word], text: str) -> Iterator[Finding]:
    """Yield capitals that stand for a person: "J.M.", "KM was hurt", "pupil J"."""
    for place, word in enumerate(words):
        if word.covered or not word.text.isupper() or (is_ordinary(word.key) and len(word.text) > 1):
            continue
        before = words[place - 1] if place else None
        after = words[place + 1] if place + 1 < len(words) else None
        near = text[word.start - 1 : word.start] + text[word.end : word.end + 1]
        if re.search(r"[\d&/]", near):
            continue
        of_person = before is not None and before.key in PERSON_BEFORE
        does = after is not None and after.key in DOES
        dotted = len(word.text) == 1 and DOTTED.match(text, word.start)
        if dotted and not is_abbreviation(text[word.start : word.start + 4]):
            end, onward = dotted.end(), place
            while onward < len(words) and words[onward].start < end:
                words[onward].covered = True
                onward += 1
            follows = words[onward] if onward < len(words) else None
            if follows and follows.start - end <= 1 and follows.capital and may_be_family(follows):
                end, follows.covered = follows.end, True
            yield Finding(word.start, end, Kind.INITIALS, text[word.start : end].strip())
        elif len(word.text) == 1:
            if of_person and word.text not in STAND_INS and word.text != "I":
                word.covered = True
                yield Finding(word.start, word.end, Kind.INITIALS, word.text)
        elif (len(word.text) == 2 or (len(word.text) == 3 and (of_person or does))) and not all_shouted(words, place):
            word.covered = True
            yield Finding(word.start, word.end, Kind.INITIALS, word.text)


def may_be_family(word: Word) -> bool:
    """Tell whether a word may be a family name: one that is known, or one that is no ordinary word."""
    return is_surname(word.key) or not is_ordinary(word.key)


def is_abbreviation(text: str) -> bool:
    """Tell whether dotted capitals are an abbreviation: "U.K.", "P.E."."""
    return is_ordinary(re.sub(r"[^A-Za-z]", "", text).lower())


def all_shouted(words: list[Word], place: int) -> bool:
    """Tell whether a word stands among others that are written in capitals throughout."""
    around = [*words[max(0, place - 2) : place], *words[place + 1 : place + 3]]
    return bool(around) and all(one.text.isupper() for one in around)


def names(words: list[Word], text: str) -> Iterator[Finding]:
    """Yield names of people, each as far as it goes."""
    place = 0
    while place < len(words):
        if words[place].covered or not is_name(words, place, text):
            place += 1
            continue
        end = place + 1
        while end < len(words) and goes_on(words, end, text):
            end += 1
        yield Finding(words[place].start, words[end - 1].end, Kind.NAME, text[words[place].start : words[end - 1].end])
        for word in words[place:end]:
            word.covered = True
        place = end


def is_name(words: list[Word], place: int, text: str) -> bool:
    """Tell whether a name begins with this word."""
    word = words[place]
    if len(word.key) < 2:
        return False
    if introduced(words, place, text):
        return True
    after = words[place + 1] if place + 1 < len(words) and together(word, words[place + 1], text) else None
    given, ordinary = is_given(word.key), is_ordinary(word.key)
    if word.key in MONTHS:
        return word.capital and given and family_follows(after) and not (after and is_ordinary(after.key))
    if given and not ordinary:
        return word.capital or len(word.key) > 3
    if not word.capital or (word.shouted and (not given or all_shouted(words, place))):
        return False
    before = words[place - 1] if place and not word.begins else None
    if given:
        return written_like_a_name(words, place, before, after)
    if before is not None and after is not None and after.key in KIN:
        return is_surname(word.key) or not ordinary
    return not ordinary and stands_like_a_name(word, before, after)


def family_follows(after: Word | None) -> bool:
    """Tell whether the next word may be a family name."""
    if after is None or not after.capital or after.covered:
        return False
    return is_surname(after.key) or not (is_ordinary(after.key) or after.shouted)


def written_like_a_name(words: list[Word], place: int, before: Word | None, after: Word | None) -> bool:
    """Tell whether a capitalized word that is a given name and an ordinary word, too, is meant as a name here."""
    word = words[place]
    if word.key in NAMES_OF_MORE:
        of_person = before is not None and before.key in PERSON_BEFORE
        return family_follows(after) or word.possessive or of_person or (after is not None and after.key in DOES)
    if before is None:
        return family_follows(after) or does_something(words, place, after)
    return not titled(words, place) and before.key not in WHERE and before.key != "the"


def stands_like_a_name(word: Word, before: Word | None, after: Word | None) -> bool:
    """Tell whether a capitalized word that nobody knows stands where a name would, and not where a place would."""
    if before is None:
        return family_follows(after) or (after is not None and after.key in DOES and not word.key.endswith("s"))
    if is_surname(word.key) or word.possessive:
        return True
    return before.key != "the" and (before.key not in WHERE or family_follows(after))


def does_something(words: list[Word], place: int, after: Word | None) -> bool:
    """Tell whether the next words say what somebody does, of a word that begins a sentence and may be no name."""
    if after is None or after.key not in DOES or after.capital:
        return False
    if words[place].key in ABSTRACT and after.key in ("is", "was", "has", "had", "comes", "came", "goes", "started"):
        then = words[place + 2].key if place + 2 < len(words) else ""
        return then in ("hurt", "there", "scared", "seen", "here") or (then.endswith("ed") and then != "needed")
    return True


def introduced(words: list[Word], place: int, text: str) -> bool:
    """Tell whether the words before say that a name follows: "Mr", "called", "known as"."""
    word = words[place]
    if not place or (is_ordinary(word.key) and not (word.capital and not word.begins)):
        return False
    before = words[place - 1]
    gap = text[before.end : word.start]
    if not set(gap) <= set(" .,:'\"“”‘’\t\u00a0"):
        return False
    if before.key in TITLES and (before.capital or before.key in ("mr", "mrs", "ms", "mx", "dr")):
        return word.capital or not is_ordinary(word.key)
    if before.key in INTRODUCED:
        earlier = words[place - 2].key if place > 1 else ""
        return earlier not in GROUPS and not is_ordinary(word.key)
    return before.key == "as" and place > 1 and words[place - 2].key == "known" and not is_ordinary(word.key)


def titled(words: list[Word], place: int) -> bool:
    """Tell whether a capital says little, because the words beside it have one too and are ordinary: "Head Of Year"."""
    beside = [*words[max(0, place - 1) : place], *words[place + 1 : place + 2]]
    return len(beside) > 0 and all(one.capital and is_ordinary(one.key) and not one.begins for one in beside)


def goes_on(words: list[Word], place: int, text: str) -> bool:
    """Tell whether a name goes on with this word."""
    word = words[place]
    if word.covered or not together(words[place - 1], word, text) or words[place - 1].possessive:
        return False
    if word.key in PARTICLES and place + 1 < len(words):
        return words[place + 1].capital and together(word, words[place + 1], text)
    if word.capital:
        return is_surname(word.key) or is_given(word.key) or not is_ordinary(word.key)
    return is_surname(word.key) and not is_ordinary(word.key)
