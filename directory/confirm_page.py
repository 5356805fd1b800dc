"""
What the page behind a provider's e-mail shows: the figures and words that were asked about, and which wait for an answer.

Whoever holds the link sees it, so it names an organization and its services, and no person, request or child.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from directory import assumptions, links, places, words_asked
from directory.availability import LONDON
from directory.forms import PlacesForm, form_for
from directory.freshness import Freshness
from directory.models import CapacityPool, ConfirmationLink
from directory.places import PoolLine
from directory.words_asked import Entry


@dataclass(frozen=True, slots=True)
class Figure:
    """One pool: what is said of it now, whether that still waits for an answer, and the form to change it."""

    line: PoolLine
    form: PlacesForm
    said: str
    waits: bool
    is_open: bool

    @property
    def can_be_right(self) -> bool:
        """Whether it is offered to say so: once said, it is not asked again."""
        return self.waits and self.line.can_be_right


@dataclass(frozen=True, slots=True)
class Words:
    """The words about one service, or about the organization, and whether they still wait for an answer."""

    entry: Entry
    waits: bool


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """The page as a whole."""

    organization: str
    sent_at: datetime
    works_until: datetime
    figures: tuple[Figure, ...]
    words: tuple[Words, ...]
    yes: str

    @property
    def done(self) -> bool:
        return not (any(one.waits for one in self.figures) or any(one.waits for one in self.words))

    @property
    def alone(self) -> bool:
        """Whether it is about one thing, for which the one big button is enough."""
        return len(self.figures) + len(self.words) == 1

    @property
    def failed(self) -> PlacesForm | None:
        """The form whose answers were not taken, if there is one."""
        return next((figure.form for figure in self.figures if figure.form.errors), None)


def page_of(link: ConfirmationLink, *, at: datetime, typed: Mapping[UUID, PlacesForm] | None = None) -> ConfirmPage:
    """Return the page; ``typed`` are forms that come back with what was typed."""
    pools = {pool.pk: pool for pool in links.pools_of(link, at=at)}
    lines = places.lines_about(pools, organization_id=link.asking.organization_id, at=at)
    figures = tuple(
        figure_of(line, pools[line.id], link, number=number, form=(typed or {}).get(line.id), at=at)
        for number, line in enumerate(lines, start=1)
    )
    today = at.astimezone(LONDON).date()
    words = tuple(
        Words(entry, words_asked.waits(entry, on=today, ahead=assumptions.WORDS_ASKED_AHEAD.span))
        for entry in links.entries_of(link.asking, at=at)
    )
    right = [figure.line.name for figure in figures if figure.can_be_right]
    right += [one.entry.name for one in words if one.waits]
    return ConfirmPage(
        organization=link.asking.organization.name,
        sent_at=link.sent_at,
        works_until=link.expires_at,
        figures=figures,
        words=words,
        yes=places.yes_words(len(right), of=len(figures) + len(words), name=right[0] if right else ""),
    )


def figure_of(
    line: PoolLine, pool: CapacityPool, link: ConfirmationLink, *, number: int, form: PlacesForm | None, at: datetime
) -> Figure:
    """Return one pool of the page."""
    said_since = line.said_at is not None and line.said_at >= link.sent_at and line.freshness != Freshness.LATE
    return Figure(
        line=line,
        form=form or form_for(pool).of(pool, auto_id=f"figure-{number}-%s"),
        said=said_words(line, at=at),
        waits=not said_since and line.paused_at is None,
        is_open=form is not None,
    )


def said_words(line: PoolLine, *, at: datetime) -> str:
    """Return when the provider said or paused it; on the same day with the time: "You said so today at 10:42"."""
    deed, when = ("You paused it", line.paused_at) if line.paused_at else ("You said so", line.said_at)
    if when is None:
        return line.said_by_you
    then, now = when.astimezone(LONDON), at.astimezone(LONDON)
    if then.date() == now.date():
        return f"{deed} today at {then:%H:%M}"
    return f"{deed} on {then:%A} {then.day} {then:%B}"
