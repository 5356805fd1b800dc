"""
Working time: Monday to Friday, nine to five on the clocks of England, less its bank holidays.

What has to be done "within two working days" is due at the same time of day two working days on, and by half past four:
a deadline after people have gone home is one they cannot meet. Bank holidays come with the package, not over the
network.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(17)
LAST_DEADLINE = time(16, 30)
SATURDAY = 5


@cache
def bank_holidays() -> frozenset[date]:
    """Return the bank holidays of England that are known."""
    known = BankHolidays(use_cached_holidays=True)
    return frozenset(one["date"] for one in known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


def known_until() -> date:
    """Return the last day of the last year whose bank holidays are known; later ones count as working days."""
    return date(max(bank_holidays()).year, 12, 31)


def is_working_day(day: date) -> bool:
    """Tell whether people work on this day."""
    return day.weekday() < SATURDAY and day not in bank_holidays()


def is_working_time(at: datetime) -> bool:
    """Tell whether people are at work at this moment."""
    here = at.astimezone(LONDON)
    return is_working_day(here.date()) and OPENS <= here.time() < CLOSES


def add_working_days(at: datetime, n: int, *, latest: time = LAST_DEADLINE) -> datetime:
    """
    Return the same time of day ``n`` working days on, in London's time, but not before nine nor after ``latest``.

    With ``n`` = 0 it is the same day if that is a working day and ``latest`` has not passed, else the next one.

    :raises ValueError: if ``n`` is negative
    """
    if n < 0:
        raise ValueError("working days are counted forwards")
    here = at.astimezone(LONDON)
    day = here.date()
    if n == 0 and is_working_day(day) and here.time() > latest:
        n = 1
    for _ in range(n):
        day = next_working_day(day)
    if n == 0 and not is_working_day(day):
        day, clock = next_working_day(day), OPENS
    else:
        clock = min(max(here.time(), OPENS), latest)
    return datetime.combine(day, clock, tzinfo=LONDON)


def next_working_day(day: date) -> date:
    """Return the first working day after ``day``."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_hours(at: datetime, hours: float) -> datetime:
    """
    Return the moment when ``hours`` of working time have passed since ``at``, in London's time.

    :raises ValueError: if ``hours`` is negative
    """
    if hours < 0:
        raise ValueError("working hours are counted forwards")
    left = timedelta(hours=hours)
    here = at.astimezone(LONDON)
    while True:
        day = here.date()
        # Offices open and close by the wall clock, and never at an hour when clocks change: plain subtraction is right.
        begins, ends = (datetime.combine(day, clock, tzinfo=LONDON) for clock in (OPENS, CLOSES))
        here = max(here, begins)
        if is_working_day(day) and here < ends:
            if here + left <= ends:
                return here + left
            left -= ends - here
        here = datetime.combine(next_working_day(day), OPENS, tzinfo=LONDON)


def describe(deadline: datetime, *, at: datetime) -> str:
    """Say when ``deadline`` is, as people say it: "today by 16:30", "tomorrow by 11:00", "by Wed 18 Nov, 16:30"."""
    then, now = deadline.astimezone(LONDON), at.astimezone(LONDON)
    clock = f"{then:%H:%M}"
    if deadline < at:
        day = "today" if then.date() == now.date() else f"{then:%a} {then.day} {then:%b}"
        return f"was due {day}, {clock}"
    if then.date() == now.date():
        return f"today by {clock}"
    if then.date() == now.date() + timedelta(days=1):
        return f"tomorrow by {clock}"
    year = f" {then.year}" if then.year != now.year else ""
    return f"by {then:%a} {then.day} {then:%b}{year}, {clock}"
