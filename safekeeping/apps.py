"""What every other app stands on."""

from django.apps import AppConfig


class SafekeepingConfig(AppConfig):
    name = "safekeeping"
    verbose_name = "Safekeeping"

    def ready(self) -> None:
        """Register the door: its routes, and what follows from signing in."""
        from allauth.mfa import signals as second_factor
        from django.contrib.auth.signals import user_logged_in

        from safekeeping import access, accounts, checks, policy, sessions  # noqa: F401 - checks register themselves

        policy.declare(access.ROUTES)
        policy.private_prefixes(*access.PRIVATE)
        user_logged_in.connect(sessions.begin)
        second_factor.authenticator_used.connect(accounts.second_factor_used)
        second_factor.authenticator_added.connect(accounts.second_factor_added)
        second_factor.authenticator_removed.connect(accounts.second_factor_removed)
