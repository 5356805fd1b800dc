"""A seat as an entry in somebody's calendar: iCalendar text that every calendar program reads."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from directory.whereabouts import shown
from safekeeping.working_time import LONDON
from training.models import Booking, BookingState, CourseSession

FILE = "training.ics"


class Method(StrEnum):
    """What the program that reads it is asked to do (RFC 5546)."""

    REQUEST = "REQUEST"  # enter it, or change what was entered under the same UID
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"  # for a file that somebody has downloaded: there is nobody to answer


def entry_of(booking: Booking, *, method: Method, at: datetime) -> str:
    """
    Return the booking's session as a calendar; load the booking with its person and all that is shown of the session.

    The UID is the booking's own, so that a later message changes or removes the same entry.
    """
    session = booking.session
    event = Event()
    event.add("uid", uid_of(booking))
    event.add("dtstamp", at)
    event.add("sequence", session.version + (booking.state != BookingState.CONFIRMED))
    event.add("summary", session.course.title)
    event.add("dtstart", session.starts_at.astimezone(LONDON))
    event.add("dtend", session.ends_at.astimezone(LONDON))
    event.add("location", place_of(session))
    event.add("description", description_of(booking))
    event.add("url", f"{settings.BASE_URL}/training/bookings/{booking.ref}/")
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("class", "PRIVATE")
    if method is not Method.PUBLISH:
        event.add("organizer", vCalAddress(f"mailto:{address_of_ours()}"), parameters={"CN": settings.SITE_NAME})
        guest = vCalAddress(f"mailto:{booking.person.email}")
        guest.params["PARTSTAT"] = vText("ACCEPTED")
        guest.params["RSVP"] = vText("FALSE")
        event.add("attendee", guest, encode=False)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Training//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text


def uid_of(booking: Booking) -> str:
    """Return the name that the entry has in every calendar."""
    return f"{booking.ref}@{address_of_ours().rpartition('@')[2] or 'localhost'}"


def address_of_ours() -> str:
    """Return the address that our mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def place_of(session: CourseSession) -> str:
    """Return the address, and the room where there is one."""
    if session.location is None:
        return "Online"
    where = shown(session.location)
    return ", ".join(part for part in (session.room, where.address or where.label) if part)


def description_of(booking: Booking) -> str:
    """Return how to join; nothing once there is nothing to join."""
    parts = [booking.session.joining.strip()] if booking.state == BookingState.CONFIRMED else []
    parts.append(f"{settings.BASE_URL}/training/bookings/{booking.ref}/")
    return "\n\n".join(part for part in parts if part)
