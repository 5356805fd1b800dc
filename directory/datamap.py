"""What the directory holds of people at work, in order to ask them and to know who proposed what: its rows of the data map."""

from __future__ import annotations

from directory.models import (
    AccountRequest,
    Asking,
    ChangeProposal,
    ComplianceItem,
    ConfirmationLink,
    Doubt,
    ImportBatch,
    Invitation,
    LetterSwitchedOff,
    OrganizationApplication,
    ProposedWords,
    Report,
    ReportHistory,
)
from safekeeping.datamap import PERSONAL, STAFF, Field, declare

LINK = "link: 60 days after it expires"
ASKED = "asking: 400 days"
IMPORTED = "import: 400 days, 14 if it was only looked at"
PROPOSED = "proposed words: until they are public or forgotten; a question about an address: with its place"
DOUBT = "doubt: 400 days after it is settled"
WISH = "choice of e-mails: with the membership"
INVITED = "invitation: 60 days after it expires"
JOINING = "asking to join: 14 days unconfirmed, 400 days after the decision"
COMPLIANCE = "compliance: as long as the organization is listed"
REPORT = "report: the address 90 days after the answer, where it came from after a day; the rest holds nobody’s data"


def enter() -> None:
    """Declare every field of askings and their links."""
    asked = Field(STAFF, "asking providers once, and knowing how often", retention=ASKED)
    declare(
        Asking,
        dict.fromkeys(
            ["id", "organization", "number", "step", "begun_at", "asked_at", "pools", "services", "about_organization"],
            asked,
        ),
    )
    doubt = Field(STAFF, "putting right what a provider says is wrong", retention=DOUBT)
    declare(
        Doubt,
        {
            **dict.fromkeys(["id", "organization", "service", "wish", "said_at", "settled_at"], doubt),
            "said_by": Field(PERSONAL, "knowing whom to ring", subject_access=True, retention=DOUBT),
        },
    )
    wish = Field(PERSONAL, "sending nobody what they do not want", subject_access=True, retention=WISH)
    declare(LetterSwitchedOff, dict.fromkeys(["id", "membership", "kind", "at"], wish))
    link = Field(STAFF, "answering from an e-mail without signing in", retention=LINK)
    declare(
        ConfirmationLink,
        {
            **dict.fromkeys(["id", "asking", "token_hash", "sent_at", "expires_at", "withdrawn_at"], link),
            "membership": Field(PERSONAL, "knowing whom the link was sent to", subject_access=True, retention=LINK),
        },
    )
    proposed = Field(STAFF, "words that wait for a steward", retention=PROPOSED)
    who = Field(PERSONAL, "knowing who wrote, sent or decided", subject_access=True, retention=PROPOSED)
    declare(
        ProposedWords,
        {
            **dict.fromkeys(
                ["id", "service", "organization", "words", "before", "sent", "changed_at", "sent_at"], proposed
            ),
            **dict.fromkeys(["changed_by", "sent_by"], who),
        },
    )
    declare(
        ChangeProposal,
        {
            **dict.fromkeys(
                [
                    "id",
                    "location",
                    "organization",
                    "was",
                    "becomes",
                    "because",
                    "state",
                    "proposed_at",
                    "decided_at",
                    "reason",
                ],
                proposed,
            ),
            **dict.fromkeys(["proposed_by", "decided_by"], who),
        },
    )
    enter_joining()
    enter_reports()
    enter_imports()


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


def enter_reports() -> None:
    """Declare every field of what readers report."""
    told = Field(STAFF, "putting right what a page says", retention=REPORT)
    declare(
        Report,
        {
            **dict.fromkeys(
                [
                    "ref", "kind", "service", "organization", "page", "what", "name", "reach", "text", "state",
                    "state_since", "sent_at", "due_at", "answer", "answered_at",
                ],
                told,
            ),
            "address": Field(
                PERSONAL, "telling whoever asked what became of it", sealed=True, subject_access=True, retention=REPORT
            ),
            "sender": Field(PERSONAL, "counting how many reports come from one place in an hour", retention=REPORT),
        },
    )  # fmt: skip
    moved = Field(STAFF, "knowing who looked at a report", retention=REPORT)
    declare(
        ReportHistory,
        {
            **dict.fromkeys(
                ["id", "report", "number", "was", "became", "reason", "by_role", "by_organization", "at"], moved
            ),
            "by_person": Field(PERSONAL, "knowing who looked at a report", subject_access=True, retention=REPORT),
        },
    )


def enter_imports() -> None:
    """Declare every field of an import."""
    brought = Field(STAFF, "taking an import back", retention=IMPORTED)
    declare(
        ImportBatch,
        {
            **dict.fromkeys(
                ["id", "name", "columns", "state", "publish", "looked_at", "begun_at", "finished_at"], brought
            ),
            "by": Field(PERSONAL, "knowing who brought it", subject_access=True, retention=IMPORTED),
        },
    )
