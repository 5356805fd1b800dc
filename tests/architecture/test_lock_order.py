"""
Locks are taken in one order: pools by id, then rows, the audit's head last.

Any other order deadlocked 166 of 240 transactions on PostgreSQL. SQLite has one lock and cannot tell, so the statements of
every verb are read.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from brokering import contexts, offers, places, requests
from brokering.context_answers import Decided
from brokering.models import ContextOutcome, ContextState, EndReason, OfferState, PlaceState, RequestState
from directory import capacity, compliance, invitations, joining, links, people
from directory.hats import hats_of
from directory.models import Asking, Role
from safekeeping import audit, outbox
from tests.architecture.locks import POOLS, out_of_order, watched
from tests.factories import brokering as brokered
from tests.factories import contexts as spots
from tests.factories import directory as make
from tests.factories import joining as coming
from tests.factories import training as taught
from tests.factories.people import member
from training import bookings, sessions
from training.models import BookingState, SessionState

pytestmark = pytest.mark.django_db


def held(pool, service, at):
    reference = uuid4()
    capacity.hold(pool.pk, service_id=service.pk, reference=reference, by=None, at=at, until=at + timedelta(hours=1))
    return reference


def test_every_deed_of_the_ledger_takes_the_pool_first():
    at = timezone.now()
    service = make.service()
    pool = make.pool(service, free=9, at=at)
    told = capacity.Declaration(total=20, external_occupied=2, waitlist_open=False)
    with watched() as seen:
        capacity.declare(pool, told, by=None, at=at)
        capacity.confirm(pool, by=None, at=at)
        capacity.pause(pool, by=None, at=at)
        capacity.resume(pool, by=None, at=at)
        capacity.release(held(pool, service, at), by=None, at=at)
        capacity.lapse(held(pool, service, at), at=at + timedelta(days=1))
        taken = held(pool, service, at)
        capacity.take_up(taken, by=None, at=at)
        capacity.vacate(taken, by=None, at=at)
    assert len(seen.transactions) == 11
    assert all(locks and locks[0][0] == "directory_capacitypool" for locks in seen.transactions)
    assert seen.wrong() == []


def test_the_link_of_an_email_takes_its_pools_in_order_and_the_trail_last():
    at = timezone.now()
    provider = make.organization()
    hat = member(Role.PROVIDER_ADMIN, provider)
    pools = [make.pool(make.service(by=provider), at=at - timedelta(days=6), name=name) for name in "zyxwv"]
    asked = Asking.objects.create(organization=provider, number=1, step=0, begun_at=at, asked_at=at)
    asked.pools.set(pools)
    [(link, token)] = links.send_to_managers(asked, at=at)
    told = capacity.Declaration(total=20, external_occupied=2, waitlist_open=False)
    with watched() as seen:
        links.confirm(link, pools, at=at)
        links.change(link, pools[0], told, version=2, at=at)
        links.pause(link, pools[0], at=at)
        links.send_anew(token, at=at)
        links.stop(provider.pk, by=hats_of(hat.user, at.date())[0], at=at)
    assert len(seen.transactions) == 5
    assert [len([lock for lock in locks if lock[0] == POOLS]) for locks in seen.transactions] == [5, 1, 1, 0, 0]
    assert seen.wrong() == []


STATES = [
    *((brokered.request_in, state) for state in RequestState),
    *((brokered.offer_in, state) for state in OfferState),
    *((brokered.place_in, state) for state in PlaceState),
    *((spots.context_in, state) for state in ContextState),
]
SEATS = [
    *((taught.session_in, state) for state in SessionState),
    *((taught.booking_in, state) for state in BookingState),
]


@pytest.mark.parametrize(("build", "state"), STATES, ids=[f"{build.__name__}-{state}" for build, state in STATES])
def test_every_deed_on_the_way_to_a_state_keeps_the_order(build, state):
    here = brokered.world()
    with watched() as seen:
        build(state, here)
    assert seen.transactions
    assert seen.wrong() == []


@pytest.mark.parametrize(("build", "state"), SEATS, ids=[f"{build.__name__}-{state}" for build, state in SEATS])
def test_every_deed_about_a_seat_takes_the_pool_first(build, state):
    with watched() as seen:
        build(state)
    deeds = [locks for locks in seen.transactions if any(table == POOLS for table, _ in locks)]
    assert deeds
    assert all(locks[0][0] == POOLS for locks in deeds)
    assert seen.wrong() == []


def test_changing_a_session_and_forgetting_a_booking_take_the_pool_first():
    session = taught.session()
    booking = taught.booked(session, needs="A hearing loop")
    with watched() as seen:
        sessions.change(session, taught.told(seats=9), version=1, by=taught.team(), at=taught.AT)
        bookings.forget(booking.session.ends_at + timedelta(days=7 * 365))
    assert sum(table == POOLS for locks in seen.transactions for table, _ in locks) == 2
    assert seen.wrong() == []


@pytest.mark.parametrize("deed", ["withdrawn", "died"])
def test_a_deed_that_frees_several_places_frees_them_in_the_order_of_their_pools(deed):
    """Whichever of the two pools comes first."""
    for first in ("mentoring", "music"):
        here = brokered.world()
        service, manager = (here.mentoring, here.manager) if first == "mentoring" else (here.music, here.other_manager)
        other = here.music if first == "mentoring" else here.mentoring
        offer = brokered.offered(here, service=service)
        request = brokered.now(offer.request)
        offers.make(request, other.pk, because="Both", by=here.coordinator, at=here.at)
        if deed == "withdrawn":
            request = brokered.now(request)
            with watched() as seen:
                requests.withdraw(request, "moved_away", by=here.dsl, at=here.at)
        else:
            day = (here.at + timedelta(days=2)).date()
            place = offers.accept(offer, worker_role="Mentor", first_meeting_on=day, by=manager, at=here.at)
            with watched() as seen:
                places.end(place, EndReason.DIED, next_step="None", family_told_on=None, by=manager, at=here.at)
        pools = {ref for locks in seen.transactions for table, ref in locks if table == POOLS}
        assert len(pools) == 2
        assert seen.wrong() == []


def test_every_deed_on_a_place_keeps_the_order_also_where_it_becomes_a_childs_request_or_the_other_way_round():
    here = brokered.world()
    partners = spots.team(here)
    sent, draft, child = spots.sent(here), spots.draft(here), brokered.draft(here)
    with watched() as seen:
        contexts.write(sent, "Is it still so?", by=partners, at=here.at)
        contexts.write(sent, "It is.", by=here.dsl, at=here.at)
        contexts.take(sent, by=partners, at=here.at)
        contexts.take(sent, by=here.coordinator, at=here.at)
        told = Decided(outcome=ContextOutcome.SIGNPOSTED, rationale="Theirs", told="The council’s licensing team")
        contexts.decide(sent, told, by=here.coordinator, at=here.at)
        contexts.begin_instead_of_child(child, by=here.dsl, at=here.at)
        contexts.begin_child_instead(draft, by=here.dsl, at=here.at)
        contexts.begin_child_instead(spots.sent(here), by=here.dsl, at=here.at)
        contexts.discard(spots.draft(here), by=here.dsl, at=here.at)
        contexts.delete_old_drafts(here.at + timedelta(days=60))
    assert len(seen.transactions) > 20
    assert seen.wrong() == []


def test_what_the_clock_does_keeps_the_order():
    here = brokered.world()
    first = brokered.offered(here)
    offers.make(brokered.now(first.request), here.music.pk, because="Both", by=here.coordinator, at=here.at)
    brokered.answered_yes(here)
    with watched() as seen:
        offers.expire_due(here.at + timedelta(days=30))
        places.chase_contacts(here.at + timedelta(days=30))
        requests.delete_old_drafts(here.at + timedelta(days=60))
    assert sum(table == POOLS for locks in seen.transactions for table, _ in locks) >= 2
    assert seen.wrong() == []


def test_a_lock_out_of_order_is_found():
    """The tests here can fail."""
    at = timezone.now()
    service = make.service()
    one, other = sorted((make.pool(service, at=at), make.pool(service, at=at)), key=lambda pool: pool.pk.hex)
    with watched() as seen:
        with transaction.atomic():
            audit.record("test", by=None, at=at, subject="test", ref="1")
            outbox.mail(key="late", to="jo@work.example", subject="Late", text="Late", at=at)
        with transaction.atomic():
            capacity.confirm(other, by=None, at=at)
            capacity.confirm(one, by=None, at=at)
        with transaction.atomic():
            capacity.confirm(one, by=None, at=at)
    faults = [out_of_order(locks) for locks in seen.transactions]
    assert faults[0] == ["safekeeping_outboxrow after the audit’s head"]
    assert "pools out of the order of their ids" in faults[1]
    assert faults[2] == []


def test_whoever_lets_somebody_in_or_out_writes_the_trail_last():
    here = brokered.world()
    now = timezone.now()
    waiting = coming.world(here)
    steward = coming.steward()
    with watched() as seen:
        people.change_role(waiting.worker.pk, Role.PROVIDER_ADMIN, by=here.manager, at=now)
        invitations.withdraw(waiting.invitation.pk, by=here.manager, at=now)
        joining.approve(waiting.account, role=Role.PROFESSIONAL, by=here.dsl, at=now)
        joining.take_in(waiting.application, by=steward, at=now)
        compliance.verify(waiting.item, by=steward, at=now)
        people.leave(by=here.manager, at=now)
    assert len(seen.transactions) == 6
    assert seen.wrong() == []
