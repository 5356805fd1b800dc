"""Events by date: those to come, in order, each with its page, and as an entry of somebody's own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.db.models import Q, QuerySet
from icalendar import Calendar, Event
from wagtail.models import Page

from cms.models import EventDate, EventPage
from safekeeping.working_time import LONDON


def to_come(*, at: datetime, below: Page | None = None) -> QuerySet[EventDate]:
    """Return the dates that are not over, of pages that everybody may read; the next first."""
    pages = EventPage.objects.live().public()
    if below is not None:
        pages = pages.child_of(below)
    rows = EventDate.objects.filter(page__in=pages, ends_at__gt=at).select_related("page")
    return rows.order_by("starts_at", "pk")


def undated(*, below: Page, locality: str, at: datetime) -> QuerySet[EventPage]:
    """Return the pages of events that have no date, neither past nor to come."""
    pages = EventPage.objects.child_of(below).live().public().filter(dates__isnull=True)
    if locality:
        pages = pages.filter(Q(locality=locality) | Q(locality=""))
    return pages.order_by("title", "pk")


def by_month(dates: Iterable[EventDate]) -> list[tuple[date, list[EventDate]]]:
    """Return the dates of each month, by the clocks of England."""

    def month(one: EventDate) -> date:
        return one.starts_at.astimezone(LONDON).date().replace(day=1)

    return [(key, list(rows)) for key, rows in groupby(dates, key=month)]


def entry_of(one: EventDate, *, address: str, at: datetime) -> str:
    """Return one date of an event as iCalendar text; ``address`` is where its page is."""
    event = Event()
    event.add("uid", f"event-{one.page_id}-{one.starts_at:%Y%m%dT%H%M}@{settings.CITY.key}.alongside")
    event.add("dtstamp", at)
    event.add("summary", one.page.title)
    event.add("dtstart", one.starts_at.astimezone(LONDON))
    event.add("dtend", one.ends_at.astimezone(LONDON))
    if one.page.where:
        event.add("location", one.page.where)
    if one.page.standfirst:
        event.add("description", one.page.standfirst)
    event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text
