"""Courses, their sessions, and who has a seat."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Training"

    def ready(self) -> None:
        """Say who training's routes are for, enter what it keeps, does by the clock and shows as a sample."""
        from training import access, datamap, sample, tasks
        from training import assumptions as assumptions  # they declare themselves

        access.register()
        datamap.enter()
        tasks.register()
        sample.register()
