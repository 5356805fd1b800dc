"""How many services of one kind the city has planned for each locality: more are allowed, and whoever adds one is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from directory.models import Service, ServiceArea


@dataclass(frozen=True, slots=True)
class Beyond:
    """A locality that has as many of a kind as planned without this one; ``others`` are their names."""

    locality: str
    kind: str
    planned: int
    others: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.locality} has {', '.join(self.others)} already. The city’s plan is {self.planned} of this kind "
            f"({self.kind}) in each locality. One more is allowed: it is only so that you know."
        )


def beyond(service: Service) -> list[Beyond]:
    """
    Return the localities for which ``service`` is one more than planned; what serves the whole city counts in none.

    ``service`` may hold the words of a draft: its kind is taken from there, the areas from the database.
    """
    kind = service.service_type
    planned = settings.CITY.planned.get(kind.code) if kind else None
    if planned is None:
        return []
    named = Q(locality__isnull=False) | Q(ward__isnull=False)
    rows = ServiceArea.objects.filter(named).select_related("locality", "ward__locality")
    ours = {locality_of(one) for one in rows.filter(service_id=service.pk)}
    others: dict[str, dict[str, None]] = {}
    for one in (
        rows.filter(service__service_type=kind, service__live=True)
        .exclude(service_id=service.pk)
        .select_related("service__organization")
        .order_by("service__name", "service_id")
    ):
        others.setdefault(locality_of(one), {})[f"“{one.service}” of {one.service.organization}"] = None
    return [
        Beyond(name, kind.shown, planned, tuple(found))
        for name in sorted(ours)
        if len(found := others.get(name, {})) >= planned
    ]


def locality_of(area: ServiceArea) -> str:
    """Return the name of the locality that an area is, or lies in."""
    return str(area.locality or (area.ward and area.ward.locality))
