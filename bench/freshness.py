"""
A year of 200 providers with different habits, asked by the ladder as it is: how much of the catalogue is confirmed in time.

    python -m bench.freshness [providers] [seed]

The questions "what is due", "what comes along" and "which e-mail is it time for" are those of `directory.freshness` and
`directory.assurance`, asked every hour of working time of a year with its bank holidays. Who answers when is made up
(`HABITS`), and the same throws of the dice are used for every regime:

* `nobody_asks`: providers confirm only when they think of it themselves (`BY_ITSELF`);
* `one_email`: as well, one e-mail when something is due, and no more until that is answered;
* `ladder`: as well, again after two and five days, after a week somebody rings, and an address that returns letters is
  replaced within ten working days.

Prints one JSON line. `confirmed` is the share of figures and words within their limit at noon, the mean over all days and
the worst day, once the first 30 days, in which everything begins as fresh, are over.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PROVIDERS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261116
BEGINS = date(2026, 1, 5)
DAYS = 365
SETTLE = 30
# Which e-mail of a round gets an answer (3: only a call does, 4: nothing does), with how many in a hundred do so.
HABITS = {"at_once": (0, 35), "second_nudge": (1, 25), "third_nudge": (2, 15), "when_rung": (3, 18), "never": (4, 7)}
# After how many days, more or less, each thinks of it by itself.
BY_ITSELF = {"at_once": 20, "second_nudge": 40, "third_nudge": 60, "when_rung": 90, "never": None}
BOUNCING = 0.05  # of all providers, at some day of the year
REPLACED_AFTER_WORKING_DAYS = 10
# How many days a figure is believed (FRESH_DAYS), and of a hundred pools how many are of that kind.
LIMITS = {7: 60, 14: 15, 30: 10, 90: 10, 180: 5}
HOLIDAYS = (14, 7, 7)
ANSWERS = 0.95  # of those who would, as many do: the rest overlook it


@dataclass(slots=True)
class Pool:
    """A figure: what `directory.freshness` asks of one."""

    id: UUID
    confirm_every_days: int
    last_confirmed_at: datetime | None
    confirmed_until: datetime | None


@dataclass(slots=True)
class Words:
    """The words about a service."""

    id: UUID
    assured_on: date
    due_on: date


@dataclass(slots=True)
class Provider:
    habit: str
    pools: list[Pool]
    words: list[Words]
    away: list[tuple[date, date]]
    bounces_from: date | None
    replaced_on: date | None
    by_itself: list[datetime]
    last: object = None
    answers: list[tuple[datetime, frozenset[UUID]]] = field(default_factory=list)
    letters: int = 0
    rung: set[tuple[UUID, datetime]] = field(default_factory=set)


def provider(number: int) -> Provider:
    """Throw the dice for one provider; the same for every regime."""
    from directory.availability import LONDON
    from safekeeping import working_time

    dice = random.Random(f"{SEED}:{number}")
    habit = dice.choices(list(HABITS), [share for _, share in HABITS.values()])[0]
    begins = datetime.combine(BEGINS, time(9), tzinfo=LONDON)
    pools, words = [], []
    for one in range(dice.randint(1, 4)):
        days = dice.choices(list(LIMITS), list(LIMITS.values()))[0]
        said = begins - timedelta(days=dice.random() * days)
        pools.append(Pool(UUID(int=number * 100 + one), days, said, said + timedelta(days=days)))
        assured = BEGINS - timedelta(days=dice.randrange(365))
        words.append(Words(UUID(int=number * 100 + 50 + one), assured, assured + timedelta(days=365)))
    away = []
    for length in HOLIDAYS:
        first = BEGINS + timedelta(days=dice.randrange(DAYS))
        away.append((first, first + timedelta(days=length)))
    away.append((date(2026, 12, 21), date(2027, 1, 3)))
    bounces = BEGINS + timedelta(days=dice.randrange(DAYS)) if dice.random() < BOUNCING else None
    replaced = None
    if bounces:
        replaced = bounces
        for _ in range(REPLACED_AFTER_WORKING_DAYS):
            replaced = working_time.next_working_day(replaced)
    thinks: list[datetime] = []
    every = BY_ITSELF[habit]
    moment = begins
    while every and moment < begins + timedelta(days=DAYS):
        moment += timedelta(days=dice.expovariate(1 / every))
        thinks.append(working_time.add_working_hours(moment, 0))
    return Provider(habit, pools, words, away, bounces, replaced, thinks)


def back_at(one: Provider, moment: datetime) -> datetime:
    """Return when somebody is back who would answer at that moment, in working time."""
    from safekeeping import working_time

    for first, last in sorted(one.away):
        if first <= moment.date() < last:
            moment = datetime.combine(last, time(10), tzinfo=moment.tzinfo)
    return working_time.add_working_hours(moment, 0)


class Year:
    """One regime, lived through once."""

    def __init__(self, regime: str) -> None:
        self.regime = regime
        self.providers = [provider(number) for number in range(PROVIDERS)]
        self.dice = random.Random(f"{SEED}:answers")
        self.things = sum(len(one.pools) + len(one.words) for one in self.providers)
        self.shares: list[float] = []
        self.twice_a_day = 0

    def live(self) -> dict:
        """Go from hour to hour; return the figures."""
        from safekeeping import working_time

        for at in hours():
            working = working_time.is_working_time(at)
            for one in self.providers:
                self.answer(one, at)
                if working and self.regime != "nobody_asks":
                    self.ask(one, at)
                if working and self.regime == "ladder" and at.hour == 9:
                    self.ring(one, at)
            if at.hour == 12:
                self.shares.append(self.right(at) / self.things)
        settled = self.shares[SETTLE:]
        letters = [one.letters for one in self.providers]
        return {
            "confirmed": {"mean": round(sum(settled) / len(settled), 3), "worst_day": round(min(settled), 3)},
            "letters_a_year": round(sum(letters) / PROVIDERS, 1),
            "most_letters": max(letters),
            "calls_a_year": round(sum(len(one.rung) for one in self.providers) / PROVIDERS, 1),
            "two_on_one_day": self.twice_a_day,
        }

    def right(self, at: datetime) -> int:
        """Count what is within its limit."""
        figures = sum(pool.confirmed_until >= at for one in self.providers for pool in one.pools)
        return figures + sum(words.due_on >= at.date() for one in self.providers for words in one.words)

    def answer(self, one: Provider, at: datetime) -> None:
        """Take the answers that have come by now, asked for or not."""
        for ready in [answer for answer in one.answers if answer[0] <= at]:
            one.answers.remove(ready)
            confirm(one, ready[1], ready[0])
        while one.by_itself and one.by_itself[0] <= at:
            confirm(one, None, one.by_itself.pop(0))

    def ask(self, one: Provider, at: datetime) -> None:
        """Send an e-mail if it is time for one."""
        from directory.freshness import Asked, next_step

        today = at.date()
        unreachable = one.bounces_from is not None and one.bounces_from <= today
        if unreachable and self.regime == "ladder":
            if today < one.replaced_on:
                return
            unreachable = False
        due, about = due_of(one, at)
        last: Asked | None = one.last
        step = next_step(due, last, at=at)
        if step is None or (self.regime == "one_email" and step > 0):
            return
        self.twice_a_day += last is not None and last.asked_at.date() == today
        begun_at = at if step == 0 or last is None else last.begun_at
        one.last = Asked(last.number + 1 if last else 1, step, begun_at, at, about)
        one.letters += 1
        answers_to, _ = HABITS[one.habit]
        if not unreachable and step >= answers_to and self.dice.random() < ANSWERS:
            one.answers.append((back_at(one, at + timedelta(hours=self.dice.uniform(0.2, 30))), about))

    def ring(self, one: Provider, at: datetime) -> None:
        """Ring once about each figure that has been late for a week; a day later it is answered, if it ever is."""
        from directory.assumptions import COORDINATORS

        for pool in one.pools:
            call = (pool.id, pool.confirmed_until)
            if pool.confirmed_until <= at - COORDINATORS.span and call not in one.rung:
                one.rung.add(call)
                if one.habit != "never":
                    one.answers.append((back_at(one, at + timedelta(days=1)), None))


def due_of(one: Provider, at: datetime) -> tuple[list, frozenset[UUID]]:
    """Return what is due of a provider, and all that its e-mail would be about, as `directory.asking` puts it together."""
    from directory import assurance
    from directory.freshness import Due, comes_along, is_due

    today = at.date()
    pools = [pool for pool in one.pools if comes_along(pool, at=at) or is_due(pool, at=at)]
    words = [words for words in one.words if words.due_on <= assurance.due_by(today)]
    due = [Due(pool.id, pool.last_confirmed_at) for pool in pools if is_due(pool, at=at)]
    due += [Due(w.id, assurance.said_at(w.assured_on), assurance.news_since(w.due_on, on=today)) for w in words]
    return due, frozenset([pool.id for pool in pools] + [w.id for w in words])


def confirm(one: Provider, about: frozenset[UUID] | None, at: datetime) -> None:
    """Take an answer about some things, or about everything."""
    from directory.assumptions import ASSURED_FOR

    for pool in one.pools:
        if about is None or pool.id in about:
            pool.last_confirmed_at = at
            pool.confirmed_until = at + timedelta(days=pool.confirm_every_days)
    for words in one.words:
        if about is None or words.id in about:
            words.assured_on, words.due_on = at.date(), at.date() + ASSURED_FOR.span


def hours() -> Iterator[datetime]:
    """Yield the hours of the year from nine to five: the clock's, and noon of every day."""
    from directory.availability import LONDON

    for day in range(DAYS):
        for hour in range(9, 17):
            yield datetime.combine(BEGINS + timedelta(days=day), time(hour), tzinfo=LONDON)


def main() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    from safekeeping import assumptions

    assumptions.read_from(dict)  # no database: every judgement as it is by default
    habits = [provider(number).habit for number in range(PROVIDERS)]
    told = {"bench": "freshness", "providers": PROVIDERS, "seed": SEED}
    told["habits"] = {habit: habits.count(habit) for habit in HABITS}
    told |= {regime: Year(regime).live() for regime in ("nobody_asks", "one_email", "ladder")}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
