"""A small table of postcodes for tests: a few real ones (open data, see docs/data.md), so that no test needs the large file."""

from __future__ import annotations

from pathlib import Path

from directory.postcodes import write_table

CITY, NEXT_DOOR, NORTHERN, ISLANDS = "E06000023", "E06000025", "N09000003", "L99999999"
LIVE = {
    "BS11AD": (360205, 173432),
    "BS12AG": (358917, 173319),
    "BS15TR": (358261, 172797),
    "BS41NL": (358907, 169770),
    "BS50AA": (360620, 173165),
    "BS105PY": (357891, 178080),
    "BS138QA": (356835, 167820),
    "BS139JN": (357593, 168341),
    "BS160BB": (363531, 175632),
    "BS161AA": (361650, 176376),
    "BS161AB": (360892, 177827),
    "BS308AA": (366339, 172018),
    "BS991AA": (359178, 173584),
}
TERMINATED = {"BS50AB": CITY, "BS161EH": NEXT_DOOR}
FOR_POST = {f"BS99{number}{letters}": CITY for number in "123" for letters in ("AB", "AD", "AE")} | {
    "BS771AA": CITY,
    "BS771AB": CITY,
}
ELSEWHERE = {"BT11AA": NORTHERN, "JE23AA": ISLANDS}
COUNCILS = {
    CITY: "Bristol, City of",
    NEXT_DOOR: "South Gloucestershire",
    NORTHERN: "Belfast",
    ISLANDS: "the Channel Islands",
}
# Wards of the live ones in the city, as in the city's folder.
WARDS = {
    "BS1 1AD": "E05010907", "BS1 2AG": "E05010892", "BS1 5TR": "E05010905", "BS4 1NL": "E05010898", "BS5 0AA": "E05010907",
    "BS10 5PY": "E05010913", "BS13 8QA": "E05010900", "BS13 9JN": "E05010900", "BS16 1AA": "E05010899",
}  # fmt: skip


def council_of(postcode: str) -> str:
    return NEXT_DOOR if postcode in ("BS161AB", "BS308AA") else CITY


def small_table(path: Path) -> Path:
    """Make the table at ``path``."""
    known = [(code, council_of(code)) for code in LIVE]
    known += [*TERMINATED.items(), *FOR_POST.items(), *ELSEWHERE.items()]
    write_table(path, [(LIVE, known)], names=COUNCILS, versions="for tests")
    return path
