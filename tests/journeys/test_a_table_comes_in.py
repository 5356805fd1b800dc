"""
A steward brings a table: the errors stand beside their cells, the mended one is looked at, applied, seen and taken back.

The tests of this file follow one table through its life, in this order.
"""

from __future__ import annotations

import pytest

from directory import tables
from tests.journeys.people import STEWARD, clean, sign_in

ROW = {
    "key": "night-owls",
    "name": "Night owls",
    "organization": "owls",
    "organization_name": "Owls",
    "organization_type": "vcs_charity",
    "summary": "Out late, with you.",
    "service_type": "community_mentoring",
    "intervention_level": "targeted_diversion",
    "subject": "child",
    "request_mode": "broker_only",
    "minimum_age": "12",
}
SECOND = ROW | {"key": "night-owls-2", "name": "Night owls at the weekend"}


@pytest.fixture(scope="module")
def working_site(own_site):
    """Have a worker beside the server, who applies what a steward has brought."""
    own_site.start("worker", "manage.py", "worker")
    return own_site


def bring(page, *rows: dict[str, str]) -> None:
    """Choose a file from the disk and have it looked at."""
    page.goto("/admin/")
    page.get_by_role("link", name="Import and export").click()
    content = b"".join(tables.as_csv(list(ROW), [list(row.values()) for row in rows]))
    page.get_by_label("The file").set_input_files({"name": "owls.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("heading", name="owls.csv").wait_for()


def test_errors_stand_beside_their_cells_and_nothing_changes(browse, working_site):
    page = sign_in(browse(of=working_site), STEWARD)
    bring(page, ROW | {"minimum_age": "twelve"}, SECOND)
    rows = page.get_by_role("region", name="Rows of the file").get_by_role("row")
    assert "K2" in rows.nth(1).inner_text()
    assert "is not a whole number" in rows.nth(1).inner_text()
    assert "K3" not in rows.nth(2).inner_text()
    page.get_by_role("button", name="Apply 1 row").wait_for()
    assert page.goto("/services/night-owls-2/").status == 404


def test_the_mended_table_is_applied_under_our_eyes_and_found_by_everybody(browse, working_site):
    page = sign_in(browse(of=working_site), STEWARD)
    bring(page, ROW, SECOND)
    assert "2 new" in page.locator("#progress").inner_text()
    assert page.goto("/services/night-owls/").status == 404  # it has only been looked at
    page.go_back()
    page.get_by_label("Publish the words at once").check()
    page.get_by_role("button", name="Apply 2 rows").click()
    page.get_by_text("2 applied and published").wait_for(timeout=30_000)  # the page looks again by itself
    public = browse(of=working_site, javascript=False)
    assert public.goto("/services/night-owls/").status == 200
    assert "Out late, with you." in public.locator("main").inner_text()


def test_it_is_taken_back_without_script_on_a_small_screen(browse, working_site):
    page = sign_in(browse(of=working_site, width=320, javascript=False), STEWARD)
    page.goto("/admin/imports/")
    page.get_by_role("link", name="owls.csv").first.click()
    page.get_by_role("button", name="Undo this import").click()
    for _ in range(20):
        if page.get_by_text("2 undone").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    assert "2 undone" in page.locator("#progress").inner_text()
    assert browse(of=working_site).goto("/services/night-owls/").status == 404


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_it_is_fit_for_everybody(browse, working_site, width):
    page = sign_in(browse(of=working_site, width=width), STEWARD)
    page.goto("/admin/imports/")
    clean(page)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Choose a file.").wait_for()
    clean(page)
    page.goto("/admin/imports/columns/")
    clean(page)
    page.goto("/admin/imports/")
    page.get_by_role("link", name="owls.csv").last.click()
    assert "with errors" in page.locator("main").inner_text()
    clean(page)
