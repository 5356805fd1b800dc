"""What is on: the list by date, a course, a session. For everybody, without signing in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from training import pages, rights
from training.filters import SessionFilter
from training.models import Booking, Course, CourseSession

ON_A_PAGE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the sessions to come, by date, narrowed as the address says."""
    at = timezone.now()
    rows = CourseSession.objects.published().still_to_come(at).with_all_that_is_shown()
    filters = SessionFilter(request.GET, rows.filter(state="open"), at=at)
    page = Paginator(filters.qs.order_by("starts_at", "ref"), ON_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": filters.form,
        "narrowed": any(request.GET.get(name) for name in filters.base_filters),
        "page": page,
        "months": pages.by_month(pages.cards_of(page.object_list, at=at)),
        "before": turned(request.GET, page.previous_page_number()) if page.has_previous() else "",
        "after": turned(request.GET, page.next_page_number()) if page.has_next() else "",
        "booked": seats_of(request, at=at).count() if books(request) else 0,
        "books": books(request),
        "runs": runs(request),
    }
    return render(request, "training/home.html", context, status=400 if filters.form.errors else 200)


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Show what a course is, for whom, and when there is one.

    :raises Http404: if there is none to be seen
    """
    at = timezone.now()
    row = Course.objects.published().select_related("organization").filter(slug=slug).first()
    if row is None:
        raise Http404
    return render(request, "training/course.html", {"page": pages.course_page(row, at=at), "at": at})


@require_safe
def session(request: HttpRequest, ref: str) -> HttpResponse:
    """
    Show when and where, whether there is a seat, and how to get one; of a full one, the next date.

    :raises Http404: if there is none to be seen
    """
    at = timezone.now()
    rows = CourseSession.objects.published().with_all_that_is_shown().select_related("course__organization")
    row = rows.filter(pk=ref).first()
    if row is None:
        raise Http404
    page = pages.session_page(row, at=at)
    others = pages.other_dates(row.course_id, at=at, besides=row.pk)
    mine = (
        Booking.objects.visible_to(request.hat).of(request.hat).confirmed().filter(session=row) if request.hat else ()
    )
    context = {
        "page": page,
        "others": others,
        "next": next((card for card in others if card.seats.has_room), None),
        "booking": next(iter(mine), None),
        "runs": runs(request),
        "cannot_book": request.hat is not None and not books(request),
        "at": at,
    }
    return render(request, "training/session.html", context)


def books(request: HttpRequest) -> bool:
    """Tell whether this hat books seats."""
    return request.hat is not None and request.hat.role in rights.WHO_BOOKS


def runs(request: HttpRequest) -> bool:
    """Tell whether this hat runs the sessions."""
    return request.hat is not None and request.hat.role in rights.WHO_RUNS


def seats_of(request: HttpRequest, *, at: Any) -> Any:
    """Return the seats that the person has in sessions to come."""
    return Booking.objects.visible_to(request.hat).of(request.hat).confirmed().filter(session__ends_at__gt=at)


def turned(data: QueryDict, page: int) -> str:
    """Return the address of another page of the same list."""
    told = data.copy()
    told["page"] = str(page)
    return f"?{told.urlencode()}"
