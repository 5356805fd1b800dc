"""What every other app stands on."""

from django.apps import AppConfig


class SafekeepingConfig(AppConfig):
    name = "safekeeping"
    verbose_name = "Safekeeping"

    def ready(self) -> None:
        """Register the door: its routes, and what follows from signing in."""
        from safekeeping import access, accounts, assumed, held, policy, tasks
        from safekeeping import checks as checks  # they register themselves

        policy.declare(access.ROUTES)
        policy.private_prefixes(*access.PRIVATE)
        accounts.connect()
        assumed.register()
        held.enter()
        tasks.register()
