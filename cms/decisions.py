"""What a steward decides about a partner's words, passed on: who sent them is told, and they wait no more."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState
from wagtail.signals import published, workflow_approved, workflow_cancelled, workflow_rejected

from directory import notifications, proposals
from directory.models import Organization, Service
from safekeeping.models import User

ABOUT = (Service, Organization)


def tell(outcome: str, state: WorkflowState, entry: Service | Organization, person: User | None) -> None:
    """Tell whoever has sent the words; a decision is told once."""
    if isinstance(entry, Service):
        organization_id, page = entry.organization_id, reverse("directory:our_service", args=[entry.pk])
    else:
        organization_id, page = entry.pk, reverse("directory:our_organization")
    notifications.tell_of_decision(
        outcome,
        about=entry.name,
        organization_id=organization_id,
        person=person,
        address=page,
        key=f"words:{outcome}:{state.pk}:{state.current_task_state_id}",
        at=timezone.now(),  # Wagtail's signals are sent by its views, and give no time
    )


def on_approved(sender: Any, instance: WorkflowState, **told: Any) -> None:
    """Tell that it was approved as it waited."""
    with transaction.atomic():
        entry = instance.content_object
        if isinstance(entry, ABOUT) and (person := proposals.approved(entry)):
            tell("approved", instance, entry, person)


def on_rejected(sender: Any, instance: WorkflowState, **told: Any) -> None:
    """Tell that it was sent back; the reason is on the partner's page."""
    entry = instance.content_object
    if isinstance(entry, ABOUT) and (person := proposals.sender_of(entry)):
        tell("refused", instance, entry, person)


def on_cancelled(sender: Any, instance: WorkflowState, **told: Any) -> None:
    """Tell that a steward has ended it unpublished; a partner who takes words back has cleared their sending before."""
    with transaction.atomic():
        entry = instance.content_object
        if isinstance(entry, ABOUT) and (person := proposals.closed_unpublished(entry)):
            tell("closed", instance, entry, person)


def on_published(sender: Any, instance: Service | Organization, **told: Any) -> None:
    """Take it for a yes if a steward has published with their own hand what was sent and waited."""
    state = instance.current_workflow_state
    if state is None:
        return
    with transaction.atomic():
        public = type(instance).objects.get(pk=instance.pk)
        if proposals.are_public(public) and (person := proposals.approved(public)):
            tell("approved", state, public, person)


def connect() -> None:
    """Listen to what is decided of the directory's words."""
    for signal, hear in (
        (workflow_approved, on_approved),
        (workflow_rejected, on_rejected),
        (workflow_cancelled, on_cancelled),
    ):
        signal.connect(hear, sender=WorkflowState, dispatch_uid=f"cms.decisions.{hear.__name__}")
    for model in ABOUT:
        published.connect(on_published, sender=model, dispatch_uid=f"cms.decisions.{model.__name__}")
