"""
What somebody asks for a child, in coded answers and sealed words; no name, no account of what happened.

Whatever could point to the child, and whatever was written freely, lies sealed. Codes that the desk sorts and counts by
lie open: without the sealed columns they are about nobody.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from brokering.querysets import DeskQuerySet, MessageQuerySet, PlacementRequestQuerySet, SharedQuerySet
from directory.models import Locality, Organization, Service, Ward
from safekeeping.lives import History
from safekeeping.scoping import ClosedManager
from safekeeping.sealed import SealedTextField


class RequestState(models.TextChoices):
    """
    Domain V16, as far as some verb reaches it today.

    Sending moves a draft to `TRIAGE` at once, so "submitted" is a moment (`submitted_at`) and not a state.
    """

    DRAFT = "draft", "Not sent yet"
    SCREEN_BLOCKED = "screen_blocked", "Waiting until the child is safe"
    TRIAGE = "triage", "With a coordinator"
    NEEDS_INFORMATION = "needs_information", "Needs an answer"
    PAUSED_STATUTORY = "paused_statutory", "With the front door"
    MATCHING = "matching", "Looking for a place"
    OFFERED = "offered", "Offered"
    ALLOCATED = "allocated", "A place is found"
    IN_SUPPORT = "in_support", "In support"
    CLOSING = "closing", "Support has ended"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REJECTED_REDIRECTED = "rejected_redirected", "Pointed elsewhere"


EDITABLE = frozenset({RequestState.DRAFT, RequestState.SCREEN_BLOCKED})
OVER = frozenset({RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.REJECTED_REDIRECTED})


class Sex(models.TextChoices):
    """As recorded; read only by a service's own declared composition (INV-E1)."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    UNCLEAR = "unclear", "Unclear, or recorded differently"
    NOT_ASKED = "not_asked", "Not asked"


class Rescreen(models.TextChoices):
    """Why the safety questions must be asked again before anything more is offered (domain §3.4, INV-S16)."""

    RISK_RAISED = "risk_raised", "The risk has gone up"
    WEAPON_INJURY = "weapon_injury", "Hurt with a weapon"
    MISSING = "missing", "Has been missing"
    MOVED = "moved", "Has moved, or will"
    IN_DANGER = "in_danger", "In danger, or has been hurt"


class NoPostcode(models.TextChoices):
    """Why there is no postcode: support does not wait for an address, and some addresses must not be written down."""

    NO_FIXED_ADDRESS = "no_fixed_address", "They have no fixed address"
    MOVING = "moving", "They are moving, or have just moved"
    NOT_TO_BE_RECORDED = "not_to_be_recorded", "It must not be recorded, for their safety"
    NOT_KNOWN = "not_known", "It is not known"


class PlacementRequest(models.Model):
    """One child's request. Pages never see it: `brokering.disclosure` gives them what their reader may know."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_ref = models.CharField(max_length=16, unique=True, null=True, blank=True)
    state = models.CharField(max_length=24, choices=RequestState, default=RequestState.DRAFT)
    state_since = models.DateTimeField()

    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requester_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    requester_role = models.CharField(max_length=20)
    lead_professional_role = models.CharField(max_length=120, blank=True)
    lead_professional_contact = models.CharField(max_length=120, blank=True)
    route = models.CharField(max_length=40, blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    restricted = models.BooleanField(default=False)

    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    waiting_since_at = models.DateTimeField(null=True, blank=True, help_text="Set once, never set back (INV-C6).")
    due_at = models.DateTimeField(null=True, blank=True, help_text="By when the next act is expected.")
    closed_at = models.DateTimeField(null=True, blank=True)

    initials = SealedTextField(blank=True)
    date_of_birth = SealedTextField(blank=True)
    birth_index = models.CharField(max_length=32, blank=True, db_index=True)
    sex = SealedTextField(blank=True)
    school_name = SealedTextField(blank=True)
    postcode_sector = SealedTextField(blank=True)
    sector_index = models.CharField(max_length=32, blank=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    home_council = models.CharField(max_length=9, blank=True)
    no_postcode_because = models.CharField(max_length=20, choices=NoPostcode, blank=True)

    statutory_status = models.CharField(max_length=32, blank=True)
    case_reference = SealedTextField(blank=True)
    statutory_agreement = SealedTextField(blank=True)
    statutory_outcome = SealedTextField(blank=True)

    harm_types = models.JSONField(default=list, blank=True)
    primary_harm = models.CharField(max_length=40, blank=True)
    primary_context = models.CharField(max_length=40, blank=True)
    risk_level = models.CharField(max_length=16, blank=True)
    risk_source = models.CharField(max_length=32, blank=True)
    risk_on = models.DateField(null=True, blank=True)
    risk_set_by_role = SealedTextField(blank=True)
    critical_moment = models.CharField(max_length=32, blank=True)
    critical_moment_on = models.DateField(null=True, blank=True)
    level_of_need = models.CharField(max_length=32, blank=True)
    sibling_of_known_child = models.BooleanField(null=True, blank=True)

    wishes = SealedTextField(blank=True)
    wishes_not_asked_because = SealedTextField(blank=True)
    preferences = SealedTextField(blank=True)
    travel_safety = SealedTextField(blank=True)
    access_needs = SealedTextField(blank=True)
    safe_contact = SealedTextField(blank=True)
    wanted = models.JSONField(default=list, blank=True)
    goals = SealedTextField(blank=True)
    tried_already = SealedTextField(blank=True)
    start_wanted_on = models.DateField(null=True, blank=True)

    lawful_basis = models.CharField(max_length=40, blank=True)
    special_condition = models.CharField(max_length=48, blank=True)
    information_notice = models.CharField(max_length=32, blank=True)
    notice_not_given_because = SealedTextField(blank=True)
    notice_by_on = models.DateField(null=True, blank=True)
    participation = models.CharField(max_length=32, blank=True)

    rescreen_because = models.CharField(max_length=20, choices=Rescreen, blank=True)
    close_reason = models.CharField(max_length=40, blank=True)
    close_words = SealedTextField(blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ClosedManager.from_queryset(PlacementRequestQuerySet)()

    class Meta:
        ordering = ["begun_at", "ref"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="request_state_due"),
            models.Index(fields=["locality", "state"], name="request_locality_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "screen_blocked"])
                | Q(submitted_at__isnull=False, public_ref__isnull=False),
                name="sent_request_has_a_reference",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "withdrawn", "rejected_redirected"]) | Q(closed_at__isnull=False),
                name="request_that_is_over_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.public_ref or f"draft {self.ref}"

    @property
    def short_ref(self) -> str:
        """The four characters that people say to each other."""
        return (self.public_ref or "")[-4:]


class RequestHistory(History):
    """Every move of a request."""

    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")

    objects = ClosedManager.from_queryset(SharedQuerySet)()

    class Meta(History.Meta):
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="request_moves_are_numbered")]


class StatutoryScreen(models.Model):
    """The safety questions as answered once, and the version of their text; the latest one counts."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    answers = SealedTextField()
    text_version = models.CharField(max_length=40)
    may_submit = models.BooleanField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=32, blank=True, help_text="Sameness of the session, not the session.")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(SharedQuerySet)()

    class Meta:
        ordering = ["-at", "-ref"]
        indexes = [models.Index(fields=["request", "-at"], name="screen_request_at")]


class ConsentRecord(models.Model):
    """Agreement to take part, as somebody gave or refused it; never the basis for sharing information (INV-P11)."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    agreement = models.CharField(max_length=32)
    agreed_on = models.DateField(null=True, blank=True)
    method = models.CharField(max_length=40, blank=True)
    because = SealedTextField(blank=True)
    manager_role = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(SharedQuerySet)()

    class Meta:
        ordering = ["-at", "-ref"]


class TriageOutcome(models.TextChoices):
    """Domain V9, as far as some verb does what must follow."""

    ACCEPT_CHILD = "accept_child", "Accept, and look for a place"
    NEEDS_INFORMATION = "needs_information", "Ask a question first"
    SIGNPOST_UNIVERSAL = "signpost_universal", "Something open to all is enough"
    NOT_SUITABLE = "not_suitable", "Not for us"
    ESCALATE_FRONT_DOOR = "escalate_first_response_phone", "To the front door, by phone"
    WITHDRAWN = "withdrawn", "They no longer want it"


class SecondCheck(models.Model):
    """A decision that needs another coordinator: asked for by one, agreed to by a different one."""

    class What(models.TextChoices):
        NOT_SUITABLE = "not_suitable", "Not for us"
        CONFLICT_OF_INTEREST = "conflict_of_interest", "Offer to the coordinator’s own employer"

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=24, choices=What)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    because = SealedTextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ClosedManager.from_queryset(DeskQuerySet)()

    class Meta:
        ordering = ["asked_at", "ref"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=models.F("asked_by")),
                name="second_check_is_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="second_check_agreed_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(what="conflict_of_interest") | Q(service__isnull=False),
                name="conflict_check_names_its_service",
            ),
        ]


class TriageDecision(models.Model):
    """What a named coordinator decided, and why (INV-S4)."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=40, choices=TriageOutcome)
    rationale = SealedTextField()
    alternative = SealedTextField(blank=True)
    question = SealedTextField(blank=True)
    answer_by_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by_role = models.CharField(max_length=120, blank=True)
    outcome_reference = SealedTextField(blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversed_at = models.DateTimeField(null=True, blank=True)
    second_check = models.ForeignKey(SecondCheck, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    principles_considered = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(DeskQuerySet)()

    class Meta:
        ordering = ["at", "ref"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reversed_by__isnull=True) | ~Q(reversed_by=models.F("decided_by")),
                name="escalation_reversed_by_somebody_else",
            ),
        ]


class RequestReader(models.Model):
    """Somebody who may see a restricted request."""

    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(DeskQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="reader_is_named_once")]


class RestrictionDecision(models.Model):
    """Who decided, and why, that a request is for named people only, or for everybody within reach again."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    restricted = models.BooleanField()
    because = SealedTextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(DeskQuerySet)()

    class Meta:
        ordering = ["-at", "-ref"]


class Message(models.Model):
    """A few sentences between the coordinator and whoever asked; with an offer, and its provider instead."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(PlacementRequest, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey("brokering.Offer", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = SealedTextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by_role = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(MessageQuerySet)()

    class Meta:
        ordering = ["at", "ref"]
