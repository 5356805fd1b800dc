"""People and organizations that come in, beside the world of `factories.brokering`: one of each that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from directory import invitations, tokens
from directory.models import (
    AccountRequest,
    ComplianceItem,
    Invitation,
    Membership,
    Organization,
    OrganizationApplication,
    Role,
)
from safekeeping.policy import Hat
from tests.factories import brokering as brokered
from tests.factories import directory as make
from tests.factories.people import member

number = count(1)
TOKEN = "cd" * 32


def invitation(where: Organization, by: Hat, *, role: str = Role.PROVIDER_WORKER, token: str = "") -> Invitation:
    """Make an invitation that waits."""
    one, at = next(number), timezone.now()
    return Invitation.objects.create(
        organization=where, email=f"invited-{one}@work.example", role=role, sent_by_id=by.membership_id, sent_at=at,
        token_hash=tokens.hash_of(token or f"{one:064x}"), expires_at=at + invitations.LIVES_FOR,
    )  # fmt: skip


def asked(model: type, *, state: str = "waiting", token: str = "", **fields: Any) -> Any:
    """Make something that a stranger asks."""
    one, at = next(number), timezone.now()
    return model.objects.create(
        state=state, name="Sam Okoro", email=f"asks-{one}@work.example", job_title="Youth worker",
        token_hash=tokens.hash_of(token or f"{one:064x}"), token_ends_at=at + timedelta(days=7),
        asked_from=f"{one:032x}", asked_at=at, **fields,
    )  # fmt: skip


def account(where: Organization | None, **fields: Any) -> AccountRequest:
    """Make an ask for an account."""
    made: AccountRequest = asked(
        AccountRequest,
        organization=where,
        organization_name="" if where else "Little Team",
        why="To ask for help",
        **fields,
    )
    return made


def application(**fields: Any) -> OrganizationApplication:
    """Make an application."""
    made: OrganizationApplication = asked(
        OrganizationApplication,
        organization_name=f"Harbour Youth {next(number)}",
        organization_type=make.term("organization_type", "vcs_charity"),
        description="Boxing and mentoring.",
        telephone="0117 496 0444",
        items=[{"kind": "public_liability", "expires_on": "2030-06-01", "reference": "PL-1"}],
        **fields,
    )
    return made


def item(where: Organization, **fields: Any) -> ComplianceItem:
    """Make something that waits to be checked."""
    at = timezone.now()
    return ComplianceItem.objects.create(
        **{
            "organization": where,
            "kind": "public_liability",
            "expires_on": at.date() + timedelta(days=300),
            "entered_at": at,
        }
        | fields
    )


def steward() -> Hat:
    """Make a steward."""
    return brokered.hat(make.organization(), Role.CONTENT_EDITOR)


@dataclass
class Coming:
    """One of each that waits, at a provider and at a school."""

    worker: Membership
    account: AccountRequest
    application: OrganizationApplication
    item: ComplianceItem
    invitation: Invitation

    def arguments(self, name: str) -> dict[str, Any]:
        """Return what stands in the brackets of a route of ours."""
        if not name.startswith(("directory:people", "directory:joining", "directory:compliance")):
            return {}
        kind = name.rpartition("_")[2]
        pk = {
            "account": self.account.pk, "asked": self.account.pk, "organization": self.application.pk,
            "item": self.item.pk, "back": self.item.pk,
        }.get(kind, self.invitation.pk)  # fmt: skip
        return {"pk": pk, "member": self.worker.pk}


def world(here: brokered.World) -> Coming:
    """Make them."""
    return Coming(
        worker=member(Role.PROVIDER_WORKER, here.umoja),
        account=account(here.school),
        application=application(),
        item=item(here.umoja),
        invitation=invitation(here.umoja, here.manager),
    )
