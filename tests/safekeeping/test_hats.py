from __future__ import annotations

import importlib
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from directory.hats import hats_of
from directory.models import Locality, Membership, OrganizationStanding, Role
from safekeeping import accounts, checks, policy
from safekeeping.models import User
from tests.factories import directory as make
from tests.safekeeping.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def member(user: User, role: str = Role.COORDINATOR, **fields) -> Membership:
    return Membership.objects.create(
        **{"user": user, "organization": make.organization(), "role": role, "from_on": date(2026, 1, 1)} | fields
    )


def test_a_hat_says_who_for_whom_as_what_and_where(person):
    east = Locality.objects.create(code="east", name="East")
    membership = member(person, job_title="Duty coordinator", citywide=True)
    membership.localities.add(east)
    (found,) = hats_of(person, TODAY)
    assert (found.membership_id, found.user_id, found.person) == (membership.pk, person.pk, "Alex")
    assert (found.role, found.role_label, found.job_title) == ("coordinator", "Coordinator", "Duty coordinator")
    assert (found.organization_id, found.organization) == (
        membership.organization_id,
        membership.organization.name,
    )
    assert (found.localities, found.citywide) == (frozenset({"east"}), True)


@pytest.mark.parametrize(
    ("from_on", "until_on", "worn"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2026, 1, 1), TODAY - timedelta(days=1), False),
    ],
)
def test_a_hat_is_worn_from_its_first_day_to_its_last(person, from_on, until_on, worn):
    member(person, from_on=from_on, until_on=until_on)
    assert bool(hats_of(person, TODAY)) is worn


@pytest.mark.parametrize("standing", ["suspended", "archived"])
def test_nobody_wears_a_hat_of_an_organization_that_is_suspended(person, standing):
    membership = member(person)
    OrganizationStanding.objects.filter(organization=membership.organization).update(standing=standing)
    assert hats_of(person, TODAY) == []


def test_a_closed_account_has_no_hats(person):
    member(person)
    person.is_active = False
    person.save()
    assert hats_of(person, TODAY) == []
    assert policy.hats_of(person, on=TODAY) == ()


@pytest.mark.parametrize("number", [1, 2, 12])
def test_any_number_of_hats_costs_one_query(person, number, django_assert_num_queries):
    east = Locality.objects.create(code="east", name="East")
    for _ in range(number):
        member(person).localities.add(east)
    with django_assert_num_queries(1):
        assert len(hats_of(person, TODAY)) == number


def test_every_role_asks_for_a_second_factor():
    assert set(Role.values) <= policy.registry.second_factor


def test_a_membership_that_ended_yesterday_closes_the_door_at_the_next_request(site, person, signed_in):
    """T-REVOKE, with the directory's own memberships."""
    policy.registry.providers[:] = [hats_of]
    membership = member(person)
    browser = signed_in()
    assert browser.get("/cases/1/").status_code == 200
    membership.until_on = timezone.localdate() - timedelta(days=1)
    membership.save()
    assert browser.get("/cases/1/").status_code == 404


# --- sample people ------------------------------------------------------------------------------------------------------
@pytest.fixture
def sample(site):
    policy.registry.providers[:] = [hats_of]
    found = User.objects.create_user("r.adeyemi@sample.example", name="R. Adeyemi", is_demo=True)
    return member(found, job_title="Coordinator, East")


def test_the_sign_in_page_offers_sample_people_by_role(sample, client):
    page = client.get("/sign-in/?next=/cases/1/").content.decode()
    assert "R. Adeyemi" in page
    assert "Coordinator, East" in page
    assert f'value="{sample.pk}"' in page
    assert "<h3>Privacy officer</h3>" not in page, "a role nobody plays is not listed"


def test_one_button_counts_as_password_and_second_factor(sample, client):
    answer = client.post("/sample-people/sign-in/", {"membership": sample.pk, "next": "/cases/1/"})
    assert answer.headers["Location"] == "/cases/1/"
    assert client.get("/cases/1/").content == b"hat=coordinator posted="


def test_a_sample_person_with_two_roles_signs_in_as_the_one_on_the_button(sample, client):
    other = member(sample.user, Role.PROFESSIONAL)
    client.post("/sample-people/sign-in/", {"membership": other.pk})
    assert client.get("/find/").content == b"hat=professional posted="


def test_a_real_account_has_no_button(sample, client, person):
    real = member(person)
    assert client.post("/sample-people/sign-in/", {"membership": real.pk}).status_code == 404
    assert f'value="{real.pk}"' not in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("asked", ["", "x", "-1", "999999"])
def test_a_button_that_is_not_there_is_404(sample, client, asked):
    assert client.post("/sample-people/sign-in/", {"membership": asked}).status_code == 404


def test_a_link_signs_nobody_in(sample, client):
    assert client.get(f"/sample-people/sign-in/?membership={sample.pk}").status_code == 405


def test_a_form_on_another_site_signs_nobody_in(sample):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/sample-people/sign-in/", {"membership": sample.pk}).status_code == 403


def test_without_the_setting_there_are_no_sample_people(sample, client, settings):
    settings.SAMPLE_PEOPLE = False
    assert "R. Adeyemi" not in client.get("/sign-in/").content.decode()
    assert client.post("/sample-people/sign-in/", {"membership": sample.pk}).status_code == 404


def test_a_sample_person_cannot_sign_in_with_a_password_that_was_never_set(sample, client):
    answer = client.post("/sign-in/", {"login": sample.user.email, "password": PASSWORD})
    assert answer.status_code == 200


# --- production -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def production(monkeypatch):
    """The settings of production, as a module; nothing is started with them."""
    for name, value in {
        "SECRET_KEY": "x" * 60,
        "SEAL_KEYS": "k1:" + "01" * 32,
        "SEAL_INDEX_KEY": "02" * 32,
        "AUDIT_KEY": "03" * 32,
        "ALLOWED_HOSTS": "alongside.example",
    }.items():
        monkeypatch.setenv(name, value)
    import config.settings.production as found

    return importlib.reload(found)


def test_production_has_neither_the_setting_nor_the_app(production):
    assert production.SAMPLE_PEOPLE is False
    assert "config.development" not in production.INSTALLED_APPS


def test_production_has_no_address_for_sample_people(settings):
    settings.ENVIRONMENT = "production"
    import config.urls

    try:
        found = {name for _, name in policy.routes(importlib.reload(config.urls).urlpatterns)}
    finally:
        settings.ENVIRONMENT = "test"
        importlib.reload(config.urls)
    assert "account_login" in found
    assert not {"sample_sign_in", "components", "emails"} & found


def test_the_deployment_check_refuses_sample_people_in_production(settings):
    assert checks.no_sample_people_in_production(None) == []
    settings.ENVIRONMENT = "production"
    assert [error.id for error in checks.no_sample_people_in_production(None)] == ["safekeeping.E001"]


def test_the_app_of_development_refuses_to_start_in_production(settings):
    settings.ENVIRONMENT = "production"
    with pytest.raises(ImproperlyConfigured, match="not in production"):
        apps.get_app_config("development").ready()


def test_what_stands_beside_the_sign_in_form_is_there_once():
    config = apps.get_app_config("development")
    before = len(accounts._panels)
    config.ready()
    assert len(accounts._panels) == before == 1
