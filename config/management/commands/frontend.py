"""Put the interface's parts that others made into `config/static/vendor/`; quick when they are there."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config import frontend


class Command(BaseCommand):
    """`manage.py frontend`: run before `collectstatic`."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let somebody do it again."""
        parser.add_argument("--force", action="store_true", help="fetch and copy even when nothing has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, cut and copy."""
        done = frontend.make(force=options["force"], say=self.stdout.write)
        self.stdout.write("The interface's parts are ready." if done else "The interface's parts were ready.")
