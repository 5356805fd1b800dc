"""
What becomes of a provider's link that is opened too late, by somebody else, or a second time.

Whoever holds a link can do what it says and nothing else; no page of it names a person; every use is on record and told
to the provider. In this order, on one site: used twice, forwarded, expired.
"""

from __future__ import annotations

import json
import re

import pytest

from tests.journeys.mails import MENTORING, finder_says, link_in, open_mail, token_in
from tests.journeys.people import SERVICE, clean, sign_in

# Of another provider, and of the provider that the mail went to.
STRANGER, PEOPLE = "Priya Anand", ("Marcus", "Bell", "Andre", "Clarke")
TOLD = "Somebody answered for your places through our link"
EVENTS = """
import json
from safekeeping.models import AuditEvent
told = AuditEvent.objects.filter(action__startswith="figures.").order_by("seq")
print("EVENTS", json.dumps([[e.action, e.outcome, e.role, e.actor, str(e.organization or "")] for e in told]))
"""
# So many days later, as far as links are concerned.
LATER = """
from datetime import timedelta
from django.db.models import F
from directory.models import ConfirmationLink
later = timedelta(days={})
ConfirmationLink.objects.update(sent_at=F("sent_at") - later, expires_at=F("expires_at") - later)
"""
BOTH_WAYS = pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (320, True), (320, False)], ids=["wide", "narrow", "narrow without script"]
)


def events(site):
    """Return what the trail holds of figures: action, outcome, role, actor, organization."""
    return json.loads(re.search(r"EVENTS (.*)", site.manage("shell", "-c", EVENTS)).group(1))


def mails_of_use(page):
    page.goto("/emails/")
    return page.get_by_role("link", name=TOLD).count()


def names_nobody(page):
    words = page.locator("body").inner_text()
    assert not [name for name in PEOPLE if re.search(rf"\b{name}\b", words)], page.url
    assert STRANGER not in words


def looked_at(page, javascript):
    """Look at a page as everybody would: axe runs its own script, so a page without script is looked at with one, too."""
    names_nobody(page)
    if javascript:
        clean(page)


# --- used twice -------------------------------------------------------------------------------------------------------


def test_two_open_pages_and_two_presses_are_one_answer_and_the_second_says_so(browse, own_site):
    first, second = open_mail(browse(of=own_site)), open_mail(browse(of=own_site, width=320, javascript=False))
    for page in (first, second):
        link_in(page).click()
    told = []
    for page in (first, second):
        page.get_by_role("button", name="Yes, both are still right").click()
        assert page.locator("h1").inner_text() == "Thank you"
        assert "You said so today at" in page.locator("main").inner_text()
        assert page.get_by_role("button", name="Yes, ").count() == 0
        told.append(mails_of_use(browse(of=own_site)))
    assert [event[:3] for event in events(own_site)] == [
        ["figures.confirm", "ok", "confirmation_link"]
    ] * 2  # two pools
    assert told[0] == told[1] > 0


@BOTH_WAYS
def test_a_link_that_was_used_says_so_and_still_changes_what_it_is_for(browse, own_site, width, javascript):
    page = open_mail(browse(of=own_site, width=width, javascript=javascript))
    before = events(own_site)
    link_in(page).click()
    assert page.locator("h1").inner_text() == "Thank you"
    assert "You have answered" in page.locator("main").inner_text()
    page.locator("summary", has_text=MENTORING).wait_for()
    looked_at(page, javascript)
    page.reload()
    assert page.locator("h1").inner_text() == "Thank you"
    assert events(own_site) == before


# --- forwarded --------------------------------------------------------------------------------------------------------


@BOTH_WAYS
def test_whoever_it_was_forwarded_to_does_what_it_says_and_nothing_more(browse, own_site, width, javascript):
    token = token_in(browse(of=own_site))
    page = browse(of=own_site, width=width, javascript=javascript)
    page.goto(f"/confirm/?t={token}")
    looked_at(page, javascript)
    assert "Was the e-mail not meant for you?" in page.locator("main").inner_text()
    assert "Sign out" not in page.locator("body").inner_text()
    for address in ("/my-services/", "/offers/", "/desk/"):
        page.goto(address)
        assert "/sign-in/" in page.url, address
    before, told = events(own_site), mails_of_use(page)
    page.goto(f"/confirm/?t={token}")
    change(page, "14")
    looked_at(page, javascript)
    [used] = events(own_site)[len(before) :]
    assert used[:4] == ["figures.change", "ok", "confirmation_link", None]
    assert mails_of_use(page) > told


def change(page, total):
    """Change the first number through the page of the link."""
    page.locator("summary", has_text=MENTORING).click()
    form = page.get_by_role("form", name=f"Change {MENTORING}")
    form.get_by_label("Places in all").fill(total)
    form.get_by_role("button", name="Save the change").click()
    assert page.locator("h1").inner_text() == "Thank you"


@BOTH_WAYS
def test_somebody_signed_in_elsewhere_gains_nothing_by_it_and_is_not_taken_for_the_reader(
    browse, own_site, width, javascript
):
    token = token_in(browse(of=own_site))
    page = sign_in(browse(of=own_site, width=width, javascript=javascript), STRANGER)
    before, told = events(own_site), mails_of_use(page)
    page.goto(f"/confirm/?t={token}")
    looked_at(page, javascript)
    change(page, str(15 + (width == 320) + javascript))
    looked_at(page, javascript)
    [used] = events(own_site)[len(before) :]
    assert used[:4] == ["figures.change", "ok", "confirmation_link", None]
    assert used[4] == "", "a link speaks for nobody’s organization but its own"
    assert mails_of_use(page) > told
    page.goto("/my-services/")
    assert MENTORING not in page.locator("main").inner_text()
    page.goto("/offers/")
    assert "Umoja" not in page.locator("main").inner_text()
    page.goto(f"/services/{SERVICE}/")
    assert "Umoja Path said so today" in page.locator("main").inner_text()


def test_the_provider_reads_that_it_was_said_through_the_link(browse, own_site):
    page = browse(of=own_site)
    page.goto("/emails/")
    page.get_by_role("link", name=TOLD).first.click()
    words = page.locator("main").inner_text()
    assert "If it was not you" in words
    assert STRANGER not in words
    sign_in(page, "Marcus Bell").goto("/my-services/")
    assert "through the link we sent to Marcus Bell" in page.locator("main").inner_text()
    page.get_by_role("link", name=f"Change {MENTORING}").click()
    assert "by e-mail link" in page.locator("main").inner_text()


# --- expired ----------------------------------------------------------------------------------------------------------


@BOTH_WAYS
def test_an_expired_link_changes_nothing_even_on_a_page_that_was_open(browse, own_site, width, javascript):
    token = token_in(browse(of=own_site))
    page = browse(of=own_site, width=width, javascript=javascript)
    page.goto(f"/confirm/?t={token}")
    said = finder_says(browse(of=own_site))
    own_site.manage("shell", "-c", LATER.format(8))
    before = events(own_site)
    page.locator("summary", has_text=MENTORING).click()
    form = page.get_by_role("form", name=f"Change {MENTORING}")
    form.get_by_label("Places in all").fill("99")
    form.get_by_role("button", name="Save the change").click()
    assert page.locator("h1").inner_text() == "This link does not work"
    assert "Nothing was changed" in page.locator("main").inner_text()
    assert "Umoja" not in page.locator("body").inner_text()
    looked_at(page, javascript)
    assert [event[:4] for event in events(own_site)[len(before) :]] == [
        ["figures.refused", "refused", "confirmation_link", None]
    ]
    assert finder_says(browse(of=own_site)) == said
    assert page.goto(f"/confirm/?t={token}").status == 404
    looked_at(page, javascript)
    own_site.manage("shell", "-c", LATER.format(-8))


def test_whoever_had_the_expired_link_gets_a_new_one_and_nobody_else_does(browse, own_site):
    token = token_in(browse(of=own_site))
    own_site.manage("shell", "-c", LATER.format(8))
    page = browse(of=own_site, width=320, javascript=False)
    page.goto(f"/confirm/?t={token}")
    page.get_by_role("button", name="Send a new link").click()
    assert page.locator("h1").inner_text() == "Look in your e-mail"
    names_nobody(page)
    fresh = token_in(browse(of=own_site))
    assert fresh != token
    assert page.goto(f"/confirm/?t={fresh}").status == 200
