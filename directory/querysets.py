"""Questions about many rows, asked as adjectives. One `visible_to` serves list and detail, so that they cannot disagree."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import F, Q, QuerySet

from directory.availability import LONDON

if TYPE_CHECKING:
    from safekeeping.policy import Hat

SHOWN_STANDINGS = ("open", "restricted")
# Which entries each kind of reader may see: V30. Nobody is shown "hidden".
SEES_PROFESSIONAL = ("public", "professionals")
SEES_ALL = ("public", "professionals", "coordinators")
COORDINATING_ROLES = ("coordinator", "content_editor")


def visibilities_for(hat: Hat | None) -> tuple[str, ...]:
    """Return the visibilities that somebody under ``hat`` (None: not signed in) may see."""
    if hat is None:
        return ("public",)
    return SEES_ALL if hat.role in COORDINATING_ROLES else SEES_PROFESSIONAL


class OrganizationQuerySet(QuerySet):
    def published(self) -> Self:
        """Live, and its standing open or restricted."""
        return self.filter(live=True, standing__standing__in=SHOWN_STANDINGS).exclude(standing__visibility="hidden")


class ServiceQuerySet(QuerySet):
    def published(self) -> Self:
        """Live in Wagtail, and both standings open or restricted; who may see it is `visible_to`'s to say."""
        return self.filter(
            live=True,
            standing__standing__in=SHOWN_STANDINGS,
            organization__live=True,
            organization__standing__standing__in=SHOWN_STANDINGS,
        )

    def visible_to(self, hat: Hat | None) -> Self:
        """Keep what is published, and for an audience that includes ``hat``."""
        return self.seen_as(visibilities_for(hat))

    def seen_as(self, seen: tuple[str, ...]) -> Self:
        """Keep what is published for somebody who may see those visibilities (`visibilities_for` gives them)."""
        return self.published().filter(standing__visibility__in=seen, organization__standing__visibility__in=seen)

    def run_by(self, organization_id: UUID) -> Self:
        return self.filter(organization_id=organization_id)


class MembershipQuerySet(QuerySet):
    def current(self, on: date) -> Self:
        """In force on that day, in an organization that is not suspended or archived."""
        return self.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=on),
            from_on__lte=on,
            ended_at__isnull=True,
            organization__standing__standing__in=SHOWN_STANDINGS,
            user__is_active=True,
        )


class CapacityPoolQuerySet(QuerySet):
    def with_a_place_left(self) -> Self:
        """At least one place neither taken, promised nor reserved; a pool without a total never qualifies."""
        return self.filter(total__gt=F("external_occupied") + F("occupied") + F("held") + F("reserved"))

    def confirmed(self, at: datetime) -> Self:
        return self.filter(confirmed_until__gte=at)

    def stale(self, at: datetime) -> Self:
        return self.filter(Q(confirmed_until__lt=at) | Q(confirmed_until__isnull=True))

    def not_over(self, at: datetime) -> Self:
        """Leave out what is over: groups that have ended, sessions that have begun or were called off (`availability.is_over`)."""
        local = at.astimezone(LONDON)
        today = local.date()
        begun = Q(starts_on__lt=today) | Q(starts_on=today, begins_at__lte=local.time())
        return self.not_called_off().exclude(ends_on__lt=today).exclude(begun, model="session_slots")

    def not_called_off(self) -> Self:
        return self.filter(called_off_at__isnull=True)

    def run_by(self, organization_id: UUID) -> Self:
        return self.filter(organization_id=organization_id)

    def of_services(self) -> Self:
        """Leave out the seats of training sessions, which have pages of their own."""
        return self.exclude(model="training_seats")

    def open_now(self) -> Self:
        return self.filter(paused_at__isnull=True)


class ConfirmationLinkQuerySet(QuerySet):
    def alive(self, at: datetime) -> Self:
        """Neither expired nor withdrawn; whether its recipient is still somebody to ask is another question."""
        return self.filter(expires_at__gt=at, withdrawn_at__isnull=True)


class InvitationQuerySet(QuerySet):
    def alive(self, at: datetime) -> Self:
        """Neither answered nor expired; whether its sender may still invite is another question."""
        return self.filter(state="waiting", expires_at__gt=at)
