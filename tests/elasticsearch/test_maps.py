"""The map beside the list asks whichever engine is in use: with Elasticsearch it shows what it shows with the database."""

from __future__ import annotations

import pytest
from django.utils import timezone

from directory.geo import Point
from search import finder
from search.backends.database import DatabaseBackend
from search.documents import all_documents
from search.finder import Terms
from search.maps import box_from, pins_for, view_for
from tests.factories import directory as make

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]

EASTON = Point(51.46187, -2.56323)
BOXES = ["51.3,-2.8,51.6,-2.4", "51.46,-2.57,51.47,-2.56", "51.46187,-2.57,51.47,-2.56323", "51.40,-2.70,51.41,-2.69"]


@pytest.fixture
def services(city):
    """Some in the middle, one of them on the corner of a box, one far away, some that come to people."""
    points = [EASTON, Point(51.4652, -2.5651), Point(51.4651, -2.5650), Point(51.4005, -2.6950)]
    for place, point in enumerate(points):
        make.service(f"Mentoring {place}", at=[make.location(f"Hall {place}", point=point)])
    for place in (4, 5):
        make.service(f"Mentoring {place}", travels_to_child=True)


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("text", ["", "mentoring"])
def test_the_map_shows_the_same(services, elastic, monkeypatch, box, text):
    shown = []
    elastic.replace_all(all_documents())
    for engine in (DatabaseBackend(), elastic):
        monkeypatch.setattr(finder, "backend", lambda engine=engine: engine)
        found = finder.find(Terms(text=text, box=box_from(box)), hat=None, at=timezone.now())
        cards = [*getattr(found, "near", ()), *getattr(found, "anywhere", ())]
        pins = sorted((pin.name, pin.place, pin.point.latitude) for pin in pins_for(enumerate(cards, 1)))
        beside = sorted(card.name for card in getattr(found, "beside", ()))
        # how well words fit, and so which of many misses come first, is each engine's own judgement
        misses = [] if text else sorted((miss.card.name, miss.criterion) for miss in found.misses)
        shown.append((type(found).__name__, pins, beside, misses, view_for(box_from(box), None, None, [])))
    assert shown[0] == shown[1]
    assert any(shown[0][1:4])
