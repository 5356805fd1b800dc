"""Delivers what the outbox holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from safekeeping import outbox
from safekeeping.management.processes import Asked, work_until


class Command(BaseCommand):
    help = "Deliver what the outbox holds, as it comes in, until asked to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Asked()
        if options["once"]:
            done = outbox.deliver_due(now=timezone.now)
            self.stdout.write(f"Delivered {done}.")
            return
        asked.listen()
        self.stdout.write("The worker delivers mail and later work as it comes in.")
        self.stdout.flush()
        work_until(asked, lambda: outbox.deliver_due(now=timezone.now, until=asked), pause=0.5)
