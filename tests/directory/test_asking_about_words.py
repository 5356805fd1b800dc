"""Words are asked about in the same e-mail as figures; one button answers for all of it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory import asking, assurance, capacity, letters
from directory.availability import LONDON
from directory.freshness import LADDER, Asked, Due, next_step
from directory.models import (
    Asking,
    Doubt,
    LetterKind,
    LetterSwitchedOff,
    OrganizationStanding,
    Role,
    ServiceStanding,
)
from safekeeping.models import AuditEvent, BouncingAddress, OutboxRow
from tests.factories.directory import organization, pool, service
from tests.factories.people import browser_of, member

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HERE = reverse("directory:confirm")

# --- one e-mail a day -------------------------------------------------------------------------------------------------

START = datetime(2026, 11, 16, 9, 0, tzinfo=LONDON)
THINGS = [UUID(int=number) for number in range(1, 5)]
# What may happen in an hour of work: something becomes due, has news, or is answered.
EVENTS = st.lists(
    st.tuples(st.integers(0, 24 * 40), st.sampled_from(["due", "news", "answered"]), st.sampled_from(THINGS)),
    max_size=60,
)


@settings(deadline=None)
@example([(77, "due", THINGS[1]), (77, "due", THINGS[3]), (959, "answered", THINGS[1]), (959, "due", THINGS[1])])
@given(EVENTS)
def test_whatever_happens_there_is_one_email_a_day_at_most_and_each_thing_is_told_of(events):
    happens: dict[int, list[tuple[str, UUID]]] = {}
    for hour, what, thing in events:
        happens.setdefault(hour, []).append((what, thing))
    due: dict[UUID, Due] = {}
    said: dict[UUID, datetime | None] = dict.fromkeys(THINGS)
    last, sent, waited = None, [], {}
    for hour in range(24 * 50):
        at = START + hour * HOUR
        for what, thing in happens.get(hour, []):
            if what == "answered":
                due.pop(thing, None)
                said[thing] = at
                waited.pop(thing, None)
            elif what == "due" and thing not in due:
                due[thing] = Due(thing, said[thing])
                waited[thing] = at
            elif what == "news" and thing in due:
                due[thing] = due[thing]._replace(news_at=at)
        step = next_step(due.values(), last, at=at)
        if step is not None:
            sent.append(at)
            begun = at if step == 0 or last is None else last.begun_at
            last = Asked(len(sent), step, begun, at, frozenset(due))
            for thing in due:
                waited.pop(thing, None)
    days = [at.astimezone(LONDON).date() for at in sent]
    assert len(days) == len(set(days))
    # Nothing waits for longer than from one e-mail of a round to the next.
    assert all(at > START + 24 * 50 * HOUR - timedelta(days=4) for at in waited.values())


@pytest.mark.parametrize("news", [0, 1, 4, 6])
def test_news_begins_another_round_after_the_last_email(news):
    thing = THINGS[0]
    last = Asked(3, 2, START, START + 5 * DAY, frozenset([thing]))
    due = [Due(thing, None, START + news * DAY)]
    assert next_step(due, last, at=START + 30 * DAY) == (0 if news > 5 else None)


# --- the e-mail and its page ------------------------------------------------------------------------------------------


@pytest.fixture
def clock(at, monkeypatch):
    class Clock:
        now = at

        def __call__(self):
            return self.now

    monkeypatch.setattr(timezone, "now", clock := Clock())
    return clock


@pytest.fixture
def umoja(db):
    return organization("Umoja Path", description="Mentors.", website="https://umoja.example")


@pytest.fixture
def marcus(umoja):
    return member(Role.PROVIDER_ADMIN, umoja, name="Marcus Bell")


def due_words(one, at, days=0, **fields):
    due = at.date() - days * DAY
    ServiceStanding.objects.filter(service=one).update(assured_on=due - 365 * DAY, next_assurance_due_on=due, **fields)
    return one


def mails():
    return list(OutboxRow.objects.filter(kind="mail", key__startswith="confirm-").order_by("pk"))


def newest_token():
    return re.search(r"/confirm/\?t=([0-9a-f]{64})", mails()[-1].payload["text"]).group(1)


def say(token, act, **more):
    return Client().post(HERE, {"t": token, "act": act, **more})


def look(token):
    return Client().get(HERE, {"t": token}).content.decode()


@pytest.fixture
def both(umoja, marcus, clock, at):
    """A pool, two services' words and the organization's own words, all due, in one e-mail."""
    one = due_words(service("Mentoring", by=umoja), at)
    due_words(service("Boxing", by=umoja), at, days=61, standing="suspended", before_overdue="restricted")
    pool(one, at=at - 6.5 * DAY, name="One-to-one mentoring")
    OrganizationStanding.objects.filter(organization=umoja).update(next_assurance_due_on=at.date())
    assert asking.ask_for_what_is_due(at) == 1
    clock.now += timedelta(minutes=1)
    return newest_token()


def test_figures_and_words_come_in_one_email(both):
    [mail] = mails()
    assert mail.payload["subject"] == "Still right? Four things to check for Umoja Path"
    for body in (mail.payload["text"], mail.payload["html"]):
        for told in ("One-to-one mentoring", "Mentoring", "Boxing", "About Umoja Path", "Nobody sees this page now"):
            assert told in body


def test_words_alone_are_asked_about_too(umoja, marcus, clock, at):
    due_words(service("Mentoring", by=umoja), at)
    assert asking.ask_for_what_is_due(at) == 1
    assert mails()[0].payload["subject"] == "Still right? The words about Mentoring"
    page = look(newest_token())
    assert "Yes, it is still right" in page
    assert "say whether these words are right, and nothing else" in page


def test_one_button_confirms_all_of_it_and_brings_back_what_was_hidden_for_its_age(both, umoja, at):
    page = look(both)
    assert "Yes, all four are still right" in page
    assert say(both, "right").status_code == 302
    assert "Thank you" in look(both)
    for standing in ServiceStanding.objects.filter(service__organization=umoja):
        assert standing.assured_on == at.date()
        assert standing.next_assurance_due_on == at.date() + 365 * DAY
        assert standing.standing == ("restricted" if standing.service.name == "Boxing" else "open")
    assert OrganizationStanding.objects.get(organization=umoja).assured_on == at.date()
    assert asking.ask_for_what_is_due(at + 3 * DAY) == 0
    events = AuditEvent.objects.filter(action__in=["words.confirm", "figures.confirm"])
    assert events.count() == 4
    assert {event.actor for event in events} == {None}
    [receipt] = OutboxRow.objects.filter(key__startswith="link-used:")
    assert "The words about Boxing" in receipt.payload["text"]


def test_pressing_twice_does_nothing_twice(both):
    say(both, "right")
    say(both, "right")
    assert OutboxRow.objects.filter(key__startswith="link-used:").count() == 1


def test_one_line_can_be_answered_for_itself(both, umoja):
    boxing = umoja.services.get(name="Boxing")
    say(both, "right", entry=str(boxing.pk))
    page = look(both)
    assert "Yes, the other three are still right" in page
    assert ServiceStanding.objects.get(service=boxing).standing == "restricted"
    assert ServiceStanding.objects.get(service__name="Mentoring").next_assurance_due_on is not None


@pytest.mark.parametrize(
    ("act", "wish", "answer"),
    [("not-right-change", "change", "you will change it"), ("not-right-ring", "ring", "We will ring you")],
)
def test_not_right_is_told_to_the_stewards_and_is_not_asked_again_for_two_weeks(both, umoja, at, act, wish, answer):
    steward = member(Role.CONTENT_EDITOR, organization())
    mentoring = umoja.services.get(name="Mentoring")
    for _ in range(2):
        assert say(both, act, entry=str(mentoring.pk)).status_code == 302
    assert Doubt.objects.get().wish == wish
    assert answer in look(both)
    [letter] = OutboxRow.objects.filter(key__startswith="words-doubt:")
    assert letter.payload["to"] == [steward.user.email]
    assert OutboxRow.objects.filter(key__startswith="link-used:").count() == 1
    say(both, "right")
    assert ServiceStanding.objects.get(service=mentoring).assured_on < at.date(), "one button does not overrule it"
    assert asking.ask_for_what_is_due(at + 12 * DAY) == 1, "the pool is due"
    assert "The words" not in mails()[-1].payload["text"]
    assert asking.what_is_near(at + 15 * DAY, LADDER)[umoja.pk].services == [mentoring]


def test_it_is_right_after_all(both, umoja):
    mentoring = umoja.services.get(name="Mentoring")
    say(both, "not-right-ring", entry=str(mentoring.pk))
    say(both, "right", entry=str(mentoring.pk))
    assert Doubt.objects.get().settled_at is not None
    assert "We will ring you" not in look(both)


def test_another_organizations_words_are_out_of_reach(both, at):
    other = due_words(service("Elsewhere"), at)
    before = ServiceStanding.objects.filter(pk=other.standing.pk).values().get()
    for wrong in (str(other.pk), str(UUID(int=7)), "x", "é" * 99):
        for act in ("right", "not-right-ring"):
            assert say(both, act, entry=wrong).status_code == 404
    assert ServiceStanding.objects.filter(pk=other.standing.pk).values().get() == before
    assert not Doubt.objects.exists()


def test_looking_writes_nothing(both, umoja):
    before = list(ServiceStanding.objects.order_by("pk").values())
    look(both)
    assert list(ServiceStanding.objects.order_by("pk").values()) == before


def test_a_silent_provider_hears_of_each_stage_and_then_is_left_alone(umoja, marcus, at):
    """Three rounds of three: due, overdue, not shown."""
    one = service("Mentoring", by=umoja)
    ServiceStanding.objects.filter(service=one).update(next_assurance_due_on=at.date() + 14 * DAY)
    OrganizationStanding.objects.filter(organization=umoja).update(next_assurance_due_on=at.date() + 999 * DAY)
    asked = []
    for day in range(200):
        now = at + day * DAY
        assurance.every_night(now.replace(hour=3))
        if asking.ask_for_what_is_due(now):
            asked.append(day)
    assert len(asked) == 9
    assert asked[0] == 0
    assert Asking.objects.filter(step=0).count() == 3
    assert max(asked) < 90


def test_costs_do_not_grow_with_the_words(umoja, marcus, at):
    costs = []
    for many in (1, 2, 22):
        provider = organization()
        member(Role.PROVIDER_ADMIN, provider)
        for number in range(many):
            due_words(service(f"Service {number:02}", by=provider), at)
        with CaptureQueriesContext(connection) as queries:
            assert asking.ask(at) == 1
        costs.append(len(queries))
    assert costs[1] == costs[2]
    assert "and 10 more, on the page" in mails()[-1].payload["text"]


@pytest.mark.django_db
def test_the_page_costs_the_same_for_two_words_and_for_twenty(clock, at):
    costs = []
    for many in (2, 22):
        provider = organization()
        member(Role.PROVIDER_ADMIN, provider)
        for number in range(many):
            due_words(service(f"Service {number:02}", by=provider), at)
        asking.ask(at)
        token = newest_token()
        look(token)
        with CaptureQueriesContext(connection) as queries:
            look(token)
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- who is asked -----------------------------------------------------------------------------------------------------


def addresses():
    return sorted(mail.payload["to"][0] for mail in mails())


def test_whoever_does_not_want_it_is_not_asked_while_somebody_is(umoja, marcus, at):
    other = member(Role.PROVIDER_ADMIN, umoja)
    pool(service(by=umoja), at=at - 6.5 * DAY)
    LetterSwitchedOff.objects.create(membership=marcus, kind=LetterKind.DUE, at=at)
    asking.ask_for_what_is_due(at)
    assert addresses() == [other.user.email]


def test_if_nobody_wants_it_everybody_is_asked(umoja, marcus, at):
    other = member(Role.PROVIDER_ADMIN, umoja)
    pool(service(by=umoja), at=at - 6.5 * DAY)
    for one in (marcus, other):
        LetterSwitchedOff.objects.create(membership=one, kind=LetterKind.DUE, at=at)
    asking.ask_for_what_is_due(at)
    assert addresses() == sorted([marcus.user.email, other.user.email])


def test_an_address_that_returns_letters_is_not_asked_and_one_that_works_is_although_it_wanted_not(umoja, marcus, at):
    other = member(Role.PROVIDER_ADMIN, umoja)
    pool(service(by=umoja), at=at - 6.5 * DAY)
    LetterSwitchedOff.objects.create(membership=other, kind=LetterKind.DUE, at=at)
    BouncingAddress.objects.create(email=marcus.user.email, bounced_at=at)
    asking.ask_for_what_is_due(at)
    assert addresses() == [other.user.email]
    BouncingAddress.objects.create(email=other.user.email, bounced_at=at)
    assert asking.ask(at + 2 * DAY) == 0, "there is nobody to ask, so nothing is remembered as asked"
    assert Asking.objects.count() == 1


EMAILS = reverse("directory:emails")


def test_the_only_one_who_is_asked_cannot_stop_it(umoja, marcus):
    browser = browser_of(marcus)
    answer = browser.post(EMAILS, {})
    assert answer.status_code == 409
    assert "You are the only one who is asked" in answer.content.decode()
    assert not LetterSwitchedOff.objects.exists()


def test_somebody_can_stop_it_once_a_colleague_is_asked_and_begin_again(umoja, marcus):
    other = member(Role.PROVIDER_ADMIN, umoja)
    browser = browser_of(marcus)
    assert browser.post(EMAILS, {}).status_code == 302
    assert not letters.chosen(marcus.pk) & {LetterKind.DUE}
    assert browser_of(other).post(EMAILS, {}).status_code == 409
    assert "checked" not in re.search(r'<input[^>]*value="due"[^>]*>', browser.get(EMAILS).content.decode()).group()
    assert browser.post(EMAILS, {"kinds": ["due"]}).status_code == 302
    assert letters.chosen(marcus.pk) >= {LetterKind.DUE}
    assert AuditEvent.objects.filter(action="letters.choose").count() == 2


def test_a_kind_that_is_not_on_the_page_cannot_be_chosen(umoja, marcus):
    answer = browser_of(marcus).post(EMAILS, {"kinds": ["due", "digest"]})
    assert answer.status_code == 200
    assert "Choose from the e-mails in this list" in answer.content.decode()


def test_a_colleague_whose_letters_come_back_does_not_count(umoja, marcus, at):
    other = member(Role.PROVIDER_ADMIN, umoja)
    BouncingAddress.objects.create(email=other.user.email, bounced_at=at)
    assert browser_of(marcus).post(EMAILS, {}).status_code == 409


def test_no_email_is_sent_out_of_hours_on_words_either(umoja, marcus, at):
    due_words(service(by=umoja), at)
    for when in (datetime.combine(at.date(), time(8, 59), tzinfo=LONDON), datetime(2026, 12, 28, 11, tzinfo=LONDON)):
        assert asking.ask_for_what_is_due(when) == 0


def test_a_figure_that_becomes_due_on_the_day_of_an_email_waits_until_tomorrow(umoja, marcus, at):
    first = pool(service(by=umoja), at=at - 6.5 * DAY)
    asking.ask_for_what_is_due(at)
    capacity.confirm(first, by=None, at=at + HOUR)
    pool(service(by=umoja), free=None, last_confirmed_at=None, confirmed_until=None)
    assert asking.ask_for_what_is_due(at + 3 * HOUR) == 0
    assert asking.ask_for_what_is_due(at + DAY) == 1
