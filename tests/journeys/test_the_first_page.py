"""Somebody opens the address that `make run` has printed."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_the_first_page_is_whole_on_any_screen(browse, width, javascript):
    page = browse(width=width, javascript=javascript)
    answer = page.goto("/")
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0


def test_the_front_doors_number_can_be_dialled_from_the_first_page(page):
    page.goto("/")
    page.locator('a[href^="tel:"]').first.wait_for()


def test_who_the_data_is_from_stands_on_the_first_page(page):
    page.goto("/")
    assert "Open Government Licence" in page.locator("footer").inner_text()
