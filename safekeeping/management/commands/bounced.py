"""Takes word from the operator's mail system that letters to an address come back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from safekeeping import bounces


class Command(BaseCommand):
    help = (
        "Send nothing to ADDRESS any more, because letters to it come back; the person is told at their next sign-in, "
        "their colleagues and the stewards by e-mail. --works takes it back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--code", default="", help="what the mail server said, such as 5.1.1")
        parser.add_argument("--works", action="store_true", help="letters arrive there again")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"].strip().lower()
        try:
            validate_email(address)
        except ValidationError as trouble:
            raise CommandError("That is not an e-mail address.") from trouble
        at = timezone.now()
        if options["works"]:
            done = bounces.forgive(address, by=None, at=at)
            self.stdout.write("Letters go there again." if done else "Letters went there already.")
            return
        done = bounces.mark(address, code=options["code"], at=at)
        self.stdout.write("Nothing is sent there any more." if done else "That was known already.")
