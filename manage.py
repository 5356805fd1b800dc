#!/usr/bin/env python
"""Run a management command of this project."""

import os
import sys


def main() -> None:
    """Hand over to Django, with the settings for one's own machine unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    from django.core.management import execute_from_command_line

    from config import collector

    collector.look_less_often()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
