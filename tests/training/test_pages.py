"""What everybody sees of training, what whoever books sees, and what the team sees; in every state of a session."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from directory.models import Membership, Role
from safekeeping.models import AuditEvent
from tests.factories import training as make
from tests.factories.people import browser_of
from tests.factories.training import AT, DAY, SOON
from training import bookings, sessions
from training.models import Booking, CalledOff, CourseSession

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Return a function that sets the clock of every view."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(AT)
    return at


def browser(hat) -> Client:
    return browser_of(Membership.objects.get(pk=hat.membership_id))


def words(answer) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(page.find("main").get_text(" ").split())


def to(name, row, **options) -> str:
    return reverse(f"training:{name}", args=[row.pk], **options)


def books(person, session, **typed):
    return browser(person).post(to("book", session), {"manager_agreed": "on", **typed})


HOME = "/training/"

# --- what is on -------------------------------------------------------------------------------------------------------


def test_anybody_sees_what_is_on_by_date(client):
    course = make.course("County lines")
    make.session(course, starts=SOON + 40 * DAY, seats=10)
    make.session(course, seats=10, elsewhere=6)
    make.session(make.course("Words"), starts=SOON + DAY, seats=4, elsewhere=4, online=True)
    text = words(client.get(HOME))
    order = [text.index(part) for part in ("December 2026", "3 Thu", "4 seats left", "4 Fri", "Full", "January 2027")]
    assert order == sorted(order)
    assert "Half a day. Core" in text
    assert "Wellspring Settlement, 9.30am to 12.45pm" in text
    assert "Online, 9.30am" in text


def test_what_is_planned_called_off_or_past_is_not_on_the_list(client, clock):
    past = make.session(make.course("Has been"))
    make.planned(make.course("Only planned"), starts=SOON + 30 * DAY)
    make.session(make.course("Hidden", live=False), starts=SOON + 30 * DAY)
    off = make.session(make.course("Off"), starts=SOON + 30 * DAY)
    sessions.call_off(off, CalledOff.OTHER, by=make.team(), at=AT)
    clock(past.starts_at)
    text = words(client.get(HOME))
    assert "No session is planned just now" in text
    for title in ("Has been", "Only planned", "Hidden", "Off"):
        assert title not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("text=county", {"County lines"}),
        ("text=COUNTY+lines", {"County lines"}),
        ("text=children+outside", {"Words"}),
        ("how=online", {"Words"}),
        ("how=room", {"County lines", "Sport"}),
        ("how=room&how=online", {"County lines", "Words", "Sport"}),
        ("level=awareness", {"Words"}),
        ("level=awareness&level=core", {"County lines", "Words", "Sport"}),
        ("audience=police", {"County lines", "Words"}),
        ("seats=left", {"County lines", "Words"}),
        ("text=nothing", set()),
    ],
)
def test_the_list_narrows(client, asked, found):
    make.session(make.course("County lines", audiences=["police", "school_dsl"]))
    make.session(make.course("Words", level="awareness", summary="How we write about children outside."), online=True)
    make.session(make.course("Sport", audiences=["charities"]), seats=3, elsewhere=3)
    page = client.get(f"{HOME}?{asked}")
    assert page.status_code == 200
    shown = {one.get_text() for one in BeautifulSoup(page.content, "html.parser").select(".al-ses h3")}
    assert shown == found
    if not found:
        assert "No session fits" in words(page)


def test_only_with_seats_leaves_out_what_has_closed(client, clock):
    make.session(make.course("Closed"))
    make.session(make.course("Open"), starts=SOON + 7 * DAY)
    clock(SOON - DAY)
    assert "Closed" in words(client.get(HOME))
    text = words(client.get(f"{HOME}?seats=left"))
    assert "Open" in text
    assert "Closed" not in text


def test_twenty_sessions_are_on_a_page_and_the_filter_goes_along(client):
    course = make.course("County lines")
    for day in range(23):
        make.session(course, starts=SOON + day * DAY)
    first = client.get(f"{HOME}?text=county")
    assert first.content.decode().count('class="al-ses"') == 20
    assert "?text=county&amp;page=2" in first.content.decode()
    second = client.get(f"{HOME}?text=county&page=2")
    assert second.content.decode().count('class="al-ses"') == 3
    assert "Page 2 of 2" in words(second)
    for odd in ("0", "-1", "99", "x", "9" * 400):
        assert client.get(f"{HOME}?page={odd}").status_code == 200


def test_a_filter_that_is_none_is_said_beside_its_box_and_narrows_nothing(client):
    make.session(make.course("County lines"))
    page = client.get(f"{HOME}?level=huge&text={'x' * 81}")
    assert page.status_code == 400
    assert page.content.decode().startswith("<!doctype html>")
    assert "Error:" in page.content.decode()
    assert "County lines" in words(page)
    assert "x" * 81 in page.content.decode()


# --- a course ---------------------------------------------------------------------------------------------------------


def test_a_course_says_what_it_is_and_when_there_is_one(client):
    course = make.course("County lines", audiences=["police"], prerequisites="The essentials.")
    make.session(course, seats=5, elsewhere=5)
    text = words(client.get(f"/training/{course.slug}/"))
    for told in ("Thu 3 Dec 2026", "Full", "Know whom to ring", "Police", "The essentials.", "£35"):
        assert told in text


def test_a_course_without_a_date_says_whom_to_ask(client):
    text = words(client.get(f"/training/{make.course().slug}/"))
    assert "No date is planned just now" in text


def test_a_course_that_is_not_published_is_not_there(client):
    assert client.get(f"/training/{make.course(live=False).slug}/").status_code == 404
    suspended = make.make.organization(standing="suspended")
    assert client.get(f"/training/{make.course(by=suspended).slug}/").status_code == 404


def test_no_course_can_be_called_like_a_page():
    course = make.course(slug="bookings")
    assert reverse("training:bookings") == f"/training/{course.slug}/"


# --- a session --------------------------------------------------------------------------------------------------------


def test_a_session_says_before_anybody_books_until_when_and_what_being_late_costs(client):
    text = words(client.get(to("session", make.session())))
    assert "18 seats left of 18. Booking closes Monday 30 November" in text
    assert "Cancel by Thursday 26 November and it costs nothing" in text
    assert "your organisation pays £50, even though the course is free" in text
    assert "Ring the bell" not in text


def test_when_it_is_late_already_the_page_says_what_booking_now_means(client, clock):
    session = make.session()
    clock(SOON - 4 * DAY)
    assert "If you book now and then cancel, or do not come, your organisation pays £50" in words(
        client.get(to("session", session))
    )


def test_a_full_session_says_so_and_offers_the_next_date_with_a_seat(client):
    course = make.course()
    full = make.session(course, seats=2, elsewhere=2)
    make.session(course, starts=SOON + 7 * DAY, seats=2, elsewhere=2)
    free = make.session(course, starts=SOON + 14 * DAY, seats=2, elsewhere=1)
    page = client.get(to("session", full))
    text = words(page)
    assert "Full 2 seats" in text
    assert "The next date with a seat Thursday 17 December 2026" in text
    assert "1 seat left" in text
    assert to("session", free) in page.content.decode()
    assert to("book", full) not in page.content.decode()


def test_a_full_session_without_another_date_says_whom_to_ask(client):
    assert "No other date has a seat just now" in words(client.get(to("session", make.session(seats=1, elsewhere=1))))


@pytest.mark.parametrize(
    ("at", "said"),
    [(SOON - DAY, "Booking has closed"), (SOON, "Under way"), (SOON + DAY, "Over")],
)
def test_a_session_says_where_it_stands_by_the_clock(client, clock, at, said):
    session = make.session()
    clock(at)
    page = client.get(to("session", session))
    assert said in words(page)
    assert to("book", session) not in page.content.decode()


def test_a_session_that_was_called_off_says_why(client):
    session = make.session_in("cancelled")
    text = words(client.get(to("session", session)))
    assert "Called off The trainer cannot come" in text
    assert "nobody pays" in text


def test_a_session_that_is_only_planned_is_not_there(client):
    assert client.get(to("session", make.planned())).status_code == 404
    assert client.get(to("session", make.session(make.course(live=False)))).status_code == 404


# --- booking ----------------------------------------------------------------------------------------------------------


def test_a_stranger_signs_in_first_and_comes_back_to_the_same_seat(client):
    session = make.session()
    answer = client.get(to("book", session))
    assert unquote(answer.url) == f"/sign-in/?next={to('book', session)}"


def test_a_seat_is_booked_with_one_form(client):
    session, person = make.session(), make.professional()
    page = browser(person).get(to("book", session))
    text = words(page)
    assert "Cancel by Thursday 26 November and it costs nothing" in text
    assert person.person in text
    answer = books(person, session, needs="A hearing loop")
    made = Booking.objects.visible_to(person).get()
    assert answer.url == to("booking", made)
    page = browser(person).get(answer.url)
    assert "Ring the bell marked Training." in words(page)
    assert "A hearing loop" in words(page)
    assert "You have a seat" in words(browser(person).get(to("session", session)))
    assert "You have 1 seat in session to come" in words(browser(person).get(HOME))


def test_without_the_managers_agreement_the_form_comes_back_with_what_was_typed():
    session, person = make.session(), make.professional()
    answer = browser(person).post(to("book", session), {"needs": "A hearing loop"})
    assert answer.status_code == 200
    assert "Tick this once your manager has agreed" in words(answer)
    assert "A hearing loop" in answer.content.decode()
    assert not Booking.objects.visible_to(person).exists()


def test_who_comes_too_late_for_the_last_seat_can_take_the_next_date_with_one_button():
    course, person = make.course(), make.professional()
    session = make.session(course, seats=1)
    other = make.session(course, starts=SOON + 7 * DAY)
    make.booked(session)
    answer = books(person, session, needs="A hearing loop")
    assert answer.status_code == 409
    text = words(answer)
    assert "This session is full now" in text
    assert "Thursday 10 December 2026" in text
    assert "A hearing loop" in answer.content.decode()
    form = BeautifulSoup(answer.content, "html.parser").find("form", action=to("book", other))
    assert form.find("input", {"name": "manager_agreed", "checked": True})
    assert books(person, other, needs="A hearing loop").status_code == 302


def test_who_comes_too_late_and_there_is_no_other_date_keeps_what_they_wrote():
    session, person = make.session(seats=1), make.professional()
    make.booked(session)
    answer = books(person, session, needs="A hearing loop")
    assert answer.status_code == 409
    assert "A hearing loop" in words(answer)
    assert "No other date has a seat just now" in words(answer)


def test_the_form_of_a_session_without_seats_leads_to_the_page_that_says_why():
    session, person = make.session(seats=1, elsewhere=1), make.professional()
    assert browser(person).get(to("book", session)).url == to("session", session)


def test_booking_twice_leads_to_the_seat_that_is_there():
    session, person = make.session(), make.professional()
    books(person, session)
    assert browser(person).get(to("book", session)).url == to("session", session)
    assert books(person, session).url == to("session", session)
    assert Booking.objects.visible_to(person).count() == 1


@pytest.mark.parametrize("role", [Role.CONTENT_EDITOR, Role.IG_OFFICER, Role.SYSADMIN])
def test_who_books_nothing_reads_what_to_do_instead(role):
    session, person = make.session(), make.professional(role)
    page = browser(person).get(to("session", session))
    assert "Under this hat you book no seats" in words(page)
    assert browser(person).get(to("book", session)).status_code == 404


# --- one's own --------------------------------------------------------------------------------------------------------


def test_my_bookings_show_what_is_to_come_and_what_was(clock):
    person = make.professional()
    coming = make.booked(make.session(make.course("Coming"), starts=SOON + 30 * DAY), by=person)
    bookings.cancel(
        make.booked(make.session(make.course("Let go of"), starts=SOON + 40 * DAY), by=person), by=person, at=AT
    )
    make.booked(make.session(make.course("Has been")), by=person)
    make.booked(make.session(make.course("Somebody else’s")))
    clock(SOON + DAY)
    text = words(browser(person).get("/training/bookings/"))
    order = [text.index(part) for part in ("Coming", "Over or cancelled", "Let go of", "Has been")]
    assert order == sorted(order)
    assert "You cancelled in time" in text
    assert "Somebody else" not in text
    assert to("booking", coming) in browser(person).get("/training/bookings/").content.decode()


def test_who_has_no_seat_is_shown_the_way_to_one():
    assert "Find a session" in words(browser(make.professional()).get("/training/bookings/"))


@pytest.mark.parametrize("page", ["booking", "cancel", "calendar"])
def test_somebody_elses_booking_is_not_there_not_even_for_the_team(page):
    booking = make.booked()
    nowhere = browser(make.professional()).get("/training/bookings/00000000-0000-0000-0000-000000000000/")
    for other in (make.professional(), make.team(), make.professional(Role.COORDINATOR)):
        answer = browser(other).get(to(page, booking))
        assert (answer.status_code, answer.content) == (404, nowhere.content)
    if page == "cancel":
        assert browser(make.team()).post(to(page, booking)).status_code == 404
        assert make.now(booking).state == "confirmed"


def test_letting_go_says_what_it_costs_and_asks_once(clock):
    person = make.professional()
    booking = make.booked(by=person)
    assert "It costs nothing until Thursday 26 November" in words(browser(person).get(to("cancel", booking)))
    clock(SOON - DAY)
    text = words(browser(person).get(to("cancel", booking)))
    assert "This is late." in text
    assert "Your organisation pays £50, unless you are ill" in text
    browsing = browser(person)
    answer = browsing.post(to("cancel", booking), follow=True)
    assert "the team will write to you about it" in words(answer)
    assert make.now(booking).state == "cancelled_late"
    again = browsing.post(to("cancel", booking), follow=True)
    assert "This booking has ended already" in words(again)


def test_a_seat_in_a_session_that_was_called_off_shows_the_next_date():
    person, course = make.professional(), make.course()
    booking = make.booked(make.session(course), by=person)
    free = make.session(course, starts=SOON + 7 * DAY)
    sessions.call_off(booking.session, CalledOff.TRAINER, by=make.team(), at=AT)
    page = browser(person).get(to("booking", booking))
    assert "The session was called off" in words(page)
    assert "Ring the bell" not in words(page)
    assert to("session", free) in page.content.decode()


def test_the_entry_for_a_calendar_is_a_file_of_its_own():
    person = make.professional()
    booking = make.booked(by=person)
    answer = browser(person).get(to("calendar", booking))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="training.ics"' in answer["Content-Disposition"]
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("DTSTART") == SOON
    assert "ATTENDEE" not in event
    bookings.cancel(booking, by=person, at=AT)
    assert browser(person).get(to("calendar", booking)).status_code == 404


# --- the team ---------------------------------------------------------------------------------------------------------


def plan_typed(course, place, **different):
    return {
        "course": str(course.pk), "on_day": "14", "on_month": "1", "on_year": "2027", "begins": "9.30am",
        "ends": "12.45pm", "how": "room", "location": str(place.pk), "room": "", "seats": "12", "elsewhere": "0",
        "joining": "Ring the bell.", "closes_on_day": "", "closes_on_month": "", "closes_on_year": "",
        **different,
    }  # fmt: skip


def test_the_team_plans_opens_and_calls_off():
    team = browser(make.team())
    course, place = make.course(), make.make.location()
    answer = team.post("/training/run/new/", plan_typed(course, place))
    row = CourseSession.objects.get()
    assert answer.url == to("register", row)
    assert row.starts_at.isoformat() == "2027-01-14T09:30:00+00:00"
    assert row.booking_closes_at.isoformat() == "2027-01-12T00:00:00+00:00"
    assert "Nobody has booked here : it is not open yet." in words(team.get(answer.url))
    team.post(to("open", row))
    assert make.now(row).state == "open"
    make.booked(row)
    assert "Everybody with a seat gets an e-mail" in words(team.get(to("call_off", row)))
    assert "Choose why" not in words(team.get(to("call_off", row)))
    answer = team.post(to("call_off", row), {"because": "too_few"}, follow=True)
    assert "1 person was told" in words(answer)
    assert make.now(row).state == "cancelled"


def test_in_summer_half_past_nine_is_half_past_eight_in_utc():
    team = browser(make.team())
    typed = plan_typed(make.course(), make.make.location(), on_month="7", begins="09:30")
    team.post("/training/run/new/", typed)
    assert CourseSession.objects.get().starts_at.isoformat() == "2027-07-14T08:30:00+00:00"


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"on_year": "2026"}, "Enter a day after today"),
        ({"on_year": "9999"}, "Enter a day after today"),
        ({"on_year": "0001"}, "Enter a day after today"),
        ({"begins": "half past"}, "Enter a time like 9.30am or 14:00"),
        ({"ends": "9am"}, "It must end after it begins"),
        ({"location": ""}, "Choose the place"),
        ({"seats": "0"}, "Enter 1 or more"),
        ({"elsewhere": "13"}, "Enter no more than there are seats"),
        ({"last_day_day": "13", "last_day_month": "1", "last_day_year": "2027"}, "within two weeks"),
        ({"closes_on_day": "15", "closes_on_month": "1", "closes_on_year": "2027"}, "until the session"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_box(different, said):
    answer = browser(make.team()).post(
        "/training/run/new/", plan_typed(make.course(), make.make.location(), **different)
    )
    assert answer.status_code == 200
    assert said in words(answer)
    assert "Ring the bell." in answer.content.decode()
    assert not CourseSession.objects.exists()


def test_the_team_changes_a_session_and_two_at_once_lose_nothing():
    team, session = browser(make.team()), make.session()
    typed = plan_typed(session.course, make.now(session).location, version="1", seats="7")
    assert team.post(to("change", session), typed).status_code == 302
    answer = team.post(to("change", session), typed | {"seats": "9"})
    assert answer.status_code == 409
    assert "Somebody else changed this session" in words(answer)
    assert 'value="9"' in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()


def test_who_comes_and_what_they_need_is_the_teams_to_read_and_each_look_is_recorded():
    session = make.session()
    booking = make.booked(session, needs="A hearing loop")
    gone = make.professional()
    bookings.cancel(make.booked(session, by=gone), by=gone, at=AT)
    text = words(browser(make.team()).get(to("register", session)))
    assert booking.person.name in text
    assert "A hearing loop" in text
    assert f"1 cancelled {gone.person}" in text
    assert AuditEvent.objects.get(action="training.register.read").object_ref == str(session.pk)


@pytest.mark.parametrize("page", ["register", "change", "call_off"])
def test_the_register_is_nobody_elses(page):
    session = make.session()
    make.booked(session)
    for role in set(Role) - {Role.PARTNERSHIP_TEAM}:
        assert browser(make.professional(role)).get(to(page, session)).status_code == 404
    assert Client().get(to(page, session)).url.startswith("/sign-in/")


def test_the_list_of_sessions_shows_plans_too(clock):
    make.planned(make.course("Only planned"), starts=SOON + 30 * DAY)
    make.session(make.course("Has been"))
    clock(SOON + timedelta(days=2))
    text = words(browser(make.team()).get("/training/run/"))
    assert text.index("Only planned") < text.index("Over") < text.index("Has been")
    assert "Not open yet" in text
