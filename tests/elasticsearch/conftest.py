"""A real Elasticsearch, or the reason why there is none here."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest

from search import unsent
from search.backends.elastic_first import ElasticFirst
from search.backends.elastic_keeper import Keeper
from search.backends.elastic_line import Line
from tests.directory.conftest import city as city  # one city for both

HOW = "there is no Elasticsearch; to run this as well: make test-elasticsearch"


class OnlyElastic(ElasticFirst):
    """
    Answers from Elasticsearch or not at all, and tells it of a change at once: no test here is ever committed.

    Keeps to one index: making another takes longer than what most tests ask of it, and has tests of its own.
    """

    def replace_all(self, documents):
        made = list(documents)
        before = set(self.own.digests()) | set(self.elastic.index.digests() if self.elastic.index.is_there() else ())
        self.own.replace_all(made)
        unsent.note(before | {one.service_id for one in made})
        if self.elastic.index.is_there():
            unsent.followed(self.elastic.index.alias, self.elastic.index.newest())
            self.elastic.index.catch_up()
        else:
            self.elastic.index.rebuild()
            self.elastic.index.catch_up()

    def _first(self, ask, instead):
        return ask()

    def _changed(self, service_ids):
        unsent.note(service_ids)
        self.elastic.index.catch_up()


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
    Keeper(Line(elasticsearch_url, patience=20, slow=20), name).drop()


@pytest.fixture
def elastic(elasticsearch_url, index_name, db, settings):
    """Return the engine without the database's answers, with more patience than a page has: a test machine may be busy."""
    settings.ELASTICSEARCH_URL = elasticsearch_url
    return OnlyElastic(Line(elasticsearch_url, patience=20, slow=20), name=index_name)
