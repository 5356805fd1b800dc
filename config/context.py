"""What every page may name: the site, its city, the front door for a worried adult, and the way round for this hat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from cms import said
from cms.models import SafetyNotice
from config.front_door import DoorNow, door_now
from safekeeping import front_door, policy
from search import shortlist


@dataclass(frozen=True, slots=True)
class Item:
    """One link of a navigation; `current` is what `aria-current` says: "page", "true" or nothing."""

    label: str
    url: str
    current: str = ""


Entries = tuple[tuple[str, str], ...]

PUBLIC: Entries = (
    ("Find support", "search:find"),
    ("Training", "training:home"),
    ("For providers", "directory:for_providers"),
    ("Sign in", "account_login"),
)
ASKING: Entries = (
    ("Find support", "search:find"),
    ("My requests", "brokering:requests"),
    ("Training", "training:home"),
)
PROVIDING: Entries = (
    ("Offers", "brokering:offers"),
    ("Our places", "directory:my_services"),
    ("Our services", "directory:our_services"),
    ("Our people", "directory:people"),
    ("Find support", "search:find"),
    ("Training", "training:home"),
)
# An entry is shown once its address exists, so an app brings its own place in the navigation by naming a route.
NAVIGATION: dict[str, Entries] = {
    "professional": ASKING,
    "school_dsl": (*ASKING, ("Our people", "directory:people")),
    "provider_admin": PROVIDING,
    "provider_worker": PROVIDING,
    "coordinator": (
        ("Desk", "brokering:desk"),
        ("Meetings", "brokering:meetings"),
        ("Places", "directory:freshness"),
        ("Find support", "search:find"),
        ("Training", "training:home"),
        ("Insight", "insight:home"),
    ),
    "partnership_team": (
        ("Desk", "brokering:desk"),
        ("Sessions", "training:run"),
        ("Training", "training:home"),
        ("Places", "directory:freshness"),
        ("Find support", "search:find"),
        ("Courses", "wagtailsnippets_training_course:list"),
        ("Insight", "insight:home"),
    ),
    "content_editor": (
        ("Directory", "wagtailadmin_home"),
        ("Joining", "directory:joining"),
        ("Places", "directory:freshness"),
        ("Find support", "search:find"),
    ),
    "ig_officer": (("Records", "safekeeping:records"), ("Find support", "search:find")),
    "sysadmin": (
        ("Directory", "wagtailadmin_home"),
        ("Joining", "directory:joining"),
        ("Find support", "search:find"),
    ),
}
WRONG = "Something wrong on this page?"
FOOTER: Entries = (
    ("Who we are", "about"),
    ("How we use information", "privacy"),
    ("Accessibility", "accessibility"),
    (WRONG, "directory:report_page"),
    ("Find a page", "find_pages"),
)


def items(entries: Entries, *, path: str = "") -> list[Item]:
    """Return the entries whose address exists, the one that `path` is at or under marked as current."""
    found = []
    for label, name in entries:
        try:
            found.append((label, reverse(name)))
        except NoReverseMatch:
            continue
    under = [url for _, url in found if path == url or (url != "/" and path.startswith(url))]
    here = max(under, key=len, default=None)
    return [Item(label, url, ("page" if path == url else "true") if url == here else "") for label, url in found]


def navigation(hat: Any, *, path: str, signed_in: bool = False) -> list[Item]:
    """Return the main navigation of whoever looks: the public one without a hat."""
    if hat is None:
        return items(PUBLIC[:-1] if signed_in else PUBLIC, path=path)
    return items(NAVIGATION.get(str(hat.role), ASKING), path=path)


def put_aside(held: shortlist.Shortlist, *, path: str) -> list[Item]:
    """Return the way to what this reader has put aside, once there is something."""
    return items(((f"Shortlist ({len(held)})", "search:shortlist"),), path=path) if len(held) else []


def whom_to_call() -> DoorNow:
    """Return whom a worried adult can call now."""
    return door_now(front_door.city(), at=timezone.now())  # noqa: TID251 - a page is at the edge, where the clock may be read


def as_the_city_says() -> DoorNow:
    """Return whom to call by the city's own data, which needs no database."""
    return door_now(settings.CITY, at=timezone.now())  # noqa: TID251 - see above


def footer_links(path: str) -> list[Item]:
    """Return the links of the footer: those that are always there, and the pages that stewards have flagged."""
    try:
        above = reverse("about")
    except NoReverseMatch:
        return items(FOOTER, path=path)
    flagged = [
        Item(title, above + below, "page" if path == above + below else "") for title, below in said.footer_pages()
    ]
    return [about_this(item, path) for item in items(FOOTER, path=path)] + flagged


def about_this(item: Item, path: str) -> Item:
    """Return the link to where something wrong is told, with the page it was pressed on, if everybody may read that."""
    here = policy.public_path(path) if item.label == WRONG else ""
    return replace(item, url=f"{item.url}?{urlencode({'page': here})}") if here and here != item.url else item


def safety_notice() -> SafetyNotice | None:
    """Return what a steward wants said beside that number now."""
    return SafetyNotice.objects.in_force(timezone.now()).first()  # noqa: TID251 - see above


def still(door: DoorNow) -> dict[str, Any]:
    """Return what is the same for everybody: also enough for a page that must be drawn with nothing else working."""
    return {"front_door": door.door, "door": door, **of_the_city()}


def of_the_city() -> dict[str, Any]:
    """Return what no row of the database says."""
    city = settings.CITY
    return {
        "site_name": settings.SITE_NAME,
        "city": city,
        "leave_address": city.leave_address,
        "attributions": city.attributions,
        "environment": settings.ENVIRONMENT,
        "demonstration": settings.ENVIRONMENT != "production",
    }


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context processor: the site, the hat worn, and the navigation for it."""
    hat = getattr(request, "hat", None)
    door: Any = SimpleLazyObject(whom_to_call)
    signed_in = bool(getattr(getattr(request, "user", None), "is_authenticated", False))
    held = shortlist.of(request)
    return {
        **of_the_city(),
        "city": SimpleLazyObject(front_door.city),
        "door": door,
        "front_door": SimpleLazyObject(lambda: door.door),
        # Everything that asks the database waits until the page is drawn: not every answer is one.
        "site_words": SimpleLazyObject(said.site_words),
        "safety_notice": SimpleLazyObject(safety_notice),
        "hat": hat,
        "hats": getattr(request, "hats", ()),
        "signed_in": signed_in,
        "nav": [*navigation(hat, path=request.path, signed_in=signed_in), *put_aside(held, path=request.path)],
        "shortlist": held,
        "footer_links": SimpleLazyObject(lambda: footer_links(request.path)),
    }
