"""Searches that came to nothing: counted as facets of a week, of nobody, and shown from five on."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

from search import misses
from search.models import SearchMiss
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def now(monkeypatch, at):
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


def text_of(answer) -> str:
    return html.unescape(" ".join(answer.content.decode().split()))


def look(client, address: str = "192.0.2.1", **asked):
    return client.get("/find/", asked, REMOTE_ADDR=address)


def test_a_search_that_finds_nothing_is_counted_as_facets(client, city, indexed, now):
    indexed()
    page = text_of(
        look(client, place="BS5 0AA", age="14", harm="knife_weapon", composition="girls_only", text="zebedee")
    )
    row = SearchMiss.objects.get()
    assert (row.kind, row.week, row.times) == ("nothing", date(2026, 11, 16), 1)
    assert row.facets == "area=east_central&age=13+to+15&harm=knife_weapon&composition=girls_only&words=1"
    assert "This counts" in page
    assert "age 13 to 15" in page
    assert "own words" in page


@pytest.mark.parametrize("text", ["Zebedee Quillfeather", "girl hurt by zebedee", "BS5 0AA zebedee"])
def test_nothing_that_was_typed_is_kept(client, city, indexed, now, caplog, text):
    caplog.set_level("DEBUG")
    indexed()
    look(client, text=text, place="BS5 0AA", age="9")
    look(client, text=text, place="zebedee")
    look(client, text=text)
    kept = repr(list(SearchMiss.objects.values_list())).lower() + caplog.text.lower()
    assert SearchMiss.objects.exists()
    for word in ("zebedee", "quill", "bs5", "0aa", "hurt", "192.0.2"):
        assert word not in kept


def test_what_fits_and_has_no_place_is_counted_as_that(client, city, indexed, now):
    full = make.service("Full", harms=["missing"], serves=["south"])
    make.pool(full, free=0, waitlist_open=True, at=now)
    indexed()
    assert "1 service fits" in text_of(look(client, harm="missing", text="full"))
    assert [row.kind for row in SearchMiss.objects.all()] == ["no_place"]
    look(client, harm="missing", availability="free")
    assert {row.kind for row in SearchMiss.objects.all()} == {"no_place"}


def test_what_finds_a_place_is_not_counted(client, city, indexed, now):
    make.pool(make.service("Free", harms=["missing"]), at=now)
    indexed()
    look(client, harm="missing")
    assert SearchMiss.objects.count() == 0


def test_reading_on_and_pressing_again_counts_once(client, city, indexed, now):
    indexed()
    for _ in range(3):
        look(client, age="9")
    client.head("/find/", {"age": "9"}, REMOTE_ADDR="192.0.2.9")
    look(client, address="192.0.2.2", age="9", page="2")
    assert SearchMiss.objects.get().times == 1
    look(client, address="192.0.2.3", age="8")
    assert SearchMiss.objects.get().times == 2


def test_words_that_stand_for_a_worry_are_counted_as_the_worry(client, city, indexed, now):
    indexed()
    look(client, text="county lines")
    assert SearchMiss.objects.get().facets == "harm=cce&harm=county_lines"


def test_a_search_is_answered_where_it_cannot_be_counted(client, city, indexed, now, monkeypatch, caplog):
    indexed()

    def refuse(*args, **more):
        raise DatabaseError("a secret")

    monkeypatch.setattr(misses, "add", refuse)
    answer = look(client, age="9")
    assert answer.status_code == 200
    assert "This counts" not in text_of(answer)
    assert "a secret" not in caplog.text


def test_stewards_see_five_or_more_in_steps_of_five(now):
    week = misses.monday(now)
    for facets, times in (("age=under+10", 4), ("harm=missing&area=south", 9), ("harm=missing&area=north", 5)):
        SearchMiss.objects.create(week=week, kind="nothing", facets=facets, times=times)
    SearchMiss.objects.create(week=week - timedelta(weeks=1), kind="nothing", facets="age=under+10", times=0)
    SearchMiss.objects.create(week=week - timedelta(weeks=60), kind="nothing", facets="harm=cse", times=50)
    told = misses.shown(now)
    assert [(one.at_least, one.words.split(", ")[-1]) for one in told] == [(5, "South"), (5, "North")]
    misses.forget(now)
    assert not SearchMiss.objects.filter(facets="harm=cse").exists()
