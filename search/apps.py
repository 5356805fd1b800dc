"""Find services: one query, one document, several engines."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        """Enter the routes, the work and the news."""
        from search import access, datamap, receivers, settled, tasks
        from search import assumptions as assumptions  # they declare themselves

        access.register()
        datamap.enter()
        tasks.register()
        receivers.connect()
        pre_migrate.connect(settled.before_migrate, sender=self, dispatch_uid="search.settled.before")
        post_migrate.connect(settled.after_migrate, sender=self, dispatch_uid="search.settled.after")
