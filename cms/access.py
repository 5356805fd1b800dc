"""
Who may open the Wagtail admin, and what the public reads of it.

One rule for the whole tree of the admin: a steward, a system administrator or the Partnership Team (for the words of
its courses), wearing that hat, second factor passed.
What they may do inside is Wagtail's own permissions, given to groups that follow the hat (`cms.groups`).
"""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import PUBLIC, Audience, Reach, roles

STAFF = ("content_editor", "sysadmin")
# Has a desk elsewhere, and comes here to write.
WRITERS = ("partnership_team",)
# Nobody: people are let in by dated memberships. Wagtail's own pages for that know neither an end date nor a second factor.
NOBODY = Audience(Reach.ROLES)
TREES: dict[str, Audience] = {
    "admin/": roles(*STAFF, *WRITERS),
    "admin/users/": NOBODY,
    "admin/imports/": roles(*STAFF),
    "admin/groups/": NOBODY,
    "admin/assumptions/": roles(*STAFF),
    "admin/from-readers/": roles(*STAFF),
    "admin/login/": NOBODY,
    "admin/password_reset/": NOBODY,
    "documents/": PUBLIC,
}
ROUTES: dict[str, Audience] = {
    "about": PUBLIC,
    "privacy": PUBLIC,
    "accessibility": PUBLIC,
    "feedback": PUBLIC,
    "wagtail_serve": PUBLIC,
    "find_pages": PUBLIC,
    "event_calendar": PUBLIC,
    "sitemap": PUBLIC,
    "robots": PUBLIC,
    "picture": PUBLIC,
}


def register() -> None:
    """Tell the policy who the pages and the admin are for, and where a steward starts."""
    policy.declare(ROUTES)
    policy.declare(TREES, prefix=True)
    policy.private_prefixes("/admin/")
    for role in STAFF:
        policy.home_of(role, "wagtailadmin_home")
