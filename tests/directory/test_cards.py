"""What a list says of a service, and what nobody may learn of an address (INV-P7)."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from directory.cards import cards_for
from directory.geo import Point
from directory.models import AddressVisibility, ServiceStanding, Ward
from directory.whereabouts import shown
from search.documents import documents_for
from tests.factories import directory as make
from tests.factories.directory import AT

pytestmark = pytest.mark.django_db
EASTON = Point(51.46187, -2.56323)
SECRET = Point(51.461234, -2.561234)
HIDDEN = [AddressVisibility.DISTRICT, AddressVisibility.AREA, AddressVisibility.NONE]


def refuge(visibility: str, **fields):
    """Make a place whose every detail is a word that must not be seen."""
    return make.location(
        "Quietname House", point=SECRET, address="7 Quietname Street", postcode="BS5 0AA", ward_id="E05010896",
        address_visibility=visibility, bus_notes="Quietname stop", notes_public="Quietname garden", **fields,
    )  # fmt: skip


def test_a_card_says_who_where_when_and_how(city):
    service = make.service("Workshop mentoring", at=[make.location("The Shed", point=Point(51.4686, -2.5748))])
    make.pool(service, free=2)
    card = cards_for([service.pk], hat=None, at=AT, near=EASTON)[service.pk]
    assert card.availability.words == "2 places free"
    assert card.for_whom == "10 to 17, any gender"
    assert card.where == "The Shed, 0.7 miles"
    assert card.serves == "Anywhere in Bristol"
    assert card.to_ask == "Through a coordinator"


def test_cards_keep_the_order_that_was_asked_for(city):
    made = [make.service().pk for _ in range(5)]
    wanted = [made[3], made[0], made[4]]
    assert list(cards_for(wanted, hat=None, at=AT)) == wanted


def test_cards_cost_the_same_for_two_and_for_forty(city, django_assert_num_queries):
    made = []
    for _ in range(40):
        service = make.service(at=[make.location(point=EASTON)], compositions=["mixed"], serves=["east_central"])
        make.pool(service)
        made.append(service.pk)
    cards_for(made[:1], hat=None, at=AT, near=EASTON)  # what is remembered is read now
    for size in (2, 40):
        with django_assert_num_queries(6):
            cards_for(made[:size], hat=None, at=AT, near=EASTON)


def test_what_is_suspended_has_no_card(city):
    service = make.service()
    ServiceStanding.objects.filter(service=service).update(standing="suspended")
    assert cards_for([service.pk], hat=None, at=AT) == {}


@pytest.mark.parametrize("visibility", HIDDEN)
def test_of_a_hidden_address_nothing_leaves_the_house(city, client, visibility):
    place = refuge(visibility)
    service = make.service("A safe place", at=[place], travels_to_child=True)
    told = json.dumps([asdict(shown(place))], default=str)
    [document] = documents_for([service.pk])
    told += json.dumps(asdict(document), default=str)
    told += json.dumps(asdict(cards_for([service.pk], hat=None, at=AT, near=EASTON)[service.pk]), default=str)
    told += client.get(f"/services/{service.slug}/").content.decode()
    for secret in ("Quietname", "BS5 0AA", "BS50AA", "51.4612", "2.5612"):
        assert secret not in told
    if visibility != AddressVisibility.DISTRICT:
        assert "BS5" not in told


@pytest.mark.parametrize("visibility", [AddressVisibility.DISTRICT, AddressVisibility.AREA])
def test_two_hidden_addresses_of_one_ward_cannot_be_told_apart(city, visibility):
    one = shown(refuge(visibility))
    other = shown(
        make.location(
            point=Point(51.466, -2.569), postcode="BS5 0AA", ward_id="E05010896", address_visibility=visibility
        )
    )
    assert (one.point, one.exact, one.label) == (other.point, other.exact, other.label)
    assert one.km_from(EASTON) in {step / 2 for step in range(100)}


def test_a_hidden_address_is_measured_from_the_middle_of_its_ward(city):
    ward = Ward.objects.get(code="E05010896")
    assert shown(refuge(AddressVisibility.AREA)).point == Point(ward.latitude, ward.longitude)


def test_where_nothing_may_be_known_nothing_is_measured(city):
    told = shown(refuge(AddressVisibility.NONE))
    assert (told.point, told.km_from(EASTON), told.miles_from(EASTON)) == (None, None, "")
    service = make.service(at=[refuge(AddressVisibility.NONE)], travels_to_child=True)
    assert cards_for([service.pk], hat=None, at=AT, near=EASTON)[service.pk].where == "Comes to you. Address not shown"


def test_a_full_address_is_told_in_full(city):
    place = make.location("Trinity Centre", point=EASTON, address="Trinity Road", postcode="BS2 0NW")
    assert shown(place).address == "Trinity Centre, Trinity Road, BS2 0NW"
