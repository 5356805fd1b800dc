"""Distances and their words: the oracle is domain §3.18, distances on the National Grid."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geo import Bounds, Point, bounds_around, coarse_km, distance_km, in_words, kilometres, miles
from directory.postcodes import to_point
from tests.factories.postcode_table import LIVE

points = st.builds(Point, st.floats(-89, 89), st.floats(-179, 179))


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [("BS138QA", "BS139JN", 920), ("BS138QA", "BS41NL", 2845), ("BS15TR", "BS12AG", 838), ("BS105PY", "BS15TR", 5296)],
)
def test_distances_agree_with_the_national_grid(one, other, metres):
    assert distance_km(to_point(*LIVE[one]), to_point(*LIVE[other])) * 1000 == pytest.approx(metres, rel=0.01)


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_never_below_zero(one, other):
    assert 0 <= distance_km(one, other) == pytest.approx(distance_km(other, one), abs=1e-9)


@given(st.builds(Point, st.floats(49, 61), st.floats(-8, 2)), st.floats(0.01, 50), st.floats(0, 360))
def test_what_is_within_the_radius_is_within_the_bounds(centre, radius, bearing):
    step = radius * 0.999 / 6371.0088
    latitude = centre.latitude + math.degrees(step) * math.cos(math.radians(bearing))
    longitude = centre.longitude + math.degrees(step) * math.sin(math.radians(bearing)) / math.cos(
        math.radians(centre.latitude)
    )
    other = Point(latitude, longitude)
    assert distance_km(centre, other) > radius or bounds_around(centre, radius).contains(other)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(math.nan, 0), (math.inf, 0), (91, 0), (0, 181), (1e308, 1e308), (-2.58, -250)]
)
def test_what_is_not_on_earth_is_no_point(latitude, longitude):
    with pytest.raises(ValueError, match="latitude|position"):
        Point(latitude, longitude)


@pytest.mark.parametrize("radius", [-1, math.nan, math.inf])
def test_a_radius_is_a_number_of_at_least_nothing(radius):
    with pytest.raises(ValueError, match="radius"):
        bounds_around(Point(51.45, -2.58), radius)
    with pytest.raises(ValueError, match="distance"):
        kilometres(radius)


def test_a_radius_is_capped_at_a_hundred_miles():
    assert miles(kilometres(1e9)) == pytest.approx(100)


def test_a_box_at_the_pole_is_still_a_box():
    assert bounds_around(Point(90, 0), 10) == Bounds(pytest.approx(89.91, abs=0.01), -180, 90, 180)


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (0.97, "0.6 miles"),
        (1.6, "1.0 mile"),
        (15.9, "9.9 miles"),
        (16.2, "10 miles"),
        (40, "25 miles"),
        (0, "less than 0.1 miles"),
    ],
)
def test_miles_have_one_decimal_below_ten_and_none_above(km, words):
    assert in_words(km) == words


@pytest.mark.parametrize(
    ("km", "words"),
    [(0.5, "less than a mile"), (1.5, "about 1 mile"), (2.5, "about 1.5 miles"), (3.0, "about 2 miles")],
)
def test_a_coarse_distance_says_about(km, words):
    assert in_words(km, exact=False) == words


@given(st.floats(0, 100))
def test_a_coarse_distance_comes_in_steps_of_half_a_kilometre(km):
    assert coarse_km(km) * 2 == round(coarse_km(km) * 2)
    assert abs(coarse_km(km) - km) <= 0.25
