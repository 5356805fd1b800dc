"""A notice above every page: switched on and off by those who keep the directory, at once, and on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.models import SafetyNotice
from safekeeping.models import AuditEvent
from tests.cms.conftest import fill_in
from tests.factories.people import browser_of

pytestmark = pytest.mark.django_db
DOWN = "The front door’s line is not working today. Call the council instead:"
INSTEAD = "0117 496 0777"
PAGES = ("/", "/find/", "/sign-in/", "/nothing/here/")


@pytest.fixture(params=["content_editor", "sysadmin"])
def staff(request, employ, wearing):
    return wearing(employ(request.param))


def shown(browser: Client | None = None) -> bool:
    """Tell whether every page says it; they must agree."""
    found = {DOWN in (browser or Client()).get(address).content.decode() for address in PAGES}
    assert len(found) == 1, "some pages say it and others do not"
    return found.pop()


def told(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def switch_on(browser: Client, *, hours: int = 5, **more: str):
    now = timezone.now()
    entered = {"from_at": told(now - timedelta(minutes=1)), "until_at": told(now + timedelta(hours=hours))}
    said = {"text": DOWN, "telephone": INSTEAD}
    return fill_in(browser, reverse("safetynotice:add"), **(said | entered | more))


def test_it_is_on_every_page_from_the_next_click_and_off_from_the_next(staff):
    assert not shown()
    assert switch_on(staff).status_code == 302
    assert shown()
    assert f'<a href="tel:{INSTEAD.replace(" ", "")}">{INSTEAD}</a>' in Client().get("/").content.decode()
    notice = SafetyNotice.objects.get()
    assert staff.post(reverse("safetynotice:delete", args=[notice.pk])).status_code == 302
    assert not shown()
    events = AuditEvent.objects.filter(object_type="safety_notice").order_by("seq")
    assert [(one.action, one.object_ref) for one in events] == [
        ("safety_notice_set", str(notice.pk)),
        ("safety_notice_removed", str(notice.pk)),
    ]


def test_it_ends_by_itself_and_not_before_it_begins(staff):
    now = timezone.now()
    notice = SafetyNotice.objects.create(text=DOWN, from_at=now + timedelta(hours=1), until_at=now + timedelta(hours=2))
    assert not shown()
    SafetyNotice.objects.update(from_at=now - timedelta(hours=1))
    assert shown()
    answer = fill_in(staff, reverse("safetynotice:edit", args=[notice.pk]), until_at=told(now - timedelta(minutes=1)))
    assert answer.status_code == 302
    assert not shown()
    assert AuditEvent.objects.filter(action="safety_notice_changed").count() == 1


def test_the_edges_are_to_the_moment():
    at = timezone.now()
    SafetyNotice.objects.create(text=DOWN, from_at=at, until_at=at + timedelta(hours=1))
    for moment, in_force in ((-1, 0), (0, 1), (3599, 1), (3600, 0)):
        assert SafetyNotice.objects.in_force(at + timedelta(seconds=moment)).count() == in_force, moment


def test_of_two_the_one_that_was_begun_last_is_shown():
    now = timezone.now()
    for text, begun in (("First", 2), ("Second", 1)):
        SafetyNotice.objects.create(text=text, from_at=now - timedelta(hours=begun), until_at=now + timedelta(hours=1))
    html = Client().get("/").content.decode()
    assert "Second" in html
    assert "First</p>" not in html


def test_people_at_work_read_it_too(employ):
    now = timezone.now()
    SafetyNotice.objects.create(text=DOWN, from_at=now, until_at=now + timedelta(hours=1))
    assert DOWN in browser_of(employ("coordinator")).get(reverse("brokering:desk")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 161},
        {"telephone": "ring the bell"},
        {"telephone": "javascript:1"},
        {"until_at": "2020-01-01 09:00"},
        {"until_at": ""},
        {"until_at": "soon"},
    ],
)
def test_what_makes_no_notice_is_said_beside_the_field_and_nothing_is_lost(steward, wrong):
    entered = {"text": DOWN, "telephone": INSTEAD} | wrong
    now = timezone.now()
    times = {"from_at": told(now), "until_at": told(now + timedelta(hours=1))} | wrong
    answer = fill_in(steward, reverse("safetynotice:add"), **(entered | times))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    kept = wrong.get("telephone", INSTEAD)
    assert kept in answer.content.decode()
    assert not SafetyNotice.objects.exists()


def test_markup_in_a_notice_is_text(steward):
    switch_on(steward, text="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in Client().get("/").content.decode()


def test_no_notice_can_end_before_it_begins():
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyNotice.objects.create(text=DOWN, from_at=now, until_at=now)


@pytest.mark.parametrize("role", ["provider_admin", "coordinator", "ig_officer", "professional"])
def test_nobody_else_says_anything_there(employ, desk, role):
    assert browser_of(employ(role)).get(reverse("safetynotice:add")).status_code == 404
