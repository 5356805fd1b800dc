"""
The outlines of wards, councils and postcode districts as maps use them: made once at set-up, kept in one GeoJSON file.

They are approximate (`directory.outlines` says how they are drawn) and are looked at, never asked: what decides is the postcode.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from directory.geo import Bounds, Point, bounds_of
from directory.outlines import Frame, Outline, Ring, Spot, drawn
from directory.postcodes import GridRow, district_of, to_point

# How much of what lies around the city is drawn as well, in metres.
AROUND = 3000
# Four decimals are some ten metres: finer than the outlines are.
DECIMALS = 4
NOTE = "Approximate: drawn from the positions of postcodes. Not for deciding where anybody lives."


class Layer(StrEnum):
    """What an outline is of; in the order in which a spot names its areas."""

    WARD = "ward"
    COUNCIL = "council"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class AreaOutline:
    """One area on a map, in degrees: its parts, each an outer ring and its holes; ``room`` is how much a name has, in metres."""

    layer: Layer
    code: str
    name: str
    parts: tuple[tuple[tuple[Point, ...], ...], ...]
    middle: Point
    room: int
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class AreaMap:
    """All outlines of the city and its surroundings; ``version`` changes with them."""

    version: str
    areas: tuple[AreaOutline, ...]

    def of(self, layer: Layer) -> Sequence[AreaOutline]:
        """Return the outlines of one layer."""
        return [one for one in self.areas if one.layer == layer]

    def find(self, layer: Layer, code: str) -> AreaOutline | None:
        """Return the outline of one area, None where there is none."""
        return next((one for one in self.areas if one.layer == layer and one.code == code), None)


EMPTY = AreaMap(version="", areas=())


def collection(
    rows: Iterable[GridRow], *, city: str, ward_of: Mapping[str, str], names: Mapping[tuple[Layer, str], str]
) -> dict[str, Any]:
    """
    Draw the outlines and return them as GeoJSON.

    :param city: the council's code; wards are drawn inside it
    :param ward_of: the ward's code by postcode
    :param names: how each area is called; one without a name here is called by its code
    :raises ValueError: if no row is the city's
    """
    spots = [
        Spot(
            row.east,
            row.north,
            (
                ward_of.get(row.postcode, "") if row.council.code == city else "",
                row.council.code,
                district_of(row.postcode),
            ),
        )
        for row in rows
    ]
    place = list(Layer).index(Layer.COUNCIL)
    frame = Frame.around((one for one in spots if one.areas[place] == city), margin=AROUND)
    layers = zip(Layer, drawn(spots, frame, layers=len(Layer)), strict=True)
    return {
        "type": "FeatureCollection",
        "note": NOTE,
        "features": [
            feature(outline, layer=layer, code=code, name=names.get((layer, code), code))
            for layer, outlines in layers
            for code, outline in outlines.items()
        ],
    }


def feature(outline: Outline, *, layer: Layer, code: str, name: str) -> dict[str, Any]:
    """Return one area as GeoJSON."""
    polygons = [[degrees(ring) for ring in part] for part in parts_of(outline.rings)]
    return {
        "type": "Feature",
        "properties": {
            "layer": layer.value, "code": code, "name": name, "middle": degrees([outline.middle])[0], "room": outline.room,
        },
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }  # fmt: skip


def degrees(ring: Iterable[tuple[float, float]]) -> list[list[float]]:
    """Return metres on the National Grid as longitude and latitude; a ring is closed by its first point, as GeoJSON wants it."""
    points = [to_point(round(east), round(north)) for east, north in ring]
    told = [[round(one.longitude, DECIMALS), round(one.latitude, DECIMALS)] for one in points]
    return told if len(told) == 1 else [*told, told[0]]


def parts_of(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Return each outer ring together with the holes inside it."""
    outer = sorted((ring for ring in rings if twice_the_area(ring) > 0), key=twice_the_area)
    parts = [[ring] for ring in outer]
    for hole in (ring for ring in rings if twice_the_area(ring) < 0):
        # the smallest that holds it
        next((part for part in parts if is_inside(hole[0], part[0])), parts[-1]).append(hole)
    return parts


def twice_the_area(ring: Ring) -> float:
    """Return twice the area within a ring; less than nothing if it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def is_inside(spot: tuple[float, float], ring: Ring) -> bool:
    """Tell whether a spot lies within a ring: whether a line from it eastwards crosses the ring an odd number of times."""
    x, y = spot
    crossings = 0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossings += 1
    return crossings % 2 == 1


def write(path: Path, told: Mapping[str, Any]) -> int:
    """Write the outlines and move them into place when they are whole; return the size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
    return len(text.encode())


def area_map(path: Path) -> AreaMap:
    """Return the outlines in that file, read again when there is a new one; none where there is no file."""
    try:
        made = path.stat()
    except OSError:
        return EMPTY
    return read(path, made.st_mtime_ns, made.st_ino)


@lru_cache(maxsize=2)
def read(path: Path, written: int, file: int) -> AreaMap:
    """Read the file; ``written`` and ``file`` tell one from the next."""
    text = path.read_bytes()
    areas = []
    for one in json.loads(text)["features"]:
        about = one["properties"]
        parts = tuple(
            tuple(tuple(Point(latitude, longitude) for longitude, latitude in ring) for ring in part)
            for part in one["geometry"]["coordinates"]
        )
        points = [point for part in parts for point in part[0]]
        areas.append(
            AreaOutline(
                layer=Layer(about["layer"]),
                code=about["code"],
                name=about["name"],
                parts=parts,
                middle=Point(about["middle"][1], about["middle"][0]),
                room=about["room"],
                bounds=bounds_of(points),
            )
        )
    return AreaMap(version=hashlib.sha256(text).hexdigest()[:12], areas=tuple(areas))
