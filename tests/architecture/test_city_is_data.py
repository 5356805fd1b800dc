"""Another city needs a folder of data and no change of code: so no code knows the one it serves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.city import CITIES, City
from config.setup import APPS, HOUSE

KINDS = {".py", ".html", ".txt", ".js", ".css", ".svg", ".xml", ".md"}
# The one line that says which folder to take if nobody says: a setting, not a fact.
CHOICE = re.compile(r'City\.load\(os\.environ\.get\("CITY", "[a-z]+"\)\)')


def source_files() -> list[Path]:
    """Return the project's own source and templates: not the cities' folders, nor what set-up fetches."""
    files = []
    for app in APPS:
        for file in (HOUSE / app).rglob("*"):
            if file.suffix in KINDS and CITIES not in file.parents and "vendor" not in file.parts:
                files.append(file)
    return files


@pytest.mark.parametrize("key", sorted(folder.name for folder in CITIES.iterdir() if folder.is_dir()))
def test_no_source_names_the_city_or_its_front_door(key):
    city = City.load(key)
    numbers = {one.telephone for one in (city.front_door, city.out_of_hours) if one}
    numbers |= {neighbour.telephone for neighbour in city.neighbours if neighbour.telephone}
    words = {city.name, city.council_name, city.council_code, city.front_door.short_name, city.team, city.team_email}
    words |= {neighbour.name for neighbour in city.neighbours} | {neighbour.code for neighbour in city.neighbours}
    spaced = [re.escape(number).replace(r"\ ", r"[\s-]*") for number in numbers]
    forbidden = re.compile("|".join([rf"\b{re.escape(word)}\b" for word in words if word] + spaced), re.IGNORECASE)
    found = []
    for file in source_files():
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if (told := forbidden.search(line)) and not CHOICE.search(line):
                found.append(f"{file.relative_to(HOUSE)}:{number}: {told[0]}")
    assert found == []


def test_the_search_for_names_looks_at_something():
    assert len(source_files()) > 50
