"""
Words grow old: their provider says on a telephone that they are wrong, and writes them anew; a steward finds others and suspends them.

The tests of this file come in this order.
"""

from __future__ import annotations

import re

import pytest

from tests.journeys.mails import link_in, open_mail
from tests.journeys.people import MANAGER, SERVICE, STEWARD, clean, sign_in

SIBLINGS, SIBLINGS_AT = "Mentoring for brothers and sisters", "umoja-path-brothers-and-sisters"
# The sample has just asked this provider about its figures; so that it is asked again, nobody has asked it yet.
GROW_OLD = f"""
from datetime import timedelta
from django.utils import timezone
from directory import asking, models
at = timezone.now()
models.Asking.objects.filter(organization__services__slug="{SERVICE}").delete()
day = at.date() - timedelta(days=10)
models.ServiceStanding.objects.filter(service__slug="{SERVICE}").update(next_assurance_due_on=day)
models.ServiceStanding.objects.filter(service__name="{SIBLINGS}").update(next_assurance_due_on=day)
assert asking.ask(at)
"""


@pytest.fixture(scope="module", autouse=True)
def old_words(own_site):
    """Have two services of one provider overdue, and their provider asked about them."""
    own_site.manage("shell", "--no-imports", "-c", GROW_OLD)


def test_a_steward_finds_what_is_overdue_and_suspends_it(browse, own_site):
    page = sign_in(browse(of=own_site), STEWARD)
    page.goto("/admin/")
    page.get_by_role("link", name="What is stale").click()
    page.get_by_role("link", name="Words overdue (2)").click()
    clean(page)
    line = page.get_by_role("row", name=re.compile(SIBLINGS))
    assert line.locator("a[href^='tel:']").count() == 1  # whom to ring
    line.get_by_role("link", name="Suspend").click()
    page.get_by_label("Why?").fill("Nobody knows whether this still runs.")
    page.get_by_role("button", name="Suspend: 1 entry").click()
    page.get_by_role("link", name="Words overdue (1)").wait_for()  # back where the steward was
    page.get_by_role("link", name="Suspended by a steward (2)").click()
    assert SIBLINGS in page.get_by_role("table").inner_text()
    assert browse(of=own_site).goto(f"/services/{SIBLINGS_AT}/").status == 404


def test_a_provider_says_without_script_that_the_words_are_wrong_and_writes_them_anew(browse, own_site):
    page = browse(of=own_site, width=320, javascript=False)
    link_in(open_mail(page)).click()
    page.get_by_role("button", name="Not right, I’ll change it").first.click()
    assert "you will change it" in page.locator("main").inner_text()
    page.get_by_role("link", name="Change the words now").click()
    page.get_by_role("button", name=MANAGER).first.click()
    assert page.locator("h1").inner_text() == "One-to-one mentoring"
    page.get_by_role("link", name="What it is").click()
    page.get_by_label("In one or two sentences").fill("Somebody who walks beside a young person for a year.")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name=re.compile("Send")).first.click()
    assert "Waiting for a steward" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_behind_the_letter_is_fit_for_everybody(browse, own_site, width):
    page = browse(of=own_site, width=width)
    link_in(open_mail(page)).click()
    page.get_by_role("link", name="Change the words now").wait_for()
    clean(page)
