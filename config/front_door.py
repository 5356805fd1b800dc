"""
Whom a worried adult can call at this moment: the front door in its hours, else whoever answers then.

The hours are the city's data; a door without any is always open. Out of hours the front door's own number is never
taken away: what we know of its hours may be wrong, and its answerphone may know better.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.city import City, FrontDoor
from safekeeping.working_time import LONDON, bank_holidays

LONGEST_CLOSED = 14  # days; beyond that the hours in the data are wrong, and no day is promised


@dataclass(frozen=True, slots=True)
class DoorNow:
    """The front door as it stands now; `instead` answers while it is closed, if the city has named anybody."""

    is_open: bool
    door: FrontDoor
    instead: FrontDoor | None = None
    opens_at: datetime | None = None

    @property
    def call(self) -> FrontDoor:
        """Whom to call now."""
        return self.instead or self.door


def door_now(city: City, *, at: datetime) -> DoorNow:
    """Return whom to call in ``city`` at this moment."""
    door = city.front_door
    if is_open(door, at=at):
        return DoorNow(is_open=True, door=door)
    return DoorNow(is_open=False, door=door, instead=city.out_of_hours, opens_at=opens_again(door, at=at))


def is_open(door: FrontDoor, *, at: datetime) -> bool:
    """Tell whether the door is answered at this moment."""
    here = at.astimezone(LONDON)
    if not door.opening:
        return True
    if door.closed_on_bank_holidays and here.date() in bank_holidays():
        return False
    return any(one.opens <= here.time() < one.closes for one in door.opening if here.weekday() in one.weekdays)


def opens_again(door: FrontDoor, *, at: datetime) -> datetime | None:
    """Return when the door is next opened, in London's time; None if that is not within a fortnight."""
    today = at.astimezone(LONDON).date()
    for day in (today + timedelta(days=n) for n in range(LONGEST_CLOSED)):
        opens = (
            datetime.combine(day, one.opens, tzinfo=LONDON) for one in door.opening if day.weekday() in one.weekdays
        )
        for moment in sorted(opens):
            if moment > at and is_open(door, at=moment):
                return moment
    return None
