"""What the databases are told so that places and the trail stay exact, and what still works when one cannot be written."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from config.databases import database_from
from tests import servers


def test_on_postgresql_done_means_written_whatever_the_server_does_for_others():
    told = database_from("postgresql://alongside@db.internal/alongside", default=None)
    assert "-c synchronous_commit=on" in told["OPTIONS"]["options"]


@pytest.mark.django_db  # lifts the guard; the database is one of its own
def test_with_the_disk_full_what_is_there_can_still_be_read_though_nobody_else_is_reading():
    try:
        with servers.small_disk(8) as disk:
            handler = ConnectionHandler({"default": database_from("", default=disk.folder / "data.sqlite3")})
            connection = handler["default"]
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE numbers (number integer)")
                cursor.execute("INSERT INTO numbers VALUES (1)")
            connection.close_if_unusable_or_obsolete()  # the end of a request
            disk.fill()
            connection.close_if_unusable_or_obsolete()  # the beginning of the next
            with connection.cursor() as cursor:
                cursor.execute("SELECT number FROM numbers")
                assert cursor.fetchone() == (1,)
                with pytest.raises(OperationalError, match="full"):
                    cursor.execute("INSERT INTO numbers VALUES (2)")
            disk.empty()
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO numbers VALUES (3)")
            connection.close()
    except servers.NoSmallDisk as missing:
        pytest.skip(str(missing))
