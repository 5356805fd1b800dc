"""A child or a context is screened, matched, offered and placed."""

from django.apps import AppConfig


class BrokeringConfig(AppConfig):
    name = "brokering"

    def ready(self) -> None:
        """Say who brokering’s routes are for, enter what it keeps, what it does by the clock and its sample."""
        from brokering import access, context_sample, datamap, sample, tasks
        from brokering import assumptions as assumptions  # they declare themselves
        from directory.sample import also_load

        access.register()
        datamap.enter()
        tasks.register()
        also_load(sample.load)
        also_load(context_sample.load)
