"""Lets the first system administrator in; refused once there is one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from directory import first_administrator
from safekeeping import accounts


class Command(BaseCommand):
    help = (
        "Make the first system administrator of an empty installation, and print a link with which they set their "
        "password, once. Refused as long as there is an administrator."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="their own work address, not a shared mailbox")
        parser.add_argument("--name", required=True, help="what people call them")
        parser.add_argument("--organization", required=True, help="whom they work for; made if it is not there")
        parser.add_argument("--kind", default="local_authority_team", help="what kind of organization (a code)")
        parser.add_argument("--mail", action="store_true", help="mail the link to them instead of printing it")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            made = first_administrator.make(
                email=options["email"],
                name=options["name"],
                organization=options["organization"],
                kind=options["kind"],
                mail=options["mail"],
                at=at,
            )
        except first_administrator.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{made.user} is system administrator for {made.organization}.")
        if options["mail"]:
            self.stdout.write(f"A link to set a password is on its way to {made.user.email}.")
        else:
            self.stdout.write(f"Give them this link; it works once, until {accounts.link_ends(at):%d %B %Y %H:%M}:")
            self.stdout.write(settings.BASE_URL + accounts.set_password_path(made.user))
        self.stdout.write("When they sign in, they are asked to set up an app for the second step.")
