"""Pages and the Wagtail admin of everything that staff edit."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
