"""What every other app stands on."""

from django.apps import AppConfig


class SafekeepingConfig(AppConfig):
    name = "safekeeping"
    verbose_name = "Safekeeping"
