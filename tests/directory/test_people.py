"""Colleagues: another role, the end of one, handing over, leaving; and never without somebody who manages it."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import people
from directory.hats import hats_of
from directory.models import Membership, Role
from safekeeping.models import AuditEvent, OutboxRow, Session
from tests.factories import directory as make
from tests.factories.people import browser_of, member
from tests.safekeeping.race import copied_to_file, together


def hat(membership):
    return next(one for one in hats_of(membership.user, timezone.localdate()) if one.membership_id == membership.pk)


def roles_of(organization):
    current = Membership.objects.current(timezone.localdate()).filter(organization=organization)
    return sorted(current.values_list("user__name", "role"))


@pytest.fixture
def umoja(db):
    return make.organization("Umoja Path")


@pytest.fixture
def manager(umoja):
    return member(Role.PROVIDER_ADMIN, umoja, name="Marcus")


@pytest.fixture
def worker(umoja):
    return member(Role.PROVIDER_WORKER, umoja, name="Ana")


@pytest.mark.django_db
def test_ending_takes_effect_on_the_next_request_and_ends_the_session(manager, worker):
    theirs, ours = browser_of(worker), browser_of(manager)
    assert theirs.get(reverse("brokering:offers")).status_code == 200
    assert ours.post(reverse("directory:people_end", args=[worker.pk])).status_code == 302
    assert theirs.get(reverse("brokering:offers")).headers["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(user=worker.user).exists()
    assert hats_of(worker.user, timezone.localdate()) == []
    assert AuditEvent.objects.filter(action="membership_ended", object_ref=str(worker.pk)).count() == 1
    assert OutboxRow.objects.filter(payload__to=[worker.user.email]).count() == 1
    assert ours.post(reverse("directory:people_end", args=[worker.pk])).status_code == 404, "ended already"


@pytest.mark.django_db
def test_a_session_in_another_hat_goes_on(manager, worker):
    other = Membership.objects.create(
        user=worker.user, organization=make.organization(), role=Role.PROFESSIONAL, from_on="2020-01-01"
    )
    there, here = browser_of(other), browser_of(worker)
    people.end(worker.pk, by=hat(manager), at=timezone.now())
    assert there.get(reverse("brokering:requests")).status_code == 200
    assert here.get(reverse("brokering:requests")).headers["Location"].startswith("/sign-in/")


@pytest.mark.django_db
def test_another_role_holds_from_the_next_request_on(manager, worker):
    theirs = browser_of(worker)
    assert theirs.get(reverse("directory:my_services")).status_code == 404
    browser_of(manager).post(reverse("directory:people_one", args=[worker.pk]), {"role": "provider_admin"})
    assert theirs.get(reverse("directory:my_services")).status_code == 200
    was = Membership.objects.get(pk=worker.pk)
    assert was.role == Role.PROVIDER_WORKER and was.ended_at, "the past stays explicable"
    [event] = AuditEvent.objects.filter(action="membership_changed")
    assert event.actor == manager.user_id and event.fields == "role"


@pytest.mark.django_db
def test_handing_over_is_one_act(manager, worker, umoja):
    browser = browser_of(manager)
    browser.post(reverse("directory:people_hand_over", args=[worker.pk]))
    assert roles_of(umoja) == [("Ana", "provider_admin"), ("Marcus", "provider_worker")]
    assert browser.get(reverse("directory:my_services")).status_code == 404
    assert browser.get(reverse("brokering:offers")).status_code == 200
    assert AuditEvent.objects.filter(action="membership_handed_over").count() == 2


@pytest.mark.django_db
def test_the_last_manager_cannot_leave(manager, worker, umoja):
    browser = browser_of(manager)
    answer = browser.post(reverse("directory:people_leave"), follow=True)
    assert "There must always be somebody" in answer.content.decode()
    assert roles_of(umoja) == [("Ana", "provider_worker"), ("Marcus", "provider_admin")]
    second = member(Role.PROVIDER_ADMIN, umoja, name="Zoe")
    browser.post(reverse("directory:people_leave"))
    assert roles_of(umoja) == [("Ana", "provider_worker"), ("Zoe", "provider_admin")]
    with pytest.raises(people.LastManager):
        people.leave(by=hat(second), at=timezone.now())


@pytest.mark.django_db
def test_somebody_suspended_or_over_does_not_count_as_another(manager, umoja):
    second = member(Role.PROVIDER_ADMIN, umoja)
    second.user.is_active = False
    second.user.save()
    over = member(Role.PROVIDER_ADMIN, umoja)
    Membership.objects.filter(pk=over.pk).update(until_on="2021-01-01")
    with pytest.raises(people.LastManager):
        people.leave(by=hat(manager), at=timezone.now())


@pytest.mark.django_db
def test_a_worker_leaves_and_sees_only_who_manages_it(manager, worker, umoja):
    member(Role.PROVIDER_WORKER, umoja, name="Quiet Colleague")
    browser = browser_of(worker)
    page = browser.get(reverse("directory:people")).content.decode()
    assert "Marcus" in page and "Quiet Colleague" not in page and manager.user.email not in page
    browser.post(reverse("directory:people_leave"))
    assert not Membership.objects.current(timezone.localdate()).filter(user=worker.user).exists()
    assert any("Ana has left" in row.payload.get("subject", "") for row in OutboxRow.objects.all())


@pytest.mark.django_db
def test_a_school_is_managed_by_its_safeguarding_lead():
    school = make.organization("School", organization_type=make.term("organization_type", "school_college"))
    lead, teacher = member(Role.SCHOOL_DSL, school, name="Lead"), member(Role.PROFESSIONAL, school, name="Teacher")
    people.hand_over(teacher.pk, by=hat(lead), at=timezone.now())
    assert roles_of(school) == [("Lead", "professional"), ("Teacher", "school_dsl")]


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["end", "hand_over", "change_role"])
def test_a_colleague_of_somebody_else_is_not_there(manager, verb):
    stranger = member(Role.PROVIDER_WORKER, make.organization())
    more = {"role": Role.PROVIDER_ADMIN} if verb == "change_role" else {}
    for pk in (stranger.pk, manager.pk, 999_999):
        with pytest.raises(people.NotTheirs):
            getattr(people, verb)(pk, **more, by=hat(manager), at=timezone.now())


@pytest.mark.django_db
def test_a_manager_who_was_ended_a_moment_ago_does_nothing_more(manager, worker, umoja):
    wearing = hat(manager)
    member(Role.PROVIDER_ADMIN, umoja)
    Membership.objects.filter(pk=manager.pk).update(ended_at=timezone.now())
    with pytest.raises(people.NotTheirs):
        people.end(worker.pk, by=wearing, at=timezone.now())


# --- two at once ------------------------------------------------------------------------------------------------------


def two_managers():
    umoja = make.organization("Umoja Path")
    return umoja, [hat(member(Role.PROVIDER_ADMIN, umoja, name=name)) for name in ("One", "Two")]


def left(umoja):
    [found] = together(lambda: people.here(umoja.pk, at=timezone.now()).filter(role=Role.PROVIDER_ADMIN).count())
    return found


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["leave", "end each other", "one leaves, one is ended"])
def test_of_two_managers_who_go_at_once_one_stays(tmp_path, monkeypatch, how):
    pairs = [two_managers() for _ in range(5)]
    copied_to_file(tmp_path, monkeypatch)
    for umoja, (one, two) in pairs:
        deeds = {
            "leave": [partial(people.leave, by=one), partial(people.leave, by=two)],
            "end each other": [
                partial(people.end, two.membership_id, by=one),
                partial(people.end, one.membership_id, by=two),
            ],
            "one leaves, one is ended": [partial(people.leave, by=one), partial(people.end, two.membership_id, by=one)],
        }[how]
        found = together(*[partial(deed, at=timezone.now()) for deed in deeds])
        assert left(umoja) == 1, found
        refused = [one for one in found if isinstance(one, people.LastManager | people.NotTheirs)]
        assert len(refused) == 1, found


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_be_gone(tmp_path, monkeypatch):
    """The negative control: looking first and ending later, as it would be without one transaction that holds the row."""
    umoja, hats = two_managers()
    copied_to_file(tmp_path, monkeypatch)
    looked = threading.Barrier(2)

    def careless(by):
        own = people.mine(by=by, at=timezone.now())
        people.need_another(own, at=timezone.now())
        looked.wait(30)
        people.over([own], at=timezone.now())

    together(*[partial(careless, by) for by in hats])
    assert left(umoja) == 0
