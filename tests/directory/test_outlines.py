"""Outlines drawn from points: neighbours share their lines, and they lie nearly where the true ones do."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from config.setup import HOUSE
from directory import area_maps
from directory.area_maps import Layer
from directory.geo import Point
from directory.outlines import BACK, REACH, SQUARE, Frame, Spot, drawn, nearest
from directory.postcodes import Council, GridRow, PostcodeTable
from tests import servers
from tests.factories.postcode_table import small_table

TRUE = "bristol_wards.geojson"
# Squares of some 25 metres, to measure areas with.
TALL, WIDE = 0.00022, 0.00036
CITY, OTHER = Council("E1", "Ours"), Council("E2", "Theirs")


def row_of_spots(*, step: int = 200, first: str = "a", second: str = "b") -> list[Spot]:
    """Spots over four by two kilometres, the western half of one area and the eastern half of another."""
    return [
        Spot(east, north, (first if east < 2000 else second,))
        for east in range(step // 2, 4000, step)
        for north in range(step // 2, 2000, step)
    ]


def corners(outline) -> set[tuple[float, float]]:
    return {corner for ring in outline.rings for corner in ring}


def test_neighbours_share_their_line_and_it_lies_between_them():
    spots = row_of_spots()
    [layer] = drawn(spots, Frame.around(spots, margin=1500), layers=1)
    shared = corners(layer["a"]) & corners(layer["b"])
    assert len(shared) >= 2
    assert all(abs(east - 2000) <= SQUARE for east, _ in shared)
    # whoever stands between them is in neither or in both lines' neighbourhood: no point of one lies deep in the other
    assert max(east for east, _ in corners(layer["a"])) <= 2000 + SQUARE
    assert min(east for east, _ in corners(layer["b"])) >= 2000 - SQUARE


def test_land_ends_some_way_beyond_the_last_point():
    spots = row_of_spots()
    [layer] = drawn(spots, Frame.around(spots, margin=2500), layers=1)
    west = min(east for east, _ in corners(layer["a"]))
    assert 100 - (REACH - BACK) - 2 * SQUARE <= west <= 100 - (REACH - BACK) + 2 * SQUARE


def test_a_gap_among_houses_is_closed_and_a_wide_one_is_not():
    def around(gap: int) -> list[Spot]:
        ring = range(0, gap + 801, 100)
        return [Spot(x, y, ("a",)) for x in ring for y in ring if x in (0, gap + 800) or y in (0, gap + 800)]

    park, bay = around(400), around(4000)
    assert len(drawn(park, Frame.around(park, margin=1500), layers=1)[0]["a"].rings) == 1
    assert len(drawn(bay, Frame.around(bay, margin=1500), layers=1)[0]["a"].rings) == 2


def test_a_single_stray_point_makes_no_island():
    spots = [*row_of_spots(), Spot(310, 910, ("b",))]
    [layer] = drawn(spots, Frame.around(spots, margin=1500), layers=1)
    assert len(layer["a"].rings) == 1
    assert len(layer["b"].rings) == 1


def test_the_middle_is_where_a_name_has_most_room():
    spots = row_of_spots()
    outline = drawn(spots, Frame.around(spots, margin=1500), layers=1)[0]["a"]
    east, north = outline.middle
    assert 500 < east < 1500
    assert 500 < north < 1500
    assert outline.room > 500


def test_each_square_takes_the_nearest_spot():
    spots = [Spot(x * 37 % 3000, x * 91 % 3000, ("a",)) for x in range(60)]
    frame = Frame.around(spots, margin=600)
    wrong = 0
    for cell, spot in enumerate(nearest(spots, frame, reach=5000)):
        row, column = divmod(cell, frame.columns)
        x, y = frame.west + (column + 0.5) * SQUARE, frame.south + (row + 0.5) * SQUARE
        best = min((one.east - x) ** 2 + (one.north - y) ** 2 for one in spots)
        wrong += (spots[spot].east - x) ** 2 + (spots[spot].north - y) ** 2 > best * 1.05 + SQUARE**2
    assert wrong == 0


# --- the file -----------------------------------------------------------------------------------------------------------


def grid_rows() -> list[GridRow]:
    """Postcodes around the middle of the grid's west of England: ours in the west, another council's in the east."""
    return [
        GridRow(
            f"BS{1 if y < 4 else 2} {x}{chr(65 + y)}A", 360000 + x * 250, 173000 + y * 250, CITY if x < 5 else OTHER
        )
        for x in range(9)
        for y in range(8)
    ]


@pytest.fixture(scope="module")
def told():
    rows = grid_rows()
    ward_of = {row.postcode: "W1" if row.north < 174000 else "W2" for row in rows}
    return area_maps.collection(rows, city=CITY.code, ward_of=ward_of, names={(Layer.WARD, "W1"): "First ward"})


def test_wards_are_drawn_inside_the_city_only_and_councils_beyond(told, tmp_path):
    area_maps.write(tmp_path / "outlines.json", told)
    made = area_maps.area_map(tmp_path / "outlines.json")
    assert {(one.layer, one.code) for one in made.areas} == {
        (Layer.WARD, "W1"), (Layer.WARD, "W2"), (Layer.COUNCIL, "E1"), (Layer.COUNCIL, "E2"),
        (Layer.DISTRICT, "BS1"), (Layer.DISTRICT, "BS2"),
    }  # fmt: skip
    first = made.find(Layer.WARD, "W1")
    assert first is not None
    assert first.name == "First ward"
    assert first.bounds.contains(first.middle)
    theirs = made.find(Layer.COUNCIL, "E2")
    assert theirs is not None
    assert first.bounds.east < theirs.bounds.east - 0.005
    assert "Approximate" in told["note"]


def test_a_new_file_is_read_and_a_missing_one_is_no_trouble(told, tmp_path):
    path = tmp_path / "outlines.json"
    assert area_maps.area_map(path).areas == ()
    area_maps.write(path, told)
    first = area_maps.area_map(path)
    area_maps.write(path, {**told, "features": told["features"][:1]})
    second = area_maps.area_map(path)
    assert (len(first.areas), len(second.areas)) == (6, 1)
    assert first.version != second.version


def test_a_hole_goes_with_the_smallest_area_around_it():
    def square(x: float, y: float, size: float) -> tuple[tuple[float, float], ...]:
        return ((x, y), (x + size, y), (x + size, y + size), (x, y + size))

    big, small, hole = square(0, 0, 100), square(200, 0, 20), square(40, 40, 10)[::-1]
    parts = area_maps.parts_of([small, hole, big])
    assert sorted(len(part) for part in parts) == [1, 2]
    assert next(part for part in parts if len(part) == 2)[0] == big


def test_the_table_tells_the_postcodes_around_a_council_without_those_for_post(tmp_path):
    rows = PostcodeTable(small_table(tmp_path / "postcodes.sqlite3")).around("E06000023", margin=500)
    found = {row.postcode: row for row in rows}
    assert found["BS5 0AA"].east == 360620
    assert found["BS16 1AB"].council.name == "South Gloucestershire"
    assert "BS30 8AA" not in found, "it lies beyond the margin"
    assert "BS99 1AA" not in found, "it is for post only"
    assert "BS5 0AB" not in found, "it is no longer in use"


# --- against the true ones ------------------------------------------------------------------------------------------------


def folder_of_true_outlines() -> Path | None:
    """Return where true outlines are for comparing with: named by OUTLINES_FOLDER, or beside the project."""
    told = os.environ.get("OUTLINES_FOLDER")
    for folder in [Path(told)] if told else [HOUSE.parent / "shared" / "data"]:
        if (folder / TRUE).is_file():
            return folder
    return None


def squares_within(parts) -> set[tuple[int, int]]:
    """Return the small squares whose middle lies inside; ``parts`` are rings of longitude and latitude."""
    crossings = defaultdict(list)
    for part in parts:
        for ring in part:
            for (ax, ay), (bx, by) in pairwise(ring):
                low, high = sorted((ay, by))
                for row in range(int(low / TALL) - 1, int(high / TALL) + 2):
                    y = (row + 0.5) * TALL
                    if low <= y < high:
                        crossings[row].append(ax + (y - ay) * (bx - ax) / (by - ay))
    found = set()
    for row, xs in crossings.items():
        xs.sort()
        for west, east in zip(xs[::2], xs[1::2], strict=True):
            column = int(west / WIDE) - 2
            while (column + 0.5) * WIDE < east:
                if (column + 0.5) * WIDE >= west:
                    found.add((row, column))
                column += 1
    return found


def test_measuring_can_tell_a_shifted_outline():
    square = [[[(0.0, 51.0), (0.1, 51.0), (0.1, 51.05), (0.0, 51.05), (0.0, 51.0)]]]
    shifted = [[[(x + 0.05, y) for x, y in ring] for ring in part] for part in square]
    one, other = squares_within(square), squares_within(shifted)
    assert 0.32 < len(one & other) / len(one | other) < 0.35


def drawn_here() -> Path:
    """Return what `make run` has drawn in this working copy."""
    made = HOUSE / "var" / "outlines.json"
    if not made.is_file():
        pytest.skip("no outlines have been drawn here yet: make setup, or make test-all, which draws its own")
    return made


@pytest.mark.parametrize(
    "outlines",
    [
        pytest.param(drawn_here, id="in this working copy"),
        pytest.param(lambda: servers.prepared().var / "outlines.json", id="for tests", marks=pytest.mark.slow),
    ],
)
def test_wards_lie_nearly_where_the_true_ones_do(outlines, capsys):
    folder = folder_of_true_outlines()
    if folder is None:
        pytest.skip("no true outlines to compare with: name their folder in OUTLINES_FOLDER")
    true = json.loads((folder / TRUE).read_text(encoding="utf-8"))
    ours = area_maps.area_map(outlines())
    overlap = {}
    for one in true["features"]:
        shape = one["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        area = ours.find(Layer.WARD, one["properties"]["code"])
        assert area is not None, one["properties"]["name"]
        mine = squares_within([[[(p.longitude, p.latitude) for p in ring] for ring in part] for part in area.parts])
        theirs = squares_within(polygons)
        overlap[one["properties"]["name"]] = len(mine & theirs) / len(mine | theirs)
    median = statistics.median(overlap.values())
    with capsys.disabled():
        told = ", ".join(f"{name} {share:.2f}" for name, share in sorted(overlap.items(), key=lambda one: one[1]))
        sys.stdout.write(f"\nOverlap with the true outlines (intersection over union): median {median:.3f}\n{told}\n")
    assert median >= 0.85
    assert min(overlap.values()) >= 0.65


def test_points_of_an_outline_are_in_order_of_the_standard(told):
    west, north = told["features"][0]["geometry"]["coordinates"][0][0][0]
    assert Point(north, west).latitude > 49
    assert (
        told["features"][0]["geometry"]["coordinates"][0][0][0]
        == told["features"][0]["geometry"]["coordinates"][0][0][-1]
    )
