"""
How the front door and the team are reached: as the city's data says, unless the one place for it says otherwise.

Nothing that is said can take a number away: what is empty is the city's (INV-S3), and so is everything while the database
cannot be read (INV-S11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError


@dataclass(frozen=True, slots=True)
class Said:
    """What is said instead of the city's data, as far as it is not empty."""

    telephone: str = ""
    hours: str = ""
    late_name: str = ""
    late_telephone: str = ""
    team_email: str = ""


_sources: list[Callable[[], Said | None]] = []


def said_by(source: Callable[[], Said | None]) -> None:
    """Ask ``source`` at every look; it may answer with None."""
    if source not in _sources:
        _sources.append(source)


def city() -> Any:
    """Return the city with its front door and its team as they are reached now."""
    told = settings.CITY
    try:
        said = next((found for source in _sources if (found := source()) is not None), None)
    except (OperationalError, InterfaceError):
        return told
    return told if said is None else with_what_is_said(told, said)


def door() -> Any:
    """Return the front door as it is reached now."""
    return city().front_door


def with_what_is_said(told: Any, said: Said) -> Any:
    """Return ``told``, a city, with what is said in place of what its data says."""
    front = replace(
        told.front_door,
        telephone=said.telephone or told.front_door.telephone,
        hours=said.hours or told.front_door.hours,
    )
    late = told.out_of_hours
    if said.late_name and said.late_telephone:
        late = type(front)(
            name=said.late_name, short_name=said.late_name, telephone=said.late_telephone, hours="", online=""
        )
    return replace(told, front_door=front, out_of_hours=late, team_email=said.team_email or told.team_email)
