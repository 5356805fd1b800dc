"""
What brokering tells people by e-mail: one function for each event and audience.

A message holds one fixed sentence, the public reference, a link and the front door's number. It never holds anything about
a child: whoever may read on signs in (INV-P10, INV-S3).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from brokering.models import Offer, PlacementRequest, RequestReader, SecondCheck, SupportPlace
from directory.models import Membership, Role
from safekeeping import front_door, outbox, screening
from safekeeping.models import User

# Where each audience reads on.
REQUESTER = "/requests/{ref}/"
CONTACT = "/requests/{ref}/contact/{place}/"
DESK = "/desk/requests/{ref}/"
OFFER = "/offers/{ref}/"
PLACE = "/offers/places/{ref}/"


def text_of(sentence: str, *, public_ref: str, path: str) -> str:
    """Return the whole of a message."""
    door = front_door.door()
    duty = screening.duty(front_door=door.short_name, telephone=door.telephone)
    return f"{sentence}\n\n{public_ref}\n{settings.BASE_URL}{path}\n\n{duty.title}. {duty.text}\n"


def tell(people: dict[int, str], sentence: str, *, event: str, public_ref: str, path: str, at: datetime) -> int:
    """Put one mail for each person into the outbox, once for each ``event``; return how many were new."""
    text = text_of(sentence, public_ref=public_ref, path=path)
    told = 0
    for person, address in sorted(people.items()):
        row = outbox.mail(
            key=f"{event}:{person}", to=address, subject=f"{public_ref}: {sentence.rstrip('.')}", text=text, at=at
        )
        told += row is not None
    return told


# --- who is told ---
def coordinators_of(request: PlacementRequest, *, at: datetime) -> dict[int, str]:
    """Return whoever the request belongs to; before that, everybody on duty for its locality."""
    current = Membership.objects.current(at.date()).filter(role=Role.COORDINATOR)
    if request.coordinator_id and (theirs := people_of(current.filter(user_id=request.coordinator_id))):
        return theirs
    near = Q(citywide=True)
    if request.locality_id:
        near |= Q(localities=request.locality_id)
    if request.restricted:
        near &= Q(user_id__in=readers_of(request))
    return people_of(current.filter(near))


def readers_of(request: PlacementRequest) -> list[int]:
    """Return who is named for a restricted request."""
    readers = RequestReader.objects.unscoped(reason="who of them may know of it").filter(request=request)
    return list(readers.values_list("person_id", flat=True))


def people_of(memberships: QuerySet[Membership]) -> dict[int, str]:
    """Return the people of these memberships, id to address."""
    return dict(memberships.values_list("user_id", "user__email").distinct())


def requester_of(request: PlacementRequest) -> dict[int, str]:
    """Return whoever asked, if their account is in use."""
    return dict(User.objects.filter(pk=request.requester_id, is_active=True).values_list("pk", "email"))


def managers_of(organization_id: UUID, *, at: datetime) -> dict[int, str]:
    """Return the managers of a provider."""
    return people_of(
        Membership.objects.current(at.date()).filter(role=Role.PROVIDER_ADMIN, organization_id=organization_id)
    )


def to_requester(request: PlacementRequest, sentence: str, *, event: str, at: datetime, path: str = REQUESTER) -> int:
    """Tell whoever asked."""
    return tell(
        requester_of(request), sentence, event=event, public_ref=str(request.public_ref),
        path=path.format(ref=request.ref), at=at,
    )  # fmt: skip


def to_coordinators(request: PlacementRequest, sentence: str, *, event: str, at: datetime) -> int:
    """Tell the coordinator, or those on duty."""
    return tell(
        coordinators_of(request, at=at), sentence, event=event, public_ref=str(request.public_ref),
        path=DESK.format(ref=request.ref), at=at,
    )  # fmt: skip


# --- a request ---
def request_sent_to_coordinators(request: PlacementRequest, *, at: datetime) -> int:
    """Say that something new waits at the desk."""
    return to_coordinators(request, "A new request is waiting.", event=f"request-sent:{request.ref}", at=at)


def request_sent_to_requester(request: PlacementRequest, *, at: datetime) -> int:
    """Say that it has arrived."""
    return to_requester(request, "We have your request.", event=f"request-received:{request.ref}", at=at)


def question_to_requester(request: PlacementRequest, decision: UUID, *, at: datetime) -> int:
    """Say that the coordinator has a question."""
    return to_requester(request, "The coordinator has a question.", event=f"question:{decision}", at=at)


def message_to_requester(request: PlacementRequest, message: UUID, *, at: datetime) -> int:
    """Say that the coordinator has written."""
    return to_requester(request, "You have a message.", event=f"message:{message}", at=at)


def message_to_coordinator(request: PlacementRequest, message: UUID, *, at: datetime) -> int:
    """Say that somebody has written to the desk."""
    return to_coordinators(request, "You have a message.", event=f"message:{message}", at=at)


def change_told_to_coordinator(request: PlacementRequest, *, at: datetime) -> int:
    """Say that something has changed and the safety questions are due again."""
    return to_coordinators(
        request, "Something has changed. Please read it now.", event=f"change:{request.ref}:{at.isoformat()}", at=at
    )


def request_decided_to_requester(request: PlacementRequest, decision: UUID, *, at: datetime) -> int:
    """Say that the coordinator has decided; what, they read after signing in."""
    return to_requester(request, "A coordinator has read your request.", event=f"decided:{decision}", at=at)


def request_over_to_requester(request: PlacementRequest, *, at: datetime) -> int:
    """Say that the request is closed."""
    return to_requester(request, "This request is closed.", event=f"request-over:{request.ref}", at=at)


def request_withdrawn_to_coordinator(request: PlacementRequest, *, at: datetime) -> int:
    """Say that it was taken back."""
    return to_coordinators(request, "This request was withdrawn.", event=f"request-withdrawn:{request.ref}", at=at)


# --- an offer ---
def offer_sent_to_provider(offer: Offer, *, at: datetime) -> int:
    """Say that there is an offer to answer."""
    return tell(
        managers_of(offer.organization_id, at=at), "You have an offer to answer.", event=f"offer:{offer.ref}",
        public_ref=str(offer.request.public_ref), path=OFFER.format(ref=offer.ref), at=at,
    )  # fmt: skip


def offer_sent_to_requester(offer: Offer, *, at: datetime) -> int:
    """Say that a provider has been asked."""
    return to_requester(offer.request, "A provider has been asked.", event=f"offer-sent:{offer.ref}", at=at)


def offer_withdrawn_to_provider(offer: Offer, *, at: datetime) -> int:
    """Say that they need not answer any more."""
    return tell(
        managers_of(offer.organization_id, at=at), "This offer was taken back.", event=f"offer-withdrawn:{offer.ref}",
        public_ref=str(offer.request.public_ref), path=OFFER.format(ref=offer.ref), at=at,
    )  # fmt: skip


def offer_accepted_to_coordinator(offer: Offer, *, at: datetime) -> int:
    """Say that the provider has said yes."""
    return to_coordinators(offer.request, "An offer was answered.", event=f"offer-answered:{offer.ref}", at=at)


def offer_declined_to_coordinator(offer: Offer, *, at: datetime) -> int:
    """Say that the provider has answered; what, they read at the desk."""
    return to_coordinators(offer.request, "An offer was answered.", event=f"offer-answered:{offer.ref}", at=at)


def offer_expired_to_coordinator(offer: Offer, *, at: datetime) -> int:
    """Say that nobody answered in time."""
    return to_coordinators(offer.request, "An offer has run out.", event=f"offer-expired:{offer.ref}", at=at)


def offer_expired_to_provider(offer: Offer, *, at: datetime) -> int:
    """Say that the time to answer is over."""
    return tell(
        managers_of(offer.organization_id, at=at), "An offer has run out.", event=f"offer-expired:{offer.ref}",
        public_ref=str(offer.request.public_ref), path=OFFER.format(ref=offer.ref), at=at,
    )  # fmt: skip


def question_from_provider(offer: Offer, message: UUID, *, at: datetime) -> int:
    """Say that a provider asks something before answering."""
    return to_coordinators(offer.request, "A provider has a question.", event=f"message:{message}", at=at)


def answer_to_provider(offer: Offer, message: UUID, *, at: datetime) -> int:
    """Say that the coordinator has replied."""
    return tell(
        managers_of(offer.organization_id, at=at), "You have a message.", event=f"message:{message}",
        public_ref=str(offer.request.public_ref), path=OFFER.format(ref=offer.ref), at=at,
    )  # fmt: skip


# --- a support place ---
def contact_asked_of_requester(place: SupportPlace, *, at: datetime) -> int:
    """Ask for contact details: a provider has said yes."""
    return tell(
        requester_of(place.request), "A provider has said yes. Please send contact details.",
        event=f"contact-asked:{place.ref}", public_ref=str(place.request.public_ref),
        path=CONTACT.format(ref=place.request_id, place=place.ref), at=at,
    )  # fmt: skip


def contact_late_to_requester(place: SupportPlace, *, at: datetime) -> int:
    """Remind whoever asked: the provider waits."""
    return to_requester(
        place.request, "The provider still waits for contact details.", event=f"contact-late:{place.ref}",
        path=CONTACT.format(ref=place.request_id, place=place.ref), at=at,
    )  # fmt: skip


def contact_late_to_coordinator(place: SupportPlace, *, at: datetime) -> int:
    """Say that contact details are late."""
    return to_coordinators(place.request, "Contact details are late.", event=f"contact-late:{place.ref}", at=at)


def contact_given_to_provider(place: SupportPlace, *, at: datetime) -> int:
    """Say that contact details can be read."""
    people = managers_of(place.organization_id, at=at)
    if place.worker_id:
        people |= dict(User.objects.filter(pk=place.worker_id, is_active=True).values_list("pk", "email"))
    return tell(
        people, "Contact details are here.", event=f"contact-given:{place.ref}:{at.isoformat()}",
        public_ref=str(place.request.public_ref), path=PLACE.format(ref=place.ref), at=at,
    )  # fmt: skip


def place_moved_to_requester(place: SupportPlace, *, at: datetime) -> int:
    """Say that there is news of the support."""
    return to_requester(place.request, "There is news of the support.", event=f"place:{place.ref}:{place.state}", at=at)


def place_ended_to_provider(place: SupportPlace, *, at: datetime) -> int:
    """Say that the place has ended from the other side."""
    return tell(
        managers_of(place.organization_id, at=at), "This support place has ended.", event=f"place-ended:{place.ref}",
        public_ref=str(place.request.public_ref), path=PLACE.format(ref=place.ref), at=at,
    )  # fmt: skip


def place_ended_to_coordinator(place: SupportPlace, *, at: datetime) -> int:
    """Say that a place has ended and somebody decides what comes next."""
    return to_coordinators(place.request, "A support place has ended.", event=f"place-ended:{place.ref}", at=at)


def second_check_to_coordinators(request: PlacementRequest, check: SecondCheck, *, at: datetime) -> int:
    """Ask the other coordinators on duty for their agreement."""
    current = Membership.objects.current(at.date()).filter(role=Role.COORDINATOR).exclude(user_id=check.asked_by_id)
    near = Q(citywide=True) | Q(localities=request.locality_id) if request.locality_id else Q(citywide=True)
    if request.restricted:
        near &= Q(user_id__in=readers_of(request))
    return tell(
        people_of(current.filter(near)), "A colleague asks you to look at a decision.",
        event=f"second-check:{check.ref}", public_ref=str(request.public_ref), path=DESK.format(ref=request.ref), at=at,
    )  # fmt: skip


# --- somebody who tries doors ---
def denials_to_privacy_officers(person: int, *, at: datetime) -> int:
    """Say, once an hour, that somebody keeps asking for what is not theirs; who, by number, and no more."""
    officers = Membership.objects.current(at.date()).filter(role=Role.IG_OFFICER)
    text = (
        f"Account number {person} has asked for at least five records within an hour that are not theirs. "
        "Each time they were told that there is nothing. The audit trail has the details (access.denied).\n"
    )
    told = 0
    for officer, address in sorted(people_of(officers).items()):
        row = outbox.mail(
            key=f"denied:{person}:{at:%Y%m%dT%H}:{officer}",
            to=address,
            subject="Somebody keeps asking for records that are not theirs",
            text=text,
            at=at,
        )
        told += row is not None
    return told
