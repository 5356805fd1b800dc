"""The top of the house: settings, addresses and the design system that every page is drawn with."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Has no models; it is installed for its templates, static files, tags and commands."""

    name = "config"
    verbose_name = "Design system"
