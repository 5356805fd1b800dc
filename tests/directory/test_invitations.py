"""An invitation: who may send which, the link that works once, and nobody learns from it who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import invitations, people
from directory.hats import hats_of
from directory.models import Invitation, Membership, Role
from safekeeping.models import AuditEvent, OutboxRow, User
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
ADDRESS = "new.colleague@umoja.example"
PASSWORD = "river kettle moss ladder"


def hat(membership):
    return next(one for one in hats_of(membership.user, timezone.localdate()) if one.membership_id == membership.pk)


def letters_to(address):
    return [row.payload for row in OutboxRow.objects.order_by("pk") if address in row.payload.get("to", [])]


def token_in(letter):
    return re.search(r"t=([0-9a-f]{64})", letter["text"]).group(1)


@pytest.fixture
def umoja(db):
    return make.organization("Umoja Path")


@pytest.fixture
def manager(umoja):
    return member(Role.PROVIDER_ADMIN, umoja, name="Marcus Bell")


@pytest.fixture
def sent(umoja, manager):
    made = invitations.invite(ADDRESS, Role.PROVIDER_WORKER, umoja, name="Ana", by=hat(manager), at=timezone.now())
    return made, token_in(letters_to(ADDRESS)[-1])


def accept(client, token, **typed):
    told = {"t": token, "name": "Ana Reyes", "password1": PASSWORD, "password2": PASSWORD} | typed
    return client.post(reverse("directory:invitation"), told)


def test_a_manager_invites_and_somebody_new_comes_in(manager, umoja):
    answer = browser_of(manager).post(
        reverse("directory:people_invite"), {"email": ADDRESS.upper(), "role": "provider_worker", "name": "Ana"}
    )
    assert answer.headers["Location"] == reverse("directory:people")
    [letter] = letters_to(ADDRESS)
    assert "Umoja Path" in letter["text"] and "Marcus Bell" in letter["text"]
    client = Client()
    page = client.get(reverse("directory:invitation"), {"t": token_in(letter)})
    assert page.status_code == 200 and page["Referrer-Policy"]
    assert not Membership.objects.filter(user__email=ADDRESS).exists(), "looking accepts nothing"
    answer = accept(client, token_in(letter))
    assert answer.status_code == 302
    [made] = Membership.objects.filter(user__email=ADDRESS)
    assert (made.role, made.organization, made.granted_by) == (Role.PROVIDER_WORKER, umoja, manager.user)
    assert made.user.check_password(PASSWORD)
    onward = client.get(reverse("start"))
    assert onward.status_code == 302 and "second-step" in onward.headers["Location"], "the role asks for a second step"
    assert client.get(onward.headers["Location"]).status_code == 200
    assert AuditEvent.objects.filter(action="invitation.accept", actor=made.user_id).count() == 1
    assert any("Ana Reyes" in one["subject"] for one in letters_to(manager.user.email))


def test_a_used_link_works_no_more(sent):
    _, token = sent
    accept(Client(), token)
    again = accept(Client(), token, name="Somebody Else")
    assert again.status_code == 404
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert AuditEvent.objects.filter(action="invitation.refused").count() == 1


@pytest.mark.parametrize(
    "what",
    [
        "expired",
        "withdrawn",
        "forged",
        "short",
        "sender left",
        "sender stepped back",
        "sent again",
        "suspended",
        "closed account",
    ],
)
def test_a_link_that_must_not_work_meets_one_page(sent, manager, umoja, what):
    row, token = sent
    if what == "expired":
        Invitation.objects.update(
            sent_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1)
        )
    elif what == "withdrawn":
        invitations.withdraw(row.pk, by=hat(manager), at=timezone.now())
    elif what == "forged":
        token = token[:-1] + ("0" if token[-1] != "0" else "1")
    elif what == "short":
        token = token[:20]
    elif what == "sender left":
        member(Role.PROVIDER_ADMIN, umoja)
        people.leave(by=hat(manager), at=timezone.now())
    elif what == "sender stepped back":
        Membership.objects.filter(pk=manager.pk).update(role=Role.PROVIDER_WORKER)
    elif what == "sent again":
        Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=2))
        invitations.send_again(row.pk, by=hat(manager), at=timezone.now())
    elif what == "suspended":
        umoja.standing.standing = "suspended"
        umoja.standing.save()
    else:
        User.objects.create_user(ADDRESS, is_active=False)
    dead = Client().get(reverse("directory:invitation"), {"t": "0" * 64})
    seen = Client().get(reverse("directory:invitation"), {"t": token})
    assert (seen.status_code, seen.content) == (404, dead.content)
    assert accept(Client(), token).status_code == 404
    assert not Membership.objects.filter(user__email=ADDRESS).exists()


def test_what_the_inviter_sees_does_not_depend_on_whether_there_is_an_account(manager):
    User.objects.create_user("known@umoja.example", PASSWORD, name="Known")
    answers, trails = [], []
    for address in ("known@umoja.example", "other@umoja.example"):
        browser = browser_of(manager)
        before = AuditEvent.objects.count()
        answer = browser.post(
            reverse("directory:people_invite"), {"email": address, "role": "provider_worker"}, follow=True
        )
        said = re.sub(r'[0-9a-f-]{36}|value="[A-Za-z0-9]{64}"', "", answer.content.decode())
        answers.append(said.split("Invited, no answer yet")[0].replace(address, "X"))
        trails.append([one.action for one in AuditEvent.objects.order_by("seq")[before:]])
        Invitation.objects.all().delete()
    assert answers[0] == answers[1]
    assert trails[0] == trails[1]
    known, other = [letters_to(one)[0]["text"] for one in ("known@umoja.example", "other@umoja.example")]
    strip = lambda text: re.sub(r"t=[0-9a-f]{64}", "", text)  # noqa: E731
    assert strip(known) == strip(other)


def test_who_has_an_account_signs_in_and_accepts(umoja, manager):
    owner = User.objects.create_user(ADDRESS, PASSWORD, name="Ana Reyes")
    invitations.invite(ADDRESS, Role.PROVIDER_WORKER, umoja, by=hat(manager), at=timezone.now())
    token = token_in(letters_to(ADDRESS)[-1])
    client = Client()
    assert "You have an account" in client.get(reverse("directory:invitation"), {"t": token}).content.decode()
    assert accept(client, token).status_code == 200, "a link alone gives nobody somebody else’s account"
    assert not Membership.objects.filter(user=owner).exists()
    onward = client.post(reverse("directory:invitation"), {"t": token, "act": "sign_in"})
    assert (
        onward.headers["Location"].startswith("/sign-in/?next=/invitation/")
        or "next=%2Finvitation%2F" in onward.headers["Location"]
    )
    assert token not in onward.headers["Location"]
    client.post(onward.headers["Location"], {"login": ADDRESS, "password": PASSWORD})
    page = client.get(reverse("directory:invitation"))
    assert page.status_code == 200 and "Accept" in page.content.decode()
    assert client.post(reverse("directory:invitation"), {"t": token}).status_code == 302
    assert Membership.objects.get(user=owner).role == Role.PROVIDER_WORKER


def test_somebody_else_who_is_signed_in_cannot_accept(sent, umoja):
    stranger = member(Role.PROVIDER_WORKER, make.organization())
    _, token = sent
    browser = browser_of(stranger)
    assert "somebody else" in browser.get(reverse("directory:invitation"), {"t": token}).content.decode()
    accept(browser, token)
    assert not Membership.objects.filter(organization=umoja, role=Role.PROVIDER_WORKER).exists()


@pytest.mark.parametrize(("password1", "password2"), [("short", "short"), (PASSWORD, "another one entirely"), ("", "")])
def test_a_bad_password_changes_nothing(sent, password1, password2):
    _, token = sent
    answer = accept(Client(), token, password1=password1, password2=password2)
    assert answer.status_code == 200 and "govuk-error-summary" in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
    assert Invitation.objects.get().state == "waiting"


def test_sending_again_waits_an_hour_and_changes_the_link(sent, manager):
    row, old = sent
    with pytest.raises(invitations.SentJustNow):
        invitations.send_again(row.pk, by=hat(manager), at=timezone.now())
    invitations.send_again(row.pk, by=hat(manager), at=timezone.now() + timedelta(hours=1))
    new = token_in(letters_to(ADDRESS)[-1])
    assert new != old
    with pytest.raises(invitations.InvitationIsDead):
        invitations.find(old, at=timezone.now())
    assert invitations.find(new, at=timezone.now()) == row


def test_no_more_than_sixty_wait(manager, umoja, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_WAITING", 2)
    for n in range(2):
        invitations.invite(f"n{n}@umoja.example", Role.PROVIDER_WORKER, umoja, by=hat(manager), at=timezone.now())
    with pytest.raises(invitations.TooMany):
        invitations.invite("n9@umoja.example", Role.PROVIDER_WORKER, umoja, by=hat(manager), at=timezone.now())


@pytest.mark.parametrize("role", list(Role))
def test_nobody_grants_more_than_they_have(role, umoja):
    """Stewards vouch for partners; system administrators let in staff; at home, a role gives itself or less."""
    elsewhere = make.organization()
    who = hat(member(role, umoja))
    partners = {Role.PROFESSIONAL, Role.SCHOOL_DSL, Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER}
    at_home = {
        Role.PROVIDER_ADMIN: {Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER},
        Role.SCHOOL_DSL: {Role.SCHOOL_DSL, Role.PROFESSIONAL},
        Role.CONTENT_EDITOR: partners,
        Role.SYSADMIN: set(Role),
    }.get(role, set())
    for where in (umoja, elsewhere):
        for given in Role:
            may = given in at_home and (where == umoja or role in (Role.CONTENT_EDITOR, Role.SYSADMIN))
            try:
                invitations.invite(f"{given}.{where.pk}@x.example", given, where, by=who, at=timezone.now())
            except people.NotTheirs:
                assert not may, (given, where)
            else:
                assert may, (given, where)


def test_a_role_that_is_not_on_offer_is_refused_by_the_form(manager):
    answer = browser_of(manager).post(reverse("directory:people_invite"), {"email": ADDRESS, "role": "sysadmin"})
    assert answer.status_code == 200 and not Invitation.objects.exists()


def test_invitations_are_forgotten(sent):
    invitations.forget_old(timezone.now() + timedelta(days=66))
    assert Invitation.objects.exists()
    invitations.forget_old(timezone.now() + timedelta(days=68))
    assert not Invitation.objects.exists()
