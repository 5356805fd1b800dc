"""Addresses that letters come back from: marked by what a mail server says of them, and of nothing else."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from directory.models import Role
from safekeeping import bounces, outbox
from safekeeping.models import AuditEvent, BouncingAddress, OutboxRow
from tests.factories.directory import AT, organization
from tests.factories.people import BACKEND, browser_of, member

GONE = "gone@work.example"


@pytest.mark.parametrize(
    ("status", "words", "gone"),
    [
        (550, b"5.1.1 no such user", True),
        (550, b"No such user here", True),
        (551, b"not local", True),
        (553, b"mailbox name not allowed", True),
        (550, b"5.2.1 mailbox disabled", True),
        (550, "5.1.10 null MX", True),
        # about us, or about a moment
        (550, b"5.7.1 relaying denied", False),
        (554, b"5.7.1 blocked as spam", False),
        (554, b"transaction failed", False),
        (552, b"5.2.2 mailbox full", False),
        (552, b"mailbox full", False),
        (450, b"4.2.1 try again", False),
        (450, b"greylisted, see 5.1.1", False),
    ],
)
def test_only_what_a_server_says_of_the_address_counts(status, words, gone):
    assert bounces.means_no_such_address(status, words) is gone


def test_other_troubles_say_nothing_of_an_address():
    assert bounces.refused_for_good(SMTPServerDisconnected("away")) == {}
    assert bounces.refused_for_good(OSError()) == {}


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that refuses GONE for good and takes everybody else; returns what it took."""
    took = []

    def send(payload):
        if payload["to"] == [GONE]:
            raise SMTPRecipientsRefused({GONE: (550, b"5.1.1 no such user")})
        took.append(payload["to"])

    monkeypatch.setitem(outbox.HANDLERS, outbox.MAIL, send)
    return took


def put(key, to):
    return outbox.mail(key=key, to=to, subject="Hello", text="Hello", at=AT)


def deliver():
    return outbox.deliver_due(now=lambda: AT)


@pytest.mark.django_db
def test_a_permanent_refusal_ends_the_letter_marks_the_address_and_the_next_letter_stays_here(refusing):
    put("one", GONE)
    deliver()
    assert OutboxRow.objects.get(key="one").state == "dead"
    assert BouncingAddress.objects.get().code == "550"
    put("two", GONE.upper())
    put("three", "there@work.example")
    put("four", [GONE, "there@work.example"])
    deliver()
    rows = dict(OutboxRow.objects.values_list("key", "state"))
    assert rows == {"one": "dead", "two": "withdrawn", "three": "sent", "four": "sent"}
    assert OutboxRow.objects.get(key="two").last_error == outbox.RETURNED
    assert OutboxRow.objects.get(key="two").payload == {}
    assert refusing == [["there@work.example"], [GONE, "there@work.example"]]
    assert AuditEvent.objects.filter(action="address.returns").count() == 1
    assert GONE not in str(AuditEvent.objects.values())


@pytest.mark.django_db
def test_what_somebody_asked_for_this_minute_is_tried_all_the_same(refusing):
    BouncingAddress.objects.create(email="back@work.example", bounced_at=AT)
    put("library:new-password", "back@work.example")
    deliver()
    assert refusing == [["back@work.example"]]


@pytest.mark.django_db
def test_a_passing_trouble_is_tried_again_and_marks_nobody(monkeypatch):
    def send(payload):
        raise SMTPRecipientsRefused({GONE: (451, b"4.7.1 later")})

    monkeypatch.setitem(outbox.HANDLERS, outbox.MAIL, send)
    put("one", GONE)
    deliver()
    assert OutboxRow.objects.get().state == "waiting"
    assert not BouncingAddress.objects.exists()


@pytest.mark.django_db
def test_colleagues_and_stewards_are_told_once_and_the_person_at_the_next_sign_in():
    umoja = organization("Umoja Path")
    marcus, ada = member(Role.PROVIDER_ADMIN, umoja, name="Marcus Bell"), member(Role.PROVIDER_ADMIN, umoja)
    steward = member(Role.CONTENT_EDITOR, organization())
    member(Role.PROVIDER_ADMIN, organization("Elsewhere"))
    for _ in range(2):
        call_command("bounced", marcus.user.email.upper(), code="5.1.1", verbosity=0)
    told = list(OutboxRow.objects.filter(key__startswith="returns:").order_by("pk"))
    assert [row.payload["to"] for row in told] == [[ada.user.email], [steward.user.email]]
    assert "Marcus Bell at Umoja Path" in told[0].payload["text"]
    client = Client()
    client.force_login(marcus.user, backend=BACKEND)
    page = browser_of(marcus).get(reverse("account")).content.decode()
    assert "come back" in page
    assert "It works again" in page


@pytest.mark.django_db
def test_the_person_says_that_it_works_again():
    marcus = member(Role.PROVIDER_ADMIN, organization())
    bounces.mark(marcus.user.email, code="", at=AT)
    browser = browser_of(marcus)
    for _ in range(2):
        assert browser.post(reverse("address_works")).status_code == 302
    assert not BouncingAddress.objects.exists()
    assert "It works again" not in browser.get(reverse("account")).content.decode()
    assert AuditEvent.objects.filter(action="address.works").count() == 1


@pytest.mark.django_db
def test_the_operator_takes_it_back_and_is_told_of_a_mistyped_address():
    bounces.mark(GONE, code="", at=AT)
    call_command("bounced", GONE, works=True, verbosity=0)
    assert not BouncingAddress.objects.exists()
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("bounced", "nobody")


@pytest.mark.django_db
def test_old_marks_are_forgotten():
    BouncingAddress.objects.create(email=GONE, bounced_at=AT - bounces.FORGET_AFTER)
    bounces.forget_old(AT)
    assert BouncingAddress.objects.exists()
    bounces.forget_old(AT.replace(hour=23))
    assert not BouncingAddress.objects.exists()
