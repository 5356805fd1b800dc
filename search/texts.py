"""From what somebody typed to what the text must say: folding, stop words, synonyms. Every engine gets the same result."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from search.gender import Gender, gender_of, without_gender
from search.queries import Words
from search.stems import stem, stemmed

# Longer texts are cut, and the page says so.
LONGEST = 200
MOST_WORDS = 12
# More codes than the vocabularies have; the word of each stays remembered.
MOST_CODES = 2_000
# Words that say nothing about a service; with nothing else typed they are kept.
SMALL = frozenset(
    "a able about activities activity actually after again against ago all almost along already also always am among an and"
    " another any anybody anyone anything are arent around as ask asked asking asks at away back bad be because been before"
    " being below best better between big bit both bring bringing but by came can cannot cant child children come comes"
    " coming cos could couldnt coz daughter daughters did didnt do does doesnt done dont down during each else enough"
    " especially even ever every everybody everyone everything except find finds for found from further gave get gets"
    " getting give given gives giving go goes going gone got great had hadnt happen happened happening happens has hasnt"
    " have havent having he hed help helps hence her here heres hers herself hes him himself his how however i if im in"
    " instead into is isnt issue issues it its itself ive just keep keeping keeps kept kid kids kind know known knows last"
    " lately later least left less let lets like little long looking looks lot lots made make makes making many may maybe me"
    " means meant member members might mine more most much must my myself near need needed needing needs never new next no"
    " nobody none nor not nothing now of off often ok old on once one ones only onto or other others otherwise our ours"
    " ourself ourselves out over past people per perhaps person please plus problem problems project put puts putting quite"
    " rather really refer referral referrals referred right said same saw say saying says see seeing seem seems seen service"
    " services set several shall she shes should shouldnt since situation so some somebody someone something somewhere son"
    " sons soon sort speak speaking speaks start started starts still such support sure take takes taking teenager teenagers"
    " tell telling tells than thank thanks that thats the their them themself themselves then there theres these they theyd"
    " theyll theyre theyve thing things think thinking thinks this those though thought through thus till to together told"
    " tomorrow too took toward towards tried try trying two under unless until up upon us use used user users uses using"
    " usually very via want wanted wanting wants was wasnt way we went were werent weve what whatever whats when where"
    " whereas whether which while who whoever whole whom whos whose why will with within without wont would wouldnt wrong"
    " year years yes yet you youd youll young your youre yours yourself".split()
)
# Between the words of a phrase they change nothing.
FILLING = frozenset("a all an any both her his its my our some that the their these this those two your".split())
# Words that are shorter when they are written as one might be others.
SHORTEST_JOINED = 6
# The last of all characters: what begins so comes before it.
LAST_LETTER = "\U0010ffff"
# An age is asked for beside the words; within them it would only have to be written in a service's own.
AGES = frozenset(str(number) for number in range(100))
# Of what is understood as an age: with a word for it, as a year of school, or alone where it is likely to be one.
OLDEST, LIKELY_AGES = 25, range(8, 26)
COUNTED = "days? hours? meetings? miles? minutes? months? people pm am sessions? times weeks?".replace(" ", "|")
AGE = re.compile(
    r"(?:aged? )?(?P<old>\d\d?) ?(?:yos?|y o|yrs?|years?)(?: olds?| of age)?\b"
    r"|aged? (?P<aged>\d\d?)\b"
    r"|(?:y|yr|year) ?(?P<year>\d\d?)s?\b"
    rf"|(?P<alone>\d\d?)\b(?! (?:{COUNTED})\b)"
)
# Who is in year 9 was 13 when it began.
BEFORE_SCHOOL, LAST_YEAR = 4, 13
QUOTED = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]")
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|legacy-[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Synonym:
    """What people type, what it stands for, and what is said about the word."""

    word: str
    expands_to: tuple[str, ...]
    note: str = ""


class Synonyms(dict[str, Synonym]):
    """
    Synonyms by their folded word; any form of the word is explained by it, unless that form has a synonym of its own.

    What stands between its parts ("found in her bag") or does not ("youthclub") makes no other word of it.
    """

    def __init__(self, of: Mapping[str, Synonym]) -> None:
        super().__init__(of)
        # Of two words with one stem, what comes first stays: "criminal exploitation" and "criminally exploited" mean one thing.
        self._by_stem = {stemmed(word): synonym for word, synonym in reversed(list(of.items()))}
        self._joined = {word.replace(" ", ""): synonym for word, synonym in of.items() if len(word) > SHORTEST_JOINED}
        self._with_part: dict[str, list[Synonym]] = {}
        for word, synonym in of.items():
            for part in word.split() if " " in word else ():
                if part not in SMALL and part not in AGES:
                    self._with_part.setdefault(stem(part), []).append(synonym)
        self.parts = frozenset(part for word in of for part in word.split())
        # one more: something may stand between the parts of the longest
        self.longest = max((len(word.split()) for word in of), default=1) + 1

    def of(self, phrase: str) -> Synonym | None:
        """Return what a folded phrase stands for, None if nobody has said."""
        if found := self.get(phrase):
            return found
        if phrase in SMALL:  # "out" is no form of "outed"
            return None
        if found := self._by_stem.get(stemmed(phrase)):
            return found
        first, *between = phrase.split()
        if len(between) > 1 and not FILLING.isdisjoint(between[:-1]):
            last = between.pop()
            kept = [first, *(word for word in between if word not in FILLING), last]
            return self._by_stem.get(stemmed(" ".join(kept)))
        return None if between else self._joined.get(phrase)

    def hinted(self, word: str) -> tuple[str, ...]:
        """Return what a word that nobody has explained alone probably stands for: what at least half of the phrases with it do."""
        phrases = () if word in SMALL else self._with_part.get(stem(word), ())
        told = Counter(part for synonym in phrases for part in synonym.expands_to)
        return tuple(part for part, times in told.items() if times * 2 >= len(phrases))


@dataclass(frozen=True, slots=True)
class Read:
    """
    A text as it was understood.

    ``age`` and ``place`` are the one age and the one place that it names; ``ageless`` is the text without its ages.
    ``gender`` says whether it is about a girl or a boy.
    """

    words: tuple[Words, ...]
    notes: tuple[str, ...]
    cut: bool
    age: int | None = None
    place: str = ""
    ageless: str = ""
    gender: Gender | None = None


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


def read(
    text: str,
    synonyms: Synonyms,
    codes: Iterable[str] = (),
    *,
    aside: Collection[str] = (),
    small: frozenset[str] = frozenset(),
    places: Collection[str] = (),
    guesses: bool = True,
) -> Read:
    """
    Return what the text must say: one `Words` for each word, with its synonyms as alternatives; one for each quoted phrase.

    Ages and places are no words of it.

    :param codes: codes that are known; an expansion that is not one of them is searched as words
    :param aside: those of them that say for whom or when a service is
    :param small: further words that say nothing here, such as the city's own name
    :param places: the folded names of places
    :param guesses: whether a word that nobody has explained alone may stand for something
    """
    reading = _Reading(synonyms, frozenset(codes), aside, places, guesses)
    left, unquoted = MOST_WORDS, []
    for part, is_quoted in parts_of(text[:LONGEST]):
        words = folded(part).split()[:left]
        left -= len(words)
        if is_quoted and words:
            reading.found.append(Words(any_of=(" ".join(words),), quoted=True))
            reading.ageless.append(f'"{" ".join(words)}"')
        else:
            unquoted.append(" ".join(words))
            reading.add(words)
    kept = [
        one for one in reading.found if one.quoted or one.codes or not (SMALL | AGES | small).issuperset(one.any_of)
    ]
    ages, named = set(reading.ages), list(dict.fromkeys(reading.places))
    if len(named) > 1:  # nobody lives in two
        kept += [Words(any_of=(name,)) for name in named]
    return Read(
        words=tuple(kept or (() if ages or named else reading.found)),
        notes=tuple(dict.fromkeys(reading.notes)),
        cut=len(text) > LONGEST,
        age=ages.pop() if len(ages) == 1 else None,
        place=named[0] if len(named) == 1 else "",
        ageless=" ".join(reading.ageless),
        gender=gender_of(unquoted),
    )


def parts_of(text: str) -> list[tuple[str, bool]]:
    """Return the text in parts, and of each whether it stood between quotation marks; one mark alone is none."""
    pieces = QUOTED.split(text)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece.strip()]


def genderless(text: str) -> str:
    """Return the text without the words that say of whom it is, but for those that are quoted."""
    return with_unquoted(text[:LONGEST], lambda part: without_gender(folded(part)))


def with_unquoted(text: str, change: Callable[[str], str]) -> str:
    """Return the text with everything that is not quoted changed; what is quoted stays as it is."""
    parts = [f'"{part}"' if is_quoted else change(part) for part, is_quoted in parts_of(text)]
    return " ".join(filter(None, parts))


class _Reading:
    """Words that are read one after the other, and what they have said so far."""

    def __init__(
        self,
        synonyms: Synonyms,
        known: frozenset[str],
        aside: Collection[str],
        places: Collection[str],
        guesses: bool,
    ) -> None:
        self.synonyms, self.known, self.aside, self.names, self.guesses = synonyms, known, aside, places, guesses
        self.longest = max((len(name.split()) for name in places), default=0)
        self.found: list[Words] = []
        self.notes: list[str] = []
        self.ages: list[int] = []
        self.places: list[str] = []
        self.ageless: list[str] = []

    def add(self, rest: list[str]) -> None:
        """Read words: of what begins with each, the longest synonym, else the longest name of a place, else an age."""
        while rest:
            size = self._synonym(rest) or self._place(rest)
            if not size and (aged := AGE.match(" ".join(rest))) and (age := age_of(aged)) is not None:
                self.ages.append(age)
                rest = rest[len(aged[0].split()) :]
                continue
            if not size:
                size = 1
                probably = self.synonyms.hinted(rest[0]) if self.guesses else ()
                told = alternatives(rest[0], Synonym(rest[0], probably), self.known)
                self.found.append(replace(told, aside=told.explained))
            self.ageless += rest[:size]
            rest = rest[size:]

    def _synonym(self, rest: list[str]) -> int:
        """Add what the longest synonym stands for and return of how many words it is, 0 if nothing is one."""
        for size in range(min(self.synonyms.longest, len(rest)), 0, -1):
            phrase = " ".join(rest[:size])
            if synonym := self.synonyms.of(phrase):
                told = alternatives(phrase, synonym, self.known)
                self.found.append(replace(told, aside=any(code in self.aside for code in told.codes)))
                if synonym.note:
                    self.notes.append(synonym.note)
                return size
        return 0

    def _place(self, rest: list[str]) -> int:
        """Add the place of the longest name and return of how many words it is, 0 if nothing is one."""
        for size in range(min(self.longest, len(rest)), 0, -1):
            if (name := " ".join(rest[:size])) in self.names:
                self.places.append(name)
                return size
        return 0


def age_of(aged: re.Match[str]) -> int | None:
    """Return the age that is told, None if it is hardly one."""
    if aged["year"]:
        year = int(aged["year"])
        return year + BEFORE_SCHOOL if 0 < year <= LAST_YEAR else None
    if aged["alone"]:
        return age if (age := int(aged["alone"])) in LIKELY_AGES else None
    return age if (age := int(aged["old"] or aged["aged"])) <= OLDEST else None


def alternatives(phrase: str, synonym: Synonym, known: Collection[str]) -> Words:
    """Return the phrase itself, and what it stands for."""
    codes = tuple(part for part in synonym.expands_to if part in known or CODE.fullmatch(part))
    others = tuple(folded(part) for part in synonym.expands_to if part not in codes)
    return Words(any_of=(phrase, *(other for other in others if other)), codes=codes)


@lru_cache(maxsize=MOST_CODES)
def code_word(code: str) -> str:
    """Return a code as one word that nobody types and no engine takes apart."""
    return "kw" + re.sub(r"[^a-z0-9]", "", code)
