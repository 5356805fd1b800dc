"""
What somebody had typed when their time ran out is kept, sealed, and given back to them, and to nobody else.

A form that is sent after the session has ended is put aside in the browser's new, empty session: sealed, for an hour
at most, and for the person whose session it was. On a shared computer the next person to sign in gets rid of it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.urls import reverse

from safekeeping.models import Session
from safekeeping.sealed import SealError, seal, unseal

SESSION_NAME = "kept_form"
KEPT_FOR = 60 * 60  # seconds
LONGEST = 200_000  # characters of JSON: some forty times the longest form here
NEVER = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: where to, and each value under its name."""

    path: str
    fields: tuple[tuple[str, str], ...]
    hat: int | None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Whose session has just ended, and which hat they wore."""

    user_id: str
    hat: int | None


def keep(request: HttpRequest) -> str | None:
    """Put the form of this request aside, if its sender's session has ended; return the address that gives it back."""
    if request.method != "POST":
        return None
    lapsed = getattr(request, "lapsed", None) or lapsed_session(request)
    if lapsed is None:
        return None
    fields = [(name, value) for name, values in request.POST.lists() if name not in NEVER for value in values]
    text = json.dumps({"path": request.get_full_path(), "fields": fields, "hat": lapsed.hat})
    if len(text) > LONGEST:
        return None
    request.session[SESSION_NAME] = {
        "for": lapsed.user_id,
        "until": int(time.time()) + KEPT_FOR,
        "sealed": seal(text, aad(lapsed.user_id)),
    }
    return reverse("kept_form")


def lapsed_session(request: HttpRequest) -> Lapsed | None:
    """Return whose session the browser's cookie belonged to, if it is a session that has run out."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    row = Session.objects.filter(session_key=key).first() if key else None
    held: dict[str, Any] = row.get_decoded() if row else {}
    if SESSION_KEY not in held or BACKEND_SESSION_KEY not in held:
        return None
    return Lapsed(str(held[SESSION_KEY]), held.get("hat"))


def kept(request: HttpRequest) -> KeptForm | None:
    """Return what is kept for the person who is signed in now; what is not theirs, or too old, is forgotten."""
    held = request.session.get(SESSION_NAME)
    if not held:
        return None
    person = str(request.user.pk)
    if held["for"] != person or held["until"] < time.time():
        forget(request)
        return None
    try:
        told = json.loads(unseal(held["sealed"], aad(person)))
    except SealError:
        forget(request)
        return None
    return KeptForm(told["path"], tuple((name, value) for name, value in told["fields"]), told["hat"])


def forget(request: HttpRequest) -> None:
    """Throw away what is kept."""
    request.session.pop(SESSION_NAME, None)


def aad(user_id: str) -> str:
    """Return what binds the seal to one person."""
    return f"kept-form:{user_id}"
