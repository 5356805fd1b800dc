"""
Thinking in places: the map and the list in step, by mouse and by keyboard, with a script and without one.

Nothing on the way asks any machine but ours, and every page passes axe.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.journeys.people import clean

MAP = "/find/?text=mentor&view=map"
READY = "[data-map][data-ready]"
PIN = ".al-spot"
ENTRY = ".al-fm__hit[data-number]"


@pytest.fixture
def look(browse, site):
    """Return a function that opens a page and keeps what it asks of other machines on ``page.elsewhere``."""
    elsewhere = []

    def open_page(address=MAP, **options):
        page = browse(**options)
        page.on(
            "request",
            lambda asked: elsewhere.append(asked.url) if not asked.url.startswith((site.address, "data:")) else None,
        )
        page.goto(address)
        if options.get("javascript", True):
            page.wait_for_selector(READY)
            page.wait_for_selector(".al-map__live path.al-map__ward", state="attached")
        return page

    yield open_page
    assert elsewhere == []


def single_pin(page):
    """Return a pin that stands for one service alone, and its number."""
    pin = page.locator(f"{PIN}:not(.al-spot--several)").first
    return pin, pin.inner_text()


def test_list_and_map_are_in_step(look):
    page = look()
    clean(page)
    assert page.locator(".al-map__live path.al-map__ward").count() > 30
    pin, number = single_pin(page)
    entry = page.locator(f"#s{number}")
    entry.hover()
    assert "is-on" in pin.get_attribute("class")
    page.locator("h1").hover()
    assert "is-on" not in pin.get_attribute("class")
    pin.hover()
    assert "is-on" in entry.get_attribute("class")
    pin.click()
    assert page.url.endswith(f"#s{number}")
    assert page.evaluate("document.activeElement.closest('li').id") == f"s{number}"


def test_several_close_together_come_apart(look):
    page = look()
    several = page.locator(".al-spot--several[aria-label$='Come closer']").first
    its = several.get_attribute("data-numbers")
    before = page.locator(PIN).count()
    several.click()
    page.wait_for_function(
        "its => ![...document.querySelectorAll('.al-spot')].some(one => one.dataset.numbers === its)", arg=its
    )
    assert page.locator(PIN).count() > before


def test_the_map_is_used_by_keyboard_alone(look):
    page = look()
    live = page.locator(".al-map__live")
    live.focus()
    here = page.locator(".al-map__here")
    assert here.is_hidden()
    page.keyboard.press("ArrowRight")
    here.wait_for(state="visible")
    pin, number = single_pin(page)
    pin.focus()
    assert "is-on" in page.locator(f"#s{number}").get_attribute("class")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('li').id") == f"s{number}"
    closer = page.get_by_role("button", name="Closer", exact=True)
    closer.focus()
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.querySelector('[name=box][type=hidden]').value.split(',')[2]) < 51.56")


def test_search_here_looks_in_the_part_that_is_seen(look):
    page = look()
    page.get_by_role("button", name="Closer", exact=True).click()
    button = page.get_by_role("button", name="Search here")
    button.wait_for()
    wanted = page.locator(".al-map__here [name=box]").input_value()
    button.click()
    page.wait_for_selector(READY)
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["box"] == [wanted]
    assert (asked["view"], asked["text"]) == (["map"], ["mentor"])
    assert "on this part of the map" in page.locator("h1").inner_text()
    # the part that was asked for is the part that is shown
    seen = page.evaluate("JSON.parse(document.getElementById('map-told').textContent).view")
    assert ",".join(f"{one:.4f}" for one in seen) == wanted
    clean(page)


def test_a_box_is_drawn_with_shift_held(look):
    page = look()
    where = page.locator(".al-map__live").bounding_box()
    page.keyboard.down("Shift")
    page.mouse.move(where["x"] + 250, where["y"] + 250)
    page.mouse.down()
    page.mouse.move(where["x"] + 450, where["y"] + 450, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.get_by_role("button", name="Search here").wait_for()


def test_without_a_script_the_map_is_drawn_and_its_arrows_are_links(look):
    page = look(javascript=False)
    drawing = page.locator("svg.al-map__wide")
    assert drawing.is_visible()
    assert drawing.locator("path.al-map__ward").count() > 30
    assert page.locator(".al-map__here").is_hidden()
    link = drawing.locator("a.al-pin:not(.al-pin--several)").first
    number = link.locator("text").text_content()
    assert link.get_attribute("href") == f"#s{number}"
    page.get_by_role("link", name="Closer", exact=True).click()
    assert "box=" in page.url
    assert page.locator("svg.al-map__wide a.al-pin").count() >= 1
    page.get_by_role("link", name="Show the whole map").click()
    assert "box=" not in page.url


def test_it_fits_a_small_telephone(look):
    for address in (MAP, "/find/?text=mentor&place=Easton"):
        page = look(address, width=320, height=640)
        clean(page)
        page.locator(".al-map__live").wait_for()
        size = page.locator(PIN).first.bounding_box()
        assert min(size["width"], size["height"]) >= 24


def test_the_map_beside_the_list_shows_where_somebody_looks(look):
    page = look("/find/?text=mentor&place=Easton&within=2")
    clean(page)
    assert page.locator(".al-map__live path.al-map__chosen").count() == 1
    page.locator(".al-map__live .al-map__plus").wait_for()
    entry = page.locator(".al-hit[data-number]").first
    entry.hover()
    assert page.locator(f"{PIN}.is-on").count() >= 1
    page.get_by_role("link", name="Larger map").click()
    page.wait_for_selector(READY)
    assert re.search(r"\d+ on this map", page.locator("main").inner_text())


def test_what_is_printed_is_the_drawing(look):
    page = look()
    page.emulate_media(media="print")
    assert page.locator("svg.al-map__wide").evaluate("one => getComputedStyle(one).visibility") == "visible"
    assert page.locator(".al-map__live").is_hidden()
    assert page.locator(".al-map__zoom").is_hidden()
