"""What stewards change beside the words is live at once, and the finder is told in the same moment."""

from __future__ import annotations

import pytest
from django.urls import reverse

from directory import vocabularies
from directory.models import Address, Location, Schedule, ServiceArea, ServiceAtLocation, ServiceStanding
from tests.cms.conftest import fill_in
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
POSTCODE = "BS5 0AA"


@pytest.fixture
def service(db):
    return make.service("Stay alongside", harms=["knives"], at=[make.location("Harbour Hall")])


def test_a_suspension_works_at_once(steward, public, service, news):
    address = reverse("directory:service", args=[service.slug])
    assert public.get(address).status_code == 200
    answer = fill_in(
        steward,
        reverse("servicestanding:edit", args=[service.standing.pk]),
        standing="suspended",
        suspension_reason="We are looking into something.",
    )
    assert answer.status_code == 302
    assert public.get(address).status_code == 404
    assert news == [service.pk]


def test_suspending_an_organization_takes_all_its_services_away(steward, public, service, news):
    other = make.service(by=service.organization)
    fill_in(
        steward,
        reverse("organizationstanding:edit", args=[service.organization.standing.pk]),
        standing="suspended",
    )
    for one in (service, other):
        assert public.get(reverse("directory:service", args=[one.slug])).status_code == 404
    assert set(news) == {service.pk, other.pk}


def test_a_service_keeps_its_standing_when_the_form_names_another(steward, service):
    other = make.service()
    fill_in(steward, reverse("servicestanding:edit", args=[service.standing.pk]), service=str(other.pk))
    assert ServiceStanding.objects.get(pk=service.standing.pk).service == service


def test_a_new_label_is_what_pages_say_and_the_finder_is_told(steward, public, service, news):
    term = make.term("harm_type", "knives")
    answer = fill_in(
        steward, reverse("taxonomyterm:edit", args=[term.pk]), label="Knives or weapons", code="x", taxonomy="language"
    )
    assert answer.status_code == 302
    term.refresh_from_db()
    assert (term.label, term.code, term.taxonomy_id) == ("Knives or weapons", "knives", "harm_type")
    assert "Knives or weapons" in public.get(reverse("directory:service", args=[service.slug])).content.decode()
    assert news == [service.pk]


def test_a_new_label_is_a_choice_of_the_finder(steward, public, service, django_capture_on_commit_callbacks):
    term = make.term("harm_type", "knife_weapon")
    with django_capture_on_commit_callbacks(execute=True):
        fill_in(steward, reverse("taxonomyterm:edit", args=[term.pk]), label="Knives or weapons")
    try:
        assert "Knives or weapons" in public.get(reverse("search:find")).content.decode()
    finally:
        vocabularies.remembered.forget()


def test_a_word_that_is_out_of_use_is_offered_to_nobody_new(steward, service):
    make.term("harm_type", "old_word", "An old word")
    term = make.term("harm_type", "old_word")
    term.in_use = False
    term.save()
    page = steward.get(reverse("wagtailsnippets_directory_service:edit", args=[service.pk])).content.decode()
    assert "An old word" not in page
    term.in_use = True
    term.save()
    page = steward.get(reverse("wagtailsnippets_directory_service:edit", args=[service.pk])).content.decode()
    assert "An old word" in page


def test_a_postcode_says_where_a_place_is(city, steward, service, news):
    place = service.at_locations.get().location
    was = (place.latitude, place.longitude)
    answer = fill_in(
        steward,
        reverse("location:edit", args=[place.pk]),
        address_1="12 Long Street",
        postal_code=POSTCODE,
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    place.refresh_from_db()
    assert (place.latitude, place.longitude) != was
    assert Address.objects.get(location=place).postal_code == POSTCODE
    assert news == [service.pk]


def test_a_point_given_by_hand_wins_over_the_postcode(city, steward, service):
    place = service.at_locations.get().location
    fill_in(
        steward,
        reverse("location:edit", args=[place.pk]),
        postal_code=POSTCODE,
        latitude="51.5",
        longitude="-2.5",
    )
    place.refresh_from_db()
    assert (place.latitude, place.longitude) == (51.5, -2.5)


def test_what_is_no_postcode_is_refused(city, steward, service):
    place = service.at_locations.get().location
    answer = fill_in(steward, reverse("location:edit", args=[place.pk]), postal_code="HELLO")
    assert answer.status_code == 200
    assert "Enter a full postcode" in answer.content.decode()


def test_moving_a_service_elsewhere_tells_both_services(steward, service, news):
    other = make.service()
    link = service.at_locations.get()
    fill_in(steward, reverse("serviceatlocation:edit", args=[link.pk]), service=str(other.pk))
    assert set(news) == {service.pk, other.pk}


def test_taking_a_place_away_tells_the_finder(steward, service, news):
    link = service.at_locations.get()
    steward.post(reverse("serviceatlocation:delete", args=[link.pk]))
    assert not ServiceAtLocation.objects.exists()
    assert Location.objects.exists()
    assert news == [service.pk]


def test_an_area_says_which_part_of_the_city_it_is(city, steward, service):
    add = reverse("servicearea:add")
    wrong = fill_in(steward, add, service=str(service.pk), extent="locality", locality="", ward="")
    assert "Choose the locality" in wrong.content.decode()
    right = fill_in(steward, add, service=str(service.pk), extent="locality", locality="north", ward="")
    assert right.status_code == 302
    assert ServiceArea.objects.filter(service=service, locality_id="north").exists()


def test_days_are_ticked_and_kept_in_the_week_s_order(steward, service, news):
    answer = fill_in(
        steward,
        reverse("schedule:add"),
        service=str(service.pk),
        byday=["TH", "MO"],
        opens_at="16:00",
        closes_at="18:30",
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert Schedule.objects.get().byday == "MO,TH"
    assert news == [service.pk]
