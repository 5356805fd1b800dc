"""A course on a day: when, where, and which pool its seats are in. Live at once, never drafted; only the team writes them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from directory.models import CapacityPool, Location
from safekeeping.lives import History
from safekeeping.scoping import ClosedManager
from training.models.course import Course
from training.querysets import CourseSessionQuerySet, SessionHistoryQuerySet


class SessionState(models.TextChoices):
    """As far as somebody decides it (domain §3.8); full, closed, running and over follow from seats and clock."""

    PLANNED = "planned", "Not open yet"
    OPEN = "open", "Open for booking"
    CANCELLED = "cancelled", "Called off"


class CalledOff(models.TextChoices):
    """Why a session does not take place, in words that whoever had a seat is told."""

    TOO_FEW = "too_few", "Too few people have booked"
    TRAINER = "trainer_away", "The trainer cannot come"
    VENUE = "venue_lost", "The room cannot be used"
    OTHER = "other", "It has to be planned anew"


class CourseSession(models.Model):
    """``version`` grows whenever what somebody has in their calendar changes; ``joining`` is for those who have a seat."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    pool = models.OneToOneField(CapacityPool, on_delete=models.PROTECT, related_name="+")
    online = models.BooleanField(default=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    room = models.CharField(max_length=80, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booking_closes_at = models.DateTimeField()
    joining = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=SessionState, default=SessionState.PLANNED)
    state_since = models.DateTimeField()
    called_off = models.CharField(max_length=16, choices=CalledOff, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = CourseSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "ref"]
        indexes = [models.Index(fields=["state", "starts_at"], name="session_state_start")]
        constraints = [
            models.CheckConstraint(
                condition=Q(online=True, location__isnull=True) | Q(online=False, location__isnull=False),
                name="session_is_online_or_somewhere",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(booking_closes_at__lte=F("starts_at")), name="session_is_booked_before_it_starts"
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(called_off="")) | (~Q(state="cancelled") & Q(called_off="")),
                name="session_called_off_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.starts_at:%Y-%m-%d}"


class SessionHistory(History):
    session = models.ForeignKey(CourseSession, on_delete=models.CASCADE, related_name="+")

    objects = ClosedManager.from_queryset(SessionHistoryQuerySet)()

    class Meta(History.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="session_moves_are_numbered")]
