"""A school asks for a whole year group, page by page, as a browser without JavaScript does; and the Partnership Team decides."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from itertools import count
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from brokering import contexts
from brokering.models import ContextRequest, ContextState, PlacementRequest
from directory.models import Membership, Role
from safekeeping.models import AuditEvent
from tests.factories import brokering as brokered
from tests.factories import contexts as make
from tests.factories.brokering import AT, HOUR
from tests.factories.contexts import team
from tests.factories.people import browser_of

pytestmark = pytest.mark.django_db
NOTHING_WRONG = {"danger_now": "no", "harm": "no", "adult_works_with_children": "no", "trafficking": "no"}
PLACE = {"context_type": "school_or_college", "label": "Year 9", "ward": make.EASTON}
HAPPENING = {"harm_types": ["knife_weapon"], "what_is_known": "Fights by the gate.", "affected": "10_19"}
WANTED = {"response_wanted": ["school_workshop"], "accountable_owner": "Head of school"}
WITH_A_NAME = "Fights by the gate since half term. Jordan Mills was hurt. Staff have helped."


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    """A clock that goes on, so that of two answers one is the later."""
    seconds = count()
    monkeypatch.setattr(timezone, "now", lambda: AT + HOUR + timedelta(seconds=next(seconds)))


@pytest.fixture
def school(here):
    return browser(here.dsl)


def browser(hat):
    return browser_of(Membership.objects.get(pk=hat.membership_id))


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())).split())


def only() -> ContextRequest:
    return ContextRequest.objects.unscoped(reason="what the pages left behind").get()


def at_page(client, page="", **posted):
    address = f"/requests/places/{only().pk}/{page}"
    return client.post(address, posted) if posted else client.get(address)


def test_a_request_goes_all_the_way_from_the_first_page_to_a_response(school, here):
    partners = browser(team(here))
    assert "For a school, a group or a place" in words(school.get("/requests/new/"))
    assert "does not replace telling" in words(school.get("/requests/places/new/"))
    assert school.post("/requests/places/new/").status_code == 302
    assert at_page(school, "safety/", **NOTHING_WRONG)["Location"].endswith("/place/")
    assert at_page(school, "place/", **PLACE)["Location"].endswith("/happening/")
    assert at_page(school, "happening/", **HAPPENING)["Location"].endswith("/help/")
    assert at_page(school, "help/", **WANTED)["Location"].endswith("/check/")
    check = words(at_page(school, "check/"))
    assert "Fights by the gate." in check
    assert "Who sees what" in check
    assert at_page(school, "check/", send="yes").status_code == 302
    row = only()
    assert row.state == ContextState.TRIAGE
    assert "The Partnership Team reads your request" in words(at_page(school))
    assert row.public_ref in words(school.get("/requests/"))

    desk = words(partners.get("/desk/"))
    assert "Not a child" in desk
    assert row.short_ref in desk
    case = reverse("brokering:desk_context", args=[row.pk])
    assert "Fights by the gate." in words(partners.get(case))
    partners.post(f"{case}take/")
    told = {"outcome": "response_agreed", "agreed": "Two workshops", "rationale": "They are ready",
            "review_on_day": "20", "review_on_month": "1", "review_on_year": "2027"}  # fmt: skip
    assert partners.post(f"{case}decide/", told).status_code == 302
    status = words(at_page(school))
    assert "A response is agreed" in status
    assert "Two workshops" in status
    assert "They are ready" not in status, "why is for those who decide"
    assert partners.post(f"{case}close/", {"close-because": "response_done"}).status_code == 302
    assert "This request is closed" in words(at_page(school))


def test_e16_a_name_is_quoted_explained_and_kept_on_the_page_and_nowhere_else(school, here):
    make.draft(here)
    before = only().what_is_known
    answer = at_page(school, "happening/", **{**HAPPENING, "what_is_known": WITH_A_NAME})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<mark>Jordan Mills</mark>") == 2, "in the summary and beside the question"
    assert WITH_A_NAME in unescape(page)
    assert "Not saved yet" in page
    assert "“a Year 9 pupil”" in words(answer)
    assert 'aria-describedby="id_what_is_known-fix' in page
    assert 'id="id_what_is_known-fix"' in page
    for way_on in ("choose it from the list of places", "Ask for that child instead"):
        assert way_on in words(answer)
    assert only().what_is_known == before


def test_a_name_is_found_although_something_else_is_wrong_too(school, here):
    make.draft(here)
    answer = at_page(school, "happening/", **{**HAPPENING, "what_is_known": WITH_A_NAME, "youngest": "young"})
    assert "<mark>Jordan Mills</mark>" in answer.content.decode()
    assert "Enter an age as a number" in words(answer)


def test_there_is_no_way_to_keep_it_nevertheless(school, here):
    make.draft(here)
    for extra in ("sure", "confirm", "override", "ignore", "leave"):
        answer = at_page(school, "happening/", **{**HAPPENING, "what_is_known": WITH_A_NAME, extra: "yes"})
        assert answer.status_code == 200
    assert "Jordan" not in only().what_is_known


@pytest.mark.parametrize("where", ["message", "decide"])
def test_a_name_is_stopped_at_the_desk_as_well(here, where):
    row = make.sent(here)
    case = reverse("brokering:desk_context", args=[row.pk])
    data = {
        "message": {"message-text": "Ask Jordan Mills."},
        "decide": {"outcome": "signposted", "elsewhere_instead": "Jordan Mills can do it", "rationale": "Theirs"},
    }[where]
    answer = browser(here.coordinator).post(f"{case}{where}/", data)
    assert "<mark>Jordan Mills</mark>" in answer.content.decode()
    assert list(data.values())[0 if where == "message" else 1] in unescape(answer.content.decode())
    assert brokered.now(row).state == ContextState.TRIAGE


def test_markup_in_what_was_found_stays_text(school, here):
    make.draft(here)
    answer = at_page(school, "place/", **{**PLACE, "label": "For @<script>alert(1)</script>jo and Jordan"})
    assert b"<script>alert(1)" not in answer.content


def test_danger_stops_everything_and_comes_back(school, here):
    make.draft(here)
    assert at_page(school, "safety/", **{**NOTHING_WRONG, "danger_now": "yes"})["Location"].endswith("/danger/")
    page = at_page(school, "danger/")
    assert "999" in words(page)
    assert f"/requests/places/{only().pk}/danger/mistake/" in page.content.decode()
    for locked in ("place/", "happening/", "help/", "check/"):
        assert at_page(school, locked)["Location"].endswith("/safety/")
    assert at_page(school)["Location"].endswith("/danger/")
    safe = {"reported_on_day": "16", "reported_on_month": "11", "reported_on_year": "2026", "reported_time": "9.15am",
            "reported_reference": "FR 12", "safe_confirmed": "on"}  # fmt: skip
    assert at_page(school, "danger/", **safe).status_code == 302
    assert only().state == ContextState.DRAFT
    at_page(school, "safety/", **{**NOTHING_WRONG, "danger_now": "yes"})
    assert at_page(school, "danger/mistake/", again="yes")["Location"].endswith("/safety/")


def test_a_childs_draft_becomes_a_places_and_the_other_way_round_from_the_pages(school, here):
    child = brokered.draft(here)
    address = reverse("brokering:about_a_place", args=[child.pk])
    assert "nothing about the child goes over" in words(school.get(address))
    assert f'href="{address}"' in school.get(reverse("brokering:child", args=[child.pk])).content.decode()
    assert "/requests/places/" in school.post(address)["Location"]
    assert not PlacementRequest.objects.unscoped(reason="what is left").exists()
    back = at_page(school, "one-child/")
    assert "begins with nothing in it" in words(back)
    assert at_page(school, "one-child/", go="on")["Location"].endswith("/safety/")
    assert not ContextRequest.objects.unscoped(reason="what is left").exists()
    assert PlacementRequest.objects.unscoped(reason="what is left").get().harm_types == []


def test_the_partnership_teams_desk_has_nothing_of_a_child_on_it(here):
    child, place = brokered.sent(here), make.sent(here)
    partners = browser(team(here))
    page = words(partners.get("/desk/"))
    assert place.short_ref in page
    assert child.short_ref not in page
    for absent in ("need a place", "Offers running out", "About"):
        assert absent not in page
    assert partners.get(f"/desk/requests/{child.pk}/").status_code == 404
    assert partners.get("/desk/?about=children&state=triage").status_code == 200
    assert child.short_ref not in words(partners.get("/desk/?about=children&show=closed"))


def test_a_coordinators_desk_has_both_and_can_be_narrowed(here):
    child, place = brokered.sent(here), make.sent(here)
    coordinator = browser(here.coordinator)
    for asked, shown in (("", {child, place}), ("?about=children", {child}), ("?about=places", {place})):
        page = words(coordinator.get(f"/desk/{asked}"))
        assert {row for row in (child, place) if row.short_ref in page} == shown, asked
    contexts.take(place, by=here.coordinator, at=AT)
    assert place.short_ref in words(coordinator.get("/desk/?state=owned"))
    assert child.short_ref not in words(coordinator.get("/desk/?state=owned"))


def test_what_is_overdue_comes_first_and_is_counted(here, monkeypatch):
    make.sent(here)
    monkeypatch.setattr(timezone, "now", lambda: AT + 200 * HOUR)
    page = words(browser(team(here)).get("/desk/"))
    assert "1 late" in page
    assert "Late Clock" not in page
    assert re.search(r"\bLate\b.*Not a child", page)


@pytest.mark.parametrize("who", ["elsewhere", "manager", "colleague", "steward"])
def test_what_is_not_there_and_what_is_not_theirs_look_the_same(here, who):
    row = make.draft(here) if who == "colleague" else make.sent(here)
    hats = {"steward": lambda: brokered.hat(here.council, Role.CONTENT_EDITOR)}
    client = browser(hats[who]() if who in hats else getattr(here, who))
    for path in ("/requests/places/{}/", "/desk/places/{}/", "/requests/places/{}/check/", "/desk/places/{}/decide/"):
        answers = [client.get(path.format(ref)) for ref in (row.pk, uuid4())]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].status_code in (404, 405)
        assert answers[0].content == answers[1].content
    assert "Fights" not in str([answer.content for answer in answers])


def test_every_reading_is_recorded_in_its_transaction(school, here):
    row = make.sent(here)
    for client, address, action in (
        (school, "/requests/", "context.list"),
        (school, f"/requests/places/{row.pk}/", "context.read-status"),
        (school, f"/requests/places/{row.pk}/check/", "context.read-back"),
        (browser(team(here)), "/desk/", "context.desk"),
        (browser(here.coordinator), f"/desk/places/{row.pk}/", "context.read"),
    ):
        client.get(address)
        assert AuditEvent.objects.filter(action=action, object_ref=str(row.pk)).exists(), action


def test_too_late_is_said_and_changes_nothing(here, school):
    row = make.closed(here)
    case = reverse("brokering:desk_context", args=[row.pk])
    coordinator = browser(here.coordinator)
    told = {"outcome": "signposted", "elsewhere_instead": "Licensing", "rationale": "Theirs"}
    for address, data in (
        (f"{case}take/", {}), (f"{case}decide/", told), (f"{case}message/", {"message-text": "Hello"}),
        (f"{case}withdraw/", {"withdraw-because": "other"}), (f"{case}close/", {"close-because": "other"}),
    ):  # fmt: skip
        answer = coordinator.post(address, data)
        assert answer.status_code == 409, address
        assert "moved on" in words(answer)
    assert at_page(school, "withdraw/", because="other").status_code == 409
    assert brokered.now(row).state == ContextState.CLOSED


def test_a_draft_waits_in_my_requests_and_can_be_deleted(school, here):
    make.draft(here)
    assert "Go on" in words(school.get("/requests/"))
    assert at_page(school, "withdraw/")["Location"].endswith("/delete/")
    assert at_page(school, "delete/", sure="yes").status_code == 302
    assert not ContextRequest.objects.unscoped(reason="what is left").exists()


def test_the_same_place_twice_is_told_with_the_other_reference(here):
    first, second = make.sent(here), make.sent(here)
    case = reverse("brokering:desk_context", args=[second.pk])
    told = {"outcome": "duplicate", "same_as": first.short_ref, "rationale": "The same gate"}
    assert browser(here.coordinator).post(f"{case}decide/", told).status_code == 302
    assert first.public_ref in words(browser(here.dsl).get(f"/requests/places/{second.pk}/"))
