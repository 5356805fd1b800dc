"""What lists and pages say of courses and sessions: plain values, as many queries for two as for two hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from directory.assumptions import limited
from directory.availability import free_places
from directory.whereabouts import shown
from safekeeping.working_time import LONDON
from training import conditions
from training.assumptions import terms
from training.models import Course, CourseSession
from training.seats import Seats, seats_of


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session in a list. ``where`` is short; ``day`` and ``hours`` are on the clocks of England."""

    ref: UUID
    slug: str
    title: str
    line: str
    starts_at: datetime
    ends_at: datetime
    on: date
    day: str
    hours: str
    where: str
    online: bool
    seats: Seats


@dataclass(frozen=True, slots=True)
class SessionPage:
    """All that a session's own page says to anybody; how to join is not among it."""

    card: SessionCard
    course: CoursePage
    address: str
    access: tuple[str, ...]
    bus_notes: str
    place_notes: str
    room: str
    last_day_to_book: date
    last_day_to_cancel: date
    late_to_cancel: bool
    called_off: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    """All that a course's page says beside its dates; of a draft, what is written so far."""

    slug: str
    title: str
    summary: str
    organization: str
    level: str
    length: str
    for_whom: str
    audiences: tuple[str, ...]
    outcomes: tuple[str, ...]
    parts: tuple[str, ...]
    prerequisites: str
    content_note: str
    late_pounds: int
    fee_pounds: int
    dates: tuple[SessionCard, ...] = ()


def card_of(row: CourseSession, *, at: datetime) -> SessionCard:
    """Return the card of a session; load it with all that is shown."""
    starts, ends = row.starts_at.astimezone(LONDON), row.ends_at.astimezone(LONDON)
    return SessionCard(
        ref=row.pk,
        slug=row.course.slug,
        title=row.course.title,
        line=f"{conditions.length(row.course.duration_minutes)}. {row.course.get_level_display()}",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        on=starts.date(),
        day=day_of(starts),
        hours=hours_of(starts, ends),
        where="Online" if row.location is None else shown(row.location).label,
        online=row.online,
        seats=seats_of(
            state=row.state,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            closes_at=row.booking_closes_at,
            total=row.pool.total or 0,
            free=free_places(row.pool) or 0,
            at=at,
            limited=limited(),
        ),
    )


def cards_of(rows: Iterable[CourseSession], *, at: datetime) -> list[SessionCard]:
    """Return the cards of these sessions."""
    return [card_of(row, at=at) for row in rows]


def by_month(cards: Iterable[SessionCard]) -> list[tuple[date, list[SessionCard]]]:
    """Return the cards of each month, in the order in which they came."""
    return [
        (date(year, month, 1), list(found))
        for (year, month), found in groupby(cards, key=lambda card: (card.on.year, card.on.month))
    ]


def course_page(course: Course, *, at: datetime) -> CoursePage:
    """Return a course's page with its dates to come; the course may be a draft that was never saved."""
    rows = CourseSession.objects.published().still_to_come(at).with_all_that_is_shown().filter(course=course.pk)
    return course_words(course, dates=tuple(cards_of(rows, at=at)))


def course_words(course: Course, *, dates: tuple[SessionCard, ...] = ()) -> CoursePage:
    """Return what a course is, in words."""
    minutes = course.duration_minutes or 0
    audiences = sorted(course.audiences.all(), key=lambda term: (term.position, term.code))
    return CoursePage(
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        organization=course.organization.name if course.organization_id else "",
        level=course.get_level_display() or "",
        length=conditions.length(minutes),
        for_whom=course.for_whom,
        audiences=tuple(term.shown for term in audiences),
        outcomes=tuple(lines_of(course.outcomes)),
        parts=tuple(lines_of(course.parts)),
        prerequisites=course.prerequisites,
        content_note=course.content_note,
        late_pounds=conditions.late_pounds(minutes, terms=terms()),
        fee_pounds=conditions.fee_pounds(minutes, terms=terms()),
        dates=dates,
    )


def session_page(row: CourseSession, *, at: datetime) -> SessionPage:
    """Return a session's page; load it with all that is shown."""
    where = shown(row.location) if row.location else None
    needs = row.location.access_needs.all() if row.location and where and where.exact else ()
    closes = row.booking_closes_at.astimezone(LONDON)
    return SessionPage(
        card=card_of(row, at=at),
        course=course_words(row.course),
        address=(where.address or where.label) if where else "",
        access=tuple(term.shown for term in needs),
        bus_notes=where.bus_notes if where else "",
        place_notes=where.notes if where else "",
        room=row.room,
        last_day_to_book=last_day_before(closes),
        last_day_to_cancel=conditions.last_day_to_cancel(row.starts_at, terms=terms()),
        late_to_cancel=conditions.is_late(row.starts_at, at=at, terms=terms()),
        called_off=row.get_called_off_display(),
    )


def last_day_before(moment: datetime) -> date:
    """Return the last day on which it is still before ``moment``: midnight belongs to the day that ends."""
    return moment.date() if moment.time().hour or moment.time().minute else date.fromordinal(moment.toordinal() - 1)


def row_of(ref: UUID) -> CourseSession:
    """Return a session with all that is shown of it, whatever its state."""
    return CourseSession.objects.with_all_that_is_shown().get(pk=ref)


def next_with_seats(course_id: UUID, *, at: datetime, besides: UUID) -> SessionCard | None:
    """Return the course's next session that somebody could book now."""
    rows = CourseSession.objects.published().bookable(at).with_a_seat_left().with_all_that_is_shown()
    row = rows.filter(course=course_id).exclude(pk=besides).first()
    return card_of(row, at=at) if row else None


def other_dates(course_id: UUID, *, at: datetime, besides: UUID) -> list[SessionCard]:
    """Return the course's other sessions to come."""
    rows = CourseSession.objects.published().still_to_come(at).with_all_that_is_shown().filter(course=course_id)
    return cards_of(rows.exclude(pk=besides)[:6], at=at)


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines that say something."""
    return (line.strip() for line in text.splitlines() if line.strip())


def day_of(moment: datetime) -> str:
    """Return "Thursday 3 December 2026"."""
    return f"{moment:%A} {moment.day} {moment:%B} {moment.year}"


def hours_of(starts: datetime, ends: datetime) -> str:
    """Return "9.30am to 12.45pm", with the last day where it is another."""
    if starts.date() == ends.date():
        return f"{hour_of(starts)} to {hour_of(ends)}"
    return f"{hour_of(starts)}, until {hour_of(ends)} on {ends:%A} {ends.day} {ends:%B}"


def hour_of(moment: datetime) -> str:
    """Return the time as the public reads it: "4.30pm", "9am", "midday"."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return "midday" if moment.hour else "midnight"
    minutes = f".{moment:%M}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes}{'am' if moment.hour < 12 else 'pm'}"
