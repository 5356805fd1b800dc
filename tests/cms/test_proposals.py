"""What partners propose, at the steward's desk: seen field by field, refused only with a reason, never written over unseen."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import hats, proposals, words
from directory.models import Closure, LiveAtOnce, Role, Service
from safekeeping.models import OutboxRow
from tests.cms.conftest import fill_in, form_of
from tests.factories import directory as make
from tests.factories.people import member

pytestmark = pytest.mark.django_db
OLD, NEW = "One adult who stays alongside.", "A mentor who stays alongside, also online."


@pytest.fixture
def service(desk):
    return make.service("Stay alongside", summary=OLD)


@pytest.fixture
def hat(service):
    person = member(Role.PROVIDER_ADMIN, service.organization, name="Marcus Bell").user
    [found] = hats.hats_of(person, timezone.localdate())
    return found


@pytest.fixture
def waiting(service, hat):
    propose(service, hat, summary=NEW)
    return service


def propose(service, hat, **typed):
    now = proposals.draft_of(Service.objects.get(pk=service.pk)).now
    seen = {name: words.digest(now[name]) for name in typed}
    proposals.write(service, typed, seen=seen, by=hat, at=timezone.now())
    return proposals.propose_changes(service, by=hat, at=timezone.now())


def editor(service):
    return reverse("wagtailsnippets_directory_service:edit", args=[service.pk])


def decision(service, action):
    state = Service.objects.get(pk=service.pk).current_workflow_task_state
    return reverse("wagtailsnippets_directory_service:workflow_action", args=[service.pk, action, state.pk])


def mails():
    return list(OutboxRow.objects.filter(kind="mail").values_list("payload", flat=True))


def status(service):
    state = Service.objects.get(pk=service.pk).current_workflow_state
    return state.status if state else ""


def test_the_queue_and_the_editor_show_what_would_change(steward, waiting):
    assert "Stay alongside" in steward.get(reverse("wagtailadmin_home")).content.decode()
    page = steward.get(editor(waiting)).content.decode()
    assert "Marcus Bell proposes" in page
    assert OLD in page
    assert NEW in page


def test_nothing_of_it_stands_there_when_nothing_waits(steward, service):
    assert "proposes" not in steward.get(editor(service)).content.decode()


def test_a_no_without_a_reason_is_no_no(steward, waiting):
    for comment in ("", "   "):
        answer = steward.post(decision(waiting, "reject"), {"comment": comment}, follow=True)
        assert "Say why it is not approved" in answer.content.decode()
    modal = steward.post(decision(waiting, "reject"), {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"})
    assert "Say why" in json.loads(modal.content)["html"]
    collect = decision(waiting, "reject").replace("/action/", "/collect_action_data/")
    asked = steward.post(collect, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"})
    assert "success" not in asked.content.decode()
    assert status(waiting) == "in_progress"
    assert mails() == []


@pytest.mark.parametrize("extra", ["", "{}", '{"comment": " "}', "[]", "no json"])
def test_nor_from_the_editor(steward, waiting, extra):
    form = form_of(steward.get(editor(waiting)).content.decode())
    form |= {"action-workflow-action": ["1"], "workflow-action-name": ["reject"], "workflow-action-extra-data": [extra]}
    answer = steward.post(editor(waiting), form)
    assert "Say why it is not approved" in answer.content.decode()
    assert status(waiting) == "in_progress"


def test_a_no_with_its_reason_is_told_without_it(steward, waiting):
    steward.post(decision(waiting, "reject"), {"comment": "Nobody can promise that."})
    assert status(waiting) == "needs_changes"
    [letter] = mails()
    assert "Nobody can promise" not in str(letter)
    assert f"/my-services/services/{waiting.pk}/" in str(letter)


def test_a_yes_is_told_once(steward, waiting, public):
    steward.post(decision(waiting, "approve"), {"comment": ""})
    assert NEW in public.get(reverse("directory:service", args=[waiting.slug])).content.decode()
    [letter] = mails()
    assert "It is public now" in str(letter)


def test_publishing_by_hand_while_it_waits_is_a_yes_too(steward, waiting, public):
    fill_in(steward, editor(waiting), action="publish")
    assert NEW in public.get(reverse("directory:service", args=[waiting.slug])).content.decode()
    assert status(waiting) == ""
    [letter] = mails()
    assert "It is public now" in str(letter)
    assert proposals.row_of(waiting) is None


def test_ending_the_moderation_leaves_the_words_with_the_partner_who_is_told(steward, waiting):
    state = Service.objects.get(pk=waiting.pk).current_workflow_state
    form = form_of(steward.get(editor(waiting)).content.decode()) | {"action-cancel-workflow": ["1"]}
    steward.post(editor(waiting), form)
    state.refresh_from_db()
    assert state.status == "cancelled"
    [letter] = mails()
    assert "without publishing" in str(letter)
    assert proposals.draft_of(Service.objects.get(pk=waiting.pk)).now["summary"] == NEW


def test_a_partner_who_takes_it_back_is_not_written_to(waiting, hat):
    proposals.withdraw(waiting, by=hat, at=timezone.now())
    assert mails() == []


def test_what_was_taken_back_is_not_approved_any_more(steward, waiting, hat, public):
    address = decision(waiting, "approve")
    proposals.withdraw(waiting, by=hat, at=timezone.now())
    steward.post(address, {"comment": ""})
    assert NEW not in public.get(reverse("directory:service", args=[waiting.slug])).content.decode()


@pytest.mark.parametrize("drafted", [False, True])
def test_a_steward_who_opened_the_editor_before_a_proposal_came_does_not_write_over_it(steward, service, hat, drafted):
    if drafted:
        fill_in(steward, editor(service), pattern="Weekly")
    opened = form_of(steward.get(editor(service)).content.decode())
    propose(service, hat, summary=NEW)
    answer = steward.post(editor(service), opened | {"summary": ["The steward’s sentence"]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody else has saved newer words" in page
    assert NEW in page
    assert "The steward’s sentence" in page
    assert Service.objects.get(pk=service.pk).get_latest_revision_as_object().summary == NEW
    steward.post(editor(service), form_of(page))
    assert Service.objects.get(pk=service.pk).get_latest_revision_as_object().summary == "The steward’s sentence"


def test_a_steward_amends_what_waits_and_approves_it(steward, waiting, public):
    fill_in(steward, editor(waiting), pattern="Once a week")
    assert status(waiting) == "in_progress"
    steward.post(decision(waiting, "approve"), {"comment": ""})
    page = public.get(reverse("directory:service", args=[waiting.slug])).content.decode()
    assert NEW in page
    assert Service.objects.get(pk=waiting.pk).pattern == "Once a week"


def test_which_words_need_no_steward_is_the_stewards_to_say(steward, service, hat):
    answer = fill_in(steward, reverse("liveatonce:add"), field="service.pattern", because="Changes often")
    assert answer.status_code == 302
    assert propose(service, hat, pattern="Weekly") == "published"
    LiveAtOnce.objects.filter(field="service.pattern").delete()
    assert propose(service, hat, pattern="Daily") == "waiting"


@pytest.mark.parametrize("field", ["service.routes", "service.safeguarding_statement", "service.slug", "x"])
def test_what_inv_d4_names_is_not_offered(steward, desk, field):
    answer = fill_in(steward, reverse("liveatonce:add"), field=field)
    assert answer.status_code == 200
    assert not LiveAtOnce.objects.filter(field=field).exists()


def test_a_steward_closes_a_service_for_a_day_and_the_finder_is_told(steward, service, news):
    day = timezone.localdate().isoformat()
    wrong = fill_in(steward, reverse("closure:add"), service=str(service.pk), from_on=day, until_on="2020-01-01")
    assert "must not be before" in wrong.content.decode()
    right = fill_in(steward, reverse("closure:add"), service=str(service.pk), from_on=day, until_on=day)
    assert right.status_code == 302
    assert Closure.objects.get().service == service
    assert news == [service.pk]
