"""The city that this installation serves, read from its folder of data: nothing in the code names one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

CITIES = Path(__file__).resolve().parent / "cities"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours that are the same on some days of the week, by the clock on the wall."""

    weekdays: frozenset[int]
    opens: time
    closes: time

    @classmethod
    def load(cls, told: dict[str, Any]) -> Opening:
        """
        Read hours as the city's data writes them.

        :raises ValueError: if a day is not one of mon … sun, or it closes before it opens
        """
        if told["opens"] >= told["closes"]:
            raise ValueError(f"hours that end before they begin: {told['opens']} to {told['closes']}")
        return cls(frozenset(DAYS.index(day) for day in told["days"]), told["opens"], told["closes"])


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """The statutory route for a concern about a child: its name and how to reach it."""

    name: str
    short_name: str
    telephone: str
    hours: str
    online: str
    opening: tuple[Opening, ...] = ()
    closed_on_bank_holidays: bool = False

    @classmethod
    def load(cls, told: dict[str, Any]) -> FrontDoor:
        """Read a door as the city's data writes it; without hours it is always answered."""
        return cls(**{**told, "opening": tuple(Opening.load(one) for one in told.get("opening", ()))})

    @property
    def dial(self) -> str:
        """The number as a `tel:` link wants it."""
        return self.telephone.replace(" ", "")


@dataclass(frozen=True, slots=True)
class NeighbouringCouncil:
    """A council beside ours, and its own front door where we know it: a name, a number, an address on the web."""

    code: str
    name: str
    front_door: str
    telephone: str
    online: str = ""

    @property
    def dial(self) -> str:
        """The number as a `tel:` link wants it."""
        return self.telephone.replace(" ", "")


@dataclass(frozen=True, slots=True)
class City:
    """Everything about the place that the code must not know by heart."""

    key: str
    name: str
    site_name: str
    reference_prefix: str
    team: str
    team_email: str
    team_organization: str
    council_code: str
    council_name: str
    front_door: FrontDoor
    out_of_hours: FrontDoor | None
    neighbours: tuple[NeighbouringCouncil, ...]
    localities: dict[str, str]
    planned: dict[str, int]
    centre: tuple[float, float]
    postcode_areas: tuple[str, ...]
    leave_address: str
    attributions: tuple[str, ...]
    folder: Path

    @classmethod
    def load(cls, key: str, *, cities: Path = CITIES) -> City:
        """
        Read the city's folder.

        :raises FileNotFoundError: if the city has no folder or no `city.toml`
        :raises KeyError: if the file lacks something that every city must say
        """
        folder = cities / key
        told = tomllib.loads((folder / "city.toml").read_text(encoding="utf-8"))
        late = told.get("out_of_hours")
        return cls(
            key=key,
            name=told["name"],
            site_name=told["site_name"],
            reference_prefix=told["reference_prefix"],
            team=told["team"],
            team_email=told["team_email"],
            team_organization=told.get("team_organization", ""),
            council_code=told["council"]["code"],
            council_name=told["council"]["name"],
            front_door=FrontDoor.load(told["front_door"]),
            out_of_hours=FrontDoor.load(late) if late else None,
            neighbours=tuple(NeighbouringCouncil(**one) for one in told["neighbours"]),
            localities=told["localities"],
            planned=told.get("planned_in_each_locality", {}),
            centre=(told["centre"]["latitude"], told["centre"]["longitude"]),
            postcode_areas=tuple(told["postcode_areas"]),
            leave_address=told["leave_address"],
            attributions=tuple(told["attributions"]),
            folder=folder,
        )
