"""Say who can be signed in as: one sample person for each role, for whoever has just started the site."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from directory import sample


class Command(BaseCommand):
    help = "List the sample people: one for each role, or all of them with --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="everybody, not only one for each role")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            return
        shown: dict[tuple[str, str], sample.SamplePerson] = {}
        for person in sample.people(on=timezone.localdate()):
            shown.setdefault((person.role, person.email if options["all"] else ""), person)
        lines = [(one.role_name, f"{one.name}, {one.organization}", one.email) for one in shown.values()]
        widths = [max((len(line[column]) for line in lines), default=0) for column in (0, 1)]
        for role_name, who, email in lines:
            self.stdout.write(f"{role_name:<{widths[0]}}  {who:<{widths[1]}}  {email}")
