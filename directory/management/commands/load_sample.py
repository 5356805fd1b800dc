"""Fill an empty installation with services, people and figures for a demonstration; production refuses."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date, datetime
from datetime import time as clock
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from directory import asking, sample, sample_copies
from directory.availability import LONDON

# A coordinator's morning: the desk has been open for a while, nothing of today is late yet.
HALF_PAST_NINE = clock(9, 30)


class Command(BaseCommand):
    help = "Load sample organizations, services, places and people. Does nothing if they are there, unless --reset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the sample's today (2026-11-16); now, unless said"
        )
        parser.add_argument("--reset", action="store_true", help="put every sample row back, with figures as of today")
        parser.add_argument(
            "--times", type=int, default=1, metavar="N", help="for load: have every invented service N times"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("This is production: sample people and invented figures have no business here.")
        at = timezone.now()
        if options["today"]:
            at = datetime.combine(options["today"], HALF_PAST_NINE, tzinfo=LONDON)
        if sample.is_loaded() and not options["reset"]:
            self.stdout.write("Sample: already there.")
        else:
            self.load(at)
        if options["times"] > 1:
            self.multiply(options["times"])
        # By the clock's own job, at whatever hour this is: some figures are due, and their providers have an e-mail.
        self.stdout.write(f"E-mails to providers whose figures are due: {asking.ask(at)}")

    def multiply(self, times: int) -> None:
        """Add copies, and have the finder know them."""
        started = time.monotonic()
        made = sample_copies.multiply(times, say=self.stdout.write)
        self.stdout.write(f"Copies: {made} services in {time.monotonic() - started:.1f} s.")
        if made:
            call_command("reindex", stdout=self.stdout)

    def load(self, at: datetime) -> None:
        """
        Write the sample as of ``at``.

        :raises CommandError: if its files do not fit together
        """
        started = time.monotonic()
        try:
            sample.load(at=at, say=self.stdout.write)
        except sample.SampleMistake as mistake:
            raise CommandError(f"Nothing was loaded. {mistake}") from mistake
        self.stdout.write(f"Sample: loaded in {time.monotonic() - started:.1f} s.")
