"""The way round: what each hat is shown, and where it stands."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.urls import include, path

from config import context


def view(request, **kwargs):
    return None


urlpatterns = [
    path("", include(([path("", view, name="home"), path("find/", view, name="find")], "search"))),
    path("", include(([path("desk/", view, name="desk"), path("requests/", view, name="requests")], "brokering"))),
    path("sign-in/", view, name="account_login"),
]
here = override_settings(ROOT_URLCONF=__name__)


def hat(role):
    return SimpleNamespace(role=role)


@here
def test_an_entry_is_shown_once_its_address_exists():
    assert [item.label for item in context.navigation(None, path="/")] == ["Find support", "Sign in"]
    assert [item.label for item in context.navigation(hat("coordinator"), path="/")] == ["Desk", "Find support"]


@here
def test_the_page_one_is_on_is_marked_and_a_page_below_it_too():
    def marks(at):
        return [(item.label, item.current) for item in context.navigation(hat("school_dsl"), path=at) if item.current]

    assert marks("/requests/") == [("My requests", "page")]
    assert marks("/requests/new/") == [("My requests", "true")]
    assert marks("/elsewhere/") == []


@here
def test_who_is_signed_in_is_not_asked_to_sign_in():
    assert [item.label for item in context.navigation(None, path="/", signed_in=True)] == ["Find support"]


def test_every_role_has_a_way_round():
    roles = pytest.importorskip("directory.models.membership").Role
    assert {str(role) for role in roles} == set(context.NAVIGATION)
