"""
The ledger of places: the only module that writes capacity rows.

Every verb runs one conditional UPDATE first, which takes the pool's row lock on PostgreSQL and the write lock on
SQLite, and only then writes the ledger row, the snapshot and the news, in one transaction. Reading first and writing
second oversold in every round of a race; this is exact on both databases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from directory import assumptions, signals
from directory.availability import LONDON, free_places, is_over
from directory.models import (
    COUNTED,
    FOR_ONE_CHILD,
    FRESH_DAYS,
    WITH_A_WAITING_LIST,
    CapacityHold,
    CapacityModel,
    CapacityPool,
    CapacitySnapshot,
    OnCall,
    Organization,
    Service,
)
from directory.models.standing import Standing
from directory.querysets import CapacityPoolQuerySet, OrganizationQuerySet
from safekeeping import audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safekeeping.policy import Hat

# Kinds of organization that can be a host of places for their pupils.
SCHOOLS = ("school_college", "alternative_provision")
# The largest figure a provider can declare: 0 to 999.
MOST_PLACES = 999
# The role of a hat that nobody has signed in for: it is said through the link in an e-mail, and put down to whoever it was
# sent to. No route is for this role.
BY_LINK = "confirmation_link"


class CapacityRefusal(Exception):
    """A place was not given; ``message`` can be shown as it is."""

    message = "This place cannot be held."

    def __str__(self) -> str:
        return self.message


class NoPlaceLeft(CapacityRefusal):
    message = "The last place has just gone."


class NotConfirmed(CapacityRefusal):
    message = "The provider has not confirmed its places lately, so none can be held. Ring them first."


class PoolPaused(CapacityRefusal):
    message = "The provider is not taking anyone new at the moment."


class NotOpenToRequests(CapacityRefusal):
    message = "This service is not open to new requests."


class NotForOneChild(CapacityRefusal):
    message = "This goes to a place or a group, not to one child. Ask for it in a request about a place or a group."


class HoldEnded(CapacityRefusal):
    message = "The hold on this place has ended."


class IsOver(CapacityRefusal):
    message = "This session has begun, or was called off already."


class SessionThen(CapacityRefusal):
    message = "There is a session at that time already."


class SomebodyHasAPlace(CapacityRefusal):
    message = "Somebody has a place, so this cannot be called off."


class FigureChanged(CapacityRefusal):
    message = "Somebody else changed these figures while you were looking at them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """
    What a provider says of a pool.

    ``total`` and ``external_occupied`` are units of the pool's model, ``wait_weeks`` weeks; ``total`` is None where nobody
    has said a number. ``on_call`` is who answers, of a rota.
    """

    total: int | None
    external_occupied: int
    waitlist_open: bool
    wait_weeks: int | None = None
    taking_new: bool = True
    on_call: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPool:
    """Which places are to be counted, how, and of which services; ``starts_on`` and ``ends_on`` are a group's."""

    name: str
    model: str
    services: tuple[UUID, ...]
    host_school: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def declare(
    pool: CapacityPool, told: Declaration, *, by: Hat | None, at: datetime, version: int | None = None
) -> CapacityPool:
    """
    Record the provider's figures; saying them is also confirming them.

    A total below what is taken is kept: nobody is put out, nothing new is held (domain E11).

    :param version: the version that the form was filled in against; None overwrites
    :raises FigureChanged: if somebody else wrote in between, or called the session off
    :raises ValueError: if a figure is not between 0 and 999, or says something that the pool's model has not
    """
    check(told, pool)
    mine = CapacityPool.objects.not_called_off().filter(pk=pool.pk)
    if version is not None:
        mine = mine.filter(version=version)
    written = mine.update(
        total=told.total,
        external_occupied=told.external_occupied,
        waitlist_open=told.waitlist_open,
        wait_weeks=told.wait_weeks if told.waitlist_open else None,
        on_call=told.on_call,
        paused_at=None if told.taking_new else Coalesce(F("paused_at"), Value(at, DateTimeField())),
        version=F("version") + 1,
        **confirmation(pool, by=by, at=at),
    )
    if not written:
        raise FigureChanged
    return changed(pool, "declared", by=by, at=at)


def check(told: Declaration, pool: CapacityPool) -> None:
    """
    Let through what can be said of a pool of that model.

    :raises ValueError: otherwise
    """
    if pool.model in COUNTED:
        figures = [figure for figure in (told.total, told.external_occupied) if figure is not None]
        if any(not 0 <= figure <= MOST_PLACES for figure in figures):
            raise ValueError(f"a figure is between 0 and {MOST_PLACES}")
    elif told.total is not None or told.external_occupied:
        raise ValueError("this pool is not counted")
    if pool.model == CapacityModel.SESSION_SLOTS and pool.starts_on is None and told.total is not None:
        raise ValueError("a session is counted on a day")
    if told.waitlist_open and pool.model not in WITH_A_WAITING_LIST:
        raise ValueError("nobody waits for this pool")
    if pool.model == CapacityModel.RAPID_RESPONSE_ROTA:
        if told.on_call not in OnCall.values and (told.on_call or told.total is not None):
            raise ValueError("a rota says which role is on call")
    elif told.on_call:
        raise ValueError("nobody is on call for this pool")


@transaction.atomic
def confirm(pool: CapacityPool, *, by: Hat | None, at: datetime) -> CapacityPool:
    """Record that the figures are still right; confirming twice is harmless."""
    CapacityPool.objects.filter(pk=pool.pk).update(version=F("version") + 1, **confirmation(pool, by=by, at=at))
    return changed(pool, "confirmed", by=by, at=at)


@transaction.atomic
def pause(pool: CapacityPool, *, by: Hat | None, at: datetime) -> CapacityPool:
    """Take nobody new until resumed; holds and places that exist stay as they are."""
    CapacityPool.objects.filter(pk=pool.pk, paused_at__isnull=True).update(paused_at=at, version=F("version") + 1)
    return changed(pool, "paused", by=by, at=at)


@transaction.atomic
def resume(pool: CapacityPool, *, by: Hat | None, at: datetime) -> CapacityPool:
    """Take people again; the figures must be confirmed anew only if they are old."""
    CapacityPool.objects.filter(pk=pool.pk).update(paused_at=None, version=F("version") + 1)
    return changed(pool, "resumed", by=by, at=at)


@transaction.atomic
def begin(told: NewPool, organization_id: UUID, *, by: Hat, at: datetime) -> CapacityPool:
    """
    Have the organization's places of one kind counted from now on; how many there are is said afterwards, with `declare`.

    :raises ValueError: if a service is somebody else's, the kind is no kind of places, or a host is no school
    """
    services = list(Service.objects.run_by(organization_id).filter(pk__in=told.services).values_list("pk", flat=True))
    if not services or len(services) != len(set(told.services)):
        raise ValueError("places are of at least one service of the same organization")
    if told.model not in CapacityModel.values or told.model == CapacityModel.TRAINING_SEATS:
        raise ValueError("seats are made with their session")
    if (told.model == CapacityModel.SCHOOL_HOST_CASELOAD) != (told.host_school is not None):
        raise ValueError("places in one school are in a school, others are not")
    if told.host_school and not schools().filter(pk=told.host_school).exists():
        raise ValueError("only a school is a host")
    pool = CapacityPool.objects.create(
        organization_id=organization_id,
        name=told.name,
        model=told.model,
        host_school_id=told.host_school,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        confirm_every_days=FRESH_DAYS[CapacityModel(told.model)],
    )
    pool.services.set(services)
    now = changed(pool, "begun", by=by, at=at)
    audit.record("figures.begin", by=by, at=at, subject="pool", ref=now.pk)
    return now


def schools() -> OrganizationQuerySet:
    """Return the organizations that can be hosts of places for their pupils."""
    return Organization.objects.published().filter(organization_type__code__in=SCHOOLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDay:
    """A session on another day: local date and, if it has one, local time; ``total`` and ``external_occupied`` are places."""

    on: date
    begins_at: time | None = None
    total: int
    external_occupied: int = 0


@transaction.atomic
def add_day(like: CapacityPool, told: SessionDay, *, by: Hat, at: datetime) -> CapacityPool:
    """
    Have what ``like`` is a session of take place on another day too; the places can be taken at once.

    The first day is written into the pool that has none yet.

    :raises SessionThen: if there is one at that time already
    :raises IsOver: if that time has passed
    :raises ValueError: if these are no sessions, or a figure is not between 0 and 999
    """
    if like.model != CapacityModel.SESSION_SLOTS:
        raise ValueError("only sessions take place on days")
    if not (0 <= told.total <= MOST_PLACES and 0 <= told.external_occupied <= MOST_PLACES):
        raise ValueError(f"a figure is between 0 and {MOST_PLACES}")
    columns = {
        "starts_on": told.on,
        "begins_at": told.begins_at,
        "total": told.total,
        "external_occupied": told.external_occupied,
        "paused_at": None,
    }
    new = CapacityPool(
        organization_id=like.organization_id,
        name=like.name,
        model=like.model,
        note=like.note,
        is_demo=like.is_demo,
        confirm_every_days=like.confirm_every_days,
        **columns,
    )
    if is_over(new, at=at):
        raise IsOver
    said = confirmation(new, by=by, at=at)
    try:
        with transaction.atomic():
            undated = CapacityPool.objects.filter(pk=like.pk, starts_on__isnull=True)
            if undated.update(version=F("version") + 1, **columns, **said):
                new.pk = like.pk
            else:
                for column, value in said.items():
                    setattr(new, column, value)
                new.save(force_insert=True)
                new.services.set(like.services.values_list("pk", flat=True))
    except IntegrityError:
        if sessions_then(like, told).exists():
            raise SessionThen from None
        raise
    now = changed(new, "declared", by=by, at=at)
    audit.record("figures.add_day", by=by, at=at, subject="pool", ref=now.pk)
    return now


def sessions_then(like: CapacityPool, told: SessionDay) -> CapacityPoolQuerySet:
    """Return the session of that name that takes place at that time, if there is one."""
    return CapacityPool.objects.not_called_off().filter(
        organization_id=like.organization_id,
        name=like.name,
        model=CapacityModel.SESSION_SLOTS,
        starts_on=told.on,
        begins_at=told.begins_at,
    )


@transaction.atomic
def call_off(pool: CapacityPool, *, by: Hat, at: datetime) -> CapacityPool:
    """
    Have a session not take place, which nobody has a place in; it cannot be undone, but added anew.

    Who is promised a place at the same moment waits for this UPDATE, and then finds that it is over; or is first, and then
    this finds that somebody has a place.

    :raises SomebodyHasAPlace: if a place is taken, promised or reserved, or was given by the provider itself
    :raises IsOver: if it has begun, or was called off
    """
    mine = CapacityPool.objects.not_over(at).filter(
        pk=pool.pk, model=CapacityModel.SESSION_SLOTS, starts_on__isnull=False
    )
    nobody = mine.filter(external_occupied=0, occupied=0, held=0, reserved=0)
    if not nobody.update(called_off_at=at, version=F("version") + 1):
        raise SomebodyHasAPlace if mine.exists() else IsOver
    now = changed(pool, "called_off", by=by, at=at)
    audit.record("figures.call_off", by=by, at=at, subject="pool", ref=now.pk)
    return now


@transaction.atomic
def hold(
    pool_id: UUID, *, service_id: UUID, reference: UUID, by: Hat | None, at: datetime, until: datetime
) -> CapacityHold:
    """
    Promise one place of the pool to ``reference`` until ``until``.

    Refuses, in the same UPDATE, a pool that is full, stale, paused, over, not the service's, not for one child, or whose
    service or organization is not open (domain §3.19).

    :raises NoPlaceLeft: if every place is taken, promised or reserved
    :raises NotConfirmed: if the figure is older than its limit, or nobody ever gave one
    :raises PoolPaused: if the provider takes nobody new
    :raises NotForOneChild: if the pool is a team's or a roster's (INV-C10)
    :raises NotOpenToRequests: if the pool is over or is not counted, or the service or its organization is restricted,
        suspended, archived or unpublished
    """
    taken = holdable(service_id, at=at).filter(pk=pool_id).with_a_place_left().update(held=F("held") + 1)
    if not taken:
        raise refusal(pool_id, service_id=service_id, at=at)
    held = CapacityHold.objects.create(
        pool_id=pool_id, service_id=service_id, reference=reference, held_at=at, expires_at=until
    )
    tell(pool_id, "held", by=by, at=at)
    return held


@transaction.atomic
def release(reference: UUID, *, by: Hat | None, at: datetime) -> None:
    """
    Let a promised place go.

    :raises HoldEnded: if it was not held any more
    """
    let_go(reference, CapacityHold.State.RELEASED, "released", by=by, at=at)


@transaction.atomic
def take_up(reference: UUID, *, by: Hat | None, at: datetime) -> CapacityHold:
    """
    Turn a promise into a taken place.

    The server's clock decides: a hold whose time is over is not taken up, even if no job has freed it yet (E14).

    :raises HoldEnded: if it expired, was let go or was taken already
    """
    pool_id = move_one(reference, held=-1, occupied=+1)
    won = CapacityHold.objects.filter(reference=reference, state=CapacityHold.State.HELD, expires_at__gt=at).update(
        state=CapacityHold.State.TAKEN, taken_at=at
    )
    if not won:
        raise HoldEnded  # and the transaction takes the counters back
    tell(pool_id, "taken", by=by, at=at)
    return CapacityHold.objects.get(reference=reference)


@transaction.atomic
def open_seats(
    organization_id: UUID,
    *,
    name: str,
    total: int,
    elsewhere: int = 0,
    by: Hat | None,
    at: datetime,
    pk: UUID | None = None,
) -> CapacityPool:
    """
    Make the seats of a training session, ``elsewhere`` of them given already by other ways; none can be taken before `resume`.

    :raises ValueError: if a figure is not between 0 and 999
    """
    if not (0 <= total <= MOST_PLACES and 0 <= elsewhere <= MOST_PLACES):
        raise ValueError(f"a figure is between 0 and {MOST_PLACES}")
    pool = CapacityPool(
        organization_id=organization_id,
        name=name,
        model=CapacityModel.TRAINING_SEATS,
        total=total,
        external_occupied=elsewhere,
        paused_at=at,
        confirm_every_days=fresh_days(CapacityModel.TRAINING_SEATS),
        last_confirmed_at=at,
        last_confirmed_by_id=by.user_id if by else None,
    )
    if pk is not None:
        pool.pk = pk
    pool.save(force_insert=True)
    return changed(pool, "declared", by=by, at=at)


@transaction.atomic
def take(pool_id: UUID, *, reference: UUID, by: Hat | None, at: datetime) -> CapacityHold:
    """
    Take one seat of a training session for ``reference``, at once.

    :raises NoPlaceLeft: if every seat is taken
    :raises PoolPaused: if no seats are given, before booking opens or after the session was called off
    :raises NotOpenToRequests: if these are no seats
    """
    seats = CapacityPool.objects.filter(pk=pool_id, model=CapacityModel.TRAINING_SEATS)
    if not seats.open_now().with_a_place_left().update(occupied=F("occupied") + 1):
        seen = seats.first()  # only to say which refusal it was
        if seen is None:
            raise NotOpenToRequests
        raise NoPlaceLeft if seen.paused_at is None else PoolPaused
    taken = CapacityHold.objects.create(
        pool_id=pool_id,
        reference=reference,
        state=CapacityHold.State.TAKEN,
        held_at=at,
        expires_at=at,
        taken_at=at,
    )
    tell(pool_id, "taken", by=by, at=at)
    return taken


@transaction.atomic
def vacate(reference: UUID, *, by: Hat | None, at: datetime) -> None:
    """
    Free a taken place: the support has ended, or somebody will not come.

    :raises HoldEnded: if it was not taken
    """
    pool_id = move_one(reference, occupied=-1)
    won = CapacityHold.objects.filter(reference=reference, state=CapacityHold.State.TAKEN).update(
        state=CapacityHold.State.VACATED, ended_at=at
    )
    if not won:
        raise HoldEnded
    tell(pool_id, "vacated", by=by, at=at)


@transaction.atomic
def lapse(reference: UUID, *, at: datetime) -> None:
    """
    Free a promised place whose time is over.

    :raises HoldEnded: if somebody answered it first
    """
    let_go(reference, CapacityHold.State.LAPSED, "lapsed", by=None, at=at)


def move_one(reference: UUID, *, held: int = 0, occupied: int = 0) -> UUID:
    """
    Change the counters of the reference's pool by one place and return the pool's id; this takes the pool's lock.

    The ledger row is asked next, and where it is no longer in the expected state the transaction takes this back.

    :raises HoldEnded: if there is no such reference, or the counters already show that its place is gone
    """
    pool_id = CapacityHold.objects.filter(reference=reference).values_list("pool_id", flat=True).first()
    if pool_id is None:
        raise HoldEnded
    moved = CapacityPool.objects.filter(pk=pool_id, held__gte=-held, occupied__gte=-occupied).update(
        held=F("held") + held, occupied=F("occupied") + occupied
    )
    if not moved:
        raise HoldEnded
    return pool_id


def let_go(reference: UUID, to: CapacityHold.State, event: str, *, by: Hat | None, at: datetime) -> None:
    """Free a held place; the pool is locked first, as everywhere."""
    pool_id = move_one(reference, held=-1)
    mine = CapacityHold.objects.filter(reference=reference, state=CapacityHold.State.HELD)
    if to == CapacityHold.State.LAPSED:
        mine = mine.filter(expires_at__lte=at)
    if not mine.update(state=to, ended_at=at):
        raise HoldEnded
    tell(pool_id, event, by=by, at=at)


def holdable(service_id: UUID, *, at: datetime) -> CapacityPoolQuerySet:
    """Return the pools from which a place of that service can be promised now."""
    open_service = Service.objects.filter(
        pk=service_id,
        pools=OuterRef("pk"),
        live=True,
        standing__standing=Standing.OPEN,
        organization__live=True,
        organization__standing__standing=Standing.OPEN,
    )
    return (
        CapacityPool.objects.confirmed(at).open_now().not_over(at).filter(Exists(open_service), model__in=FOR_ONE_CHILD)
    )


def refusal(pool_id: UUID, *, service_id: UUID, at: datetime) -> CapacityRefusal:
    """Look again, only to say which refusal it was."""
    pool = CapacityPool.objects.filter(pk=pool_id, services=service_id).first()
    if pool is None or pool.model not in COUNTED:
        return NotOpenToRequests()
    if pool.model not in FOR_ONE_CHILD:
        return NotForOneChild()
    standing_open = Service.objects.filter(
        pk=service_id,
        live=True,
        standing__standing=Standing.OPEN,
        organization__live=True,
        organization__standing__standing=Standing.OPEN,
    ).exists()
    if not standing_open or is_over(pool, at=at):
        return NotOpenToRequests()
    if pool.paused_at is not None:
        return PoolPaused()
    if pool.total is None or pool.confirmed_until is None or pool.confirmed_until < at:
        return NotConfirmed()
    return NoPlaceLeft()


def confirmation(pool: CapacityPool, *, by: Hat | None, at: datetime) -> dict[str, object]:
    """Return the columns that say who vouched for a figure and until when it can be believed."""
    return {
        "last_confirmed_at": at,
        "last_confirmed_by_id": by.user_id if by else None,
        "last_confirmed_by_link": by is not None and by.role == BY_LINK,
        "confirmed_until": believed_until(pool, at=at),
    }


def believed_until(pool: CapacityPool, *, at: datetime) -> datetime | None:
    """
    Return when the figure becomes unconfirmed; None for seats, which never do.

    A cohort's figure holds until its limit before the start, when it is asked for again; once asked and answered
    inside that window it holds until the group starts. A session's figure holds until the session has begun, by its hour
    or by the end of its day (domain §3.19).
    """
    if pool.model == CapacityModel.TRAINING_SEATS:
        return None
    days = timedelta(days=assumptions.believed_for(pool, pool.model))
    if pool.model == CapacityModel.SESSION_SLOTS and pool.starts_on:
        if pool.begins_at is not None:
            return datetime.combine(pool.starts_on, pool.begins_at, tzinfo=LONDON).astimezone(UTC)
        return datetime.combine(pool.starts_on + timedelta(days=1), time(0), tzinfo=LONDON).astimezone(UTC)
    if pool.model == CapacityModel.COHORT_PLACES and pool.starts_on:
        start = datetime.combine(pool.starts_on, time(0), tzinfo=LONDON).astimezone(UTC)
        if at < start - days:
            return start - days
        if at < start:
            return start
    return at + days


def changed(pool: CapacityPool, event: str, *, by: Hat | None, at: datetime) -> CapacityPool:
    """Write the snapshot and send the news of what the pool says now; return it as it is in the database."""
    tell(pool.pk, event, by=by, at=at)
    return CapacityPool.objects.get(pk=pool.pk)


# In one statement, and so of the very row that was changed: every place that is held or let go pays for this.
SNAPSHOT = (
    "INSERT INTO directory_capacitysnapshot (pool_id, at, by_id, by_link, event, total, external_occupied, occupied, held,"
    " reserved, paused, waitlist_open) SELECT id, %s, %s, %s, %s, total, external_occupied, occupied, held, reserved,"
    " paused_at IS NOT NULL, waitlist_open FROM directory_capacitypool WHERE id = %s"
)


def tell(pool_id: UUID, event: str, *, by: Hat | None, at: datetime) -> None:
    """Write the snapshot of what the pool says now, and send the news of it."""
    moment = CapacitySnapshot._meta.get_field("at").get_db_prep_value(at, connection)
    pool = CapacityPool._meta.pk.get_db_prep_value(pool_id, connection)
    by_link = by is not None and by.role == BY_LINK
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT, [moment, by.user_id if by else None, by_link, event, pool])
    links = CapacityPool.services.through.objects.filter(capacitypool_id=pool_id)
    signals.tell(CapacityPool, links.values_list("service_id", flat=True))


def differences() -> Iterable[str]:
    """
    Yield a line for every pool whose counters are not what its ledger rows say or that holds what it cannot.

    And for every row without its service: only seats are of none.
    """
    counted = CapacityPool.objects.annotate(
        held_rows=Count("holds", filter=Q(holds__state=CapacityHold.State.HELD)),
        taken_rows=Count("holds", filter=Q(holds__state=CapacityHold.State.TAKEN)),
    )
    for pool in counted.exclude(held=F("held_rows"), occupied=F("taken_rows")):
        yield (
            f"pool {pool.pk}: held {pool.held} but {pool.held_rows} rows, "
            f"occupied {pool.occupied} but {pool.taken_rows} rows"
        )
    for pool in counted.exclude(model__in=[*FOR_ONE_CHILD, CapacityModel.TRAINING_SEATS]).exclude(
        held_rows=0, taken_rows=0
    ):
        yield f"pool {pool.pk}: {pool.model} holds {pool.held_rows + pool.taken_rows} places for one child each"
    hosted = CapacityPool.objects.filter(host_school__isnull=False)
    for pk in hosted.exclude(host_school__organization_type__code__in=SCHOOLS).values_list("pk", flat=True):
        yield f"pool {pk}: its host is not a school"
    seats = Q(pool__model=CapacityModel.TRAINING_SEATS)
    for row in CapacityHold.objects.exclude(seats, service__isnull=True).exclude(~seats, service__isnull=False):
        yield f"ledger row {row.pk}: seats are of no service, and everything else is of one"


def fresh_days(model: str) -> int:
    """Return how many days a new figure of that model can be believed (domain §3.6)."""
    return assumptions.fresh_days(model)


__all__ = [
    "BY_LINK",
    "MOST_PLACES",
    "CapacityRefusal",
    "Declaration",
    "FigureChanged",
    "HoldEnded",
    "IsOver",
    "NoPlaceLeft",
    "NotConfirmed",
    "NotForOneChild",
    "NotOpenToRequests",
    "PoolPaused",
    "SessionDay",
    "SessionThen",
    "SomebodyHasAPlace",
    "add_day",
    "believed_until",
    "call_off",
    "confirm",
    "declare",
    "differences",
    "free_places",
    "hold",
    "lapse",
    "open_seats",
    "pause",
    "release",
    "resume",
    "take",
    "take_up",
    "vacate",
]
