"""Strangers at the door: who asks, whose address it is, who decides; and the same answer to everybody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import joining
from directory.models import (
    AccountRequest,
    ComplianceItem,
    EmailDomain,
    Invitation,
    Membership,
    Organization,
    OrganizationApplication,
    Role,
)
from safekeeping.models import AuditEvent, OutboxRow, User
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
ADDRESS = "sam.okoro@council.example"


def letters_to(address):
    return [row.payload for row in OutboxRow.objects.order_by("pk") if address in row.payload.get("to", [])]


def token_in(letter):
    return re.search(r"t=([0-9a-f]{64})", letter["text"]).group(1)


@pytest.fixture
def council(db):
    return make.organization("Demo Council", organization_type=make.term("organization_type", "local_authority_team"))


@pytest.fixture
def school(db):
    return make.organization("Demo School", organization_type=make.term("organization_type", "school_college"))


@pytest.fixture
def steward(db):
    return member(Role.CONTENT_EDITOR, make.organization("The team"), name="Mel Tran")


def ask(where, client=None, **typed):
    told = {
        "name": "Sam Okoro", "email": ADDRESS, "organization": str(where.pk) if where else "not_listed",
        "job_title": "Social worker", "why": "To ask for mentoring",
    } | typed  # fmt: skip
    return (client or Client()).post(reverse("directory:join_account"), told)


def confirm(address=ADDRESS):
    return Client().post(reverse("directory:join_confirm"), {"t": token_in(letters_to(address)[-1])})


# --- an account -------------------------------------------------------------------------------------------------------


def test_a_professional_asks_confirms_is_approved_and_invited(council, steward):
    assert ask(council).headers["Location"] == reverse("directory:join_sent")
    row = AccountRequest.objects.get()
    assert row.state == "unconfirmed" and not letters_to(steward.user.email), "nobody is bothered before that"
    page = Client().get(reverse("directory:join_confirm"), {"t": token_in(letters_to(ADDRESS)[0])})
    assert page.status_code == 200 and AccountRequest.objects.get().state == "unconfirmed"
    assert confirm().headers["Location"] == reverse("directory:join_confirmed")
    assert len(letters_to(steward.user.email)) == 1
    desk = browser_of(steward)
    assert "Sam Okoro" in desk.get(reverse("directory:joining")).content.decode()
    page = desk.get(reverse("directory:joining_account", args=[row.pk])).content.decode()
    assert "nothing tells us that it belongs" in page
    desk.post(reverse("directory:joining_account", args=[row.pk]), {"decision": "yes", "role": "professional"})
    row.refresh_from_db()
    assert (row.state, row.invitation.role, row.invitation.organization) == ("approved", "professional", council)
    assert "Your role there: Professional" in letters_to(ADDRESS)[-1]["text"]
    assert [one.action for one in AuditEvent.objects.order_by("seq") if "account" in one.action] == [
        "account.ask", "account.confirm", "account.approve",
    ]  # fmt: skip


def test_a_safeguarding_lead_decides_for_the_school(school, steward):
    lead = member(Role.SCHOOL_DSL, school)
    ask(school)
    confirm()
    assert letters_to(lead.user.email) and not letters_to(steward.user.email)
    row = AccountRequest.objects.get()
    browser = browser_of(lead)
    assert "Sam Okoro" in browser.get(reverse("directory:people")).content.decode()
    browser.post(reverse("directory:people_asked", args=[row.pk]), {"decision": "yes", "role": "professional"})
    assert Invitation.objects.get().sent_by == lead


def test_another_organizations_manager_and_a_provider_decide_nothing(school, council):
    ask(school)
    confirm()
    row = AccountRequest.objects.get()
    for role, where in ((Role.SCHOOL_DSL, council), (Role.PROVIDER_ADMIN, school), (Role.PROVIDER_ADMIN, council)):
        browser = browser_of(member(role, where))
        for method in ("get", "post"):
            answer = getattr(browser, method)(reverse("directory:people_asked", args=[row.pk]), {"decision": "yes"})
            assert answer.status_code == 404, (role, where)


def test_a_refusal_says_why_and_needs_a_reason(council, steward):
    ask(council)
    confirm()
    row, desk = AccountRequest.objects.get(), browser_of(steward)
    address = reverse("directory:joining_account", args=[row.pk])
    assert "Say why" in desk.post(address, {"decision": "no", "role": "professional"}).content.decode()
    desk.post(address, {"decision": "no", "role": "professional", "reason": "We could not reach your manager."})
    assert "We could not reach your manager." in letters_to(ADDRESS)[-1]["text"]
    assert desk.post(address, {"decision": "yes", "role": "professional"}).status_code == 404, "decided once"
    assert not Invitation.objects.exists()


def test_where_theirs_is_not_listed_a_steward_chooses(council, steward):
    ask(None, organization_name="Little Team")
    confirm()
    row, desk = AccountRequest.objects.get(), browser_of(steward)
    address = reverse("directory:joining_account", args=[row.pk])
    assert "Choose the organization" in desk.post(address, {"decision": "yes", "role": "professional"}).content.decode()
    wrong = desk.post(address, {"decision": "yes", "role": "school_dsl", "organization": str(council.pk)})
    assert "Only somebody at a school" in wrong.content.decode()
    desk.post(address, {"decision": "yes", "role": "professional", "organization": str(council.pk)})
    assert Invitation.objects.get().organization == council


@pytest.mark.parametrize("domain", ["gmail.com", "GMAIL.com", "hotmail.co.uk", "icloud.com"])
def test_a_private_mailbox_is_refused_kindly(council, domain):
    answer = ask(council, email=f"sam@{domain}")
    assert answer.status_code == 200 and "address that you have at work" in answer.content.decode()
    assert f"sam@{domain}" in answer.content.decode(), "what was typed is still there"
    assert not AccountRequest.objects.exists()


def test_an_address_must_end_as_those_of_the_organization_do(council):
    EmailDomain.objects.create(organization=council, domain="council.example")
    assert "end in @council.example" in ask(council, email="sam@notcouncil.example").content.decode()
    assert ask(council, email="sam@team.council.example").status_code == 302
    assert joining.unknown_address(AccountRequest.objects.get()) is False


def answer_of(response):
    return (
        response.status_code,
        response.headers.get("Location"),
        re.sub(rb'value="[A-Za-z0-9]{64}"', b"", response.content),
    )


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(council):
    known = member(Role.PROFESSIONAL, council)
    answers = [answer_of(ask(council, email=email)) for email in (known.user.email, "nobody@council.example")]
    pages = [answer_of(Client().get(reverse("directory:join_sent"))) for _ in answers]
    assert answers[0] == answers[1] and pages[0] == pages[1]
    assert [one.action for one in AuditEvent.objects.order_by("seq")] == ["account.ask", "account.ask"]
    assert "You have one already" in letters_to(known.user.email)[0]["text"]
    assert "t=" not in letters_to(known.user.email)[0]["text"]


def test_a_stranger_cannot_fill_a_mailbox_nor_the_queue(council):
    for _ in range(6):
        assert ask(council).status_code == 302
    assert len(letters_to(ADDRESS)) == joining.TO_ONE_ADDRESS.most
    sent = [ask(council, email=f"n{n}@council.example").status_code for n in range(12)]
    assert sent[-1] == 429 and sent.count(302) == joining.FROM_ONE_PLACE.most - joining.TO_ONE_ADDRESS.most
    known = member(Role.PROFESSIONAL, council)
    assert ask(council, email=known.user.email).status_code == 429, "the limit does not depend on the address either"


@pytest.mark.parametrize("what", ["used", "expired", "forged", "nothing"])
def test_a_link_that_must_not_work_confirms_nothing(council, steward, what):
    ask(council)
    token = token_in(letters_to(ADDRESS)[0])
    if what == "used":
        confirm()
    elif what == "expired":
        AccountRequest.objects.update(token_ends_at=timezone.now() - timedelta(seconds=1))
    else:
        token = "" if what == "nothing" else "f" * 64
    letters = OutboxRow.objects.count()
    for method in ("get", "post"):
        assert getattr(Client(), method)(reverse("directory:join_confirm"), {"t": token}).status_code == 404
    assert OutboxRow.objects.count() == letters


def test_what_nobody_confirms_is_forgotten(council):
    ask(council)
    joining.forget_old(timezone.now() + timedelta(days=13))
    assert AccountRequest.objects.exists()
    joining.forget_old(timezone.now() + timedelta(days=15))
    assert not AccountRequest.objects.exists()


# --- an organization --------------------------------------------------------------------------------------------------

APPLICATION = {
    "organization_name": "Harbour Youth", "description": "Boxing and mentoring for 11 to 17.", "website": "",
    "name": "Tess Amadi", "job_title": "Manager", "email": "tess@harbouryouth.example", "telephone": "0117 496 0444",
    "public_liability_expires_day": "1", "public_liability_expires_month": "6", "public_liability_expires_year": "2030",
    "public_liability_reference": "PL-1",
}  # fmt: skip


def apply(**typed):
    kind = make.term("organization_type", "vcs_charity")
    return Client().post(reverse("directory:apply"), {**APPLICATION, "organization_type": str(kind.pk), **typed})


@pytest.fixture
def applied(steward):
    assert apply().headers["Location"] == reverse("directory:join_sent")
    confirm(APPLICATION["email"])
    return OrganizationApplication.objects.get()


def test_an_organization_applies_and_becomes_a_draft_with_a_manager(applied, steward):
    assert len(letters_to(steward.user.email)) == 1
    desk = browser_of(steward)
    page = desk.get(reverse("directory:joining_organization", args=[applied.pk])).content.decode()
    assert "PL-1" in page and "not given" in page
    desk.post(reverse("directory:joining_organization", args=[applied.pk]), {"decision": "yes"})
    made = Organization.objects.get(name="Harbour Youth")
    assert not made.live and not Organization.objects.published().filter(pk=made.pk).exists()
    assert made.standing.standing == "open" and made.standing.compliance_due_on == timezone.localdate()
    [item] = ComplianceItem.objects.filter(organization=made)
    assert (item.kind, item.verified_on) == ("public_liability", None)
    invited = Invitation.objects.get()
    assert (invited.role, invited.email, invited.organization) == ("provider_admin", APPLICATION["email"], made)
    assert made.latest_revision is not None
    client = Client()
    told = {
        "t": token_in(letters_to(APPLICATION["email"])[-1]),
        "name": "Tess Amadi",
        "password1": "boat gravel nine lamps",
    }
    client.post(reverse("directory:invitation"), {**told, "password2": told["password1"]})
    assert Membership.objects.get(organization=made).user.email == APPLICATION["email"]


def test_a_question_comes_back_with_an_amended_application(applied, steward):
    desk, address = browser_of(steward), reverse("directory:joining_organization", args=[applied.pk])
    desk.post(address, {"decision": "ask", "reason": "Who runs it?"})
    letter = letters_to(APPLICATION["email"])[-1]
    assert "Who runs it?" in letter["text"]
    page = Client().get(reverse("directory:apply"), {"t": token_in(letter)}).content.decode()
    assert "Harbour Youth" in page and "Who runs it?" in page and 'value="2030"' in page
    done = apply(t=token_in(letter), description="Run by Tess.", email="somebody@else.example")
    assert done.headers["Location"] == reverse("directory:join_confirmed")
    applied.refresh_from_db()
    assert (applied.state, applied.description) == ("waiting", "Run by Tess.")
    assert applied.email == APPLICATION["email"], "the address that was confirmed stays"
    assert Client().get(reverse("directory:apply"), {"t": token_in(letter)}).status_code == 404


def test_a_no_says_why(applied, steward):
    desk, address = browser_of(steward), reverse("directory:joining_organization", args=[applied.pk])
    desk.post(address, {"decision": "no", "reason": "You are outside the city."})
    assert "You are outside the city." in letters_to(APPLICATION["email"])[-1]["text"]
    assert not Organization.objects.filter(name="Harbour Youth").exists()
    assert desk.get(address).status_code == 404


def test_two_stewards_at_once_decide_once(applied, steward):
    stale = OrganizationApplication.objects.get()
    from tests.directory.test_people import hat

    joining.take_in(applied, by=hat(steward), at=timezone.now())
    with pytest.raises(joining.AlreadyDecided):
        joining.take_in(stale, by=hat(steward), at=timezone.now())
    assert Organization.objects.filter(name="Harbour Youth").count() == 1


def test_a_second_of_the_same_name_gets_another_address(applied, steward):
    make.organization("Harbour Youth", slug="harbour-youth")
    browser_of(steward).post(reverse("directory:joining_organization", args=[applied.pk]), {"decision": "yes"})
    assert Organization.objects.filter(slug="harbour-youth-2").exists()
    assert User.objects.filter(email=APPLICATION["email"]).count() == 0
