"""Stewards see what is counted of a service, have more of it counted, and have its provider asked: they never say a number."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.models import Asking, CapacityModel, CapacityPool, Role
from safekeeping.models import AuditEvent, OutboxRow
from tests.factories import directory as make
from tests.factories.people import member

pytestmark = pytest.mark.django_db
AT = make.AT  # a Monday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)


@pytest.fixture
def umoja():
    made = make.organization("Umoja Path")
    member(Role.PROVIDER_ADMIN, made, name="Marcus Bell")
    return made


@pytest.fixture
def boxing(umoja):
    return make.service("Boxing", by=umoja)


def here(service) -> str:
    return reverse("places_of_service", args=[service.pk])


def asked(service, **changes):
    return {"name": "Thursday boxing", "services": [str(service.pk)], "model": "caseload_places"} | changes


@pytest.mark.parametrize("model", [one for one in CapacityModel if one != CapacityModel.TRAINING_SEATS])
def test_every_kind_of_places_can_be_set_up_for_any_service(steward, umoja, boxing, model):
    school = make.organization("Hillside Academy", organization_type=make.term("organization_type", "school_college"))
    told = {"host_school": str(school.pk)} if model == CapacityModel.SCHOOL_HOST_CASELOAD else {}
    answer = steward.post(here(boxing), asked(boxing, model=model, **told), follow=True)
    assert "Umoja Path is asked how many there are" in answer.content.decode()
    made = CapacityPool.objects.get()
    assert (made.model, made.organization, made.total) == (model, umoja, None)
    assert list(made.services.all()) == [boxing]
    assert AuditEvent.objects.filter(action="figures.begin", object_ref=str(made.pk)).exists()


def test_only_a_group_has_dates(steward, boxing):
    dates = {"starts_on": "2026-12-03", "ends_on": "2027-03-01"}
    steward.post(here(boxing), asked(boxing, name="Mondays") | dates)
    steward.post(here(boxing), asked(boxing, model="cohort_places") | dates)
    assert dict(CapacityPool.objects.values_list("name", "starts_on")) == {
        "Mondays": None,
        "Thursday boxing": date(2026, 12, 3),
    }


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model": "training_seats"}, "Choose from this list"),
        ({"model": "school_host_caseload"}, "Choose the school"),
        ({"services": []}, "Choose at least one service"),
        ({"name": "Mentoring"}, "this name already"),
        ({"name": "Ask Kwame Mensah"}, "looks like a name"),
        ({"starts_on": "soon"}, "Enter a valid date"),
        ({"starts_on": "2026-12-03", "ends_on": "2026-12-01"}, "The last day must not be before the first"),
    ],
)
def test_what_cannot_be_set_up_is_said(steward, boxing, changes, told):
    make.pool(boxing, at=AT, name="Mentoring")
    assert told in steward.post(here(boxing), asked(boxing, **changes)).content.decode()
    assert CapacityPool.objects.count() == 1


def test_services_of_another_provider_do_not_share_these_places(steward, boxing):
    elsewhere = make.service("Elsewhere")
    answer = steward.post(here(boxing), asked(boxing, services=[str(elsewhere.pk)]))
    assert "Choose from the services of Umoja Path" in answer.content.decode()
    assert not CapacityPool.objects.exists()


def test_the_page_says_what_is_counted_and_when_that_was_said(steward, boxing):
    make.pool(boxing, free=3, taken=9, at=AT, name="Mentoring")
    make.pool(make.service("Something else", by=boxing.organization), at=AT, name="Other places")
    page = steward.get(here(boxing)).content.decode()
    assert "12 in all: 9 taken by others, 3 free" in page
    assert "Monday 16 November" in page
    assert "Other places" not in page


def test_a_service_leads_to_its_places(steward, boxing):
    for address in ("wagtailsnippets_directory_service:edit", "wagtailsnippets_directory_service:list"):
        arguments = [boxing.pk] if address.endswith("edit") else []
        assert here(boxing) in steward.get(reverse(address, args=arguments)).content.decode()


def test_a_steward_has_the_provider_asked_from_there(steward, boxing):
    make.pool(boxing, at=AT - 8 * DAY, name="Mentoring")
    answer = steward.post(here(boxing), {"ask": "1"}, follow=True)
    assert "On its way: Umoja Path is asked" in answer.content.decode()
    assert Asking.objects.get().organization == boxing.organization
    assert OutboxRow.objects.filter(kind="mail").count() == 1


def test_whoever_writes_only_about_courses_does_not_find_the_page(employ, wearing, boxing):
    writer = wearing(employ("partnership_team"))
    assert writer.get(here(boxing)).status_code == 404
    assert writer.post(here(boxing), asked(boxing)).status_code == 404
    assert not CapacityPool.objects.exists()
