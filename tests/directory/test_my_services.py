"""A provider's own pages: see, change and confirm its places."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.availability import of_pool
from directory.models import CapacitySnapshot, Role
from tests.factories.directory import organization, pool, service
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
