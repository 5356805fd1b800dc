"""Puts every sealed value under the current key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from safekeeping import sealed


class Command(BaseCommand):
    help = (
        "Reseal every sealed value under the first key of SEAL_KEYS. May be stopped and started at any time, and runs "
        "while the site is in use. When it ends with 0, older keys may leave the ring."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows at a time (500)")

    def handle(self, *args: Any, **options: Any) -> None:
        resealed = broken = 0
        for model in sealed.models_with_seals():
            for done, closed in sealed.reseal(model, batch=options["batch"]):
                resealed, broken = resealed + done, broken + closed
        if broken:
            raise CommandError(
                f"{resealed} values resealed; {broken} do not open with any key of the ring, keep the old keys."
            )
        self.stdout.write(f"{resealed} values resealed. Everything is under the current key.")
