"""
Over HTTP: who looks at a case is on record, or sees nothing of it.

As many events as pages that were read; and with the trail broken a page that says so, and not a word about any child.
"""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from brokering.models import PlaceState
from directory.models import Membership
from safekeeping import audit
from safekeeping.models import AuditEvent
from tests.factories import brokering as make
from tests.factories.people import browser_of

pytestmark = pytest.mark.django_db
WORDS = ("KO", make.CHILD.school_name, make.WISHES.wishes, "Kofi", "Mensah", "0117 496 0123", "Back in lessons")


@pytest.fixture
def looks(db, monkeypatch):
    """Return every page that shows something of a child: its address, who reads it, and a word that they find there."""
    monkeypatch.setattr(timezone, "now", lambda: make.AT + 3 * make.HOUR)
    here = make.world()
    place = make.place_in(PlaceState.ACCEPTED, here)
    offer = make.offered(here)

    def browser(hat):
        client = browser_of(Membership.objects.get(pk=hat.membership_id))
        client.raise_request_exception = False
        return client

    told = [
        ("brokering:requests", [], here.dsl),
        ("brokering:request", [place.request_id], here.dsl),
        ("brokering:check", [place.request_id], here.dsl),
        ("brokering:agreement", [place.request_id], here.dsl),
        ("brokering:desk", [], here.coordinator),
        ("brokering:desk_readers", [place.request_id], here.coordinator),
        ("brokering:desk_request", [place.request_id], here.coordinator),
        ("brokering:offers", [], here.manager),
        ("brokering:offer", [offer.pk], here.manager),
        ("brokering:place", [place.pk], here.manager),
    ]
    return [(reverse(name, args=arguments), browser(hat), hat) for name, arguments, hat in told]


def test_every_look_is_on_record_each_time(looks):
    for address, browser, hat in looks:
        for _ in range(2):
            before = AuditEvent.objects.count()
            answer = browser.get(address)
            assert answer.status_code == 200, address
            new = AuditEvent.objects.order_by("seq")[before:]
            assert new, f"{address} was read and nobody knows"
            assert {event.actor for event in new} == {hat.user_id}
            assert all(event.object_ref for event in new)


@pytest.mark.parametrize("trouble", [audit.AuditFailed("no head"), OperationalError("no such table")])
def test_with_the_trail_broken_no_page_shows_anything(looks, monkeypatch, trouble):
    shown = [browser.get(address).content.decode() for address, browser, _ in looks]
    assert sum(any(word in page for word in (*WORDS, "SC-")) for page in shown) >= 4, "there is something to hide"

    def broken(cursor):
        raise trouble

    monkeypatch.setattr(audit, "_take_head", broken)
    before = AuditEvent.objects.count()
    for address, browser, _ in looks:
        answer = browser.get(address)
        page = answer.content.decode()
        assert answer.status_code == 503, address
        assert answer.headers["Retry-After"]
        assert not [word for word in (*WORDS, "SC-") if word in page], address
    assert AuditEvent.objects.count() == before
