"""Saved searches: what is kept of them, who is told what, and how it stops."""

from __future__ import annotations

import html
import re
from dataclasses import fields
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import CapacityPool, Membership, OrganizationStanding, Role, ServiceStanding
from safekeeping import bounces, outbox
from search import assumptions, saved, tasks
from search.finder import Terms
from search.models import SavedSearch
from tests.architecture.growth import growth
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
GIRLS = "composition=girls_only&place=Hartcliffe&age=14"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now(monkeypatch, at) -> datetime:
    """A Wednesday at ten past ten, for views and the worker too."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


@pytest.fixture
def lead(city) -> Membership:
    return member(Role.SCHOOL_DSL, make.organization("A school"), name="Hannah Lewis")


@pytest.fixture
def girls(lead, now):
    """A full group for girls in the south."""
    made = make.service("Girls who film", serves=["south"], compositions=["girls_only"])
    make.pool(made, free=0, at=now)
    return made


def text_of(answer) -> str:
    return html.unescape(" ".join(answer.content.decode().split()))


def save(client: Client, asked: str = GIRLS, name: str = "A group for girls"):
    return client.post("/saved-searches/new/", {"asked": asked, "name": name})


def free(service, many: int = 2) -> None:
    CapacityPool.objects.filter(services=service).update(external_occupied=0, total=many)


def fill(service) -> None:
    CapacityPool.objects.filter(services=service).update(external_occupied=3, total=3)


def run(at: datetime, monkeypatch) -> list:
    """Let the clock and then the worker work at that moment; return the e-mails that left."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    django_mail.outbox.clear()
    tasks.look_for_news(at)
    outbox.deliver_due(now=lambda: at)
    return list(django_mail.outbox)


# --- what is kept -----------------------------------------------------------------------------------------------------
def test_facets_and_an_area_are_kept(girls, lead, indexed):
    indexed()
    assert save(browser_of(lead))["Location"] == "/saved-searches/"
    row = SavedSearch.objects.get()
    assert (row.facets, row.place) == ("age=14&composition=girls_only", "Hartcliffe")
    page = text_of(browser_of(lead).get("/saved-searches/"))
    assert "A group for girls" in page
    assert "age 14; near Hartcliffe" in page


def everything_kept() -> str:
    told = []
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {"directory_postcodeward"}:
            cursor.execute(f'SELECT * FROM "{table}"')
            told.append(repr(cursor.fetchall()))
    return "\n".join(told).lower()


@pytest.mark.parametrize(
    "text",
    ["Zebedee", "zebedee quillfeather", "girls zebedee", "girl 14 hurt by her uncle", "born 3 May 2012", "07700 900123", "film " * 60],
)  # fmt: skip
def test_nothing_that_is_typed_gets_into_a_row_a_log_or_an_e_mail(girls, lead, indexed, now, monkeypatch, caplog, text):
    caplog.set_level("DEBUG")
    indexed()
    client = browser_of(lead)
    looked = client.get("/find/", {"text": text, "place": "BS5 0AA", "harm": "missing", "availability": "all"})
    links = re.findall(r'href="(/saved-searches/new/[^"]+)"', looked.content.decode())
    assert links
    for link in links:
        assert "BS5" not in link
        assert "0AA" not in link
        assert "left_out=1" in link
        page = client.get(html.unescape(link))
        assert "are not kept" in text_of(page)
        [asked] = re.findall(r'name="asked" value="([^"]+)"', page.content.decode())
        assert save(client, html.unescape(asked)).status_code == 302
    # whoever writes the form's hidden field themselves gets no further
    save(client, f"text={text}&place=BS5+0AA&harm=missing&age=9", "Mentoring")
    assert SavedSearch.objects.count() == 2
    letters = run(now + HOUR, monkeypatch)
    kept = everything_kept() + caplog.text.lower() + repr([one.body for one in letters]).lower()
    for word in ("zebedee", "quillfeather", "uncle", "3 may 2012", "07700", "bs5 0aa", "bs50aa"):
        assert word not in kept
    assert {row.place for row in SavedSearch.objects.all()} == {"Lawrence Hill"}
    assert not any("text" in row.facets for row in SavedSearch.objects.all())


def test_words_of_the_directory_are_kept(girls, lead, indexed, now):
    indexed()
    assert saved.words_to_keep("girls film", at=now) == "girls film"
    assert saved.words_to_keep("girls FILM!", at=now) == "girls film"
    assert saved.words_to_keep("girls filmed by zebedee", at=now) == ""
    # each of its words is explained, and together they tell of somebody
    assert saved.words_to_keep("boyfriend hits her", at=now) == ""
    assert saved.words_to_keep("", at=now) == ""


def test_a_name_that_looks_like_somebodys_is_refused_and_given_back(girls, lead, indexed):
    indexed()
    answer = save(browser_of(lead), name="For Jaydon Smith")
    assert answer.status_code == 200
    assert "This looks like a name" in text_of(answer)
    assert 'value="For Jaydon Smith"' in text_of(answer)
    assert SavedSearch.objects.count() == 0
    save(browser_of(lead))
    row = SavedSearch.objects.get()
    browser_of(lead).post(f"/saved-searches/{row.pk}/", {"name": "Jaydon, BS5 0AA"})
    assert SavedSearch.objects.get().name == "A group for girls"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "text=Zebedee",
        "place=Bristol",
        "place=Narnia&age=9",
        "harm=no_such",
        "age=x",
        "legacy=BASE&age=9",
        "box=51.44,-2.62,51.47,-2.55&age=9",
        "open=now&age=9",
        "place=BS16+1AB&age=9",
    ],
)
def test_where_nothing_can_be_kept_nothing_is(lead, now, asked):
    answer = browser_of(lead).get(f"/saved-searches/new/?{asked}")
    assert answer.status_code == (400 if asked else 200)
    assert "There is nothing to look for yet" in text_of(answer)
    assert save(browser_of(lead), asked)["Location"] == "/saved-searches/new/"
    assert SavedSearch.objects.count() == 0


def test_an_evening_is_kept_and_said(lead, now):
    save(browser_of(lead), "age=9&open=tu")
    row = SavedSearch.objects.get()
    assert "open=tu" in row.facets
    assert "Tuesday evening" in saved.in_words(row.facets, row.place)


def test_every_term_is_kept_or_refuses_to_be(lead, now):
    """A new way to narrow a search must not be forgotten when it is saved: more would be found than was meant."""
    kept = {"text", "place", "within", "age", "subject", "harms", "level", "service_type", "aspects", "open"}
    refused = {"legacy", "box"}
    not_about_what = {"tiers", "order", "page", "exact"}
    assert {one.name for one in fields(Terms)} == kept | refused | not_about_what


def test_the_same_search_is_saved_once_and_not_more_than_enough(lead, now):
    client = browser_of(lead)
    assert save(client).status_code == 302
    assert save(client, name="Again").status_code == 409
    for number in range(assumptions.SAVED.number - 1):
        assert save(client, f"age={number}").status_code == 302
    answer = save(client, "harm=missing")
    assert answer.status_code == 409
    assert "You have saved 20 searches. Delete one first" in text_of(answer)


# --- whose it is ------------------------------------------------------------------------------------------------------
def test_a_colleague_neither_sees_nor_changes_it(lead, now):
    save(browser_of(lead))
    row = SavedSearch.objects.get()
    other = browser_of(member(Role.SCHOOL_DSL, lead.organization))
    assert "A group for girls" not in text_of(other.get("/saved-searches/"))
    for deed in ("", "pause/", "delete/", "go-on/"):
        assert other.post(f"/saved-searches/{row.pk}/{deed}", {"name": "Mine"}).status_code == 404
    assert other.get(f"/saved-searches/{row.pk}/").status_code == 404
    assert (SavedSearch.objects.get().name, SavedSearch.objects.get().paused_at) == ("A group for girls", None)
    assert browser_of(lead).get(f"/saved-searches/{uuid4()}/").status_code == 404


def test_strangers_and_stewards_are_offered_nothing_to_save(client, girls, indexed):
    indexed()
    steward = browser_of(member(Role.CONTENT_EDITOR, make.organization()))
    for who in (client, steward):
        assert "Tell me when there is a place" not in text_of(who.get("/find/?age=14"))
    assert client.get("/saved-searches/").status_code == 302
    assert steward.get("/saved-searches/").status_code == 404


def test_it_is_renamed_paused_gone_on_with_and_deleted(lead, now):
    client = browser_of(lead)
    save(client)
    row = SavedSearch.objects.get()
    client.post(f"/saved-searches/{row.pk}/", {"name": "Girls, evenings"})
    assert SavedSearch.objects.get().name == "Girls, evenings"
    client.post(f"/saved-searches/{row.pk}/pause/")
    assert "Paused since 18 November 2026" in text_of(client.get("/saved-searches/"))
    client.post(f"/saved-searches/{row.pk}/go-on/")
    assert SavedSearch.objects.get().paused_at is None
    client.post(f"/saved-searches/{row.pk}/delete/")
    assert SavedSearch.objects.count() == 0


# --- telling ----------------------------------------------------------------------------------------------------------
def test_whoever_waits_is_told_when_there_is_a_place(girls, lead, indexed, now, monkeypatch, settings):
    indexed()
    save(browser_of(lead), name="A group for girls")
    assert run(now + HOUR, monkeypatch) == []  # it is full
    free(girls)
    [letter] = run(now + 2 * HOUR, monkeypatch)
    assert letter.to == [lead.user.email]
    assert letter.subject == "A service that you look for has a place"
    for said in ("Girls who film", "2 places free", f"/services/{girls.slug}/", settings.CITY.front_door.telephone):
        assert said in letter.body
    told = letter.body.split("http")[0].replace(girls.organization.name, "")  # which has a number, and that may be any
    for private in ("A group for girls", "14"):
        assert private not in told
    assert run(now + DAY, monkeypatch) == []  # known by now


def test_what_was_free_when_it_was_saved_is_no_news(girls, lead, indexed, now, monkeypatch):
    free(girls)
    indexed()
    save(browser_of(lead))
    assert run(now + HOUR, monkeypatch) == []


def test_what_fills_up_and_is_free_again_is_news_again(girls, lead, indexed, now, monkeypatch):
    indexed()
    save(browser_of(lead))
    free(girls)
    assert len(run(now + HOUR, monkeypatch)) == 1
    fill(girls)
    assert run(now + DAY, monkeypatch) == []
    free(girls)
    assert len(run(now + DAY + HOUR, monkeypatch)) == 1


def test_one_e_mail_a_day_at_most_for_all_searches_of_a_person(girls, lead, indexed, now, monkeypatch):
    boys = make.service("Boys who cook", serves=["south"], harms=["missing"])
    make.pool(boys, free=0, at=now)
    indexed()
    client = browser_of(lead)
    save(client)
    save(client, "harm=missing", "Missing")
    free(girls)
    free(boys)
    [letter] = run(now + HOUR, monkeypatch)
    assert "Girls who film" in letter.body
    assert "Boys who cook" in letter.body
    assert letter.subject == "2 services that you look for have a place"
    late = make.service("Another", serves=["south"], harms=["missing"])
    make.pool(late, free=1, at=now)
    indexed()
    assert run(now + 2 * HOUR, monkeypatch) == []
    [letter] = run(now + DAY, monkeypatch)
    assert "Another" in letter.body
    assert "Boys who cook" not in letter.body


@pytest.mark.parametrize(
    "moment", [datetime(2026, 11, 21, 11), datetime(2026, 11, 18, 18), datetime(2026, 11, 19, 7), datetime(2026, 12, 25, 11)]
)  # fmt: skip
def test_nobody_is_written_to_when_people_are_not_at_work(girls, lead, indexed, now, monkeypatch, moment):
    indexed()
    save(browser_of(lead))
    free(girls)
    assert run(moment.replace(tzinfo=now.tzinfo), monkeypatch) == []


def test_what_has_gone_before_the_e_mail_is_written_is_not_in_it(girls, lead, indexed, now, monkeypatch):
    indexed()
    save(browser_of(lead))
    free(girls)
    tasks.look_for_news(now + HOUR)
    fill(girls)
    monkeypatch.setattr(timezone, "now", lambda: now + HOUR)
    outbox.deliver_due(now=lambda: now + HOUR)
    assert django_mail.outbox == []
    free(girls)
    assert len(run(now + 2 * HOUR, monkeypatch)) == 1


@pytest.mark.parametrize("hidden", ["suspended", "restricted", "audience", "deleted index"])
def test_what_its_reader_may_not_see_any_more_is_not_told(girls, lead, indexed, now, monkeypatch, hidden):
    """The index may be late: the rows decide."""
    indexed()
    save(browser_of(lead))
    free(girls)
    standing = ServiceStanding.objects.filter(service=girls)
    if hidden == "audience":
        standing.update(visibility="coordinators")
    elif hidden == "deleted index":
        girls.__class__.objects.filter(pk=girls.pk).update(live=False)
    else:
        standing.update(standing=hidden)
    assert run(now + HOUR, monkeypatch) == []


def test_a_search_finds_for_whoever_saved_it(lead, indexed, now, monkeypatch):
    secret = make.service("For coordinators", harms=["missing"], visibility="coordinators")
    make.pool(secret, free=0, at=now)
    indexed()
    coordinator = member(Role.COORDINATOR, make.organization())
    for who in (lead, coordinator):
        assert save(browser_of(who), "harm=missing", "Missing").status_code == 302
    free(secret)
    [letter] = run(now + HOUR, monkeypatch)
    assert letter.to == [coordinator.user.email]


@pytest.mark.parametrize("end", ["membership", "date", "account", "organization", "address", "paused"])
def test_whoever_has_left_or_cannot_be_reached_is_told_nothing(girls, lead, indexed, now, monkeypatch, end):
    indexed()
    save(browser_of(lead))
    free(girls)
    mine = Membership.objects.filter(pk=lead.pk)
    match end:
        case "membership":
            mine.update(ended_at=now)
        case "date":
            mine.update(until_on=(now - DAY).date())
        case "account":
            type(lead.user).objects.filter(pk=lead.user_id).update(is_active=False)
        case "organization":
            OrganizationStanding.objects.filter(organization=lead.organization).update(standing="suspended")
        case "address":
            bounces.mark(lead.user.email, code="550", at=now)
        case "paused":
            browser_of(lead).post(f"/saved-searches/{SavedSearch.objects.get().pk}/pause/")
    assert run(now + HOUR, monkeypatch) == []


def test_leaving_between_the_looking_and_the_writing_counts(girls, lead, indexed, now, monkeypatch):
    indexed()
    save(browser_of(lead))
    free(girls)
    tasks.look_for_news(now + HOUR)
    Membership.objects.filter(pk=lead.pk).update(ended_at=now + HOUR)
    monkeypatch.setattr(timezone, "now", lambda: now + HOUR)
    outbox.deliver_due(now=lambda: now + HOUR)
    assert django_mail.outbox == []


def test_a_word_that_is_not_in_use_any_more_widens_no_search(girls, lead, indexed, now, monkeypatch):
    indexed()
    save(browser_of(lead))
    SavedSearch.objects.update(facets="harm=no_such_worry")
    free(girls)
    assert run(now + HOUR, monkeypatch) == []
    assert browser_of(lead).get("/saved-searches/").status_code == 200


def test_the_searches_of_those_who_have_left_are_forgotten(lead, now):
    save(browser_of(lead))
    tasks.forget_old(now)
    assert SavedSearch.objects.count() == 1
    Membership.objects.filter(pk=lead.pk).update(ended_at=now)
    tasks.forget_old(now)
    assert SavedSearch.objects.count() == 0


# --- stopping ---------------------------------------------------------------------------------------------------------
def test_the_link_in_the_e_mail_stops_with_one_button_and_a_look_stops_nothing(
    client, girls, lead, indexed, now, monkeypatch
):
    indexed()
    save(browser_of(lead))
    free(girls)
    [letter] = run(now + HOUR, monkeypatch)
    path, token = re.search(r"(/stop-search-e-mails/)\?t=(\S+)", letter.body).groups()
    for look in (client.get, client.head):  # as a mail scanner does
        assert look(path, {"t": token}).status_code == 200
    assert SavedSearch.objects.get().paused_at is None
    page = client.get(path, {"t": token})
    assert page["Cache-Control"].count("no-store")
    assert lead.user.email not in text_of(page)
    assert "Stopped" in text_of(client.post(path, {"t": token}))
    assert SavedSearch.objects.get().paused_at is not None
    assert client.post(path, {"t": token}).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "1", "1x" + "0" * 64, "١x" + "0" * 64, "\x00", "9" * 4000])
def test_a_link_that_we_have_not_signed_stops_nothing(client, lead, now, token):
    save(browser_of(lead))
    for ask in (client.get, client.post):
        assert ask("/stop-search-e-mails/", {"t": token}).status_code == 404
    assert SavedSearch.objects.get().paused_at is None


def test_a_link_stops_nobody_elses(client, lead, now):
    other = member(Role.PROFESSIONAL, lead.organization)
    for who in (lead, other):
        save(browser_of(who))
    client.post("/stop-search-e-mails/", {"t": saved.stop_token(lead.user_id)})
    assert [row.paused_at is None for row in SavedSearch.objects.order_by("membership_id")] == [False, True]


# --- what it costs ----------------------------------------------------------------------------------------------------
def test_a_list_of_many_searches_costs_as_many_queries_as_one_of_few(lead, now):
    client = browser_of(lead)

    def add(count: int) -> None:
        for number in range(count):
            SavedSearch.objects.create(
                membership=lead, name=f"One {number}", facets=f"age={SavedSearch.objects.count()}", saved_at=now
            )

    assert growth(client, "/saved-searches/", add) == []


def test_what_a_search_finds_costs_the_same_however_many_are_new(lead, indexed, now):
    save(browser_of(lead), "harm=missing", "Missing")
    counts = []
    for many in (2, 10):
        for _ in range(many):
            make.pool(make.service(harms=["missing"]), at=now)
        indexed()
        rows = list(saved.listening(now))
        saved.news_of(rows, at=now)  # what is remembered has been remembered
        with CaptureQueriesContext(connection) as queries:
            [news] = saved.news_of(rows, at=now)
        counts.append(len(queries))
        assert len(news.cards) >= many
    assert counts[0] == counts[1]
