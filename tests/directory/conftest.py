"""The city's places, and a small table of postcodes, for tests that ask where something is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import directory as make
from tests.factories.postcode_table import small_table


@pytest.fixture
def city(db: None, settings, tmp_path: Path) -> None:
    """Wards, neighbourhoods and a few postcodes."""
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    make.places()
