"""The directory on paper holds what anybody may see, by locality and kind, and no address that is not shown."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import directory as make

pytestmark = pytest.mark.django_db


def paper(**asked) -> str:
    answer = Client().get(reverse("directory:on_paper"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_stands_under_its_locality_and_kind_with_what_one_needs_to_ask(city):
    from directory.models import Locality

    first, second = Locality.objects.all()[:2]
    service = make.service("Here", serves=[first.code])
    service.contacts.create(name="Duty worker", telephone="0117 496 0101")
    service.save()
    make.service("There", serves=[second.code])
    make.service("Everywhere")
    told = paper()
    for words in (
        first.name,
        second.name,
        "Here",
        "There",
        "Everywhere",
        "0117 496 0101",
        "5 October 2026",
        "10 to 17",
    ):
        assert words in told
    only = paper(locality=first.code)
    assert "There" not in only.split("<main")[1].replace("There are", "")
    assert "Everywhere" in only


def test_what_is_not_for_everybody_is_not_on_paper():
    make.service("Shown")
    make.service("For professionals", visibility="professionals")
    make.service("Suspended", standing="suspended")
    told = paper()
    assert "Shown" in told
    assert "For professionals" not in told and "Suspended" not in told


def test_INV_P7_no_confidential_place_is_on_paper():
    refuge = make.location("Secret Refuge", address="9 Hidden Lane", postcode="BS5 0AB", address_visibility="none")
    make.service("Quiet", at=[refuge])
    told = paper()
    assert "Quiet" in told
    assert "Secret Refuge" not in told and "Hidden Lane" not in told and "0AB" not in told


def test_no_such_locality_is_not_there():
    assert Client().get(reverse("directory:on_paper"), {"locality": "atlantis"}).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_anybody_may_take_the_table(form):
    make.service("=1+1")
    answer = Client().get(reverse("directory:as_table", args=[form]))
    assert answer["Content-Disposition"] == f'attachment; filename="directory.{form}"'
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert len(content) > 500
    assert form != "csv" or b'"\'=1+1"' in content


def test_there_is_no_other_kind_of_table():
    assert Client().get(reverse("directory:as_table", args=["exe"])).status_code == 404
