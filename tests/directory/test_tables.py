"""Tables pass through spreadsheets unharmed, and do no harm there or here."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from directory import tables
from directory.tables import Unreadable

FORMULAS = [
    "=1+1", "+44 117 496 0000", "-5", "@SUM(A1)", '=HYPERLINK("http://x.example","y")', "\t=1", "  =1", "＝1", "'=1", "''",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_that_is_written_begins_like_a_formula(text):
    first = tables.safe(text)
    assert first.startswith("'")
    sheet = load_workbook(io.BytesIO(tables.as_xlsx(["a"], [[text]]))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("how", ["csv", "xlsx"])
def test_what_is_written_is_read_again(text, how):
    content = (
        b"".join(tables.as_csv(["a", "b"], [["x", text]]))
        if how == "csv"
        else tables.as_xlsx(["a", "b"], [["x", text]])
    )
    assert tables.read(content).lines[0].cells == ("x", text.strip())


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_any_text_survives_the_round_trip(text):
    content = b"".join(tables.as_csv(["a", "b"], [["x", text]]))
    assert tables.read(content).lines[0].cells == ("x", tables.NOT_IN_A_CELL.sub("", text).strip())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_and_with_the_separators_that_spreadsheets_write(encoding, delimiter):
    text = f"name{delimiter}note\r\nCafé – Zoë’s{delimiter}“ok”\r\n"
    table = tables.read(text.encode(encoding))
    assert table.columns == ("name", "note")
    assert table.lines[0].cells == ("Café – Zoë’s", "“ok”")
    assert table.lines[0].number == 2


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
        parts.writestr("xl/workbook.xml", "<x/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (70 * 1024 * 1024))
    return out.getvalue()


def with_entities() -> bytes:
    book = tables.as_xlsx(["a"], [["b"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/workbook.xml":
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            new.writestr(part.filename, content)
    return out.getvalue()


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


BAD = {
    "empty": b"",
    "blank": b" \r\n \r\n",
    "no rows": b"name,note\r\n",
    "binary": bytes(range(256)) * 40,
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200),
    "NULs": b"name,note\r\na,b\x00c\r\n",
    "too large": b"name\r\n" + b"a" * tables.MOST_BYTES,
    "too many rows": b"name\r\n" + b"a\r\n" * (tables.MOST_ROWS + 1),
    "600 columns": ",".join(f"c{n}" for n in range(600)).encode() + b"\r\n1\r\n",
    "the same column twice": b"name,note,Name\r\na,b,c\r\n",
    "a column without a name": b"name,,note\r\na,b,c\r\n",
    "a quotation mark too few": b'name,note\r\n"a,b\r\n',
    "a cell too many": b"name,note\r\na,b,c\r\n",
    "an endless cell": b"name,note\r\na," + b"x" * (tables.MOST_CHARACTERS + 1) + b"\r\n",
    "a cell that the parser refuses": b"name,note\r\na," + b"x" * 200_000 + b"\r\n",
    "a broken zip": b"PK\x03\x04" + b"x" * 300,
    "half a spreadsheet": tables.as_xlsx(["a"], [["b"]])[:900],
    "another zip": zipped(**{"word/document.xml": "<x/>"}),
    "a zip that only looks like one": zipped(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}),
    "a bomb": bomb(),
    "entities": with_entities(),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_in_plain_words(what):
    with pytest.raises(Unreadable) as refused:
        tables.read(BAD[what])
    assert str(refused.value).endswith((".", "?"))


def test_a_spreadsheet_is_read_as_somebody_would_have_typed_it():
    book = Workbook()
    book.active.append(["name", "minimum age", "from", "opens", "ok", "sum"])
    book.active.append(["A", 12.0, date(2026, 11, 26), time(16, 30), True, "=1+1"])
    out = io.BytesIO()
    book.save(out)
    table = tables.read(out.getvalue())
    assert table.columns[1] == "minimum_age"
    assert table.lines[0].cells == ("A", "12", "2026-11-26", "16:30", "yes", "=1+1")


def test_a_cell_far_away_costs_nothing():
    book = Workbook()
    book.active.append(["name"])
    book.active["A1000000"] = "far"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unreadable, match="rows"):
        tables.read(out.getvalue())


@pytest.mark.parametrize(
    "text", ["2026-11-26", "26/11/2026", "26.11.2026", "26 November 2026", "26 Nov 2026", "2026-11-26 00:00"]
)
def test_a_day_is_read_in_several_shapes(text):
    assert tables.as_date(text) == date(2026, 11, 26)


@pytest.mark.parametrize("text", ["11/26/2026", "31/02/2026", "26/11/26", "soon", "0001-01-01", "2026-13-01"])
def test_a_day_that_could_be_another_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="26/11/2026"):
        tables.as_date(text)


@pytest.mark.parametrize("text", ["16:30", "16:30:00", "4:30pm", "4:30 PM", "16.30"])
def test_a_time_is_read_in_several_shapes(text):
    assert tables.as_time(text) == time(16, 30)


def test_columns_are_named_as_a_spreadsheet_names_them():
    assert [tables.letter(place) for place in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
