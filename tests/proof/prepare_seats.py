"""
Put into a running site's database what the race for seats needs, and print it as JSON: people with open sessions, and
sessions of a course that are open for booking.

    python -m tests.proof.prepare_seats PEOPLE SESSIONS SEATS
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django


def sessions(how_many: int, *, seats: int) -> list[str]:
    """Make so many sessions with that many free seats each, four weeks from now; return their ids."""
    from django.utils import timezone

    from tests.factories import training as make

    at = timezone.now() - timedelta(minutes=1)
    course = make.course("Proof course")
    starts = at + timedelta(days=28)
    made = [make.session(course, at=at, seats=seats, starts=starts + number * make.DAY) for number in range(how_many)]
    return [str(session.pk) for session in made]


def main(arguments: list[str]) -> None:
    """Make it all and print it."""
    from django.db import transaction

    from tests.proof.prepare import people, session_of

    how_many, how_many_sessions, seats = (int(one) for one in arguments)
    with transaction.atomic():
        signed_in = [session_of(membership) for membership in people(how_many)]
        made = {"sessions": signed_in, "to_book": sessions(how_many_sessions, seats=seats)}
    sys.stdout.write(f"{json.dumps(made)}\n")


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1:])
