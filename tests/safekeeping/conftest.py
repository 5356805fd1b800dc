"""People with hats, and a small site behind the real door."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test import Client

from safekeeping import policy
from safekeeping.models import User
from safekeeping.policy import PUBLIC, SIGNED_IN, Hat, roles

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "three words which differ"
ORGANIZATION = UUID(int=7)


def hat(membership_id: int, role: str, **more) -> Hat:
    return Hat(
        membership_id=membership_id,
        user_id=more.pop("user_id", 0),
        person="Somebody",
        role=role,
        organization_id=ORGANIZATION,
        organization="Somewhere",
        role_label=role.capitalize(),
        **more,
    )


@pytest.fixture
def site(settings, monkeypatch):
    """Declare the small site's routes, for this test only; return its hats by the person's number."""
    settings.ROOT_URLCONF = "tests.safekeeping.urls"
    worn: dict[int, list[Hat]] = {}
    registry = policy.Registry(
        routes={
            **policy.registry.routes,
            "search:home": PUBLIC,
            "search:find": PUBLIC,
            "broken": PUBLIC,
            "shortcut": PUBLIC,
            "members": SIGNED_IN,
            "cases:list": roles("coordinator"),
            "cases:one": roles("coordinator"),
        },
        trees={"tree/": roles("coordinator"), "admin/": roles("editor")},
        private={*policy.registry.private, "/cases/", "/tree/", "/admin/"},
        second_factor={"coordinator"},
        homes={"coordinator": "cases:list"},
        providers=[lambda user, on: worn.get(user.pk, [])],
    )
    monkeypatch.setattr(policy, "registry", registry)
    return worn


@pytest.fixture
def person(db):
    return User.objects.create_user("alex@work.example", PASSWORD, name="Alex")


@pytest.fixture
def signed_in(client: Client, person):
    """Return a function that signs the person in, with or without a second factor."""

    def sign_in(*, second_factor: bool = True, user: User = person) -> Client:
        client.force_login(user, backend=BACKEND)
        if second_factor:
            session = client.session
            session[policy.SESSION_SECOND_FACTOR] = str(user.pk)
            session.save()
        return client

    return sign_in


class Away:
    """A database that takes no changes for a while, as on a full disk."""

    def __init__(self) -> None:
        self.until = contextlib.ExitStack()

    def begin(self) -> None:
        self.until.enter_context(connection.execute_wrapper(self.refuse))

    def end(self) -> None:
        self.until.close()

    def refuse(self, execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("UPDATE", "INSERT", "DELETE")):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)


@pytest.fixture
def full_disk():
    """Return a disk that can be full from `begin` to `end`."""
    away = Away()
    yield away
    away.end()
