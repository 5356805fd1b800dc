"""A seat is given once, to whoever may have it, and let go of in time or late; ledger, mail and trail follow."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from directory import capacity
from directory.models import CapacityHold, CapacityPool, Role
from safekeeping import audit, invariants
from safekeeping.models import AuditEvent, OutboxRow
from tests.factories import training as make
from tests.factories.training import AT, DAY, SOON
from training import bookings, sessions
from training.bookings import (
    BookingClosed,
    HasASeat,
    ManagerNotAsked,
    NoSeatToLetGo,
    NotOpenYet,
    SessionBegun,
    SessionCalledOff,
    SessionFull,
    TooMuchSaid,
)
from training.models import Booking, BookingState, CalledOff
from training.rights import WHO_BOOKS, NotYours

pytestmark = pytest.mark.django_db


def figures(session):
    pool = CapacityPool.objects.get(pk=session.pool_id)
    return pool.occupied, capacity.free_places(pool)


def all_agrees():
    return list(invariants.broken()) == [] and list(audit.verify()) == []


def bookings_there():
    return Booking.objects.unscoped(reason="a test").count()


# --- booking ----------------------------------------------------------------------------------------------------------


def test_a_booking_takes_a_seat_in_the_ledger():
    session = make.session(seats=3)
    booking = make.booked(session)
    assert figures(session) == (1, 2)
    row = CapacityHold.objects.get(reference=booking.ref)
    assert (row.state, row.pool_id, row.service_id) == ("taken", session.pool_id, None)
    assert AuditEvent.objects.get(action="training.book").object_ref == str(booking.ref)
    assert all_agrees()


@pytest.mark.parametrize("role", WHO_BOOKS)
def test_whoever_works_with_children_may_book(role):
    assert make.booked(by=make.professional(role)).state == BookingState.CONFIRMED


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(WHO_BOOKS)))
def test_who_only_keeps_the_site_in_order_books_nothing(role):
    session = make.session()
    with pytest.raises(NotYours):
        make.booked(session, by=make.professional(Role(role)))
    assert figures(session) == (0, 18)


def test_the_last_seat_is_the_last():
    session = make.session(seats=2, elsewhere=1)
    make.booked(session)
    with pytest.raises(SessionFull):
        make.booked(session)
    assert figures(session) == (1, 0)
    assert bookings_there() == 1
    assert OutboxRow.objects.count() == 1
    assert all_agrees()


def test_one_person_has_one_seat_in_a_session_however_often_they_ask():
    session = make.session()
    person = make.professional()
    make.booked(session, by=person)
    with pytest.raises(HasASeat):
        make.booked(session, by=person)
    assert figures(session) == (1, 17)


def test_who_has_the_last_seat_is_told_so_and_not_that_it_is_full():
    session = make.session(seats=1)
    person = make.professional()
    make.booked(session, by=person)
    with pytest.raises(HasASeat):
        make.booked(session, by=person)


def test_the_database_itself_refuses_a_second_seat():
    booking = make.booked()
    twin = Booking(
        session=booking.session, person_id=booking.person_id, organization_id=booking.organization_id, role=booking.role,
        manager_agreed=True, state_since=AT, booked_at=AT,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match=r"one_seat_for_a_person|person_id"), transaction.atomic():
        twin.save(force_insert=True)


def test_after_cancelling_the_same_person_may_book_again():
    session = make.session()
    person = make.professional()
    first = make.booked(session, by=person)
    bookings.cancel(first, by=person, at=AT)
    assert make.booked(session, by=person).ref != first.ref
    assert figures(session) == (1, 17)
    assert all_agrees()


@pytest.mark.parametrize(
    ("session", "at", "refusal"),
    [
        (make.planned, AT, NotOpenYet),
        (lambda: make.session_in("cancelled"), AT, SessionCalledOff),
        (make.session, SOON - DAY, BookingClosed),
        (lambda: make.session(seats=1, elsewhere=1), SOON - DAY, BookingClosed),
    ],
)
def test_what_cannot_be_booked_says_why_and_takes_nothing(session, at, refusal):
    row = session()
    before = figures(row)
    expected = NotYours if refusal is NotOpenYet else refusal  # what is only planned is nobody's to see
    with pytest.raises(expected):
        make.booked(row, at=at)
    assert figures(row) == before
    assert bookings_there() == 0
    assert all_agrees()


def test_a_session_that_closes_between_the_look_and_the_seat_gives_none():
    """The ledger still has seats: what is asked under its lock decides."""
    session = make.session()
    with pytest.raises(BookingClosed):
        make.booked(session, at=make.now(session).booking_closes_at)
    assert figures(session) == (0, 18)


def test_of_a_course_that_is_not_published_nothing_can_be_booked():
    session = make.session(make.course(live=False))
    with pytest.raises(NotYours):
        make.booked(session)


def test_a_session_that_there_is_not_cannot_be_booked():
    with pytest.raises(NotYours):
        bookings.book(uuid4(), manager_agreed=True, by=make.professional(), at=AT)


def test_without_a_manager_who_agrees_there_is_no_seat():
    session = make.session()
    with pytest.raises(ManagerNotAsked):
        bookings.book(session.pk, manager_agreed=False, by=make.professional(), at=AT)
    with pytest.raises(TooMuchSaid):
        bookings.book(session.pk, manager_agreed=True, needs="x" * 501, by=make.professional(), at=AT)
    assert figures(session) == (0, 18)


def test_what_somebody_needs_is_sealed_and_in_no_mail():
    booking = make.booked(needs="A hearing loop")
    assert make.now(booking).needs == "A hearing loop"
    stored = Booking.objects.unscoped(reason="a test").values_list("needs", flat=True).get()
    assert "hearing" not in str(stored)
    assert "hearing" not in str(OutboxRow.objects.get().payload)


# --- letting go -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "state"),
    [(SOON - 7 * DAY, BookingState.CANCELLED_IN_TIME), (SOON - 5 * DAY, BookingState.CANCELLED_LATE)],
)
def test_a_seat_is_let_go_of_in_time_or_late_and_free_either_way(at, state):
    session = make.session()
    person = make.professional()
    booking = make.booked(session, by=person, needs="Step-free access")
    bookings.cancel(booking, by=person, at=at)
    now = make.now(booking)
    assert (now.state, now.ended_at, now.needs) == (state, at, None)
    assert figures(session) == (0, 18)
    assert all_agrees()


def test_nobody_lets_go_of_somebody_elses_seat():
    booking = make.booked()
    for other in (make.professional(), make.team()):
        with pytest.raises(NotYours):
            bookings.cancel(booking, by=other, at=AT)
    assert figures(booking.session) == (1, 17)


def test_a_seat_is_let_go_of_once():
    person = make.professional()
    booking = make.booked(by=person)
    bookings.cancel(booking, by=person, at=AT)
    with pytest.raises(NoSeatToLetGo):
        bookings.cancel(make.now(booking), by=person, at=AT)
    assert figures(booking.session) == (0, 18)


def test_once_it_has_begun_nobody_cancels():
    person = make.professional()
    booking = make.booked(by=person)
    with pytest.raises(SessionBegun):
        bookings.cancel(booking, by=person, at=SOON)
    assert figures(booking.session) == (1, 17)
    assert all_agrees()


# --- who sees it ------------------------------------------------------------------------------------------------------


def test_a_booking_is_seen_by_whoever_has_it_and_by_the_team():
    person = make.professional()
    booking = make.booked(by=person)
    sees = {
        name: Booking.objects.visible_to(hat).filter(pk=booking.pk).exists()
        for name, hat in {
            "person": person,
            "team": make.team(),
            "colleague": make.hat_for(make.member(Role.PROFESSIONAL, booking.organization)),
            "coordinator": make.professional(Role.COORDINATOR),
            "steward": make.professional(Role.CONTENT_EDITOR),
            "nobody": None,
        }.items()
    }
    assert {name for name, seen in sees.items() if seen} == {"person", "team"}


# --- calling off ------------------------------------------------------------------------------------------------------


def test_calling_a_session_off_frees_every_seat_and_tells_everybody():
    session = make.session()
    first, second = make.booked(session), make.booked(session)
    gone = make.professional()
    bookings.cancel(make.booked(session, by=gone), by=gone, at=AT)
    OutboxRow.objects.all().delete()
    assert sessions.call_off(session, CalledOff.TOO_FEW, by=make.team(), at=AT) == 2
    assert {make.now(one).state for one in (first, second)} == {"session_cancelled"}
    assert figures(session) == (0, 18)
    mails = [row.payload for row in OutboxRow.objects.all()]
    assert len(mails) == 2
    assert all("Too few people have booked. Nobody pays." in mail["text"] for mail in mails)
    assert all_agrees()


def test_after_a_session_was_called_off_nobody_gets_a_seat_even_past_the_look():
    session = make.session()
    sessions.call_off(session, CalledOff.VENUE, by=make.team(), at=AT)
    with pytest.raises(capacity.PoolPaused):
        capacity.take(session.pool_id, reference=uuid4(), by=None, at=AT)


def test_only_the_team_calls_off_plans_opens_and_changes():
    session = make.session()
    other = make.professional(Role.COORDINATOR)
    for deed in (
        lambda: sessions.call_off(session, CalledOff.OTHER, by=other, at=AT),
        lambda: sessions.plan(session.course, make.told(), by=other, at=AT),
        lambda: sessions.open_for_booking(make.planned(), by=other, at=AT),
        lambda: sessions.change(session, make.told(), version=1, by=other, at=AT),
    ):
        with pytest.raises(NotYours):
            deed()
    assert make.now(session).state == "open"


def test_what_has_begun_is_not_called_off():
    session = make.session()
    with pytest.raises(sessions.IsOver):
        sessions.call_off(session, CalledOff.OTHER, by=make.team(), at=SOON)
    assert make.now(session).state == "open"
    assert CapacityPool.objects.get(pk=session.pool_id).paused_at is None


# --- changing ---------------------------------------------------------------------------------------------------------


def test_who_has_a_seat_is_told_when_the_day_changes_and_not_when_the_seats_do():
    session = make.session()
    make.booked(session)
    where = make.now(session).location
    OutboxRow.objects.all().delete()
    more = make.told(seats=20, location=where)
    changed = sessions.change(session, more, version=1, by=make.team(), at=AT)
    assert OutboxRow.objects.count() == 0
    assert figures(session) == (1, 19)
    later = make.told(seats=20, starts=SOON + DAY, location=where)
    sessions.change(session, later, version=changed.version, by=make.team(), at=AT)
    assert "Friday 4 December 2026" in OutboxRow.objects.get().payload["text"]
    assert all_agrees()


def test_there_cannot_be_fewer_seats_than_are_taken():
    session = make.session(seats=5, elsewhere=1)
    make.booked(session)
    with pytest.raises(sessions.SeatsAreTaken, match="2 seats are taken already"):
        sessions.change(session, make.told(seats=1, elsewhere=1), version=1, by=make.team(), at=AT)
    assert figures(session) == (1, 3)


def test_of_two_who_change_a_session_at_once_the_second_is_told():
    session = make.session()
    sessions.change(session, make.told(seats=9), version=1, by=make.team(), at=AT)
    with pytest.raises(sessions.ChangedMeanwhile):
        sessions.change(session, make.told(seats=30), version=1, by=make.team(), at=AT)
    assert CapacityPool.objects.get(pk=session.pool_id).total == 9


def test_a_session_that_opens_while_it_is_being_changed_stays_open(monkeypatch):
    session, declare = make.planned(), capacity.declare

    def opened_just_before(pool, *told, **options):
        sessions.open_for_booking(make.now(session), by=make.team(), at=AT)
        return declare(pool, *told, **options)

    monkeypatch.setattr(capacity, "declare", opened_just_before)
    with pytest.raises(sessions.ChangedMeanwhile), transaction.atomic():
        sessions.change(session, make.told(seats=9), version=1, by=make.team(), at=AT)


def test_what_was_called_off_is_not_opened_by_changing_it():
    session = make.session_in("cancelled")
    with pytest.raises(sessions.IsOver):
        sessions.change(session, make.told(), version=session.version, by=make.team(), at=AT)
    assert CapacityPool.objects.get(pk=session.pool_id).paused_at is not None


def test_a_plan_that_is_changed_stays_a_plan():
    session = make.planned()
    sessions.change(session, make.told(seats=4), version=1, by=make.team(), at=AT)
    with pytest.raises(capacity.PoolPaused):
        capacity.take(session.pool_id, reference=uuid4(), by=None, at=AT)


# --- by the clock -----------------------------------------------------------------------------------------------------


def test_what_people_needed_is_forgotten_four_weeks_after_and_the_booking_after_six_years():
    booking = make.booked(needs="A hearing loop")
    ends = make.now(booking.session).ends_at
    assert bookings.forget(ends + timedelta(days=28)) == 0
    assert make.now(booking).needs == "A hearing loop"
    assert bookings.forget(ends + timedelta(days=28, seconds=1)) == 1
    assert make.now(booking).needs is None
    assert bookings.forget(ends + timedelta(days=6 * 365)) == 0
    assert bookings.forget(ends + timedelta(days=6 * 365 + 3)) == 1
    assert bookings_there() == 0
    assert all_agrees()


# --- proofs that can fail ---------------------------------------------------------------------------------------------


def test_a_seat_that_is_nobodys_and_a_booking_without_one_are_found():
    booking = make.booked()
    capacity.take(booking.session.pool_id, reference=uuid4(), by=None, at=AT)
    assert len(list(bookings.differences())) == 1
    capacity.vacate(booking.ref, by=None, at=AT)
    assert len(list(bookings.differences())) == 2


def test_a_ledger_row_that_names_a_service_without_one_is_found():
    from tests.factories import directory

    service = directory.service()
    pool = directory.pool(service)
    CapacityHold.objects.create(pool=pool, reference=uuid4(), state="taken", held_at=AT, expires_at=AT, taken_at=AT)
    CapacityPool.objects.filter(pk=pool.pk).update(occupied=1)
    assert [line for line in capacity.differences() if "of no service" in line]
