"""Pages and the Wagtail admin of everything that staff edit."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Pages"

    def ready(self) -> None:
        from cms import access, decisions, receivers

        access.register()
        receivers.connect()
        decisions.connect()
