"""The contract on a real Elasticsearch: its answers are the database engine's."""

from __future__ import annotations

import pytest

from search.backends.elastic import ElasticBackend
from tests.search.contract import SearchContract

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


class OneIndex(ElasticBackend):
    """Keeps to one index: making another takes longer than what the contract asks of it, and has tests of its own."""

    def replace_all(self, documents):
        made = list(documents)
        if self.is_there():
            self.remove(set(self.digests()) - {one.service_id for one in made})
            self.index(made)
        else:
            super().replace_all(made)


class TestElasticBackend(SearchContract):
    @pytest.fixture
    def backend(self, elastic):
        return OneIndex(elastic.line, name=elastic.name)
