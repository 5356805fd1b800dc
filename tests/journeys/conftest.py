"""A running site and a Chromium that looks at it."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests import servers

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# The shell is the same Chromium without windows: the journeys take a third less of the machine in it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_CHROMIUM = (
    "There is no Chromium here. To run the journeys too: "
    "apt-get install chromium-headless-shell (or chromium), or make journeys CHROMIUM=/path/to/chromium"
)
FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """Return the path of a Chromium, empty if there is none."""
    told = os.environ.get("CHROMIUM", "")
    return next((found for name in ([told] if told else NAMES) if (found := shutil.which(name))), "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)


def here_when_done(press: Callable[..., None]) -> Callable[..., None]:
    """Return a way to press that ends when the page that it opened is there: Playwright's ends when that page begins."""

    @functools.wraps(press)
    def pressed(what: Locator, *args: Any, **options: Any) -> None:
        press(what, *args, **options)
        what.page.wait_for_load_state()

    return pressed


@pytest.fixture(scope="session")
def chromium():
    """Return a started Chromium; skip without one, but fail where every test is expected to run."""
    path = chromium_path()
    if not path:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW_TO_GET_CHROMIUM)
    from playwright.sync_api import Locator, sync_playwright

    with sync_playwright() as playwright:
        flags = [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else FLAGS  # its sandbox does not start for root
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        with pytest.MonkeyPatch.context() as patch:
            for way in ("click", "press", "check"):
                patch.setattr(Locator, way, here_when_done(getattr(Locator, way)))
            yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium):
    """Return a running site with the sample data, shared by all journeys: leave other people's records alone."""
    with servers.site() as running:
        yield running


@pytest.fixture(scope="module")
def own_site(chromium):
    """Return a running site that no other file of journeys touches."""
    with servers.site() as running:
        yield running


@pytest.fixture
def browse(chromium, site):
    """
    Return a function that opens a page as a new visitor: ``browse(width=1280, javascript=True, of=site)``.

    Whatever the console complains about is on ``page.complaints``; the fixture fails the test for any of it.
    """
    contexts = []
    complaints: list[str] = []

    def open_page(*, width: int = 1280, height: int = 900, javascript: bool = True, of: servers.Site = site):
        context = chromium.new_context(
            base_url=of.address,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{page.url}: {said.text}")
                if said.type == "error" and "status of 4" not in said.text  # an answer such as 404 or 409 may be meant
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(browse):
    """Return a page of a new visitor on a wide screen with JavaScript."""
    return browse()
