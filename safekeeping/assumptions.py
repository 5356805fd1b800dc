"""
The figures and words that somebody had to judge: deadlines, limits, weights. Each is declared once, with its bounds.

What a figure means stays in the code; how large it is may be changed by a steward, with a reason and a date
(`safekeeping.assumed` keeps the changes). Nothing here knows of rows or Django: rules without rows take their numbers as
an argument, and their defaults are what is declared. What guards the door (passwords, second factors, sessions, limits
on guessing) is no assumption and is never here: it is changed by a release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

DEFAULT_SOURCE = "Default, until the partnership decides otherwise"
LONGEST_TEXT = 400


class Kind(StrEnum):
    """What a value is, and the unit that is shown behind it."""

    WORKING_DAYS = "working days"
    WORKING_HOURS = "working hours"
    DAYS = "days"
    HOURS = "hours"
    YEARS = "years"
    MONTHS = "months"
    POUNDS = "pounds"
    PERCENT = "per cent"
    METRES = "metres"
    MILES = "miles"
    NUMBER = ""
    TEXT = "words"


class Counts(StrEnum):
    """From when a changed value counts."""

    FROM_THEN = "from_then"  # what has begun keeps the date or figure that it was given
    AT_ONCE = "at_once"  # it is looked at each time


@dataclass(frozen=True, slots=True)
class Assumption:
    """
    One judgement. ``least`` and ``most`` bound a number, or the characters of a text.

    ``shown_on`` names, in the words of the screens, where people meet it.
    """

    key: str
    group: str
    words: str
    kind: Kind
    default: int | str
    least: int
    most: int
    shown_on: tuple[str, ...]
    source: str = DEFAULT_SOURCE
    counts: Counts = Counts.FROM_THEN

    @property
    def number(self) -> int:
        """The value in force, of everything but a text."""
        found = value(self.key)
        assert isinstance(found, int)
        return found

    @property
    def text(self) -> str:
        """The words in force."""
        return str(value(self.key))

    @property
    def span(self) -> timedelta:
        """The value in force as calendar time."""
        assert self.kind in (Kind.DAYS, Kind.HOURS), f"{self.key} is not calendar time"
        return timedelta(hours=self.number) if self.kind is Kind.HOURS else timedelta(days=self.number)

    def told(self, number: int | str) -> str:
        """Return ``number`` with its unit: "1 working day", "£50", "20 per cent"."""
        if self.kind is Kind.POUNDS:
            return f"£{number}"
        if self.kind in (Kind.TEXT, Kind.NUMBER):
            return str(number)
        unit = self.kind.removesuffix("s") if number == 1 and self.kind is not Kind.PERCENT else self.kind
        return f"{number} {unit}"

    def trouble(self, typed: int | str) -> str:
        """Say what is wrong with a value, "" if nothing is."""
        if self.kind is Kind.TEXT:
            if not self.least <= len(str(typed).strip()) <= self.most:
                return f"Write between {self.least} and {self.most} characters"
            return ""
        if not isinstance(typed, int):
            return "Enter a whole number"
        if not self.least <= typed <= self.most:
            return f"Enter a number from {self.least} to {self.most}"
        return ""


REGISTRY: dict[str, Assumption] = {}
Source = Callable[[], Mapping[str, str]]
_read: Source = dict  # until somebody tells where changes are kept, every value is its default


class NotDeclared(Exception):
    """No assumption has that key, or two want it, or its default is outside its own bounds."""


def declare(
    key: str,
    group: str,
    words: str,
    kind: Kind,
    default: int | str,
    *,
    least: int,
    most: int,
    shown_on: tuple[str, ...],
    source: str = DEFAULT_SOURCE,
    counts: Counts = Counts.FROM_THEN,
) -> Assumption:
    """
    Enter an assumption.

    :raises NotDeclared: if the key is taken, or the default breaks the bounds
    """
    one = Assumption(key, group, words, kind, default, least, most, shown_on, source, counts)
    if key in REGISTRY:
        raise NotDeclared(f"two assumptions are called {key!r}")
    if trouble := one.trouble(default):
        raise NotDeclared(f"the default of {key!r} is refused: {trouble}")
    REGISTRY[key] = one
    return one


def read_from(source: Source) -> None:
    """Tell where the changed values are: key → value as it was written down."""
    global _read
    _read = source


def value(key: str) -> int | str:
    """
    Return the value in force: the last change, or the default.

    A change that the bounds do not allow any more (they were narrowed by a release) is passed over.

    :raises NotDeclared: if there is no such assumption
    """
    if key not in REGISTRY:
        raise NotDeclared(f"no assumption is called {key!r}")
    one = REGISTRY[key]
    written = _read().get(key)
    return one.default if written is None else parsed(one, written)


def parsed(one: Assumption, written: str) -> int | str:
    """Return what was written down as a value; the default if it is none that is allowed today."""
    if (one.kind is not Kind.TEXT and not written.isascii()) or not written:
        return one.default
    typed: int | str = written if one.kind is Kind.TEXT or not written.isdigit() else int(written)
    return one.default if one.trouble(typed) else typed


SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(key: str) -> str:
    """Return the value in force as it stands in a sentence: "two working days", "30 days"."""
    one = REGISTRY[key]
    number = one.number
    said = SMALL[number] if number < len(SMALL) else str(number)
    return one.told(number).replace(str(number), said, 1)
