"""One's own seats: booked, looked at, let go of, entered in a calendar. Whatever is somebody else's is not there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from training import bookings as booking_verbs
from training import calendars, pages
from training.bookings import BookingRefusal, HasASeat
from training.calendars import Method
from training.forms import BookingForm
from training.models import Booking, BookingState, CourseSession
from training.rights import NotYours

SHOWN = ("session__course__organization", "session__pool", "session__location__address", "session__location__ward")


def own(request: HttpRequest, ref: Any) -> Booking:
    """
    Return the person's own booking, with all that is shown of its session.

    :raises Http404: if there is none, or it is somebody else's
    """
    rows = Booking.objects.visible_to(request.hat).of(request.hat).select_related("person", *SHOWN)
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    """Show the seats that somebody has, and those that they had."""
    at = timezone.now()
    rows = Booking.objects.visible_to(request.hat).of(request.hat).select_related(*SHOWN)
    lines = [
        {"booking": row, "card": pages.card_of(row.session, at=at), "state": state_of(row, at=at)}
        for row in rows.order_by("session__starts_at", "booked_at")
    ]
    coming = [line for line in lines if line["booking"].state == BookingState.CONFIRMED and line["card"].ends_at > at]
    past = [line for line in reversed(lines) if line not in coming]
    return render(request, "training/bookings.html", {"coming": coming, "past": past, "at": at})


def state_of(row: Booking, *, at: Any) -> tuple[str, str, str]:
    """Return colour, words and shape of where a booking stands."""
    match row.state:
        case BookingState.CONFIRMED if row.session.ends_at <= at:
            return "quiet", "Over", "tick"
        case BookingState.CONFIRMED:
            return "open", row.get_state_display(), "tick"
        case BookingState.SESSION_CANCELLED:
            return "late", row.get_state_display(), "cross"
        case _:
            return "quiet", row.get_state_display(), "cross"


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, ref: Any) -> HttpResponse:
    """
    Say what a seat is and what letting go of it late costs, then give one.

    :raises Http404: if there is no such session to be seen
    """
    at = timezone.now()
    row = CourseSession.objects.published().with_all_that_is_shown().select_related("course__organization")
    session = row.filter(pk=ref).first()
    if session is None:
        raise Http404
    page = pages.session_page(session, at=at)
    if request.method != "POST":
        if not page.card.seats.has_room or booking_verbs.refusal(session.pk, by=request.hat, at=at):
            return redirect("training:session", ref)  # which says why, and what else there is
        return render(request, "training/book.html", {"page": page, "form": BookingForm()})
    form = BookingForm(request.POST)
    if not form.is_valid():
        return render(request, "training/book.html", {"page": page, "form": form})
    try:
        made = booking_verbs.book(session.pk, **form.cleaned_data, by=request.hat, at=at)
    except NotYours:
        raise Http404 from None
    except HasASeat as refusal:
        messages.info(request, f"{refusal.message}.")
        return redirect("training:session", ref)
    except BookingRefusal as refusal:
        return too_late(request, session, refusal, form, at=at)
    messages.success(request, "You have a seat. We have sent you an e-mail with an entry for your calendar.")
    return redirect("training:booking", made.pk)


def too_late(
    request: HttpRequest, session: CourseSession, refusal: BookingRefusal, form: BookingForm, *, at: Any
) -> HttpResponse:
    """Say that there is no seat any more, and offer the next date with what was typed already filled in."""
    context = {
        "refusal": refusal,
        "page": pages.session_page(pages.row_of(session.pk), at=at),
        "next": pages.next_with_seats(session.course_id, at=at, besides=session.pk),
        "form": form,
    }
    return render(request, "training/too_late.html", context, status=409)


@require_safe
def booking(request: HttpRequest, ref: Any) -> HttpResponse:
    """Show one seat, and how to join."""
    at = timezone.now()
    found = own(request, ref)
    kind, words, shape = state_of(found, at=at)
    context = {
        "booking": found,
        "page": pages.session_page(found.session, at=at),
        "state": {"kind": kind, "words": words, "shape": shape},
        "has_seat": found.state == BookingState.CONFIRMED,
        "to_come": found.session.starts_at > at,
        "joining": list(pages.lines_of(found.session.joining)),
        "next": pages.next_with_seats(found.session.course_id, at=at, besides=found.session_id),
        "at": at,
    }
    return render(request, "training/booking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, ref: Any) -> HttpResponse:
    """Say what letting go of the seat costs today, and do it after a yes."""
    at = timezone.now()
    found = own(request, ref)
    if request.method == "POST":
        try:
            ended = booking_verbs.cancel(found, by=request.hat, at=at)
        except BookingRefusal as refusal:
            messages.info(request, f"{refusal.message}.")
            return redirect("training:booking", ref)
        late = ended.state == BookingState.CANCELLED_LATE
        words = "Cancelled. Somebody else can have your seat."
        messages.success(request, f"{words} It was late: the team will write to you about it." if late else words)
        return redirect("training:bookings")
    if found.state != BookingState.CONFIRMED or found.session.starts_at <= at:
        return redirect("training:booking", ref)
    context = {"booking": found, "page": pages.session_page(found.session, at=at)}
    return render(request, "training/cancel.html", context)


@require_safe
def calendar(request: HttpRequest, ref: Any) -> HttpResponse:
    """
    Give the entry for a calendar, to whoever has the seat.

    :raises Http404: if there is none any more
    """
    found = own(request, ref)
    if found.state != BookingState.CONFIRMED:
        raise Http404
    text = calendars.entry_of(found, method=Method.PUBLISH, at=timezone.now())
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{calendars.FILE}"'},
    )
