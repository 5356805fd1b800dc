"""What an organization must have: what stops an offer, what does not, who is told when, and who says it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from brokering import offers, shortlists
from brokering.models import MatchResult
from directory import assumptions, compliance
from directory.models import ComplianceItem, Role
from safekeeping.models import AuditEvent, OutboxRow
from tests.factories import brokering as brokered
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
AT = datetime(2026, 11, 18, 10, 10, tzinfo=UTC)


def item(organization, kind="public_liability", *, days=100, checked=True, on=TODAY):
    return ComplianceItem.objects.create(
        organization=organization, kind=kind, expires_on=on + timedelta(days=days), entered_at=AT,
        verified_on=on if checked else None,
    )  # fmt: skip


def all_of_it(organization, **more):
    return [item(organization, kind, **more) for kind in compliance.required_for([])]


def eligible(organization, *, on=TODAY):
    return compliance.offer_eligible(
        organization.pk, "community_mentoring", due_on=compliance.due_on(organization.pk), on=on
    )


def due_from(organization, day):
    organization.standing.compliance_due_on = day
    organization.standing.save()


# --- who may be offered to --------------------------------------------------------------------------------------------


def test_nobody_was_asked_so_nothing_is_missing():
    assert eligible(make.organization())


def test_from_the_day_that_was_named_what_is_missing_stops_offers():
    one = make.organization()
    due_from(one, TODAY)
    assert not eligible(one)
    assert eligible(one, on=TODAY - timedelta(days=1))
    all_of_it(one)
    assert eligible(one)
    ComplianceItem.objects.filter(kind="public_liability").update(verified_on=None)
    assert not eligible(one), "what nobody has checked does not count"


def test_what_ran_out_stops_offers_whoever_was_asked():
    one = make.organization()
    item(one, days=0)
    assert eligible(one), "its last day counts"
    assert not eligible(one, on=TODAY + timedelta(days=1))
    item(one, days=365, checked=False)
    assert not eligible(one, on=TODAY + timedelta(days=1)), "the renewal has to be checked"
    ComplianceItem.objects.update(verified_on=TODAY)
    assert eligible(one, on=TODAY + timedelta(days=1))


def test_what_no_service_needs_may_run_out():
    one = make.organization()
    item(one, "quality_mark", days=-3)
    assert eligible(one)


def test_a_kind_of_service_may_need_more(monkeypatch):
    monkeypatch.setattr(
        compliance, "requirements", lambda: (frozenset(), {"community_mentoring": frozenset({"first_aid"})})
    )
    one = make.organization()
    item(one, "first_aid", days=-1)
    assert not eligible(one)
    assert compliance.offer_eligible(one.pk, "therapeutic_support", due_on=None, on=TODAY)


def test_an_offer_is_refused_in_the_verb_and_the_shortlist_says_why():
    here = brokered.world()
    request = brokered.accepted(here)
    ran_out = item(here.umoja, days=-1, on=brokered.AT.date())
    with pytest.raises(offers.DoesNotFit) as refused:
        offers.make(request, here.mentoring.pk, by=here.coordinator, at=brokered.AT + brokered.HOUR)
    assert "public liability insurance ran out" in " ".join(one.text for one in refused.value.reasons)
    shortlists.run(brokered.now(request), by=here.coordinator, at=brokered.AT + brokered.HOUR)
    out = MatchResult.objects.unscoped(reason="a test").filter(service=here.mentoring).order_by("-pk")[0]
    assert out.rank is None and "public liability insurance ran out" in str(out.reasons)
    ran_out.expires_on += timedelta(days=300)
    ran_out.save()
    later = brokered.AT + 2 * brokered.HOUR  # two looks at one moment have no order
    shortlists.run(brokered.now(request), by=here.coordinator, at=later)
    assert offers.make(brokered.now(request), here.mentoring.pk, because="x", by=here.coordinator, at=later)


def test_places_that_are_there_already_go_on():
    here = brokered.world()
    place = brokered.place_in("active", here)
    item(here.umoja, days=-1, on=brokered.AT.date())
    browser = browser_of_hat(here.manager)
    assert browser.get(reverse("brokering:place", args=[place.pk])).status_code == 200


def browser_of_hat(hat):
    from directory.models import Membership

    return browser_of(Membership.objects.get(pk=hat.membership_id))


def test_the_page_asks_two_questions_however_much_was_entered(django_assert_num_queries):
    one = make.organization()
    for days in range(1, 40):
        all_of_it(one, days=days)
        make.service(by=one)
    assumptions.papers_reminders()  # is remembered
    with django_assert_num_queries(2):
        lines = compliance.lines_of(one.pk, on=TODAY)
    assert [line.kind.value for line in lines] and len(lines) == len(compliance.required_for([]))


# --- reminders --------------------------------------------------------------------------------------------------------


@pytest.fixture
def provider():
    one = make.organization("Umoja Path")
    member(Role.PROVIDER_ADMIN, one)
    member(Role.CONTENT_EDITOR, make.organization("The team"))
    return one


def subjects():
    return [row.payload["subject"] for row in OutboxRow.objects.order_by("pk")]


def at_ten(day):
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)


def test_a_year_of_mornings_sends_each_reminder_once(provider):
    item(provider, days=60)
    for n in range(120):
        for _ in range(2):  # two clocks
            compliance.remind(at_ten(TODAY + timedelta(days=n)))
    told = subjects()
    assert len([one for one in told if "runs out" in one]) == 3
    assert len([one for one in told if "has run out" in one]) == 1
    assert len([one for one in told if one.startswith("Run out:")]) == 1, "the stewards hear of it"
    assert len(told) == 5
    assert AuditEvent.objects.filter(action="compliance.remind").count() == 4


@pytest.mark.parametrize(
    ("left", "step"), [(30, 30), (29, 30), (15, 30), (14, 14), (8, 14), (7, 7), (0, 7), (-1, 0), (-20, 0)]
)
def test_which_reminder_is_due(left, step):
    assert compliance.step_of(TODAY + timedelta(days=left), on=TODAY) == step


def test_nobody_is_written_to_at_night_or_on_a_sunday(provider):
    item(provider, days=5)
    assert compliance.remind(datetime(2026, 11, 18, 22, 0, tzinfo=UTC)) == 0
    assert compliance.remind(datetime(2026, 11, 22, 11, 0, tzinfo=UTC)) == 0
    assert compliance.remind(AT) == 1


def test_a_renewal_that_waits_to_be_checked_ends_the_reminders_but_not_the_alarm(provider):
    item(provider, days=5)
    item(provider, days=370, checked=False)
    assert compliance.remind(AT) == 0
    assert compliance.remind(at_ten(TODAY + timedelta(days=6))) == 2


def test_the_far_future_and_the_past_are_nobodys_news(provider):
    item(provider, days=31)
    item(provider, "first_aid", days=-31)
    assert compliance.remind(AT) == 0


# --- the pages --------------------------------------------------------------------------------------------------------

ENTERED = {
    "kind": "public_liability", "expires_on_day": "1", "expires_on_month": "6", "expires_on_year": "2030", "reference": "PL-77",
}  # fmt: skip


def test_a_provider_enters_and_a_steward_checks():
    one = make.organization("Umoja Path")
    make.service(by=one)
    due_from(one, timezone.localdate())
    manager, steward = member(Role.PROVIDER_ADMIN, one), member(Role.CONTENT_EDITOR, make.organization())
    theirs = browser_of(manager)
    page = theirs.get(reverse("directory:compliance")).content.decode()
    assert page.count("Missing") == len(compliance.required_for([]))
    theirs.post(reverse("directory:compliance"), ENTERED)
    [row] = ComplianceItem.objects.all()
    assert row.verified_on is None and row.entered_by == manager.user
    assert "Waits to be checked" in theirs.get(reverse("directory:compliance")).content.decode()
    desk = browser_of(steward)
    assert "Umoja Path: Public liability insurance" in desk.get(reverse("directory:joining")).content.decode()
    desk.post(reverse("directory:joining_item", args=[row.pk]), {"act": "seen"})
    row.refresh_from_db()
    assert (row.verified_on, row.verified_by) == (timezone.localdate(), steward.user)
    assert "In date" in theirs.get(reverse("directory:compliance")).content.decode()
    assert theirs.post(reverse("directory:compliance_take_back", args=[row.pk])).status_code == 404, "it was checked"
    again = desk.post(reverse("directory:joining_item", args=[row.pk]), {"act": "wrong"}, follow=True)
    assert "Somebody else has dealt with this" in again.content.decode()
    actions = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert [one for one in actions if one.startswith("compliance")] == ["compliance.enter", "compliance.verify"]


def test_what_is_not_right_is_taken_out_and_the_provider_hears(provider):
    row = item(provider, checked=False)
    steward = member(Role.CONTENT_EDITOR, make.organization())
    browser_of(steward).post(reverse("directory:joining_item", args=[row.pk]), {"act": "wrong"})
    assert not ComplianceItem.objects.exists()
    assert "Please enter again: Public liability insurance" in subjects()


def test_a_provider_cannot_say_that_its_own_item_counts():
    manager = member(Role.PROVIDER_ADMIN, make.organization())
    browser_of(manager).post(
        reverse("directory:compliance"), {**ENTERED, "verified_on": "2026-01-01", "verified_by": "1"}
    )
    assert ComplianceItem.objects.get().verified_on is None
    assert (
        browser_of(manager).post(reverse("directory:joining_item", args=[ComplianceItem.objects.get().pk])).status_code
        == 404
    )


def test_an_end_before_its_beginning_is_refused():
    manager = member(Role.PROVIDER_ADMIN, make.organization())
    told = {**ENTERED, "issued_on_day": "1", "issued_on_month": "6", "issued_on_year": "2031"}
    answer = browser_of(manager).post(reverse("directory:compliance"), told)
    assert "must not end before" in answer.content.decode() and not ComplianceItem.objects.exists()


def test_the_sample_is_offered_to():
    """What tests and the demonstration rely on: whatever the sample has is in date for most of a year."""
    from directory import sample_compliance

    one = make.organization("Demo", is_demo=True)
    make.service(by=one)
    sample_compliance.load(AT, lambda line: None)
    due_from(one, TODAY)
    assert eligible(one, on=TODAY + timedelta(days=200))
    sample_compliance.load(AT, lambda line: None)
    assert ComplianceItem.objects.count() == len(compliance.required_for([]))
