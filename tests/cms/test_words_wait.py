"""The words of a service are edited as a draft, read as a preview, and published by a steward; facts never wait."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import capacity
from directory.capacity import Declaration
from directory.models import CapacityPool, Service, ServiceContact, ServiceStanding
from tests.cms.conftest import fill_in, form_of
from tests.factories import directory as make

pytestmark = pytest.mark.django_db

OLD = "One adult who stays alongside."
NEW = "A mentor who stays alongside, also online."


def editor(service: Service) -> str:
    return reverse("wagtailsnippets_directory_service:edit", args=[service.pk])


def page(service: Service) -> str:
    return reverse("directory:service", args=[service.slug])


@pytest.fixture
def service(db):
    return make.service("Stay alongside", summary=OLD, harms=["knives"])


def told(browser, address: str) -> str:
    return browser.get(address).content.decode()


def test_a_draft_changes_nothing_for_the_public(steward, public, service):
    assert fill_in(steward, editor(service), summary=NEW).status_code == 302
    service.refresh_from_db()
    assert service.has_unpublished_changes
    assert OLD in told(public, page(service))
    assert NEW not in told(public, page(service))
    assert NEW in told(steward, editor(service))


def test_a_steward_previews_the_public_page_with_the_words_of_the_draft(steward, public, service):
    make.pool(service, at=timezone.now(), free=2, taken=1)
    fill_in(steward, editor(service), summary=NEW)
    shown = steward.get(preview(service))
    assert shown.status_code == 200
    assert NEW in shown.content.decode()
    assert "1 taken" in shown.content.decode()
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert NEW not in told(public, page(service))


def preview(service: Service) -> str:
    service.refresh_from_db()
    name = "wagtailsnippets_directory_service:revisions_view"
    return reverse(name, args=[service.pk, service.latest_revision_id])


def test_the_preview_shows_boxes_that_are_ticked_only_in_the_draft(steward, public, service):
    gangs = make.term("harm_type", "gangs", "Pressure from a group")
    fill_in(steward, editor(service), harm_types=[str(gangs.pk)])
    assert "Pressure from a group" in told(steward, preview(service))
    assert "Pressure from a group" not in told(public, page(service))


def test_publishing_shows_the_words_and_tells_the_finder(steward, public, service, news):
    fill_in(steward, editor(service), summary=NEW)
    assert news == []
    fill_in(steward, editor(service), action="publish")
    assert NEW in told(public, page(service))
    assert news == [service.pk]


def test_unpublishing_takes_the_page_away_and_tells_the_finder(steward, public, service, news):
    address = reverse("wagtailsnippets_directory_service:unpublish", args=[service.pk])
    assert steward.get(address).status_code == 200
    assert steward.post(address).status_code == 302
    assert public.get(page(service)).status_code == 404
    assert news == [service.pk]


def test_a_draft_that_was_never_published_is_shown_to_nobody(steward, public, service):
    form = {
        "name": "Something new",
        "slug": "",
        "organization": str(service.organization_id),
        "service_type": str(service.service_type_id),
        "intervention_level": str(service.intervention_level_id),
        "subject": "child",
        "request_mode": "broker_only",
        "summary": "Not for anybody yet.",
    }
    answer = fill_in(steward, reverse("wagtailsnippets_directory_service:add"), **form)
    made = Service.objects.get(name="Something new")
    assert answer.status_code == 302
    assert not made.live
    assert made.slug == "something-new"
    assert made.standing.standing == "open"
    assert public.get(page(made)).status_code == 404
    assert steward.get(page(made)).status_code == 404
    fill_in(steward, editor(made), action="publish")
    assert public.get(page(made)).status_code == 200


def test_publishing_an_old_draft_neither_lifts_a_suspension_nor_widens_who_sees_it(steward, public, service):
    fill_in(steward, editor(service), summary=NEW)
    ServiceStanding.objects.filter(service=service).update(standing="suspended", visibility="coordinators")
    fill_in(steward, editor(service), action="publish")
    service.standing.refresh_from_db()
    assert (service.standing.standing, service.standing.visibility) == ("suspended", "coordinators")
    assert public.get(page(service)).status_code == 404


def test_publishing_an_old_draft_puts_no_place_back_that_has_gone_meanwhile(steward, service):
    at = timezone.now()
    pool = make.pool(service, at=at, free=2, taken=3)
    fill_in(steward, editor(service), summary=NEW)
    before = CapacityPool.objects.values().get(pk=pool.pk)
    capacity.declare(pool, Declaration(total=9, external_occupied=8, waitlist_open=True), by=None, at=at)
    now = CapacityPool.objects.values().get(pk=pool.pk)
    fill_in(steward, editor(service), action="publish")
    assert before != now
    assert CapacityPool.objects.values().get(pk=pool.pk) == now
    assert set(service.pools.all()) == {pool}


def test_no_column_of_a_service_holds_what_changes_without_a_steward(service):
    """A published draft writes every one of these back; what may change meanwhile stands in a row of its own."""
    moving = {"places", "total", "occupied", "held", "paused", "standing", "visibility", "assured", "confirmed", "open"}
    columns = {field.name for field in Service._meta.concrete_fields}
    assert not {name for name in columns for word in moving if word in name}


def test_an_earlier_version_can_be_brought_back(steward, public, service):
    fill_in(steward, editor(service), action="publish", summary=OLD)
    first = Service.objects.get(pk=service.pk).latest_revision_id
    fill_in(steward, editor(service), action="publish", summary=NEW)
    name = "wagtailsnippets_directory_service:revisions_revert"
    page_of_first = reverse(name, args=[service.pk, first])
    form = form_of(told(steward, page_of_first)) | {"action-publish": ["1"]}
    assert steward.post(editor(service), form).status_code == 302
    assert OLD in told(public, page(service))


def test_contacts_travel_in_the_draft(steward, public, service):
    ServiceContact.objects.create(service=service, name="Duty worker", telephone="0117 496 0100")
    fill_in(steward, editor(service), **{"contacts-0-telephone": "0117 496 0199"})
    assert "0117 496 0100" in told(public, page(service))
    assert "0117 496 0199" in told(steward, preview(service))
    fill_in(steward, editor(service), action="publish")
    assert "0117 496 0199" in told(public, page(service))


def test_who_runs_a_service_and_its_address_stay_once_it_has_been_published(steward, service):
    fill_in(steward, editor(service), action="publish")
    other = make.organization()
    fill_in(steward, editor(service), action="publish", organization=str(other.pk), slug="elsewhere")
    kept = Service.objects.get(pk=service.pk)
    assert (kept.organization_id, kept.slug) == (service.organization_id, service.slug)


def test_a_rule_that_nobody_can_read_is_refused(steward, service):
    rule = {
        "eligibility_rules-TOTAL_FORMS": "1",
        "eligibility_rules-0-kind": "risk_range",
        "eligibility_rules-0-group": "1",
        "eligibility_rules-0-value": '{"minimum": "medium"}',
        "eligibility_rules-0-message": "For children at medium risk or more.",
        "eligibility_rules-0-ORDER": "1",
        "eligibility_rules-0-id": "",
    }
    answer = fill_in(steward, editor(service), **rule)
    assert answer.status_code == 200
    assert "with exactly" in answer.content.decode()
    assert not service.eligibility_rules.exists()


def test_ages_the_wrong_way_round_are_refused(steward, service):
    answer = fill_in(steward, editor(service), minimum_age="17", maximum_age="10")
    assert answer.status_code == 200
    assert "must not be below" in answer.content.decode()


def test_a_proposal_waits_for_a_steward_and_approval_publishes_it_without_a_mail(
    steward, public, service, mailoutbox, employ, news
):
    from safekeeping.models import OutboxRow

    partner = employ("provider_admin").user
    service.summary = NEW
    service.save_revision(user=partner)
    service.get_workflow().start(service, partner)
    assert OLD in told(public, page(service))
    state = service.current_workflow_task_state
    name = "wagtailsnippets_directory_service:workflow_action"
    answer = steward.post(reverse(name, args=[service.pk, "approve", state.pk]), {"comment": ""})
    assert answer.status_code in (200, 302)
    assert NEW in told(public, page(service))
    assert news == [service.pk]
    assert mailoutbox == []
    assert not OutboxRow.objects.filter(kind="mail").exists()


def test_when_the_finder_cannot_be_told_nothing_is_published(steward, public, service):
    from directory import signals

    def fail(sender, service_ids, **more):
        raise RuntimeError("no room")

    fill_in(steward, editor(service), summary=NEW)
    signals.services_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            fill_in(steward, editor(service), action="publish")
    finally:
        signals.services_changed.disconnect(fail)
    assert OLD in told(public, page(service))
    assert Service.objects.get(pk=service.pk).has_unpublished_changes


def test_organizations_are_edited_as_drafts_too(steward, service, news):
    organization = service.organization
    address = reverse("wagtailsnippets_directory_organization:edit", args=[organization.pk])
    fill_in(steward, address, name="Another name")
    organization.refresh_from_db()
    assert organization.name != "Another name"
    shown = steward.get(
        reverse(
            "wagtailsnippets_directory_organization:revisions_view",
            args=[organization.pk, organization.latest_revision_id],
        )
    )
    assert "Another name" in shown.content.decode()
    fill_in(steward, address, action="publish")
    organization.refresh_from_db()
    assert organization.name == "Another name"
    assert news == [service.pk]
