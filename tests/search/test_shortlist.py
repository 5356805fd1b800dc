"""The shortlist: in the browser only, for whoever may see what is on it, and passed on without a word about anybody."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from directory.models import Role, ServiceStanding
from safekeeping import bounces, outbox
from safekeeping.floods import HOUR, Limit, TooMany
from safekeeping.models import BouncingAddress, OutboxRow, Session
from safekeeping.working_time import LONDON
from search import assumptions, sending
from search.models import EntrySent
from tests.architecture.growth import growth
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
ADD, REMOVE, LIST = "/shortlist/add/", "/shortlist/remove/", "/shortlist/"
CANARY = "zebedee.quillfeather@family.example"


@pytest.fixture
def two(db):
    """Two services that everybody may see, with places."""
    made = [make.service("Boxing on Saturdays"), make.service("Drama for girls", what_happens="They make plays.")]
    for one in made:
        make.pool(one, at=timezone.now())
    return made


@pytest.fixture
def private(db):
    """A service that only professionals see."""
    return make.service("Quiet mentoring", visibility="professionals")


def text_of(answer) -> str:
    return html.unescape(" ".join(answer.content.decode().split()))


def put(client: Client, *services, **more):
    return client.post(ADD, {"service": [one.slug for one in services], **more})


def rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


# --- keeping it -------------------------------------------------------------------------------------------------------
def test_a_list_is_kept_without_a_row_about_its_reader(client, two):
    before = rows()
    assert put(client, two[0]).status_code == 302
    assert put(client, two[1]).status_code == 302
    page = text_of(client.get(LIST))
    assert page.index("Boxing on Saturdays") < page.index("Drama for girls")
    assert rows() == before
    assert Session.objects.count() == 0


def test_the_cookie_holds_no_name_and_ends_with_the_browser(client, two):
    put(client, two[0])
    cookie = client.cookies["shortlist"]
    assert two[0].slug not in cookie.value
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == ("", "", True, "Lax")


def test_over_https_no_other_host_can_set_it(client, two, settings):
    settings.SESSION_COOKIE_SECURE = True
    put(client, two[0])
    assert client.cookies["__Host-shortlist"]["secure"]


@pytest.mark.parametrize("value", ["", "x", "a.b:c:d", "\x00", "0" * 4000])
def test_what_we_have_not_signed_is_no_list(client, two, value):
    client.cookies["shortlist"] = value
    assert "Nothing is on it yet" in text_of(client.get(LIST))


def test_one_that_was_changed_is_no_list(client, two):
    put(client, two[0])
    client.cookies["shortlist"] = client.cookies["shortlist"].value.replace(two[0].pk.hex, two[1].pk.hex)
    assert "Nothing is on it yet" in text_of(client.get(LIST))


def test_after_half_a_day_it_is_forgotten(client, two, monkeypatch):
    put(client, two[0])
    import time

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 13 * 3600)
    assert "Nothing is on it yet" in text_of(client.get(LIST))


def test_one_is_taken_away_and_all_are(client, two):
    put(client, *two)
    client.post(REMOVE, {"service": two[0].slug})
    page = text_of(client.get(LIST))
    assert "Boxing" not in page
    assert "Drama" in page
    client.post("/shortlist/empty/")
    assert "Nothing is on it yet" in text_of(client.get(LIST))


def test_a_full_list_says_so_and_takes_no_more(client, db):
    many = [make.service() for _ in range(assumptions.SHORTLIST.number + 1)]
    put(client, *many[:-1])
    answer = put(client, many[-1])
    assert answer.status_code == 409
    assert "holds 12 services. Take one away first" in text_of(answer)
    assert many[-1].name + "<" not in text_of(client.get(LIST))
    put(client, many[0])  # what is on it may be pressed again
    assert text_of(client.get(LIST)).count("Take away") == assumptions.SHORTLIST.number


def test_what_is_not_shown_any_more_takes_no_room(client, db):
    many = [make.service() for _ in range(assumptions.SHORTLIST.number + 1)]
    put(client, *many[:-1])
    ServiceStanding.objects.filter(service=many[0]).update(standing="suspended")
    assert "1 service that you put here is not shown any more" in text_of(client.get(LIST))
    assert put(client, many[-1]).status_code == 302


def test_a_button_leads_back_to_where_it_was(client, two):
    answer = put(client, two[0], next="/find/?age=14")
    assert answer["Location"] == f"/find/?age=14#list-{two[0].slug}"
    assert put(client, two[0], next="https://elsewhere.example/")["Location"].startswith("/shortlist/")


def test_a_script_gets_the_button_and_the_line_that_says_how_many(client, two):
    answer = client.post(ADD, {"service": two[0].slug}, headers={"HX-Request": "true"})
    said = text_of(answer)
    assert answer.status_code == 200
    assert "Take off the shortlist" in said
    assert 'hx-swap-oob="true"' in said
    assert "Your shortlist: 1 service<" in said
    assert "<html" not in said


def test_finder_and_page_offer_it_and_say_what_is_on_it(client, two, indexed):
    indexed()
    assert text_of(client.get("/find/")).count("Add to shortlist") == 2
    put(client, two[0])
    found = text_of(client.get("/find/"))
    assert (found.count("Add to shortlist"), found.count("Take off the shortlist")) == (1, 1)
    assert "Shortlist (1)" in found
    assert "Take off the shortlist" in text_of(client.get(f"/services/{two[0].slug}/"))


def test_forging_is_refused(two):
    strict = Client(enforce_csrf_checks=True)
    assert put(strict, two[0]).status_code == 403
    assert "shortlist" not in strict.cookies


@pytest.mark.parametrize("address", [ADD, REMOVE, "/shortlist/empty/"])
def test_looking_changes_nothing(client, two, address):
    assert client.get(address, {"service": two[0].slug}).status_code == 405


@pytest.mark.parametrize("slug", ["", "a\x00b", "no-such", "<script>", "x" * 5000, "../etc"])
def test_what_is_no_service_is_not_there(client, two, slug):
    assert client.post(ADD, {"service": slug}).status_code == 404


# --- whom it is for ---------------------------------------------------------------------------------------------------
def test_what_is_for_professionals_is_not_put_aside_by_strangers(client, private):
    assert put(client, private).status_code == 404
    assert "shortlist" not in client.cookies


def test_a_professionals_list_is_not_there_for_the_next_person_at_the_computer(private, two):
    client = browser_of(member(Role.PROFESSIONAL, make.organization()))
    put(client, private, two[0])
    assert "Quiet mentoring" in text_of(client.get(LIST))
    client.logout()
    page = text_of(client.get(LIST))
    assert "Quiet" not in page
    assert "Boxing" not in page


def test_a_list_from_before_signing_in_comes_along(client, two):
    put(client, two[0])
    held = client.cookies["shortlist"].value
    client = browser_of(member(Role.PROFESSIONAL, make.organization()))
    client.cookies["shortlist"] = held
    assert "Boxing on Saturdays" in text_of(client.get(LIST))


def test_whoever_has_left_sees_only_what_the_public_sees(private, two):
    hat = member(Role.PROFESSIONAL, make.organization())
    client = browser_of(hat)
    put(client, private, two[0])
    type(hat).objects.filter(pk=hat.pk).update(ended_at=timezone.now())
    page = text_of(client.get(LIST))
    assert "Quiet" not in page
    assert "Boxing" in page


def test_a_link_names_only_what_everybody_may_see(private, two):
    client = browser_of(member(Role.PROFESSIONAL, make.organization()))
    put(client, private, *two)
    page = text_of(client.get(LIST))
    [link] = re.findall(r'value="(http[^"]+/shortlist/shared/[^"]+)"', page)
    assert private.slug not in link
    assert link.count("service=") == 2
    assert "1 of them is not for the public, and not in the link" in page


def test_a_link_shows_whoever_opens_it_what_they_may_see(client, private, two):
    asked = {"service": [two[0].slug, private.slug, "no-such-service"]}
    stranger = text_of(client.get("/shortlist/shared/", asked))
    assert "Boxing on Saturdays" in stranger
    assert "Quiet" not in stranger
    assert private.slug not in stranger
    colleague = browser_of(member(Role.PROFESSIONAL, make.organization()))
    assert "Quiet mentoring" in text_of(colleague.get("/shortlist/shared/", asked))


def test_a_shared_list_is_put_on_ones_own(client, two):
    put(client, *two)
    assert text_of(client.get(LIST)).count("Take away") == 2


def test_a_link_to_what_is_gone_says_so(client, private):
    answer = client.get("/shortlist/shared/", {"service": private.slug})
    assert answer.status_code == 200
    assert "Nothing to see here any more" in text_of(answer)


# --- comparing --------------------------------------------------------------------------------------------------------
def test_services_stand_side_by_side_in_a_table_with_headers(client, two):
    page = text_of(client.get("/shortlist/compare/", {"service": [one.slug for one in two]}))
    assert page.count('scope="col"') == 3
    assert re.search(r'scope="row">Places</th>.*2 places free.*2 places free', page)
    assert 'scope="row">What happens</th>' in page
    assert "They make plays." in page
    assert "Not said" in page


@pytest.mark.parametrize("count", [0, 1, 5])
def test_two_to_four_are_compared(client, db, count):
    asked = {"service": [make.service().slug for _ in range(count)]}
    answer = client.get("/shortlist/compare/", asked)
    assert answer.status_code == 400
    assert "Choose two to 4 services to compare" in text_of(answer)


def test_a_comparison_leaves_out_what_its_reader_may_not_see(client, two, private):
    page = text_of(client.get("/shortlist/compare/", {"service": [two[0].slug, private.slug]}))
    assert "1 of those that you chose is not shown any more" in page
    assert "Quiet" not in page


# --- sending it to a family -------------------------------------------------------------------------------------------
def send(client, service, to=CANARY):
    return client.post(f"/services/{service.slug}/e-mail/", {"email": to})


def deliver(at=None):
    return outbox.deliver_due(now=lambda: at or timezone.now())


def test_a_family_gets_what_the_public_page_says_and_whom_to_call(client, two, settings):
    assert send(client, two[0]).status_code == 302
    deliver()
    [letter] = django_mail.outbox
    assert letter.to == [CANARY]
    assert "Boxing" not in letter.subject
    for said in (
        "Boxing on Saturdays",
        f"/services/{two[0].slug}/",
        settings.CITY.front_door.telephone,
        "2 places free",
    ):
        assert said in letter.body


def everything_kept() -> str:
    """Return every value of every row."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told.append(repr(cursor.fetchall()))
    return "\n".join(told)


def test_nothing_of_an_address_is_kept_when_the_e_mail_has_left(client, two, caplog):
    caplog.set_level("DEBUG")
    send(client, two[0])
    assert CANARY in everything_kept()  # it waits: so the search below can find something
    deliver()
    assert len(django_mail.outbox) == 1
    assert "quillfeather" not in everything_kept().lower()
    assert "quillfeather" not in caplog.text.lower()


def test_nothing_of_an_address_is_kept_when_the_server_refuses_it_for_good(client, two, monkeypatch):
    from smtplib import SMTPRecipientsRefused

    def refuse(payload):
        raise SMTPRecipientsRefused({CANARY: (550, b"5.1.1 no such user")})

    monkeypatch.setitem(outbox.HANDLERS, outbox.MAIL, refuse)
    send(client, two[0])
    deliver()
    assert "quillfeather" not in everything_kept().lower()
    assert BouncingAddress.objects.count() == 0


def test_nothing_of_an_address_is_kept_when_it_was_tried_for_days(client, two, monkeypatch):
    def fail(payload):
        raise OSError

    monkeypatch.setitem(outbox.HANDLERS, outbox.MAIL, fail)
    send(client, two[0])
    deliver()
    assert CANARY in everything_kept()  # it is tried again
    deliver(timezone.now() + outbox.GIVE_UP_AFTER)
    assert "quillfeather" not in everything_kept().lower()


def test_an_address_that_returns_letters_gets_none_and_the_sender_is_not_told(client, two, at):
    bounces.mark(CANARY, code="550", at=at)
    assert send(client, two[0]).status_code == 302
    assert not OutboxRow.objects.filter(kind=outbox.MAIL).exists()


def test_what_is_not_for_everybody_is_sent_by_nobody(client, private):
    for who in (client, browser_of(member(Role.COORDINATOR, make.organization()))):
        assert who.get(f"/services/{private.slug}/e-mail/").status_code == 404
        assert send(who, private).status_code == 404
    page = text_of(who.get(f"/services/{private.slug}/"))
    assert "E-mail this page to a family" not in page
    assert not OutboxRow.objects.filter(kind=outbox.MAIL).exists()


def test_what_a_coordinator_wants_to_be_asked_about_is_not_sent(client, two):
    ServiceStanding.objects.filter(service=two[0]).update(standing="restricted")
    assert send(client, two[0]).status_code == 404
    assert "E-mail this page" not in text_of(client.get(f"/services/{two[0].slug}/"))
    assert "E-mail this page" in text_of(client.get(f"/services/{two[1].slug}/"))


@pytest.mark.parametrize("to", ["", "nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"])
def test_it_goes_to_one_address(client, two, to):
    answer = send(client, two[0], to)
    assert answer.status_code == 200
    assert "govuk-error-summary" in text_of(answer)
    assert not OutboxRow.objects.filter(kind=outbox.MAIL).exists()


def test_nobody_can_add_words_of_their_own(client, two):
    client.post(f"/services/{two[0].slug}/e-mail/", {"email": CANARY, "text": "Jaydon needs it", "subject": "Jaydon"})
    assert "Jaydon" not in everything_kept()


def test_one_sender_one_family_and_all_together_have_a_limit(client, two, monkeypatch):
    for number in range(sending.FROM_ONE.most):
        assert send(client, two[0], f"family-{number}@home.example").status_code == 302
    answer = send(client, two[0])
    assert answer.status_code == 429
    assert f'value="{CANARY}"' in text_of(answer)
    other = browser_of(member(Role.PROFESSIONAL, make.organization()))
    assert send(other, two[0]).status_code == 302  # another sender
    for _ in range(sending.TO_ONE.most - 1):
        send(other, two[0])
    assert send(other, two[0], CANARY.upper()).status_code == 429  # the same family
    monkeypatch.setattr(sending, "IN_ALL", Limit(EntrySent.objects.count(), within=HOUR))
    assert send(browser_of(member(Role.PROFESSIONAL, make.organization())), two[0], "x@home.example").status_code == 429


def test_midnight_gives_nobody_a_second_helping(two):
    midnight = datetime(2026, 11, 28, tzinfo=LONDON).astimezone(UTC)

    def send_at(minutes: int, to: str, sender: str) -> None:
        at = midnight + timedelta(minutes=minutes)
        sending.send(sending.page_to_send(two[0].slug, at=at), to=to, sender=sender, at=at)

    for number in range(sending.FROM_ONE.most):
        send_at(-number, f"family-{number}@home.example", "192.0.2.1")
    with pytest.raises(TooMany):
        send_at(1, CANARY, "192.0.2.1")
    for number in range(sending.TO_ONE.most):
        send_at(-number, CANARY, f"192.0.2.{2 + number}")
    with pytest.raises(TooMany):
        send_at(23 * 60, CANARY, "192.0.2.99")
    send_at(24 * 60, CANARY, "192.0.2.99")


def test_marks_of_who_sent_are_gone_after_a_day(client, two):
    send(client, two[0])
    mark = EntrySent.objects.get()
    assert "127.0.0.1" not in f"{mark.sender} {mark.recipient}"
    sending.forget(timezone.now() + timedelta(hours=23))
    assert EntrySent.objects.exists()
    sending.forget(timezone.now() + timedelta(hours=25))
    assert not EntrySent.objects.exists()


# --- what it costs ----------------------------------------------------------------------------------------------------
def test_more_services_cost_no_more_queries(client, db):
    made = []

    def add(count: int) -> None:
        for _ in range(min(count, assumptions.SHORTLIST.number - len(made))):
            made.append(make.service(harms=["missing"]))
            make.pool(made[-1])
        put(client, *made)

    assert growth(client, LIST, add) == []


def test_a_longer_comparison_and_a_longer_link_cost_no_more_queries(client, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    made = [make.service(harms=["missing"]) for _ in range(4)]
    for address in ("/shortlist/compare/", "/shortlist/shared/"):
        counts = []
        for many in (2, 4):
            asked = {"service": [one.slug for one in made[:many]]}
            client.get(address, asked)
            with CaptureQueriesContext(connection) as queries:
                client.get(address, asked)
            counts.append(len(queries))
        assert counts[0] == counts[1], address
