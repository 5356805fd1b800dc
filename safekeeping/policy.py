"""
Who may reach which route, and under which hat: the one place that decides it, closed unless declared.

Every app says in its `access.py` who each of its routes is for, and registers that in `AppConfig.ready`. A route that
nobody declared raises in every environment, so that forgetting one is a red build and never an open door. What a
person may do comes from dated memberships, asked for anew at every request: taking one away works at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from safekeeping import audit, kept_forms

if TYPE_CHECKING:
    from safekeeping.models import User

# A longer one is no page of ours.
LONGEST_PATH = 200
SESSION_HAT = "hat"
SESSION_SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class Hat:
    """One current membership: the role that somebody acts in, for which organization, with which localities."""

    membership_id: int
    user_id: int
    person: str
    role: str
    organization_id: UUID
    organization: str
    job_title: str = ""
    localities: frozenset[str] = frozenset()
    citywide: bool = False
    role_label: str = ""


# --- audiences ----------------------------------------------------------------------------------------------------
class Reach(StrEnum):
    """How far somebody has come through the door."""

    PUBLIC = "public"
    SIGNING_IN = "signing in"
    SIGNED_IN = "signed in"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a route is for."""

    reach: Reach
    roles: frozenset[str] = frozenset()


PUBLIC = Audience(Reach.PUBLIC)
# A password was right, the second factor may still be missing: only the pages that ask for it, and signing out.
SIGNING_IN = Audience(Reach.SIGNING_IN)
# Signed in, second factor included where a hat needs one. `request.hat` may be None: no hat, or none chosen yet.
SIGNED_IN = Audience(Reach.SIGNED_IN)


def roles(*names: str) -> Audience:
    """
    Return the audience of those who wear a hat of one of these roles.

    :raises ValueError: if no role is named
    """
    if not names:
        raise ValueError("an audience of roles names at least one")
    return Audience(Reach.ROLES, frozenset(names))


# --- what the apps above register -----------------------------------------------------------------------------------
HatProvider = Callable[["User", date], "list[Hat]"]


@dataclass(slots=True)
class Registry:
    """All that the apps have declared; one for the process, filled while Django starts."""

    routes: dict[str, Audience] = field(default_factory=dict)
    trees: dict[str, Audience] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    second_factor: set[str] = field(default_factory=set)
    homes: dict[str, str] = field(default_factory=dict)
    providers: list[HatProvider] = field(default_factory=list)


registry = Registry()


def declare(routes: Mapping[str, Audience], *, prefix: bool = False) -> None:
    """
    Say who may reach each route, by its full view name ("brokering:desk").

    With ``prefix`` the keys are beginnings of paths instead ("admin/"): for trees of routes that a library brings.

    :raises ImproperlyConfigured: if a route is declared twice, for different audiences
    """
    declared = registry.trees if prefix else registry.routes
    for name, audience in routes.items():
        if declared.setdefault(name, audience) != audience:
            raise ImproperlyConfigured(f"{name} is declared for two audiences")


def private_prefixes(*prefixes: str) -> None:
    """
    Say that everything below these paths ("/desk/") is for people who are signed in.

    There, a stranger meets the sign-in page whether the address exists or not, and no answer is kept by a browser.

    :raises ValueError: if a prefix does not begin and end with a slash
    """
    for prefix in prefixes:
        if not (prefix.startswith("/") and prefix.endswith("/") and prefix != "/"):
            raise ValueError(f"{prefix!r} is not a path prefix such as '/desk/'")
        registry.private.add(prefix)


def need_second_factor(names: Iterable[str]) -> None:
    """Say which roles see case work, or edit what others rely on: their hats ask for a second factor."""
    registry.second_factor.update(names)


def home_of(role: str, url_name: str) -> None:
    """
    Say where somebody in that role starts after signing in.

    :raises ImproperlyConfigured: if the role has another start already
    """
    if registry.homes.setdefault(role, url_name) != url_name:
        raise ImproperlyConfigured(f"{role} starts at {registry.homes[role]}, not at {url_name}")


def offer_hats(provider: HatProvider) -> None:
    """Add a source of hats: called with the person and the day, returns the hats in force on it."""
    if provider not in registry.providers:
        registry.providers.append(provider)


# --- questions ----------------------------------------------------------------------------------------------------
def hats_of(user: User, *, on: date) -> tuple[Hat, ...]:
    """Return the hats that ``user`` may wear on that day."""
    if not user.is_active:
        return ()
    return tuple(hat for provider in registry.providers for hat in provider(user, on))


def home_url(hat: Hat) -> str:
    """Return the address where this hat starts: the finder, unless an app has named another page."""
    return reverse(registry.homes.get(hat.role, "search:home"))


def is_for(name: str, hat: Hat | None) -> bool:
    """Tell whether a link to this route is of use: it is for this hat, or whoever looks may still become somebody it is for."""
    audience = registry.routes.get(name)
    return hat is None or audience is None or audience.reach is not Reach.ROLES or hat.role in audience.roles


def is_private(path: str) -> bool:
    """Tell whether ``path`` lies where only people who are signed in have business."""
    return any(f"{path}/".startswith(prefix) for prefix in registry.private)


def public_path(path: str) -> str:
    """Return the path if it is one of a page of ours that everybody may read, else ""."""
    if not path.startswith("/") or len(path) > LONGEST_PATH or not path.isascii():
        return ""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    audience = audience_of(match.route, match.view_name)
    return path if audience is not None and audience.reach is Reach.PUBLIC else ""


def audience_of(route: str, name: str) -> Audience | None:
    """Return who a route is for, or None if nobody has said so; a name counts more than the tree it stands in."""
    if name in registry.routes:
        return registry.routes[name]
    bare = route.removeprefix("^")
    fitting = [prefix for prefix in registry.trees if bare.startswith(prefix)]
    return registry.trees[max(fitting, key=len)] if fitting else None


def routes(
    patterns: Iterable[URLPattern | URLResolver] | None = None, *, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Walk the tree of addresses; yield each route with its full view name, as `resolver_match` has them."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            below = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, before=route, spaces=below)
        else:
            yield route, ":".join((*spaces, pattern.name or pattern.lookup_str))


def needs_second_factor(hats: Iterable[Hat]) -> bool:
    """Tell whether one of these hats may only be worn after a second factor."""
    return any(hat.role in registry.second_factor for hat in hats)


def second_factor_passed(request: HttpRequest) -> bool:
    """Tell whether this person has passed a second factor in this very session."""
    return request.session.get(SESSION_SECOND_FACTOR) == str(request.user.pk)


# --- the session's memory -------------------------------------------------------------------------------------------
def note_second_factor(request: HttpRequest, user: User) -> None:
    """Remember, for this session only, that ``user`` has passed a second factor."""
    request.session[SESSION_SECOND_FACTOR] = str(user.pk)


def forget_second_factor(request: HttpRequest) -> None:
    """Ask for the second factor again, as when it has just been removed."""
    request.session.pop(SESSION_SECOND_FACTOR, None)


def wear(request: HttpRequest, membership_id: int) -> bool:
    """Put on the hat of that membership from now on; False if it is not one of the person's current hats."""
    if membership_id not in {hat.membership_id for hat in request.hats}:
        return False
    request.session[SESSION_HAT] = membership_id
    return True


def chosen(request: HttpRequest, hats: tuple[Hat, ...]) -> Hat | None:
    """Return the hat that the session names, if it is still one of ``hats``; the only one, where there is no choice."""
    wanted = request.session.get(SESSION_HAT)
    for hat in hats:
        if hat.membership_id == wanted:
            return hat
    return hats[0] if len(hats) == 1 else None


# --- the door -------------------------------------------------------------------------------------------------------
class PolicyMiddleware:
    """Puts `request.hats` and `request.hat` in place and lets a request through to its view, or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.hats, request.hat = (), None
        if request.user.is_authenticated:
            request.hats = hats_of(request.user, on=timezone.localdate())
            hat = chosen(request, request.hats)
            # Until the second factor is there, a person is shown what the public is shown.
            if hat and (not needs_second_factor([hat]) or second_factor_passed(request)):
                request.hat = hat
        response = self.get_response(request)
        if response.status_code == 404 and request.user.is_anonymous and is_private(request.path):
            return to_sign_in(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        audience = audience_of(match.route, match.view_name) if match else None
        if match is None or audience is None:
            raise ImproperlyConfigured(f"nobody has declared an audience for {match!r}: an access.py has to")
        if audience.reach is Reach.PUBLIC:
            return None
        if request.user.is_anonymous:
            keep = audience.reach is not Reach.SIGNING_IN  # those pages ask for passwords
            return to_sign_in(request, back_to=kept_forms.keep(request) if keep else None)
        if audience.reach is Reach.SIGNING_IN:
            return None
        wearing = chosen(request, request.hats)
        if audience.reach is Reach.ROLES and not any(hat.role in audience.roles for hat in request.hats):
            refuse(request, match.view_name)
        if needs_second_factor([wearing] if wearing else request.hats) and not second_factor_passed(request):
            return to_second_factor(request)
        if audience.reach is Reach.SIGNED_IN:
            return None
        if wearing is None:
            return onward(request, reverse("choose_hat"))
        if wearing.role not in audience.roles:
            refuse(request, match.view_name)
        return None


def refuse(request: HttpRequest, name: str) -> NoReturn:
    """
    Answer exactly as if the page were not there; that somebody tried is in the audit trail.

    :raises Http404: always
    """
    with transaction.atomic():
        at = timezone.now()  # noqa: TID251 - the door stands before every view
        audit.record(
            "refused", by=request.hat, actor=request.user.pk, at=at, subject="route", ref=name[:80], outcome="refused"
        )
    raise Http404


def to_sign_in(request: HttpRequest, *, back_to: str | None = None) -> HttpResponseBase:
    """Send a stranger to the sign-in page, and from there to where they were going; a program is told 401."""
    if wants_json(request):
        return HttpResponse(status=401)
    return onward(request, reverse("account_login"), back_to=back_to)


def to_second_factor(request: HttpRequest) -> HttpResponseBase:
    """Send somebody whose hat needs a second factor to where it is set up, or asked for."""
    from allauth.mfa.models import Authenticator

    has_one = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()
    return onward(request, reverse("mfa_reauthenticate" if has_one else "mfa_activate_totp"))


def onward(request: HttpRequest, address: str, *, back_to: str | None = None) -> HttpResponseBase:
    """Redirect to ``address``, which leads on to ``back_to`` or, failing that, to the page that was asked for."""
    fragment = bool(request.headers.get("HX-Request"))
    if back_to is None and fragment:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back_to = page.path + (f"?{page.query}" if page.query else "")
    elif back_to is None and request.method in ("GET", "HEAD"):
        back_to = request.get_full_path()
    target = f"{address}?{urlencode({'next': back_to})}" if back_to else address
    if fragment:  # the whole page has to go, not the piece of it that was asked for
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program is asking, rather than a person."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def safe_next(request: HttpRequest, *, default: str) -> str:
    """Return the address in ``next`` if it is one of ours, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default
