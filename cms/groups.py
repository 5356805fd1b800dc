"""
What each staff hat may do inside the Wagtail admin: groups of Wagtail permissions that follow the hat.

Wagtail asks groups, not people, about pages, pictures and moderation, so a hat has to become a group somewhere. The rows
that say who is in a group decide nothing by themselves: the door of /admin/ asks for a current membership at every
request (`cms.access`), and behind it they are set anew to what the hat of that very request gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from safekeeping.models import User

STEWARDS = "Directory stewards"
ADMINISTRATORS = "System administrators"
COURSE_WRITERS = "Course writers"
GROUPS_OF: dict[str, tuple[str, ...]] = {
    "content_editor": (STEWARDS,),
    "sysadmin": (STEWARDS, ADMINISTRATORS),
    "partnership_team": (COURSE_WRITERS,),
}

ALL = ("view", "add", "change", "delete")
# Services and organizations are never deleted: what is over is archived, and its past stays explicable.
DRAFTED = ("view", "add", "change", "publish", "lock", "unlock")
STEWARDS_MAY: dict[str, tuple[str, ...]] = {
    "directory.service": DRAFTED,
    "directory.organization": DRAFTED,
    "directory.servicestanding": ("view", "change"),
    "directory.organizationstanding": ("view", "change"),
    "directory.location": ("view", "add", "change"),
    "directory.serviceatlocation": ALL,
    "directory.servicearea": ALL,
    "directory.schedule": ALL,
    "directory.closure": ALL,
    "directory.changeproposal": ("view", "change"),
    "directory.liveatonce": ALL,
    "directory.taxonomyterm": ("view", "add", "change"),
    "search.searchsynonym": ALL,
    "directory.evidencerating": ("view", "add", "change"),
    "cms.safetynotice": ALL,
    "cms.sitewords": ("view", "change"),
    "wagtailredirects.redirect": ("add", "change", "delete"),
    "directory.complianceitem": ("view", "add", "change"),
    "directory.emaildomain": ALL,
    "training.course": ("view", "add", "change", "publish"),
}
COURSE_WRITERS_MAY: dict[str, tuple[str, ...]] = {"training.course": ("view", "add", "change", "publish")}
ADMINISTRATORS_MAY: dict[str, tuple[str, ...]] = {"directory.membership": ("view", "add", "change")}
ON_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
ON_FILES = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}


def permissions(granted: dict[str, tuple[str, ...]]) -> list[Permission]:
    """
    Return the permissions of that list; an app that is not installed yet is passed over.

    :raises Permission.DoesNotExist: if a model has no such permission: the migrations have not run to their end
    """
    found = []
    for label, verbs in granted.items():
        app, model = label.split(".")
        if model not in apps.all_models[app]:
            continue
        for verb in verbs:
            found.append(Permission.objects.get(content_type__app_label=app, codename=f"{verb}_{model}"))
    return found


def set_up(above: Iterable[Page]) -> None:
    """Make the groups and give them exactly what the lists above say; ``above`` are the topmost pages they may edit."""
    door = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    stewards, _ = Group.objects.get_or_create(name=STEWARDS)
    stewards.permissions.set([door, *permissions(STEWARDS_MAY)])
    administrators, _ = Group.objects.get_or_create(name=ADMINISTRATORS)
    administrators.permissions.set([door, *permissions(ADMINISTRATORS_MAY)])
    writers, _ = Group.objects.get_or_create(name=COURSE_WRITERS)
    writers.permissions.set([door, *permissions(COURSE_WRITERS_MAY)])
    for codename in ON_PAGES:
        allowed = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        for page in above:
            GroupPagePermission.objects.get_or_create(group=stewards, page=page, permission=allowed)
    folder = Collection.get_first_root_node()
    for app, codenames in ON_FILES.items():
        for codename in codenames:
            allowed = Permission.objects.get(content_type__app_label=app, codename=codename)
            GroupCollectionPermission.objects.get_or_create(group=stewards, collection=folder, permission=allowed)
    # Wagtail's own two groups would be a second way in that knows no dates.
    Group.objects.filter(name__in=("Editors", "Moderators")).delete()


def follow(user: User, wanted: Iterable[str]) -> None:
    """Put ``user`` into exactly these of our groups."""
    held = set(user.groups.values_list("name", flat=True))
    missing, extra = set(wanted) - held, held - set(wanted)
    if missing:
        user.groups.add(*Group.objects.filter(name__in=missing))
    if extra:
        user.groups.remove(*Group.objects.filter(name__in=extra))


class GroupsFollowTheHat:
    """Before the admin answers, gives the person the groups of the hat they are wearing, and no others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if match and match.view_name == "wagtail_bulk_action" and kwargs["app_label"] == User._meta.app_label:
            raise Http404  # Wagtail's pages about people are closed, and this is their side door
        if match and match.route.startswith("admin/") and request.hat:
            follow(request.user, GROUPS_OF.get(request.hat.role, ()))
