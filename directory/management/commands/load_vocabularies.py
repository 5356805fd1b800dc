"""Bring the packaged vocabularies into the database; what stewards have edited stays."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from directory import evidence, vocabularies


class Command(BaseCommand):
    help = "Load the packaged vocabularies. Labels that are there stay as they are, unless --reset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="put the packaged labels back")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = vocabularies.load(reset=options["reset"])
        self.stdout.write(f"Vocabularies: {loaded.made} new, {loaded.changed} put back, {loaded.kept} as they were.")
        self.stdout.write(f"Evidence: {evidence.load()} new.")
