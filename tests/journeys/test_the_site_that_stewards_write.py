"""Somebody reads the pages that stewards write; a steward changes one, and the public reads it as it is now."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "/",
    "/about/",
    "/about/the-team/",
    "/about/how-we-work/practice-principles/",
    "/about/plans-and-reviews/",
    "/about/plans-and-reviews/review-serious-youth-violence/",
    "/about/plans-and-reviews/mace/pre-mace/",
    "/about/safer-options/",
    "/about/library/?topic=cce",
    "/about/library/multi-agency-practice-principles/",
    "/about/events/",
    "/about/events/it-takes-a-village-north/",
    "/about/get-involved/",
    "/about/get-involved/peer-influencers/",
    "/about/search/?text=exploitation",
    "/about/search/?text=quixotrope",
]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_every_kind_of_page_is_whole_on_any_screen(browse, width, javascript):
    page = browse(width=width, javascript=javascript)
    for address in PAGES:
        answer = page.goto(address)
        assert answer.status == 200, address
        assert page.locator("h1").count() == 1, address
        if javascript:
            found = Axe().run(page)
            assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, address
        assert page.locator('a[href^="tel:"]').first.is_visible(), address


def test_a_page_prints_without_its_boxes(page):
    page.goto("/about/library/")
    page.emulate_media(media="print")
    assert not page.locator(".al-filters").is_visible()
    page.locator("h1").wait_for()
    page.get_by_role("link", name="Multi-agency practice principles").wait_for()


def test_what_is_not_in_the_finder_is_looked_for_among_the_pages(page):
    page.goto("/find/?text=quixotropy&exact=1&age=3&harm=missing")
    page.get_by_role("link", name="Find a page").first.click()
    page.get_by_label("Find a page").fill("library")
    page.get_by_role("button", name="Find pages").click()
    page.get_by_role("link", name="Library").first.wait_for()
