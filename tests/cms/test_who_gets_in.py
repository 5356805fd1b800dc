"""The Wagtail admin is for stewards, administrators and writers of courses, under that hat, second factor passed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.groups import ADMINISTRATORS, STEWARDS
from directory.models import Membership, Organization, Role, TaxonomyTerm
from safekeeping.models import AuditEvent, User
from tests.cms.conftest import fill_in
from tests.factories import directory as make

pytestmark = pytest.mark.django_db

DESK = "/admin/"
OUTSIDE = sorted(set(Role.values) - {"content_editor", "sysadmin", "partnership_team"})


@pytest.mark.parametrize("role", OUTSIDE)
def test_to_everybody_else_the_admin_is_the_same_page_as_one_that_does_not_exist(role, employ, wearing):
    browser = wearing(employ(role))
    service = make.service()
    nowhere = browser.get("/nothing/here/")
    edit = reverse("wagtailsnippets_directory_service:edit", args=[service.pk])
    for address in (DESK, edit, "/admin/directory/words/", "/admin/images/", "/admin/users/", "/admin/nothing/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.content) == (404, nowhere.content), address
    assert browser.post(edit, {"action-publish": "1"}).status_code == 404


def test_a_stranger_is_sent_to_sign_in_whether_the_page_exists_or_not(desk):
    for address in (DESK, "/admin/nothing/", "/admin/login/"):
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith(reverse("account_login")), address


def test_a_steward_without_a_second_factor_is_asked_for_it(employ, wearing):
    answer = wearing(employ("content_editor"), second_factor=False).get(DESK)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("mfa_activate_totp"))


@pytest.mark.parametrize("role", ["content_editor", "sysadmin"])
def test_staff_find_the_directory_on_their_desk(role, employ, wearing):
    page = wearing(employ(role)).get(DESK)
    assert page.status_code == 200
    assert "Standing of services" in page.content.decode()
    assert f"Dashboard - {settings.SITE_NAME}</title>" in " ".join(page.content.decode().split())


def test_a_membership_that_has_ended_closes_the_admin_at_once(employ, wearing):
    membership = employ("content_editor")
    browser = wearing(membership)
    assert browser.get(DESK).status_code == 200
    Membership.objects.filter(pk=membership.pk).update(until_on=timezone.localdate() - timedelta(days=1))
    assert browser.get(DESK).status_code == 404


def test_under_another_hat_the_same_person_has_no_admin(employ, wearing):
    steward = employ("content_editor")
    coordinator = employ("coordinator", person=steward.user)
    assert wearing(steward).get(DESK).status_code == 200
    assert wearing(coordinator).get(DESK).status_code == 404


def test_what_a_person_may_do_inside_follows_the_hat_and_not_what_was_left_behind(employ, wearing):
    membership = employ("content_editor")
    everything, _ = Group.objects.get_or_create(name="Everything")
    membership.user.groups.add(everything, Group.objects.get_or_create(name=ADMINISTRATORS)[0])
    wearing(membership).get(DESK)
    assert set(membership.user.groups.values_list("name", flat=True)) == {STEWARDS}


def test_stewards_grant_no_memberships(steward):
    assert steward.get(reverse("membership:index")).status_code in (302, 403, 404)
    assert "Memberships" not in steward.get(DESK).content.decode()


def test_an_administrator_grants_a_membership_and_the_trail_says_so(employ, wearing):
    membership = employ("sysadmin")
    browser = wearing(membership)
    person = User.objects.create_user("kit@work.example", name="Kit")
    answer = fill_in(
        browser,
        reverse("membership:add"),
        user=str(person.pk),
        organization=str(membership.organization_id),
        role="content_editor",
        from_on="2026-11-01",
    )
    assert answer.status_code == 302
    made = Membership.objects.get(user=person)
    assert made.granted_by == membership.user
    event = AuditEvent.objects.get(action="membership_granted")
    assert (event.actor, event.object_ref) == (membership.user_id, str(made.pk))


def test_nobody_grants_or_changes_their_own_membership(employ, wearing):
    membership = employ("sysadmin")
    browser = wearing(membership)
    answer = fill_in(
        browser,
        reverse("membership:add"),
        user=str(membership.user_id),
        organization=str(membership.organization_id),
        role="coordinator",
        from_on="2026-11-01",
    )
    assert answer.status_code == 200
    assert "Somebody else has to grant" in answer.content.decode()
    assert browser.get(reverse("membership:edit", args=[membership.pk])).status_code == 404


@pytest.mark.parametrize("role", ["content_editor", "sysadmin"])
def test_wagtails_own_pages_about_people_are_closed_even_to_staff(role, employ, wearing):
    browser = wearing(employ(role))
    User.objects.filter(pk=browser.session["_auth_user_id"]).update(is_superuser=True)
    for address in (
        "/admin/users/",
        "/admin/users/add/",
        "/admin/groups/",
        "/admin/bulk/safekeeping/user/delete/",
        "/admin/password_reset/",
    ):
        assert browser.get(address).status_code == 404, address


def test_being_a_superuser_opens_nothing(desk):
    browser = Client()
    browser.force_login(
        User.objects.create_superuser("root@work.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert browser.get(DESK).status_code == 404


def test_ones_own_account_page_settles_nothing_but_looks(steward):
    page = steward.get(reverse("wagtailadmin_account")).content.decode()
    assert "Theme preferences" in page
    for field in ("name_email", "password", "avatar", "notifications"):
        assert f'name="{field}' not in page, field


def test_services_and_organizations_are_never_deleted(steward):
    service = make.service()
    for address in (
        reverse("wagtailsnippets_directory_service:delete", args=[service.pk]),
        reverse("wagtailsnippets_directory_organization:delete", args=[service.organization_id]),
    ):
        steward.post(address)
    service.refresh_from_db()
    assert Organization.objects.filter(pk=service.organization_id).exists()


def test_setting_up_again_changes_nothing(db):
    call_command("setup", verbosity=0)
    before = counts()
    call_command("setup", verbosity=0)
    assert counts() == before


def counts() -> dict[str, int]:
    from django.apps import apps

    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith(("wagtail", "cms", "django.contrib.auth"))
    }


def test_a_steward_sees_every_list_and_every_form(steward):
    place = make.location("Harbour Hall")
    service = make.service("Stay alongside", at=[place])
    term = TaxonomyTerm.objects.first()
    rows = {
        "servicestanding": service.standing,
        "organizationstanding": service.organization.standing,
        "location": place,
        "serviceatlocation": service.at_locations.get(),
        "servicearea": service.areas.get(),
        "taxonomyterm": term,
    }
    for name, row in rows.items():
        assert steward.get(reverse(f"{name}:index")).status_code == 200, name
        assert steward.get(reverse(f"{name}:edit", args=[row.pk])).status_code == 200, name
    for name in ("schedule", "searchsynonym"):
        assert steward.get(reverse(f"{name}:index")).status_code == 200, name
        assert steward.get(reverse(f"{name}:add")).status_code == 200, name
    for model, pk in (("service", service.pk), ("organization", service.organization_id)):
        for page in ("list", "add"):
            assert steward.get(reverse(f"wagtailsnippets_directory_{model}:{page}")).status_code == 200, (model, page)
        for page in ("edit", "inspect", "history", "usage", "unpublish"):
            address = reverse(f"wagtailsnippets_directory_{model}:{page}", args=[pk])
            assert steward.get(address).status_code == 200, (model, page)
    filtered = steward.get(reverse("wagtailsnippets_directory_service:list"), {"standing__standing": "suspended"})
    assert "Stay alongside" not in filtered.content.decode()


def test_a_list_of_services_costs_the_same_for_two_and_for_twenty(steward, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse("wagtailsnippets_directory_service:list")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert steward.get(address).status_code == 200
        return len(taken)

    make.service()
    make.service()
    steward.get(address)
    few = cost()
    for _ in range(18):
        make.service()
    assert cost() <= few
