"""The first pages of an installation, out of its city's folder: made where they are missing, never written over."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.html import strip_tags
from wagtail.models import Page, Site

from cms.models import ContentPage

FIRST = "about.toml"  # the page at /about/ itself; the others stand below it


def page_told(file: Path) -> dict[str, Any]:
    """
    Read one page: title, standfirst, when it was reviewed, and a list of blocks.

    :raises KeyError: if it has no title
    :raises ValueError: if a block says neither `words` nor `block`
    """
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        "slug": file.stem,
        "title": told["title"],
        "standfirst": told.get("standfirst", ""),
        "search_description": strip_tags(told.get("standfirst", "")),
        "reviewed_on": day(told.get("reviewed_on")),
        "review_due_on": day(told.get("review_due_on")),
        "show_in_menus": True,
        "body": [block(one) for one in told.get("body", [])],
    }


def day(told: Any) -> date | None:
    """Return a date of the file, or nothing."""
    return told if isinstance(told, date) else None


def block(told: dict[str, str]) -> tuple[str, Any]:
    """
    Return one block as the body keeps it.

    :raises ValueError: if it is neither words nor the name of a block without content
    """
    if "words" in told:
        return "words", told["words"].strip()
    if told.get("block") == "front_door":
        return "front_door", None
    raise ValueError(f"a block says `words` or `block`, not {sorted(told)}")


def plant(folder: Path, *, name: str) -> ContentPage:
    """
    Make the pages of ``folder`` that are not there yet, publish them, and let the first be the site called ``name``.

    :raises FileNotFoundError: if the folder has no first page
    """
    top = Page.get_first_root_node()
    first = ContentPage.objects.filter(depth=top.depth + 1, slug=Path(FIRST).stem).first()
    if first is None:
        first = made(ContentPage(**page_told(folder / FIRST)), below=top)
    for file in sorted(folder.glob("*.toml")):
        if file.name != FIRST and not first.get_children().filter(slug=file.stem).exists():
            made(ContentPage(**page_told(file)), below=first)
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    was = site.root_page if site.pk else None
    if was is None or was.pk != first.pk:
        site.root_page, site.site_name = first, name
        site.save()
        if was is not None and was.slug == "home" and was.specific_class is Page and was.is_leaf():
            was.delete()  # Wagtail's own welcome page
    return first


def made(page: ContentPage, *, below: Page) -> ContentPage:
    """Put ``page`` below another, with a first revision to come back to."""
    page.live = False
    below.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
