"""
T-MATRIX-0: nothing has an address without an audience, and no audience is for an address that is not there.

Walks the whole tree of addresses. A red line here is a route that would answer 500: declare it in its app's access.py.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import path, resolve

from directory.models import Role
from safekeeping import policy
from safekeeping.policy import Reach

pytestmark = pytest.mark.matrix


def undeclared(patterns=None) -> list[str]:
    return [f"{route} ({name})" for route, name in policy.routes(patterns) if policy.audience_of(route, name) is None]


def test_every_route_has_an_audience():
    assert undeclared() == []


def test_a_forgotten_route_is_found_named_or_not():
    """The test above can fail."""

    def forgotten(request) -> HttpResponse:
        return HttpResponse()

    found = undeclared([path("left/", forgotten), path("left/too/", forgotten, name="left_too")])
    assert len(found) == 2


def test_every_audience_is_for_a_route_that_exists():
    names = {name for _, name in policy.routes()}
    assert sorted(set(policy.registry.routes) - names) == []


def test_every_tree_has_routes():
    walked = [route.removeprefix("^") for route, _ in policy.routes()]
    assert [tree for tree in policy.registry.trees if not any(route.startswith(tree) for route in walked)] == []


def test_audiences_name_roles_that_exist():
    audiences = {**policy.registry.routes, **policy.registry.trees}
    wrong = {name: audience.roles - set(Role.values) for name, audience in audiences.items()}
    assert {name: roles for name, roles in wrong.items() if roles} == {}


def test_every_home_is_a_route_that_its_role_may_reach():
    routes = {name: route for route, name in policy.routes()}
    for role, home in policy.registry.homes.items():
        audience = policy.audience_of(routes[home], home)
        assert audience is not None, home
        assert audience.reach is not Reach.ROLES or role in audience.roles, f"{role} starts at {home}"


def test_what_is_not_public_lies_below_a_private_prefix():
    """There a stranger cannot tell what exists, and no browser keeps a copy."""
    open_ground = [
        f"/{route} ({name})"
        for route, name in policy.routes()
        if (audience := policy.audience_of(route, name))
        and audience.reach is not Reach.PUBLIC
        and not policy.is_private("/" + route.removeprefix("^"))
    ]
    assert open_ground == []


def test_the_walk_gives_routes_the_names_that_requests_have():
    for address in ("/sign-in/", "/start/", "/admin/", "/", "/health/live"):
        found = resolve(address)
        assert (found.route, found.view_name) in set(policy.routes()), address


def test_there_is_no_second_door():
    """Wagtail's own sign-in page is behind ours, and nobody can sign up."""
    names = {name for _, name in policy.routes()}
    assert not {"account_signup", "account_email", "account_set_password", "mfa_trust", "admin:login"} & names
    for route, name in policy.routes():
        if name in ("wagtailadmin_login", "wagtailadmin_password_reset"):
            assert policy.audience_of(route, name).reach is Reach.ROLES, name


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/pages/", "/start/", "/hat/", "/kept/"])
def test_a_stranger_meets_the_sign_in_page_and_nothing_else(client, address):
    assert client.get(address).headers["Location"].startswith("/sign-in/?next=")
