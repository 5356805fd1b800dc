"""Questions about many rows, asked as adjectives; and who may see a booking: whoever has it, and the team that runs the sessions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import F, Q, QuerySet

from directory.models import Role
from directory.querysets import SHOWN_STANDINGS
from safekeeping.scoping import ClosedQuerySet

if TYPE_CHECKING:
    from safekeeping.policy import Hat

NOTHING = Q(pk__in=())


def published(path: str = "") -> Q:
    """Return what makes a course one that anybody may see: it is live, and so is whoever runs it."""
    return Q(
        **{
            f"{path}live": True,
            f"{path}organization__live": True,
            f"{path}organization__standing__standing__in": SHOWN_STANDINGS,
        }
    )


class CourseQuerySet(QuerySet):
    def published(self) -> Self:
        """Live in Wagtail, and run by an organization that may be shown."""
        return self.filter(published())


class CourseSessionQuerySet(QuerySet):
    def published(self) -> Self:
        """Of a course that may be shown, and open or called off: what is only planned is the team's."""
        return self.filter(published("course__"), state__in=("open", "cancelled"))

    def still_to_come(self, at: datetime) -> Self:
        return self.filter(starts_at__gt=at)

    def bookable(self, at: datetime) -> Self:
        """Open, and booking has not closed; whether there is a seat is another question."""
        return self.filter(state="open", booking_closes_at__gt=at)

    def with_a_seat_left(self) -> Self:
        return self.filter(
            pool__total__gt=F("pool__external_occupied") + F("pool__occupied") + F("pool__held") + F("pool__reserved")
        )

    def with_all_that_is_shown(self) -> Self:
        """Fetch in the same query what a line about a session says."""
        return self.select_related("course", "pool", "location__address", "location__ward")


class BookingQuerySet(ClosedQuerySet):
    """A person's own, whatever they are acting as; the team that runs the sessions sees all."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None:
            return self.filter(NOTHING)._opened()
        if hat.role == Role.PARTNERSHIP_TEAM:
            return self.all()._opened()
        return self.filter(person_id=hat.user_id)._opened()

    def confirmed(self) -> Self:
        return self.filter(state="confirmed")

    def of(self, hat: Hat) -> Self:
        """Keep the bookings that the person has made for themselves."""
        return self.filter(person_id=hat.user_id)


class BookingHistoryQuerySet(ClosedQuerySet):
    def visible_to(self, hat: Hat | None) -> Self:
        bookings = apps.get_model("training", "Booking").objects.visible_to(hat)
        return self.filter(booking__in=bookings.values("pk"))._opened()


class SessionHistoryQuerySet(ClosedQuerySet):
    """Who opened a session and who called it off is the team's to know."""

    def visible_to(self, hat: Hat | None) -> Self:
        if hat is None or hat.role != Role.PARTNERSHIP_TEAM:
            return self.filter(NOTHING)._opened()
        return self.all()._opened()
