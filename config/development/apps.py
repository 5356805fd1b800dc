"""Installed in development and tests only; refuses to start anywhere else."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DevelopmentConfig(AppConfig):
    name = "config.development"
    label = "development"
    verbose_name = "Development"

    def ready(self) -> None:
        """
        Put the sample people on the sign-in page.

        :raises ImproperlyConfigured: in production, where a web server starts without running Django's checks
        """
        if settings.ENVIRONMENT == "production":
            raise ImproperlyConfigured("config.development signs people in without a password: not in production")
        from config.development import access, people
        from safekeeping import accounts, policy

        policy.declare(access.ROUTES)
        accounts.beside_sign_in(accounts.Panel("development/sample_people.html", people.panel))
