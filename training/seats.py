"""What may be said of a session's seats: a word and a shape, out of its figures and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from directory.availability import FEW, Limited


class Status(StrEnum):
    """Domain §3.8; what the team has decided, what the clock says, then whether there is a seat."""

    CANCELLED = "cancelled"
    OVER = "over"
    RUNNING = "running"
    PLANNED = "planned"
    CLOSED = "closed"
    FULL = "full"
    FEW = "few"
    OPEN = "open"


# status → colour, shape
LOOKS = {
    Status.CANCELLED: ("late", "cross"),
    Status.OVER: ("quiet", "tick"),
    Status.RUNNING: ("quiet", "clock"),
    Status.PLANNED: ("quiet", "clock"),
    Status.CLOSED: ("quiet", "bars"),
    Status.FULL: ("quiet", "barred"),
    Status.FEW: ("few", "half"),
    Status.OPEN: ("open", "disc"),
}
WORDS = {
    Status.CANCELLED: "Called off",
    Status.OVER: "Over",
    Status.RUNNING: "Under way",
    Status.PLANNED: "Not open yet",
    Status.CLOSED: "Booking has closed",
    Status.FULL: "Full",
}


@dataclass(frozen=True, slots=True)
class Seats:
    """``free`` and ``total`` are seats; ``kind`` and ``shape`` are how the page draws the state."""

    status: Status
    free: int
    total: int

    @property
    def words(self) -> str:
        """The state in words: "4 seats left"."""
        if self.status in WORDS:
            return WORDS[self.status]
        return f"{self.free} seat{'' if self.free == 1 else 's'} left"

    @property
    def kind(self) -> str:
        return LOOKS[self.status][0]

    @property
    def shape(self) -> str:
        return LOOKS[self.status][1]

    @property
    def has_room(self) -> bool:
        """Whether somebody could book one now."""
        return self.status in (Status.OPEN, Status.FEW)

    @property
    def counted(self) -> bool:
        """Whether how many there are still means something to a reader."""
        return self.status in (Status.OPEN, Status.FEW, Status.FULL, Status.CLOSED)


def seats_of(
    *,
    state: str,
    starts_at: datetime,
    ends_at: datetime,
    closes_at: datetime,
    total: int,
    free: int,
    at: datetime,
    limited: Limited = FEW,
) -> Seats:
    """Return what may be said of a session's seats at that moment."""
    return Seats(status_of(state, starts_at, ends_at, closes_at, total, free, at, limited), free, total)


def status_of(
    state: str,
    starts_at: datetime,
    ends_at: datetime,
    closes_at: datetime,
    total: int,
    free: int,
    at: datetime,
    limited: Limited = FEW,
) -> Status:
    """Return the first thing that is true of a session, in the order in which a reader needs to know."""
    if state == "cancelled":
        return Status.CANCELLED
    if ends_at <= at:
        return Status.OVER
    if starts_at <= at:
        return Status.RUNNING
    if state == "planned":
        return Status.PLANNED
    if free == 0:
        return Status.FULL
    if closes_at <= at:
        return Status.CLOSED
    return Status.FEW if limited.holds(free, of=total) else Status.OPEN
