"""
Outlines of areas for a map, drawn from points alone: to each point belongs what is nearest to it, and areas are made of those.

Nobody gives us borders, so these are approximate, say so wherever they are shown, and decide nothing: whose a place is, or which ward
a child lives in, is looked up by postcode. Works on the National Grid in metres, without Django and without a geometry library: the
land is cut into squares, each square takes the areas of its nearest point, and the lines between squares are drawn straight.
Neighbours share every line, so no gap opens between them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

# A square's side in metres.
SQUARE = 30
# Land reaches this many metres from the nearest point, which closes parks and docks among houses ...
REACH = 1000
# ... and is then drawn back by so many from what lies beyond: people do not live a kilometre out into open country or water.
BACK = 600
# How far, in metres, a straightened line may leave the line between squares.
STRAY = 30
# Islands and holes smaller than this many squares are left out.
SPECK = 100

Corner = tuple[int, int]
Ring = tuple[tuple[float, float], ...]
NOWHERE = -1
BESIDE = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True, slots=True)
class Outline:
    """
    The rings around one area, in metres: outer ones anticlockwise, holes clockwise.

    ``middle`` is as far from its edge as one can get inside it, and ``room`` says how far that is.
    """

    rings: tuple[Ring, ...]
    middle: tuple[float, float]
    room: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A point whose areas are known: metres east and north, and a name for each layer ("" where it has none)."""

    east: int
    north: int
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the country that is drawn, in metres; whole squares."""

    west: int
    south: int
    columns: int
    rows: int

    @classmethod
    def around(cls, spots: Iterable[Spot], *, margin: int) -> Frame:
        """
        Return the frame that holds ``spots`` and ``margin`` metres around them.

        :raises ValueError: if there are none
        """
        there = list(spots)
        west, south = min(one.east for one in there) - margin, min(one.north for one in there) - margin
        east, north = max(one.east for one in there) + margin, max(one.north for one in there) + margin
        return cls(west, south, (east - west) // SQUARE + 1, (north - south) // SQUARE + 1)

    @property
    def east(self) -> int:
        return self.west + self.columns * SQUARE

    @property
    def north(self) -> int:
        return self.south + self.rows * SQUARE


def nearest(spots: Sequence[Spot], frame: Frame, *, reach: int = REACH) -> list[int]:
    """
    Return for each square, row by row from the south-west, which spot is nearest to its middle; NOWHERE if none is in reach.

    Squares hear of spots from their neighbours, in one sweep up and one down: exact but for slivers thinner than a square.
    """
    wide, tall = frame.columns, frame.rows
    # A rim of squares that know of nothing saves asking each time whether a neighbour is still inside.
    rim = wide + 2
    found = [NOWHERE] * (rim * (tall + 2))
    away = [reach * reach] * len(found)
    # in metres from the middle of the first square
    easts = [one.east - frame.west - SQUARE // 2 for one in spots]
    norths = [one.north - frame.south - SQUARE // 2 for one in spots]
    for spot in range(len(spots)):
        column, row = round(easts[spot] / SQUARE), round(norths[spot] / SQUARE)
        if 0 <= column < wide and 0 <= row < tall:
            cell = (row + 1) * rim + column + 1
            squared = (column * SQUARE - easts[spot]) ** 2 + (row * SQUARE - norths[spot]) ** 2
            if squared < away[cell]:
                found[cell], away[cell] = spot, squared
    for rows, back in ((range(tall), -rim), (range(tall - 1, -1, -1), rim)):
        for row in rows:
            start, north = (row + 1) * rim + 1, row * SQUARE
            for columns, heard in (
                (range(wide), (-1, back - 1, back, back + 1)),
                (range(wide - 1, -1, -1), (1,)),
            ):
                for column in columns:
                    cell = start + column
                    told = {found[cell + other] for other in heard}
                    told.discard(NOWHERE)
                    told.discard(found[cell])
                    for spot in told:
                        squared = (column * SQUARE - easts[spot]) ** 2 + (north - norths[spot]) ** 2
                        if squared < away[cell]:
                            found[cell], away[cell] = spot, squared
    return [spot for row in range(1, tall + 1) for spot in found[row * rim + 1 : row * rim + 1 + wide]]


def without_specks(areas: list[int], frame: Frame, *, least: int = SPECK) -> list[int]:
    """Return the squares' areas with every patch of fewer than ``least`` squares given to the area that touches it most."""
    cleaned = list(areas)
    unseen = bytearray(b"\x01") * len(areas)
    # the neighbours of a square at the side of the frame are on its other side: only specks there could tell
    steps = (-1, 1, -frame.columns, frame.columns)
    last = len(areas)
    for first, area in enumerate(areas):
        if not unseen[first]:
            continue
        unseen[first] = 0
        patch = [first]
        for cell in patch:
            for step in steps:
                beside = cell + step
                if 0 <= beside < last and unseen[beside] and areas[beside] == area:
                    unseen[beside] = 0
                    patch.append(beside)
        if len(patch) < least:
            around = [areas[cell + step] for cell in patch for step in steps if 0 <= cell + step < last]
            touching = Counter(other for other in around if other != area)
            if touching:
                other = max(sorted(touching), key=lambda one: touching[one])
                for cell in patch:
                    cleaned[cell] = other
    return cleaned


def rings_of(areas: list[int], frame: Frame) -> dict[int, list[list[Corner]]]:
    """Return the closed lines around each area, from corner to corner of the squares, the area on their left."""
    wide, tall = frame.columns, frame.rows
    onward: dict[int, dict[Corner, list[Corner]]] = defaultdict(lambda: defaultdict(list))
    for cell, area in enumerate(areas):
        if area == NOWHERE:
            continue
        row, column = divmod(cell, wide)
        if row == 0 or areas[cell - wide] != area:
            onward[area][column, row].append((column + 1, row))
        if column == wide - 1 or areas[cell + 1] != area:
            onward[area][column + 1, row].append((column + 1, row + 1))
        if row == tall - 1 or areas[cell + wide] != area:
            onward[area][column + 1, row + 1].append((column, row + 1))
        if column == 0 or areas[cell - 1] != area:
            onward[area][column, row + 1].append((column, row))
    return {area: list(walked(steps)) for area, steps in onward.items()}


def walked(steps: dict[Corner, list[Corner]]) -> Iterable[list[Corner]]:
    """Yield the closed walks that use up ``steps``; where two squares touch at a corner, turn left and keep to one of them."""
    while steps:
        start = min(steps)
        here, before, ring = start, (start[0], start[1] + 1), [start]
        while True:
            ways = steps[here]
            east, north = here[0] - before[0], here[1] - before[1]
            way = (here[0] - north, here[1] + east)
            following = way if way in ways else ways[0]
            ways.remove(following)
            if not ways:
                del steps[here]
            if following == start and start not in steps:
                break
            before, here = here, following
            ring.append(here)
        yield ring


def is_joint(corner: Corner, areas: list[int], frame: Frame) -> bool:
    """Tell whether more than two lines meet at a corner."""

    def area_at(column: int, row: int) -> int:
        inside = 0 <= column < frame.columns and 0 <= row < frame.rows
        return areas[row * frame.columns + column] if inside else NOWHERE

    x, y = corner
    around = [area_at(x - 1, y - 1), area_at(x, y - 1), area_at(x, y), area_at(x - 1, y)]
    return sum(one != around[place - 1] for place, one in enumerate(around)) > 2


def straightened(ring: list[Corner], areas: list[int], frame: Frame) -> list[tuple[float, float]]:
    """Return a ring with its stairs made straight: piece by piece between joints, so that both neighbours get the same line."""
    joints = [place for place, corner in enumerate(ring) if is_joint(corner, areas, frame)]
    start = joints[0] if joints else ring.index(min(ring))
    turned = ring[start:] + ring[: start + 1]
    ends = [place - start for place in joints] or [0]
    drawn: list[tuple[float, float]] = []
    for first, last in zip(ends, [*ends[1:], len(ring)], strict=True):
        piece = turned[first : last + 1]
        forward = (piece[0], piece[1]) <= (piece[-1], piece[-2])
        line = simplified(through_middles(piece if forward else piece[::-1]), STRAY / SQUARE)
        drawn += (line if forward else line[::-1])[:-1]
    return drawn


def through_middles(piece: list[Corner]) -> list[tuple[float, float]]:
    """Return a line of stairs drawn through the middle of each step: a slope instead of stairs."""
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(piece)]
    return [piece[0], *middles, piece[-1]]


def simplified(line: list[tuple[float, float]], stray: float) -> list[tuple[float, float]]:
    """Return a line with only those of its points that keep it within ``stray`` of where it was (Douglas and Peucker)."""
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        long = hypot(bx - ax, by - ay)
        furthest, at = stray, 0
        for place in range(first + 1, last):
            x, y = line[place]
            off = abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / long if long else hypot(x - ax, y - ay)
            if off > furthest:
                furthest, at = off, place
        if at:
            kept.add(at)
            waiting += [(first, at), (at, last)]
    return [line[place] for place in sorted(kept)]


def drawn(spots: Sequence[Spot], frame: Frame, *, layers: int) -> list[dict[str, Outline]]:
    """Return for each layer the outline of each of its areas, by name."""
    closest = drawn_back(nearest(spots, frame), frame)
    return [layer(closest, spots, frame, number) for number in range(layers)]


def drawn_back(closest: list[int], frame: Frame, *, by: int = BACK) -> list[int]:
    """Return the squares without those that lie within ``by`` metres of where there is nothing."""
    edge = [
        Spot(frame.west + column * SQUARE + SQUARE // 2, frame.south + row * SQUARE + SQUARE // 2, ())
        for cell, spot in enumerate(closest)
        if spot == NOWHERE
        for row, column in [divmod(cell, frame.columns)]
        if any(
            closest[(row + up) * frame.columns + column + right] != NOWHERE
            for right, up in BESIDE
            if 0 <= column + right < frame.columns and 0 <= row + up < frame.rows
        )
    ]
    near_nothing = nearest(edge, frame, reach=by)
    return [spot if near == NOWHERE else NOWHERE for spot, near in zip(closest, near_nothing, strict=True)]


def layer(closest: list[int], spots: Sequence[Spot], frame: Frame, number: int) -> dict[str, Outline]:
    """Return the outline of each area of one layer."""
    names = sorted({one.areas[number] for one in spots} - {""})
    order: Mapping[str, int] = {name: place for place, name in enumerate(names)}
    of_spot = [order.get(one.areas[number], NOWHERE) for one in spots]
    areas = without_specks([of_spot[spot] if spot != NOWHERE else NOWHERE for spot in closest], frame)
    middles = middles_of(areas, frame)

    def placed(ring: Iterable[tuple[float, float]]) -> Ring:
        return tuple((frame.west + x * SQUARE, frame.south + y * SQUARE) for x, y in ring)

    made = {}
    for area, rings in sorted(rings_of(areas, frame).items()):
        cell, room = middles.get(area, (areas.index(area), 0))
        row, column = divmod(cell, frame.columns)
        made[names[area]] = Outline(
            rings=tuple(placed(line) for ring in rings if len(line := straightened(ring, areas, frame)) > 2),
            middle=placed([(column + 0.5, row + 0.5)])[0],
            room=room * SQUARE,
        )
    return made


def middles_of(areas: list[int], frame: Frame) -> dict[int, tuple[int, int]]:
    """Return for each area the square that is furthest from its edge, and how many squares away the edge is."""
    wide, cells = frame.columns, len(areas)
    away = [0] * cells
    inner = [cell for cell in range(wide, cells - wide) if 0 < cell % wide < wide - 1 and areas[cell] != NOWHERE]
    for cell in inner:
        area, below = areas[cell], cell - wide
        if areas[cell - 1] == areas[below - 1] == areas[below] == areas[below + 1] == area:
            away[cell] = 1 + min(away[cell - 1], away[below - 1], away[below], away[below + 1])
    furthest: dict[int, tuple[int, int]] = {}
    for cell in reversed(inner):
        area, above = areas[cell], cell + wide
        if away[cell] and areas[cell + 1] == areas[above - 1] == areas[above] == areas[above + 1] == area:
            told = 1 + min(away[cell + 1], away[above - 1], away[above], away[above + 1])
            away[cell] = min(told, away[cell])
        else:
            away[cell] = 0
        if away[cell] >= furthest.get(area, (0, 0))[1]:
            furthest[area] = (cell, away[cell])
    return furthest
