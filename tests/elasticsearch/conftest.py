"""A real Elasticsearch, or the reason why there is none here."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest

from search.backends.elastic import ElasticBackend
from search.backends.elastic_line import Line
from tests.directory.conftest import city as city  # one city for both

HOW = "there is no Elasticsearch; to run this as well: make test-elasticsearch"


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """Return the address of a server that may be written to; with CI set there must be one."""
    url = os.environ.get("ELASTICSEARCH_URL", "")
    if not url:
        pytest.skip(HOW)
    return url


@pytest.fixture(scope="session")
def index_name(elasticsearch_url):
    """Return how the names of this run's indexes begin; what is under it goes away at the end."""
    name = f"test-{uuid4().hex}"
    yield name
    ElasticBackend(Line(elasticsearch_url, patience=20, slow=20), name=name).drop()


@pytest.fixture
def elastic(elasticsearch_url, index_name, db):
    """Return the engine, with more patience than a page has: a test machine may be busy."""
    return ElasticBackend(Line(elasticsearch_url, patience=20, slow=20), name=index_name)
