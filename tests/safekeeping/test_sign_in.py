from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from safekeeping import policy
from safekeeping.models import AuditEvent, OutboxRow, User
from tests.safekeeping.conftest import PASSWORD, hat

pytestmark = pytest.mark.django_db(transaction=True)
STEP = 30  # seconds


@pytest.fixture(autouse=True)
def _real_door(site, settings):
    """The small site; mail goes where it goes outside of tests; no memory of the test before."""
    settings.EMAIL_BACKEND = "safekeeping.outbox.OutboxEmailBackend"
    cache.clear()


@pytest.fixture
def coordinator(site, person):
    site[person.pk] = [hat(5, "coordinator", user_id=person.pk)]
    return person


@pytest.fixture
def secret(coordinator):
    """The coordinator's app is set up with this secret."""
    chosen = generate_totp_secret()
    TOTP.activate(coordinator, chosen)
    return chosen


def code(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def wrong_code(secret: str) -> str:
    near = {code(secret, steps=n) for n in range(-3, 4)}
    return next(guess for guess in ("000000", "111111", "222222", "333333", "444444") if guess not in near)


def give(client: Client, email: str = "alex@work.example", password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def test_password_then_code_then_where_one_was_going(client, secret):
    answer = give(client, next="/cases/1/")
    assert answer.headers["Location"] == "/sign-in/code/"
    assert client.get("/cases/1/").headers["Location"].startswith("/sign-in/"), "the password alone opens nothing"
    answer = client.post("/sign-in/code/", {"code": code(secret)})
    assert answer.headers["Location"] == "/cases/1/"
    assert client.get("/cases/1/").status_code == 200


def test_without_an_address_to_go_to_a_hat_starts_at_its_home(client, secret):
    give(client)
    answer = client.post("/sign-in/code/", {"code": code(secret)})
    assert answer.headers["Location"] == "/start/"
    assert client.get("/start/").headers["Location"] == "/cases/"


def test_the_way_on_never_leads_to_another_site(client, secret):
    give(client, next="https://evil.example/")
    assert client.post("/sign-in/code/", {"code": code(secret)}).headers["Location"] == "/start/"


def test_an_address_is_known_in_any_case(client, secret):
    assert give(client, "Alex@Work.EXAMPLE").headers["Location"] == "/sign-in/code/"


def test_the_first_sign_in_sets_up_the_second_step(client, coordinator):
    assert give(client).headers["Location"] == "/start/"
    asked = client.get("/start/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/account/second-step/set-up/")
    assert client.get("/cases/1/").status_code == 302
    shown = re.search(r'al-secret">([A-Z2-7]+)<', asked.content.decode())
    assert shown
    answer = client.post("/account/second-step/set-up/", {"code": code(shown[1])})
    assert answer.headers["Location"] == "/account/second-step/codes/"
    assert client.get("/cases/1/").status_code == 200
    codes = client.get("/account/second-step/codes/").content.decode()
    assert len(re.findall(r"<code>", codes)) == 10
    assert "<code>" not in client.get("/account/second-step/codes/").content.decode(), "they are shown once"


def test_a_printed_code_opens_the_account_once(client, coordinator):
    test_the_first_sign_in_sets_up_the_second_step(client, coordinator)
    printed = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in ("/start/", None):
        browser = Client()
        give(browser)
        answer = browser.post("/sign-in/code/", {"code": printed})
        assert answer.headers.get("Location") == expected


def test_a_code_works_once_whichever_process_is_asked(client, secret):
    """The library remembers used codes in one process's memory, which is emptied here as a restart would."""
    used = code(secret)
    give(client)
    assert client.post("/sign-in/code/", {"code": used}).status_code == 302
    cache.clear()
    other = Client()
    give(other)
    answer = other.post("/sign-in/code/", {"code": used})
    assert answer.status_code == 200
    assert "Each code works once" in answer.content.decode()
    assert other.get("/cases/1/").headers["Location"].startswith("/sign-in/")


def test_a_code_of_an_earlier_half_minute_is_refused_after_a_later_one(client, secret):
    give(client)
    assert client.post("/sign-in/code/", {"code": code(secret, steps=1)}).status_code == 302
    other = Client()
    give(other)
    assert other.post("/sign-in/code/", {"code": code(secret)}).status_code == 200


def test_wrong_codes_lock_the_account_as_wrong_passwords_do(client, secret, settings):
    give(client)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/sign-in/code/", {"code": wrong_code(secret)})
    assert answer.status_code == 429
    assert client.post("/sign-in/code/", {"code": code(secret)}).status_code == 429, "the right one is too late"
    assert give(Client()).status_code == 429


def test_ten_wrong_passwords_lock_this_account_from_this_address_only(client, secret, settings):
    other = User.objects.create_user("sam@work.example", PASSWORD)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = give(client, password="wrong")
    assert answer.status_code == 429
    assert b"15 minutes" in answer.content
    assert give(client).status_code == 429, "the right password is too late"
    assert give(client, other.email).status_code == 302, "a colleague in the same office gets in"
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert give(elsewhere).status_code == 302, "the owner gets in from another address"


def test_behind_the_lock_no_password_is_looked_at(client, secret, settings, monkeypatch):
    looked: list[str] = []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, raw: looked.append(raw) or check(self, raw))
    for _ in range(3 * settings.AXES_FAILURE_LIMIT):
        give(client, password="wrong")
    assert len(looked) <= settings.AXES_FAILURE_LIMIT


def test_the_lock_is_in_the_database_and_holds_nothing_that_was_typed(client, secret):
    give(client, password="my secret words")
    attempt = AccessAttempt.objects.get()
    assert attempt.username == "alex@work.example"
    assert "my secret words" not in attempt.post_data
    assert "alex" not in attempt.post_data


def test_the_wrong_password_and_an_unknown_address_are_answered_alike(client, person):
    answers = [give(Client(), email, "wrong").content.decode() for email in (person.email, "nobody@work.example")]
    for answer in answers:
        assert "One of them is not right" in answer
    forgetful = [re.sub(r'(value|nonce)="[^"]*"', "", answer) for answer in answers]
    assert forgetful[0] == forgetful[1]


def test_a_closed_account_is_told_so_only_with_the_right_password(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "One of them is not right" in give(client, password="wrong").content.decode()
    assert give(client).headers["Location"] == "/account/closed/"


def test_the_sign_in_page_never_sends_somebody_who_is_in_back_and_forth(client, coordinator, signed_in):
    browser = signed_in()
    for next_page in ("", "?next=/admin/anything/", "?next=https://evil.example/"):
        answer = browser.get(f"/sign-in/{next_page}")
        assert answer.status_code == 200
        assert "You are signed in" in answer.content.decode()
        assert "evil" not in answer.content.decode()


def test_there_is_no_signing_up(client, site):
    for address in ("/sign-up/", "/accounts/signup/", "/account/signup/"):
        assert client.get(address).status_code in (302, 404)
    assert "account_signup" not in dict(policy.routes()).values()


def test_the_secret_of_the_app_is_sealed_in_the_database(secret):
    assert secret not in str(Authenticator.objects.get().data)
    assert Authenticator.objects.get().data["secret"].startswith("s1.")


def test_a_forgotten_password_is_answered_alike_for_everybody_and_mails_nobody_unknown(client, person):
    answers = [
        client.post("/account/password/forgotten/", {"email": email}, follow=True).content
        for email in ("nobody@work.example", person.email)
    ]
    assert answers[0] == answers[1]
    row = OutboxRow.objects.get()
    assert "alex@work.example" in str(row.payload)
    assert "nobody" not in str(row.payload)


def test_the_link_in_the_mail_sets_a_password_once(client, person, site):
    client.post("/account/password/forgotten/", {"email": person.email})
    link = re.search(r"http://testserver(/account/password/new/[^\s\"\\]+)", str(OutboxRow.objects.get().payload))
    assert link
    form = client.get(link[1], follow=True)
    here = form.redirect_chain[-1][0]
    words = {"password1": "some other long words", "password2": "some other long words"}
    assert client.post(here, words).headers["Location"] == "/account/password/changed/"
    assert b"no longer works" in Client().get(link[1], follow=True).content
    assert give(Client(), password="some other long words").status_code == 302
    assert AuditEvent.objects.filter(action="sign_in", actor=person.pk, outcome="ok").exists()


def test_signing_in_and_failing_to_are_in_the_audit_trail_without_a_name(client, secret, coordinator):
    give(client, password="wrong")
    give(client)
    client.post("/sign-in/code/", {"code": wrong_code(secret)})
    client.post("/sign-in/code/", {"code": code(secret)})
    client.post("/sign-out/")
    told = list(AuditEvent.objects.order_by("seq").values_list("action", "outcome", "actor"))
    assert told == [
        ("sign_in", "refused", None),
        ("sign_in", "refused", None),
        ("sign_in", "ok", coordinator.pk),
        ("sign_out", "ok", coordinator.pk),
    ]
    assert not any("alex" in str(row) for row in AuditEvent.objects.values())


def test_moving_the_app_to_another_phone_asks_for_the_second_step_again(client, secret, coordinator):
    give(client)
    client.post("/sign-in/code/", {"code": code(secret)})
    assert client.get("/account/second-step/").status_code == 200
    assert client.get("/account/second-step/remove/").status_code == 200
    assert client.post("/account/second-step/remove/").status_code == 302
    assert client.get("/cases/1/").headers["Location"].startswith("/account/second-step/set-up/")


def test_what_decides_who_can_sign_in_asks_for_the_password_again_after_a_while(client, secret, coordinator):
    give(client)
    client.post("/sign-in/code/", {"code": code(secret)})
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
    asked = client.get("/account/second-step/remove/")
    assert asked.headers["Location"].startswith("/account/confirm/")
    assert client.get(asked.headers["Location"]).status_code == 200
    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/second-step/remove/"})
    assert answer.headers["Location"] == "/account/second-step/remove/"
    assert client.get("/account/confirm/code/").status_code == 200


def test_every_page_of_the_library_that_can_be_reached_is_ours(client, secret, coordinator):
    give(client)
    pages = ["/sign-in/code/", "/account/password/forgotten/", "/account/password/forgotten/sent/"]
    pages += ["/account/password/changed/", "/account/password/new/1-nothing/", "/account/closed/"]
    shown = [client.get(page) for page in pages]
    client.post("/sign-in/code/", {"code": code(secret)})
    inside = ["/account/second-step/", "/account/second-step/remove/", "/account/second-step/codes/new/"]
    inside += ["/account/password/", "/account/confirm/", "/account/confirm/code/", "/sign-out/"]
    shown += [client.get(page) for page in inside]
    for answer in shown:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        names = [template.name for template in answer.templates if template.name]
        assert "safekeeping/door.html" in names, answer.request["PATH_INFO"]
        assert not any(name.startswith("allauth/") for name in names)


def test_a_library_page_exists_for_every_name_that_the_library_looks_up(site):
    for name in ("account_login", "account_logout", "account_inactive", "account_reauthenticate", "mfa_authenticate"):
        assert reverse(name)


# --- choosing a hat ---------------------------------------------------------------------------------------------------
def test_somebody_with_two_hats_is_asked_which(client, site, person, signed_in):
    site[person.pk] = [hat(5, "coordinator"), hat(6, "professional")]
    browser = signed_in()
    assert browser.get("/start/").headers["Location"] == "/hat/"
    assert browser.get("/cases/1/").headers["Location"] == "/hat/?next=%2Fcases%2F1%2F"
    asked = browser.get("/hat/?next=/cases/1/").content.decode()
    assert 'value="5"' in asked
    assert 'value="6"' in asked
    assert browser.post("/hat/", {"hat": "5", "next": "/cases/1/"}).headers["Location"] == "/cases/1/"
    assert browser.get("/cases/1/").content == b"hat=coordinator posted="
    assert browser.post("/hat/", {"hat": "6"}).status_code == 302
    assert browser.get("/cases/1/").status_code == 404, "the other hat does not help the one that is worn"


@pytest.mark.parametrize("chosen", ["7", "", "x", "-1", "5 OR 1=1"])
def test_nobody_puts_on_a_hat_that_is_not_theirs(site, person, signed_in, chosen):
    site[person.pk] = [hat(5, "coordinator"), hat(6, "professional")]
    browser = signed_in()
    assert browser.post("/hat/", {"hat": chosen}).status_code == 400
    assert policy.SESSION_HAT not in browser.session


def test_a_hat_that_is_taken_away_is_not_worn_a_moment_longer(site, person, signed_in):
    """T-REVOKE"""
    site[person.pk] = [hat(5, "coordinator"), hat(6, "professional")]
    browser = signed_in()
    browser.post("/hat/", {"hat": "5"})
    site[person.pk] = [hat(6, "professional")]
    assert browser.get("/cases/1/").status_code == 404
    assert browser.get("/find/").content == b"hat=professional posted="


def test_somebody_without_a_hat_is_told_whom_to_ask(site, person, signed_in):
    page = signed_in().get("/start/", follow=True).content.decode()
    assert "You have no role here now" in page
