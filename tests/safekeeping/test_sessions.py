from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from safekeeping import kept_forms, sessions
from safekeeping.models import Session, User
from safekeeping.session_store import SessionStore
from tests.safekeeping.conftest import PASSWORD, hat

pytestmark = pytest.mark.django_db
WORDS = "He would like somebody to box with"


@pytest.fixture
def coordinator(site, person):
    site[person.pk] = [hat(5, "coordinator")]
    return person


def run_out(client: Client) -> None:
    """Let the half hour pass."""
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def sign_in_again(client: Client, user: User) -> None:
    """Sign in with the same browser."""
    assert client.get(f"/shortcut/{user.pk}/").status_code == 200


def test_half_an_hour_without_a_click_ends_the_session(coordinator, signed_in):
    browser = signed_in()
    assert browser.get("/cases/1/").status_code == 200
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    run_out(browser)
    assert browser.get("/cases/1/").headers["Location"].startswith("/sign-in/")


def test_every_click_starts_the_half_hour_anew_and_is_written_once_a_minute(
    coordinator, signed_in, monkeypatch, django_assert_num_queries
):
    browser = signed_in()
    now = int(time.time()) + 61
    monkeypatch.setattr(sessions.time, "time", lambda: now)
    browser.get("/cases/1/")
    with django_assert_num_queries(2):  # the session and the person: nothing is written
        browser.get("/cases/1/")
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=3))
    now += 61
    browser.get("/cases/1/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=29)


def test_after_twelve_hours_one_signs_in_again_however_busy_one_was(coordinator, signed_in):
    browser = signed_in()
    session = browser.session
    session[sessions.BEGAN] -= 12 * 60 * 60 - 30
    session.save()
    assert browser.get("/cases/1/").status_code == 200
    session = browser.session
    session[sessions.BEGAN] -= 30
    session.save()
    assert browser.get("/cases/1/").headers["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_signing_in_gives_the_session_a_new_key(client, site, person):
    client.post("/sign-in/", {"login": person.email, "password": "wrong"})
    client.get("/account/password/forgotten/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_signing_out_leaves_nothing_in_the_browser_and_nothing_in_the_database(coordinator, signed_in):
    browser = signed_in()
    key = browser.session.session_key
    answer = browser.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert browser.get("/cases/1/").headers["Location"].startswith("/sign-in/")


def test_a_link_does_not_sign_anybody_out(coordinator, signed_in):
    browser = signed_in()
    assert browser.get("/sign-out/").status_code == 200
    assert browser.get("/cases/1/").status_code == 200


def test_a_private_page_is_kept_by_no_cache_and_a_public_one_is_asked_for_anew(coordinator, client, signed_in):
    assert client.get("/find/").headers["Cache-Control"] == "no-cache"
    assert client.get("/cases/1/").headers["Cache-Control"] == "no-store"
    browser = signed_in()
    for address in ("/find/", "/cases/1/", "/cases/2/", "/nothing/"):
        assert browser.get(address).headers["Cache-Control"] == "no-store", address


# --- a form that outlives its session -----------------------------------------------------------------------------------
def test_what_was_typed_comes_back_after_signing_in_again(coordinator, signed_in):
    browser = signed_in()
    browser.get("/cases/1/")
    run_out(browser)
    answer = browser.post("/cases/1/?step=3", {"words": WORDS, "also": ["a", "b"], "csrfmiddlewaretoken": "old"})
    assert answer.headers["Location"] == "/sign-in/?next=%2Fkept%2F"
    sign_in_again(browser, coordinator)
    assert browser.get("/start/").headers["Location"] == "/kept/"
    page = browser.get("/kept/").content.decode()
    assert 'action="/cases/1/?step=3"' in page
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', page)
    assert ("words", WORDS) in fields
    assert ("also", "a") in fields
    assert ("also", "b") in fields
    assert ("csrfmiddlewaretoken", "old") not in fields
    assert browser.post("/cases/1/?step=3", {"words": WORDS}).content == f"hat=coordinator posted={WORDS}".encode()
    assert browser.get("/kept/").headers["Location"] == "/start/", "once it is sent, it is forgotten"


def test_what_was_typed_comes_back_after_the_twelve_hours_too(coordinator, signed_in):
    browser = signed_in()
    session = browser.session
    session[sessions.BEGAN] -= 12 * 60 * 60
    session.save()
    assert browser.post("/cases/1/", {"words": WORDS}).headers["Location"] == "/sign-in/?next=%2Fkept%2F"
    sign_in_again(browser, coordinator)
    assert WORDS in browser.get("/kept/").content.decode()


def test_the_next_person_at_a_shared_computer_never_sees_what_was_typed(coordinator, signed_in, site):
    browser = signed_in()
    browser.get("/cases/1/")
    run_out(browser)
    browser.post("/cases/1/", {"words": WORDS})
    next_person = User.objects.create_user("sam@work.example")
    site[next_person.pk] = [hat(6, "coordinator")]
    sign_in_again(browser, next_person)
    assert browser.get("/kept/").headers["Location"] == "/start/"
    assert kept_forms.SESSION_NAME not in browser.session
    sign_in_again(browser, coordinator)
    assert browser.get("/kept/").headers["Location"] == "/start/"


def test_what_was_typed_lies_sealed_in_the_database_and_not_for_long(coordinator, signed_in, monkeypatch):
    browser = signed_in()
    browser.get("/cases/1/")
    run_out(browser)
    browser.post("/cases/1/", {"words": WORDS})
    held = browser.session[kept_forms.SESSION_NAME]
    assert "box" not in str([session.get_decoded() for session in Session.objects.all()])
    sign_in_again(browser, coordinator)
    monkeypatch.setattr(kept_forms.time, "time", lambda: held["until"] + 1)
    assert browser.get("/kept/").headers["Location"] == "/start/"


def test_the_hat_that_was_worn_comes_back_with_the_form(coordinator, signed_in, site):
    site[coordinator.pk] = [hat(5, "coordinator"), hat(6, "professional")]
    browser = signed_in()
    browser.post("/hat/", {"hat": "5"})
    run_out(browser)
    browser.post("/cases/1/", {"words": WORDS})
    sign_in_again(browser, coordinator)
    assert WORDS in browser.get("/kept/").content.decode()
    assert browser.get("/cases/1/").content.startswith(b"hat=coordinator")


def test_what_was_typed_can_be_thrown_away(coordinator, signed_in):
    browser = signed_in()
    browser.get("/cases/1/")
    run_out(browser)
    browser.post("/cases/1/", {"words": WORDS})
    sign_in_again(browser, coordinator)
    browser.post("/kept/forget/")
    assert browser.get("/start/").headers["Location"] == "/cases/"


def test_a_stranger_cannot_put_anything_aside(site, client):
    answer = client.post("/cases/1/", {"words": WORDS})
    assert answer.headers["Location"] == "/sign-in/"
    assert not Session.objects.exists()


def test_passwords_and_codes_are_never_put_aside(coordinator, signed_in):
    browser = signed_in()
    browser.get("/cases/1/")
    run_out(browser)
    assert browser.post("/account/confirm/", {"password": PASSWORD}).headers["Location"] == "/sign-in/"
    browser.post("/account/password/", {"oldpassword": PASSWORD, "password1": "x", "password2": "x"})
    sign_in_again(browser, coordinator)
    assert PASSWORD not in browser.get("/kept/").content.decode()


def test_a_form_too_long_to_be_one_of_ours_is_not_kept(coordinator, signed_in):
    browser = signed_in()
    browser.get("/cases/1/")
    run_out(browser)
    answer = browser.post("/cases/1/", {"words": "x" * (kept_forms.LONGEST + 1)})
    assert answer.headers["Location"] == "/sign-in/"


def test_a_session_that_cannot_be_saved_because_the_disk_is_full_is_our_trouble_and_not_theirs(db, full_disk):
    session = SessionStore()
    session.create()
    session["seen_at"] = 1
    full_disk.begin()
    with pytest.raises(OperationalError):
        session.save()
    full_disk.end()
    session.save()


def test_a_session_that_somebody_has_ended_meanwhile_is_still_known_as_such(db):
    session = SessionStore()
    session.create()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
