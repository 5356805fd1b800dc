"""Which ways of counting can be offered to one child, and what a coordinator is told of the others."""

from __future__ import annotations

import pytest

from brokering import candidates, offers
from brokering.matching import judge
from directory.models import FOR_ONE_CHILD
from tests.brokering.test_matching import NEED
from tests.factories import brokering as make
from tests.factories.directory import pool, service

pytestmark = pytest.mark.django_db
TEAMS = ["team_deployments", "practitioner_roster"]


@pytest.fixture
def here():
    return make.world()


def candidate(here, one):
    [found] = candidates.gather(hat=here.coordinator, at=make.AT, only=one.pk)
    return found


@pytest.mark.parametrize("model", FOR_ONE_CHILD)
def test_what_is_for_one_child_can_be_held(here, model):
    one = service(by=here.umoja)
    counted = pool(one, model=model, at=make.AT)
    assert (candidate(here, one).pool_id, candidate(here, one).cannot_hold) == (counted.pk, "")


@pytest.mark.parametrize("model", TEAMS)
def test_a_team_is_not_offered_to_a_child_and_the_coordinator_is_told_why(here, model):
    one = service(by=here.umoja)
    pool(one, model=model, at=make.AT)
    found = candidate(here, one)
    assert found.pool_id is None
    told = judge(NEED, found)
    assert not told.fits
    assert "They go to a place or a group" in " ".join(reason.text for reason in told.obstacles)


@pytest.mark.parametrize("model", TEAMS)
def test_beside_a_team_it_is_the_childs_own_places_that_count(here, model):
    one = service(by=here.umoja)
    pool(one, model=model, free=9, at=make.AT)
    places = pool(one, free=0, at=make.AT)
    found = candidate(here, one)
    assert (found.pool_id, found.availability.free) == (places.pk, 0)


def test_places_in_several_schools_are_not_chosen_between_without_knowing_the_childs(here):
    one = service(by=here.umoja)
    pool(one, model="school_host_caseload", at=make.AT)
    assert candidate(here, one).pool_id is not None
    pool(one, model="school_host_caseload", at=make.AT)
    assert candidate(here, one).pool_id is None
    assert "the child’s own school" in candidate(here, one).cannot_hold


def test_that_a_place_cannot_be_promised_from_here_is_not_left_to_the_hold():
    assert "not_from_here" not in offers.DECIDED_BY_THE_HOLD
