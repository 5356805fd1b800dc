from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import path

from safekeeping import policy
from safekeeping.models import AuditEvent, User
from tests.safekeeping.conftest import hat

pytestmark = pytest.mark.django_db


def test_a_public_page_is_open_to_a_stranger_and_costs_no_query(site, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/find/")
    assert (answer.status_code, answer.content) == (200, b"hat=- posted=")


def test_a_route_that_nobody_declared_is_an_error_for_everybody(site, client, signed_in):
    with pytest.raises(ImproperlyConfigured, match="forgotten"):
        client.get("/forgotten/")
    with pytest.raises(ImproperlyConfigured, match="forgotten"):
        signed_in().get("/forgotten/")


@pytest.mark.parametrize("environment", ["production", "development", "test"])
def test_a_route_that_nobody_declared_answers_500_in_every_environment(site, settings, environment):
    settings.ENVIRONMENT = environment
    settings.DEBUG = environment == "development"
    assert Client(raise_request_exception=False).get("/forgotten/").status_code == 500


def test_a_stranger_on_a_members_page_goes_to_the_sign_in_page_and_comes_back(site, client):
    answer = client.get("/cases/1/?tab=2")
    assert answer.headers["Location"] == "/sign-in/?next=%2Fcases%2F1%2F%3Ftab%3D2"


@pytest.mark.parametrize("address", ["/cases/1/", "/cases/999/", "/cases/nothing/like/this/", "/cases/1", "/cases"])
def test_below_a_private_prefix_a_stranger_cannot_tell_what_exists(site, client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_outside_the_private_prefixes_what_does_not_exist_is_404(site, client):
    assert client.get("/nothing/").status_code == 404


def test_a_program_without_a_session_is_told_401(site, client):
    assert client.get("/cases/1/", headers={"accept": "application/json"}).status_code == 401


def test_a_fragment_without_a_session_sends_the_whole_page_to_the_sign_in_page(site, client):
    answer = client.get(
        "/cases/1/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/?page=2"}
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Fcases%2F%3Fpage%3D2"


def test_a_hat_of_the_role_opens_the_page(site, person, signed_in):
    site[person.pk] = [hat(5, "coordinator")]
    assert signed_in().get("/cases/1/").content == b"hat=coordinator posted="


def test_absent_and_denied_are_the_same_bytes(site, person, signed_in):
    """T-SAME-404: not there, not yours, and an address that was never one."""
    other = User.objects.create_user("sam@work.example", name="Sam")
    site[person.pk], site[other.pk] = [hat(5, "coordinator")], [hat(6, "professional")]
    absent = signed_in().get("/cases/2/")
    denied = signed_in(user=other).get("/cases/1/")
    never = signed_in(user=other).get("/cases/x/y/z/")
    assert {answer.status_code for answer in (absent, denied, never)} == {404}
    assert absent.content == denied.content == never.content
    private = {"X-Request-ID", "Set-Cookie"}
    headers = [{k: v for k, v in answer.headers.items() if k not in private} for answer in (denied, never)]
    assert headers[0] == headers[1]
    assert not any(word in absent.content for word in (b"<form", b"nonce", b"csrf", b"Somewhere", b"Alex"))


def test_a_refusal_is_in_the_audit_trail_without_the_address(site, person, signed_in):
    site[person.pk] = [hat(6, "professional", user_id=person.pk)]
    signed_in().get("/cases/1/")
    event = AuditEvent.objects.filter(action="refused").get()
    assert (event.actor, event.hat, event.object_ref) == (person.pk, 6, "cases:one")


def test_a_superuser_without_a_hat_reaches_no_case(site, signed_in):
    root = User.objects.create_superuser("root@work.example")
    assert signed_in(user=root).get("/cases/1/").status_code == 404
    assert signed_in(user=root).get("/admin/anything/").status_code == 404


def test_losing_the_membership_closes_the_door_at_the_next_request(site, person, signed_in):
    """T-REVOKE"""
    site[person.pk] = [hat(5, "coordinator")]
    browser = signed_in()
    assert browser.get("/cases/1/").status_code == 200
    site[person.pk] = []
    assert browser.get("/cases/1/").status_code == 404


def test_closing_the_account_closes_the_door_at_the_next_request(site, person, signed_in):
    """T-REVOKE"""
    site[person.pk] = [hat(5, "coordinator")]
    browser = signed_in()
    assert browser.get("/cases/1/").status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert browser.get("/cases/1/").headers["Location"].startswith("/sign-in/")


def test_changing_the_password_elsewhere_ends_the_session(site, person, signed_in):
    browser = signed_in()
    person.set_password("four other words here")
    person.save()
    assert browser.get("/members/").headers["Location"].startswith("/sign-in/")


def test_without_the_second_factor_a_hat_that_needs_one_reaches_nothing_but_its_set_up(site, person, signed_in):
    site[person.pk] = [hat(5, "coordinator")]
    browser = signed_in(second_factor=False)
    for address in ("/cases/1/", "/tree/of/a/library/", "/members/", "/start/", "/hat/", "/account/password/"):
        assert browser.get(address).headers["Location"].startswith("/account/second-step/set-up/"), address
    assert browser.get("/account/second-step/set-up/").status_code in (200, 302)
    assert browser.post("/sign-out/").status_code == 302


def test_without_the_second_factor_public_pages_know_no_hat(site, person, signed_in):
    site[person.pk] = [hat(5, "coordinator")]
    assert signed_in(second_factor=False).get("/find/").content == b"hat=- posted="
    assert signed_in().get("/find/").content == b"hat=coordinator posted="


def test_the_second_factor_of_one_person_does_not_count_for_another(site, person, signed_in):
    other = User.objects.create_user("sam@work.example")
    site[other.pk] = [hat(5, "coordinator")]
    browser = signed_in(user=other, second_factor=False)
    session = browser.session
    session[policy.SESSION_SECOND_FACTOR] = str(person.pk)
    session.save()
    assert browser.get("/cases/1/").headers["Location"].startswith("/account/second-step/set-up/")


def test_the_tree_of_a_library_is_declared_by_its_prefix(site, person, signed_in):
    site[person.pk] = [hat(5, "coordinator")]
    assert signed_in().get("/tree/below/").status_code == 200
    site[person.pk] = [hat(6, "professional")]
    assert signed_in().get("/tree/below/").status_code == 404


def test_a_library_below_a_prefix_is_declared_with_the_longest_that_fits(monkeypatch):
    monkeypatch.setattr(policy, "registry", policy.Registry(trees={"a/": policy.PUBLIC, "a/b/": policy.roles("x")}))
    assert policy.audience_of("a/b/c/", "module.view") == policy.roles("x")
    assert policy.audience_of("a/c/", "module.view") == policy.PUBLIC
    assert policy.audience_of("c/a/", "module.view") is None


def test_one_route_cannot_be_declared_for_two_audiences(monkeypatch):
    monkeypatch.setattr(policy, "registry", policy.Registry())
    policy.declare({"page": policy.PUBLIC})
    policy.declare({"page": policy.PUBLIC})
    with pytest.raises(ImproperlyConfigured):
        policy.declare({"page": policy.SIGNED_IN})


def test_an_audience_of_no_roles_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        policy.roles()


@pytest.mark.parametrize("prefix", ["/", "desk/", "/desk", ""])
def test_a_private_prefix_is_a_path(prefix):
    with pytest.raises(ValueError, match="prefix"):
        policy.private_prefixes(prefix)


def test_the_walk_names_routes_as_requests_do(site, client):
    """What `routes()` calls a route is what the middleware will look up."""
    walked = dict(policy.routes())
    assert walked["cases/<int:number>/"] == "cases:one"
    assert walked["tree/<path:below>"] == "tests.safekeeping.urls.page"
    for address, route in {"/cases/1/": "cases/<int:number>/", "/tree/x/": "tree/<path:below>"}.items():
        from django.urls import resolve

        found = resolve(address)
        assert (found.route, found.view_name) == (route, walked[route])


def test_the_walk_finds_a_route_without_a_name():
    def nameless(request):
        return None

    found = list(policy.routes([path("left/behind/", nameless)]))
    assert found[0][0] == "left/behind/"
    assert policy.audience_of(*found[0]) is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("/cases/", "/cases/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:x", "/"),
        ("", "/"),
    ],
)
def test_the_way_on_leads_nowhere_else(wanted, found):
    assert policy.safe_next(RequestFactory().get("/", {"next": wanted}), default="/") == found
