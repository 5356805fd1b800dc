"""A browser that is signed in, or is on its way there: Django's session, and whose it is."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models


class SessionManager(BaseSessionManager["Session"]):
    """Django's, which encodes what a session holds."""


class Session(AbstractBaseSession):
    """One session. The row is the session: without it nobody is in, and there is no second list that could disagree."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")

    objects: ClassVar[SessionManager] = SessionManager()

    def __str__(self) -> str:
        return "a session"  # its key opens it, so it is printed nowhere

    @classmethod
    def get_session_store_class(cls) -> Any:
        from safekeeping.session_store import SessionStore

        return SessionStore
