"""What waits for a steward is told once a day, to whoever wants it, and names nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from directory import letters, proposals, waiting, words
from directory.models import LetterKind, LetterSwitchedOff, Location, Role
from safekeeping.models import OutboxRow
from safekeeping.policy import Hat
from tests.factories import directory as make
from tests.factories import site as stewards_side
from tests.factories.people import member

pytestmark = pytest.mark.django_db
AT = make.AT  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def umoja(db):
    stewards_side.set_up()
    return make.organization("Umoja Path")


@pytest.fixture
def manager(umoja):
    return member(Role.PROVIDER_ADMIN, umoja, name="Marcus Bell")


@pytest.fixture
def steward(umoja):
    return member(Role.CONTENT_EDITOR, make.organization("The council"), name="Mel Tran")


def hat_of(one) -> Hat:
    return Hat(
        membership_id=one.pk, user_id=one.user_id, person=one.user.name, role=one.role,
        organization_id=one.organization_id, organization=one.organization.name,
    )  # fmt: skip


def propose(service, manager, at=AT):
    seen = {"summary": words.digest(proposals.draft_of(service).now["summary"])}
    proposals.write(service, {"summary": "Somebody else."}, seen=seen, by=hat_of(manager), at=at)
    proposals.propose_changes(service, by=hat_of(manager), at=at)


def told() -> list[str]:
    return [row.payload["text"] for row in OutboxRow.objects.filter(key__startswith="proposals-wait:").order_by("pk")]


def test_nothing_waits_and_nobody_is_written_to(steward):
    assert waiting.tell(AT) == 0


def test_it_is_told_once_a_day_by_organization_and_not_at_the_weekend(umoja, manager, steward):
    propose(make.service("Mentoring", by=umoja), manager)
    propose(make.service("Boxing", by=umoja), manager)
    assert [waiting.tell(AT), waiting.tell(AT + timedelta(hours=1))] == [1, 0]
    [text] = told()
    assert "Umoja Path: 2" in text
    assert "waited longer" not in text
    assert "Marcus" not in text
    assert "Mentoring" not in text
    assert [waiting.tell(AT + 5 * DAY), waiting.tell(AT + 6 * DAY)] == [0, 0]
    assert waiting.tell(AT + 4 * DAY) == 1
    assert "2 of them have waited longer" in told()[-1]


def test_what_has_been_taken_back_does_not_wait(umoja, manager, steward):
    mentoring = make.service("Mentoring", by=umoja)
    propose(mentoring, manager)
    proposals.withdraw(mentoring, by=hat_of(manager), at=AT)
    assert waiting.tell(AT) == 0


def test_a_moderation_that_a_steward_has_begun_is_no_proposal(umoja, steward):
    service = make.service("Mentoring", by=umoja)
    service.save_revision()
    service.get_workflow().start(service, steward.user)
    assert waiting.tell(AT) == 0


def test_an_address_that_waits_is_counted(umoja, manager, steward):
    place: Location = make.location(organization=umoja)
    place.proposals.create(organization=umoja, was="full", becomes="locality", proposed_by=manager.user, proposed_at=AT)
    assert waiting.tell(AT) == 1
    assert "Umoja Path: 1" in told()[0]


def test_who_has_switched_it_off_gets_none(umoja, manager, steward):
    propose(make.service("Mentoring", by=umoja), manager)
    letters.choose(hat_of(steward), [LetterKind.DIGEST], at=AT, on=AT.date())
    assert LetterSwitchedOff.objects.get().kind == LetterKind.WAITING
    assert waiting.tell(AT) == 0
