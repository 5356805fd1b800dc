"""Registrations with Wagtail, and nothing else. What is not named here has no page in its admin."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.snippets.models import register_snippet

from cms.viewsets.menu import DirectoryGroup, FactsGroup, TrainingGroup, WordsGroup
from cms.viewsets.notices import SafetyNoticeViewSet
from cms.viewsets.people import MembershipViewSet
from cms.viewsets.proposals import ProposalsGroup

register_snippet(DirectoryGroup)
register_snippet(TrainingGroup)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet | ViewSetGroup]:
    """Return what is edited as plain rows."""
    return [FactsGroup(), WordsGroup(), SafetyNoticeViewSet(), MembershipViewSet(), ProposalsGroup()]


@hooks.register("construct_settings_menu")
def no_dead_ends(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's pages about people, which are closed (`cms.access`): a superuser's menu would lead to them."""
    menu_items[:] = [item for item in menu_items if item.name not in ("users", "groups")]
