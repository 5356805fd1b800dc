"""
What is said when a page cannot be: short, with the number for a worried adult on every one of them.

"Not there" and "not yours" are one page with the same bytes, drawn from what is the same for everybody. So are
the pages for a machine in trouble, which are shown when neither database nor templates can be relied on.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape

from cms.models import SafetyNotice
from config.context import as_the_city_says, safety_notice, still, whom_to_call
from config.front_door import DoorNow
from safekeeping.audit import AuditFailed

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
RETRY_AFTER = "30"  # seconds


def page(template: str, *, notice: bool = True) -> bytes:
    """Return a page that depends on nobody, only on the hour; what a steward wants said is on it if it can be read."""
    said, door = None, as_the_city_says()
    if notice:
        try:
            said, door = safety_notice(), whom_to_call()
        except (
            OperationalError,
            InterfaceError,
        ):  # the database is away: a number matters more than what was said of it
            said = None
    return drawn(template, door, (said.text, said.telephone) if said else None)


@lru_cache(maxsize=64)
def drawn(template: str, door: DoorNow, notice: tuple[str, str] | None) -> bytes:
    """Return the page, drawn without a request, and once for as long as nothing on it changes."""
    said = SafetyNotice(text=notice[0], telephone=notice[1]) if notice else None
    return render_to_string(template, {**still(door), "safety_notice": said}).encode()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that we could not read what was sent, or that it was too much."""
    if isinstance(exception, TOO_BIG):
        return HttpResponse(page("413.html"), status=413)
    return HttpResponse(page("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this may not be done."""
    return HttpResponse(page("403.html"), status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open for too long, that nothing was saved, and where the words are."""
    return HttpResponse(page("403_csrf.html"), status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that it is not here or not theirs to see, without saying which."""
    return HttpResponse(page("404.html"), status=404)


def conflict(request: HttpRequest, *, title: str, body: str = "", links: Any = ()) -> HttpResponse:
    """Say that somebody or something was faster: what happened, and ways on as (label, address) pairs."""
    return render(request, "409.html", {"title": title, "body": body, "links": links}, status=409)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this was tried too often, and how to go on."""
    return HttpResponse(page("429.html"), status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; with the database or the trail away, that nothing was shown or saved."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError | AuditFailed):
        return unavailable(request)
    return HttpResponse(_page_or_words("500.html", "Something went wrong on our side"), status=500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that we cannot save anything just now."""
    answer = HttpResponse(_page_or_words("503.html", "We cannot do this just now"), status=503)
    answer["Retry-After"] = RETRY_AFTER
    return answer


def _page_or_words(template: str, title: str) -> bytes:
    """Return the page, or, where even drawing it fails, the words that matter most."""
    try:
        return page(template, notice=False)
    except Exception:  # the last line of defence must hold whatever broke
        door = as_the_city_says().call
        return (
            f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<h1>{escape(title)}</h1><p>Nothing was saved. Please try again in a few minutes.</p>"
            f'<p>Worried about a child now? Call {escape(door.short_name)} <a href="tel:{escape(door.dial)}">'
            f'{escape(door.telephone)}</a>, or <a href="tel:999">999</a> in an emergency.</p></html>'
        ).encode()
