"""The ledger of places: a pool carries counters, every hold and every taken place is a row; `directory.capacity` alone writes them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directory.models.organization import Organization
from directory.models.service import Service
from directory.querysets import CapacityPoolQuerySet


class CapacityModel(models.TextChoices):
    """How places are counted (domain §3.6); decision 8 says what one unit of each is."""

    CASELOAD_PLACES = "caseload_places", "Caseload: one child, one place"
    COHORT_PLACES = "cohort_places", "A group with dates"
    SESSION_SLOTS = "session_slots", "A session on a day"
    RAPID_RESPONSE_ROTA = "rapid_response_rota", "Somebody on call"
    SCHOOL_HOST_CASELOAD = "school_host_caseload", "Places in one school"
    TEAM_DEPLOYMENTS = "team_deployments", "A team’s sessions in a week"
    PRACTITIONER_ROSTER = "practitioner_roster", "Trained people who are ready"
    OPEN_ACCESS = "open_access", "Drop in"
    INFORMATION_ONLY = "information_only", "For information"
    TRAINING_SEATS = "training_seats", "Seats of a training session"


UNCOUNTED = (CapacityModel.OPEN_ACCESS, CapacityModel.INFORMATION_ONLY)
COUNTED = tuple(model for model in CapacityModel if model not in UNCOUNTED)
# One unit of these is for one child; teams and rosters go to a place or a group, and those are other pools (INV-C10).
FOR_ONE_CHILD = (
    CapacityModel.CASELOAD_PLACES,
    CapacityModel.COHORT_PLACES,
    CapacityModel.SESSION_SLOTS,
    CapacityModel.RAPID_RESPONSE_ROTA,
    CapacityModel.SCHOOL_HOST_CASELOAD,
)
WITH_A_WAITING_LIST = (
    CapacityModel.CASELOAD_PLACES,
    CapacityModel.COHORT_PLACES,
    CapacityModel.SESSION_SLOTS,
    CapacityModel.SCHOOL_HOST_CASELOAD,
)

# How many days a figure can be believed (domain §3.6, all [D]); a pool may say less.
FRESH_DAYS = {
    CapacityModel.CASELOAD_PLACES: 7,
    CapacityModel.COHORT_PLACES: 14,
    CapacityModel.SESSION_SLOTS: 0,  # a session's figure holds until the session has begun
    CapacityModel.RAPID_RESPONSE_ROTA: 1,
    CapacityModel.SCHOOL_HOST_CASELOAD: 14,
    CapacityModel.TEAM_DEPLOYMENTS: 7,
    CapacityModel.PRACTITIONER_ROSTER: 30,
    CapacityModel.OPEN_ACCESS: 90,
    CapacityModel.INFORMATION_ONLY: 180,
    CapacityModel.TRAINING_SEATS: 0,  # nobody confirms them again: they never grow old (domain §3.19)
}


class OnCall(models.TextChoices):
    """Who answers: a role, chosen and never typed, so that no name can stand in it."""

    YOUTH_WORKER = "youth_worker", "Duty youth worker"
    SOCIAL_WORKER = "social_worker", "Duty social worker"
    HEALTH_WORKER = "health_worker", "Duty nurse or health worker"
    SCHOOL_WORKER = "school_worker", "Duty worker for schools"
    MANAGER = "manager", "Duty manager"


class CapacityPool(models.Model):
    """
    Places that one or more services share, or the seats of one training session, which belong to no service.

    Free = ``total − external_occupied − occupied − held − reserved``. The counters are not checked against ``total``: a provider
    who cuts below what is taken is over-committed, nobody is put out and nothing new is held. ``total`` is empty
    where nobody has said a number, and then no page shows one. What one unit of it is depends on ``model``: a child's
    place, a place on a day, a call that somebody on call can still take, a team's session this week, a trained person.

    ``starts_on`` and ``begins_at`` are a session's day and local time, ``called_off_at`` is since when it does not take place;
    ``on_call`` is the rota's role; ``host_school`` is
    the school whose pupils the places are for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="pools")
    services = models.ManyToManyField(Service, related_name="pools")
    name = models.CharField(max_length=120)
    model = models.CharField(max_length=24, choices=CapacityModel)
    total = models.PositiveIntegerField(null=True, blank=True)
    external_occupied = models.PositiveIntegerField(default=0)
    occupied = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    reserved_for = models.CharField(max_length=120, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    waitlist_open = models.BooleanField(default=False)
    wait_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    begins_at = models.TimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    on_call = models.CharField(max_length=20, choices=OnCall, blank=True)
    host_school = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted_pools"
    )
    confirm_every_days = models.PositiveSmallIntegerField()
    last_confirmed_at = models.DateTimeField(null=True, blank=True)
    last_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_confirmed_by_link = models.BooleanField(default=False)
    confirmed_until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = CapacityPoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(external_occupied__gte=0) & Q(occupied__gte=0) & Q(held__gte=0) & Q(reserved__gte=0),
                name="pool_counters_not_negative",
            ),
            models.CheckConstraint(condition=Q(model__in=CapacityModel.values), name="pool_model_known"),
            models.CheckConstraint(
                condition=~Q(model__in=["open_access", "information_only"])
                | Q(total__isnull=True, occupied=0, held=0, reserved=0, external_occupied=0),
                name="pool_without_count_has_no_figures",
            ),
            models.CheckConstraint(
                condition=Q(waitlist_open=False) | Q(model__in=[one.value for one in WITH_A_WAITING_LIST]),
                name="pool_waits_only_where_children_wait",
            ),
            models.CheckConstraint(
                condition=~Q(model="session_slots") | Q(total__isnull=True) | Q(starts_on__isnull=False),
                name="pool_session_is_counted_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(begins_at__isnull=True) | Q(model="session_slots", starts_on__isnull=False),
                name="pool_only_a_session_has_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True)
                | Q(model="session_slots", starts_on__isnull=False, occupied=0, held=0, reserved=0),
                name="pool_only_a_session_that_nobody_has_is_called_off",
            ),
            models.UniqueConstraint(
                fields=["organization", "name", "starts_on", "begins_at"],
                condition=Q(model="session_slots", called_off_at__isnull=True),
                name="pool_one_session_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["organization", "name", "starts_on"],
                condition=Q(model="session_slots", called_off_at__isnull=True, begins_at__isnull=True),
                name="pool_one_session_without_an_hour_a_day",
            ),
            models.CheckConstraint(
                condition=Q(on_call="") | Q(model="rapid_response_rota", on_call__in=OnCall.values),
                name="pool_only_a_rota_has_a_role",
            ),
            models.CheckConstraint(
                condition=~Q(model="rapid_response_rota") | Q(total__isnull=True) | ~Q(on_call=""),
                name="pool_rota_is_counted_with_a_role",
            ),
            models.CheckConstraint(
                condition=Q(host_school__isnull=True) | Q(model="school_host_caseload"),
                name="pool_only_a_host_caseload_has_a_school",
            ),
            models.CheckConstraint(
                condition=~Q(model="school_host_caseload") | Q(total__isnull=True) | Q(host_school__isnull=False),
                name="pool_host_caseload_is_counted_in_a_school",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="pool_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(model="training_seats") | Q(total__isnull=False, held=0, reserved=0, waitlist_open=False),
                name="seats_are_counted_and_taken_at_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CapacityHold(models.Model):
    """
    One place, promised or taken: ``reference`` is the offer, support place or booking it is for, and says nothing else.

    held → released (let go) | lapsed (time ran out) | taken (a place was accepted) → vacated (it ended)

    A seat of a training session is taken without a promise before it, and is of no service.
    """

    class State(models.TextChoices):
        HELD = "held", "Held"
        RELEASED = "released", "Released"
        LAPSED = "lapsed", "Lapsed"
        TAKEN = "taken", "Taken"
        VACATED = "vacated", "Vacated"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pool = models.ForeignKey(CapacityPool, on_delete=models.PROTECT, related_name="holds")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["held_at", "id"]
        indexes = [models.Index(fields=["state", "expires_at"], name="hold_state_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False) | Q(state__in=["taken", "vacated"]),
                name="only_a_seat_is_of_no_service",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} in {self.pool_id}"


class CapacitySnapshot(models.Model):
    """What a pool said after each change: never changed, so that yesterday can be read back."""

    pool = models.ForeignKey(CapacityPool, on_delete=models.CASCADE, related_name="snapshots")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_link = models.BooleanField(default=False)
    event = models.CharField(max_length=20)
    total = models.PositiveIntegerField(null=True)
    external_occupied = models.PositiveIntegerField()
    occupied = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    reserved = models.PositiveIntegerField()
    paused = models.BooleanField()
    waitlist_open = models.BooleanField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["pool", "-at"], name="snapshot_pool_at")]

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d %H:%M}"
