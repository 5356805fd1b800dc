"""What stewards say once for the whole site, asked for by the apps below: the front door, the team, the first page, the footer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from wagtail.models import Page, Site

from cms.models import HomePage, SiteWords
from directory.models import Organization
from safekeeping.front_door import Said
from safekeeping.memory import Memory
from search.home import HomeWords

MOST_IN_FOOTER = 6
# The pages that every footer links to in any case, by their address below the first.
LINKED = ("how-we-use-information/", "accessibility/", "something-wrong/")


# Every page asks for these, so each process reads them once a minute; a change is everywhere after that at the latest.
_row = Memory(lambda: SiteWords.objects.first(), SiteWords)


def site_words() -> SiteWords:
    """Return the one row, or an empty one: then everything is as the city's data says."""
    return _row() or SiteWords()


def _team_email() -> str:
    own = Organization.objects.filter(slug=settings.CITY.team_organization, live=True).values_list("email", flat=True)
    return own.first() or ""


_team = Memory(_team_email, Organization)


def how_to_reach_us() -> Said:
    """Return what stewards say of the front door, and the address that the team's own entry has."""
    row = site_words()
    return Said(
        team_email=_team(),
        telephone=row.front_door_telephone,
        hours=row.front_door_hours,
        late_name=row.late_name,
        late_telephone=row.late_telephone,
    )


def on_the_first_page() -> HomeWords | None:
    """Return what stewards say on the first page."""
    page = HomePage.objects.live().first()
    return page.words() if page else None


def flagged() -> list[tuple[str, str]]:
    """Read what `footer_pages` remembers."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return []
    pages = Page.objects.child_of(site.root_page).live().public().in_menu().order_by("path")
    above = site.root_page.url_path
    found = [(page.title, page.url_path.removeprefix(above)) for page in pages[: MOST_IN_FOOTER + len(LINKED)]]
    return [(title, path) for title, path in found if path not in LINKED][:MOST_IN_FOOTER]


_flagged = Memory(flagged)


def footer_pages() -> list[tuple[str, str]]:
    """Return the title and path of the pages right below the first one that are flagged for menus and open to everybody."""
    return _flagged()


def forget_flagged(sender: Any, **told: Any) -> None:
    """Forget the footer's pages."""
    _flagged.forget()
