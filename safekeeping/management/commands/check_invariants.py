"""Proves that rows which must agree do agree."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from safekeeping import invariants


class Command(BaseCommand):
    help = "Check what must always agree: counters and rows, states and histories. Ends with 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [f"{name}: {difference}" for name, difference in invariants.broken()]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{len(invariants.INVARIANTS)} invariants hold.")
