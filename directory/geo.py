"""Points, distances and the words for them: pure arithmetic on WGS84 degrees; kilometres inside, miles on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, degrees, isfinite, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
KM_PER_MILE = 1.609344
# The furthest that anybody may ask for, in miles (security: a radius is capped).
FURTHEST_MILES = 100
# Distances to a place whose address is not shown are told in steps of this many kilometres (domain §3.7).
COARSE_STEP_KM = 0.5


@dataclass(frozen=True, slots=True)
class Point:
    """
    A position in degrees, WGS84.

    :raises ValueError: if it is not on the Earth: out of range, not a number, infinite
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (isfinite(self.latitude) and isfinite(self.longitude)):
            raise ValueError("a position is two finite numbers")
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("latitude is -90 to 90, longitude -180 to 180")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees; never crosses the date line, which no city here does."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, point: Point) -> bool:
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east

    def overlaps(self, other: Bounds) -> bool:
        """Tell whether two boxes have anything in common."""
        return not (
            self.east < other.west or other.east < self.west or self.north < other.south or other.north < self.south
        )


def distance_km(a: Point, b: Point) -> float:
    """Return the great-circle distance in kilometres; within a third of a percent of the true one."""
    north, south = radians(a.latitude), radians(b.latitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def bounds_of(points: Sequence[Point]) -> Bounds:
    """
    Return the smallest box that holds the points.

    :raises ValueError: if there are none
    """
    return Bounds(
        south=min(one.latitude for one in points),
        west=min(one.longitude for one in points),
        north=max(one.latitude for one in points),
        east=max(one.longitude for one in points),
    )


def bounds_around(centre: Point, radius_km: float) -> Bounds:
    """
    Return the smallest box that holds the circle.

    :raises ValueError: if the radius is not a number of at least 0
    """
    if not isfinite(radius_km) or radius_km < 0:
        raise ValueError("a radius is a number of kilometres, 0 or more")
    tall = degrees(radius_km / EARTH_RADIUS_KM)
    nearest_pole = abs(centre.latitude) + tall
    wide = 180.0 if nearest_pole >= 90 else min(180.0, tall / cos(radians(nearest_pole)))
    return Bounds(
        south=max(-90.0, centre.latitude - tall),
        west=max(-180.0, centre.longitude - wide),
        north=min(90.0, centre.latitude + tall),
        east=min(180.0, centre.longitude + wide),
    )


def coarse_km(kilometres: float) -> float:
    """Round to half a kilometre, so that asking from many points cannot find an address."""
    return round(kilometres / COARSE_STEP_KM) * COARSE_STEP_KM


def mean_point(points: list[Point]) -> Point | None:
    """Return the middle of ``points``, None where there are none; good enough within one city."""
    if not points:
        return None
    return Point(
        sum(point.latitude for point in points) / len(points), sum(point.longitude for point in points) / len(points)
    )


def miles(kilometres: float) -> float:
    """Return a distance in miles, as people here speak of it."""
    return kilometres / KM_PER_MILE


def kilometres(in_miles: float) -> float:
    """
    Convert miles, at most `FURTHEST_MILES` of them.

    :raises ValueError: if it is not a number of at least 0
    """
    if not isfinite(in_miles) or in_miles < 0:
        raise ValueError("a distance is a number of miles, 0 or more")
    return min(in_miles, FURTHEST_MILES) * KM_PER_MILE


def in_words(kilometres: float, *, exact: bool = True) -> str:
    """Return "0.6 miles": one decimal below 10, none above; "about 2 miles" for a coarse distance."""
    told = miles(kilometres)
    if not exact:
        halves = round(told * 2) / 2
        if halves < 1:
            return "less than a mile"
        return f"about {halves:g} mile{'' if halves == 1 else 's'}"
    if told >= 9.95:
        return f"{told:.0f} miles"
    if told < 0.05:
        return "less than 0.1 miles"
    return f"{told:.1f} mile{'' if f'{told:.1f}' == '1.0' else 's'}"
