"""
Tables as people pass them around: CSV and XLSX, written so that no cell is run, read so that no file does harm.

A spreadsheet runs a cell that begins like a formula, also when it came out of a CSV. What is written here begins with an
apostrophe then (OWASP ASVS 5.0, 1.2.10), and reading takes that one apostrophe off again: a text survives the round trip.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CHARACTERS = 20_000
# A spreadsheet is a zip: what it becomes when it is unpacked, and in how many parts.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 500

APOSTROPHE = "'"
# What a cell must not begin with, the full-width forms included; blanks before it do not help.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", APOSTROPHE)
NOT_IN_A_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Cell = str | int | float | bool | date | datetime | time | None


class Unreadable(ValueError):
    """A file that is not taken; the message says why, to whoever chose it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: ``number`` is what a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file, read: the names of the columns, and every row that is not empty, each as long as the header."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


# --- writing ------------------------------------------------------------------------------------------------------------


def safe(value: Cell) -> str:
    """Return ``value`` as text that no spreadsheet runs."""
    text = NOT_IN_A_CELL.sub("", written(value))
    return APOSTROPHE + text if starts_a_formula(text) else text


def starts_a_formula(text: str) -> bool:
    """Say whether a spreadsheet might run ``text``."""
    return text.startswith(STARTS_A_FORMULA) or text.lstrip(" \xa0").startswith(STARTS_A_FORMULA)


def written(value: Cell) -> str:
    """Return a value in the one shape that it is exported in."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a CSV file line by line: UTF-8 with the mark by which a spreadsheet knows it, every cell in quotes."""
    yield b"\xef\xbb\xbf"
    for row in with_header(columns, rows):
        line = io.StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([safe(cell) for cell in row])
        yield line.getvalue().encode()


def with_header(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """Yield the names of the columns, then the rows."""
    yield columns
    yield from rows


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "Table") -> bytes:
    """Return an XLSX file with one sheet: every cell is text, so that a telephone number keeps its nought."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in with_header(columns, rows):
        made = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=safe(value)[:32_767])
            cell.data_type = "s"
            made.append(cell)
        sheet.append(made)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- reading ------------------------------------------------------------------------------------------------------------


def read(content: bytes) -> Table:
    """
    Return the table in a CSV or XLSX file; which of them it is, its content tells, not its name.

    :raises Unreadable: if it is neither, broken, or larger than the limits above
    """
    if not content.strip():
        raise Unreadable("The file is empty.")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it.")
    zipped = content.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    return table_of(rows_of_xlsx(content) if zipped else rows_of_csv(content))


def table_of(rows: Iterable[Sequence[str]]) -> Table:
    """
    Take the first row that is not empty as the header.

    :raises Unreadable: if there is no header or no row, a column has no name or the same as another, or there is too much
    """
    columns: tuple[str, ...] = ()
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS + 1:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        cells = trimmed(row)
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(f"Row {number} has more than {MOST_COLUMNS} columns.")
        if not columns:
            columns = header_of(cells)
            continue
        if len(cells) > len(columns):
            raise Unreadable(
                f"Row {number} has {len(cells)} cells, but there are {len(columns)} columns. A comma may need quotes."
            )
        lines.append(Line(number, tuple(cells) + ("",) * (len(columns) - len(cells))))
    if not columns:
        raise Unreadable("The file is empty.")
    if not lines:
        raise Unreadable("The file has the names of columns, but no row below them.")
    return Table(columns, tuple(lines))


def trimmed(row: Sequence[str]) -> list[str]:
    """
    Return the cells without blanks around them, without our apostrophes, and without the empty ones at the end.

    :raises Unreadable: if one is longer than anybody writes
    """
    cells = [read_cell(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def read_cell(text: str) -> str:
    """
    Return what was in a cell before it was written safely.

    :raises Unreadable: if it is longer than anybody writes
    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"A cell holds more than {MOST_CHARACTERS:,} characters.")
    text = normal(text)
    if text.startswith(APOSTROPHE) and starts_a_formula(text[1:]):
        text = text[1:]
    return text.strip()


def normal(text: str) -> str:
    """Return text as it is compared: its lines ended in one way, without control characters and blanks around it."""
    return NOT_IN_A_CELL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def header_of(cells: Sequence[str]) -> tuple[str, ...]:
    """
    Return the names of the columns, as they are compared.

    :raises Unreadable: if one is missing or told twice
    """
    names = tuple("_".join(cell.lower().split()) for cell in cells)
    for place, name in enumerate(names, start=1):
        if not name:
            raise Unreadable(f"Column {letter(place)} has no name.")
        if name in names[: place - 1]:
            raise Unreadable(f"Two columns are called “{shortened(name)}”.")
    return names


def shortened(text: str, most: int = 60) -> str:
    """Return no more of ``text`` than a sentence can quote."""
    return text if len(text) <= most else text[:most] + "…"


def letter(place: int) -> str:
    """Return what a spreadsheet calls the column at ``place`` (from 1): A … Z, AA …"""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


# --- CSV ----------------------------------------------------------------------------------------------------------------


def rows_of_csv(content: bytes) -> Iterator[list[str]]:
    """
    Yield the rows of a CSV file: comma, semicolon or tab; UTF-8, UTF-16 or what Windows writes.

    :raises Unreadable: if it is not text, or its quotes do not end
    """
    text = decoded(content)
    if "\x00" in text:
        raise Unreadable("This is not a CSV or XLSX file.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        yield from reader
    except csv.Error:
        raise Unreadable(
            f"Row {reader.line_num} cannot be read: a quotation mark is missing or one too many."
        ) from None


def decoded(content: bytes) -> str:
    """
    Return the text of a file.

    :raises Unreadable: if it is in no encoding that a spreadsheet writes
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and len(NOT_IN_A_CELL.findall(text[:4000])) > 3:
            break
        return text
    raise Unreadable("This is not a CSV or XLSX file.")


def delimiter_of(text: str) -> str:
    """Return what separates the names in the first line."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=first.count)


# --- XLSX ---------------------------------------------------------------------------------------------------------------


def rows_of_xlsx(content: bytes) -> Iterator[list[str]]:
    """
    Yield the rows of the first sheet. A formula is read as the text that it is; nothing is computed.

    :raises Unreadable: if it is no spreadsheet, or would become too large
    """
    from openpyxl import load_workbook

    looked_at(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            yield [from_spreadsheet(value) for value in row]
    except Unreadable:
        raise
    except Exception as trouble:  # the library raises whatever its parsers do on a broken file
        raise Unreadable("This spreadsheet is damaged. Save it again and retry.") from trouble


def looked_at(content: bytes) -> None:
    """
    Look into the zip before anything unpacks it.

    :raises Unreadable: if it is no spreadsheet, or a bomb
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            found = parts.infolist()
            names = {part.filename for part in found}
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise Unreadable("This is not a CSV or XLSX file.")
            if len(found) > MOST_PARTS or sum(part.file_size for part in found) > MOST_UNPACKED:
                raise Unreadable("This spreadsheet is too large once it is unpacked.")
            if any(part.flag_bits & 1 for part in found):
                raise Unreadable("This spreadsheet has a password. Save it without one.")
            for part in found:
                with parts.open(part) as opened:
                    unpacked(opened, part)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        zlib.error,
    ) as trouble:
        if isinstance(trouble, Unreadable):
            raise
        raise Unreadable("This spreadsheet is damaged. Save it again and retry.") from trouble


def unpacked(opened: Any, part: zipfile.ZipInfo) -> None:
    """
    Read one part to its end, no further than it said it would go.

    :raises Unreadable: if it defines entities, by which a few lines become gigabytes
    """
    if b"<!DOCTYPE" in opened.read(2048).upper() and part.filename.endswith((".xml", ".rels")):
        raise Unreadable("This is not a spreadsheet that is read here.")
    while opened.read(65_536):
        pass


def from_spreadsheet(value: object) -> str:
    """Return a cell's value as somebody would have typed it."""
    match value:
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case None | bool() | date() | time() | float() | int() | str():
            return written(value)
        case _:
            return str(getattr(value, "text", value))


# --- what is in a cell --------------------------------------------------------------------------------------------------

DATE_SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d")
TIME_SHAPES = ("%H:%M", "%H:%M:%S", "%H.%M", "%I:%M%p", "%I%p", "%I.%M%p")
FOR_EXAMPLE = "Write the day first, like 26/11/2026, or 2026-11-26."


def as_date(text: str) -> date:
    """
    Return the day that is written, day before month.

    :raises ValueError: with what to write instead
    """
    plain = " ".join(text.replace(",", " ").split())
    plain = plain.removesuffix(" 00:00").removesuffix(" 00:00:00")
    for shape in DATE_SHAPES:
        try:
            found = datetime.strptime(plain, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1900 <= found.year <= 2200:
            return found
        break
    raise ValueError(f"“{shortened(text)}” is not a date. {FOR_EXAMPLE}")


def as_time(text: str) -> time:
    """
    Return the time of day that is written.

    :raises ValueError: with what to write instead
    """
    plain = text.strip().lower().replace(" ", "")
    for shape in TIME_SHAPES:
        try:
            return datetime.strptime(plain, shape).time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            continue
    raise ValueError(f"“{shortened(text)}” is not a time. Write it like 16:30.")
