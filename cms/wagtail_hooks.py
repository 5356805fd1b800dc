"""Registrations with Wagtail, and nothing else. What is not named here has no page in its admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.snippets.models import register_snippet

from cms import imports
from cms.access import STAFF
from cms.viewsets.menu import DirectoryGroup, FactsGroup, TrainingGroup, WordsGroup
from cms.viewsets.notices import SafetyNoticeViewSet
from cms.viewsets.people import MembershipViewSet

register_snippet(DirectoryGroup)
register_snippet(TrainingGroup)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet | ViewSetGroup]:
    """Return what is edited as plain rows."""
    return [FactsGroup(), WordsGroup(), SafetyNoticeViewSet(), MembershipViewSet()]


@hooks.register("construct_settings_menu")
def no_dead_ends(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's pages about people, which are closed (`cms.access`): a superuser's menu would lead to them."""
    menu_items[:] = [item for item in menu_items if item.name not in ("users", "groups")]


@hooks.register("register_admin_urls")
def addresses_of_imports() -> list:
    """Return where stewards bring tables and take them away."""
    return [path("imports/", include((imports.urlpatterns, "imports")))]


class ForStewards(MenuItem):
    """An entry of the menu for those whose door it leads to."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.hat and request.hat.role in STAFF)


@hooks.register("register_admin_menu_item")
def imports_in_the_menu() -> MenuItem:
    """Lead to imports and exports."""
    return ForStewards("Import and export", reverse("imports:index"), name="imports", icon_name="upload", order=115)
