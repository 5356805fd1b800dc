"""Print what became of each thing that the partnership's documents name, and whether what was asked of it can be shown."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms import rows

MOST_SHOWN = 3


class Command(BaseCommand):
    help = "Print row, kind, record, test, and done or not yet. With --check it fails if a row has no record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if a row that should have a record has none")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = rows.look(rows.read(settings.CITY.folder))
        except FileNotFoundError:
            self.stdout.write(f"{settings.CITY.name} has no {rows.FILE}.")
            return
        except rows.RowsMistake as mistake:
            raise CommandError(str(mistake)) from mistake
        for one in found:
            self.stdout.write(line(one))
        self.stdout.write("\nWhat the others need:")
        for what, ids in rows.needed(found).items():
            self.stdout.write(f"  {what}: {', '.join(ids)}")
        lacking = [one.row.id for one in found if one.lacking]
        done = sum(one.row.done for one in found)
        self.stdout.write(f"\n{len(found)} rows: {done} done, {len(found) - done} not yet.")
        if lacking:
            self.stdout.write(f"Without a record: {', '.join(lacking)}.")
            if options["check"]:
                raise CommandError("Some rows have no record. Is the sample loaded, and has setup been run?")


def line(one: rows.Found) -> str:
    """Return a row of the table."""
    shown = [f"{record.sort}: {record.what or 'MISSING'}" for record in one.records]
    if len(shown) > MOST_SHOWN:
        shown = [*shown[:MOST_SHOWN], f"and {len(shown) - MOST_SHOWN} more"]
    state = "done" if one.row.done else f"not yet, needs {one.row.needs}: {one.row.why}"
    return " | ".join([one.row.id, one.row.kind, one.row.name, "; ".join(shown), one.row.test, state])
