"""What every page has, seen on the one page that shows all parts."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from config import context, errors


@pytest.fixture
def parts(client):
    try:
        return reverse("components")
    except NoReverseMatch:
        pytest.skip("the page of parts has no address here")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?answered"])
def test_the_parts_are_drawn_without_inline_styles_or_scripts(client, parts, query):
    html = client.get(parts + query).content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.django_db
def test_a_page_with_errors_says_so_in_its_title(client, parts):
    assert f"<title>Error: Parts – {settings.SITE_NAME}</title>" in client.get(parts + "?answered").content.decode()
    assert f"<title>Parts – {settings.SITE_NAME}</title>" in client.get(parts).content.decode()


@pytest.mark.django_db
def test_every_id_on_the_page_is_there_once(client, parts):
    html = client.get(parts + "?answered").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-(?:describedby|labelledby|controls)="([^"]+)"', html):
        assert set(described.split()) <= set(ids)
    for target in re.findall(r'href="#([^"]+)"', html):
        assert target in ids


@pytest.fixture(autouse=True)
def _no_notice(monkeypatch):
    """Nothing is said beside the number; tests/cms/test_notices.py says something."""
    monkeypatch.setattr(context, "safety_notice", lambda: None)


def drawn(template, **more):
    request = RequestFactory().get("/")
    for name, value in more.pop("on_request", {}).items():
        setattr(request, name, value)
    return render_to_string(template, {**context.site(request), **more})


@pytest.mark.django_db
def test_the_public_page_has_the_number_the_way_out_and_the_sources():
    html = drawn("base.html")
    assert f"tel:{settings.CITY.front_door.dial}" in html
    assert f'class="al-leave" href="{settings.CITY.leave_address}"' in html
    assert "Demonstration" in html
    assert settings.CITY.attributions[0] in html


@pytest.mark.django_db
def test_production_is_no_demonstration():
    assert "emonstration" not in drawn("base.html", demonstration=False)


class Hat:
    person = "Priya Nandakumar"
    role = "coordinator"
    organization = "The Partnership"
    citywide = False
    localities = frozenset({next(iter(settings.CITY.localities))})


@pytest.mark.django_db
def test_the_dark_bar_says_who_one_is_and_lets_one_change_and_leave():
    html = drawn("desk.html", hat=Hat(), hats=(1, 2), signed_in=True)
    area = next(iter(settings.CITY.localities.values()))
    assert f"Priya Nandakumar <span>Coordinator, {area}</span>" in html
    assert 'Change<span class="govuk-visually-hidden"> role</span>' in html
    assert re.search(r'<form class="al-out-form" action="[^"]+" method="post">', html)
    assert "does not replace telling them" in html


@pytest.mark.django_db
def test_what_was_done_is_announced():
    class Message:
        level = constants.SUCCESS
        level_tag = "success"

        def __str__(self):
            return "The offer has been sent."

    html = drawn("base.html", messages=[Message()])
    assert 'role="alert" aria-labelledby="message-1"' in html
    assert "The offer has been sent." in html


@pytest.mark.django_db
def test_seconds_too_late_is_told_with_ways_on():
    response = errors.conflict(
        RequestFactory().get("/"), title="The last place was taken at 10:42", links=[("All that fit", "/find/")]
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert "<h1>The last place was taken at 10:42</h1>" in html
    assert '<a href="/find/">All that fit</a>' in html
    assert settings.CITY.front_door.telephone in html
