"""
Asking one provider for one place: made by a coordinator, answered by the provider, or ended by time.

A place is held from the moment of asking, so that a yes can always be kept. Locks are taken in one order: the pool by its
conditional UPDATE, then the rows, the audit's head last.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max

from brokering import assumptions, candidates, deadlines, lifecycle, notifications, rights, shortlists, triage
from brokering.answers import MOST_CHARACTERS, SHORT
from brokering.lifecycle import MoveNotAllowed
from brokering.matching import Candidate, Reason, judge
from brokering.models import (
    CoAttendanceCheck,
    DeclineReason,
    MatchResult,
    MatchRun,
    Message,
    Offer,
    OfferState,
    PlacementRequest,
    RequestState,
    SecondCheck,
    SupportPlace,
)
from brokering.profiles import profile_of
from brokering.requests import AGREED, AnswerRefused, carry, locked, say
from directory import capacity
from directory.models import CapacityHold, Membership, Role
from safekeeping import audit

if TYPE_CHECKING:
    from safekeeping.policy import Hat

log = logging.getLogger(__name__)

# While one of these runs, nothing is allocated without the social worker's agreement (E24).
NEEDS_STATUTORY_AGREEMENT = frozenset({"s47_enquiry", "strategy_discussion"})
WITHDRAW_REASONS = {
    "family_said_no": "The family said no to this one",
    "better_fit": "Something fits better",
    "provider_asked": "The provider asked us to",
    "circumstances_changed": "Things have changed",
    "in_error": "It was a mistake",
}


class NotAllocatable(Exception):
    """The request cannot be offered as it stands; ``message`` says why, and can be shown."""

    message = "This cannot be offered just now."

    def __str__(self) -> str:
        return self.message


class NotAgreed(NotAllocatable):
    message = (
        "Nobody has agreed to take part yet. Support is voluntary: advice or work with the setting may help meanwhile."
    )


class Refused(NotAllocatable):
    message = "They have said no for now. Support is voluntary: advice or work with the setting may help instead."


class StatutoryAgreementNeeded(NotAllocatable):
    message = "A child protection enquiry or strategy discussion is open. Enter the social worker’s agreement first."


class StatutoryOutcomeNeeded(NotAllocatable):
    message = "The risk is critical. The front door’s outcome has to be recorded first."


class SafetyQuestionsDue(NotAllocatable):
    message = "Something has changed. The safety questions have to be answered again first."


class DoesNotFit(NotAllocatable):
    """The service cannot take the child, as things are now; ``reasons`` say why."""

    message = "This service does not fit any more."

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__()
        self.reasons = reasons


class CoAttendanceUnchecked(NotAllocatable):
    message = "Check first that nobody who attends makes it unsafe."


class ReasonNeeded(NotAllocatable):
    message = "Say why you choose this one and not the first."


class NotOnTheList(NotAllocatable):
    message = "Look up what fits before you offer."


class ConflictOfInterest(NotAllocatable):
    message = "You work for this provider. Another coordinator has to agree first."


class AlreadyAsked(NotAllocatable):
    message = "They have been asked already, or support the child already."


class PlaceGone(Exception):
    """Somebody was faster: no place is left. ``taken_at`` is when the last one went, None if the provider took it."""

    def __init__(self, taken_at: datetime | None) -> None:
        super().__init__()
        self.taken_at = taken_at


class OfferNoLongerOpen(Exception):
    """It has expired, was taken back, or was answered; ``state`` says which, ``place_left`` whether to ask again."""

    def __init__(self, state: str, *, place_left: bool = False) -> None:
        super().__init__(state)
        self.state, self.place_left = state, place_left


# --- a coordinator asks ---
def make(
    request: PlacementRequest,
    service_id: UUID,
    *,
    note: str = "",
    because: str = "",
    statutory_agreement: str = "",
    by: Hat,
    at: datetime,
) -> Offer:
    """
    Hold a place for the child and ask the provider; it has two working days to answer.

    ``note`` goes to the provider with the profile: no names. ``because`` is needed where another service stands above this one.
    ``statutory_agreement`` is the reference of the social worker's agreement, where one is needed (E24).

    :raises NotYours: if the request is not the coordinator's to offer
    :raises NotAllocatable: one of its kinds, each with a message
    :raises PlaceGone: if the last place went in between
    :raises CapacityRefusal: if the pool is stale, paused or closed by now
    :raises MoveNotAllowed: if no place is looked for any more
    """
    rights.need(request, by, Role.COORDINATOR)
    try:
        return hold_and_ask(
            request, service_id, note=note, because=because, statutory_agreement=statutory_agreement, by=by, at=at
        )
    except capacity.CapacityRefusal as refusal:
        # The attempt is on record, too (E13); its own transaction, because the other one is gone.
        with transaction.atomic():
            audit.record(
                "offer.make", by=by, at=at, subject="request", ref=request.ref, outcome="refused",
                reason=type(refusal).__name__,
            )  # fmt: skip
        if isinstance(refusal, capacity.NoPlaceLeft):
            raise PlaceGone(last_taken_at(service_id)) from None
        raise


def last_taken_at(service_id: UUID) -> datetime | None:
    """Return when a place that this service could have had was last held."""
    return CapacityHold.objects.filter(pool__services=service_id, state="held").aggregate(last=Max("held_at"))["last"]


@transaction.atomic
def hold_and_ask(
    request: PlacementRequest,
    service_id: UUID,
    *,
    note: str,
    because: str,
    statutory_agreement: str,
    by: Hat,
    at: datetime,
) -> Offer:
    """Look at everything once more, take the place, then write what follows; all of it or nothing."""
    refuse_texts(note=note, because=because, statutory_agreement=statutory_agreement)
    seen = PlacementRequest.objects.visible_to(by).get(pk=request.pk)
    if seen.state not in shortlists.LOOKED_FOR:
        raise MoveNotAllowed(seen.state, RequestState.OFFERED)
    refuse_allocation(seen, statutory_agreement=statutory_agreement)
    kept, result = listed(seen, service_id)
    one = fitting(seen, service_id, by=by, at=at)
    assert result.rank is not None  # it fits, so it has a rank
    if result.rank > 1 and not because.strip():
        raise ReasonNeeded
    check = second_opinion(seen, service_id, by=by, at=at)
    ref, expires_at = uuid4(), deadlines.offer(at)
    assert one.pool_id is not None  # it fits, so there is a place to hold
    capacity.hold(one.pool_id, service_id=service_id, reference=ref, by=by, at=at, until=expires_at)

    row = locked(request)
    if (
        row.state != seen.state
        or row.rescreen_because != seen.rescreen_because
        or row.participation != seen.participation
    ):
        raise MoveNotAllowed(seen.state, RequestState.OFFERED, now=row.state)
    if statutory_agreement.strip():
        row.statutory_agreement = statutory_agreement.strip()
        row.save(update_fields=["statutory_agreement"])
    offer = Offer(
        ref=ref,
        request=row,
        service_id=service_id,
        pool_id=one.pool_id,
        organization_id=one.organization_id,
        run=kept,
        rank=result.rank,
        profile=profile_of(row, on=deadlines.day_of(at)).as_text(),
        note=note.strip(),
        chosen_because=because.strip(),
        second_check=check,
        sent_by_id=by.user_id,
        sent_at=at,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            lifecycle.begin(offer, by=by, at=at)
    except IntegrityError:
        raise AlreadyAsked from None
    if check is not None:
        triage.used(check, at=at)
    lifecycle.follow(row, otherwise=RequestState.MATCHING, by=by, at=at, due_at=expires_at)
    notifications.offer_sent_to_provider(offer, at=at)
    notifications.offer_sent_to_requester(offer, at=at)
    audit.record("offer.make", by=by, at=at, subject="offer", ref=offer.ref)
    carry(row, request)
    return offer


def refuse_texts(*, note: str, because: str, statutory_agreement: str) -> None:
    """Refuse words that are too many."""
    errors = {}
    if len(note) > MOST_CHARACTERS:
        errors["note"] = f"Use {MOST_CHARACTERS} characters or fewer"
    if len(because) > MOST_CHARACTERS:
        errors["because"] = f"Use {MOST_CHARACTERS} characters or fewer"
    if len(statutory_agreement) > SHORT:
        errors["statutory_agreement"] = f"Use {SHORT} characters or fewer"
    if errors:
        raise AnswerRefused(errors)


def refuse_allocation(row: PlacementRequest, *, statutory_agreement: str = "") -> None:
    """Refuse what must not be allocated as it stands: INV-S6, INV-S16, E24, E26."""
    if row.rescreen_because:
        raise SafetyQuestionsDue
    if row.participation == "sought_refused":
        raise Refused
    if row.participation not in AGREED:
        raise NotAgreed
    if row.risk_level == "critical" and not row.statutory_outcome:
        raise StatutoryOutcomeNeeded
    agreement = statutory_agreement.strip() or row.statutory_agreement
    if row.statutory_status in NEEDS_STATUTORY_AGREEMENT and not agreement:
        raise StatutoryAgreementNeeded


def listed(row: PlacementRequest, service_id: UUID) -> tuple[MatchRun, MatchResult]:
    """Return the latest look and what it says of the service; nothing is offered that was not on a list."""
    runs = MatchRun.objects.unscoped(reason="the list that the choice is made from").filter(request=row)
    last = runs.order_by("-at", "-ref").first()
    if last is None:
        raise NotOnTheList
    results = MatchResult.objects.unscoped(reason="the list that the choice is made from")
    result = results.filter(run=last, service_id=service_id, rank__isnull=False).first()
    if result is None:
        raise NotOnTheList
    return last, result


def fitting(row: PlacementRequest, service_id: UUID, *, by: Hat, at: datetime) -> Candidate:
    """Return the candidate as it is now; whether a place is left, only the hold decides."""
    found = candidates.gather(hat=by, at=at, only=service_id)
    if not found:
        raise DoesNotFit(())
    verdict = judge(shortlists.need_of(row, at=at), found[0], numbers=assumptions.numbers())
    obstacles = verdict.obstacles
    if any(reason.code == "already" for reason in obstacles):
        raise AlreadyAsked
    if any(reason.code not in DECIDED_BY_THE_HOLD for reason in obstacles) or found[0].pool_id is None:
        raise DoesNotFit(obstacles)
    if found[0].checks_co_attendance:
        checks = CoAttendanceCheck.objects.unscoped(reason="whether somebody has looked").filter(
            request=row, service_id=service_id, at__gte=at - assumptions.CO_ATTENDANCE_BELIEVED.span
        )
        if not checks.exists():
            raise CoAttendanceUnchecked
    return found[0]


DECIDED_BY_THE_HOLD = frozenset({"full", "unconfirmed", "paused"})


def second_opinion(row: PlacementRequest, service_id: UUID, *, by: Hat, at: datetime) -> SecondCheck | None:
    """Return the agreement of another coordinator, where the one who offers works for the provider (INV-C11)."""
    if not shortlists.works_for(service_id, by=by, at=at):
        return None
    check = triage.agreed(row, SecondCheck.What.CONFLICT_OF_INTEREST, by=by, service_id=service_id)
    if check is None:
        raise ConflictOfInterest
    return check


@transaction.atomic
def take_back(offer: Offer, because: str, *, by: Hat, at: datetime) -> None:
    """
    Take an open offer back; its place is free at once, and the provider can no longer read the profile.

    :raises ValueError: if the reason is not one of `WITHDRAW_REASONS`
    :raises OfferNoLongerOpen: if it was answered or has run out
    """
    rights.need(offer, by, Role.COORDINATOR)
    if because not in WITHDRAW_REASONS:
        raise ValueError(because)
    end(offer, OfferState.WITHDRAWN, free=capacity.release, by=by, at=at, reason=because, withdrawn_because=because)
    notifications.offer_withdrawn_to_provider(offer, at=at)
    audit.record("offer.take-back", by=by, at=at, subject="offer", ref=offer.ref, reason=because)


@transaction.atomic
def reply(offer: Offer, text: str, *, by: Hat, at: datetime) -> Message:
    """Answer what a provider has asked before it decides. No names."""
    rights.need(offer, by, Role.COORDINATOR)
    if offer.state != OfferState.OPEN:
        raise OfferNoLongerOpen(offer.state)
    message = say(locked(offer.request), text, by=by, at=at, offer=offer)
    notifications.answer_to_provider(offer, message.ref, at=at)
    audit.record("offer.reply", by=by, at=at, subject="offer", ref=offer.ref, fields=["message"])
    return message


# --- a provider answers ---
@transaction.atomic
def accept(
    offer: Offer,
    *,
    worker_role: str,
    first_meeting_on: date,
    worker: int | None = None,
    by: Hat,
    at: datetime,
) -> SupportPlace:
    """
    Say yes: the held place is taken, and the requester is asked for contact details.

    ``worker`` is the id of the membership of whoever will meet the child, if they have an account.

    :raises NotYours: if it is not the hat's organization's to answer
    :raises OfferNoLongerOpen: if time ran out, by the server's clock (E14), or somebody was faster
    :raises NotAllocatable: if something has changed that stops every allocation
    :raises AnswerRefused: if role, worker or date cannot be kept
    """
    rights.need(offer, by, Role.PROVIDER_ADMIN)
    person = worker_of(offer, worker, by=by, at=at)
    if not worker_role.strip():
        raise AnswerRefused({"worker_role": "Say who will meet them, by role"})
    if len(worker_role.strip()) > 120:
        raise AnswerRefused({"worker_role": "Use 120 characters or fewer"})
    if first_meeting_on < deadlines.day_of(at):
        raise AnswerRefused({"first_meeting_on": "The first meeting must be today or later"})
    if offer.state != OfferState.OPEN:
        raise OfferNoLongerOpen(offer.state)
    try:
        capacity.take_up(offer.ref, by=by, at=at)
    except capacity.HoldEnded:
        raise no_longer_open(offer, at=at) from None
    row = locked(offer.request)
    refuse_allocation(row)
    close_offer(offer, OfferState.ACCEPTED, by=by, at=at, answered_by_id=by.user_id)
    place = SupportPlace(
        request=row,
        offer=offer,
        service_id=offer.service_id,
        organization_id=offer.organization_id,
        worker_id=person,
        worker_role=worker_role.strip(),
        first_meeting_on=first_meeting_on,
        accepted_at=at,
        contact_due_at=deadlines.contact(at),
        introduce_by_at=deadlines.introduce(at, risk=row.risk_level),
    )
    lifecycle.begin(place, by=by, at=at)
    lifecycle.follow(row, otherwise=RequestState.MATCHING, by=by, at=at, due_at=place.contact_due_at)
    notifications.contact_asked_of_requester(place, at=at)
    notifications.offer_accepted_to_coordinator(offer, at=at)
    audit.record("offer.accept", by=by, at=at, subject="offer", ref=offer.ref)
    return place


def worker_of(offer: Offer, worker: int | None, *, by: Hat, at: datetime) -> int | None:
    """Return the person behind a membership of the provider."""
    if worker is None:
        return None
    people = Membership.objects.current(deadlines.day_of(at)).filter(
        pk=worker, organization_id=offer.organization_id, role__in=[Role.PROVIDER_WORKER, Role.PROVIDER_ADMIN]
    )
    person = people.values_list("user_id", flat=True).first()
    if person is None:
        raise AnswerRefused({"worker": "Choose somebody who works for you"})
    return person


@transaction.atomic
def decline(offer: Offer, reason: DeclineReason, words: str = "", *, by: Hat, at: datetime) -> None:
    """
    Say no, with a reason: the place is free at once, and what was shown is gone from the provider's screen.

    :raises AnswerRefused: if "another reason" comes without words
    :raises OfferNoLongerOpen: if it was answered, taken back or has run out
    """
    rights.need(offer, by, Role.PROVIDER_ADMIN)
    reason = DeclineReason(reason)
    if reason == DeclineReason.OTHER and not words.strip():
        raise AnswerRefused({"words": "Say why"})
    if len(words) > SHORT:
        raise AnswerRefused({"words": f"Use {SHORT} characters or fewer"})
    end(
        offer, OfferState.DECLINED_BY_PROVIDER, free=capacity.release, by=by, at=at, reason=reason,
        decline_reason=reason, answered_by_id=by.user_id,
    )  # fmt: skip
    offer.decline_words = words.strip()
    offer.save(update_fields=["decline_words"])
    notifications.offer_declined_to_coordinator(offer, at=at)
    audit.record("offer.decline", by=by, at=at, subject="offer", ref=offer.ref, reason=reason)


@transaction.atomic
def ask(offer: Offer, text: str, *, by: Hat, at: datetime) -> Message:
    """Ask the coordinator something before answering; the clock keeps running."""
    rights.need(offer, by, Role.PROVIDER_ADMIN)
    if offer.state != OfferState.OPEN or offer.expires_at <= at:
        raise OfferNoLongerOpen(OfferState.EXPIRED if offer.state == OfferState.OPEN else offer.state)
    message = say(locked(offer.request), text, by=by, at=at, offer=offer)
    notifications.question_from_provider(offer, message.ref, at=at)
    audit.record("offer.ask", by=by, at=at, subject="offer", ref=offer.ref, fields=["message"])
    return message


# --- time runs out ---
def expire_due(at: datetime) -> int:
    """Free the place of every offer whose time is over; return how many. One's trouble is not the others'."""
    due = Offer.objects.unscoped(reason="what the clock has ended").filter(state=OfferState.OPEN, expires_at__lte=at)
    done = 0
    for offer in due.order_by("expires_at", "ref"):
        try:
            expire(offer, at=at)
        except OfferNoLongerOpen:
            continue  # answered in this very moment
        except Exception as trouble:  # the next one must not wait for it
            log.error("an offer could not be ended: %s", type(trouble).__name__)
            continue
        done += 1
    return done


@transaction.atomic
def expire(offer: Offer, *, at: datetime) -> None:
    """
    End one offer by time.

    :raises OfferNoLongerOpen: if somebody answered first
    """
    end(
        offer, OfferState.EXPIRED, free=lambda ref, *, by, at: capacity.lapse(ref, at=at), by=None, at=at, reason="time"
    )
    notifications.offer_expired_to_coordinator(offer, at=at)
    notifications.offer_expired_to_provider(offer, at=at)
    audit.record("offer.expire", by=None, at=at, subject="offer", ref=offer.ref)


# --- how an offer ends ---
def end(offer: Offer, to: OfferState, *, free, by: Hat | None, at: datetime, reason: str, **facts: object) -> None:
    """Free the place, end the offer, let the request stand where it stands now."""
    if offer.state != OfferState.OPEN:
        raise OfferNoLongerOpen(offer.state)
    if to == OfferState.DECLINED_BY_PROVIDER and offer.expires_at <= at:
        raise no_longer_open(offer, at=at)
    try:
        free(offer.ref, by=by, at=at)
    except capacity.HoldEnded:
        raise no_longer_open(offer, at=at) from None
    row = locked(offer.request)
    close_offer(offer, to, by=by, at=at, reason=reason, **facts)
    lifecycle.follow(row, otherwise=RequestState.MATCHING, by=by, at=at, due_at=deadlines.next_offer(at))


def close_offer(
    offer: Offer, to: OfferState, *, by: Hat | None, at: datetime, reason: str = "", **facts: object
) -> None:
    """Move an open offer to its end, or say that it is there already."""
    try:
        lifecycle.move(offer, to, by=by, at=at, reason=reason, ended_at=at, **facts)
    except MoveNotAllowed as already:
        raise OfferNoLongerOpen(already.now) from None


def no_longer_open(offer: Offer, *, at: datetime) -> OfferNoLongerOpen:
    """Look again, only to say what has become of it and whether a place is left to be asked for."""
    state = (
        Offer.objects.unscoped(reason="what has become of the offer").values_list("state", flat=True).get(pk=offer.pk)
    )
    if state == OfferState.OPEN:
        state = OfferState.EXPIRED
    if state != OfferState.EXPIRED:
        return OfferNoLongerOpen(state)
    left = capacity.holdable(offer.service_id, at=at).filter(pk=offer.pool_id)
    if not CapacityHold.objects.filter(reference=offer.ref, state="held").exists():
        left = left.with_a_place_left()  # no job has freed it yet, or it is free, or somebody has it by now
    return OfferNoLongerOpen(state, place_left=left.exists())


def differences() -> list[str]:
    """Return a line for every open offer or live place without its row in the ledger, and the other way round."""
    held = set(CapacityHold.objects.filter(state="held").values_list("reference", flat=True))
    # Rows of no service are seats of training sessions, whose bookings are proved where they are kept.
    served = CapacityHold.objects.filter(state="taken", service__isnull=False)
    taken = set(served.values_list("reference", flat=True))
    offers = Offer.objects.unscoped(reason="ledger and offers agree").filter(state=OfferState.OPEN)
    places = SupportPlace.objects.unscoped(reason="ledger and places agree").exclude(state="ended")
    asked = set(offers.values_list("ref", flat=True))
    helped = set(places.values_list("offer_id", flat=True))
    return [
        *(f"offer {ref} is open and holds nothing" for ref in sorted(asked - held)),
        *(f"hold {ref} is nobody's" for ref in sorted(held - asked)),
        *(f"place of offer {ref} takes nothing" for ref in sorted(helped - taken)),
        *(f"taken place {ref} is nobody's" for ref in sorted(taken - helped)),
    ]
