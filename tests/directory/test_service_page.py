"""A service's own page: what it says, to whom, and what it does not pretend."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.utils import timezone

from directory.models import EligibilityRule, RequestMode, Schedule, ServiceContact, ServiceStanding
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def page_of(client, service) -> str:
    response = client.get(f"/services/{service.slug}/")
    assert response.status_code == 200
    return text_of(response)


def test_it_says_who_it_is_for_whether_there_is_room_and_how_to_ask(client, city):
    service = make.service(
        "One-to-one mentoring", by=make.organization("Umoja Path"), serves=["east_central"],
        what_we_do_not_do="Therapy.", what_happens="They meet.", duration_min_months=3, duration_max_months=12,
    )  # fmt: skip
    ServiceContact.objects.create(service=service, name="Duty worker", telephone="0117 496 0123")
    EligibilityRule.objects.create(service=service, kind="risk_range", message="Medium or high risk", value={})
    Schedule.objects.create(service=service, byday="MO,TU", opens_at=time(15, 15), closes_at=time(20))
    make.pool(service, free=3, taken=9, at=timezone.now())
    page = page_of(client, service)
    assert "<title>One-to-one mentoring, Umoja Path" in page
    for words in ("3 places free", "12 places in all, 9 taken", "East Central", "3 to 12 months", "Therapy.", "3.15pm to 8pm",
                  "Medium or high risk", "0117 496 0123", "5 October 2026"):  # fmt: skip
        assert words in page


def test_a_pool_without_a_number_shows_none(client, city):
    service = make.service()
    make.pool(service, free=None, last_confirmed_at=None, confirmed_until=None)
    page = page_of(client, service)
    assert "Not confirmed" in page
    assert "places in all" not in page


def test_a_real_organization_is_said_to_be_one(client, city):
    service = make.service(by=make.organization(is_real=True, website="https://charity.example/"))
    page = page_of(client, service)
    assert "A real organization, in a demonstration" in page
    assert "illustrative" in page


def test_facts_of_their_time_carry_their_date(client, city):
    """INV-D2."""
    service = make.service(
        facts_as_at=date(2021, 11, 1), legacy_tags="Safer Options", dated_note="18 trained people in 2021."
    )
    page = page_of(client, service)
    assert 'From <a href="/find/?legacy=Safer%20Options&amp;availability=all">Safer Options</a>. Facts as at' in page
    assert "Facts as at 1 November 2021. 18 trained people in 2021." in page


def test_evidence_is_about_the_approach(client, city):
    service = make.service(
        by=make.organization("Umoja Path"),
        evidence_note="On average it helps.",
        evidence_source="https://evidence.example/",
    )
    page = page_of(client, service)
    assert "This is about the approach, not about Umoja Path." in page


def test_an_entry_that_nobody_checked_says_so(client, city):
    assert "Overdue for a check" in page_of(client, make.service(assured_on=date(2024, 1, 1)))
    assert "Overdue for a check" in page_of(client, make.service(assured_on=None))


def test_what_is_restricted_warns_and_takes_no_requests(client, city):
    service = make.service(standing="restricted")
    page = page_of(client, service)
    assert "Take care." in page
    assert "No new requests at the moment" in page
    assert "Ask for this support" not in page


@pytest.mark.parametrize(
    "mode", [RequestMode.PANEL, RequestMode.INFORMATION, RequestMode.OPEN_ACCESS, RequestMode.DIRECT]
)
def test_what_is_not_asked_for_here_has_no_button(client, city, mode):
    page = page_of(client, make.service(request_mode=mode))
    assert "Ask for this support" not in page
    assert mode.label in page


@pytest.mark.parametrize("standing", ["suspended", "archived"])
def test_what_is_not_shown_is_not_there(client, city, standing):
    service = make.service()
    ServiceStanding.objects.filter(service=service).update(standing=standing)
    assert client.get(f"/services/{service.slug}/").status_code == 404
    assert client.get("/services/no-such-service/").status_code == 404


def test_the_suspension_reason_is_never_on_the_page(client, city):
    service = make.service(standing="restricted")
    ServiceStanding.objects.filter(service=service).update(suspension_reason="Canaryreason")
    assert "Canaryreason" not in page_of(client, service)


def test_words_are_escaped(client, city):
    service = make.service("<script>alert(1)</script>", what_happens="<img src=x onerror=alert(1)>")
    page = page_of(client, service)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
