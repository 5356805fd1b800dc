"""Who brokering's routes are for, and where those who work with requests start."""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import Audience, roles

ASKING = roles("professional", "school_dsl")
ASKING_ROUTES: dict[str, Audience] = {
    f"brokering:{name}": ASKING
    for name in (
        "requests", "start", "request", "safety", "advice", "danger", "not_in_danger", "child", "wishes", "help",
        "agreement", "check", "write", "changed", "withdraw", "delete", "contact", "contact_card",
    )
}  # fmt: skip
# For a school, a group or a place; by the same people as for a child.
ASKING_FOR_PLACES: dict[str, Audience] = {
    f"brokering:{name}": ASKING
    for name in (
        "context_start", "context", "context_safety", "context_advice", "context_danger", "context_not_in_danger",
        "context_place", "context_happening", "context_help", "context_check", "context_write", "context_withdraw",
        "context_delete", "context_one_child", "about_a_place",
    )
}  # fmt: skip
DESK = roles("coordinator")
# Who decides about places; the Partnership Team's desk has nothing of a child on it.
DECIDING = roles("coordinator", "partnership_team")
DECIDING_ROUTES: dict[str, Audience] = {
    f"brokering:{name}": DECIDING
    for name in (
        "desk", "desk_context", "desk_context_take", "desk_context_decide", "desk_context_message",
        "desk_context_withdraw", "desk_context_close",
    )
}  # fmt: skip
DESK_ROUTES: dict[str, Audience] = {
    f"brokering:{name}": DESK
    for name in (
        "desk_request", "desk_initials", "desk_decide", "desk_outcome", "desk_take", "desk_message",
        "desk_withdraw", "desk_close", "desk_again", "desk_agree", "desk_shortlist", "desk_look", "desk_offer",
        "desk_attest", "desk_second", "desk_take_back", "desk_reply", "desk_place_end", "desk_readers", "desk_lift",
    )
}  # fmt: skip
# Only managers answer offers; a worker has the places that are theirs.
ANSWERING = roles("provider_admin")
PROVIDING = roles("provider_admin", "provider_worker")
PROVIDING_ROUTES: dict[str, Audience] = {
    **{f"brokering:{name}": ANSWERING for name in ("offer", "offer_accept", "offer_decline", "offer_ask")},
    **{
        f"brokering:{name}": PROVIDING
        for name in ("offers", "place", "place_contact", "place_met", "place_start", "place_end")
    },
}
PRIVATE = ("/requests/", "/desk/", "/offers/")


def register() -> None:
    """Tell the policy all that brokering knows of routes."""
    policy.declare(ASKING_ROUTES)
    policy.declare(ASKING_FOR_PLACES)
    policy.declare(DESK_ROUTES)
    policy.declare(DECIDING_ROUTES)
    policy.declare(PROVIDING_ROUTES)
    policy.private_prefixes(*PRIVATE)
    for role in ("professional", "school_dsl"):
        policy.home_of(role, "brokering:requests")
    for role in ("coordinator", "partnership_team"):
        policy.home_of(role, "brokering:desk")
    for role in ("provider_admin", "provider_worker"):
        policy.home_of(role, "brokering:offers")
