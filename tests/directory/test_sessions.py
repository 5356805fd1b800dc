"""A provider's sessions on days: another day is added, its number changed, and one that nobody has a place in called off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory import capacity
from directory.availability import of_pool
from directory.capacity import SessionDay
from directory.models import CapacityPool, CapacitySnapshot, Role
from safekeeping.models import AuditEvent
from tests.factories.directory import organization, pool, service
from tests.factories.people import browser_of, member
from tests.factories.training import hat_for

pytestmark = pytest.mark.django_db
HERE = reverse("directory:my_services")
# A Monday morning.
AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
NEXT = {"on_day": "8", "on_month": "12", "on_year": "2026", "begins_at": "2pm", "total": "6", "external_occupied": "0"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)


@pytest.fixture
def provider():
    return organization("Mend and Grow")


@pytest.fixture
def manager(provider):
    return member(Role.PROVIDER_ADMIN, provider, name="Priya Anand")


@pytest.fixture
def browser(manager):
    return browser_of(manager)


@pytest.fixture
def hour(provider):
    return service("Thinking hour", by=provider)


@pytest.fixture
def session(hour):
    return pool(hour, model="session_slots", at=AT, name="Thinking hour", free=4, taken=0, begins_at=time(14))


def adding(one):
    return reverse("directory:another_day", args=[one.pk])


def calling_off(one):
    return reverse("directory:call_off", args=[one.pk])


def events():
    return list(AuditEvent.objects.filter(action__startswith="figures.").order_by("seq"))


def held(one, of, **options):
    return capacity.hold(
        one.pk, service_id=of.pk, by=None, **{"reference": uuid4(), "at": AT, "until": AT + timedelta(days=2)} | options
    )


# --- another day ------------------------------------------------------------------------------------------------------


def test_another_day_is_live_at_once_and_its_places_can_be_held(browser, manager, session, hour):
    answer = browser.post(adding(session), NEXT, follow=True)
    assert "Added. People who look for support see it now: Thinking hour, Tuesday 8 December at 2pm." in (
        answer.content.decode()
    )
    new = CapacityPool.objects.exclude(pk=session.pk).get()
    assert (new.starts_on, new.begins_at, new.total) == (date(2026, 12, 8), time(14), 6)
    assert list(new.services.all()) == [hour]
    assert new.last_confirmed_by == manager.user
    assert "6 places free on Tuesday 8 December at 2pm" in (
        browser.get(reverse("directory:service", args=[hour.slug])).content.decode()
    )
    assert held(new, hour).pool_id == new.pk
    session.refresh_from_db()
    assert session.total == 4


def test_who_added_a_day_is_on_record_and_in_the_ledger(browser, manager, session):
    browser.post(adding(session), NEXT)
    new = CapacityPool.objects.exclude(pk=session.pk).get()
    [event] = events()
    assert (event.action, event.actor, event.object_ref) == ("figures.add_day", manager.user_id, str(new.pk))
    [said] = CapacitySnapshot.objects.filter(pool=new)
    assert (said.event, said.total, said.by) == ("declared", 6, manager.user)


def test_a_day_without_an_hour_can_be_added_and_some_may_have_booked_already(browser, session):
    browser.post(adding(session), NEXT | {"begins_at": "", "external_occupied": "2"})
    new = CapacityPool.objects.exclude(pk=session.pk).get()
    assert of_pool(new, at=AT).words == "4 places free on Tuesday 8 December"


def test_the_first_day_is_written_where_none_was_said(browser, provider, hour):
    undated = pool(hour, model="session_slots", name="Sessions", free=None, starts_on=None, confirmed_until=None)
    page = browser.get(HERE).content.decode()
    assert "Add the first day" in page
    assert browser.get(reverse("directory:pool", args=[undated.pk]))["Location"] == adding(undated)
    figures = {"total": "3", "external_occupied": "0", "taking": "open", "version": "1"}
    assert browser.post(reverse("directory:pool", args=[undated.pk]), figures).status_code == 302
    browser.post(adding(undated), NEXT)
    [only] = CapacityPool.objects.all()
    assert (only.pk, only.total, only.starts_on) == (undated.pk, 6, date(2026, 12, 8))
    browser.post(adding(undated), NEXT | {"on_day": "9"})
    assert CapacityPool.objects.count() == 2


def test_the_same_day_and_hour_are_added_once_however_often_the_button_is_pressed(browser, session):
    browser.post(adding(session), NEXT)
    answer = browser.post(adding(session), NEXT)
    assert answer.status_code == 200
    assert "There is a session at that time already" in answer.content.decode()
    assert CapacityPool.objects.count() == 2
    assert len(events()) == 1
    for changes in ({"begins_at": "3pm"}, {"begins_at": ""}, {"on_day": "9"}):
        assert browser.post(adding(session), NEXT | changes).status_code == 302
    assert browser.post(adding(session), NEXT | {"begins_at": ""}).status_code == 200


def test_another_day_can_be_added_when_all_are_over(browser, hour):
    past = pool(hour, model="session_slots", at=AT, name="Thinking hour", starts_on=date(2026, 11, 10))
    assert adding(past) in browser.get(HERE).content.decode()
    assert browser.post(adding(past), NEXT).status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"on_day": "", "on_month": "", "on_year": ""}, "Enter the day"),
        ({"on_day": "31", "on_month": "2"}, "Enter a real date"),
        ({"on_day": "15", "on_month": "11"}, "Enter today or a day to come"),
        ({"on_year": "2062"}, "Enter a day within the next year"),
        ({"on_day": "16", "on_month": "11", "begins_at": "9.30am"}, "Enter a time that is still to come"),
        ({"begins_at": "after lunch"}, "Enter a time like 9.30am or 14:00"),
        ({"total": ""}, "Enter how many the session has room for"),
        ({"total": "0"}, "Room for must be 1 or more"),
        ({"total": "1000"}, "Room for must be 999 or fewer"),
        ({"total": "two"}, "as a whole number"),
        ({"external_occupied": "7"}, "cannot be more than it has room for"),
        ({"external_occupied": "-1"}, "must be 0 or more"),
    ],
)
def test_what_cannot_be_a_session_is_said_beside_its_field_and_nothing_typed_is_lost(browser, session, changes, said):
    answer = browser.post(adding(session), NEXT | changes)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "govuk-error-summary" in page
    for name, value in (NEXT | changes).items():
        if value and name not in changes:
            assert f'value="{value}"' in page, name
    assert CapacityPool.objects.count() == 1
    assert events() == []


def test_the_verb_refuses_what_no_form_would_send(manager, session, hour):
    by = hat_for(manager)
    caseload = pool(hour, name="Caseload")
    with pytest.raises(ValueError, match="only sessions"):
        capacity.add_day(caseload, SessionDay(on=date(2026, 12, 8), total=3), by=by, at=AT)
    for total, booked in ((1000, 0), (-1, 0), (3, 1000), (3, -1)):
        with pytest.raises(ValueError, match="between 0 and 999"):
            capacity.add_day(
                session, SessionDay(on=date(2026, 12, 8), total=total, external_occupied=booked), by=by, at=AT
            )
    with pytest.raises(capacity.IsOver):
        capacity.add_day(session, SessionDay(on=date(2026, 11, 16), begins_at=time(9), total=3), by=by, at=AT)
    with pytest.raises(capacity.IsOver):
        capacity.call_off(caseload, by=by, at=AT)
    assert CapacityPool.objects.count() == 2


# --- calling off ------------------------------------------------------------------------------------------------------


def test_a_session_that_nobody_has_a_place_in_is_called_off(browser, manager, session, hour):
    page = browser.get(calling_off(session)).content.decode()
    assert "Call this session off?" in page
    assert not CapacitySnapshot.objects.exists()
    answer = browser.post(calling_off(session), follow=True)
    page = answer.content.decode()
    assert "Called off: Thinking hour, Monday 23 November at 2pm. Nobody can ask for it any more." in page
    assert "One was called off" in page
    session.refresh_from_db()
    assert of_pool(session, at=AT).words == "Called off, 23 November 2026"
    with pytest.raises(capacity.NotOpenToRequests):
        held(session, hour)
    [event] = events()
    assert (event.action, event.actor, event.object_ref) == ("figures.call_off", manager.user_id, str(session.pk))
    assert CapacitySnapshot.objects.get(pool=session).event == "called_off"


def test_a_day_that_was_called_off_can_be_added_again(browser, session):
    browser.post(calling_off(session))
    again = {
        "on_day": "23",
        "on_month": "11",
        "on_year": "2026",
        "begins_at": "14:00",
        "total": "4",
        "external_occupied": "0",
    }
    assert browser.post(adding(session), again).status_code == 302
    assert CapacityPool.objects.not_called_off().get().total == 4


def test_pressing_twice_calls_off_once(browser, session):
    for _ in range(2):
        assert "Called off: Thinking hour" in browser.post(calling_off(session), follow=True).content.decode()
    assert len(events()) == CapacitySnapshot.objects.count() == 1


def taken(one, of):
    reference = held(one, of).reference
    capacity.take_up(reference, by=None, at=AT)


SOMEBODY = {
    "promised": (held, "1 place promised through us"),
    "taken": (taken, "1 place taken through us"),
    "booked with them": (
        lambda one, of: CapacityPool.objects.filter(pk=one.pk).update(external_occupied=3),
        "3 booked with you",
    ),
    "reserved": (
        lambda one, of: CapacityPool.objects.filter(pk=one.pk).update(reserved=2),
        "2 places reserved through us",
    ),
}


@pytest.mark.parametrize(("somebody", "said"), SOMEBODY.values(), ids=SOMEBODY)
def test_where_somebody_has_a_place_it_is_refused_and_said_who_must_be_told(browser, session, hour, somebody, said):
    somebody(session, hour)
    before = list(CapacityPool.objects.values())
    for answer in (browser.get(calling_off(session)), browser.post(calling_off(session))):
        page = answer.content.decode()
        assert "This session cannot be called off yet" in page
        assert said in page
        assert "Call it off" not in page
    assert answer.status_code == 409
    assert list(CapacityPool.objects.values()) == before
    assert events() == []


def test_once_the_place_was_let_go_it_can_be_called_off(browser, session, hour):
    reference = held(session, hour).reference
    assert browser.post(calling_off(session)).status_code == 409
    capacity.release(reference, by=None, at=AT)
    browser.post(calling_off(session))
    session.refresh_from_db()
    assert session.called_off_at == AT
    assert list(capacity.differences()) == []


def test_whoever_looked_before_somebody_was_promised_a_place_is_refused(manager, session, hour):
    """The page said that nobody has one; the row says so no more."""
    seen = CapacityPool.objects.get(pk=session.pk)
    held(session, hour)
    with pytest.raises(capacity.SomebodyHasAPlace):
        capacity.call_off(seen, by=hat_for(manager), at=AT)


def test_figures_are_not_written_into_a_session_that_was_called_off_meanwhile(browser, manager, session):
    page = reverse("directory:pool", args=[session.pk])
    figures = {"total": "9", "external_occupied": "0", "taking": "open", "version": str(session.version)}
    capacity.call_off(session, by=hat_for(manager), at=AT)
    for address in (page, reverse("directory:pool_confirm", args=[session.pk])):
        assert "Called off: Thinking hour" in browser.post(address, figures, follow=True).content.decode()
    with pytest.raises(capacity.FigureChanged):
        capacity.declare(
            session, capacity.Declaration(total=9, external_occupied=0, waitlist_open=False), by=hat_for(manager), at=AT
        )
    session.refresh_from_db()
    assert session.total == 4


def test_what_has_begun_is_not_called_off(browser, manager, hour):
    past = pool(hour, model="session_slots", at=AT, name="Past", taken=0, starts_on=date(2026, 11, 10))
    assert browser.get(calling_off(past))["Location"] == HERE
    assert "has begun" in browser.post(calling_off(past), follow=True).content.decode()
    with pytest.raises(capacity.IsOver):
        capacity.call_off(past, by=hat_for(manager), at=AT)


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_another_providers_sessions_are_not_there(session):
    stranger = browser_of(member(Role.PROVIDER_ADMIN, organization("Somebody else")))
    for address in (adding(session), calling_off(session)):
        assert stranger.get(address).status_code == stranger.post(address, NEXT).status_code == 404
    assert CapacityPool.objects.count() == 1


def test_only_sessions_have_days(browser, hour):
    caseload = pool(hour, name="Caseload")
    undated = pool(hour, model="session_slots", name="Sessions", free=None, starts_on=None)
    for address in (adding(caseload), calling_off(caseload), calling_off(undated)):
        assert browser.get(address).status_code == browser.post(address, NEXT).status_code == 404


def test_sessions_stand_in_the_order_of_their_days_and_what_is_over_stands_apart(browser, hour):
    for day in (30, 24, 27):
        pool(hour, model="session_slots", at=AT, name="Thinking hour", starts_on=date(2026, 11, day))
    pool(hour, model="session_slots", at=AT, name="Thinking hour", starts_on=date(2026, 11, 3))
    page = browser.get(HERE).content.decode()
    found = [page.index(f"{day} November") for day in (24, 27, 30)]
    assert found == sorted(found)
    assert page.index("Over or called off") < page.index("Was on 3 November")
    assert page.count("Add a day: Thinking hour") == 1


@pytest.mark.parametrize("address", [adding, calling_off])
def test_the_pages_cost_the_same_for_one_day_and_for_twenty(browser, session, hour, address, django_assert_num_queries):
    browser.get(address(session))
    with CaptureQueriesContext(connection) as one:
        browser.get(address(session))
    for day in range(20):
        pool(
            hour, model="session_slots", at=AT, name="Thinking hour", starts_on=date(2026, 12, 1) + timedelta(days=day)
        )
    with django_assert_num_queries(len(one)):
        browser.get(address(session))
