"""The contract on a real Elasticsearch: its answers are the database engine's."""

from __future__ import annotations

import pytest

from tests.search.contract import SearchContract

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


class TestElasticBackend(SearchContract):
    @pytest.fixture
    def backend(self, elastic):
        return elastic
