"""Who offers what, where, when, for whom and with how many places."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = "Directory"

    def ready(self) -> None:
        from directory import access, datamap, place_names, receivers, sample, sample_compliance, tasks
        from directory import assumptions as assumptions  # they declare themselves

        access.register()
        datamap.enter()
        tasks.register()
        place_names.register()
        receivers.connect()
        sample.also_load(sample_compliance.load)
