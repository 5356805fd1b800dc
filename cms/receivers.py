"""What Wagtail tells us, passed on: publishing and unpublishing change what a finder may show."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction, Site, get_page_models
from wagtail.signals import post_page_move, published, unpublished

from cms import said
from cms.news import services_of
from directory.models import Organization, Service
from directory.signals import tell


def pass_on(sender: Any, instance: Service | Organization, **told: Any) -> None:
    """Tell that the words of these services are others now, or that they are gone."""
    tell(sender, services_of(instance))


def connect() -> None:
    """Listen to what is published of the directory, and to what changes the footer: any page, its place, whom it is for."""
    for signal in (published, unpublished):
        for model in (Service, Organization):
            signal.connect(pass_on, sender=model, dispatch_uid=f"cms.{model.__name__}")
    for page in (*get_page_models(), Site, PageViewRestriction):
        for change in (post_save, post_delete):
            change.connect(said.forget_flagged, sender=page, dispatch_uid=f"cms.footer.{page._meta.label}")
    post_page_move.connect(said.forget_flagged, dispatch_uid="cms.footer.move")
