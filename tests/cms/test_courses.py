"""The words of a course wait as a draft; the Partnership Team and the stewards write them, and nothing else follows from that."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cms.conftest import fill_in
from tests.factories import directory as make
from tests.factories import training as taught
from training.models import Course

pytestmark = pytest.mark.django_db
NEW = "How children are drawn in, told by those who got out."


@pytest.fixture
def team(employ, wearing):
    return wearing(employ("partnership_team"))


def editor(course: Course) -> str:
    return reverse("wagtailsnippets_training_course:edit", args=[course.pk])


def preview(course: Course) -> str:
    course.refresh_from_db()
    name = "wagtailsnippets_training_course:revisions_view"
    return reverse(name, args=[course.pk, course.latest_revision_id])


def told(browser, address: str) -> str:
    return browser.get(address).content.decode()


@pytest.mark.parametrize("role", ["partnership_team", "content_editor", "sysadmin"])
def test_a_draft_waits_is_previewed_as_the_public_page_and_published(role, employ, wearing, public):
    browser, course = wearing(employ(role)), taught.course("County lines")
    page = reverse("training:course", args=[course.slug])
    assert fill_in(browser, editor(course), summary=NEW).status_code == 302
    assert NEW not in told(public, page)
    shown = told(browser, preview(course))
    assert NEW in shown
    assert "No date is planned just now" in shown
    fill_in(browser, editor(course), summary=NEW, action="publish")
    assert NEW in told(public, page)


def test_the_preview_has_the_dates_that_the_course_has_now(team):
    course = taught.course("County lines")
    session = taught.session(course, starts=timezone.now() + 30 * taught.DAY)
    fill_in(team, editor(course), summary=NEW)
    assert reverse("training:session", args=[session.pk]) in told(team, preview(course))


def test_a_new_course_is_nobodys_to_see_until_it_is_published(team, public):
    organization = make.organization("Beacon")
    words = {"title": "Late work", "organization": str(organization.pk), "duration_minutes": "180"}
    assert fill_in(team, reverse("wagtailsnippets_training_course:add"), **words).status_code == 302
    course = Course.objects.get()
    assert (course.slug, course.live) == ("late-work", False)
    assert public.get(f"/training/{course.slug}/").status_code == 404
    more = {"level": "core", "summary": NEW, "for_whom": "Anyone"}
    fill_in(team, editor(course), action="publish", **more)
    assert NEW in told(public, f"/training/{course.slug}/")


def test_a_course_without_a_level_is_not_published(team):
    course = taught.course("County lines", live=False, level="")
    fill_in(team, editor(course), action="publish")
    course.refresh_from_db()
    assert not course.live


def test_who_runs_a_course_is_settled_once_it_has_sessions(team):
    course = taught.course()
    taught.session(course)
    other = make.organization()
    fill_in(team, editor(course), action="publish", organization=str(other.pk))
    course.refresh_from_db()
    assert course.organization_id != other.pk


def test_publishing_an_old_draft_gives_no_seat_back(team):
    course = taught.course()
    session = taught.session(course)
    fill_in(team, editor(course), summary=NEW)
    taught.booked(session)
    fill_in(team, editor(course), action="publish")
    assert taught.now(session.pool).occupied == 1


def test_the_partnership_team_writes_courses_and_nothing_else(team):
    service = make.service()
    desk = told(team, "/admin/")
    assert "Courses" in desk
    for closed in ("Standing of services", "Vocabularies", "Locations", "Memberships"):
        assert closed not in desk
    for name in ("location:index", "membership:index", "taxonomyterm:index"):
        assert team.get(reverse(name)).status_code in (302, 403, 404), name
    edit = reverse("wagtailsnippets_directory_service:edit", args=[service.pk])
    assert team.get(edit).status_code in (302, 403, 404)


def test_a_course_is_never_deleted(team):
    course = taught.course()
    assert team.post(reverse("wagtailsnippets_training_course:delete", args=[course.pk])).status_code in (302, 403, 404)
    assert Course.objects.filter(pk=course.pk).exists()
