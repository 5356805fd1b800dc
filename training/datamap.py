"""What training holds about people at work, field by field: its rows of the data map."""

from __future__ import annotations

from safekeeping.datamap import PERSONAL, STAFF, Field, declare
from training import models

BOOKING = "training booking: 6 years after the session"
NEEDS = "what somebody needs to take part: 4 weeks after the session, at once if they cancel"
SESSION = "training session: as long as its bookings"


def work(*names: str, purpose: str, retention: str) -> dict[str, Field]:
    """Return rows for states, times and ids."""
    return dict.fromkeys(names, Field(STAFF, purpose, retention=retention))


def people(*names: str, purpose: str, retention: str) -> dict[str, Field]:
    """Return rows about grown-ups at work."""
    return dict.fromkeys(names, Field(PERSONAL, purpose, subject_access=True, retention=retention))


def history(points_back: str, retention: str) -> dict[str, Field]:
    """Return the rows of a history."""
    return {
        **work(
            "id", "number", "was", "became", "reason", "at", points_back,
            purpose="proving what happened", retention=retention,
        ),
        **people("by_person", "by_role", "by_organization", purpose="showing who did what", retention=retention),
    }  # fmt: skip


def enter() -> None:
    """Declare every field of training's guarded models."""
    declare(
        models.Booking,
        {
            **work(
                "ref", "session", "state", "state_since", "booked_at", "ended_at",
                purpose="keeping a seat for somebody", retention=BOOKING,
            ),
            **people(
                "person", "organization", "role", "manager_agreed",
                purpose="knowing who comes and who sends them", retention=BOOKING,
            ),
            "needs": Field(
                PERSONAL, "letting somebody take part", sealed=True, subject_access=True, retention=NEEDS
            ),
        },
    )  # fmt: skip
    declare(models.BookingHistory, history("booking", BOOKING))
    declare(models.SessionHistory, history("session", SESSION))
