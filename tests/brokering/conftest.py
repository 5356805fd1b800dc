"""A world to ask in: a school, coordinators, two providers with places."""

from __future__ import annotations

import pytest

from tests.factories import brokering as make


@pytest.fixture
def here(db):
    """Make everybody that a request meets."""
    return make.world()
