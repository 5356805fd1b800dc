"""What each process remembers for a minute: read once, forgotten when it changes, never kept when it was read too early."""

from __future__ import annotations

import pytest
from django.db import transaction

from directory import geocoding
from directory.models import Ward
from safekeeping import memory
from search import finder
from search.models import SearchSynonym
from tests.factories import directory as make
from tests.factories.postcode_table import small_table

pytestmark = pytest.mark.django_db


def test_it_is_read_once_and_again_after_a_minute(monkeypatch):
    now, read = [100.0], []
    monkeypatch.setattr(memory.time, "monotonic", lambda: now[0])
    known = memory.Memory(lambda: read.append(1) or len(read))
    assert (known(), known()) == (1, 1)
    now[0] += memory.BELIEVED_SECONDS + 1
    assert known() == 2


def test_what_is_forgotten_while_it_is_read_is_read_again():
    read = []

    def reading() -> int:
        read.append(1)
        if len(read) == 1:
            known.drop()
        return len(read)

    known = memory.Memory(reading)
    assert (known(), known(), known()) == (1, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_the_old_rows_are_forgotten_again_when_the_new_ones_are_written():
    rows = ["old"]
    known = memory.Memory(lambda: rows[0])
    with transaction.atomic():
        known.forget()
        assert known() == "old"
        rows[0] = "new"
    assert known() == "new"


def test_a_saved_row_is_known_at_once(settings, tmp_path):
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    make.places()
    assert "easton" in geocoding.named_places()
    ward = Ward.objects.get(name="Easton")
    ward.name = "Upper Easton"
    ward.save()
    assert "upper easton" in geocoding.named_places()
    assert "kite" not in finder.synonyms()
    SearchSynonym.objects.create(word="kite", expands_to="missing")
    assert "kite" in finder.synonyms()
