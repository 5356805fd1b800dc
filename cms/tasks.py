"""What the pages do by the clock: publish and take down what a steward has set a time for, each with its news."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction
from wagtail.models import DraftStateMixin, Page, Revision

from safekeeping import clock

EVERY = timedelta(minutes=5)


def register() -> None:
    """Enter the clock's job."""
    clock.job("publish what is due", every=EVERY, late_after=timedelta(minutes=30), run=publish_what_is_due)


def publish_what_is_due(at: datetime) -> None:
    """
    Take down what has had its time, then publish what was approved for by now.

    Each in a transaction of its own, so that the finder is told of it, or it did not happen; safe to run twice.
    """
    for model in drafted():
        for pk in model.objects.filter(live=True, expire_at__lt=at).order_by("expire_at").values_list("pk", flat=True):
            take_down(model, pk, at=at)
    due = Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at")
    for pk in due.values_list("pk", flat=True):
        publish(pk, at=at)


def drafted() -> list[type[DraftStateMixin]]:
    """Return everything that is published; pages as one."""
    kinds = [one for one in apps.get_models() if issubclass(one, DraftStateMixin) and not issubclass(one, Page)]
    return [Page, *kinds]


def take_down(model: type[DraftStateMixin], pk: object, *, at: datetime) -> None:
    """Take it off, unless somebody has done so or given it more time."""
    with transaction.atomic():
        row = model.objects.select_for_update().filter(pk=pk, live=True, expire_at__lt=at).first()
        if row is not None:
            told = row.specific if isinstance(row, Page) else row
            told.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def publish(pk: int, *, at: datetime) -> None:
    """Publish the revision, unless somebody has done so or withdrawn it."""
    with transaction.atomic():
        revision = Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__lt=at).first()
        if revision is not None:
            revision.publish(log_action="wagtail.publish.scheduled")
