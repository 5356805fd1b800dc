"""
Put into a running site's database what a proof needs, and print it as JSON: people with open sessions, pools of places.

    python -m tests.proof.prepare PEOPLE POOLS PLACES
"""

from __future__ import annotations

import json
import secrets
import sys
from datetime import timedelta
from typing import Any

import django

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOBODY_CAN_USE = "!"
PROVIDER = "proof-provider"


def session_of(membership: Any) -> dict[str, str]:
    """Return the cookies of somebody who has signed in with a second factor and put on that hat."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from safekeeping import policy
    from safekeeping.session_store import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(membership.user_id)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
    session[policy.SESSION_SECOND_FACTOR] = str(membership.user_id)
    session[policy.SESSION_HAT] = membership.pk
    session.create()
    assert session.session_key is not None
    return {"sessionid": session.session_key, "csrftoken": secrets.token_hex(16)}


def people(how_many: int) -> list[Any]:
    """Make so many coordinators of the whole city, all in one team."""
    from django.utils import timezone

    from directory.models import Membership
    from safekeeping.models import User
    from tests.factories import directory as make

    team = make.organization("Proof team", slug="proof-team")
    today = timezone.localdate()
    made = []
    for number in range(how_many):
        user = User(email=f"proof{number}@team.example", name=f"Coordinator {number}", password=NOBODY_CAN_USE)
        user.save()
        membership = Membership(user=user, organization=team, role="coordinator", citywide=True, from_on=today)
        membership.save()
        made.append(membership)
    return made


def pools(how_many: int, *, places: int) -> list[tuple[str, str]]:
    """Make so many services with a pool of ``places`` free places each; return their ids."""
    from django.utils import timezone

    from tests.factories import directory as make

    at = timezone.now() - timedelta(minutes=1)
    provider = make.organization("Proof provider", slug=PROVIDER)
    made = []
    for number in range(how_many):
        service = make.service(f"Proof service {number}", by=provider, slug=f"proof-service-{number}")
        made.append((str(service.pk), str(make.pool(service, free=places, taken=0, at=at).pk)))
    return made


def main(arguments: list[str]) -> None:
    """Make it all and print it."""
    from django.db import transaction

    how_many, how_many_pools, places = (int(one) for one in arguments)
    with transaction.atomic():
        sessions = [session_of(membership) for membership in people(how_many)]
        made = {"sessions": sessions, "pools": pools(how_many_pools, places=places)}
    sys.stdout.write(f"{json.dumps(made)}\n")


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1:])
