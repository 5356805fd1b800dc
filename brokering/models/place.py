"""A support place begins when a provider says yes; and the one table where a child has a name, while it is needed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from brokering.models.offer import Offer
from brokering.models.request import PlacementRequest
from brokering.querysets import ContactCardQuerySet, OfPlaceQuerySet, SupportPlaceQuerySet
from directory.models import Organization, Service
from safekeeping.lives import History
from safekeeping.scoping import ClosedManager
from safekeeping.sealed import SealedTextField


class PlaceState(models.TextChoices):
    """Domain V17, as far as some verb reaches it today; all but the last occupy a place."""

    AWAITING_CONTACT = "awaiting_contact", "Waiting for contact details"
    ACCEPTED = "accepted", "Ready to meet"
    INTRODUCED = "introduced", "Have met"
    ACTIVE = "active", "In support"
    ENDED = "ended", "Ended"


MET = frozenset({PlaceState.INTRODUCED, PlaceState.ACTIVE})


class EndReason(models.TextChoices):
    """Domain V18."""

    GOALS_MET = "planned_goals_met", "As planned, goals met"
    GOALS_PART_MET = "planned_goals_part_met", "As planned, goals partly met"
    TIME_COMPLETE = "planned_time_complete", "As planned, the time was up"
    EXTENDED = "extended_then_complete", "Went on for longer, then finished"
    STEPPED_DOWN = "stepped_down_universal", "Moved on to something open to all"
    CONDITIONS_MET = "programme_conditions_met", "The programme’s conditions were met"
    COHORT_FINISHED = "cohort_finished", "The group came to its end"
    STEPPED_UP_SPECIALIST = "stepped_up_specialist", "Needed specialist support"
    STEPPED_UP_STATUTORY = "stepped_up_statutory", "A statutory process took over"
    TRANSFERRED = "transferred_provider", "Moved to another provider"
    MOVED_LOCALITY = "moved_locality_transferred", "Moved to another locality, support went along"
    MOVED_AWAY = "moved_out_of_area", "Moved away"
    AGED_OUT = "aged_out", "Too old for the service now"
    DISENGAGED = "disengaged", "Lost touch after starting"
    FAMILY_DECLINED = "never_started_family_declined", "Never started: the family said no"
    NO_CONTACT = "never_started_no_contact", "Never started: could not be reached"
    CAPACITY_LOST = "provider_capacity_lost", "The provider lost the place"
    UNSAFE = "provider_withdrew_unsafe", "The provider could not do it safely"
    SUSPENDED = "provider_suspended", "The provider was suspended"
    CO_ATTENDANCE = "co_attendance_conflict", "Somebody else who attends made it unsafe"
    CUSTODY = "custody_or_secure", "In custody or secure care"
    HOSPITAL = "hospital_admission", "Admitted to hospital"
    CONDITIONS_BROKEN = "programme_breach", "The programme’s conditions were broken"
    CONSENT_WITHDRAWN = "consent_withdrawn", "They no longer wanted it"
    DIED = "child_died", "The child has died"
    IN_ERROR = "recorded_in_error", "Recorded by mistake"


class EndQuality(models.TextChoices):
    PLANNED = "planned", "Planned"
    UNPLANNED = "unplanned", "Unplanned"


# "Derived: planned = first four + stepped_down + programme_conditions_met + cohort_finished" (domain V18).
PLANNED_ENDS = frozenset(
    {
        EndReason.GOALS_MET,
        EndReason.GOALS_PART_MET,
        EndReason.TIME_COMPLETE,
        EndReason.EXTENDED,
        EndReason.STEPPED_DOWN,
        EndReason.CONDITIONS_MET,
        EndReason.COHORT_FINISHED,
    }
)
NEVER_STARTED = frozenset({EndReason.FAMILY_DECLINED, EndReason.NO_CONTACT})


class SupportPlace(models.Model):
    """The pool's ledger row carries the offer's `ref`. ``readable``: the provider may still read who it is."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.PROTECT, related_name="+")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=PlaceState, default=PlaceState.AWAITING_CONTACT)
    state_since = models.DateTimeField()
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    worker_role = models.CharField(max_length=120)
    first_meeting_on = models.DateField()
    accepted_at = models.DateTimeField()
    contact_due_at = models.DateTimeField()
    contact_chased_at = models.DateTimeField(null=True, blank=True)
    ring_by_at = models.DateTimeField(null=True, blank=True)
    introduce_by_at = models.DateTimeField()
    introduced_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    planned_end_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=32, choices=EndReason, blank=True)
    end_quality = models.CharField(max_length=10, choices=EndQuality, blank=True)
    next_step = SealedTextField(blank=True)
    family_told_on = models.DateField(null=True, blank=True)
    requester_told_at = models.DateTimeField(null=True, blank=True)
    readable = models.BooleanField(default=True)
    readable_until_at = models.DateTimeField(null=True, blank=True)

    objects = ClosedManager.from_queryset(SupportPlaceQuerySet)()

    class Meta:
        ordering = ["accepted_at", "ref"]
        indexes = [models.Index(fields=["organization", "state"], name="place_organization_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "service"],
                condition=~Q(state="ended"),
                name="one_live_place_for_request_and_service",
            ),
            models.CheckConstraint(
                condition=(~Q(state="ended") & Q(end_reason="", end_quality="", ended_at__isnull=True))
                | (Q(state="ended", ended_at__isnull=False) & ~Q(end_reason="") & ~Q(end_quality="")),
                name="ended_place_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(started_on__isnull=False, planned_end_on__isnull=False),
                name="active_place_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__isnull=True) | Q(planned_end_on__gte=F("started_on")),
                name="place_dates_in_order",
            ),
        ]


class PlaceHistory(History):
    place = models.ForeignKey(SupportPlace, on_delete=models.CASCADE, related_name="+")

    objects = ClosedManager.from_queryset(OfPlaceQuerySet)()

    class Meta(History.Meta):
        constraints = [models.UniqueConstraint(fields=["place", "number"], name="place_moves_are_numbered")]


class SpeakFirst(models.TextChoices):
    YOUNG_PERSON = "young_person", "The young person"
    PARENT = "parent_carer", "A parent or carer"
    PROFESSIONAL = "professional", "You, at work"


class SafeWay(models.TextChoices):
    """What may be done with the number; only what is ticked is done."""

    RING = "ring", "Ring"
    TEXT = "text", "Send a text"
    MESSAGE = "message", "Leave a message"
    NONE = "none", "None of these"


class ContactCard(models.Model):
    """Who the child is and how to reach them safely: made after a yes, read with a trace, deleted when it is over."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.OneToOneField(SupportPlace, on_delete=models.CASCADE, related_name="+")
    name_used = SealedTextField()
    family_name = SealedTextField(blank=True)
    speak_first_to = SealedTextField()
    parent_name = SealedTextField(blank=True)
    telephone = SealedTextField(blank=True)
    safe_ways = SealedTextField()
    safe_times = SealedTextField(blank=True)
    must_not_be_told = SealedTextField(blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = ClosedManager.from_queryset(ContactCardQuerySet)()
