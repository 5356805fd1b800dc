"""Who the directory's routes are for, where a provider starts, and the hats that everybody's memberships give them."""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import PUBLIC, Audience, roles

PROVIDER = roles("provider_admin")
ROUTES: dict[str, Audience] = {
    "directory:service": PUBLIC,  # what is not for the public is hidden by `Service.objects.visible_to`
    "directory:for_providers": PUBLIC,
    "directory:on_paper": PUBLIC,
    "directory:as_table": PUBLIC,
    "directory:confirm": PUBLIC,  # whoever holds the link of an e-mail; without one there is nothing to see
    "directory:new_link": PUBLIC,  # sent to nobody but the person who had the old one
    "directory:link_sent": PUBLIC,
    "directory:my_services": PROVIDER,
    "directory:pool": PROVIDER,
    "directory:pool_confirm": PROVIDER,
    "directory:pool_reopen": PROVIDER,
    "directory:another_day": PROVIDER,
    "directory:call_off": PROVIDER,
    "directory:stop_links": PROVIDER,
}
PRIVATE = ("/my-services/",)


def register() -> None:
    """Tell the policy all that the directory knows: routes, hats, and that every role here asks for a second factor."""
    from directory.hats import hats_of
    from directory.models import Role

    policy.declare(ROUTES)
    policy.private_prefixes(*PRIVATE)
    policy.offer_hats(hats_of)
    policy.need_second_factor(Role.values)
