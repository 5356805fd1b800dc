"""What arrives in somebody's mail and calendar, read back with the eyes of a calendar program."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail
from icalendar import Calendar

from safekeeping import outbox
from safekeeping.models import OutboxRow, User
from tests.factories import training as make
from tests.factories.training import AT, DAY, SOON
from training import bookings, sessions
from training.models import CalledOff

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def delivered():
    """Send what waits; return the letters as they go over the line, newest last."""
    django_mail.outbox.clear()
    outbox.deliver_due(now=lambda: AT + timedelta(days=400))
    return [message_from_bytes(letter.message().as_bytes()) for letter in django_mail.outbox]


def calendar_in(letter):
    """Return the calendar that is attached, and the part that it came in."""
    [part] = [one for one in letter.walk() if one.get_content_type() == "text/calendar"]
    return Calendar.from_ical(part.get_payload(decode=True)), part


def event_in(letter):
    calendar, _ = calendar_in(letter)
    [event] = calendar.walk("VEVENT")
    return event


def words(letter):
    [part] = [one for one in letter.walk() if one.get_content_type() == "text/plain"]
    return part.get_payload(decode=True).decode()


def test_a_seat_comes_with_an_entry_for_the_calendar():
    person = make.professional()
    session = make.session(make.course("County lines"), room="Hall 2")
    booking = make.booked(session, by=person)
    [letter] = delivered()
    calendar, part = calendar_in(letter)
    event = event_in(letter)
    assert part.get_content_charset() == "utf-8"
    assert part.get_param("method") == "REQUEST" == calendar["METHOD"]
    assert part.get_filename() == "training.ics"
    assert event["UID"].startswith(str(booking.ref))
    assert str(event["SUMMARY"]) == "County lines"
    assert event.decoded("DTSTART") == SOON
    assert event.decoded("DTEND") == SOON + timedelta(hours=3, minutes=15)
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert event["LOCATION"] == "Hall 2, Wellspring Settlement, Ducie Road"
    assert "Ring the bell marked Training." in event["DESCRIPTION"]
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == 1
    assert event["ATTENDEE"] == f"mailto:{User.objects.get(pk=person.user_id).email}"
    assert event["ORGANIZER"].startswith("mailto:")


def test_the_letter_says_when_where_how_to_join_and_what_being_late_costs():
    make.booked(make.session(make.course("County lines")))
    [letter] = delivered()
    text = words(letter)
    assert letter["Subject"].replace("\n", "") == "Your seat: County lines, Thursday 3 December 2026"
    for told in (
        "Thursday 3 December 2026, 9.30am to 12.45pm",
        "Wellspring Settlement, Ducie Road",
        "Ring the bell marked Training.",
        "cancel by Thursday 26 November and it costs nothing",
        "£50",
        "/training/bookings/",
    ):
        assert told in text, told
    assert "&" not in text, "a letter is no web page"


def test_in_summer_the_entry_is_on_the_clocks_of_england():
    july = datetime(2027, 7, 8, 8, 30, tzinfo=UTC)
    make.booked(make.session(starts=july))
    [letter] = delivered()
    event = event_in(letter)
    assert event["DTSTART"].to_ical() == b"20270708T093000"
    assert event.decoded("DTSTART").astimezone(UTC) == july
    calendar, _ = calendar_in(letter)
    assert b"DAYLIGHT" in calendar.to_ical()
    assert "9.30am to 12.45pm" in words(letter)


def test_cancelling_takes_the_same_entry_out_of_the_calendar():
    person = make.professional()
    booking = make.booked(by=person)
    bookings.cancel(booking, by=person, at=AT)
    first, second = delivered()
    calendar, part = calendar_in(second)
    was, now = event_in(first), event_in(second)
    assert part.get_param("method") == "CANCEL" == calendar["METHOD"]
    assert now["UID"] == was["UID"]
    assert now["SEQUENCE"] > was["SEQUENCE"]
    assert now["STATUS"] == "CANCELLED"
    assert "Ring the bell" not in now["DESCRIPTION"]
    assert "organisation pays" not in words(second)


def test_who_cancels_late_reads_what_it_costs_and_who_does_not_pay():
    person = make.professional()
    booking = make.booked(by=person)
    bookings.cancel(booking, by=person, at=SOON - 2 * DAY)
    text = words(delivered()[-1])
    assert "Your organisation pays £50, unless the reason was illness, bereavement or a child in danger" in text


def test_a_change_of_day_changes_the_same_entry():
    session = make.session()
    make.booked(session)
    sessions.change(session, make.told(starts=SOON + DAY), version=1, by=make.team(), at=AT)
    first, second = delivered()
    was, now = event_in(first), event_in(second)
    assert now["UID"] == was["UID"]
    assert now["SEQUENCE"] == was["SEQUENCE"] + 1
    assert now.decoded("DTSTART") == SOON + DAY


def test_when_a_session_is_called_off_the_letter_names_the_next_date_with_a_seat():
    course = make.course()
    session = make.session(course)
    make.session(course, starts=SOON + 7 * DAY, seats=2, elsewhere=2)
    free = make.session(course, starts=SOON + 14 * DAY)
    make.booked(session)
    sessions.call_off(session, CalledOff.TRAINER, by=make.team(), at=AT)
    letter = delivered()[-1]
    assert "The trainer cannot come. Nobody pays." in words(letter)
    assert "Thursday 17 December 2026" in words(letter)
    assert f"/training/sessions/{free.pk}/" in words(letter)
    assert event_in(letter)["STATUS"] == "CANCELLED"


def test_a_title_cannot_write_lines_of_its_own_into_a_calendar():
    make.booked(make.session(make.course("Words; that\\, help\r\nATTENDEE:mailto:x@example.org".replace("\r\n", " "))))
    event = event_in(delivered()[0])
    assert str(event["SUMMARY"]) == "Words; that\\, help ATTENDEE:mailto:x@example.org"


def test_what_is_typed_as_joining_stays_inside_its_line():
    make.booked(make.session(joining="First line\nEND:VEVENT\nBEGIN:VEVENT"))
    event = event_in(delivered()[0])
    assert "END:VEVENT\nBEGIN:VEVENT" in event["DESCRIPTION"]


def test_an_account_out_of_use_gets_no_mail():
    session = make.session()
    booking = make.booked(session)
    User.objects.filter(pk=booking.person_id).update(is_active=False)
    before = OutboxRow.objects.count()
    sessions.call_off(session, CalledOff.OTHER, by=make.team(), at=AT)
    assert OutboxRow.objects.count() == before
