"""A provider's own pages: see, change and confirm its places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory import forms
from directory.availability import of_pool
from directory.models import CapacityModel, CapacityPool, CapacitySnapshot, Role
from tests.factories.directory import organization, pool, service, term
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
HERE = reverse("directory:my_services")


@pytest.fixture
def provider():
    return organization("Umoja Path")


@pytest.fixture
def places(provider):
    return pool(service("One-to-one mentoring", by=provider), free=3, taken=9, at=timezone.now(), name="Mentoring")


@pytest.fixture
def manager(provider):
    return browser_of(member(Role.PROVIDER_ADMIN, provider, name="Marcus Bell"))


def page_of(places):
    return reverse("directory:pool", args=[places.pk])


def typed(places, **changes):
    return {
        "total": "12", "external_occupied": "9", "taking": "open", "waitlist": "closed", "wait_weeks": "",
        "version": str(places.version),
    } | changes  # fmt: skip


def test_a_provider_sees_its_places_with_their_date(manager, places):
    page = manager.get(HERE).content.decode()
    assert "3 places free" in page
    assert "12 in all: 9 taken by others, 3 free" in page


def test_still_right_is_one_click_and_the_finder_believes_it_again(manager, places):
    type(places).objects.update(confirmed_until=timezone.now() - timedelta(days=3))
    assert "Waiting for you" in manager.get(HERE).content.decode()
    answer = manager.post(reverse("directory:pool_confirm", args=[places.pk]), follow=True)
    assert "Thank you" in answer.content.decode()
    places.refresh_from_db()
    assert of_pool(places, at=timezone.now()).words == "3 places free"


def test_looking_changes_nothing(manager, places):
    for address in (HERE, page_of(places)):
        manager.get(address)
    assert manager.get(reverse("directory:pool_confirm", args=[places.pk])).status_code == 405
    assert not CapacitySnapshot.objects.exists()


def test_new_figures_are_saved_and_remembered(manager, places):
    answer = manager.post(page_of(places), typed(places, total="14", waitlist="open", wait_weeks="4"), follow=True)
    assert "5 places free" in answer.content.decode()
    assert "Changed, Marcus" in manager.get(page_of(places)).content.decode()
    places.refresh_from_db()
    assert (places.total, places.waitlist_open, places.wait_weeks) == (14, True, 4)


@pytest.mark.parametrize(
    "nasty", ["", "-1", "1000", "9" * 400, "two", "1.5", "1e3", "<b>1</b>", " \x00 ", "🙂", "١٢٣٤"]
)
@pytest.mark.parametrize("field", ["total", "external_occupied"])
def test_a_figure_that_is_none_gets_a_message_and_nothing_typed_is_lost(manager, places, field, nasty):
    answer = manager.post(page_of(places), typed(places, **{field: nasty, "wait_weeks": "7"}))
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()
    assert 'value="7"' in answer.content.decode()
    assert not CapacitySnapshot.objects.exists()


def test_a_cut_below_what_is_taken_is_asked_about_once_and_then_kept(manager, places):
    answer = manager.post(page_of(places), typed(places, total="5"))
    assert "9 young people already have a place, 4 more than this" in answer.content.decode()
    assert not CapacitySnapshot.objects.exists()
    manager.post(page_of(places), typed(places, total="5", sure="on"))
    places.refresh_from_db()
    assert of_pool(places, at=timezone.now()).over_committed


def test_two_people_who_change_the_same_places_lose_nothing(manager, provider, places):
    colleague = browser_of(member(Role.PROVIDER_ADMIN, provider))
    colleague.post(page_of(places), typed(places, total="20"))
    answer = manager.post(page_of(places), typed(places, total="15"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else changed these figures" in page
    assert 'value="15"' in page
    assert "20 in all" in page
    places.refresh_from_db()
    manager.post(page_of(places), typed(places, total="15"))
    places.refresh_from_db()
    assert places.total == 15


def test_what_is_not_asked_is_not_taken(manager, places):
    manager.post(page_of(places), typed(places, occupied="7", held="3", reserved="1", organization="x"))
    places.refresh_from_db()
    assert (places.occupied, places.held, places.reserved) == (0, 0, 0)


def test_a_paused_pool_is_opened_again_with_one_button(manager, places):
    manager.post(page_of(places), typed(places, taking="paused"))
    assert "Open again" in manager.get(HERE).content.decode()
    manager.post(reverse("directory:pool_reopen", args=[places.pk]))
    assert "Open again" not in manager.get(HERE).content.decode()


def test_places_of_another_provider_are_not_there(places):
    stranger = browser_of(member(Role.PROVIDER_ADMIN, organization("Somebody else")))
    assert "Mentoring" not in stranger.get(HERE).content.decode()
    for name in ("pool", "pool_confirm", "pool_reopen"):
        address = reverse(f"directory:{name}", args=[places.pk])
        answer = stranger.get(address) if name == "pool" else stranger.post(address)
        assert answer.status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROVIDER_ADMIN])
def test_only_a_providers_manager_has_this_page(provider, places, role):
    assert browser_of(member(role, provider)).get(HERE).status_code == 404


def test_the_page_costs_the_same_for_two_pools_and_for_twenty(manager, provider, places, django_assert_num_queries):
    pool(service(by=provider), name="Another")
    manager.get(HERE)
    with CaptureQueriesContext(connection) as two:
        manager.get(HERE)
    for one in range(18):
        pool(service(by=provider), service(by=provider), name=f"Places {one}")
    with django_assert_num_queries(len(two)):
        manager.get(HERE)


# --- each way of counting has its own questions ------------------------------------------------------------------------
FIGURES = {"total": "8", "external_occupied": "3", "taking": "open"}


@pytest.mark.parametrize(
    ("model", "asks", "told", "found"),
    [
        ("session_slots", "Booked with you", FIGURES, "5 places free on "),
        ("rapid_response_rota", "Who is on call?", FIGURES | {"on_call": "manager"}, "Somebody is on call"),
        ("school_host_caseload", "Taken now", FIGURES | {"waitlist": "closed"}, "5 places free at Places"),
        ("team_deployments", "Sessions this week", FIGURES, "5 sessions free this week"),
        ("practitioner_roster", "Trained people", FIGURES, "5 people ready"),
        ("open_access", "Is it running?", {"taking": "open"}, "Drop in"),
        ("information_only", "Is it running?", {"taking": "open"}, "For information"),
    ],
)
def test_each_way_of_counting_is_asked_and_shown_in_its_own_words(manager, provider, model, asks, told, found):
    one = service("Something", by=provider)
    counted = pool(one, model=model, at=timezone.now())
    assert asks in manager.get(page_of(counted)).content.decode()
    answer = manager.post(page_of(counted), told | {"version": str(counted.version)}, follow=True)
    assert found in answer.content.decode()
    assert found in manager.get(reverse("directory:service", args=[one.slug])).content.decode()


@pytest.mark.parametrize("model", ["session_slots", "rapid_response_rota", "team_deployments", "practitioner_roster"])
def test_a_waiting_list_is_not_asked_for_where_nobody_waits(manager, provider, model):
    counted = pool(service(by=provider), model=model, at=timezone.now())
    assert "Waiting list" not in manager.get(page_of(counted)).content.decode()
    answered = FIGURES | {"on_call": "manager", "waitlist": "open", "wait_weeks": "3", "version": str(counted.version)}
    assert manager.post(page_of(counted), answered).status_code == 302
    counted.refresh_from_db()
    assert (counted.waitlist_open, counted.wait_weeks) == (False, None)


def test_who_is_on_call_is_a_role_and_can_be_nothing_else(manager, provider):
    rota = pool(service(by=provider), model="rapid_response_rota", at=timezone.now())
    answer = manager.post(page_of(rota), FIGURES | {"on_call": "Marcus", "version": str(rota.version)})
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()
    rota.refresh_from_db()
    assert rota.on_call == "youth_worker"


def test_more_cannot_be_unready_than_there_are(manager, provider):
    roster = pool(service(by=provider), model="practitioner_roster", at=timezone.now())
    answer = manager.post(page_of(roster), FIGURES | {"external_occupied": "9", "version": str(roster.version)})
    assert "cannot be more than all who are trained" in answer.content.decode()
    assert not CapacitySnapshot.objects.exists()


@pytest.mark.parametrize("model", ["session_slots", "rapid_response_rota", "school_host_caseload", "team_deployments"])
def test_a_cut_is_asked_about_once_whatever_is_counted(manager, provider, model):
    counted = pool(service(by=provider), model=model, at=timezone.now())
    cut = FIGURES | {
        "total": "2", "on_call": "manager", "waitlist": "closed", "version": str(counted.version)
    }  # fmt: skip
    assert "tick the box below" in manager.post(page_of(counted), cut).content.decode()
    assert not CapacitySnapshot.objects.exists()
    assert manager.post(page_of(counted), cut | {"sure": "on"}).status_code == 302


def test_a_session_that_is_over_is_told_of_and_asked_nothing(manager, provider):
    past = pool(
        service(by=provider),
        model="session_slots",
        at=timezone.now(),
        starts_on=timezone.localdate() - timedelta(days=2),
    )
    page = manager.get(HERE).content.decode()
    assert "Was on" in page
    assert "One is over" in page
    assert f'"{page_of(past)}"' not in page


@pytest.mark.parametrize("model", [model for model in CapacityModel if model != CapacityModel.TRAINING_SEATS])
def test_what_nobody_has_given_a_number_for_is_shown_and_asked_about(manager, provider, model):
    unsaid = {"free": None, "on_call": "", "host_school": None, "starts_on": None, "confirmed_until": None}
    untold = pool(service(by=provider), model=model, at=timezone.now(), last_confirmed_at=None, **unsaid)
    page = manager.get(HERE).content.decode()
    assert "You have not told us" in page
    assert manager.get(page_of(untold), follow=True).status_code == 200


def test_every_way_of_counting_has_a_form():
    assert set(forms.FORMS) == set(CapacityModel) - {CapacityModel.TRAINING_SEATS}, "seats have pages of their own"


# --- places of one more kind --------------------------------------------------------------------------------------------
NEW_POOL = reverse("directory:new_pool")


def asked(service, **changes):
    return {
        "name": "Thursday boxing", "services": [str(service.pk)], "model": "caseload_places", "host_school": "",
    } | changes  # fmt: skip


def test_places_of_one_more_kind_are_set_up_and_then_counted(manager, provider):
    boxing = service("Boxing", by=provider)
    answer = manager.post(NEW_POOL, asked(boxing), follow=True)
    made = CapacityPool.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(made)
    assert "not confirmed" in answer.content.decode()
    assert (made.name, made.total, made.last_confirmed_at) == ("Thursday boxing", None, None)
    assert list(made.services.all()) == [boxing]
    manager.post(page_of(made), typed(made))
    made.refresh_from_db()
    assert (made.total, made.external_occupied) == (12, 9)


@pytest.mark.parametrize("model", [one for one in CapacityModel if one != CapacityModel.TRAINING_SEATS])
def test_every_kind_can_be_set_up_and_asks_its_own_questions(manager, provider, model):
    school = organization("Hillside Academy", organization_type=term("organization_type", "school_college"))
    host = str(school.pk) if model == CapacityModel.SCHOOL_HOST_CASELOAD else ""
    answer = manager.post(NEW_POOL, asked(service("Boxing", by=provider), model=model, host_school=host), follow=True)
    assert answer.status_code == 200
    assert CapacityPool.objects.get().model == model
    assert "Thursday boxing" in answer.content.decode()


def test_only_a_group_has_dates(manager, provider):
    boxing = service("Boxing", by=provider)
    dates = {"starts_on_day": "3", "starts_on_month": "12", "starts_on_year": "2026"}
    manager.post(NEW_POOL, asked(boxing, model="cohort_places") | dates)
    manager.post(NEW_POOL, asked(boxing, name="Mondays") | dates)
    assert dict(CapacityPool.objects.values_list("name", "starts_on")) == {
        "Thursday boxing": date(2026, 12, 3),
        "Mondays": None,
    }


def test_a_school_that_was_chosen_under_another_answer_does_not_count(manager, provider):
    school = organization("Hillside Academy", organization_type=term("organization_type", "school_college"))
    manager.post(NEW_POOL, asked(service("Boxing", by=provider), host_school=str(school.pk)))
    assert CapacityPool.objects.get().host_school is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model": "training_seats"}, "Choose from this list"),
        ({"model": "school_host_caseload"}, "Choose the school"),
        ({"services": []}, "Choose at least one service"),
        ({"name": "Mentoring"}, "this name already"),
        ({"name": "Ask Kwame Mensah"}, "looks like a name"),
    ],
)
def test_what_cannot_be_set_up_is_said_beside_its_field(manager, provider, places, changes, told):
    answer = manager.post(NEW_POOL, asked(places.services.get(), **changes))
    assert told in answer.content.decode()
    assert CapacityPool.objects.count() == 1


def test_places_are_of_ones_own_services_only(manager, provider):
    answer = manager.post(NEW_POOL, asked(service("Elsewhere")))
    assert "Choose from your own services" in answer.content.decode()
    assert not CapacityPool.objects.exists()
