"""What the directory holds of people at work in order to ask them: its rows of the data map."""

from __future__ import annotations

from directory.models import (
    AccountRequest,
    Asking,
    ComplianceItem,
    ConfirmationLink,
    Invitation,
    OrganizationApplication,
)
from safekeeping.datamap import PERSONAL, STAFF, Field, declare

LINK = "link: 60 days after it expires"
ASKED = "asking: 400 days"
INVITED = "invitation: 60 days after it expires"
JOINING = "asking to join: 14 days unconfirmed, 400 days after the decision"
COMPLIANCE = "compliance: as long as the organization is listed"


def enter() -> None:
    """Declare every field of askings and their links."""
    asked = Field(STAFF, "asking providers once, and knowing how often", retention=ASKED)
    declare(
        Asking,
        dict.fromkeys(["id", "organization", "number", "step", "begun_at", "asked_at", "pools"], asked),
    )
    link = Field(STAFF, "answering from an e-mail without signing in", retention=LINK)
    declare(
        ConfirmationLink,
        {
            **dict.fromkeys(["id", "asking", "token_hash", "sent_at", "expires_at", "withdrawn_at"], link),
            "membership": Field(PERSONAL, "knowing whom the link was sent to", subject_access=True, retention=LINK),
        },
    )
    enter_joining()


def enter_joining() -> None:
    """Declare every field of how people come in, and of what their organizations have shown."""
    invited = Field(PERSONAL, "letting somebody in", subject_access=True, retention=INVITED)
    sent = Field(STAFF, "an invitation works once, for a week", retention=INVITED)
    declare(
        Invitation,
        {
            **dict.fromkeys(["email", "name", "job_title", "role", "sent_by", "membership"], invited),
            **dict.fromkeys(
                ["id", "organization", "state", "token_hash", "sent_at", "expires_at", "answered_at"], sent
            ),
        },
    )
    asked = Field(PERSONAL, "deciding who gets an account", subject_access=True, retention=JOINING)
    decided = Field(STAFF, "deciding once, and knowing who did", retention=JOINING)
    both = {
        **dict.fromkeys(["name", "email", "job_title", "reason", "asked_from", "decided_by"], asked),
        **dict.fromkeys(
            [
                "id", "state", "token_hash", "token_ends_at", "asked_at", "confirmed_at", "decided_at", "invitation",
                "organization", "organization_name",
            ],
            decided,
        ),
    }  # fmt: skip
    declare(AccountRequest, {**both, "why": asked})
    declare(
        OrganizationApplication,
        {
            **both,
            "telephone": asked,
            **dict.fromkeys(["organization_type", "description", "website", "items"], decided),
        },
    )
    shown = Field(STAFF, "knowing whether a provider may be offered to", retention=COMPLIANCE)
    who = Field(PERSONAL, "knowing who said and who checked it", subject_access=True, retention=COMPLIANCE)
    declare(
        ComplianceItem,
        {
            **dict.fromkeys(
                ["id", "organization", "kind", "issued_on", "expires_on", "reference", "entered_at", "verified_on"],
                shown,
            ),
            **dict.fromkeys(["entered_by", "verified_by"], who),
        },
    )
