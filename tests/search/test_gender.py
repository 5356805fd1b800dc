"""Of whom a text is, and that what is for others alone is then left out, said and offered."""

from __future__ import annotations

import html
import re

import pytest

from search import finder
from search.finder import Terms
from search.gender import Gender, gender_of
from search.texts import genderless
from tests.factories import directory as make
from tests.search.test_find import text_of


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("he comes hungry hot meal", Gender.BOY),
        ("andrew tate boys in year 8", Gender.BOY),
        ("angry lad", Gender.BOY),
        ("young men", Gender.BOY),
        ("17 boyfriend hits her", Gender.GIRL),
        ("her pics are on telegram", Gender.GIRL),
        ("schoolgirls at the bus station", Gender.GIRL),
        ("stepdaughter runs away", Gender.GIRL),
        # what is named goes before what is only spoken of
        ("girl older boyfriend in his car", Gender.GIRL),
        ("son will not talk to her", Gender.BOY),
        # both, or neither
        ("girls and boys", None),
        ("girl and her brother", Gender.GIRL),
        ("he hits his sister", Gender.BOY),
        ("sister acts like nothing happened", None),
        ("she told him", None),
        ("mentor", None),
        ("", None),
        # of a grown-up it may say it
        ("mum on her knees", None),
        ("dad says he is scared", None),
        ("social worker wants her opinion", None),
        ("her mum and her daughter", Gender.GIRL),
        # parts of other words
        ("the shed", None),
        ("boyfriend", None),
        ("sonic", None),
        ("history", None),
    ],
)
def test_of_whom_a_text_is(text, gender):
    assert gender_of([text]) == gender


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Andrew Tate, boys in year 8", "andrew tate in year 8"),
        ("he's hungry", "hungry"),
        ("girl", ""),
        ('mentor for "her"', 'mentor for "her"'),
    ],
)
def test_a_text_can_be_asked_without_saying_of_whom(text, left):
    assert genderless(text) == left


@pytest.mark.parametrize(
    ("terms", "left_out"),
    [
        (Terms(text="he is hungry"), {"girls_only"}),
        (Terms(text="her mentor"), {"boys_only"}),
        (Terms(text="mentor"), set()),
        (Terms(text='mentor "her"'), set()),
        (Terms(text="her mentor", exact=True), set()),
    ],
)
def test_what_is_for_others_alone_is_left_out(city, terms, left_out):
    assert finder.for_others(terms, finder.understand(terms.text, exact=terms.exact)) == left_out


@pytest.fixture
def hot_meals(city, indexed):
    for name, codes in (("Girls’ table", ["girls_only"]), ("Boys’ table", ["boys_only"]), ("Open table", ["mixed"])):
        make.service(name, compositions=codes, summary="A hot meal and a talk.")
    indexed()


def test_what_is_left_out_is_said_and_offered(client, hot_meals):
    page = text_of(client.get("/find/", {"text": "he needs a hot meal"}))
    assert "We left out 1 service for girls only, because your words are about a boy." in page
    assert "Boys’ table" in page
    assert page.index("Open table") < page.index("Girls’ table")
    assert "is for girls only" in page
    offered = {html.unescape(one) for one in re.findall(r'href="[^"]*[?&;](text=[^"&]+)', page)}
    assert "text=needs+a+hot+meal" in offered
    # the filter counts what a choice would bring, and a choice goes before what the words say
    assert re.search(r"Girls only\W<span [^>]*>1<", html.unescape(page))
    chosen = text_of(client.get("/find/", {"text": "he needs a hot meal", "composition": "girls_only"}))
    assert "1 service fits" in chosen
    assert "Girls’ table" in chosen
    assert "left out" not in chosen


def test_nothing_is_said_where_nothing_is_left_out(client, hot_meals):
    for asked in ({"text": "hot meal"}, {"text": "her hot meal", "exact": "1"}, {"text": "she boxes", "exact": "1"}):
        assert "left out" not in text_of(client.get("/find/", asked))


def test_many_pages_say_it_on_each(client, hot_meals, indexed):
    for number in range(25):
        make.service(f"Table {number}", summary="A hot meal.")
    indexed()
    for page in ("1", "2"):
        told = text_of(client.get("/find/", {"text": "he needs a hot meal", "page": page}))
        assert "We left out 1 service for girls only" in told
