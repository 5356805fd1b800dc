"""Make Elasticsearch's index anew."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import tasks
from search.backends.elastic_line import Away


class Command(BaseCommand):
    help = (
        "Make Elasticsearch's index anew beside the one in use, and put it in its place in one step. Readers never see it"
        " empty. Interrupted, it goes on where it stopped when it is called again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="drop what an interrupted call has done")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Rebuild, and say how far it is.

        :raises CommandError: if Elasticsearch is not the engine, or does not take it
        """
        started = time.monotonic()

        def told(done: int, of: int) -> None:
            if options["verbosity"]:
                self.stdout.write(f"{done} of {of} services, {time.monotonic() - started:.1f} s")
                self.stdout.flush()

        try:
            there = tasks.rebuild(anew=options["anew"], told=told)
        except tasks.NotElastic:
            raise CommandError("ELASTICSEARCH_URL is not set: the database finds. See `manage.py reindex`.") from None
        except Away as away:
            raise CommandError(f"Elasticsearch: {away}. What is done stays done; call this again.") from away
        self.stdout.write(f"Elasticsearch: {there} services in {time.monotonic() - started:.1f} s.")
