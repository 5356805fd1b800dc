"""A support place from the first telephone call to its end; and the contact card, the one place where a child has a name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from brokering import assumptions, deadlines, lifecycle, notifications, restrictions, rights
from brokering.answers import MOST_CHARACTERS
from brokering.lifecycle import MoveNotAllowed
from brokering.models import (
    ContactCard,
    EndReason,
    Offer,
    OfferState,
    PlaceState,
    RequestState,
    SafeWay,
    SpeakFirst,
    SupportPlace,
)
from brokering.requests import REQUESTERS, AnswerRefused, finish, locked
from directory import capacity
from directory.models import Role
from safekeeping import audit

if TYPE_CHECKING:
    from safekeeping.policy import Hat

PROVIDERS = (Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER)
DIGITS_OF_A_NUMBER = (10, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """
    How to reach the child safely. ``safe_ways`` are codes of `SafeWay`: only what is ticked is done.

    ``must_not_be_told`` says, in a few words, whom nobody may tell.
    """

    name_used: str
    family_name: str = ""
    speak_first_to: str = ""
    parent_name: str = ""
    telephone: str = ""
    safe_ways: tuple[str, ...] = ()
    safe_times: str = ""
    must_not_be_told: str = ""


class TooLong(Exception):
    """The end lies beyond what the service gives; ``latest`` is the last day (INV-C8)."""

    def __init__(self, latest: date) -> None:
        super().__init__(latest.isoformat())
        self.latest = latest


def locked_place(place: SupportPlace) -> SupportPlace:
    """Return the row as it is now, locked until the transaction ends."""
    rows = SupportPlace.objects.unscoped(reason="the row of this deed").select_for_update()
    return rows.get(pk=place.pk)


@transaction.atomic
def give_contact(place: SupportPlace, contact: Contact, *, by: Hat, at: datetime) -> None:
    """
    Fill in the contact card, or correct it; from then on the provider can read it, and has two working days to ring.

    :raises AnswerRefused: if something is missing or cannot be right
    :raises MoveNotAllowed: if the place has ended
    """
    rights.need(place, by, *REQUESTERS)
    if errors := contact_errors(contact):
        raise AnswerRefused(errors)
    row = locked(place.request)
    now = locked_place(place)
    if now.state == PlaceState.ENDED:
        raise MoveNotAllowed(now.state, PlaceState.ACCEPTED)
    card = ContactCard.objects.unscoped(reason="one card for each place").filter(place=now).first()
    card = card or ContactCard(place=now)
    card.name_used = contact.name_used.strip()
    card.family_name = contact.family_name.strip()
    card.speak_first_to = contact.speak_first_to
    card.parent_name = contact.parent_name.strip()
    card.telephone = contact.telephone.strip()
    card.safe_ways = json.dumps(sorted(contact.safe_ways))
    card.safe_times = contact.safe_times.strip()
    card.must_not_be_told = contact.must_not_be_told.strip()
    card.given_by_id, card.given_at = by.user_id, at
    card.save()
    if now.state == PlaceState.AWAITING_CONTACT:
        lifecycle.move(now, PlaceState.ACCEPTED, by=by, at=at, reason="contact_given", ring_by_at=deadlines.ring(at))
        lifecycle.follow(row, otherwise=RequestState.CLOSING, by=by, at=at, due_at=now.introduce_by_at)
    notifications.contact_given_to_provider(now, at=at)
    audit.record(
        "contact-card.write", by=by, at=at, subject="place", ref=now.ref,
        fields=["name_used", "family_name", "parent_name", "telephone", "safe_ways"],
    )  # fmt: skip
    refresh(place, now)


def contact_errors(contact: Contact) -> dict[str, str]:
    """Return what cannot be kept of a contact card."""
    errors = {}
    if not contact.name_used.strip():
        errors["name_used"] = "Enter the name they use"
    if contact.speak_first_to not in SpeakFirst.values:
        errors["speak_first_to"] = "Choose who they should speak to first"
    if contact.speak_first_to == SpeakFirst.PARENT and not contact.parent_name.strip():
        errors["parent_name"] = "Enter the name of the parent or carer"
    ways = set(contact.safe_ways)
    if not ways or not ways <= set(SafeWay.values) or (SafeWay.NONE in ways and len(ways) > 1):
        errors["safe_ways"] = "Choose what is safe, or “none of these”"
    digits = re.sub(r"[^\d]", "", contact.telephone.replace("+44", "0"))
    if contact.telephone.strip() and len(digits) not in DIGITS_OF_A_NUMBER:
        errors["telephone"] = "Enter all 11 digits of the phone number"
    elif not contact.telephone.strip() and ways - {SafeWay.NONE}:
        errors["telephone"] = "Enter the phone number"
    for name in ("name_used", "family_name", "parent_name", "telephone", "safe_times", "must_not_be_told"):
        if len(getattr(contact, name)) > 120:
            errors[name] = "Use 120 characters or fewer"
    return errors


def refresh(place: SupportPlace, now: SupportPlace) -> None:
    """Let the caller's instance be what the database now holds."""
    place.__dict__.update({name: value for name, value in now.__dict__.items() if name != "_state"})


@transaction.atomic
def introduced(place: SupportPlace, *, on: date, by: Hat, at: datetime) -> None:
    """
    Record that they have met.

    :raises AnswerRefused: if the day lies ahead, or before the provider said yes
    :raises MoveNotAllowed: if contact details are missing, or they have met already
    """
    rights.need(place, by, *PROVIDERS)
    if not deadlines.day_of(place.accepted_at) <= on <= deadlines.day_of(at):
        raise AnswerRefused({"on": "Enter the day when they met: today or earlier"})
    now = locked_place(place)
    lifecycle.move(now, PlaceState.INTRODUCED, by=by, at=at, introduced_on=on)
    notifications.place_moved_to_requester(now, at=at)
    audit.record("place.introduced", by=by, at=at, subject="place", ref=now.ref)
    refresh(place, now)


@transaction.atomic
def start(place: SupportPlace, *, on: date, planned_end_on: date | None = None, by: Hat, at: datetime) -> None:
    """
    Record that support has begun, and until when it is planned: the service's longest duration unless said.

    :raises AnswerRefused: if the days are in the wrong order
    :raises TooLong: if the end is later than the service gives
    :raises MoveNotAllowed: if they have not met, or it has begun already
    """
    rights.need(place, by, *PROVIDERS)
    if (place.introduced_on and on < place.introduced_on) or on > deadlines.day_of(at):
        raise AnswerRefused({"on": "Enter the day when it began: after they met, today or earlier"})
    latest = months_later(on, place.service.duration_max_months or assumptions.MOST_MONTHS.number)
    end_on = planned_end_on or latest
    if end_on < on:
        raise AnswerRefused({"planned_end_on": "The end must be after the start"})
    if end_on > latest:
        raise TooLong(latest)
    row = locked(place.request)
    now = locked_place(place)
    lifecycle.move(now, PlaceState.ACTIVE, by=by, at=at, started_on=on, planned_end_on=end_on)
    lifecycle.follow(row, otherwise=RequestState.CLOSING, by=by, at=at, due_at=deadlines.review(at))
    notifications.place_moved_to_requester(now, at=at)
    audit.record("place.start", by=by, at=at, subject="place", ref=now.ref)
    refresh(place, now)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months on, the month's last where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


@transaction.atomic
def end(
    place: SupportPlace,
    reason: EndReason,
    *,
    next_step: str,
    family_told_on: date | None,
    by: Hat,
    at: datetime,
) -> None:
    """
    End a place: the reason says whether it was planned, the place is free at once, and a coordinator decides what comes next.

    The provider ends it; a coordinator may, where the provider cannot be reached or the child has moved away. The other
    sides are told by this, by reference; the family by a person: ``family_told_on``. After a child's death no message goes out
    and only named people see the request (E35).

    :raises AnswerRefused: if next step or the day on which the family was told is missing
    :raises MoveNotAllowed: if it has ended already
    """
    rights.need(place, by, *PROVIDERS, Role.COORDINATOR)
    reason = EndReason(reason)
    died = reason == EndReason.DIED
    errors = {}
    if not next_step.strip():
        errors["next_step"] = "Say what comes next"
    elif len(next_step) > MOST_CHARACTERS:
        errors["next_step"] = f"Use {MOST_CHARACTERS} characters or fewer"
    if family_told_on is None and not died:
        errors["family_told_on"] = "Enter when the family was told"
    elif family_told_on and family_told_on > deadlines.day_of(at):
        errors["family_told_on"] = "This must be today or earlier"
    if errors:
        raise AnswerRefused(errors)
    others = open_offers(place) if died else []
    held = [(place.offer.pool_id, place.offer_id, capacity.vacate)]
    held += [(offer.pool_id, offer.ref, capacity.release) for offer in others]
    try:
        for _, reference, free in sorted(held, key=lambda one: str(one[0])):  # pools first, by id, as everywhere
            free(reference, by=by, at=at)
    except capacity.HoldEnded:
        raise MoveNotAllowed(place.state, PlaceState.ENDED, now=PlaceState.ENDED) from None
    for offer in others:
        lifecycle.move(
            offer, OfferState.WITHDRAWN, by=by, at=at, reason="request_withdrawn", ended_at=at,
            withdrawn_because="circumstances_changed",
        )  # fmt: skip
    row = locked(place.request)
    now = locked_place(place)
    finish(now, reason=reason, next_step=next_step, family_told_on=family_told_on, by=by, at=at)
    lifecycle.follow(row, otherwise=RequestState.CLOSING, by=by, at=at, due_at=deadlines.close(at))
    if died:
        people = {one for one in (row.coordinator_id, row.requester_id) if one}
        if by.role == Role.COORDINATOR:
            people.add(by.user_id)
        restrictions.narrow(row, people=people, because=reason.label, by=by, at=at)
    else:
        tell_of_end(now, by=by, at=at)
    audit.record("place.end", by=by, at=at, subject="place", ref=now.ref, reason=reason)
    refresh(place, now)


def tell_of_end(place: SupportPlace, *, by: Hat, at: datetime) -> None:
    """Tell whoever did not do it: the requester, and of provider and coordinator the other side."""
    notifications.place_moved_to_requester(place, at=at)
    if by.role == Role.COORDINATOR:
        notifications.place_ended_to_provider(place, at=at)
    if place.request.coordinator_id != by.user_id:
        notifications.place_ended_to_coordinator(place, at=at)


def open_offers(place: SupportPlace) -> list[Offer]:
    """Return whatever else is held for the child."""
    offers = Offer.objects.unscoped(reason="what is held for the request")
    return list(offers.filter(request_id=place.request_id, state=OfferState.OPEN))


# --- by the clock ---
def chase_contacts(at: datetime) -> int:
    """Remind whoever asked of contact details that are due, and tell coordinators, once each; nothing is released by itself."""
    late = SupportPlace.objects.unscoped(reason="contact details that are late").filter(
        state=PlaceState.AWAITING_CONTACT, contact_due_at__lte=at, contact_chased_at__isnull=True
    )
    done = 0
    for place in late.select_related("request"):
        with transaction.atomic():
            mine = SupportPlace.objects.unscoped(reason="contact details that are late").filter(
                pk=place.pk, contact_chased_at__isnull=True
            )
            if mine.update(contact_chased_at=at):
                notifications.contact_late_to_requester(place, at=at)
                notifications.contact_late_to_coordinator(place, at=at)
                done += 1
    return done


def forget_contacts(at: datetime) -> int:
    """Delete the cards of places that ended ten working days ago; return how many places were closed (INV-P3)."""
    over = SupportPlace.objects.unscoped(reason="names whose time is over").filter(
        state=PlaceState.ENDED, readable=True, readable_until_at__lte=at
    )
    done = 0
    for place in over:
        with transaction.atomic():
            rows = SupportPlace.objects.unscoped(reason="names whose time is over").filter(pk=place.pk, readable=True)
            if rows.update(readable=False):
                ContactCard.objects.unscoped(reason="names whose time is over").filter(place=place).delete()
                audit.record("contact-card.delete", by=None, at=at, subject="place", ref=place.ref)
                done += 1
    return done
