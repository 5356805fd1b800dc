"""Mistakes of a deployment that must be found before anybody signs in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import Error, register

DEVELOPMENT = "config.development"


@register()
def no_sample_people_in_production(app_configs: Sequence[AppConfig] | None, **more: Any) -> list[Error]:
    """Refuse a production that offers sample people: one button each, no password."""
    offered = apps.is_installed(DEVELOPMENT) or getattr(settings, "SAMPLE_PEOPLE", False)
    if settings.ENVIRONMENT == "production" and offered:
        return [
            Error(
                "production offers sample people, who sign in without a password",
                hint=f"Take {DEVELOPMENT} out of INSTALLED_APPS and SAMPLE_PEOPLE out of the settings.",
                id="safekeeping.E001",
            )
        ]
    return []
