"""Finding by words at a desk and on a telephone: what the page says of itself has the size of words, and nothing runs over."""

from __future__ import annotations

import pytest

from tests.journeys.people import clean

SENTENCE = "/find/?text=carries a knife and runs away xylophone"
UNKNOWN = "/find/?text=xylophone"


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(("address", "said"), [(SENTENCE, "some of them"), (UNKNOWN, "Try another word")])
def test_what_is_said_of_a_search_has_a_small_sign_beside_it(browse, width, address, said):
    page = browse(width=width)
    page.goto(address)
    note = page.locator(".al-meta", has_text=said)
    sign, line = note.locator("svg").bounding_box(), note.bounding_box()
    assert 8 < sign["width"] < 24 and 8 < sign["height"] < 24
    assert line["height"] < 160
    clean(page)


def test_a_word_is_among_what_is_offered_however_many_names_begin_so(browse):
    page = browse()
    page.goto("/find/")
    page.locator("#id_text").press_sequentially("ment")
    page.wait_for_selector("#suggested option", state="attached")
    offered = page.locator("#suggested option").evaluate_all("all => all.map(one => one.value)")
    assert len(offered) == 8
    assert "Mentoring" in offered
