"""A request for named people only: for everybody else it is not there, in lists as well as alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from brokering import disclosure, notifications, requests, restrictions, rights
from brokering.models import RequestReader, RestrictionDecision
from brokering.requests import AnswerRefused
from directory.models import Membership
from safekeeping.models import AuditEvent, OutboxRow, User
from tests.factories import brokering as make
from tests.factories.brokering import AT, DAY, HOUR
from tests.factories.people import browser_of

pytestmark = pytest.mark.django_db
WHY = "A relative works at the council"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT + HOUR)


def browser(hat) -> Client:
    return browser_of(Membership.objects.get(pk=hat.membership_id))


def restricted(here, *, readers=(), **more):
    request = make.accepted(here, **more)
    restrictions.restrict(request, readers=readers, because=WHY, by=here.coordinator, at=AT)
    return make.now(request)


def sees(hat, request):
    lines = disclosure.desk(by=hat, at=AT).lines
    in_list = any(one.ref == request.pk for one in lines)
    try:
        disclosure.case(request.pk, by=hat, at=AT)
    except rights.NotYours:
        return (in_list, False)
    return (in_list, True)


def test_only_named_coordinators_see_it_in_the_list_and_alone(here):
    request = restricted(here)
    assert sees(here.coordinator, request) == (True, True)
    assert sees(here.second, request) == (False, False)
    restrictions.restrict(request, readers=[here.second.user_id], because=WHY, by=here.coordinator, at=AT)
    assert sees(here.second, request) == (True, True)
    restrictions.restrict(request, readers=[], because=WHY, by=here.coordinator, at=AT)
    assert sees(here.second, request) == (False, False), "a name can be taken off again"


def test_whoever_asked_keeps_it_and_colleagues_of_the_school_do_not(here):
    request = restricted(here)
    assert disclosure.status(request.pk, by=here.dsl, at=AT)
    with pytest.raises(rights.NotYours):
        disclosure.status(request.pk, by=here.colleague, at=AT)
    assert request.pk not in [one.ref for one in disclosure.requests_of(by=here.colleague, at=AT)]


def test_for_whoever_is_not_named_the_page_is_the_one_of_what_does_not_exist(here):
    request = restricted(here)
    client = browser(here.second)
    there = client.get(f"/desk/requests/{request.pk}/")
    nowhere = client.get("/desk/requests/00000000-0000-4000-8000-000000000000/")
    assert there.status_code == nowhere.status_code == 404
    for answer in (there, nowhere):
        assert request.public_ref not in answer.content.decode()
    assert len(there.content) == len(nowhere.content)
    assert client.get(f"/desk/requests/{request.pk}/readers/").status_code == 404
    assert client.post(f"/desk/requests/{request.pk}/readers/lift/", {"lift-because": "Let me"}).status_code == 404


def test_only_a_coordinator_who_sees_it_restricts_or_opens_it(here):
    request = restricted(here)
    for who in (here.second, here.elsewhere, here.dsl, here.manager):
        with pytest.raises(rights.NotYours):
            restrictions.lift(request, because="Let me", by=who, at=AT)
        with pytest.raises(rights.NotYours):
            restrictions.restrict(request, readers=[who.user_id], because="Me too", by=who, at=AT)
    assert make.now(request).restricted


def test_it_is_opened_again_with_a_reason_and_both_decisions_are_kept_sealed(here):
    request = restricted(here)
    restrictions.lift(request, because="The relative has left", by=here.coordinator, at=AT + HOUR)
    assert sees(here.second, request) == (True, True)
    assert not RequestReader.objects.unscoped(reason="a test counts").filter(request=request).exists()
    kept = RestrictionDecision.objects.unscoped(reason="a test reads").filter(request=request).order_by("at")
    assert [(one.restricted, one.because) for one in kept] == [(True, WHY), (False, "The relative has left")]
    told = AuditEvent.objects.filter(action__in=["request.restrict", "request.lift-restriction"])
    assert told.count() == 2 and not any(WHY in repr(vars(one)) for one in told)


@pytest.mark.parametrize("because", ["", "   ", "long " * 1000])
def test_neither_is_done_without_a_reason(here, because):
    request = make.accepted(here)
    with pytest.raises(AnswerRefused):
        restrictions.restrict(request, readers=[], because=because, by=here.coordinator, at=AT)
    assert not make.now(request).restricted


def test_nobody_is_named_who_could_not_see_it_anyway(here):
    request = make.accepted(here)
    for who in (here.elsewhere, here.manager, here.other_manager):
        with pytest.raises(AnswerRefused) as refused:
            restrictions.restrict(request, readers=[who.user_id], because=WHY, by=here.coordinator, at=AT)
        assert list(refused.value.errors) == ["readers"]
    assert {person for person, _, _ in restrictions.could_read(request, at=AT)} == {
        here.coordinator.user_id, here.second.user_id, here.colleague.user_id,
    }  # fmt: skip


def test_whoever_restricts_it_and_leaves_its_coordinator_out_takes_it_over(here):
    request = make.accepted(here)
    requests.take(request, by=here.second, at=AT)
    restrictions.restrict(request, readers=[], because=WHY, by=here.coordinator, at=AT)
    assert make.now(request).coordinator_id == here.coordinator.user_id


def test_messages_go_to_named_people_only(here):
    request = restricted(here, readers=[])
    type(request).objects.unscoped(reason="nobody’s yet").filter(pk=request.pk).update(coordinator=None)
    OutboxRow.objects.all().delete()
    notifications.change_told_to_coordinator(make.now(request), at=AT)
    assert [row.payload["to"] for row in OutboxRow.objects.all()] == [
        [User.objects.get(pk=here.coordinator.user_id).email]
    ]


def test_a_membership_that_ends_takes_the_sight_with_it(here):
    request = restricted(here, readers=[here.second.user_id])
    client = browser(here.second)
    assert client.get(f"/desk/requests/{request.pk}/").status_code == 200
    Membership.objects.filter(pk=here.second.membership_id).update(until_on=AT.date() - 2 * DAY)
    assert client.get(f"/desk/requests/{request.pk}/").status_code != 200


def test_the_page_names_who_may_see_it_and_keeps_what_was_typed(here):
    request = make.accepted(here)
    client = browser(here.coordinator)
    address = f"/desk/requests/{request.pk}/readers/"
    page = client.get(address).content.decode()
    assert here.second.person in page and here.coordinator.person not in page.split("<form", 2)[-1]
    half = client.post(address, {"readers-readers": [here.second.user_id], "readers-because": ""})
    assert half.status_code == 200 and "Say why, in a sentence" in half.content.decode()
    assert f'value="{here.second.user_id}" checked' in half.content.decode()
    told = {"readers-readers": [here.second.user_id], "readers-because": WHY}
    assert client.post(address, told).status_code == 302
    case = client.get(f"/desk/requests/{request.pk}/").content.decode()
    assert "Named people only" in case and WHY in case
    assert "named people only" in client.get("/desk/").content.decode()
    opened = client.post(f"{address}lift/", {"lift-because": "The relative has left"})
    assert opened.status_code == 302 and not make.now(request).restricted
