"""Where somebody is signed in: theirs to see and to end, at once, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from safekeeping import audit, own_sessions, sessions
from safekeeping.models import AuditEvent, Session, User
from safekeeping.session_store import SessionStore
from tests.safekeeping.conftest import PASSWORD, hat

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
HERE = "/account/signed-in/"


@pytest.fixture(autouse=True)
def _no_memory_of_the_test_before():
    """The sign-in library counts tries for each address in the cache."""
    cache.clear()


@pytest.fixture
def worker(site, person):
    site[person.pk] = [hat(6, "professional", user_id=person.pk)]
    return person


def browser(agent: str = FIREFOX, *, email: str = "alex@work.example", address: str = "192.0.2.77") -> Client:
    """Sign in through the front door with a browser of this kind."""
    made = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert made.post("/sign-in/", {"login": email, "password": PASSWORD}).status_code == 302
    assert is_in(made)
    return made


def is_in(client: Client) -> bool:
    return client.get(HERE).status_code == 200


def handle_of(client: Client) -> str:
    return audit.fingerprint(client.cookies["sessionid"].value)


def test_a_person_sees_each_of_their_sessions_in_plain_words_and_no_address(worker):
    browser(IPHONE)
    at_work = browser(FIREFOX)
    page = at_work.get(HERE).content.decode()
    assert "Safari on an iPhone" in page
    assert 'Firefox on Windows <span class="al-meta">this one</span>' in page
    assert page.count("Signed in on ") == 2
    for hidden in ("192.0.2.77", "Mozilla", "AppleWebKit", *Session.objects.values_list("session_key", flat=True)):
        assert hidden not in page
    assert "192.0.2.77" not in str([row.get_decoded() for row in Session.objects.all()])


def test_an_ended_session_is_out_on_its_very_next_click_and_that_is_on_record(worker):
    lost_phone, at_work, at_home = browser(IPHONE), browser(FIREFOX), browser(EDGE)
    handle = handle_of(lost_phone)
    page = at_work.post(f"{HERE}end/", {"session": handle}, follow=True).content.decode()
    assert "That browser is signed out." in page
    assert "an iPhone" not in page
    assert lost_phone.get(HERE).headers["Location"].startswith("/sign-in/")
    assert is_in(at_work)
    assert is_in(at_home)
    event = AuditEvent.objects.get(action="session_ended")
    assert (event.actor, event.object_type, event.object_ref) == (worker.pk, "session", handle)
    assert event.session_hash == handle_of(at_work)


def test_all_others_are_ended_with_one_button(worker):
    others, at_work = [browser(IPHONE), browser(EDGE)], browser(FIREFOX)
    stranger = User.objects.create_user("sam@work.example", PASSWORD)
    elsewhere = browser(email=stranger.email)
    handles = {handle_of(other) for other in others}
    page = at_work.post(f"{HERE}end-others/", follow=True).content.decode()
    assert "You are signed in nowhere else." in page
    assert not any(is_in(other) for other in others)
    assert is_in(at_work)
    assert is_in(elsewhere), "somebody else's session is none of theirs"
    told = set(AuditEvent.objects.filter(action="session_ended").values_list("object_ref", flat=True))
    assert told == handles


def test_nobody_ends_the_session_of_somebody_else_nor_learns_that_there_is_one(worker):
    User.objects.create_user("sam@work.example", PASSWORD)
    theirs, mine = browser(email="sam@work.example"), browser()
    answers = [
        mine.post(f"{HERE}end/", {"session": tried}, follow=True).content.decode()
        for tried in (handle_of(theirs), "0" * 32, "", "x" * 5000, "a\x00b")
    ]
    assert all("That browser was signed out already." in answer for answer in answers)
    assert is_in(theirs)
    assert not AuditEvent.objects.filter(action="session_ended").exists()


def test_ending_the_session_one_is_in_is_signing_out(worker):
    here = browser()
    assert here.post(f"{HERE}end/", {"session": handle_of(here)}).headers["Location"] == "/sign-out/"
    assert is_in(here)


def test_a_click_that_was_under_way_does_not_bring_an_ended_session_back(worker):
    lost, at_work = browser(IPHONE), browser()
    under_way = SessionStore(session_key=lost.cookies["sessionid"].value)
    under_way["more"] = 1
    at_work.post(f"{HERE}end-others/")
    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_in(lost)


def test_what_has_run_out_is_not_in_the_list(worker):
    idle, old, here = browser(IPHONE), browser(EDGE), browser()
    Session.objects.filter(pk=idle.cookies["sessionid"].value).update(expire_date=timezone.now())
    session = old.session
    session[sessions.BEGAN] -= sessions.LONGEST
    session.save()
    assert [one.browser for one in own_sessions.of(worker, this=None, at=timezone.now())] == ["Firefox on Windows"]
    assert "You are signed in nowhere else." in here.get(HERE).content.decode()


def test_a_session_says_whose_it_is_and_goes_with_its_person(worker):
    browser()
    Client().get("/sign-in/")
    assert [row.user_id for row in Session.objects.all()] == [worker.pk]
    worker.delete()
    assert not Session.objects.exists()


def test_a_new_password_ends_every_other_session(worker):
    other, here = browser(IPHONE), browser()
    new = "some other long words"
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(here)
    assert not is_in(other)


def test_a_closed_account_is_out_on_the_very_next_click(worker):
    here = browser()
    User.objects.filter(pk=worker.pk).update(is_active=False)
    assert not is_in(here)


def test_many_sessions_cost_as_many_queries_as_one(worker, django_assert_max_num_queries):
    here = browser()
    for number in range(20):
        browser(IPHONE, address=f"192.0.2.{number}")
    with django_assert_max_num_queries(1):
        assert len(own_sessions.of(worker, this=None, at=timezone.now())) == 21
    assert here.get(HERE).content.decode().count("an iPhone") == 40


def test_the_list_has_this_browser_first_and_then_the_last_used(worker):
    first, second, here = browser(IPHONE), browser(EDGE), browser()
    session = second.session
    session[sessions.SEEN] -= 600
    session.save()
    found = own_sessions.of(worker, this=here.cookies["sessionid"].value, at=timezone.now())
    assert [one.handle for one in found] == [handle_of(here), handle_of(first), handle_of(second)]
    assert found[1].seen_at - found[2].seen_at >= timedelta(minutes=9)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/130.0 Mobile Safari/537.36", "Chrome on an Android phone or tablet"),
        ("Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/26.0 Chrome", "Samsung Internet on an Android phone or tablet"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541) Chrome/130.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on a Mac"),
        ("Firefox", "Firefox"),
        ("Something (Windows)", "A browser on Windows"),
        ("curl/8.0", "A browser we do not know"),
        ("", "A browser we do not know"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_user_would_call_it(told, words):
    assert sessions.browser_in_words(told) == words
