"""
Who sees which request: the scope against a second truth, in every state that the real verbs reach; `test_random_worlds` goes on.

A provider sees a request while an open offer or a readable place of its own hangs on it; everybody else by the table.
"""

from __future__ import annotations

import pytest

from brokering import restrictions
from brokering.models import (
    ContactCard,
    Message,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestReader,
    RequestState,
    SupportPlace,
    TriageDecision,
)
from directory.models import Role
from safekeeping.scoping import UnscopedQuery
from tests.brokering.oracle import Facts, sees_request
from tests.factories import brokering as make
from tests.factories.brokering import AT, DAY

pytestmark = pytest.mark.django_db
ALL = {"reason": "a test compares with a second truth"}


def everybody(here):
    roles = [Role.PARTNERSHIP_TEAM, Role.CONTENT_EDITOR, Role.IG_OFFICER, Role.SYSADMIN, Role.PROFESSIONAL]
    more = [make.hat(here.council, role) for role in roles]
    more += [
        make.hat(here.council, Role.COORDINATOR),
        make.hat(here.council, Role.COORDINATOR, citywide=True),
        make.hat(here.umoja, Role.PROVIDER_WORKER),
        make.hat(here.school, Role.PROFESSIONAL),
        make.hat(here.umoja, Role.SCHOOL_DSL),
    ]
    hats = [here.dsl, here.colleague, here.coordinator, here.second, here.elsewhere, here.manager, here.worker]
    return [*hats, here.other_manager, *more]


def test_t_oracle_the_scope_and_the_domain_agree_for_everybody_and_every_state(here):
    here.pool.total = 40
    here.pool.save()
    for state in RequestState:
        make.request_in(state, here)
    for state in (OfferState.DECLINED_BY_PROVIDER, OfferState.EXPIRED, OfferState.WITHDRAWN):
        make.offer_in(state, here)
    make.place_in(PlaceState.ACCEPTED, here)
    restricted = make.accepted(here)
    restrictions.restrict(restricted, readers=[], because="A relative works here", by=here.coordinator, at=AT)
    gone = make.place_in(PlaceState.ENDED, here)
    SupportPlace.objects.unscoped(**ALL).filter(pk=gone.pk).update(readable=False)

    rows = list(PlacementRequest.objects.unscoped(**ALL))
    facts = Facts(
        offers=list(Offer.objects.unscoped(**ALL)),
        places=list(SupportPlace.objects.unscoped(**ALL)),
        readers=set(RequestReader.objects.unscoped(**ALL).values_list("request_id", "person_id")),
    )
    assert len(rows) > 15
    seen_by_somebody = 0
    for hat in everybody(here):
        wanted = {row.pk for row in rows if sees_request(hat, row, facts)}
        seen = set(PlacementRequest.objects.visible_to(hat).values_list("pk", flat=True))
        assert seen == wanted, (hat.role, hat.person)
        for row in rows:  # the list and the single row cannot disagree
            assert PlacementRequest.objects.visible_to(hat).filter(pk=row.pk).exists() == (row.pk in wanted)
        seen_by_somebody += len(seen)
    assert seen_by_somebody > 40


def test_nobody_sees_anything_without_a_hat(here):
    make.place_in(PlaceState.ACTIVE, here)
    for model in (PlacementRequest, Offer, SupportPlace, ContactCard, Message, TriageDecision):
        assert not model.objects.visible_to(None).exists()


def test_being_a_superuser_is_no_way_in(here):
    from safekeeping.models import User

    make.place_in(PlaceState.ACTIVE, here)
    hat = make.hat(here.council, Role.SYSADMIN)
    User.objects.filter(pk=hat.user_id).update(is_superuser=True, is_staff=True)
    assert not PlacementRequest.objects.visible_to(hat).exists()
    assert not SupportPlace.objects.visible_to(hat).exists()


@pytest.mark.parametrize("model", [PlacementRequest, Offer, SupportPlace, ContactCard, Message, TriageDecision])
def test_a_question_that_does_not_say_for_whom_is_refused(here, model):
    with pytest.raises(UnscopedQuery):
        list(model.objects.all())
    with pytest.raises(UnscopedQuery):
        model.objects.filter(pk__isnull=False).count()


@pytest.mark.parametrize("state", [OfferState.DECLINED_BY_PROVIDER, OfferState.EXPIRED, OfferState.WITHDRAWN])
def test_inv_p4_once_an_offer_is_over_its_provider_cannot_reach_the_request(here, state):
    make.offer_in(state, here)
    assert not PlacementRequest.objects.visible_to(here.manager).exists()
    assert not Message.objects.visible_to(here.manager).exists()


def test_a_worker_sees_their_own_places_and_not_their_colleagues(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    other = make.hat(here.umoja, Role.PROVIDER_WORKER)
    assert SupportPlace.objects.visible_to(here.worker).get() == place
    assert not SupportPlace.objects.visible_to(other).exists()
    assert not ContactCard.objects.visible_to(other).exists()
    assert ContactCard.objects.visible_to(here.manager).exists()


def test_the_requester_and_the_coordinator_see_the_card_and_nobody_else_does(here):
    make.place_in(PlaceState.ACCEPTED, here)
    seeing = [hat for hat in everybody(here) if ContactCard.objects.visible_to(hat).exists()]
    assert {hat.user_id for hat in seeing if not hat.citywide} == {
        here.dsl.user_id, here.colleague.user_id, here.coordinator.user_id, here.second.user_id, here.manager.user_id,
        here.worker.user_id,
    }  # fmt: skip


def test_decisions_and_runs_are_the_coordinators_own(here):
    make.offered(here, at=AT + DAY * 0)
    assert TriageDecision.objects.visible_to(here.coordinator).exists()
    for hat in (here.dsl, here.manager, here.elsewhere):
        assert not TriageDecision.objects.visible_to(hat).exists()
