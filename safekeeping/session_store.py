"""Where sessions are kept: Django's store in the database, which also writes down whose each one is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError

from safekeeping.models import Session


class SessionStore(db.SessionStore):
    """The engine that `settings.SESSION_ENGINE` names."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def save(self, must_create: bool = False) -> None:
        """
        Save it.

        :raises OperationalError, InterfaceError: if the database is away or full; Django would take that for a session
            that somebody has ended meanwhile, and the person would read that we could not understand what they sent
        """
        try:
            super().save(must_create)
        except UpdateError as refusal:
            if isinstance(refusal.__context__, OperationalError | InterfaceError):
                raise refusal.__context__ from None
            raise

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for this session, which belongs to whoever is signed in with it."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.user_id = data.get(SESSION_KEY)
        return row
