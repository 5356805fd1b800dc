"""Registrations with Wagtail, and nothing else. What is not named here has no page in its admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.snippets.models import register_snippet

from cms.viewsets.menu import DirectoryGroup, FactsGroup, TrainingGroup, WordsGroup
from cms.viewsets.people import MembershipViewSet

register_snippet(DirectoryGroup)
register_snippet(TrainingGroup)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet | ViewSetGroup]:
    """Return what is edited as plain rows."""
    return [FactsGroup(), WordsGroup(), MembershipViewSet()]
