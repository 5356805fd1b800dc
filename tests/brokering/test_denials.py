"""Trying doors is on record, and told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from brokering import denials
from directory.models import Role
from safekeeping.models import AuditEvent, OutboxRow
from tests.factories import brokering as make
from tests.factories.brokering import AT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def told():
    return OutboxRow.objects.filter(key__startswith="denied:")


def test_e44_the_fifth_closed_door_within_an_hour_is_told_to_the_privacy_officer_once(here):
    make.hat(here.council, Role.IG_OFFICER)
    for number in range(4):
        denials.note(uuid4(), by=here.manager, at=AT + number * MINUTE)
    assert not told().exists()
    for number in range(4, 8):
        denials.note(uuid4(), by=here.manager, at=AT + number * MINUTE)
    assert told().count() == 1
    assert here.manager.person not in told().get().payload["text"]
    assert AuditEvent.objects.filter(action=denials.ACTION, outcome="refused").count() == 8


def test_four_closed_doors_a_day_are_nobodys_business(here):
    make.hat(here.council, Role.IG_OFFICER)
    for number in range(8):
        denials.note(uuid4(), by=here.manager, at=AT + number * 20 * MINUTE)
    assert not told().exists()


@pytest.mark.parametrize("who", ["manager", "dsl", "elsewhere"])
def test_what_is_not_there_and_what_is_not_theirs_leave_the_same_trace(here, who, settings):
    from directory.models import Membership
    from tests.factories.people import browser_of

    path = {"manager": "/offers/{}/", "dsl": "/requests/{}/", "elsewhere": "/desk/requests/{}/"}[who]
    there = {
        "manager": lambda: make.offered(here, service=here.music).pk,
        "dsl": lambda: make.sent(here, by=make.hat(make.make.organization(), Role.PROFESSIONAL)).pk,
        "elsewhere": lambda: make.sent(here).pk,
    }[who]()
    client = browser_of(Membership.objects.get(pk=getattr(here, who).membership_id))
    answers = [client.get(path.format(ref)) for ref in (there, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert AuditEvent.objects.filter(action=denials.ACTION).count() == 2
