"""Proves that the audit trail is whole."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from safekeeping import audit
from safekeeping.models import AuditHead


class Command(BaseCommand):
    help = "Prove that nothing in the audit trail was changed, removed, moved or added. Ends with 1 if it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep-head", action="store_true", help="if it is whole, keep its head outside the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = list(audit.verify())
        if wrong:
            raise CommandError("\n".join(["The audit trail is not whole:", *wrong]))
        if options["keep_head"]:
            audit.keep_head(at=timezone.now())
        head = AuditHead.objects.filter(pk=audit.HEAD).first()
        self.stdout.write(f"The audit trail is whole: {head.seq if head else 0} events.")
