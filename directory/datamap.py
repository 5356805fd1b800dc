"""What the directory holds of people at work, in order to ask them and to know who proposed what: its rows of the data map."""

from __future__ import annotations

from directory.models import Asking, ChangeProposal, ConfirmationLink, ProposedWords, Report, ReportHistory
from safekeeping.datamap import PERSONAL, STAFF, Field, declare

LINK = "link: 60 days after it expires"
ASKED = "asking: 400 days"
PROPOSED = "proposed words: until they are public or forgotten; a question about an address: with its place"
REPORT = "report: the address 90 days after the answer, where it came from after a day; the rest holds nobody’s data"


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
