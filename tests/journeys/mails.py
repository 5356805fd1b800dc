"""A provider's e-mail on the journeys: where it is read, its link, and what everybody sees of the answer."""

from __future__ import annotations

import re
from typing import Any

from tests.journeys.people import SERVICE

READER = "marcus.bell@umojapath.example"
MENTORING = "One-to-one mentoring"


def open_mail(page: Any) -> Any:
    """Go from the home page to the reader's e-mail, as somebody does who looks at this for the first time."""
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="For providers").click()
    page.get_by_role("link", name="Read the e-mails on this machine").click()
    asked = page.locator("tr", has_text=READER).filter(has_text=re.compile("still right", re.IGNORECASE))
    asked.first.get_by_role("link").click()
    return page


def link_in(page: Any) -> Any:
    return page.locator("main a[href*='/confirm/']")


def token_in(page: Any) -> str:
    found = re.search(r"t=([0-9a-f]{64})", open_mail(page).content())
    assert found
    return found.group(1)


def finder_says(page: Any) -> str:
    page.goto("/find/?text=umoja+path+mentoring&availability=all")
    return str(page.locator(".al-hit", has=page.locator(f"a[href='/services/{SERVICE}/']")).inner_text())
