"""Prints the data map for the documentation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from safekeeping import datamap


class Command(BaseCommand):
    help = "Print the data map as Markdown: every sensitive field, why it is kept and for how long."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(datamap.as_markdown())
