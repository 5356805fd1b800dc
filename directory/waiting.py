"""What providers have proposed and no steward has answered: words of entries, and how much of an address is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import WorkflowState

from directory import assumptions, notifications
from directory.availability import LONDON
from directory.models import ChangeProposal, Organization, ProposedWords, Service
from safekeeping import working_time


def proposals() -> Iterator[tuple[str, datetime]]:
    """Yield the organization's name and since when it waits, of each; a steward's own moderation is none."""
    in_progress = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    kinds = {model: ContentType.objects.get_for_model(model) for model in (Service, Organization)}
    for field, model, organization in (
        ("service_id", Service, "service__organization__name"),
        ("organization_id", Organization, "organization__name"),
    ):
        asked = in_progress.filter(base_content_type=kinds[model]).values_list("object_id", flat=True)
        ids = [UUID(pk) for pk in asked]
        sent = ProposedWords.objects.filter(sent_at__isnull=False, **{f"{field}__in": ids})
        yield from sent.order_by("sent_at", "pk").values_list(organization, "sent_at")
    addresses = ChangeProposal.objects.filter(state=ChangeProposal.State.WAITING).order_by("proposed_at", "pk")
    yield from addresses.values_list("organization__name", "proposed_at")


@transaction.atomic
def tell(at: datetime) -> int:
    """Tell the stewards on working days how much waits, once a day, if anything does; return how many letters were new."""
    if not working_time.is_working_day(at.astimezone(LONDON).date()):
        return 0
    found = list(proposals())
    if not found:
        return 0
    promised = assumptions.PROPOSAL_ANSWER.number
    late = sum(working_time.add_working_days(since, promised) < at for _, since in found)
    counts = sorted(Counter(name for name, _ in found).items())
    return notifications.tell_stewards_what_waits(counts, late=late, at=at)
