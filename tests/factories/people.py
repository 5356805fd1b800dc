"""People who are signed in, wearing a hat: `member()` makes one, `browser_of()` returns a test client that has passed the door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count

from django.test import Client

from directory.models import Membership, Organization, Role
from safekeeping import policy
from safekeeping.models import User

number = count(1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def member(
    role: Role, organization: Organization, *, name: str = "", localities: Iterable[str] = (), citywide: bool = False
) -> Membership:
    """Make a person with one current membership."""
    one = next(number)
    person = User.objects.create_user(email=f"person-{one}@work.example", name=name or f"Person {one}")
    made = Membership.objects.create(
        user=person, organization=organization, role=role, citywide=citywide, from_on=date(2020, 1, 1)
    )
    made.localities.set(localities)
    return made


def browser_of(membership: Membership) -> Client:
    """Return a client signed in as that person, second factor passed, under that hat."""
    client = Client()
    client.force_login(membership.user, backend=BACKEND)
    session = client.session
    session[policy.SESSION_SECOND_FACTOR] = str(membership.user.pk)
    session[policy.SESSION_HAT] = membership.pk
    session.save()
    return client
