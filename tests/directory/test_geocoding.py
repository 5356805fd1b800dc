"""What somebody typed, and where that is: or which of the designed answers they get instead."""

from __future__ import annotations

import threading

import pytest

from directory import geocoding
from directory.geocoding import (
    Kind,
    Located,
    NonGeographic,
    NotAPostcode,
    OutsideCity,
    PlaceUnknown,
    PostcodeTerminated,
    PostcodeUnknown,
    locate,
)
from directory.postcodes import PostcodesNotLoaded, PostcodeTable, normalize

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "BS5 0AA",
        "bs5 0aa",
        "bs50aa",
        "  BS5 0AA ",
        "BS5\u00a00AA",
        "ＢＳ５ ０ＡＡ",
        "BS5-0AA",
        "B S 5 0 A A",
        "BS5 OAA",
        "B\u200bS50AA",
    ],
)
def test_a_postcode_is_understood_however_it_is_written(typed):
    assert normalize(typed) == "BS5 0AA"


@pytest.mark.parametrize(
    "typed", ["", "BS5", "BS5 0A", "5BS 0AA", "😀", "x" * 10_000, "BS5 0AA BS5 0AA", "١٢٣", "\x00"]
)
def test_what_is_not_a_postcode_is_not_made_into_one(typed):
    assert normalize(typed) is None


def test_a_postcode_gives_its_point_ward_and_locality(city):
    found = locate("bs50aa")
    assert isinstance(found, Located)
    assert (found.kind, found.ward_name, found.locality, found.sector) == (
        Kind.POSTCODE,
        "Lawrence Hill",
        "east_central",
        "BS5 0",
    )
    assert found.point and (round(found.point.latitude, 3), round(found.point.longitude, 3)) == (51.456, -2.568)


def test_a_postcode_newer_than_our_list_of_wards_takes_its_nearest_neighbours(city):
    found = locate("BS16 0BB")
    assert isinstance(found, Located)
    assert found.ward_name


def test_a_postcode_of_another_council_says_which(city):
    assert locate("BS16 1AB") == OutsideCity(
        typed="BS16 1AB", label="BS16 1AB", council_code="E06000025", council="South Gloucestershire",
        point=locate("BS16 1AB").point, sector="BS16 1",
    )  # fmt: skip


@pytest.mark.parametrize(("typed", "council"), [("BT1 1AA", "Belfast"), ("JE2 3AA", "the Channel Islands")])
def test_where_the_list_of_live_postcodes_does_not_reach_the_council_is_still_known(city, typed, council):
    found = locate(typed)
    assert isinstance(found, OutsideCity)
    assert (found.council, found.point) == (council, None)


def test_a_terminated_postcode_says_whose_it_was_and_is_not_measured_from(city):
    found = locate("BS5 0AB")
    assert isinstance(found, PostcodeTerminated)
    assert found.council_code == "E06000023"
    assert not hasattr(found, "point")


@pytest.mark.parametrize("typed", ["BS99 1AA", "BS77 1AA", "BS99"])
def test_a_postcode_for_post_only_is_no_place(city, typed):
    assert isinstance(locate(typed), NonGeographic)


def test_a_postcode_that_no_list_has_is_unknown(city):
    assert locate("BS5 9ZZ") == PostcodeUnknown(typed="BS5 9ZZ", postcode="BS5 9ZZ")


@pytest.mark.parametrize("typed", ["BS5 0A", "BS5  0AAA", "5BS"])
def test_a_broken_postcode_is_named_as_one(city, typed):
    assert isinstance(locate(typed), NotAPostcode)


def test_a_district_stands_for_its_middle_in_our_city(city):
    found = locate("bs16")
    assert isinstance(found, Located)
    assert (found.kind, found.also_in, found.ward) == (Kind.DISTRICT, ("South Gloucestershire",), "")
    assert found.point and found.point.longitude == pytest.approx(-2.54, abs=0.01)


def test_of_an_address_only_the_postcode_is_used(city):
    found = locate("12 Some Street, Bristol, BS5 0AA")
    assert isinstance(found, Located)
    assert (found.label, found.only_postcode) == ("BS5 0AA", True)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("easton", "Easton"),
        (" EASTON ", "Easton"),
        ("Easton, Bristol", "Easton"),
        ("St. Paul's", "St Pauls"),
        ("saint pauls", "St Pauls"),
        ("knowle west", "Knowle West"),
        ("Hartcliffe & Withywood", "Hartcliffe and Withywood"),
    ],
)
def test_neighbourhoods_and_wards_are_found_by_name(city, typed, label):
    found = locate(typed)
    assert isinstance(found, Located)
    assert found.label == label
    assert found.locality


@pytest.mark.parametrize("typed", ["citywide", "City-wide", "Bristol", "anywhere"])
def test_the_whole_city_has_no_point_to_measure_from(city, typed):
    found = locate(typed)
    assert isinstance(found, Located)
    assert (found.kind, found.point) == (Kind.CITY, None)


def test_a_locality_is_a_place(city):
    found = locate("south bristol")
    assert isinstance(found, Located)
    assert (found.kind, found.locality) == (Kind.LOCALITY, "south")


@pytest.mark.parametrize(
    ("typed", "meant"), [("eastn", "Easton"), ("hartclif", "Hartcliffe"), ("Southmede", "Southmead")]
)
def test_names_that_are_nearly_right_are_offered(city, typed, meant):
    found = locate(typed)
    assert isinstance(found, PlaceUnknown)
    assert meant in found.suggestions


@pytest.mark.parametrize("typed", ["Narnia", "😀", "", "x" * 10_000, "\x00", "../../etc", "' OR 1=1 --", "%s%s"])
def test_nonsense_is_a_place_unknown_and_never_an_error(city, typed):
    assert isinstance(locate(typed), PlaceUnknown)


def test_a_neighbouring_council_by_name_is_outside(city):
    assert isinstance(locate("South Gloucestershire"), OutsideCity)


def test_without_the_large_table_the_citys_own_list_still_places_its_postcodes(city, settings, tmp_path):
    settings.POSTCODES_FILE = tmp_path / "missing.sqlite3"
    found = locate("BS5 0AA")
    assert isinstance(found, Located)
    assert found.ward_name == "Lawrence Hill"
    with pytest.raises(PostcodesNotLoaded):
        geocoding.postcode_table().find("BS5 0AA")


def test_the_table_serves_many_threads_at_once(city, settings):
    table, wrong = PostcodeTable(settings.POSTCODES_FILE), []

    def look() -> None:
        for _ in range(200):
            row = table.find("BS5 0AA")
            if row is None or row.council.code != "E06000023":
                wrong.append(row)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_table_cannot_be_written_to(city, settings):
    with pytest.raises(Exception, match="readonly|read-only"):
        PostcodeTable(settings.POSTCODES_FILE)._connection().execute("DELETE FROM postcode")


def test_another_geocoder_is_asked_only_for_names_that_we_do_not_know(city, settings, monkeypatch):
    asked = []

    class Known:
        def find(self, text: str):
            asked.append(text)
            return geocoding.locate("Easton").point if text == "The Blue Gate" else None

    monkeypatch.setattr(geocoding, "geocoder", lambda: Known())
    assert isinstance(locate("The Blue Gate"), Located)
    assert isinstance(locate("BS5 0AA"), Located)
    assert isinstance(locate("Easton"), Located)
    assert asked == ["The Blue Gate"]
