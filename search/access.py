"""Who the finder's routes are for: everybody, without signing in (INV-P2); saved searches are for those who are told of them."""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import PUBLIC, Audience, roles

SAVING = roles(
    "professional", "school_dsl", "coordinator", "partnership_team", "provider_admin", "provider_worker"
)  # `saved.SAVERS`
ROUTES: dict[str, Audience] = {
    "search:home": PUBLIC,
    "search:find": PUBLIC,
    "search:suggestions": PUBLIC,
    "search:outlines": PUBLIC,
    **{  # what is on a list is in the reader's browser; what this reader may not see does not show
        f"search:{name}": PUBLIC
        for name in ("shortlist", "shortlist_add", "shortlist_remove", "shortlist_empty", "compare", "shared")
    },
    "search:send": PUBLIC,  # of what everybody may see
    "search:sent": PUBLIC,
    "search:stop": PUBLIC,  # whoever holds the link of an e-mail: it stops e-mails and nothing else
    **{
        f"search:{name}": SAVING
        for name in ("saved", "save", "saved_search", "saved_pause", "saved_go_on", "saved_delete")
    },
}
PRIVATE = ("/saved-searches/",)


def register() -> None:
    """Tell the policy."""
    policy.declare(ROUTES)
    policy.private_prefixes(*PRIVATE)
