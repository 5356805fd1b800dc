"""Registrations with Wagtail, and nothing else. What is not named here has no page in its admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.models import register_snippet

from cms import assumptions, imports, places, reports, reviews, stale
from cms.access import STAFF
from cms.bulk import ACTIONS
from cms.viewsets.compliance import JoiningGroup
from cms.viewsets.menu import DirectoryGroup, FactsGroup, TrainingGroup, WordsGroup
from cms.viewsets.notices import SafetyNoticeViewSet
from cms.viewsets.people import MembershipViewSet
from cms.viewsets.proposals import ProposalsGroup
from cms.viewsets.site import SiteWordsViewSet
from directory.models import Service

register_snippet(DirectoryGroup)
register_snippet(TrainingGroup)


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet | ViewSetGroup]:
    """Return what is edited as plain rows."""
    return [
        FactsGroup(),
        WordsGroup(),
        JoiningGroup(),
        SafetyNoticeViewSet(),
        SiteWordsViewSet(),
        MembershipViewSet(),
        ProposalsGroup(),
    ]


@hooks.register("insert_global_admin_css")
def own_styles() -> str:
    """Return the styles of our own pages in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/desk.css"))


@hooks.register("insert_global_admin_js")
def own_scripts() -> str:
    """Return the script that goes with Wagtail's own forms."""
    return format_html('<script src="{}" defer></script>', static("cms/desk.js"))


@hooks.register("construct_settings_menu")
def no_dead_ends(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's pages about people, which are closed (`cms.access`): a superuser's menu would lead to them."""
    menu_items[:] = [item for item in menu_items if item.name not in ("users", "groups")]


@hooks.register("before_serve_page")
def one_answer_for_what_is_not_for_all(page: Page, request: HttpRequest, *more: Any) -> None:
    """
    Answer for a page that is not for this reader as for one that is not there; Wagtail would send them to sign in.

    :raises Http404: if the reader may not see the page
    """
    if not all(one.accept_request(request) for one in page.get_view_restrictions()):
        raise Http404


@hooks.register("before_bulk_action")
def no_review_without_those_it_is_about(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponseBase | None:
    """Stop a publication of many pages at once that would fail at a review, and say at which."""
    return reviews.stop(request, objects) if action_type == "publish" else None


@hooks.register("register_snippet_listing_buttons")
def to_its_places(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Lead from a service in the list to its places."""
    if isinstance(snippet, Service) and user.has_perm(stale.MAY):
        yield Button("Places", url=reverse("places_of_service", args=[snippet.pk]), icon_name="group", priority=30)


class ForStaff(MenuItem):
    """A line of the menu for those who keep the directory; others who write here would find a closed door."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.hat) and request.hat.role in STAFF  # type: ignore[attr-defined]


@hooks.register("register_admin_urls")
def own_pages() -> list[URLPattern | URLResolver]:
    """Return the addresses of our own pages in the admin."""
    return [
        *assumptions.URLS,
        *places.URLS,
        *reports.URLS,
        *stale.URLS,
        path("imports/", include((imports.urlpatterns, "imports"))),
    ]


@hooks.register("register_admin_menu_item")
def stale_in_the_menu() -> MenuItem:
    """Return the line that leads to what is stale."""
    return ForStaff("What is stale", reverse("what_is_stale"), icon_name="history", order=90)


@hooks.register("register_admin_menu_item")
def joining_in_the_menu() -> MenuItem:
    """Return the line that leads to our own page about people and organizations that ask to join."""
    return ForStaff("Who wants to join", reverse("directory:joining"), name="joining", icon_name="group", order=710)


@hooks.register("register_admin_menu_item")
def assumptions_in_the_menu() -> MenuItem:
    """Return the line that leads to the page of assumptions."""
    return ForStaff("Assumptions", reverse("assumptions"), icon_name="help", order=140)


@hooks.register("register_admin_menu_item")
def readers_in_the_menu() -> MenuItem:
    """Return the line that leads to what readers report."""
    return ForStaff("From readers", reverse("reports_from_readers"), icon_name="comment", order=98)


@hooks.register("register_admin_menu_item")
def imports_in_the_menu() -> MenuItem:
    """Return the line that leads to where stewards bring tables and take them away."""
    return ForStaff("Import and export", reverse("imports:index"), name="imports", icon_name="upload", order=115)


for action in ACTIONS:
    hooks.register("register_bulk_action", action)
DeleteBulkAction.models = []  # no snippet of ours is ever deleted (`cms.groups`): its button could only refuse
