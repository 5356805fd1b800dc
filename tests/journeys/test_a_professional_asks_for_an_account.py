"""
A professional asks for an account, confirms the address, is approved by a steward, accepts, sets up the second step, and is in.

Every page on the way passes axe, on a wide screen and on a narrow one; and the way is open without script as well.
"""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys import people
from tests.journeys.people import LEAD, MANAGER, STEWARD, clean
from tests.journeys.test_one_childs_request import look

__all__ = ["look"]
PASSWORD = "river kettle moss ladder"


def link_in_the_newest_letter(page, address):
    page.goto(f"/emails/?to={address}")
    page.locator("tr", has_text=address).first.get_by_role("link").click()
    return re.search(
        r"https?://[^/\s]+(/(?:join/confirm|invitation)/\?t=[0-9a-f]{64})", page.locator("main").inner_text()
    ).group(1)


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (320, True), (1280, False)], ids=["wide", "narrow", "no script"]
)
def test_a_professional_asks_for_an_account(look, width, javascript):
    options = {"width": width, "javascript": javascript}
    check = clean if javascript else (lambda page: None)
    address = f"sam.okoro.{width}.{javascript}@newteam.example".lower()

    page = look(**options)
    page.goto("/sign-in/")
    page.get_by_role("link", name="Ask for an account").click()
    check(page)
    people.write(page, name="Sam Okoro", email="sam@gmail.com", job_title="Family worker", why="To ask for mentoring")
    page.locator("[name=organization]").select_option(label="Mine is not listed")
    page.get_by_role("button", name="Send").click()
    check(page)
    assert page.get_by_text("address that you have at work").count()
    people.write(page, email=address, organization_name="New Team")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Look at your e-mail").wait_for()
    check(page)

    page.goto(link_in_the_newest_letter(page, address))
    check(page)
    page.get_by_role("button", name="Yes, that was me").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    check(page)

    steward = look(STEWARD, **options)
    steward.goto("/joining/")
    check(steward)
    steward.get_by_role("link", name="Sam Okoro").first.click()
    check(steward)
    people.choose(steward, decision="yes")
    steward.get_by_role("button", name="Decide").click()
    assert steward.get_by_text("Choose the organization").count(), "it is not listed, so somebody has to say which"
    check(steward)
    steward.locator("[name=organization]").select_option(label="Children and Families Services")
    steward.get_by_role("button", name="Decide").click()
    steward.get_by_text("We have invited Sam Okoro.").wait_for()

    page.goto(link_in_the_newest_letter(page, address))
    check(page)
    assert page.locator("[name=name]").input_value() == "Sam Okoro"
    people.write(page, password1="short", password2="short")
    page.get_by_role("button", name="Accept").click()
    check(page)
    people.write(page, password1=PASSWORD, password2=PASSWORD)
    page.get_by_role("button", name="Accept").click()

    check(page)
    secret = page.locator(".al-secret").inner_text().strip()
    people.write(page, code=format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Continue").click()
    page.goto("/requests/")
    assert page.get_by_text("Sam Okoro").count()
    page.get_by_role("heading", level=1).wait_for()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_a_manager_a_lead_and_a_steward_pass(look, width):
    manager = look(MANAGER, width=width)
    for address in ("/my-colleagues/", "/my-colleagues/invite/", "/my-colleagues/leave/", "/my-compliance/"):
        manager.goto(address)
        clean(manager)
    manager.goto("/my-colleagues/invite/")
    people.write(manager, email=f"new.{width}@umojapath.example", name="Ana Reyes")
    people.choose(manager, role="provider_worker")
    manager.get_by_role("button", name="Send the invitation").click()
    clean(manager)
    assert manager.get_by_role("cell", name="Provider worker").count()
    manager.get_by_role("link", name=re.compile("^Change ")).first.click()
    clean(manager)
    lead = look(LEAD, width=width)
    lead.goto("/my-colleagues/")
    clean(lead)
    steward = look(STEWARD, width=width)
    for address in ("/joining/", "/joining/invite/", "/join/", "/join/organization/", "/join/account/"):
        steward.goto(address)
        clean(steward)
