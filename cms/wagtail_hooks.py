"""Registrations with Wagtail, and nothing else. What is not named here has no page in its admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.snippets.models import register_snippet

from cms.viewsets.compliance import JoiningGroup
from cms.viewsets.menu import DirectoryGroup, FactsGroup, TrainingGroup, WordsGroup
from cms.viewsets.notices import SafetyNoticeViewSet
from cms.viewsets.people import MembershipViewSet
from safekeeping import policy

register_snippet(DirectoryGroup)
register_snippet(TrainingGroup)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet | ViewSetGroup]:
    """Return what is edited as plain rows."""
    return [FactsGroup(), WordsGroup(), JoiningGroup(), SafetyNoticeViewSet(), MembershipViewSet()]


@hooks.register("register_admin_menu_item")
def who_wants_to_join() -> MenuItem:
    """Return the way to our own page about people and organizations that ask to join."""
    return ForStewards(
        "Who wants to join", reverse_lazy("directory:joining"), name="joining", icon_name="group", order=710
    )


class ForStewards(MenuItem):
    """An entry of the menu that leads to a page of stewards."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.is_for("directory:joining", request.hat)


@hooks.register("construct_settings_menu")
def no_dead_ends(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's pages about people, which are closed (`cms.access`): a superuser's menu would lead to them."""
    menu_items[:] = [item for item in menu_items if item.name not in ("users", "groups")]
