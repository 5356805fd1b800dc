"""The sample people on the sign-in page: one button each, which counts as password and second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from directory.models import Membership, Role
from safekeeping import policy

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# What each role is here to do, in one line; in the order of a request's way.
DOES: dict[str, str] = {
    Role.PROFESSIONAL: "Finds support, asks for it for a child, follows what happens.",
    Role.SCHOOL_DSL: "The same, and sees what their whole school has asked for.",
    Role.COORDINATOR: "Checks new requests in their part of the city, chooses a service, offers the place.",
    Role.PROVIDER_ADMIN: "Says how many places are free, and says yes or no to offers.",
    Role.PROVIDER_WORKER: "Sees the young people they work with.",
    Role.PARTNERSHIP_TEAM: "Looks after requests about places and groups, and the directory’s freshness.",
    Role.CONTENT_EDITOR: "Edits the directory and the articles, and approves what providers change.",
    Role.IG_OFFICER: "Sees who looked at what, and why; sees no child.",
    Role.SYSADMIN: "Sets things up; sees no child.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The sample people in one role."""

    role: str
    does: str
    memberships: tuple[Membership, ...]


def offered() -> list[Membership]:
    """Return the memberships of sample people that are in force today; none unless the settings offer them."""
    if not getattr(settings, "SAMPLE_PEOPLE", False):
        return []
    sample = Membership.objects.current(timezone.localdate()).filter(user__is_demo=True)
    return list(sample.select_related("user", "organization").order_by("user__name", "id"))


def panel(request: HttpRequest) -> dict[str, Any]:
    """Return what the panel on the sign-in page needs."""
    found = offered()
    groups = [
        Group(str(Role(role).label), does, tuple(one for one in found if one.role == role))
        for role, does in DOES.items()
    ]
    return {"groups": [group for group in groups if group.memberships]}


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a sample person, in the role that the button names."""
    wanted = request.POST.get("membership", "")
    if not getattr(settings, "SAMPLE_PEOPLE", False) or not wanted.isdecimal():
        raise Http404
    sample = Membership.objects.current(timezone.localdate()).filter(user__is_demo=True).select_related("user")
    membership = get_object_or_404(sample, pk=int(wanted))
    login(request, membership.user, backend=BACKEND)
    policy.note_second_factor(request, membership.user)
    request.session[policy.SESSION_HAT] = membership.pk
    return redirect(policy.safe_next(request, default="/start/"))
