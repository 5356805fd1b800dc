"""
How long somebody stays signed in: half an hour without a click, twelve hours in all; and what a browser may keep.

A session is saved at most once a minute while it is used, so that reading costs no write; being idle is therefore
noticed after 29 to 30 minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase

from safekeeping import kept_forms, policy

BEGAN = "began_at"
SEEN = "seen_at"
BROWSER = "browser"
LONGEST = 12 * 60 * 60  # seconds since signing in
SAVE_EVERY = 60  # seconds
# Not "cookies": that would empty those of every other site of the same council too.
LEAVE_NOTHING = '"cache", "storage"'
UNKNOWN_BROWSER = "A browser we do not know"
# What a browser says of itself, first match wins: nearly all claim to be Safari, many Chrome, and a phone its maker's system.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android phone or tablet"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
KEPT_AFTER_EXPIRY = timedelta(
    hours=12
)  # the row outlives the session, so that a form sent after a long meeting still finds its owner


class SessionRulesMiddleware:
    """Ends sessions that are too old, notes use once a minute, and keeps private pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.lapsed = None
        now = int(time.time())
        was_signed_in = request.user.is_authenticated
        if was_signed_in:
            began = request.session.setdefault(BEGAN, now)
            if now - began >= LONGEST:
                request.lapsed = kept_forms.Lapsed(str(request.user.pk), request.session.get(policy.SESSION_HAT))
                logout(request)
            elif now - request.session.get(SEEN, 0) >= SAVE_EVERY:
                request.session[SEEN] = now
        response = self.get_response(request)
        if sent_again(request, response):
            kept_forms.forget(request)
        if was_signed_in or request.user.is_authenticated or policy.is_private(request.path):
            response["Cache-Control"] = "no-store"
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            # The number that a worried adult should call changes with the hour: a page is asked for anew each time.
            response.setdefault("Cache-Control", "no-cache")
        if was_signed_in and request.user.is_anonymous and response.status_code < 400:
            response["Clear-Site-Data"] = LEAVE_NOTHING
        return response


def sent_again(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether this was the kept form, sent by its owner, and dealt with: neither refused as forged nor failed."""
    if request.method != "POST" or request.user.is_anonymous or kept_forms.SESSION_NAME not in request.session:
        return False
    held = kept_forms.kept(request)
    dealt_with = response.status_code != 403 and response.status_code < 500
    return bool(held and held.path == request.get_full_path() and dealt_with)


def begin(sender: type, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> None:
    """Receiver of `user_logged_in`: start the twelve hours, and drop a form that was kept for somebody else."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    request.session[BROWSER] = browser_in_words(request.headers.get("User-Agent", ""))
    held = request.session.get(kept_forms.SESSION_NAME)
    if held and held["for"] != str(user.pk):
        kept_forms.forget(request)


def browser_in_words(told: str) -> str:
    """Return the kind of browser that a User-Agent header tells of, as its user would call it: "Firefox on Windows"."""
    browser = next((name for sign, name in BROWSERS if sign in told), "")
    device = next((name for sign, name in DEVICES if sign in told), "")
    if browser and device:
        return f"{browser} on {device}"
    return browser or (f"A browser on {device}" if device else UNKNOWN_BROWSER)
