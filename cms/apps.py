"""Pages and the Wagtail admin of everything that staff edit."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Pages"

    def ready(self) -> None:
        from cms import access, decisions, receivers, said, tasks
        from safekeeping import front_door
        from search import home

        access.register()
        receivers.connect()
        tasks.register()
        front_door.said_by(said.how_to_reach_us)
        home.said_by(said.on_the_first_page)
        decisions.connect()
