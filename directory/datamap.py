"""What the directory holds of people at work, in order to ask them and to know who proposed what: its rows of the data map."""

from __future__ import annotations

from directory.models import Asking, ChangeProposal, ConfirmationLink, Doubt, LetterSwitchedOff, ProposedWords
from safekeeping.datamap import PERSONAL, STAFF, Field, declare

LINK = "link: 60 days after it expires"
ASKED = "asking: 400 days"
PROPOSED = "proposed words: until they are public or forgotten; a question about an address: with its place"
DOUBT = "doubt: 400 days after it is settled"
WISH = "choice of e-mails: with the membership"


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
