"""
The map beside a list of services: which pins it has, which part of the world it shows, and the drawing that needs no script.

A pin stands only where an address is shown in full. What travels, serves the whole city or keeps its address private has
none, at no place that stands for it either: it is listed beside the map. The drawing and the script's map use the same
projection (Mercator's), the same outlines and the same numbers as the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import atan, cos, degrees, exp, log, pi, radians, tan
from pathlib import Path
from typing import Any

from django.conf import settings

from directory.area_maps import AreaMap, AreaOutline, Layer, area_map
from directory.cards import ServiceCard
from directory.geo import Bounds, Point, bounds_around, bounds_of
from directory.geocoding import Kind, Located

# The drawing's size in pixels: on its own page, there on a narrow screen, and beside a list.
LARGE, TALL, SMALL = (760, 1000), (375, 432), (336, 560)
# How wide and tall a pin is in pixels; those that would touch become one.
TOUCHING = 34
# A letter's width and a line's height in the names of areas, in pixels.
LETTER, LINE = 6.4, 13.0
# Where no outlines are there to say how large the city is, and the least that is shown, in kilometres.
USUAL_KM, LEAST_KM = 8.0, 0.6
# How many degrees a part of the map may measure: more than any city.
WIDEST = 3.0


@dataclass(frozen=True, slots=True)
class Pin:
    """One place of a service that is numbered in the list; ``anchor`` is its entry there."""

    number: int
    name: str
    place: str
    point: Point

    @property
    def anchor(self) -> str:
        return f"s{self.number}"


@dataclass(frozen=True, slots=True)
class Marker:
    """A pin, or several that touch, as they are drawn; ``wide`` is a pill's width, 0 for a round pin."""

    x: int
    y: int
    text: str
    label: str
    pins: tuple[Pin, ...]
    wide: int = 0

    @property
    def left(self) -> int:
        return self.x - self.wide // 2

    @property
    def closer(self) -> str:
        """The part of the map on which pins that touch come apart; "" where they never will."""
        points = [pin.point for pin in self.pins]
        bounds = bounds_of(points)
        if len(points) < 2 or bounds.north - bounds.south + bounds.east - bounds.west < 0.0005:
            return ""
        return written(padded(bounds))


@dataclass(frozen=True, slots=True)
class Shape:
    """The line around an area; ``kind`` says how it is drawn."""

    kind: str
    line: str


@dataclass(frozen=True, slots=True)
class Label:
    """An area's name in a line or two, each with its height."""

    x: int
    lines: tuple[tuple[int, str], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map in pixels, ready to be drawn; ``ring`` is the distance asked for, around ``cross``."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    markers: tuple[Marker, ...]
    cross: tuple[int, int] | None = None
    ring: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Degrees to pixels: Mercator's projection of some bounds into a width and a height, all of them visible."""

    bounds: Bounds
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels to a degree of longitude."""
        box = self.bounds
        return min(self.width / (box.east - box.west), self.height / (northing(box.north) - northing(box.south)))

    def x(self, longitude: float) -> int:
        middle = (self.bounds.west + self.bounds.east) / 2
        return round(self.width / 2 + (longitude - middle) * self.scale)

    def y(self, latitude: float) -> int:
        middle = (northing(self.bounds.north) + northing(self.bounds.south)) / 2
        return round(self.height / 2 - (northing(latitude) - middle) * self.scale)

    def pixels(self, metres: float) -> float:
        """Return how long that many metres are in the middle of the sheet."""
        latitude = (self.bounds.north + self.bounds.south) / 2
        return metres / 111_195 / cos(radians(latitude)) * self.scale

    def seen(self) -> Bounds:
        """Return all that fits on the sheet: the bounds, and what lies beside them where its shape is another."""
        middle = (northing(self.bounds.north) + northing(self.bounds.south)) / 2
        tall, wide = self.height / self.scale / 2, self.width / self.scale / 2
        east = (self.bounds.west + self.bounds.east) / 2
        return within_world(latitude(middle - tall), east - wide, latitude(middle + tall), east + wide)


def northing(latitude: float) -> float:
    """Return Mercator's height of a latitude, in degrees of longitude at the equator."""
    return degrees(log(tan(pi / 4 + radians(latitude) / 2)))


def latitude(northing: float) -> float:
    """Return the latitude at Mercator's height."""
    return degrees(2 * atan(exp(radians(northing))) - pi / 2)


# --- what is shown --------------------------------------------------------------------------------------------------------


def outlines() -> AreaMap:
    """Return the outlines that set-up has drawn; none if it has not."""
    return area_map(Path(settings.OUTLINES_FILE))


def pins_for(numbered: Iterable[tuple[int, ServiceCard]]) -> list[Pin]:
    """Return a pin for every place whose address is shown in full."""
    return [
        Pin(number, f"{card.name}, {card.organization}", place.label, place.point)
        for number, card in numbered
        for place in card.places
        if place.exact and place.point is not None
    ]


def has_pin(card: ServiceCard) -> bool:
    """Tell whether a service is on the map at all."""
    return any(place.exact and place.point is not None for place in card.places)


def view_for(box: Bounds | None, place: Located | None, within_km: float | None, pins: Sequence[Pin]) -> Bounds:
    """Return the part of the world to show: the one asked for, what is near a place, the city, or all pins."""
    if box is not None:
        return box
    if place is not None and place.point is not None and within_km is not None:
        around = bounds_around(place.point, within_km)
        near = [pin.point for pin in pins if around.contains(pin.point)]
        return padded(bounds_of([place.point, *near])) if near else padded(around, by=0.04)
    if city := outlines().find(Layer.COUNCIL, settings.CITY.council_code):
        return padded(city.bounds, by=0.02)
    if pins:
        return padded(bounds_of([pin.point for pin in pins]))
    return bounds_around(Point(*settings.CITY.centre), USUAL_KM)


def padded(bounds: Bounds, *, by: float = 0.2) -> Bounds:
    """Return the box with a share of its size around it, and never a smaller one than makes a map."""
    least = bounds_around(
        Point((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2), LEAST_KM
    )  # fmt: skip
    tall, wide = (bounds.north - bounds.south) * by, (bounds.east - bounds.west) * by
    return within_world(
        min(least.south, bounds.south - tall),
        min(least.west, bounds.west - wide),
        max(least.north, bounds.north + tall),
        max(least.east, bounds.east + wide),
    )


def moved(bounds: Bounds, *, east: float = 0, north: float = 0) -> Bounds:
    """Return the box moved by shares of its size."""
    tall, wide = (bounds.north - bounds.south) * north, (bounds.east - bounds.west) * east
    return within_world(bounds.south + tall, bounds.west + wide, bounds.north + tall, bounds.east + wide)


def scaled(bounds: Bounds, by: float) -> Bounds:
    """Return the box with the same middle and ``by`` times its size."""
    tall, wide = (bounds.north - bounds.south) * (by - 1) / 2, (bounds.east - bounds.west) * (by - 1) / 2
    return within_world(bounds.south - tall, bounds.west - wide, bounds.north + tall, bounds.east + wide)


def within_world(south: float, west: float, north: float, east: float) -> Bounds:
    """Return a box cut to what Mercator's projection can show."""
    return Bounds(max(-85.0, south), max(-180.0, west), min(85.0, north), min(180.0, east))


def written(bounds: Bounds) -> str:
    """Return a box as an address has it: south, west, north, east."""
    return f"{bounds.south:.4f},{bounds.west:.4f},{bounds.north:.4f},{bounds.east:.4f}"


def box_from(text: str) -> Bounds | None:
    """Return the box that `written` wrote; None for anything that is no part of a map."""
    parts = text.split(",")
    if len(parts) != 4 or any(len(part) > 24 for part in parts):
        return None
    try:
        south, west, north, east = (float(part) for part in parts)
        Point(south, west), Point(north, east)
    except ValueError:
        return None
    is_box = 0 < north - south <= WIDEST and 0 < east - west <= WIDEST and max(-south, north) < 85
    return Bounds(south, west, north, east) if is_box else None


# --- the drawing ------------------------------------------------------------------------------------------------------------


def drawing(
    view: Bounds, size: tuple[int, int], pins: Sequence[Pin], *, chosen: frozenset[tuple[Layer, str]] = frozenset(),
    place: Located | None = None, within_km: float | None = None,
) -> Drawing:  # fmt: skip
    """Draw the map of ``view`` in ``size``; ``chosen`` areas are tinted."""
    sheet = Sheet(view, *size)
    markers = markers_on(sheet, pins)
    version = outlines().version
    shapes = ground(version, sheet, chosen)
    names = labels_on(sheet, named_areas(version), markers)
    cross, ring = None, 0
    if place is not None and place.point is not None and place.kind != Kind.LOCALITY:
        cross = (sheet.x(place.point.longitude), sheet.y(place.point.latitude))
        ring = round(sheet.pixels(within_km * 1000)) if within_km else 0
    return Drawing(sheet.width, sheet.height, shapes, names, markers, cross, ring)


@lru_cache(maxsize=64)
def ground(version: str, sheet: Sheet, chosen: frozenset[tuple[Layer, str]]) -> tuple[Shape, ...]:
    """Return the areas' lines of one version; remembered, because most people look at the same few parts."""
    # Wider than the sheet: a drawing is cut by the frame it stands in, whose shape is another.
    around = scaled(sheet.seen(), 2.2)
    city = settings.CITY.council_code
    here = [one for one in outlines().areas if one.bounds.overlaps(around)]
    councils = [one for one in here if one.layer == Layer.COUNCIL]
    wards = [one for one in here if one.layer == Layer.WARD]
    tinted = [one for one in here if (one.layer, one.code) in chosen]
    return (
        *(Shape("beyond", line_of(one, sheet)) for one in councils if one.code != city),
        *(Shape("ward", line_of(one, sheet)) for one in wards),
        *(Shape("chosen", line_of(one, sheet)) for one in tinted),
        *(Shape("city", line_of(one, sheet)) for one in councils if one.code == city),
    )


@lru_cache(maxsize=2)
def named_areas(version: str) -> tuple[tuple[AreaOutline, str], ...]:
    """Return the areas whose names are on maps, those of the city first, and of each those that have most room for it."""
    known = outlines()
    wards = [(one, "ward") for one in known.of(Layer.WARD)]
    beyond = [(one, "beyond") for one in known.of(Layer.COUNCIL) if one.code != settings.CITY.council_code]
    return tuple(sorted([*wards, *beyond], key=lambda one: (one[1] != "ward", -one[0].room)))


def line_of(area: AreaOutline, sheet: Sheet) -> str:
    """Return an area's rings as the path of a drawing, in whole pixels; what falls into one pixel is told once."""
    told = []
    for part in area.parts:
        for ring in part:
            spots = [(sheet.x(one.longitude), sheet.y(one.latitude)) for one in ring[:-1]]
            kept = [spot for place, spot in enumerate(spots) if not place or spot != spots[place - 1]]
            if len(kept) > 2:
                told.append("M" + "L".join(f"{x} {y}" for x, y in kept) + "Z")
    return "".join(told)


def labels_on(sheet: Sheet, areas: Iterable[tuple[AreaOutline, str]], markers: Sequence[Marker]) -> tuple[Label, ...]:
    """Return the names that have room, a little higher or lower if a pin stands there; none on top of anything else."""
    taken: list[tuple[float, float, float, float]] = [
        (one.x - max(one.wide / 2, 17), one.y - 17, one.x + max(one.wide / 2, 17), one.y + 17) for one in markers
    ]
    made = []
    for area, kind in areas:
        lines = in_lines(area.name)
        x, middle = sheet.x(area.middle.longitude), sheet.y(area.middle.latitude)
        wide, tall = max(map(len, lines)) * LETTER, len(lines) * LINE
        room = sheet.pixels(area.room)
        if room * 2.4 < wide and room * 2 < tall * 2.2:
            continue
        for y in (middle, middle - tall / 2 - 20, middle + tall / 2 + 20):
            mine = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            on_sheet = mine[0] > 2 and mine[1] > 2 and mine[2] < sheet.width - 2 and mine[3] < sheet.height - 2
            if on_sheet and not any(
                mine[0] < one[2] and one[0] < mine[2] and mine[1] < one[3] and one[1] < mine[3] for one in taken
            ):
                taken.append(mine)
                first = y - (len(lines) - 1) * LINE / 2 + 4
                made.append(Label(x, tuple((round(first + row * LINE), line) for row, line in enumerate(lines)), kind))
                break
    return tuple(made)


def in_lines(name: str) -> list[str]:
    """Return a name in one line, or in two that are as even as may be."""
    words = name.split()
    if len(name) <= 11 or len(words) < 2:
        return [name]
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(halves, key=lambda pair: max(map(len, pair))))


def markers_on(sheet: Sheet, pins: Sequence[Pin]) -> tuple[Marker, ...]:
    """Return the pins as they are drawn: those that would touch become one, until none does."""
    groups = [(sheet.x(pin.point.longitude), sheet.y(pin.point.latitude), TOUCHING, [pin]) for pin in pins]
    joined = True
    while joined:
        joined = False
        for first, (x, y, wide, its) in enumerate(groups):
            for second in range(first + 1, len(groups)):
                other_x, other_y, other_wide, others = groups[second]
                if abs(x - other_x) < (wide + other_wide) / 2 and abs(y - other_y) < TOUCHING:
                    both = its + others
                    groups[first] = (
                        round((x * len(its) + other_x * len(others)) / len(both)),
                        round((y * len(its) + other_y * len(others)) / len(both)),
                        width_of(both),
                        both,
                    )
                    del groups[second]
                    joined = True
                    break
            if joined:
                break
    return tuple(marker(x, y, its) for x, y, _, its in groups)


def marker(x: int, y: int, pins: Sequence[Pin]) -> Marker:
    """Return a pin, or the pill of several."""
    numbers = sorted({pin.number for pin in pins})
    if len(numbers) == 1:
        first = pins[0]
        return Marker(x, y, str(first.number), f"{first.number}: {first.name}, {first.place}", tuple(pins))
    text = in_short(numbers)
    made = Marker(x, y, text, "", tuple(pins), wide=width_of(pins))
    where = "close together. Come closer" if made.closer else f"at {pins[0].place}"
    return replace(made, label=f"{text}: {len(numbers)} services {where}")


def width_of(pins: Sequence[Pin]) -> int:
    """Return how wide a pin, or the pill of several, is drawn."""
    numbers = sorted({pin.number for pin in pins})
    return TOUCHING if len(numbers) == 1 else 24 + round(len(in_short(numbers)) * 8.2)


def in_short(numbers: Sequence[int]) -> str:
    """Return "5, 6", "8 to 10", or "7 services"."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    if len(numbers) <= 3:
        return ", ".join(map(str, numbers))
    return f"{len(numbers)} services"


# --- what the script's map is told ----------------------------------------------------------------------------------------


def told_to_script(
    view: Bounds, pins: Sequence[Pin], *, outlines_url: str, chosen: frozenset[tuple[Layer, str]],
    place: Located | None, within_km: float | None,
) -> dict[str, Any]:  # fmt: skip
    """Return what the script needs to show the same map."""
    cross = place.point if place is not None and place.kind != Kind.LOCALITY else None
    return {
        "view": [view.south, view.west, view.north, view.east],
        "pins": [
            {"number": pin.number, "label": f"{pin.number}: {pin.name}, {pin.place}", "place": pin.place,
             "at": [pin.point.latitude, pin.point.longitude]}
            for pin in pins
        ],
        "outlines": outlines_url,
        "city": settings.CITY.council_code,
        "chosen": [f"{layer.value} {code}" for layer, code in sorted(chosen)],
        "cross": [cross.latitude, cross.longitude] if cross else None,
        "ring": round(within_km * 1000) if cross and within_km else 0,
        "tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION},
    }  # fmt: skip
