"""The city's places, a small table of postcodes, and the engines that the contract runs on."""

from __future__ import annotations

import pytest

from search.backends import backend
from search.documents import all_documents
from tests.directory.conftest import city as city  # one city for both


@pytest.fixture
def indexed(city):
    """Return a function that makes the index anew from what is published now."""

    def index() -> None:
        backend().replace_all(all_documents())

    return index
