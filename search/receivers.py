"""
News from below becomes work for the worker: one outbox row per service and second, in the transaction of the change.

Places are not in the database's index (its engine asks the pools themselves), so news of places alone is passed over there.
Elasticsearch keeps how they stand; that it has not been told is known in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from directory.signals import services_changed
from safekeeping import outbox
from search import unsent
from search.tasks import REINDEX


def on_services_changed(sender: type | None, service_ids: Iterable[UUID], **_: Any) -> None:
    """Ask for services to be indexed again; where only their places have changed, for Elasticsearch to be told."""
    if getattr(sender, "__name__", "") != "CapacityPool":
        ask_for(service_ids)
    elif settings.ELASTICSEARCH_URL:
        unsent.note(service_ids)


def ask_for(service_ids: Iterable[UUID]) -> None:
    """
    Leave one row of work for each; several changes within a second share it.

    The row falls due when its second is over, so that a change that came later in it is not passed over.
    """
    second = timezone.now().replace(microsecond=0)
    work = {f"{REINDEX}:{one}:{second:%Y%m%d%H%M%S}": {"service_id": str(one)} for one in service_ids}
    outbox.put_many(REINDEX, work, at=second, due_at=second + timedelta(seconds=1))


# Which services a changed row is about.
ABOUT: dict[str, Callable[[Any], Iterable[UUID]]] = {
    "Service": lambda row: [row.pk],
    "ServiceStanding": lambda row: [row.service_id],
    "ServiceArea": lambda row: [row.service_id],
    "ServiceAtLocation": lambda row: [row.service_id],
    "Schedule": lambda row: [row.service_id],
    "Closure": lambda row: [row.service_id],
    "Organization": lambda row: row.services.values_list("pk", flat=True),
    "OrganizationStanding": lambda row: row.organization.services.values_list("pk", flat=True),
    "Location": lambda row: row.at_services.values_list("service_id", flat=True),
    "Address": lambda row: row.location.at_services.values_list("service_id", flat=True),
}


def on_saved(sender: type[Model], instance: Model, raw: bool = False, **_: Any) -> None:
    """Ask for what a changed row is about; not while fixtures are loaded."""
    if not raw:
        ask_for(ABOUT[sender.__name__](instance))


def on_deleted(sender: type[Model], instance: Model, **_: Any) -> None:
    """Ask for what a row that goes was about."""
    ask_for(ABOUT[sender.__name__](instance))


def connect() -> None:
    """Listen; called once, when the app is ready."""
    services_changed.connect(on_services_changed, dispatch_uid="search.services_changed")
    for name in ABOUT:
        model = apps.get_model("directory", name)
        post_save.connect(on_saved, sender=model, dispatch_uid=f"search.saved.{name}")
        post_delete.connect(on_deleted, sender=model, dispatch_uid=f"search.deleted.{name}")
