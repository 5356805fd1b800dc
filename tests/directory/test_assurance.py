"""Words that nobody has looked at for a year: due, warned about, not shown, and back again (INV-D1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from directory import assurance, signals
from directory.assurance import Age, age_of, first_due, news_since, said_at
from directory.availability import LONDON
from directory.models import Doubt, OrganizationStanding, Role, ServiceStanding
from safekeeping.models import AuditEvent, OutboxRow
from tests.factories.directory import organization, service
from tests.factories.people import member

DAY = timedelta(days=1)
DUE = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("after", "age"),
    [
        (-366, Age.GOOD),
        (-15, Age.GOOD),
        (-14, Age.DUE),
        (0, Age.DUE),
        (1, Age.OVERDUE),
        (60, Age.OVERDUE),
        (61, Age.TOO_OLD),
        (4000, Age.TOO_OLD),
    ],
)
def test_words_grow_old_by_the_day(after, age):
    assert age_of(DUE, on=DUE + after * DAY) is age


def test_where_nobody_has_begun_to_count_nothing_is_old():
    assert age_of(None, on=DUE) is Age.GOOD


@pytest.mark.parametrize(("after", "since"), [(-14, -14), (0, -14), (1, 1), (60, 1), (61, 61), (300, 61)])
def test_there_is_something_new_to_say_three_times(after, since):
    midnight = datetime.combine(DUE + since * DAY, datetime.min.time(), tzinfo=LONDON)
    assert news_since(DUE, on=DUE + after * DAY) == midnight


def test_an_answer_on_the_day_of_asking_is_an_answer():
    assert said_at(DUE) > datetime(2026, 11, 16, 16, 0, tzinfo=UTC)
    assert said_at(None) is None


def test_the_first_day_follows_from_the_last_look():
    assert first_due(date(2026, 1, 1), on=DUE) == date(2027, 1, 1)
    assert first_due(None, on=DUE) == DUE


@pytest.fixture
def umoja(db):
    return organization("Umoja Path")


@pytest.fixture
def news():
    told = []

    def listen(sender, service_ids, **more):
        told.extend(service_ids)

    signals.services_changed.connect(listen)
    yield told
    signals.services_changed.disconnect(listen)


def old(one, *, at, days, **fields):
    """Make the words of a service due so many days ago."""
    due = at.date() - days * DAY
    ServiceStanding.objects.filter(service=one).update(assured_on=due - 365 * DAY, next_assurance_due_on=due, **fields)
    one.standing.refresh_from_db()
    return one


def standing_of(one) -> ServiceStanding:
    return ServiceStanding.objects.get(service=one)


def letters(beginning):
    return list(OutboxRow.objects.filter(kind="mail", key__startswith=beginning).order_by("pk"))


def test_the_page_warns_from_the_first_day(umoja, at):
    good, late = old(service("Good", by=umoja), at=at, days=0), old(service("Late", by=umoja), at=at, days=1)
    never = service("Never", by=umoja, assured_on=None)
    from directory import service_page

    pages = {one.name: service_page.page_of(one.pk, hat=None, at=at).assurance_overdue for one in (good, late, never)}
    assert pages == {"Good": False, "Late": True, "Never": True}


def test_the_page_says_since_when_nobody_has_checked(umoja, city, monkeypatch, at):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: at)
    late = old(service("Late", by=umoja), at=at, days=1)
    good = service("Good", by=umoja)
    page = Client().get(f"/services/{late.slug}/").content.decode()
    assert "We have not checked these words since 17 November 2025" in page
    page = Client().get(f"/services/{good.slug}/").content.decode()
    assert "Checked on 5 October 2026" in page
    assert "Overdue for a check" not in page


def test_the_night_begins_to_count_and_never_counts_anew(umoja, at):
    looked_at, never = service(by=umoja), service(by=umoja, assured_on=None)
    draft = service(by=umoja, assured_on=None, live=False)
    for hours in (0, 0, 24):
        assurance.every_night(at + timedelta(hours=hours))
    assert standing_of(looked_at).next_assurance_due_on == date(2027, 10, 5)
    assert standing_of(never).next_assurance_due_on == at.date()
    assert standing_of(draft).next_assurance_due_on is None
    assert OrganizationStanding.objects.get(organization=umoja).next_assurance_due_on == at.date()


@pytest.mark.parametrize("was", ["open", "restricted"])
def test_after_sixty_days_it_is_not_shown_and_the_stewards_hear_of_it_once(umoja, at, news, was):
    steward = member(Role.CONTENT_EDITOR, organization())
    late = old(service("Too old", by=umoja), at=at, days=61, standing=was)
    still = old(service("Overdue", by=umoja), at=at, days=60)
    night = at.replace(hour=3)
    assert [assurance.suspend_what_is_too_old(night) for _ in range(2)] == [1, 0]
    assert (standing_of(late).standing, standing_of(late).before_overdue) == ("suspended", was)
    assert standing_of(still).standing == "open"
    assert news == [late.pk]
    [letter] = letters("words-too-old:")
    assert letter.payload["to"] == [steward.user.email]
    assert "Too old, Umoja Path" in letter.payload["text"]
    assert letter.due_at.astimezone(LONDON).hour == 9, "not in the night"
    [event] = AuditEvent.objects.filter(action="words.too_old")
    assert event.object_ref == str(late.pk)
    assert event.actor is None


def test_two_clocks_hide_it_once(umoja, at, monkeypatch):
    """Both have looked before either writes: the conditional UPDATE decides."""
    late = old(service(by=umoja), at=at, days=61)
    told = []
    monkeypatch.setattr(
        assurance.notifications, "tell_stewards_what_is_hidden", lambda gone, at: told.append(len(gone))
    )
    real = assurance.tell_finder

    def second_clock(standing):
        monkeypatch.setattr(assurance, "tell_finder", real)
        assert assurance.suspend_what_is_too_old(at) == 0
        real(standing)

    monkeypatch.setattr(assurance, "tell_finder", second_clock)
    assert assurance.suspend_what_is_too_old(at) == 1
    assert told == [1]
    assert AuditEvent.objects.filter(action="words.too_old", object_ref=str(late.pk)).count() == 1


@pytest.mark.parametrize("was", ["open", "restricted"])
def test_whoever_vouches_brings_back_what_it_was_and_nothing_more(umoja, at, was):
    late = old(service(by=umoja), at=at, days=61, standing=was)
    assurance.every_night(at)
    with transaction.atomic():
        assurance.put_right([standing_of(late)], by_user=None, at=at)
    now = standing_of(late)
    assert (now.standing, now.before_overdue) == (was, "")
    assert (now.assured_on, now.next_assurance_due_on) == (at.date(), at.date() + 365 * DAY)


def test_what_a_steward_has_suspended_stays_suspended(umoja, at):
    late = old(service(by=umoja), at=at, days=61, standing="suspended", suspension_reason="We look into it.")
    assurance.every_night(at)
    assert standing_of(late).before_overdue == ""
    with transaction.atomic():
        assurance.put_right([standing_of(late)], by_user=None, at=at)
    assert standing_of(late).standing == "suspended"


def test_an_organization_is_never_suspended_by_the_clock(umoja, at):
    OrganizationStanding.objects.filter(organization=umoja).update(next_assurance_due_on=at.date() - 400 * DAY)
    assurance.every_night(at)
    assert OrganizationStanding.objects.get(organization=umoja).standing == "open"


def test_the_database_refuses_an_entry_that_is_shown_and_remembers_being_hidden(umoja, at):
    one = service(by=umoja)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceStanding.objects.filter(service=one).update(before_overdue="open")


def test_vouching_settles_what_was_said_against_the_words(umoja, at):
    one, marcus = service(by=umoja), member(Role.PROVIDER_ADMIN, umoja)
    told = {"by_user": marcus.user_id, "at": at}
    with transaction.atomic():
        assert assurance.note_doubt(umoja.pk, one.pk, "ring", **told)
        assert not assurance.note_doubt(umoja.pk, one.pk, "ring", **told)
        assert assurance.note_doubt(umoja.pk, None, "change", **told)
        assurance.put_right([standing_of(one)], by_user=None, at=at)
    assert list(Doubt.objects.filter(settled_at__isnull=True).values_list("service", flat=True)) == [None]


def test_two_open_doubts_about_one_entry_are_impossible(umoja, at):
    one = service(by=umoja)
    Doubt.objects.create(organization=umoja, service=one, wish="ring", said_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Doubt.objects.create(organization=umoja, service=one, wish="change", said_at=at)


def test_a_hidden_entry_is_not_there_for_anybody(umoja, city, at):
    late = old(service(by=umoja), at=at, days=61)
    assurance.every_night(at)
    assert Client().get(reverse("directory:service", args=[late.slug])).status_code == 404
