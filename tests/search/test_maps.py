"""The map beside the list: what has a pin, what is drawn where, and what a part of the map can be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.utils import timezone

from config.tiles import tiles_origin
from directory.area_maps import EMPTY, collection, write
from directory.geo import Bounds, Point
from directory.models import AddressVisibility
from directory.postcodes import Council, GridRow
from search import finder, maps
from search.maps import Pin, Sheet
from search.queries import Criterion
from tests.factories import directory as make
from tests.factories.postcode_table import NEXT_DOOR

EASTON = Point(51.46187, -2.56323)
CITY = Bounds(51.39, -2.72, 51.55, -2.50)
WHOLE = "51.3,-2.8,51.6,-2.4"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


# --- geometry ---------------------------------------------------------------------------------------------------------------


def test_everything_in_the_bounds_is_on_the_sheet_and_the_sheet_is_full_one_way():
    sheet = Sheet(CITY, 760, 1000)
    corners = [(sheet.x(lon), sheet.y(lat)) for lat in (CITY.south, CITY.north) for lon in (CITY.west, CITY.east)]
    assert all(0 <= x <= 760 and 0 <= y <= 1000 for x, y in corners)
    assert max(x for x, _ in corners) - min(x for x, _ in corners) >= 759 or (
        max(y for _, y in corners) - min(y for _, y in corners) >= 999
    )
    seen = sheet.seen()
    assert seen.west <= CITY.west + 1e-9 and seen.north >= CITY.north - 1e-9
    assert (sheet.x(seen.west), sheet.y(seen.north)) == (0, 0)


def test_north_is_up_and_a_mile_is_a_mile():
    sheet = Sheet(CITY, 800, 800)
    assert sheet.y(51.5) < sheet.y(51.4)
    south, north = Point(51.45, -2.6), Point(51.45 + 1.609344 / 111.195, -2.6)
    assert abs((sheet.y(south.latitude) - sheet.y(north.latitude)) - sheet.pixels(1609.344)) <= 2


@pytest.mark.parametrize(
    "typed",
    ["", "1,2,3", "51,-2,52", "a,b,c,d", "51.5,-2.6,51.4,-2.5", "51.4,-2.5,51.5,-2.6", "nan,nan,nan,nan", "inf,0,1,1",
     "40,-10,60,10", "51.4,-2.6,51.5,-2.5,0", "-89.9,0,-89,1", "9" * 5000, "51.4,-2.6,51.5," + "1" * 40, "１,２,３"],
)  # fmt: skip
def test_what_is_no_part_of_a_map_is_none(typed):
    assert maps.box_from(typed) is None


def test_a_part_of_the_map_comes_back_as_it_was_written():
    assert maps.box_from(maps.written(CITY)) == CITY


def test_going_closer_and_wider_keeps_the_middle_and_moving_keeps_the_size():
    closer = maps.scaled(CITY, 0.5)
    assert closer.north - closer.south == pytest.approx((CITY.north - CITY.south) / 2)
    assert closer.north + closer.south == pytest.approx(CITY.north + CITY.south)
    moved = maps.moved(CITY, north=0.5)
    assert moved.north - moved.south == pytest.approx(CITY.north - CITY.south)
    assert moved.south == pytest.approx((CITY.north + CITY.south) / 2)


def pins(*points: tuple[float, float]) -> list[Pin]:
    return [Pin(number, f"Service {number}", "Hall", Point(*at)) for number, at in enumerate(points, 1)]


def test_pins_that_touch_become_one_pill_and_others_stay():
    sheet = Sheet(CITY, 760, 1000)
    made = maps.markers_on(sheet, pins((51.46, -2.60), (51.4601, -2.6001), (51.4602, -2.6), (51.50, -2.60)))
    assert [one.text for one in made] == ["1 to 3", "4"]
    assert "3 services" in made[0].label
    assert made[0].label.endswith("at Hall"), "twenty metres apart: no map pulls them asunder"
    assert made[1].closer == ""


def test_no_two_markers_overlap_however_many_there_are():
    sheet = Sheet(CITY, 760, 1000)
    spread = [(51.40 + (n * 37 % 100) / 700, -2.70 + (n * 61 % 100) / 550) for n in range(80)]
    made = maps.markers_on(sheet, pins(*spread))
    boxes = [(one.x, one.y, max(one.wide, maps.TOUCHING)) for one in made]
    assert len(made) > 5
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert abs(one[0] - other[0]) >= (one[2] + other[2]) / 2 or abs(one[1] - other[1]) >= maps.TOUCHING
    assert sum(len(one.pins) for one in made) == 80


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([5, 6], "5, 6"), ([8, 9, 10], "8 to 10"), ([1, 4, 9], "1, 4, 9"), ([1, 2, 4, 9], "4 services")],
)
def test_several_numbers_are_told_in_short(numbers, told):
    assert maps.in_short(numbers) == told


def test_services_at_one_address_lead_to_the_first_of_them():
    [both] = maps.markers_on(Sheet(CITY, 760, 1000), pins((51.46, -2.6), (51.46, -2.6)))
    assert both.closer == ""
    assert both.label == "1, 2: 2 services at Hall"


@pytest.fixture(scope="module")
def two_wards():
    """Two wards side by side in the middle of the city, of the names of two that exist."""
    code = django_settings.CITY.council_code
    rows = [
        GridRow(f"BS{1 + x // 5} {x}{chr(65 + y)}A", 359000 + x * 250, 172500 + y * 250, Council(code, "Ours"))
        for x in range(10)
        for y in range(8)
    ]
    ward_of = {row.postcode: "E05010896" if row.east > 360100 else "E05010907" for row in rows}
    names = {(maps.Layer.WARD, "E05010896"): "Easton", (maps.Layer.WARD, "E05010907"): "Lawrence Hill"}
    return collection(rows, city=code, ward_of=ward_of, names=names)


@pytest.fixture
def drawn_outlines(settings, tmp_path, two_wards):
    """The outlines that set-up would have drawn."""
    settings.OUTLINES_FILE = tmp_path / "outlines.json"
    write(settings.OUTLINES_FILE, two_wards)


def test_names_stand_on_no_pin_and_not_on_each_other(drawn_outlines):
    areas = maps.named_areas(maps.outlines().version)
    middle = next(area.middle for area, _ in areas if area.name == "Easton")
    view = maps.view_for(None, None, None, [])
    sheet = Sheet(view, 700, 700)
    bare = maps.labels_on(sheet, areas, ())
    assert {" ".join(line for _, line in one.lines) for one in bare} == {"Easton", "Lawrence Hill"}
    on_it = maps.markers_on(sheet, pins((middle.latitude, middle.longitude)))
    moved = maps.labels_on(sheet, areas, on_it)
    name = next(one for one in moved if one.lines[0][1] == "Easton")
    assert abs(name.lines[0][0] - on_it[0].y) > 17


# --- what the page shows ----------------------------------------------------------------------------------------------------


@pytest.fixture
def services(city, indexed):
    """One with an open address, one that keeps it to its district, one that comes to people."""
    now = timezone.now()
    near = make.service("Workshop mentoring", at=[make.location("Barton Hall", point=Point(51.4561, -2.5637))])
    private = make.service(
        "Quiet mentoring",
        at=[
            make.location(
                "Hidden House", point=Point(51.45678, -2.56789), address="7 Secret Street", postcode="BS5 0AA",
                address_visibility=AddressVisibility.DISTRICT,
            )
        ],
    )  # fmt: skip
    travels = make.service("Mentoring anywhere", travels_to_child=True)
    for one in (near, private, travels):
        make.pool(one, free=2, at=now - timedelta(days=1))
    indexed()
    return {"near": near, "private": private, "travels": travels}


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["", "map"])
def test_only_an_address_that_is_shown_in_full_has_a_pin(client, services, drawn_outlines, view):
    page = client.get("/find/", {"text": "mentor", "view": view})
    soup = BeautifulSoup(page.content, "html.parser")
    told = json.loads(soup.find(id="map-told").string)
    assert [pin["label"].split(": ")[1].split(",")[0] for pin in told["pins"]] == ["Workshop mentoring"]
    for drawing in soup.select("svg.al-map__drawn"):
        assert len(drawing.select("a.al-pin")) == 1
    for secret in ("51.4567", "2.5678", "Hidden House", "Secret Street", "BS5 0AA"):
        assert secret not in page.content.decode()
    assert "In BS5. Address not shown" in text_of(page)


@pytest.mark.django_db
def test_what_has_no_pin_is_listed_beside_the_map_and_numbers_are_those_of_the_list(client, services, drawn_outlines):
    soup = BeautifulSoup(client.get("/find/", {"text": "mentor", "view": "map"}).content, "html.parser")
    groups = {title.get_text(): title.find_next(["ol", "ul"]) for title in soup.select("h2.al-group")}
    assert [one.get_text() for one in groups["1 on this map"].select("h3")] == ["Workshop mentoring"]
    beside = groups["Not at one place on the map"]
    assert {one.get_text() for one in beside.select("h3")} == {"Quiet mentoring", "Mentoring anywhere"}
    entry = soup.find(id="s1")
    assert entry["data-number"] == "1"
    assert entry.h3.get_text() == "Workshop mentoring"
    [pin] = soup.select("svg.al-map__wide a.al-pin")
    assert pin["href"] == "#s1"
    assert pin["aria-label"].startswith("1: Workshop mentoring")


@pytest.mark.django_db
def test_the_arrows_are_links_to_the_next_part_of_the_map(client, services, drawn_outlines):
    page = client.get("/find/", {"text": "mentor", "view": "map", "box": "51.4,-2.7,51.5,-2.5"})
    soup = BeautifulSoup(page.content, "html.parser")
    links = {one["aria-label"]: one["href"] for one in soup.select(".al-map__zoom a, .al-map__go a")}
    assert set(links) == {"Closer", "Wider", "Move north", "Move south", "Move east", "Move west"}
    boxes = {name: maps.box_from(re.search(r"box=([^&]+)", url)[1].replace("%2C", ",")) for name, url in links.items()}
    assert boxes["Move north"].south > 51.44
    assert boxes["Move east"].west > boxes["Move west"].east - 1e-3
    assert boxes["Closer"].north - boxes["Closer"].south < boxes["Wider"].north - boxes["Wider"].south
    assert all("text=mentor" in url and "view=map" in url for url in links.values())


@pytest.mark.django_db
def test_without_outlines_the_map_has_its_pins_all_the_same(client, services, settings, tmp_path):
    settings.OUTLINES_FILE = tmp_path / "none.json"
    assert maps.outlines() == EMPTY
    page = client.get("/find/", {"text": "mentor", "view": "map"})
    assert 'class="al-pin"' in page.content.decode()
    assert "Outlines are approximate" not in text_of(page)
    assert client.get("/find/outlines.json").json()["features"] == []


@pytest.mark.django_db
def test_outlines_are_labelled_and_may_be_kept_by_the_browser(client, services, drawn_outlines):
    page = client.get("/find/", {"text": "mentor", "place": "Easton"})
    assert "Outlines are approximate" in text_of(page)
    url = json.loads(BeautifulSoup(page.content, "html.parser").find(id="map-told").string)["outlines"]
    answer = client.get(url)
    assert len(json.loads(b"".join(answer.streaming_content))["features"]) >= 3
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_part_of_the_map_that_is_none_is_refused_in_words(client, services):
    page = client.get("/find/", {"text": "mentor", "box": "1,2,3"})
    assert page.status_code == 400
    assert "We cannot show that part of the map" in text_of(page)


@pytest.mark.django_db
def test_the_place_that_was_asked_for_is_tinted_and_marked(client, services, drawn_outlines):
    soup = BeautifulSoup(client.get("/find/", {"place": "Easton", "within": "1"}).content, "html.parser")
    assert len(soup.select("svg.al-map__drawn path.al-map__chosen")) == 1
    assert soup.select("svg.al-map__drawn .al-map__cross")
    assert int(soup.select_one("svg.al-map__drawn circle.al-map__ring")["r"]) > 20
    everywhere = BeautifulSoup(client.get("/find/", {"text": "mentor"}).content, "html.parser")
    assert not everywhere.select("svg.al-map__drawn .al-map__cross, .al-map__ring")


# --- a part of the map --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_part_of_the_map_counts_instead_of_a_distance(client, services, monkeypatch):
    asked, engine = [], finder.backend()
    monkeypatch.setattr(type(engine), "find", spied(type(engine).find, asked))
    client.get("/find/", {"place": "Easton", "within": "3", "box": WHOLE})
    first, *others = [query for query in asked if query.box and not query.failing]
    assert maps.written(first.box) == maps.written(maps.box_from(WHOLE))
    assert first.within_km is None
    assert first.near is not None, "distances are still told from there"
    assert Criterion.BOX in first.asked()
    assert others == []


def spied(find, asked):
    def ask(self, query):
        asked.append(query)
        return find(self, query)

    return ask


@pytest.mark.django_db
def test_what_comes_to_people_is_listed_beside_any_part_of_the_map(client, services, drawn_outlines):
    page = client.get("/find/", {"text": "mentor", "view": "map", "box": WHOLE})
    soup = BeautifulSoup(page.content, "html.parser")
    assert "on this part of the map" in soup.h1.get_text()
    assert [one.get_text() for one in soup.select("h3") if "anywhere" in one.get_text()] == ["Mentoring anywhere"]
    assert "A part of the map" in text_of(page)


@pytest.mark.django_db
def test_a_part_of_the_map_without_services_says_so_and_offers_the_whole(client, services, drawn_outlines):
    page = client.get("/find/", {"text": "mentor", "view": "map", "box": "51.52,-2.71,51.54,-2.69"})
    soup = BeautifulSoup(page.content, "html.parser")
    assert soup.h1.get_text().startswith("0 services")
    assert "No service has its place on this part of the map" in text_of(page)
    assert "Mentoring anywhere" in text_of(page)


# --- near misses --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_near_miss_offers_what_would_make_it_fit(client, city, indexed):
    far = make.service("Far mentoring", at=[make.location("Withywood Centre", point=Point(51.4090, -2.6230))])
    make.pool(far, free=2, at=timezone.now())
    old = make.service("Late mentoring", minimum_age=16, at=[make.location("Barton Hall", point=EASTON)])
    make.pool(old, free=2, at=timezone.now())
    south = make.service("Southern mentoring", serves=["south"], at=[make.location("Easton Centre", point=EASTON)])
    make.pool(south, free=2, at=timezone.now())
    indexed()
    soup = BeautifulSoup(client.get("/find/", {"place": "Easton", "within": "1", "age": "12"}).content, "html.parser")
    entries = {one.h3.get_text(): one for one in soup.select(".al-close li")}
    assert "Is 4.5 miles away" in entries["Far mentoring"].get_text()
    offered = {name: [one.get_text() for one in entry.select("p a")] for name, entry in entries.items()}
    assert offered == {
        "Far mentoring": ["Look within 5 miles"], "Late mentoring": ["Any age"], "Southern mentoring": [],
    }  # fmt: skip
    found = client.get(entries["Far mentoring"].p.a["href"])
    assert "Far mentoring</a></h3>" in found.content.decode()
    assert "1 service " in text_of(found)


# --- pictures from elsewhere ------------------------------------------------------------------------------------------------


def test_a_server_of_map_pictures_is_allowed_by_its_origin_alone():
    assert tiles_origin("https://{s}.tiles.example/{z}/{x}/{y}.png") == "https://*.tiles.example"
    assert tiles_origin("https://tiles.example:8443/a/{z}/{x}/{y}") == "https://tiles.example:8443"


@pytest.mark.parametrize(
    "address", ["http://tiles.example/{z}/{x}/{y}.png", "https://tiles.example/", "/tiles/{z}/{x}/{y}.png"]
)
def test_what_is_no_address_of_map_pictures_is_refused(address):
    with pytest.raises(ValueError, match="MAP_TILES_URL"):
        tiles_origin(address)


@pytest.mark.django_db
def test_without_one_the_policy_lets_nobody_else_send_a_picture(client, services):
    policy = client.get("/find/", {"text": "mentor"})["Content-Security-Policy"]
    directives = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    assert directives["img-src"] == "'self' data:"
    assert directives["style-src"] == "'self'"
    assert "http" not in policy


# --- next door ---------------------------------------------------------------------------------------------------------------


def next_door(settings, **told) -> None:
    """Let the city know this of the council next door."""
    neighbours = tuple(replace(one, **told) if one.code == NEXT_DOOR else one for one in settings.CITY.neighbours)
    settings.CITY = replace(settings.CITY, neighbours=neighbours)


@pytest.mark.django_db
def test_a_place_next_door_names_its_council_and_its_own_front_door(client, city, settings):
    next_door(
        settings, front_door="Access and Response", telephone="0117 496 0123", online="https://council.example/tell"
    )
    soup = BeautifulSoup(client.get("/find/", {"place": "BS16 1AB"}).content, "html.parser")
    there = soup.find(id="there").parent
    assert "It is in South Gloucestershire" in " ".join(soup.main.get_text().split())
    assert "Call Access and Response" in there.get_text()
    assert there.find("a", href="tel:01174960123").get_text() == "0117 496 0123"
    assert there.find("a", href="https://council.example/tell")


@pytest.mark.django_db
def test_a_council_whose_number_we_do_not_know_is_named_and_no_number_made_up(client, city, settings):
    next_door(settings, front_door="", telephone="", online="")
    soup = BeautifulSoup(client.get("/find/", {"place": "BS16 1AB"}).content, "html.parser")
    there = soup.find(id="there").parent
    assert "website of South Gloucestershire council" in there.get_text()
    assert [one["href"] for one in there.select("a")] == ["tel:999"]
