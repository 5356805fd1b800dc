from __future__ import annotations

import re

import pytest
from django.test import RequestFactory

from safekeeping import headers
from tests.safekeeping.conftest import hat

pytestmark = pytest.mark.django_db
PAGES = ["/find/", "/sign-in/", "/nothing/", "/cases/1/", "/start/", "/account/password/forgotten/", "/admin/anything/"]


@pytest.fixture
def editor(site, person, signed_in):
    site[person.pk] = [hat(5, "editor")]
    return signed_in()


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_tells_the_browser_to_keep_to_itself(site, client, address):
    told = client.get(address).headers
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in told["Permissions-Policy"]
    assert "camera=()" in told["Permissions-Policy"]
    assert re.fullmatch("[0-9a-f]{16}", told["X-Request-ID"])


@pytest.mark.parametrize("address", [page for page in PAGES if not page.startswith("/admin/")])
def test_nothing_runs_or_frames_a_page_of_ours(site, client, address):
    told = client.get(address).headers
    policy = directives(told["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in told["Content-Security-Policy"]
    assert told["X-Frame-Options"] == "DENY"


def test_the_nonce_differs_from_answer_to_answer(site, client):
    found = {directives(client.get("/sign-in/").headers["Content-Security-Policy"])["script-src"] for _ in range(3)}
    nonces = {value for value in found if "'nonce-" in value}
    assert len(found) == len(nonces or found)


def test_the_sign_in_page_of_the_admin_is_the_strict_one(site, client):
    answer = client.get("/admin/anything/")
    assert answer.headers["Location"].startswith("/sign-in/")
    assert "unsafe-inline" not in client.get(answer.headers["Location"]).headers["Content-Security-Policy"]


def test_the_admin_has_a_policy_of_its_own_without_a_nonce(editor):
    told = editor.get("/admin/anything/").headers
    policy = directives(told["Content-Security-Policy"])
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert "nonce" not in told["Content-Security-Policy"]
    assert policy["default-src"] == policy["object-src"] == "'none'"


def test_a_preview_is_framed_by_the_admin_and_by_nobody_else(editor, monkeypatch):
    """The page that is previewed arrives with its own strict policy, which would forbid the frame."""
    from django.http import HttpResponse

    def previewed(request):
        return HttpResponse(headers={"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY"})

    told = headers.HeadersMiddleware(previewed)(RequestFactory().get("/admin/pages/3/edit/preview/")).headers
    assert directives(told["Content-Security-Policy"])["frame-ancestors"] == "'self'"
    assert told["X-Frame-Options"] == "SAMEORIGIN"


def test_the_number_of_a_request_is_known_while_it_is_answered_and_not_after(site, client):
    seen: list[str] = []

    def view(request):
        from django.http import HttpResponse

        seen.append(headers.request_id())
        return HttpResponse()

    answer = headers.HeadersMiddleware(view)(RequestFactory().get("/"))
    assert seen == [answer.headers["X-Request-ID"]]
    assert headers.request_id() == ""


def test_a_caller_cannot_choose_the_number_of_its_request(site, client):
    assert client.get("/find/", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] != "mine"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "", "198.51.100.1"),
    ],
)
def test_a_caller_cannot_choose_its_address(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert headers.client_address(request) == address


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
