"""The whole demonstration, loaded once for each file of tests: places, words, pages, services, courses, the finder's index."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from directory import sample, vocabularies
from tests.factories import directory as make
from tests.factories.postcode_table import small_table
from training import sample as training_sample


@pytest.fixture(scope="module")
def catalogue(kept_for_the_file, tmp_path_factory):
    """Load it as of now, and take it back afterwards; gives the moment. Children's requests are proved where they are."""
    at = timezone.now()
    table = small_table(tmp_path_factory.mktemp("postcodes") / "postcodes.sqlite3")
    with (
        override_settings(POSTCODES_FILE=table),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sample, "_contributions", [training_sample.load])
        make.places()
        vocabularies.load()
        call_command("setup", verbosity=0, stdout=open_nowhere())
        sample.load(at=at, folder=settings.CITY.folder / "sample")
        call_command("reindex", stdout=open_nowhere())
        yield at
    vocabularies.remembered.drop()


def open_nowhere():
    """Return something that a command can write to and nobody reads."""
    from io import StringIO

    return StringIO()
