"""The page of assumptions: a steward changes a judgement with a reason, and the code does otherwise from then on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from brokering import deadlines
from safekeeping import assumptions
from safekeeping.models import AssumptionChange, AuditEvent
from tests.cms.conftest import fill_in

pytestmark = pytest.mark.django_db
OFFER = "deadline.offer"
THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def page_of(key: str) -> str:
    return reverse("assumption", args=[key])


def test_every_assumption_is_listed_with_what_counts_its_default_and_its_last_change(steward):
    page = steward.get(reverse("assumptions")).content.decode()
    for one in assumptions.REGISTRY.values():
        assert page_of(one.key) in page
    assert "Never changed" in page


def test_a_changed_deadline_counts_from_now_on_and_the_list_says_why(steward):
    before = deadlines.offer(THURSDAY)
    answer = fill_in(steward, page_of(OFFER), value="3", reason="Providers asked for a day more")
    assert (answer.status_code, answer.url) == (302, reverse("assumptions"))
    assert before == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert deadlines.offer(THURSDAY) == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    page = steward.get(reverse("assumptions")).content.decode()
    assert "<strong>3 working days</strong>" in page
    assert "Mel Tran: Providers asked for a day more" in page
    assert AuditEvent.objects.get(action="assumption_changed").object_ref == OFFER


def test_what_screens_promise_follows(steward):
    assert "works for seven days" in Client().get("/for-providers/").content.decode()
    fill_in(steward, page_of("confirm_link.life"), value="10", reason="Half-term")
    assert "works for ten days" in Client().get("/for-providers/").content.decode()


def test_back_to_the_default_needs_a_reason_too_and_the_history_shows_both(steward):
    fill_in(steward, page_of(OFFER), value="3", reason="A trial")
    assert "Say why" in fill_in(steward, page_of(OFFER), back="1", reason="").content.decode()
    assert fill_in(steward, page_of(OFFER), back="1", reason="The trial is over").status_code == 302
    assert assumptions.value(OFFER) == 2
    page = steward.get(page_of(OFFER)).content.decode()
    assert "The trial is over" in page
    assert "A trial" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value": "0", "reason": "x"}, "Enter a number from 1 to 5"),
        ({"value": "many", "reason": "x"}, "Enter a whole number"),
        ({"value": "", "reason": "x"}, "Enter the new value"),
        ({"value": "3", "reason": ""}, "Say why"),
        ({"value": "2", "reason": "x"}, "It is 2 working days already"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_changed(steward, typed, said):
    answer = fill_in(steward, page_of(OFFER), **typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not AssumptionChange.objects.exists()


def test_of_two_stewards_the_second_sees_what_the_first_decided(steward):
    fill_in(steward, page_of(OFFER), value="3", reason="First")
    answer = steward.post(page_of(OFFER), {"value": "4", "reason": "Second", "seen": "0"})
    text = answer.content.decode()
    assert "Somebody has changed this since" in text
    assert 'name="seen" value="1"' in text
    assert "Second" in text, "what was typed is kept"
    assert assumptions.value(OFFER) == 3


@pytest.mark.parametrize("typed", [{"seen": "x"}, {"seen": "-1"}, {}, {"seen": "99999999999999"}])
def test_a_form_without_its_number_is_no_error(steward, typed):
    assert steward.post(page_of(OFFER), {"value": "4", "reason": "x", **typed}).status_code == 200
    assert not AssumptionChange.objects.exists()


def test_an_unknown_one_is_not_there(steward):
    assert steward.get(page_of("deadline.nobody")).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("sysadmin", 200), ("content_editor", 200), ("partnership_team", 404), ("coordinator", 404)]
)
def test_only_those_who_keep_the_directory_get_in(employ, wearing, role, status):
    assert wearing(employ(role)).get(reverse("assumptions")).status_code == status


def test_the_list_costs_the_same_whatever_was_changed(steward, django_assert_max_num_queries, at):
    steward.get(reverse("assumptions"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        steward.get(reverse("assumptions"))
    AssumptionChange.objects.bulk_create(
        AssumptionChange(key=one.key, number=1, value="", reason="x", by_person=1, at=at)
        for one in assumptions.REGISTRY.values()
    )
    with CaptureQueriesContext(connection) as many:
        steward.get(reverse("assumptions"))
    assert len(many) <= len(few) + 1  # whose change it was
