"""How the first person gets in, where nobody could let them in; and that nobody gets in that way a second time."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from directory.models import Membership, Organization, Role
from safekeeping.models import AuditEvent, OutboxRow, User
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
EMAIL, ADDRESS = "Ash.Bowen@systems.example", "ash.bowen@systems.example"
PASSWORD = "three words which differ"


@pytest.fixture(autouse=True)
def _vocabulary():
    make.term("organization_type", "local_authority_team", "Council team")
    cache.clear()


def begin(email: str = EMAIL, **more) -> str:
    out = StringIO()
    told = {"name": "Ash Bowen", "organization": "The City Council"} | more
    call_command("first_administrator", email, stdout=out, **told)
    return out.getvalue()


def path_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/account/password/new/\S+)", text)
    assert found
    return found[1]


def set_password(browser: Client, path: str) -> int:
    here = browser.get(path, follow=True).redirect_chain[-1][0]
    return browser.post(here, {"password1": PASSWORD, "password2": PASSWORD}).status_code


def test_from_nothing_to_a_password_and_a_second_step(settings):
    path = path_in(begin())
    made = Membership.objects.get()
    assert (made.role, made.user.email, made.until_on) == (Role.SYSADMIN, ADDRESS, None)
    assert not made.user.has_usable_password()
    assert not made.user.is_superuser, "rights come from the membership"
    assert Organization.objects.published().get() == made.organization
    browser = Client()
    assert set_password(browser, path) == 302
    assert browser.post("/sign-in/", {"login": ADDRESS, "password": PASSWORD}).status_code == 302
    assert browser.get("/admin/").headers["Location"].startswith("/account/second-step/set-up/")
    assert browser.get("/admin/directory/memberships/").headers["Location"].startswith("/account/second-step/set-up/")


def test_the_link_works_once():
    path = path_in(begin())
    set_password(Client(), path)
    assert b"no longer works" in Client().get(path, follow=True).content


def test_the_link_does_not_work_for_ever(settings, monkeypatch):
    path = path_in(begin())
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert b"no longer works" in Client().get(path, follow=True).content


def test_it_can_be_mailed_and_is_not_printed_then(settings):
    said = begin(mail=True)
    assert "/account/password/new/" not in said
    row = OutboxRow.objects.get()
    assert row.payload["to"] == [ADDRESS]
    assert set_password(Client(), path_in(row.payload["text"])) == 302


def test_it_is_on_record_without_a_name():
    begin()
    event = AuditEvent.objects.get()
    assert (event.action, event.reason, event.object_ref) == (
        "membership_granted",
        "first",
        str(Membership.objects.get().pk),
    )
    assert "bowen" not in str(AuditEvent.objects.values().get()).lower()


def test_it_is_refused_as_long_as_there_is_an_administrator():
    begin()
    with pytest.raises(CommandError, match="There is a system administrator already"):
        begin("somebody.else@systems.example")
    assert not User.objects.filter(email="somebody.else@systems.example").exists()


@pytest.mark.parametrize("gone", ["ended", "closed"])
def test_once_the_last_administrator_is_gone_it_is_the_way_back_in(gone):
    begin()
    if gone == "ended":
        yesterday = timezone.localdate() - timedelta(days=1)
        Membership.objects.update(from_on=yesterday, until_on=yesterday)
    else:
        User.objects.update(is_active=False)
    begin("somebody.else@systems.example")
    assert Membership.objects.current(timezone.localdate()).get().user.email == "somebody.else@systems.example"


def test_an_organization_and_an_account_that_are_there_are_used():
    there = make.organization("The City Council")
    person = User.objects.create_user(ADDRESS, name="Ash")
    begin(organization="the city council")
    made = Membership.objects.get()
    assert (made.organization, made.user) == (there, person)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "not an address"}, "no e-mail|not an e-mail"),
        ({"name": " "}, "need a name"),
        ({"organization": "…"}, "need a name"),
        ({"kind": "spaceship"}, "no kind of organization: local_authority_team"),
    ],
)
def test_what_makes_no_administrator_is_refused_in_words_and_leaves_nothing(wrong, said):
    with pytest.raises(CommandError, match=said):
        begin(**wrong)
    assert not User.objects.exists()
    assert not Organization.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_closed_account_and_a_suspended_organization_let_nobody_in():
    there = make.organization("The City Council")
    there.standing.standing = "suspended"
    there.standing.save()
    with pytest.raises(CommandError, match="The City Council is suspended"):
        begin()
    User.objects.create_user(ADDRESS, is_active=False)
    with pytest.raises(CommandError, match="is closed"):
        begin(organization="Another")
    assert not Membership.objects.exists()
