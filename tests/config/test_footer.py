"""The footer of a page leads to where something wrong is told, and takes along which page it was."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from directory.models import Role
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db


def wrong(page: str) -> str:
    """Return where the footer's link leads."""
    links = BeautifulSoup(page, "html.parser").select("footer a")
    return next(str(link["href"]) for link in links if "Something wrong" in link.get_text())


@pytest.mark.parametrize("path", ["/", "/find/", "/for-providers/", "/training/"])
def test_the_page_that_was_read_goes_along(client, path):
    address = wrong(client.get(path).content.decode())
    assert (urlsplit(address).path, parse_qs(urlsplit(address).query)) == ("/wrong/", {"page": [path]})
    assert client.get(address).status_code == 200


def test_what_was_looked_for_stays_behind(client):
    assert "mentor" not in wrong(client.get("/find/?text=mentor").content.decode())


def test_a_service_keeps_its_own_link_and_its_page_in_the_footer(client):
    service = make.service("Mentoring")
    page = client.get(f"/services/{service.slug}/").content.decode()
    assert f"/services/{service.slug}/wrong/" in page
    assert parse_qs(urlsplit(wrong(page)).query) == {"page": [f"/services/{service.slug}/"]}


def test_the_page_of_nobody_but_its_readers_is_not_named():
    browser = browser_of(member(Role.PROVIDER_ADMIN, make.organization("Umoja Path")))
    assert "my-services" not in "".join(browser.get("/my-services/").content.decode().split("<footer")[1:])
