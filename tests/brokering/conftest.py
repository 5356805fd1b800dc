"""A world to ask in: a school, coordinators, two providers with places."""

from __future__ import annotations

import copy

import pytest

from tests.factories import brokering as make


@pytest.fixture(scope="module")
def world_of_the_file(kept_for_the_file):
    """Make everybody that a request meets, once: it costs more than most tests."""
    return make.world()


@pytest.fixture
def here(world_of_the_file, db):
    """Everybody that a request meets; every test has them fresh."""
    return copy.deepcopy(world_of_the_file)
