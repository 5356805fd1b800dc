"""
The page that a service would have: the words of a draft beside the facts of this moment. For a steward's eyes, and those of
the organization whose service it is.

The page itself is the public one. What a draft does not hold (places, where and when, standing) is what it is now, and the
button to ask leads nowhere but down the page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from directory import assumptions
from directory.availability import LONDON, best_of
from directory.cards import FIELDS, Area, ServiceCard, card_of, serves_words
from directory.models import CapacityPool, RequestMode, Service, ServiceArea, ServiceAtLocation
from directory.service_page import is_overdue, page_about
from directory.whereabouts import shown

DOWN_THE_PAGE = "#ask"


def context_of(service: Service, *, at: datetime) -> dict[str, Any]:
    """Return what the template of the public page needs, for a service as its draft has it; it may not be saved yet."""
    standings = [getattr(service, "standing", None), getattr(getattr(service, "organization", None), "standing", None)]
    page = page_about(
        service,
        draft_card(service, at=at),
        is_open=all(one is None or one.standing == "open" for one in standings),
        overdue=standings[0] is not None and is_overdue(service, at.astimezone(LONDON).date()),
        at=at,
    )
    return {"page": page, "card": page.card, "at": at, "ask_url": DOWN_THE_PAGE if page.asks_here else ""}


def draft_card(service: Service, *, at: datetime) -> ServiceCard:
    """Return the card of a service as its draft has it."""
    happens = ServiceAtLocation.objects.filter(service_id=service.pk).select_related(
        "location__address", "location__ward"
    )
    areas = ServiceArea.objects.filter(service_id=service.pk).order_by("pk")
    return card_of(
        row_of(service),
        availability=best_of(
            list(CapacityPool.objects.filter(services=service.pk)), at=at, limited=assumptions.limited()
        ),
        places=tuple(shown(one.location) for one in happens.order_by("location__name", "location_id")),
        serves=serves_words(Area(*one) for one in areas.values_list("extent", "locality__name", "ward__name")),
        compositions={term.code: term.shown for term in service.group_compositions.all()},
        near=None,
    )


def row_of(service: Service) -> dict[str, Any]:
    """Return the columns that a card is made from; what a half-written draft lacks is empty."""
    row: dict[str, Any] = {}
    for name in FIELDS:
        value: Any = service
        for part in name.split("__"):
            value = getattr(value, part, None)
        row[name] = value
    row["request_mode"] = row["request_mode"] or RequestMode.INFORMATION
    return {name: "" if value is None and name in WORDS else value for name, value in row.items()}


WORDS = frozenset(name for name in FIELDS if name.endswith("label") or name == "organization__name")
