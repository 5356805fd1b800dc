"""Which services a steward's change touches: told in the transaction of the change, so that the finder follows."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from directory.models import (
    Closure,
    Location,
    Organization,
    OrganizationStanding,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceStanding,
    TaxonomyTerm,
)


def services_of(changed: models.Model) -> set[UUID]:
    """Return the ids of the services of which something that a reader sees lives in ``changed``."""
    which: Q
    match changed:
        case Service():
            return {changed.pk}
        case ServiceStanding() | ServiceAtLocation() | ServiceArea() | Schedule() | Closure():
            return {changed.service_id}
        case Organization():
            which = Q(organization=changed)
        case OrganizationStanding():
            which = Q(organization_id=changed.organization_id)
        case Location():
            which = Q(at_locations__location=changed)
        case TaxonomyTerm():
            which = of_term(changed)
        case _:
            return set()
    return set(Service.objects.filter(which).values_list("pk", flat=True))


def of_term(term: TaxonomyTerm) -> Q:
    """Return the condition that a service, or a place where it happens, is described with ``term``."""
    which = Q(pk__in=[])
    for field in (*Service._meta.fields, *Service._meta.many_to_many):
        if field.related_model is TaxonomyTerm:
            which |= Q(pk__in=Service.objects.filter(**{field.name: term}).values("pk"))
    return which | Q(at_locations__location__access_needs=term) | Q(organization__organization_type=term)
