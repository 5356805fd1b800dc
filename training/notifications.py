"""What training tells people by e-mail: one function for each event. No message says what somebody needs, or speaks of a child."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from safekeeping import front_door, outbox
from training import calendars, pages
from training.calendars import Method
from training.models import Booking


def booked(booking: Booking, *, at: datetime) -> bool:
    """Tell somebody that they have a seat, how to get there, and what letting go of it late costs."""
    return tell(booking, "booked", "Your seat", Method.REQUEST, at=at)


def cancelled(booking: Booking, *, at: datetime) -> bool:
    """Tell somebody that their seat is somebody else's now."""
    return tell(booking, "cancelled", "Cancelled", Method.CANCEL, at=at)


def session_changed(booking: Booking, *, at: datetime) -> bool:
    """Tell somebody that the time, the place or the way in has changed."""
    return tell(booking, "changed", "Changed", Method.REQUEST, at=at)


def session_called_off(booking: Booking, *, at: datetime) -> bool:
    """Tell somebody that their session does not take place, and when else there is a seat."""
    return tell(booking, "called_off", "Called off", Method.CANCEL, at=at)


def tell(booking: Booking, event: str, head: str, method: Method, *, at: datetime) -> bool:
    """Put one mail with its calendar entry into the outbox; return whether it was new. Accounts out of use get none."""
    if not booking.person.is_active:
        return False
    row = pages.row_of(booking.session_id)
    booking.session = row
    page = pages.session_page(row, at=at)
    text = render_to_string(
        f"training/mail/{event}.txt",
        {
            "page": page,
            "booking": booking,
            "late": booking.state == "cancelled_late",
            "called_off": row.get_called_off_display(),
            "next": pages.next_with_seats(row.course_id, at=at, besides=row.pk),
            "base": settings.BASE_URL,
            "link": settings.BASE_URL + reverse("training:booking", args=[booking.ref]),
            "team": settings.CITY.team,
            "team_email": front_door.city().team_email,
        },
    )
    calendar = outbox.Attachment(
        calendars.FILE, f"text/calendar; method={method}", calendars.entry_of(booking, method=method, at=at)
    )
    told = outbox.mail(
        key=f"training-{event}:{booking.ref}:{row.version}:{booking.person_id}",
        to=booking.person.email,
        subject=f"{head}: {page.card.title}, {page.card.day}",
        text=text,
        at=at,
        attachments=[calendar],
    )
    return told is not None
