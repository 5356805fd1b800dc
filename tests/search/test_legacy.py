"""B01: narrowing the list to an older programme shows all that came from it, each with the date of its facts (INV-D2)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from search.backends import backend
from search.documents import all_documents
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programmes(db):
    old = {"legacy_tags": "Safer Options, Older", "facts_as_at": date(2021, 10, 1)}
    for name in ("Boxing", "Outreach"):
        make.service(name, **old)
    make.service("By its provider", by=make.organization(legacy_tags="Safer Options"))
    make.service("Safe options for you")
    make.service("Now")
    backend().replace_all(all_documents())


def found(**asked) -> str:
    answer = Client().get(reverse("search:find"), {"availability": "all", **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def test_B01_a_legacy_tag_lists_all_of_its_programmes_and_no_other(programmes):
    told = found(legacy="safer options")
    for name in ("Boxing", "Outreach", "By its provider"):
        assert f">{name}</a>" in told
    for name in ("Safe options for you", "Now"):
        assert f">{name}</a>" not in told
    assert told.count("Facts as at 1 October 2021") == 2
    assert "From safer options" in told


def test_it_narrows_together_with_words(programmes):
    told = found(legacy="Safer Options", text="boxing")
    assert ">Boxing</a>" in told
    assert ">Outreach</a>" not in told


def test_a_tag_that_nobody_has_shows_nothing_of_it_and_no_error(programmes):
    told = found(legacy="<script>")
    assert ">Boxing</a>" not in told
    assert "From <script>" not in told
    assert Client().get(reverse("search:find"), {"legacy": "x" * 500}).status_code == 400


def test_a_card_leads_to_the_rest_of_its_programme(programmes):
    assert "?legacy=Safer%20Options" in found(text="boxing")
