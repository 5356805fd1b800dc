"""The former name of `setup`."""

from __future__ import annotations

from cms.management.commands.setup import Command as Setup


class Command(Setup):
    help = "The former name of `setup`."
