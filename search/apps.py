"""Find services: one query, one document, several engines."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
