"""
The first pages of an installation, out of its city's folder: made where they are missing, never written over.

A file is a page: `about.toml` is the first, the others stand below it by their names, and `library/leaflet.toml` stands below
`library.toml`. `kind` says what sort of page it is; a page of words if it says nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.html import strip_tags
from wagtail.models import Page, Site

from cms.blocks import Body, Points
from cms.models import (
    ArticlePage,
    ContentPage,
    EventDate,
    EventPage,
    EventsPage,
    GetInvolvedPage,
    GovernancePage,
    HomePage,
    LibraryPage,
    OpportunityPage,
    ResourcePage,
    SectionPage,
)
from directory import vocabularies
from directory.models import TaxonomyTerm
from safekeeping.working_time import LONDON

FIRST = "about"  # the page at /about/ itself; the others stand below it
HOME = "home"
KINDS: dict[str, type[Page]] = {
    "content": ContentPage,
    "section": SectionPage,
    "article": ArticlePage,
    "library": LibraryPage,
    "resource": ResourcePage,
    "events": EventsPage,
    "event": EventPage,
    "get_involved": GetInvolvedPage,
    "opportunity": OpportunityPage,
    "governance": GovernancePage,
}
# What a file calls otherwise than the page does, or what is more than a column.
READ = frozenset({"kind", "body", "points", "dates", "topics", "audiences", "sort", "in_menu", "order"})
TERMS = {"topics": "harm_type", "audiences": "training_audience"}
Told = dict[str, Any]


def page_told(file: Path) -> Page:
    """
    Read one page, as it will be made.

    :raises KeyError: if it has no title, or is of a kind that does not exist
    :raises ValueError: if it says something that such a page does not have
    """
    told: Told = tomllib.loads(file.read_text(encoding="utf-8"))
    model = KINDS[told.get("kind", "content")]
    page = model(slug=file.stem, title=told["title"], show_in_menus=told.get("in_menu", True))
    page.search_description = strip_tags(told.get("standfirst", ""))
    for name, value in told.items():
        if name not in READ:
            set_column(page, name, value)
    page.body = [block(one) for one in told.get("body", [])]
    if "sort" in told:
        set_column(page, "kind", told["sort"])
    if "points" in told:
        set_column(page, "points", [("point", point(one)) for one in told["points"]])
    if "dates" in told:
        page.dates = [EventDate(starts_at=here(one["from"]), ends_at=here(one["until"])) for one in told["dates"]]
    for name in TERMS.keys() & told.keys():
        setattr(page, name, terms(TERMS[name], told[name]))
    return page


def set_column(page: Page, name: str, value: Any) -> None:
    """
    Set a column of the page to what the file says.

    :raises ValueError: if such a page has no such column, or the file has a time where it needs a day
    """
    try:
        page._meta.get_field(name)
    except FieldDoesNotExist:
        raise ValueError(f"{page.slug}: a {type(page).__name__} has no {name!r}")
    if isinstance(value, datetime):
        raise ValueError(f"{page.slug}: {name} is a day, not a time")
    setattr(page, name, value.strip() if isinstance(value, str) else value)


def here(told: datetime | date) -> datetime:
    """
    Return a moment on the clocks of England.

    :raises ValueError: if the file says a day only
    """
    if not isinstance(told, datetime):
        raise ValueError(f"{told} has no hour")
    return told if told.tzinfo else told.replace(tzinfo=LONDON)


def terms(taxonomy: str, codes: list[str]) -> list[TaxonomyTerm]:
    """
    Return the words of a vocabulary with these codes, as far as it has been loaded.

    :raises ValueError: if the vocabulary that comes with the software has no such code
    """
    known(taxonomy, codes)
    return list(TaxonomyTerm.objects.filter(taxonomy=taxonomy, code__in=codes))


def known(taxonomy: str, codes: Iterable[str]) -> list[str]:
    """
    Return the codes.

    :raises ValueError: if the vocabulary that comes with the software lacks one of them
    """
    codes = list(codes)
    if missing := set(codes) - {word.code for word in vocabularies.packaged()[taxonomy]}:
        raise ValueError(f"{taxonomy} has no {sorted(missing)}")
    return codes


def block(told: Told) -> tuple[str, Any]:
    """
    Return one block as the body keeps it: `words`, or `block` with what that block holds.

    :raises ValueError: if there is no such block, or it does not hold that
    """
    if "words" in told:
        return "words", told["words"].strip()
    kinds = Body().child_blocks
    name = told.get("block", "")
    if name not in kinds:
        raise ValueError(f"a block says `words` or `block`, not {sorted(told)}")
    held = {key: value for key, value in told.items() if key != "block"}
    parts = getattr(kinds[name], "child_blocks", {})
    if extra := set(held) - set(parts):
        raise ValueError(f"the block {name} does not hold {sorted(extra)}")
    return name, (kinds[name].normalize({part: held.get(part) for part in parts}) if parts else None)


def point(told: Told) -> Any:
    """
    Return a recommendation or a priority as its page keeps it.

    :raises ValueError: if it holds something else
    """
    if extra := set(told) - {"title", "words", "harms", "measures"}:
        raise ValueError(f"a point does not hold {sorted(extra)}")
    kind = Points().child_blocks["point"]
    return kind.normalize(
        {
            "title": told["title"],
            "words": told.get("words", "").strip(),
            "harms": known("harm_type", told.get("harms", [])),
            "measures": known("outcome_domain", told.get("measures", [])),
            "serves": None,
        }
    )


def plant(folder: Path, *, name: str) -> list[Page]:
    """
    Make the pages of ``folder`` that are not there yet, publish them, and let the first be the site called ``name``.

    Returns the topmost pages.

    :raises FileNotFoundError: if the folder has no first page
    """
    top = Page.get_first_root_node()
    first = ContentPage.objects.filter(depth=top.depth + 1, slug=FIRST).first()
    if first is None:
        first = made(page_told(folder / f"{FIRST}.toml"), below=top)
    plant_below(first, folder, but=FIRST)
    settle(first, name=name)
    home = HomePage.objects.first() or made(HomePage(title="First page", slug=HOME), below=top)
    return [first, home]


def plant_below(above: Page, folder: Path, *, but: str = "") -> None:
    """Make the pages of ``folder`` below ``above``, and theirs below them."""
    there = {page.slug: page for page in above.get_children()}
    for file in in_order(folder):
        if file.stem == but:
            continue
        page = there.get(file.stem)
        if page is None:
            above.refresh_from_db()
            page = made(page_told(file), below=above)
        if file.with_suffix("").is_dir():
            plant_below(page, file.with_suffix(""))


def in_order(folder: Path) -> list[Path]:
    """Return the files of a folder as their pages stand: by what they say of their `order`, then by name."""

    def place(file: Path) -> tuple[int, str]:
        return int(tomllib.loads(file.read_text(encoding="utf-8")).get("order", 1000)), file.stem

    return sorted(folder.glob("*.toml"), key=place)


def settle(first: Page, *, name: str) -> None:
    """Let ``first`` be where the site begins, and take Wagtail's own welcome page away."""
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    was = site.root_page if site.pk else None
    if was is None or was.pk != first.pk:
        site.root_page, site.site_name = first, name
        site.save()
        if was is not None and was.slug == HOME and was.specific_class is Page and was.is_leaf():
            was.delete()


def made(page: Page, *, below: Page) -> Page:
    """Put ``page`` below another, with a first revision to come back to."""
    page.live = False
    below.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
