"""A partner's words: kept for them, sent to the stewards, taken back; nobody's text is written over unseen."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow

from cms import groups
from directory import hats, proposals, words
from directory.models import CapacityPool, LiveAtOnce, Role, Service, ServiceStanding
from directory.proposals import Sent, Stage
from search.documents import all_documents
from tests.factories import directory as make
from tests.factories.people import member

pytestmark = pytest.mark.django_db
AT = make.AT
OLD, NEW = "One adult who stays alongside.", "A mentor who stays alongside, also online."


@pytest.fixture
def desk(stewards_side_of_the_file, db):
    """The groups, the moderation and the pages."""


@pytest.fixture
def provider(desk):
    return make.organization("Umoja Path")


def hat_of(organization, role=Role.PROVIDER_ADMIN, name="Marcus Bell"):
    made = member(role, organization, name=name)
    return next(one for one in hats.hats_of(made.user, AT.date()) if one.membership_id == made.pk)


@pytest.fixture
def manager(provider):
    return hat_of(provider)


@pytest.fixture
def service(provider):
    return make.service("Mentoring", by=provider, summary=OLD, harms=["knives"])


def write(entry, by, *, seen=None, chosen=None, **typed):
    now = proposals.draft_of(entry).now
    seen = seen or {name: words.digest(now[name]) for name in typed}
    return proposals.write(entry, typed, seen=seen, chosen=chosen, by=by, at=AT)


def fresh(entry):
    return type(entry).objects.get(pk=entry.pk)


def stage(entry):
    return proposals.where_they_stand([fresh(entry)])[entry.pk].stage


def page_says(service, text):
    answer = Client().get(reverse("directory:service", args=[service.slug]))
    return answer.status_code == 200 and text in answer.content.decode()


def reject(entry, steward, why="Please say it otherwise."):
    task = fresh(entry).current_workflow_task_state
    task.task.specific.on_action(task, steward.user, "reject", comment=why)


def approve(entry, steward):
    task = fresh(entry).current_workflow_task_state
    task.task.specific.on_action(task, steward.user, "approve", comment="")


@pytest.fixture
def steward(provider):
    made = member(Role.CONTENT_EDITOR, make.organization("The council"), name="Mel Tran")
    groups.follow(made.user, groups.GROUPS_OF["content_editor"])
    return made


def test_what_is_written_is_nobodys_draft_until_it_is_sent(manager, service):
    write(service, manager, summary=NEW)
    assert stage(service) == Stage.UNSENT
    assert fresh(service).latest_revision is None
    assert not fresh(service).has_unpublished_changes
    assert page_says(service, OLD)
    assert proposals.preview_of(fresh(service)).summary == NEW


def test_what_is_sent_waits_in_the_partners_name_and_nobody_outside_sees_it(manager, service):
    write(service, manager, summary=NEW, name="Another name")
    assert proposals.propose_changes(service, by=manager, at=AT) == Sent.WAITING
    assert stage(service) == Stage.WAITING
    state = fresh(service).current_workflow_state
    assert state.requested_by_id == manager.user_id
    assert fresh(service).latest_revision.user_id == manager.user_id
    assert page_says(service, OLD)
    assert NEW not in repr(list(all_documents()))
    assert "Another name" not in Client().get("/find/?text=another").content.decode()


def test_approval_makes_it_public_and_forgets_the_draft(manager, service, steward):
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    approve(service, steward)
    assert page_says(service, NEW)
    assert stage(service) == Stage.PUBLISHED
    assert proposals.row_of(service) is None


def test_what_waits_is_not_changed_and_not_sent_twice(manager, service):
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    with pytest.raises(proposals.AlreadyWaiting):
        write(service, manager, summary="Third")
    with pytest.raises(proposals.AlreadyWaiting):
        proposals.propose_changes(service, by=manager, at=AT)
    with pytest.raises(proposals.AlreadyWaiting):
        proposals.discard(service, by=manager, at=AT)


def test_what_was_not_approved_is_amended_and_resumed(manager, service, steward):
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    first = fresh(service).current_workflow_state.pk
    reject(service, steward, "Nobody can promise that.")
    where = proposals.where_they_stand([fresh(service)])[service.pk]
    assert (where.stage, where.reason, where.who) == (Stage.NOT_APPROVED, "Nobody can promise that.", "Mel Tran")
    write(service, manager, summary="A mentor.")
    assert proposals.propose_changes(service, by=manager, at=AT) == Sent.WAITING
    assert fresh(service).current_workflow_state.pk == first
    approve(service, steward)
    assert page_says(service, "A mentor.")


def test_taking_back_leaves_the_words_with_the_partner_and_the_stewards_draft_as_it_was(manager, service, steward):
    draft = service.get_latest_revision_as_object()
    draft.pattern = "A steward's newer draft"
    draft.save_revision(user=steward.user)
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    proposals.withdraw(service, by=manager, at=AT)
    latest = fresh(service).get_latest_revision_as_object()
    assert (latest.summary, latest.pattern) == (OLD, "A steward's newer draft")
    assert fresh(service).has_unpublished_changes
    assert stage(service) == Stage.UNSENT
    assert proposals.draft_of(fresh(service)).now["summary"] == NEW
    with pytest.raises(proposals.NothingWaits):
        proposals.withdraw(service, by=manager, at=AT)


def test_what_a_steward_has_sent_to_a_colleague_is_not_a_partners_to_take_back(manager, service, steward):
    draft = service.get_latest_revision_as_object()
    draft.summary = "The steward's sentence"
    draft.save_revision(user=steward.user)
    service.get_workflow().start(fresh(service), steward.user)
    with pytest.raises(proposals.NothingWaits):
        proposals.withdraw(service, by=manager, at=AT)
    assert not proposals.where_they_stand([fresh(service)])[service.pk].ours
    reject(service, steward)
    proposals.discard(service, by=manager, at=AT)
    assert fresh(service).current_workflow_state.status == "needs_changes"


def test_taking_back_leaves_nothing_unpublished_where_nothing_was(manager, service):
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    proposals.withdraw(service, by=manager, at=AT)
    assert not fresh(service).has_unpublished_changes


def test_what_is_forgotten_after_a_no_is_gone_from_the_draft_too(manager, service, steward):
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    reject(service, steward)
    proposals.discard(service, by=manager, at=AT)
    assert fresh(service).get_latest_revision_as_object().summary == OLD
    assert fresh(service).current_workflow_state is None
    assert stage(service) == Stage.PUBLISHED


def test_nothing_is_sent_where_nothing_would_change(manager, service):
    with pytest.raises(proposals.NothingToSend):
        proposals.propose_changes(service, by=manager, at=AT)
    write(service, manager, summary=NEW)
    write(service, manager, summary=OLD)
    with pytest.raises(proposals.NothingToSend):
        proposals.propose_changes(service, by=manager, at=AT)


def test_without_moderation_nothing_is_sent(manager, service):
    write(service, manager, summary=NEW)
    Workflow.objects.update(active=False)
    with pytest.raises(proposals.NoModeration):
        proposals.propose_changes(service, by=manager, at=AT)
    assert stage(service) == Stage.UNSENT


def test_a_proposal_is_built_on_a_stewards_newer_draft(manager, service, steward):
    draft = service.get_latest_revision_as_object()
    draft.pattern = "Twice a week"
    draft.save_revision(user=steward.user)
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    latest = fresh(service).get_latest_revision_as_object()
    assert (latest.pattern, latest.summary) == ("Twice a week", NEW)


def test_two_partners_who_write_the_same_field_are_shown_both(manager, provider, service):
    colleague = hat_of(provider, name="Ama Osei")
    seen = {"summary": words.digest(OLD), "pattern": words.digest("")}
    write(service, manager, seen=seen, summary="From Marcus", pattern="")
    with pytest.raises(proposals.SomebodyElseWrote) as both:
        write(service, colleague, seen=seen, summary="From Ama", pattern="Weekly")
    assert both.value.theirs == {"summary": "From Marcus"}
    again = {"summary": words.digest("From Marcus"), "pattern": words.digest("")}
    write(service, colleague, seen=again, chosen={"summary": "theirs"}, summary="From Ama", pattern="Weekly")
    now = proposals.draft_of(fresh(service)).now
    assert (now["summary"], now["pattern"]) == ("From Marcus", "Weekly")
    write(service, colleague, seen=again, chosen={"summary": "mine"}, summary="From Ama")
    assert proposals.draft_of(fresh(service)).now["summary"] == "From Ama"


def test_two_partners_who_write_different_fields_both_keep_theirs(manager, provider, service):
    colleague = hat_of(provider, name="Ama Osei")
    seen = {"summary": words.digest(OLD), "pattern": words.digest("")}
    write(service, manager, seen=seen, summary="From Marcus", pattern="")
    write(service, colleague, seen=seen, summary=OLD, pattern="Weekly")
    now = proposals.draft_of(fresh(service)).now
    assert (now["summary"], now["pattern"]) == ("From Marcus", "Weekly")


def test_a_steward_who_wrote_meanwhile_is_not_written_over_unseen(manager, service, steward):
    write(service, manager, summary=NEW, pattern="Weekly")
    draft = fresh(service).get_latest_revision_as_object()
    draft.summary = "The steward's sentence"
    draft.save_revision(user=steward.user)
    with pytest.raises(proposals.SomebodyElseWrote) as both:
        proposals.propose_changes(service, by=manager, at=AT)
    assert both.value.theirs == {"summary": "The steward's sentence"}
    proposals.propose_changes(service, by=manager, at=AT, chosen={"summary": "theirs"})
    latest = fresh(service).get_latest_revision_as_object()
    assert (latest.summary, latest.pattern) == ("The steward's sentence", "Weekly")


def test_a_steward_who_amends_what_waits_keeps_it_and_approves_both(manager, service, steward):
    write(service, manager, summary=NEW, pattern="Weekly")
    proposals.propose_changes(service, by=manager, at=AT)
    draft = fresh(service).get_latest_revision_as_object()
    draft.pattern = "Once a week"
    draft.save_revision(user=steward.user)
    approve(service, steward)
    service = fresh(service)
    assert (service.summary, service.pattern) == (NEW, "Once a week")
    assert proposals.row_of(service) is None


# --- what needs no steward --------------------------------------------------------------------------------------------------
def test_a_field_that_needs_no_steward_is_published_at_once_and_alone(manager, service):
    contact = [{"name": "Duty worker", "email": "", "telephone": "0117 496 0100"}]
    write(service, manager, contacts=contact)
    assert proposals.propose_changes(service, by=manager, at=AT) == Sent.PUBLISHED
    assert page_says(service, "0117 496 0100")
    assert fresh(service).current_workflow_state is None
    write(service, manager, contacts=[], summary=NEW)
    assert proposals.propose_changes(service, by=manager, at=AT) == Sent.WAITING
    assert page_says(service, "0117 496 0100")


def test_what_goes_at_once_never_takes_a_stewards_draft_with_it(manager, service, steward):
    draft = service.get_latest_revision_as_object()
    draft.summary = "Not finished"
    draft.save_revision(user=steward.user)
    write(service, manager, contacts=[{"name": "Duty worker", "email": "", "telephone": ""}])
    assert proposals.propose_changes(service, by=manager, at=AT) == Sent.WAITING
    assert page_says(service, OLD)


@pytest.mark.parametrize("field", ["service.routes", "service.minimum_age", "service.safeguarding_statement"])
def test_what_inv_d4_names_can_never_be_set_to_go_at_once(desk, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveAtOnce.objects.create(field=field)
    assert field not in dict(words.may_go_at_once())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minimum_age", 8),
        ("maximum_age", 25),
        ("safeguarding_statement", "We keep everybody safe."),
        ("request_mode", "self_request"),
        (
            "eligibility_rules",
            [{"kind": "panel_selected", "group": 1, "hard": True, "message": "A panel.", "value": {}}],
        ),
    ],
)
def test_what_inv_d4_names_always_waits(manager, service, field, value):
    for name, _ in words.may_go_at_once():
        LiveAtOnce.objects.get_or_create(field=name)
    before = words.held(fresh(service), field)
    write(service, manager, **{field: value})
    assert proposals.propose_changes(service, by=manager, at=AT) == Sent.WAITING
    assert words.held(fresh(service), field) == before
    draft = fresh(service).get_latest_revision_as_object()
    assert words.held(draft, field) == value


# --- a new service ------------------------------------------------------------------------------------------------------------
def first_words(**more):
    return {
        "name": "Something new",
        "summary": "Not for anybody yet.",
        "service_type": make.term("service_type", "community_mentoring").pk,
        "intervention_level": make.term("intervention_level", "targeted_diversion").pk,
        "subject": "child",
        "request_mode": "broker_only",
    } | more


PROMISES = {"trauma_informed_statement": "Nobody is asked what happened.", "rights_statement": "Anybody may say no."}


@pytest.mark.parametrize("silent_about", list(PROMISES))
def test_a_new_service_is_not_sent_without_a_word_on_trauma_and_on_rights(manager, silent_about):
    made = proposals.begin_service(first_words(**(PROMISES | {silent_about: " "})), by=manager, at=AT)
    with pytest.raises(proposals.NotComplete, match="say this before you send it"):
        proposals.propose_changes(made, by=manager, at=AT)
    assert stage(made) == Stage.NEW


def test_nobody_takes_back_what_a_service_has_said_of_rights(manager, service):
    Service.objects.filter(pk=service.pk).update(rights_statement=PROMISES["rights_statement"])
    service.refresh_from_db()
    write(service, manager, rights_statement="")
    with pytest.raises(proposals.NotComplete, match="Their rights"):
        proposals.propose_changes(service, by=manager, at=AT)


def test_a_new_service_is_the_hats_own_and_nobody_sees_it_until_it_is_approved(manager, provider, steward):
    made = proposals.begin_service(first_words(**PROMISES), by=manager, at=AT)
    proposals.propose_changes(made, by=manager, at=AT)
    assert made.organization_id == provider.pk
    assert not made.live
    assert stage(made) == Stage.WAITING
    assert Client().get(reverse("directory:service", args=[made.slug])).status_code == 404
    assert "Something new" not in repr(list(all_documents()))
    approve(made, steward)
    assert page_says(made, "Not for anybody yet.")


def test_two_services_of_one_name_have_two_addresses(manager):
    one, other = (proposals.begin_service(first_words(), by=manager, at=AT) for _ in range(2))
    assert (one.slug, other.slug) == ("something-new", "something-new-2")
    assert stage(one) == Stage.NEW


# --- what no draft can do -------------------------------------------------------------------------------------------------------
def test_approving_an_old_proposal_lifts_no_suspension_and_moves_no_figure(manager, service, steward):
    pool = make.pool(service, free=2, taken=3)
    write(service, manager, summary=NEW)
    proposals.propose_changes(service, by=manager, at=AT)
    ServiceStanding.objects.filter(service=service).update(standing="suspended", visibility="coordinators")
    CapacityPool.objects.filter(pk=pool.pk).update(total=9, external_occupied=9)
    before = CapacityPool.objects.values().get(pk=pool.pk)
    approve(service, steward)
    standing = ServiceStanding.objects.get(service=service)
    assert (standing.standing, standing.visibility) == ("suspended", "coordinators")
    assert CapacityPool.objects.values().get(pk=pool.pk) == before
    assert Client().get(reverse("directory:service", args=[service.slug])).status_code == 404


def test_every_word_a_partner_may_change_is_a_field_of_the_model():
    for name in words.words_of(Service):
        assert hasattr(Service, name) or Service._meta.get_field(name)
    facts = {"slug", "organization", "live", "source_ref", "facts_as_at", "legacy_tags", "is_demo", "dated_note"}
    assert not facts & set(words.words_of(Service))


def test_all_words_of_a_service_are_read_in_three_statements(service, django_assert_num_queries):
    missing, knives = make.term("harm_type", "missing"), make.term("harm_type", "knives")
    service.harm_types.set([missing, knives])
    service.languages.set([make.term("language", "so")])
    service.save()
    service = fresh(service)
    with django_assert_num_queries(3):
        told = words.values_of(service)
    assert told["harm_types"] == sorted([missing.pk, knives.pk])
    assert told["languages"] != [] == told["routes"]
    assert told == {name: words.held(service, name) for name in words.words_of(service)}
