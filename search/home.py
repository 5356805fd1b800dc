"""
The first page's words: what the software says, and what an app above lets stewards say instead.

The search box, the ways in and whom to call are in the template: no words take them away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from django.urls import NoReverseMatch, reverse

from safekeeping import policy
from safekeeping.assumptions import in_words
from safekeeping.policy import Hat


@dataclass(frozen=True, slots=True)
class Step:
    """One step of what happens when somebody asks."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class HomeWords:
    """What the page says around the search box; ``blocks`` are anything that a template can include below the rest."""

    heading: str = ""
    lead: str = ""
    steps_heading: str = ""
    steps: tuple[Step, ...] = ()
    promise_heading: str = ""
    promise: str = ""
    blocks: tuple[Any, ...] = ()

    def completed(self) -> HomeWords:
        """Return the same, with the software's own words where nothing is said."""
        own = ours()
        return HomeWords(**{one.name: getattr(self, one.name) or getattr(own, one.name) for one in fields(self)})


OURS = HomeWords(
    heading="What would help, and where?",
    lead="Mentors, youth projects, school workers, parents’ groups and training, for children and places affected by "
    "harm outside the home.",
    steps_heading="What happens when you ask",
    steps=(
        Step(
            "You answer a few safety questions",
            "If a child is in danger, or has been harmed, we take you to the right number first.",
        ),
        Step(
            "A coordinator reads it",
            "A named person, within {triage}. You can see where it has got to at any time.",
        ),
        Step(
            "They find the best fit",
            "Starting with what the child wants. The provider sees no name until they have said yes.",
        ),
        Step(
            "Support starts, or you hear why not",
            "If there is a wait, we say how long, and what can happen in the meantime.",
        ),
    ),
    promise_heading="Every place is dated",
    promise="Each provider tells us how many places are free, and we ask again before a number grows old. Next to every "
    "number you see when they last said so. When they haven’t, we say that too.",
)
TRIAGE = "deadline.triage"


def ours() -> HomeWords:
    """Return the software's own words with the time that is promised now."""
    triage = in_words(TRIAGE)
    return replace(OURS, steps=tuple(Step(one.title, one.words.replace("{triage}", triage)) for one in OURS.steps))


_sources: list[Callable[[], HomeWords | None]] = []


def said_by(source: Callable[[], HomeWords | None]) -> None:
    """Ask ``source`` for the words at every look; it may answer with None."""
    if source not in _sources:
        _sources.append(source)


def words() -> HomeWords:
    """Return what the page says now."""
    for source in _sources:
        if (said := source()) is not None:
            return said.completed()
    return ours()


def doors(hat: Hat | None) -> Iterable[tuple[str, str, str]]:
    """Yield the ways in from the home page: title, address, words; those whose address exists, and is for this hat."""
    all_doors = [
        (
            "I work with a child or family",
            "search:find",
            "Look first. Sign in only when you want to ask for support, for a child, a school, a group or a park.",
        ),
        (
            "I want to learn",
            "training:home",
            "Sessions by date, in rooms and online. Book a seat and get it into your calendar.",
        ),
        ("I run a service", "directory:for_providers", "For providers: say how many places you have. Answer an offer."),
        ("I coordinate support", "brokering:desk", "Your desk: what is late, and what is due today."),
    ]
    for title, name, words in all_doors:
        if (url := _address(name)) and policy.is_for(name, hat):
            yield title, url, words


def _address(name: str) -> str:
    """Return a route's address, "" where no app has brought it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
