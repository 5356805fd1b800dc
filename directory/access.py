"""Who the directory's routes are for, where a provider starts, and the hats that everybody's memberships give them."""

from __future__ import annotations

from safekeeping import policy
from safekeeping.policy import PUBLIC, Audience, roles

PROVIDER = roles("provider_admin")
PROVIDERS = roles("provider_admin", "provider_worker")  # a worker reads
PARTNERS = roles("provider_admin", "provider_worker", "school_dsl", "professional")
MANAGERS = roles("provider_admin", "school_dsl")
STEWARDS = roles("content_editor", "sysadmin")
ROUTES: dict[str, Audience] = {
    "directory:service": PUBLIC,  # what is not for the public is hidden by `Service.objects.visible_to`
    "directory:for_providers": PUBLIC,
    "directory:on_paper": PUBLIC,
    "directory:as_table": PUBLIC,
    "directory:confirm": PUBLIC,  # whoever holds the link of an e-mail; without one there is nothing to see
    "directory:new_link": PUBLIC,  # sent to nobody but the person who had the old one
    "directory:link_sent": PUBLIC,
    "directory:report_service": PUBLIC,  # of what this reader may see
    "directory:report_organization": PUBLIC,
    "directory:report_page": PUBLIC,
    "directory:suggest": PUBLIC,
    "directory:report": PUBLIC,  # whoever has its reference; what was written is not on it
    "directory:our_reports": PROVIDER,
    "directory:my_services": PROVIDER,
    "directory:new_pool": PROVIDER,
    "directory:pool": PROVIDER,
    "directory:pool_confirm": PROVIDER,
    "directory:pool_reopen": PROVIDER,
    "directory:another_day": PROVIDER,
    "directory:call_off": PROVIDER,
    "directory:stop_links": PROVIDER,
    **{
        f"directory:{name}": PROVIDERS
        for name in (
            "our_services", "our_service", "our_service_preview", "our_organization", "our_organization_preview", "our_venues",
        )
    },
    **{
        f"directory:{name}": PROVIDER
        for name in (
            "new_service", "our_service_words", "our_service_send", "our_service_withdraw", "our_service_discard",
            "our_service_right", "our_organization_right",
            "our_service_where", "our_service_times", "our_service_closures", "our_organization_words",
            "our_organization_send", "our_organization_withdraw", "our_organization_discard", "our_venue_new", "our_venue",
            "our_venue_withdraw",
        )
    },
    "directory:emails": roles("provider_admin", "content_editor"),
    # how people come in
    "directory:invitation": PUBLIC,  # whoever holds the link of an e-mail
    "directory:join": PUBLIC,
    "directory:join_account": PUBLIC,
    "directory:apply": PUBLIC,
    "directory:join_sent": PUBLIC,
    "directory:join_confirm": PUBLIC,  # whoever holds the link of an e-mail
    "directory:join_confirmed": PUBLIC,
    **{f"directory:{name}": PARTNERS for name in ("people", "people_leave")},
    **{
        f"directory:people_{name}": MANAGERS
        for name in ("invite", "again", "withdraw", "one", "end", "hand_over", "asked")
    },
    "directory:compliance": PROVIDER,
    "directory:compliance_take_back": PROVIDER,
    "directory:joining": STEWARDS,
    **{
        f"directory:joining_{name}": STEWARDS
        for name in ("account", "organization", "invite", "again", "withdraw", "item")
    },
}  # fmt: skip
PRIVATE = ("/my-services/", "/my-organization/", "/my-colleagues/", "/my-compliance/", "/joining/")


def register() -> None:
    """Tell the policy all that the directory knows: routes, hats, and that every role here asks for a second factor."""
    from directory.hats import hats_of
    from directory.models import Role

    policy.declare(ROUTES)
    policy.private_prefixes(*PRIVATE)
    policy.offer_hats(hats_of)
    policy.need_second_factor(Role.values)
