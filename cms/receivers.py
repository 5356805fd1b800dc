"""What Wagtail tells us, passed on: publishing and unpublishing change what a finder may show."""

from __future__ import annotations

from typing import Any

from wagtail.signals import published, unpublished

from cms.news import services_of, tell
from directory.models import Organization, Service


def pass_on(sender: Any, instance: Service | Organization, **told: Any) -> None:
    """Tell that the words of these services are others now, or that they are gone."""
    tell(sender, services_of(instance))


def connect() -> None:
    """Listen to what is published of the directory."""
    for signal in (published, unpublished):
        for model in (Service, Organization):
            signal.connect(pass_on, sender=model, dispatch_uid=f"cms.{model.__name__}")
