"""What the sample's invented organizations have shown us; of a real one nothing is made up. Never in production."""

from __future__ import annotations

from datetime import datetime, timedelta

from directory import compliance
from directory.availability import LONDON
from directory.models import ComplianceItem, Organization, Role, Service
from directory.sample import Say, id_of
from safekeeping.models import User

CHECKED_DAYS_AGO = 90
GOOD_FOR_DAYS = 275
# One of each of these is near its end, so that a reminder can be looked at.
SOON = {("umoja-path", "public_liability"): 12}


def load(at: datetime, say: Say) -> None:
    """Write what every provider of the sample needs, checked by its steward, as of ``at``."""
    today = at.astimezone(LONDON).date()
    steward = User.objects.filter(is_demo=True, memberships__role=Role.CONTENT_EDITOR).order_by("pk").first()
    written = 0
    for organization in Organization.objects.filter(is_demo=True, pk__in=Service.objects.values("organization")):
        types = Service.objects.filter(organization=organization).values_list("service_type__code", flat=True)
        for kind in sorted(compliance.required_for(set(types))):
            days = SOON.get((organization.slug, kind), GOOD_FOR_DAYS)
            ComplianceItem.objects.update_or_create(
                id=id_of("compliance", f"{organization.slug}:{kind}"),
                defaults={
                    "organization": organization,
                    "kind": kind,
                    "issued_on": today - timedelta(days=CHECKED_DAYS_AGO),
                    "expires_on": today + timedelta(days=days),
                    "reference": "Sample",
                    "entered_at": at - timedelta(days=CHECKED_DAYS_AGO),
                    "verified_by": steward,
                    "verified_on": today - timedelta(days=CHECKED_DAYS_AGO),
                },
            )
            written += 1
    say(f"Policies and insurance: {written}")
