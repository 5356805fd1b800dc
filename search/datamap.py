"""What the finder holds of people at work, and of who sent an entry to whom: its rows of the data map."""

from __future__ import annotations

from safekeeping.datamap import PERSONAL, STAFF, Field, declare
from search.kept import EntrySent, SavedSearch, SearchMiss

SAVED = "saved search: with the membership, or when it is deleted"
MISSES = "searches that found nothing: 53 weeks; they are of nobody"
SENT = "entry sent by e-mail: one day; the address not longer than the e-mail needs to leave"


def enter() -> None:
    """Declare every field of what the finder keeps."""
    saved = Field(PERSONAL, "telling somebody of a place that they look for", subject_access=True, retention=SAVED)
    work = Field(STAFF, "telling of each place once", retention=SAVED)
    declare(
        SavedSearch,
        {
            **dict.fromkeys(["membership", "name", "facets", "place"], saved),
            **dict.fromkeys(["id", "known", "saved_at", "paused_at", "told_at"], work),
        },
    )
    declare(
        SearchMiss,
        dict.fromkeys(
            ["id", "week", "kind", "facets", "times"], Field(STAFF, "seeing what is missing", retention=MISSES)
        ),
    )
    counted = Field(PERSONAL, "letting nobody be flooded with e-mails", retention=SENT)
    declare(
        EntrySent,
        {
            **dict.fromkeys(["sender", "recipient"], counted),
            **dict.fromkeys(["id", "sent_at"], Field(STAFF, "counting e-mails of an hour", retention=SENT)),
        },
    )
