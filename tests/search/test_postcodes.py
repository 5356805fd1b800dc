"""A postcode among the words is where somebody looks: found, said, kept out of saved words; another's is told whose it is."""

from __future__ import annotations

import html
import re

import pytest

from search import finder, saved
from search.finder import Terms
from search.postcodes import taken_from
from tests.factories import directory as make
from tests.search.test_find import EASTON, text_of


@pytest.mark.parametrize(
    ("text", "postcode", "rest"),
    [
        ("mentor BS5 0AA", "BS5 0AA", "mentor"),
        ("boxing bs50aa, 14yo", "BS5 0AA", "boxing , 14yo"),
        ("mentor bs5 oaa", "BS5 0AA", "mentor"),
        ("girls group in BS5", "BS5", "girls group in"),
        ("BS5", "BS5", ""),
        ("mentor BA1 1AA", "BA1 1AA", "mentor"),
        ('boxing "BS5"', "", 'boxing "BS5"'),
        ('"girls group" bs3', "BS3", '"girls group"'),
        ("BS5 or BS3", "", "BS5 or BS3"),
        # only the city's own districts, and whole words
        ("year 9 e14", "", "year 9 e14"),
        ("bs55 and abs5", "BS55", "and abs5"),
        ("boxing 14yo", "", "boxing 14yo"),
        ("y9 mentor", "", "y9 mentor"),
        ("", "", ""),
    ],
)
def test_one_postcode_is_taken_from_the_words(text, postcode, rest):
    assert taken_from(text, ["BS"]) == (postcode, rest)


@pytest.fixture
def mentors(city, indexed):
    make.service("Workshop mentoring", serves=["east_central"], at=[make.location("Hall", point=EASTON)])
    indexed()


def test_it_is_searched_from_as_if_it_had_been_typed_beside_the_words(client, mentors):
    for text in ("mentoring BS5 0AA", "mentoring bs5"):
        page = text_of(client.get("/find/", {"text": text}))
        assert "Workshop mentoring" in page
        assert re.search(r"We took BS5( 0)? from your words\.", page), page
        assert "1 service fits “mentoring” near BS5" in page
    beside = text_of(client.get("/find/", {"text": "mentoring BS5 0AA", "place": "Withywood"}))
    assert "from your words" not in beside
    assert "from your words" not in text_of(client.get("/find/", {"text": "mentoring bs5", "exact": "1"}))


def test_it_goes_into_no_other_address(client, mentors):
    page = client.get("/find/", {"text": "quillfeather BS5 0AA", "age": "3"}).content.decode()
    [elsewhere] = re.findall(r'href="(/[^"?]*\?text=quillfeather[^"]*)">Find a page', page)
    assert "BS5" not in elsewhere


def test_another_councils_is_told_whose_it_is_and_what_nobody_knows_is_a_word(client, mentors):
    assert finder.placed(Terms(text="mentoring ZZ9 9ZZ")).place == ""
    page = text_of(client.get("/find/", {"text": "mentoring BS16 1AB"}))
    assert "It is in South Gloucestershire" in page
    assert 'value="mentoring BS16 1AB"' in page


def test_another_way_of_asking_keeps_the_place(client, mentors):
    page = client.get("/find/", {"text": "mentoring BS5 0AA 9yo"}).content.decode()
    [offered] = {html.unescape(one) for one in re.findall(r'href="/find/\?([^"]*)"[^>]*>Any age', page)}
    assert "place=BS5" in offered
    assert "9yo" not in offered


def test_a_saved_search_keeps_the_ward_and_the_other_words(mentors, at):
    kept = saved.asked(Terms(text="mentoring BS5 0AA"), at=at)
    assert "BS5" not in kept.parameters
    assert kept.place
    assert "mentoring" in kept.facets
