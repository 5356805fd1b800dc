"""Whom a worried adult is told to call, at every hour: on time to the minute, by the clock on England's walls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse

from brokering import requests
from config import context, errors
from config.city import FrontDoor, Opening
from config.front_door import door_now, is_open, opens_again
from directory.models import Membership
from tests.factories import brokering as make
from tests.factories.people import browser_of

LONDON = ZoneInfo("Europe/London")
OFFICE = Opening(frozenset(range(5)), time(9), time(17))
DOOR = replace(settings.CITY.front_door, opening=(OFFICE,), closed_on_bank_holidays=True)
LATE = FrontDoor("The late team", "Late team", "0117 496 0999", "", "")
CITY = replace(settings.CITY, front_door=DOOR, out_of_hours=LATE)
ALONE = replace(CITY, out_of_hours=None)


def on(day: int, month: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


WEDNESDAY_NOON, WEDNESDAY_NIGHT = on(18, 11, 12), on(18, 11, 22, 30)
SATURDAY, BANK_HOLIDAY = on(21, 11, 12), on(31, 8, 12)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        (on(18, 11, 8, 59), False),
        (on(18, 11, 9), True),
        (on(18, 11, 16, 59), True),
        (on(18, 11, 17), False),
        (WEDNESDAY_NIGHT, False),
        (SATURDAY, False),
        (on(22, 11, 12), False),
        (on(28, 8, 12), True),
        (BANK_HOLIDAY, False),
        (on(25, 12, 12), False),
        (on(28, 12, 12), False),  # Boxing Day is on a Saturday, so Monday is its substitute
        (datetime(2026, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC")), True),  # half past nine in British Summer Time
        (datetime(2026, 7, 1, 16, 30, tzinfo=ZoneInfo("UTC")), False),
        (on(27, 3, 9), True),  # the last working day before clocks go forward, and the first one after
        (on(30, 3, 8, 59), False),
        (on(30, 3, 9), True),
    ],
)
def test_the_door_is_open_in_its_hours_and_closed_outside_them(moment, opened):
    assert is_open(DOOR, at=moment) is opened


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (on(18, 11, 7), on(18, 11, 9)),
        (on(18, 11, 17), on(19, 11, 9)),
        (on(20, 11, 17), on(23, 11, 9)),
        (on(28, 8, 17), on(1, 9, 9)),  # a Friday before a bank holiday
        (on(24, 12, 17), on(29, 12, 9)),
        (on(27, 3, 18), on(30, 3, 9)),
    ],
)
def test_it_says_when_the_door_opens_again(moment, opens):
    assert opens_again(DOOR, at=moment) == opens


def test_a_door_without_hours_is_always_open():
    assert door_now(replace(CITY, front_door=replace(DOOR, opening=())), at=BANK_HOLIDAY).is_open


def test_a_door_that_keeps_bank_holidays_open_is_open_on_them():
    assert is_open(replace(DOOR, closed_on_bank_holidays=False), at=BANK_HOLIDAY)


def test_a_door_with_two_sets_of_hours_keeps_both():
    door = replace(DOOR, opening=(OFFICE, Opening(frozenset({5}), time(10), time(12))))
    assert is_open(door, at=on(21, 11, 11))
    assert not is_open(door, at=on(21, 11, 12))
    assert opens_again(door, at=on(20, 11, 17)) == on(21, 11, 10)


def test_a_door_whose_hours_never_come_promises_no_day():
    never = replace(DOOR, opening=(Opening(frozenset(), time(9), time(17)),))
    assert opens_again(never, at=WEDNESDAY_NIGHT) is None


def test_whoever_answers_out_of_hours_is_whom_to_call_then_and_only_then():
    assert door_now(CITY, at=WEDNESDAY_NOON).call == DOOR
    assert door_now(CITY, at=WEDNESDAY_NIGHT).call == LATE
    assert door_now(ALONE, at=WEDNESDAY_NIGHT).call == DOOR


@pytest.mark.parametrize(
    "told",
    [
        {"days": ["mon"], "opens": time(9), "closes": time(9)},
        {"days": ["monday"], "opens": time(9), "closes": time(17)},
    ],
)
def test_hours_that_cannot_be_are_refused_when_the_city_is_read(told):
    with pytest.raises(ValueError, match="hours that end|not in"):
        Opening.load(told)


def test_the_citys_own_hours_are_read():
    assert settings.CITY.front_door.opening
    assert not is_open(settings.CITY.front_door, at=SATURDAY)


# --- what pages say -----------------------------------------------------------------------------------------------------
@pytest.fixture
def clock(monkeypatch, settings):
    """Return a function that sets the time at which pages are drawn, and the city."""

    def at(moment: datetime, city=CITY) -> None:
        settings.CITY = city
        monkeypatch.setattr(context, "whom_to_call", lambda: door_now(city, at=moment))
        monkeypatch.setattr(errors, "whom_to_call", lambda: door_now(city, at=moment))
        monkeypatch.setattr(errors, "as_the_city_says", lambda: door_now(city, at=moment))

    return at


PAGES = ["/", "/find/", "/sign-in/", "/about/", "/nothing/here/"]
pages = pytest.mark.parametrize("address", PAGES)


@pytest.fixture
def site(stewards_side_of_the_file, db, client):
    return client


@pages
def test_in_hours_every_page_names_the_front_door(site, clock, address):
    clock(WEDNESDAY_NOON)
    html = site.get(address).content.decode()
    assert f"tel:{DOOR.dial}" in html
    assert LATE.telephone not in html
    assert "al-safety__more" not in html


@pages
@pytest.mark.parametrize("moment", [WEDNESDAY_NIGHT, SATURDAY, BANK_HOLIDAY])
def test_out_of_hours_every_page_names_who_answers_then(site, clock, address, moment):
    clock(moment)
    html = site.get(address).content.decode()
    assert f"tel:{LATE.dial}" in html
    assert 'href="tel:999"' in html


@pages
def test_without_anybody_out_of_hours_every_page_says_999_and_when_the_door_opens(site, clock, address):
    clock(SATURDAY, ALONE)
    html = site.get(address).content.decode()
    assert 'href="tel:999"' in html
    assert f"tel:{DOOR.dial}" in html, "what we know of its hours may be wrong"
    assert "Monday 23 November at 9am" in html


def test_nothing_that_names_the_number_is_kept_past_the_hour(site, clock):
    """Neither in a browser nor in a cache of ours: what is drawn once is drawn anew when the door closes."""
    for address in PAGES:
        clock(WEDNESDAY_NOON)
        answer = site.get(address)
        assert {"no-cache", "no-store"} & set(answer.headers["Cache-Control"].split(", ")), address
        clock(WEDNESDAY_NIGHT)
        assert LATE.telephone in site.get(address).content.decode(), address
        clock(WEDNESDAY_NOON)
        assert LATE.telephone not in site.get(address).content.decode(), address


def test_absent_and_denied_are_the_same_bytes_out_of_hours_too(clock, db):
    clock(SATURDAY)
    request = RequestFactory().get("/")
    assert errors.not_found(request).content == errors.not_found(RequestFactory().get("/requests/1/")).content


def test_the_last_words_before_nothing_works_name_who_answers_now(clock, monkeypatch):
    def broken(*args, **more):
        raise RuntimeError("no templates")

    clock(WEDNESDAY_NIGHT)
    monkeypatch.setattr(errors, "page", broken)
    assert LATE.telephone in errors.server_error(RequestFactory().get("/")).content.decode()


def test_the_desk_and_the_danger_page_name_who_answers_now(clock, db):
    here = make.world()
    request = make.draft(here)
    requests.answer_screen(request, make.IN_DANGER, by=here.dsl, at=make.AT + make.HOUR)
    asker, desk = (browser_of(Membership.objects.get(pk=hat.membership_id)) for hat in (here.dsl, here.coordinator))
    danger = reverse("brokering:danger", args=[request.pk])
    clock(SATURDAY)
    html = asker.get(danger).content.decode()
    assert f"Then {LATE.name}" in html
    assert f"tel:{LATE.dial}" in html
    assert f"tel:{LATE.dial}" in desk.get(reverse("brokering:desk")).content.decode()
    clock(SATURDAY, ALONE)
    assert "opens on Monday 23 November at 9am" in asker.get(danger).content.decode()
