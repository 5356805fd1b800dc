"""
What somebody asks for a school, a group or a place: what kind of place, what happens there and when, what would help.

Nobody is named in it: every free text has passed `safekeeping.personal_data` before it comes here. It is sealed
nevertheless, because a description of a small group may say more than its words do. Nothing points to a child's request.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from brokering.querysets import ContextDeskQuerySet, ContextPartQuerySet, ContextRequestQuerySet
from directory.models import Area, Locality, Location, Organization, Ward
from safekeeping.lives import History
from safekeeping.scoping import ClosedManager
from safekeeping.sealed import SealedTextField


class ContextState(models.TextChoices):
    """Domain §3.19; sending moves a draft to `TRIAGE` at once, so "submitted" is a moment and not a state."""

    DRAFT = "draft", "Not sent yet"
    SCREEN_BLOCKED = "screen_blocked", "Waiting until everybody is safe"
    TRIAGE = "triage", "Waiting to be read"
    OWNED = "owned", "Somebody works on it"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


CONTEXT_EDITABLE = frozenset({ContextState.DRAFT, ContextState.SCREEN_BLOCKED})
CONTEXT_OVER = frozenset({ContextState.CLOSED, ContextState.WITHDRAWN})


class ContextOutcome(models.TextChoices):
    """What is decided about a place; all but the first end the request."""

    RESPONSE_AGREED = "response_agreed", "We do something there"
    SIGNPOSTED = "signposted", "Somebody else can do it"
    STEPPED_UP_STATUTORY = "stepped_up_statutory", "To the front door"
    DUPLICATE = "duplicate", "We know of it already"
    NO_FURTHER_ACTION = "no_further_action", "Nothing more is needed"


class AffectedBand(models.TextChoices):
    """About how many children it is about; never who."""

    FEW = "1_4", "1 to 4"
    SOME = "5_9", "5 to 9"
    MANY = "10_19", "10 to 19"
    MOST = "20_plus", "20 or more"
    UNKNOWN = "unknown", "I don’t know"


class ContextRequest(models.Model):
    """One place's request. Pages never see it: `brokering.context_disclosure` gives them what their reader may know."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_ref = models.CharField(max_length=16, unique=True, null=True, blank=True)
    state = models.CharField(max_length=24, choices=ContextState, default=ContextState.DRAFT)
    state_since = models.DateTimeField()

    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requester_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    requester_role = models.CharField(max_length=20)
    requester_job = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="By when the next act is expected.")
    closed_at = models.DateTimeField(null=True, blank=True)

    context_type = models.CharField(max_length=40, blank=True)
    label = SealedTextField(blank=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place_description = SealedTextField(blank=True)

    harm_types = models.JSONField(default=list, blank=True)
    pattern = models.JSONField(default=list, blank=True)
    what_is_known = SealedTextField(blank=True)
    affected = models.CharField(max_length=12, choices=AffectedBand, blank=True)
    youngest = models.PositiveSmallIntegerField(null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(null=True, blank=True)
    strengths = SealedTextField(blank=True)

    response_wanted = models.JSONField(default=list, blank=True)
    partners = SealedTextField(blank=True)
    tried_already = SealedTextField(blank=True)
    accountable_owner = SealedTextField(blank=True)

    review_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=40, blank=True)
    close_words = SealedTextField(blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ClosedManager.from_queryset(ContextRequestQuerySet)()

    class Meta:
        ordering = ["begun_at", "ref"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="context_state_due"),
            models.Index(fields=["locality", "state"], name="context_locality_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "screen_blocked"])
                | Q(submitted_at__isnull=False, public_ref__isnull=False),
                name="sent_context_has_a_reference",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "withdrawn"]) | Q(closed_at__isnull=False),
                name="context_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="owned") | Q(owner__isnull=False), name="owned_context_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(youngest__lte=F("oldest")),
                name="context_ages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.public_ref or f"draft {self.ref}"

    @property
    def short_ref(self) -> str:
        """The four characters that people say to each other."""
        return (self.public_ref or "")[-4:]


class ContextHistory(History):
    """Every move of a place's request."""

    context = models.ForeignKey(ContextRequest, on_delete=models.CASCADE, related_name="+")

    objects = ClosedManager.from_queryset(ContextPartQuerySet)()

    class Meta(History.Meta):
        constraints = [models.UniqueConstraint(fields=["context", "number"], name="context_moves_are_numbered")]


class ContextScreen(models.Model):
    """The safety questions as answered once, and the version of their text; the latest one counts."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(ContextRequest, on_delete=models.CASCADE, related_name="+")
    answers = SealedTextField()
    text_version = models.CharField(max_length=40)
    may_submit = models.BooleanField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=32, blank=True, help_text="Sameness of the session, not the session.")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(ContextPartQuerySet)()

    class Meta:
        ordering = ["-at", "-ref"]
        indexes = [models.Index(fields=["context", "-at"], name="screen_context_at")]


class ContextDecision(models.Model):
    """What a named person decided about a place, and why (INV-S4); of it whoever asked reads what is told to them."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(ContextRequest, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=40, choices=ContextOutcome)
    rationale = SealedTextField()
    told = SealedTextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by_role = models.CharField(max_length=120, blank=True)
    same_as = models.CharField(max_length=16, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(ContextDeskQuerySet)()

    class Meta:
        ordering = ["at", "ref"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="stepped_up_statutory") | Q(told_at__isnull=False), name="stepped_up_says_when"
            ),
        ]


class ContextMessage(models.Model):
    """A few sentences between whoever asked and whoever decides; no names in it either."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(ContextRequest, on_delete=models.CASCADE, related_name="+")
    text = SealedTextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by_role = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = ClosedManager.from_queryset(ContextPartQuerySet)()

    class Meta:
        ordering = ["at", "ref"]
