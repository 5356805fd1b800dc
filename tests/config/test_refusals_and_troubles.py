"""The pages that say no, or that something is wrong: the number on each, and nothing about anybody."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import RequestFactory

from config import errors

ALL = {
    "400": errors.bad_request, "403": errors.forbidden, "404": errors.not_found, "429": errors.too_many,
    "500": errors.server_error, "503": errors.unavailable, "csrf": errors.csrf_failure,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _the_database_is_away(monkeypatch):
    """The only thing on these pages that comes from the database cannot be read; any other query fails for want of `db`."""

    def away():
        raise OperationalError("away")

    monkeypatch.setattr(errors, "safety_notice", away)


def asked(path="/", **more):
    request = RequestFactory().get(path)
    for name, value in more.items():
        setattr(request, name, value)
    return request


def answer(name, request=None):
    page = ALL[name]
    return page(request or asked(), Exception()) if name == "400" else page(request or asked())


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_one_shows_the_front_door(name):
    html = answer(name).content.decode()
    assert settings.CITY.front_door.telephone in html
    assert f"tel:{settings.CITY.front_door.dial}" in html
    assert "does not replace telling them" in html


@pytest.mark.parametrize("name", sorted(ALL))
def test_none_needs_the_database_or_knows_anybody(name):
    # The person and the hat would be shown, were they looked at.
    errors.drawn.cache_clear()
    html = answer(name, asked(user="Ruth Adeyemi", hat="Ruth Adeyemi")).content.decode()
    assert "Ruth" not in html
    for trace in ("<form", "nonce", "csrfmiddlewaretoken"):
        assert trace not in html


def test_absent_and_denied_are_the_same_bytes():
    assert (
        answer("404", asked("/requests/1/")).content == answer("404", asked("/nothing/here/?q=x", hat=object())).content
    )


def test_too_much_is_said_as_such():
    response = errors.bad_request(asked(), RequestDataTooBig())
    assert response.status_code == 413
    assert "Nothing was saved" in response.content.decode()


def test_a_database_that_is_away_is_not_our_readers_fault():
    try:
        raise OperationalError("gone")
    except OperationalError:
        response = errors.server_error(asked())
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Nothing was saved" in response.content.decode()


@pytest.mark.parametrize("trouble", [errors.server_error, errors.unavailable])
def test_even_without_templates_the_number_is_there(trouble, monkeypatch):
    def broken(template):
        raise RuntimeError

    monkeypatch.setattr(errors, "page", broken)
    html = trouble(asked()).content.decode()
    assert settings.CITY.front_door.telephone in html
    assert "999" in html
