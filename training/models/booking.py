"""A seat that somebody has: the pool's ledger row carries the booking's `ref`."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from directory.models import Organization
from safekeeping.lives import History
from safekeeping.scoping import ClosedManager
from safekeeping.sealed import SealedTextField
from training.models.session import CourseSession
from training.querysets import BookingHistoryQuerySet, BookingQuerySet


class BookingState(models.TextChoices):
    """Domain §3.8, as far as some verb reaches it today; only the first occupies a seat."""

    CONFIRMED = "confirmed", "You have a seat"
    CANCELLED_IN_TIME = "cancelled_in_time", "You cancelled in time"
    CANCELLED_LATE = "cancelled_late", "You cancelled late"
    SESSION_CANCELLED = "session_cancelled", "The session was called off"


class Booking(models.Model):
    """``needs`` is what somebody said so that they can take part: sealed, and forgotten soon after."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(CourseSession, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    manager_agreed = models.BooleanField()
    needs = SealedTextField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=BookingState, default=BookingState.CONFIRMED)
    state_since = models.DateTimeField()
    booked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClosedManager.from_queryset(BookingQuerySet)()

    class Meta:
        ordering = ["booked_at", "ref"]
        indexes = [models.Index(fields=["person", "state"], name="booking_person_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "session"],
                condition=Q(state="confirmed"),
                name="one_seat_for_a_person_in_a_session",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", ended_at__isnull=True)
                | (~Q(state="confirmed") & Q(ended_at__isnull=False)),
                name="ended_booking_has_a_time",
            ),
        ]


class BookingHistory(History):
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="+")

    objects = ClosedManager.from_queryset(BookingHistoryQuerySet)()

    class Meta(History.Meta):
        constraints = [models.UniqueConstraint(fields=["booking", "number"], name="booking_moves_are_numbered")]
