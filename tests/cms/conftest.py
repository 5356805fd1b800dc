"""A steward at the desk, and others who have no business there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import querydict_from_html

from directory import signals
from directory.models import Membership
from safekeeping import policy
from safekeeping.models import User
from tests.factories import directory as make
from tests.factories.postcode_table import small_table

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(stewards_side_of_the_file, db):
    """The groups, the moderation and the pages."""


@pytest.fixture
def employ(db):
    """Return a function that gives somebody a membership: ``employ("content_editor", name="Mel")``."""

    def give(role: str, *, person: User | None = None, until: date | None = None, name: str = "") -> Membership:
        name = name or role.replace("_", " ").capitalize()
        person = person or User.objects.create_user(f"{role}.{User.objects.count()}@work.example", name=name)
        return Membership.objects.create(
            user=person,
            organization=make.organization(),
            role=role,
            from_on=timezone.localdate() - timedelta(days=30),
            until_on=until,
        )

    return give


@pytest.fixture
def wearing(desk):
    """Return a function that gives a browser in which the person of that membership wears that very hat."""

    def browser(membership: Membership, *, second_factor: bool = True) -> Client:
        client = Client()
        client.force_login(membership.user, backend=BACKEND)
        session = client.session
        session[policy.SESSION_HAT] = membership.pk
        if second_factor:
            session[policy.SESSION_SECOND_FACTOR] = str(membership.user_id)
        session.save()
        return client

    return browser


@pytest.fixture
def steward(employ, wearing):
    return wearing(employ("content_editor", name="Mel Tran"))


@pytest.fixture
def public():
    return Client()


@pytest.fixture
def news():
    """Return the list of services that were told of, as it grows."""
    told = []

    def listen(sender, service_ids, **more):
        told.extend(service_ids)

    signals.services_changed.connect(listen)
    yield told
    signals.services_changed.disconnect(listen)


def form_of(html: str) -> dict[str, list[str]]:
    """Return what a browser would send of the editor's form, if nobody touched it."""
    form = querydict_from_html(html, form_id="w-editor-form")
    told = dict(form.lists())
    for box in BeautifulSoup(html, "html.parser").select("#w-editor-form input[type=checkbox][checked]:not([value])"):
        told[box["name"]] = ["on"]
    return told


def fill_in(client: Client, address: str, *, action: str = "", **changes):
    """Open a form of the admin, change some fields, and send it all as a browser would."""
    page = client.get(address)
    assert page.status_code == 200, page
    form = form_of(page.content.decode())
    form |= {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
    if action:
        form[f"action-{action}"] = ["1"]
    return client.post(address, form)


@pytest.fixture
def city(db, settings, tmp_path):
    """Wards, neighbourhoods and a few postcodes."""
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    make.places()
