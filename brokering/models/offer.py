"""One provider asked for one place: what it was shown, until when the place is held, what it said."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from brokering.models.match import MatchRun
from brokering.models.request import PlacementRequest, SecondCheck
from brokering.querysets import OfferQuerySet, OfOfferQuerySet
from directory.models import CapacityPool, Organization, Service
from safekeeping.lives import History
from safekeeping.scoping import ClosedManager
from safekeeping.sealed import SealedTextField


class OfferState(models.TextChoices):
    """Domain V17b, as far as some verb reaches it today."""

    OPEN = "open", "Waiting for an answer"
    ACCEPTED = "accepted", "Yes"
    DECLINED_BY_PROVIDER = "declined_by_provider", "No"
    EXPIRED = "expired", "Ran out"
    WITHDRAWN = "withdrawn", "Taken back"


class DeclineReason(models.TextChoices):
    """Domain V26: the common ones first."""

    NO_CAPACITY = "no_capacity", "No room just now"
    AGE = "outside_eligibility_age", "Outside our ages"
    AREA = "outside_area", "Outside our area"
    RISK_TOO_HIGH = "risk_too_high_for_service", "Risk too high for us"
    CO_ATTENDANCE = "co_attendance_conflict", "They may know someone here"
    INFORMATION = "information_insufficient", "We need to know more"
    SPECIALISM = "specialism_not_held", "Not our kind of work"
    RISK_TOO_LOW = "risk_too_low", "They would not need as much as we offer"
    STAFF_SAFETY = "staff_safety", "We could not keep our staff safe"
    CONFLICT_OF_INTEREST = "known_conflict_of_interest", "We know the family in another way"
    OTHER = "other_explained", "Another reason"


class Offer(models.Model):
    """The pool's hold carries the offer's `ref`. The profile is what was shown then, sealed; it never changes."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(CapacityPool, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=24, choices=OfferState, default=OfferState.OPEN)
    profile = SealedTextField()
    note = SealedTextField(blank=True)
    chosen_because = SealedTextField(blank=True)
    second_check = models.ForeignKey(SecondCheck, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=32, choices=DeclineReason, blank=True)
    decline_words = SealedTextField(blank=True)
    withdrawn_because = models.CharField(max_length=40, blank=True)

    objects = ClosedManager.from_queryset(OfferQuerySet)()

    class Meta:
        ordering = ["sent_at", "ref"]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="offer_state_expiry"),
            models.Index(fields=["organization", "state"], name="offer_organization_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "service"], condition=Q(state="open"), name="one_open_offer_for_request_and_service"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined_by_provider") | ~Q(decline_reason=""), name="declined_offer_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="offer_that_is_over_says_when",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="offer_leaves_time_to_answer"),
        ]


class OfferHistory(History):
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")

    objects = ClosedManager.from_queryset(OfOfferQuerySet)()

    class Meta(History.Meta):
        constraints = [models.UniqueConstraint(fields=["offer", "number"], name="offer_moves_are_numbered")]
