"""What stewards find stale, what they do about it, and what no draft can undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import assurance, pilots, stale
from directory.models import Doubt, Membership, Organization, Role, Service, ServiceStanding
from safekeeping.models import BouncingAddress, OutboxRow
from search import misses
from search.models import SearchMiss
from tests.architecture.growth import growth
from tests.cms.conftest import fill_in
from tests.factories import directory as make
from tests.factories.people import member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = make.AT  # a Monday
HERE = "/admin/what-is-stale/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)


def standing(service: Service, **fields) -> Service:
    ServiceStanding.objects.filter(service=service).update(**fields)
    return service


def told(code: str) -> list[str]:
    return [stale.BY_CODE[code].line(row, AT.date()).name for row in stale.BY_CODE[code].rows(AT)]


@pytest.fixture
def umoja() -> Organization:
    made = make.organization("Umoja Path", telephone="0117 496 0111")
    member(Role.PROVIDER_ADMIN, made)
    return made


def test_each_kind_is_found_and_nothing_else(umoja):
    today = AT.date()
    good = make.service("Good", by=umoja)
    make.pool(good, at=AT, name="Fresh")
    make.pool(good, at=AT - 8 * DAY, name="Stale")
    make.pool(good, at=AT - 5 * DAY, name="Expiring")
    make.pool(good, free=None, last_confirmed_at=None, confirmed_until=None, name="Unknown")
    make.pool(good, at=AT - 8 * DAY, name="Paused", paused_at=AT)
    standing(make.service("Due today", by=umoja), next_assurance_due_on=today)
    standing(make.service("Overdue", by=umoja), next_assurance_due_on=today - DAY)
    standing(
        make.service("Hidden", by=umoja), next_assurance_due_on=today - 70 * DAY, standing="suspended",
        before_overdue="open",
    )  # fmt: skip
    make.service("Suspended", by=umoja, standing="suspended")
    make.service("Archived", by=umoja, standing="archived")
    make.service("Orphan", by=make.organization("Nobody"))
    deaf = make.organization("Deaf")
    make.service("Unheard", by=deaf)
    ada = member(Role.PROVIDER_ADMIN, deaf, name="Ada Okoye")
    BouncingAddress.objects.create(email=ada.user.email, bounced_at=AT)
    Doubt.objects.create(organization=umoja, service=good, wish="ring", said_at=AT)
    make.service("Pilot", by=umoja, pilot_decides_on=today + 28 * DAY)
    make.service("Pilot later", by=umoja, pilot_decides_on=today + 29 * DAY)
    make.service("Pilot decided", by=umoja, pilot_decides_on=today, pilot_finding="It works.")
    assert {section.code: told(section.code) for section in stale.SECTIONS} == {
        "stale": ["Stale"],
        "expiring": ["Expiring"],
        "unknown": ["Unknown"],
        "overdue": ["Overdue"],
        "hidden": ["Hidden"],
        "organizations": [],
        "doubts": ["Good"],
        "suspended": ["Suspended"],
        "orphans": ["Unheard", "Orphan"],
        "returned": ["Ada Okoye"],
        "pilots": ["Pilot"],
    }


def test_the_page_shows_counts_rows_and_whom_to_ring(steward, umoja):
    standing(make.service("Overdue", by=umoja), next_assurance_due_on=AT.date() - DAY)
    page = steward.get(HERE, {"show": "overdue"}).content.decode()
    assert "Overdue" in page
    assert "0117 496 0111" in page
    assert "Last checked on 5 October 2026; due on 15 November 2026" in page
    for nonsense in ({"show": "x"}, {"p": "-1"}, {"show": "stale", "p": "999"}):
        assert steward.get(HERE, nonsense).status_code == 200


def test_a_steward_vouches_and_it_is_shown_again(steward, public, umoja, news):
    hidden = standing(
        make.service("Hidden", by=umoja), next_assurance_due_on=AT.date() - 70 * DAY, standing="suspended",
        before_overdue="open",
    )  # fmt: skip
    address = reverse("directory:service", args=[hidden.slug])
    assert public.get(address).status_code == 404
    answer = steward.post(f"{HERE}right/", {"entry": str(hidden.pk), "show": "hidden"})
    assert answer["Location"] == f"{HERE}?show=hidden"
    assert public.get(address).status_code == 200
    now = ServiceStanding.objects.get(service=hidden)
    assert (now.assured_on, now.assured_by.name) == (AT.date(), "Mel Tran")
    assert news == [hidden.pk]


def test_a_provider_is_asked_now_and_once_a_day(steward, umoja):
    make.pool(make.service("Boxing", by=umoja), at=AT - 8 * DAY)
    assert "Ask now: Umoja Path" in steward.get(HERE, {"show": "stale"}).content.decode()
    told = {"organization": str(umoja.pk), "show": "stale"}
    assert "On its way" in steward.post(f"{HERE}ask/", told, follow=True).content.decode()
    assert "one a day is the most" in steward.post(f"{HERE}ask/", told, follow=True).content.decode()
    assert OutboxRow.objects.filter(kind="mail").count() == 1


def test_why_nobody_is_asked_is_said(steward, umoja):
    for provider, words in ((umoja, "Nothing of Umoja Path"), (make.organization("Nobody"), "has no manager")):
        answer = steward.post(f"{HERE}ask/", {"organization": str(provider.pk)}, follow=True)
        assert words in answer.content.decode()
    for wrong in ("x", "", str(make.service().pk)):
        assert steward.post(f"{HERE}ask/", {"organization": wrong}).status_code == 404


def test_outside_working_hours_it_is_said_when_the_question_goes(employ, wearing, umoja, monkeypatch):
    make.pool(make.service("Boxing", by=umoja), at=AT - 8 * DAY)
    monkeypatch.setattr(timezone, "now", lambda: AT.replace(hour=21))
    answer = wearing(employ("content_editor")).post(f"{HERE}ask/", {"organization": str(umoja.pk)}, follow=True)
    assert "Umoja Path is asked on 17 November 2026 at 09:00" in answer.content.decode()
    assert not OutboxRow.objects.filter(kind="mail").exists()


def test_what_a_steward_suspended_is_not_vouched_for_here(steward, umoja):
    suspended = make.service("Suspended", by=umoja, standing="suspended")
    for wrong in (str(suspended.pk), "x", ""):
        assert steward.post(f"{HERE}right/", {"entry": wrong}).status_code == 404
    assert ServiceStanding.objects.get(service=suspended).standing == "suspended"


def test_whoever_writes_only_about_courses_does_not_find_the_page(employ, wearing, umoja):
    writer = wearing(employ("partnership_team"))
    service = make.service(by=umoja)
    assert writer.get(HERE).status_code == 404
    assert writer.post(f"{HERE}right/", {"entry": str(service.pk)}).status_code == 404
    assert writer.post(f"{HERE}ask/", {"organization": str(umoja.pk)}).status_code == 404
    assert ServiceStanding.objects.get(service=service).assured_on == date(2026, 10, 5)


@pytest.mark.parametrize("code", ["overdue", "stale", "doubts", "orphans"])
def test_the_page_costs_the_same_however_much_is_stale(steward, code):
    def add(count):
        for number in range(count):
            provider = make.organization(f"Provider {number}")
            member(Role.PROVIDER_ADMIN, provider)
            one = standing(make.service(by=provider), next_assurance_due_on=AT.date() - DAY)
            make.pool(one, at=AT - 8 * DAY)
            Doubt.objects.create(organization=provider, service=one, wish="ring", said_at=AT)
            make.service(by=make.organization())

    assert growth(steward, f"{HERE}?show={code}", add) == []


def test_a_page_holds_forty_rows(steward):
    for _ in range(41):
        make.service(by=make.organization())
    page = steward.get(HERE, {"show": "orphans"}).content.decode()
    assert "Page 1 of 2" in page


def test_what_a_steward_says_of_the_standing_is_no_longer_the_clocks(steward, umoja):
    """A steward who gives a reason has suspended it: no provider's answer brings it back."""
    hidden = standing(
        make.service("Hidden", by=umoja), next_assurance_due_on=AT.date() - 70 * DAY, standing="suspended",
        before_overdue="open",
    )  # fmt: skip
    pk = ServiceStanding.objects.get(service=hidden).pk
    fill_in(steward, reverse("servicestanding:edit", args=[pk]), suspension_reason="We look into it.")
    now = ServiceStanding.objects.get(pk=pk)
    assert (now.standing, now.before_overdue) == ("suspended", "")
    fill_in(steward, reverse("servicestanding:edit", args=[pk]), standing="open")
    assert ServiceStanding.objects.get(pk=pk).standing == "open"


def test_a_steward_opens_what_the_clock_has_hidden(steward, umoja):
    hidden = standing(
        make.service("Hidden", by=umoja), next_assurance_due_on=AT.date() - 70 * DAY, standing="suspended",
        before_overdue="open",
    )  # fmt: skip
    pk = ServiceStanding.objects.get(service=hidden).pk
    assert fill_in(steward, reverse("servicestanding:edit", args=[pk]), standing="open").status_code == 302
    now = ServiceStanding.objects.get(pk=pk)
    assert (now.standing, now.before_overdue) == ("open", "")


def test_publishing_an_old_draft_lifts_nothing_and_dates_nothing(umoja):
    service = make.service("Then", by=umoja)
    old = service.save_revision()
    standing(service, next_assurance_due_on=AT.date() - 61 * DAY)
    assurance.suspend_what_is_too_old(AT)
    before = ServiceStanding.objects.filter(service=service).values().get()
    assert before["standing"] == "suspended"
    old.publish()
    assert ServiceStanding.objects.filter(service=service).values().get() == before


# --- pilots -----------------------------------------------------------------------------------------------------------


def pages(public, service):
    return public.get(reverse("directory:service", args=[service.slug])).content.decode()


def test_a_pilot_says_so_until_it_is_over_and_then_what_came_after_it(public, umoja):
    after = make.service("The next thing", by=umoja)
    on = AT.date()
    pilot = make.service(
        "Pilot", by=umoja, pilot_from=on - 90 * DAY, pilot_decides_on=on, pilot_question="Do they come back?",
        pilot_successor=after,
    )  # fmt: skip
    page = pages(public, pilot)
    assert "This is a pilot until 16 November 2026." in page
    assert "Do they come back?" in page
    assert "The next thing" not in page
    Service.objects.filter(pk=pilot.pk).update(pilot_finding="<b>They do.</b>")
    page = pages(public, pilot)
    assert "This was a pilot" in page
    assert "&lt;b&gt;They do." in page
    assert after.slug in page
    standing(after, visibility="professionals")
    assert "The next thing" not in pages(public, pilot)
    assert "pilot" not in pages(public, make.service("Another", by=umoja))


def test_stewards_hear_of_a_pilot_before_its_day_and_once_after(employ, umoja):
    employ("content_editor")
    make.service("Pilot", by=umoja, pilot_decides_on=AT.date())
    assert [pilots.tell(AT + day * DAY) for day in (-29, -28, -27, 0, 1, 2)] == [0, 1, 0, 0, 1, 0]
    Service.objects.update(pilot_finding="It works.")
    assert pilots.tell(AT + 400 * DAY) == 0


def test_a_pilot_is_not_decided_before_it_began_nor_followed_by_itself(steward, umoja):
    service = make.service("Pilot", by=umoja)
    edit = reverse("wagtailsnippets_directory_service:edit", args=[service.pk])
    answer = fill_in(
        steward, edit, pilot_from="2026-11-02", pilot_decides_on="2026-11-01", pilot_successor=str(service.pk)
    )
    page = answer.content.decode()
    assert "It must not be decided before it began." in page
    assert "A pilot is not its own successor." in page


# --- the Monday letter ------------------------------------------------------------------------------------------------


def test_the_digest_comes_on_mondays_once_with_something_in_it_and_to_whom_it_may(employ, umoja):
    mel, other = employ("content_editor"), employ("content_editor")
    from directory.models import LetterSwitchedOff

    LetterSwitchedOff.objects.create(membership=other, kind="digest", at=AT)
    assert stale.tell(AT) == 0, "nothing is stale"
    make.service(by=make.organization())
    assert [stale.tell(AT + day * DAY) for day in (0, 0, 1, 6, 7)] == [1, 0, 0, 0, 1]
    letters = OutboxRow.objects.filter(key__startswith="stale-digest:")
    assert {row.payload["to"][0] for row in letters} == {mel.user.email}
    assert "Nobody to ask: 1" in letters.first().payload["text"]
    assert Membership.objects.filter(role="content_editor").count() == 2


def test_stewards_see_what_was_looked_for_in_vain_from_five_times_on(steward):
    week = misses.monday(timezone.now())
    SearchMiss.objects.create(week=week, kind="no_place", facets="age=under+10&area=south", times=7)
    SearchMiss.objects.create(week=week, kind="no_place", facets="age=10+to+12", times=4)
    page = steward.get(HERE).content.decode()
    assert "age under 10, South" in page
    assert "5 or more" in page
    assert "10 to 12" not in page
