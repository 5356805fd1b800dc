"""Providers are asked whether their figures are still right: once, about everything, in working hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import asking, capacity
from directory.hats import hat_of
from directory.models import (
    Asking,
    CapacityModel,
    ConfirmationLink,
    LetterKind,
    LetterSwitchedOff,
    Membership,
    Role,
)
from safekeeping.models import AuditEvent, BouncingAddress, OutboxRow, User
from safekeeping.policy import Hat
from tests.factories.directory import organization, pool, service
from tests.factories.people import member
from tests.safekeeping.race import copied_to_file, together

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def umoja():
    return organization("Umoja Path")


@pytest.fixture
def marcus(umoja) -> Membership:
    return member(Role.PROVIDER_ADMIN, umoja, name="Marcus Bell")


@pytest.fixture
def mentoring(umoja, at):
    """Places whose figure runs out tonight."""
    return pool(service(by=umoja), at=at - 6.5 * DAY, name="One-to-one mentoring")


def mails() -> list[OutboxRow]:
    return list(OutboxRow.objects.filter(kind="mail").order_by("pk"))


def test_a_provider_gets_one_email_that_lists_all_its_figures(umoja, marcus, mentoring, at):
    pool(service(by=umoja), at=at - 4 * DAY, name="Brothers and sisters")
    pool(service(by=umoja), at=at, name="Said this minute")
    assert asking.ask_for_what_is_due(at) == 1
    [mail] = mails()
    assert mail.payload["to"] == [marcus.user.email]
    assert mail.payload["subject"] == "Still right? Two numbers to check for Umoja Path"
    for body in (mail.payload["text"], mail.payload["html"]):
        assert "Are these still right, Marcus?" in body
        assert "One-to-one mentoring" in body
        assert "Brothers and sisters" in body
        assert "2 places free" in body
        assert "/confirm/?t=" in body
        assert "First Response" in body
        assert "Said this minute" not in body


def test_one_figure_is_told_in_the_subject(marcus, mentoring, at):
    asking.ask_for_what_is_due(at)
    assert mails()[0].payload["subject"] == "Still right? 2 places free, One-to-one mentoring"
    assert "from Wednesday 18 November" in mails()[0].payload["text"]


def test_every_manager_gets_a_link_of_their_own_and_nobody_else_one(umoja, marcus, mentoring, at):
    other = member(Role.PROVIDER_ADMIN, umoja)
    member(Role.PROVIDER_WORKER, umoja)
    member(Role.PROVIDER_ADMIN, organization("Somebody else"))
    assert asking.ask_for_what_is_due(at) == 2
    assert {mail.payload["to"][0] for mail in mails()} == {marcus.user.email, other.user.email}
    assert ConfirmationLink.objects.values("token_hash").distinct().count() == 2
    assert Asking.objects.count() == 1


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 11, 18, 8, 59, tzinfo=UTC),
        datetime(2026, 11, 18, 17, 0, tzinfo=UTC),
        datetime(2026, 11, 21, 11, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 12, 25, 11, 0, tzinfo=UTC),
        datetime(2026, 12, 28, 11, 0, tzinfo=UTC),  # stands in for Boxing Day
        datetime(2026, 7, 1, 7, 30, tzinfo=UTC),  # half past eight in summer
    ],
)
def test_nobody_is_asked_outside_working_hours(marcus, mentoring, when):
    assert asking.ask_for_what_is_due(when) == 0
    assert mails() == []


def test_nobody_is_asked_twice_until_the_next_email_is_due(marcus, mentoring, at):
    assert [asking.ask_for_what_is_due(at + timedelta(hours=hours)) for hours in (0, 0, 1, 2, 24)] == [1, 0, 0, 0, 0]
    assert asking.ask_for_what_is_due(at + 2 * DAY) == 1
    assert mails()[-1].payload["subject"].startswith("We have not heard from you yet")
    assert asking.ask_for_what_is_due(at + 5 * DAY) == 1
    assert asking.ask_for_what_is_due(at + 6 * DAY) == 0
    assert [one.step for one in Asking.objects.all()] == [0, 1, 2]


def test_an_answer_ends_the_round(marcus, mentoring, at):
    asking.ask_for_what_is_due(at)
    capacity.confirm(mentoring, by=None, at=at + timedelta(hours=1))
    assert asking.ask_for_what_is_due(at + 2 * DAY) == 0
    assert asking.ask_for_what_is_due(at + 7 * DAY) == 1
    assert [one.step for one in Asking.objects.all()] == [0, 0]


def paused(place, at):
    capacity.pause(place, by=None, at=at)


def over(place, at):
    type(place).objects.update(ends_on=(at - DAY).date())


def suspended_service(place, at):
    standing = place.services.get().standing
    standing.standing = "suspended"
    standing.save()


def archived_service(place, at):
    standing = place.services.get().standing
    standing.standing = "archived"
    standing.save()


def suspended_organization(place, at):
    standing = place.organization.standing
    standing.standing = "suspended"
    standing.save()


def unpublished_service(place, at):
    place.services.update(live=False)


def nobody_to_ask(place, at):
    Membership.objects.update(until_on=(at - DAY).date())


def account_closed(place, at):
    User.objects.update(is_active=False)


@pytest.mark.parametrize(
    "because",
    [
        paused,
        over,
        suspended_service,
        archived_service,
        suspended_organization,
        unpublished_service,
        nobody_to_ask,
        account_closed,
    ],
)
def test_nobody_is_asked_about_what_is_no_longer_offered_or_by_nobody(marcus, mentoring, at, because):
    because(mentoring, at)
    assert asking.ask_for_what_is_due(at) == 0
    assert not Asking.objects.exists()


def test_whoever_becomes_a_manager_later_is_asked_then(umoja, mentoring, at):
    assert asking.ask_for_what_is_due(at) == 0
    member(Role.PROVIDER_ADMIN, umoja)
    assert asking.ask_for_what_is_due(at) == 1


def test_a_group_is_asked_for_two_weeks_before_it_starts(umoja, marcus, at):
    group = pool(
        service(by=umoja),
        model=CapacityModel.COHORT_PLACES,
        starts_on=(at + 20 * DAY).date(),
        confirmed_until=at + 6 * DAY,
    )
    assert asking.ask_for_what_is_due(at) == 0
    assert asking.ask_for_what_is_due(at + 5 * DAY) == 1
    capacity.confirm(group, by=None, at=at + 6 * DAY)
    assert asking.ask_for_what_is_due(at + 13 * DAY) == 0


def test_a_provider_that_never_told_us_is_asked_to_tell(umoja, marcus, at):
    pool(service(by=umoja), free=None, last_confirmed_at=None, confirmed_until=None)
    assert asking.ask_for_what_is_due(at) == 1
    text = mails()[0].payload["text"]
    assert "You have not told us yet" in text
    assert "“Change” and tell us how many there are" in text


def test_coordinators_are_told_after_a_week_also_where_there_is_nobody_to_ask(umoja, at):
    pool(service(by=umoja), at=at - 14 * DAY, name="Silent")
    coordinator = member(Role.COORDINATOR, organization())
    assert asking.ask_for_what_is_due(at) == 1
    assert asking.ask_for_what_is_due(at + DAY) == 0
    assert mails()[0].payload["to"] == [coordinator.user.email]


def test_two_clocks_at_once_ask_once(umoja, marcus, mentoring, at, monkeypatch):
    """Both have looked before either has written: the row that remembers the asking decides."""
    looked = asking.last_askings([umoja.pk])
    assert looked == {}
    monkeypatch.setattr(asking, "last_askings", lambda organizations: looked)
    assert [asking.ask_for_what_is_due(at), asking.ask_for_what_is_due(at)] == [1, 0]
    assert len(mails()) == 1
    assert ConfirmationLink.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clocks_in_two_threads_ask_once(umoja, marcus, mentoring, at, tmp_path, monkeypatch):
    for _ in range(7):
        other = organization()
        member(Role.PROVIDER_ADMIN, other)
        pool(service(by=other), at=at - 6.5 * DAY)
    copied_to_file(tmp_path, monkeypatch)
    told = together(*(lambda: asking.ask_for_what_is_due(at) for _ in range(4)))
    assert sum(told) == 8
    [kept] = together(lambda: (Asking.objects.count(), ConfirmationLink.objects.count(), len(mails())))
    assert kept == (8, 8, 8)


def test_a_failure_that_is_not_another_clock_is_not_swallowed(marcus, mentoring, at, monkeypatch):
    from django.db import IntegrityError

    def broken(*args, **more):
        raise IntegrityError("something else")

    monkeypatch.setattr(asking.links, "send_to_managers", broken)
    with pytest.raises(IntegrityError):
        asking.ask_for_what_is_due(at)


def test_an_email_costs_the_same_for_two_figures_and_for_twenty(at):
    costs = []
    for many in (1, 2, 22):  # the first only so that somebody has been asked before
        provider = organization()
        member(Role.PROVIDER_ADMIN, provider)
        for number in range(many):
            pool(service(by=provider), service(by=provider), at=at - 6.5 * DAY, name=f"Places {number:02}")
        with CaptureQueriesContext(connection) as asked:
            assert asking.ask(at) == 1
        costs.append(len(asked))
    assert costs[1] == costs[2]
    _, short, long = (mail.payload["text"] for mail in mails())
    assert "more, on the page" not in short
    assert "and 10 more, on the page" in long
    assert len(long.encode()) < 3000


def test_old_links_and_askings_are_forgotten(marcus, mentoring, at):
    asking.ask_for_what_is_due(at)
    asking.forget_old(at + 66 * DAY)
    assert ConfirmationLink.objects.exists()
    asking.forget_old(at + 68 * DAY)
    assert not ConfirmationLink.objects.exists()
    assert Asking.objects.exists()
    asking.forget_old(at + 401 * DAY)
    assert not Asking.objects.exists()


def test_no_token_is_kept(marcus, mentoring, at):
    """What could open the page is in the e-mail and nowhere else."""
    import re

    asking.ask_for_what_is_due(at)
    token = re.search(r"t=([0-9a-f]{64})", mails()[0].payload["text"]).group(1)
    link = ConfirmationLink.objects.get()
    assert token not in repr(ConfirmationLink.objects.values().get())
    assert link.token_hash != token
    assert token not in mails()[0].key


# --- a steward asks -----------------------------------------------------------------------------------------------------


@pytest.fixture
def steward() -> Hat:
    mel = member(Role.CONTENT_EDITOR, organization("The city"), name="Mel Tran")
    return hat_of(mel)


def test_a_steward_has_a_provider_asked_at_once_and_it_is_on_record(steward, umoja, marcus, mentoring, at):
    assert asking.ask_now(umoja.pk, by=steward, at=at) == at
    [mail] = mails()
    assert mail.payload["to"] == [marcus.user.email]
    event = AuditEvent.objects.get(action="provider.ask")
    assert (event.actor, event.object_ref) == (steward.user_id, str(umoja.pk))


def test_nobody_is_asked_twice_on_one_day_whoever_asks(steward, umoja, marcus, mentoring, at):
    asking.ask_now(umoja.pk, by=steward, at=at)
    with pytest.raises(asking.AskedToday):
        asking.ask_now(umoja.pk, by=steward, at=at + timedelta(hours=3))
    assert asking.ask_for_what_is_due(at + timedelta(hours=4)) == 0
    assert len(mails()) == 1
    other = organization("Other")
    member(Role.PROVIDER_ADMIN, other)
    pool(service(by=other), at=at - 6.5 * DAY)
    asking.ask_for_what_is_due(at + timedelta(hours=5))
    with pytest.raises(asking.AskedToday):
        asking.ask_now(other.pk, by=steward, at=at + timedelta(hours=6))
    assert len(mails()) == 2


def test_what_is_not_due_is_not_asked_for(steward, umoja, marcus, at):
    pool(service(by=umoja), at=at, name="Said this minute")
    with pytest.raises(asking.NothingDue):
        asking.ask_now(umoja.pk, by=steward, at=at)


def test_who_cannot_be_reached_is_not_asked(steward, umoja, mentoring, at):
    with pytest.raises(asking.NobodyToAsk):
        asking.ask_now(umoja.pk, by=steward, at=at)
    marcus = member(Role.PROVIDER_ADMIN, umoja)
    BouncingAddress.objects.create(email=marcus.user.email, bounced_at=at)
    with pytest.raises(asking.NobodyToAsk):
        asking.ask_now(umoja.pk, by=steward, at=at)


def test_who_has_switched_such_letters_off_gets_none_from_a_steward_either(steward, umoja, marcus, mentoring, at):
    other = member(Role.PROVIDER_ADMIN, umoja)
    LetterSwitchedOff.objects.create(membership=marcus, kind=LetterKind.DUE, at=at)
    asking.ask_now(umoja.pk, by=steward, at=at)
    assert [mail.payload["to"] for mail in mails()] == [[other.user.email]]


FRIDAY_EVENING = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
MONDAY_AT_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_outside_working_hours_it_waits_for_them(steward, umoja, marcus, mentoring):
    for _ in range(2):
        assert asking.ask_now(umoja.pk, by=steward, at=FRIDAY_EVENING) == MONDAY_AT_NINE
    assert AuditEvent.objects.filter(action="provider.ask").count() == 1
    assert OutboxRow.objects.get(kind=asking.BY_HAND).due_at == MONDAY_AT_NINE
    assert not mails()
    asking.ask_as_promised(umoja.pk, at=MONDAY_AT_NINE)
    assert len(mails()) == 1
    asking.ask_as_promised(umoja.pk, at=MONDAY_AT_NINE)
    assert len(mails()) == 1
    with pytest.raises(asking.AskedToday):
        asking.ask_now(umoja.pk, by=steward, at=MONDAY_AT_NINE + timedelta(hours=2))


def test_what_was_answered_or_asked_over_the_weekend_is_not_asked_again(steward, umoja, marcus, mentoring):
    asking.ask_now(umoja.pk, by=steward, at=FRIDAY_EVENING)
    capacity.confirm(mentoring, by=steward, at=FRIDAY_EVENING + DAY)
    asking.ask_as_promised(umoja.pk, at=MONDAY_AT_NINE)
    assert not mails()
    type(mentoring).objects.update(confirmed_until=FRIDAY_EVENING)
    asking.ask_for_what_is_due(MONDAY_AT_NINE)
    asking.ask_as_promised(umoja.pk, at=MONDAY_AT_NINE)
    assert len(mails()) == 1


def test_a_worker_that_comes_after_hours_waits_for_the_next_morning(umoja, marcus, mentoring):
    asking.ask_as_promised(umoja.pk, at=FRIDAY_EVENING)
    assert OutboxRow.objects.get(kind=asking.BY_HAND).due_at == MONDAY_AT_NINE


def test_asking_by_hand_takes_the_place_of_the_next_reminder_and_adds_none(steward, umoja, marcus, mentoring, at):
    asking.ask_for_what_is_due(at)
    asking.ask_now(umoja.pk, by=steward, at=at + DAY)
    assert [one.step for one in Asking.objects.order_by("number")] == [0, 1]
    asking.ask_for_what_is_due(at + 5 * DAY)
    asking.ask_now(umoja.pk, by=steward, at=at + 6 * DAY)
    assert [one.step for one in Asking.objects.order_by("number")] == [0, 1, 2, 2]
    assert asking.ask_for_what_is_due(at + 9 * DAY) == 0
