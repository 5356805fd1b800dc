"""Runs what is done by time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from safekeeping import clock
from safekeeping.management.processes import Asked, work_until


class Command(BaseCommand):
    help = "Run the periodic jobs when they are due, until asked to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Asked()
        entered = False

        def turn() -> list[str]:
            nonlocal entered
            if not entered:
                clock.enter(timezone.now())
                entered = True
            return clock.run_due(now=timezone.now, until=asked)

        if options["once"]:
            ran = turn()
            self.stdout.write(f"Ran {', '.join(ran) if ran else 'nothing: no job is due'}.")
            return
        asked.listen()
        self.stdout.write(f"The clock minds {len(clock.JOBS)} periodic jobs.")
        self.stdout.flush()
        work_until(asked, turn, pause=1.0)
