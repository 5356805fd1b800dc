"""Find services: one query, one document, several engines."""

from django.apps import AppConfig


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
        settled.connect(self)
