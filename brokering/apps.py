"""A child or a context is screened, matched, offered and placed."""

from django.apps import AppConfig


class BrokeringConfig(AppConfig):
    name = "brokering"
