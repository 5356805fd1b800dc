"""
Requests, offers and places in any state, made through the real verbs: `request_in(state)`, `offer_in(state)`, `place_in(state)`.

`world()` makes whom that takes: a school that asks, coordinators, two providers with places. Everything is told by its
hats; what a state needs is done by whoever does it in life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from brokering import offers, places, requests, triage
from brokering.answers import AboutChild, Agreement, Help, Preferences, Wishes
from brokering.models import (
    DeclineReason,
    EndReason,
    Offer,
    OfferState,
    PlacementRequest,
    PlaceState,
    RequestState,
    SecondCheck,
    SupportPlace,
    TriageOutcome,
)
from directory.hats import hats_of
from directory.models import CapacityPool, Membership, Organization, Role, Service
from safekeeping.models import User
from safekeeping.policy import Hat
from safekeeping.screening import NO, YES, Answers
from tests.factories import directory as make

AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
POSTCODE = "BS5 0AA"  # in Lawrence Hill, East Central
number = count(1)

SAFE = Answers(
    danger_now=NO, harm=NO, social_worker=NO, adult_works_with_children=NO, trafficking=NO,
)  # fmt: skip
IN_DANGER = replace(SAFE, danger_now=YES)
CHILD = AboutChild(
    initials="KO",
    date_of_birth=date(2012, 9, 3),
    sex="male",
    school_name="Demo Secondary B",
    statutory_status="none",
    harm_types=("knife_weapon", "missing_education"),
    primary_harm="knife_weapon",
    primary_context="neighbourhood_public_space",
    risk_level="high",
    risk_source="professional_judgement",
    risk_on=date(2026, 11, 10),
    risk_set_by_role="Social worker",
    critical_moment="exclusion_or_suspension",
    level_of_need="L3_targeted_family_help",
    route="school_college",
    lead_professional_role="Safeguarding lead",
    lead_professional_contact="0117 496 0101",
)
WISHES = Wishes(
    wishes="Someone from round here, who gets it. Not in school.",
    preferences=Preferences(good_times=("weekday_after_school", "saturday"), settings_unwanted=("school",)),
)
HELP = Help(wanted=("community_mentoring",), goals=("Back in lessons and staying there",))
AGREEMENT = Agreement(
    lawful_basis="public_task",
    special_condition="substantial_public_interest_safeguarding",
    notice="family_told",
    participation="both_agreed",
    participation_on=date(2026, 11, 12),
    participation_method="in_person",
)
CONTACT = places.Contact(
    name_used="Kofi",
    family_name="Mensah",
    speak_first_to="parent_carer",
    parent_name="Ama",
    telephone="0117 496 0123",
    safe_ways=("ring",),
    safe_times="Weekdays after six",
)


def hat(organization: Organization, role: str, *, localities: tuple[str, ...] = (), citywide: bool = False) -> Hat:
    """Make somebody with one hat, and return it."""
    one = next(number)
    user = User.objects.create_user(email=f"person{one}@example.example", name=f"Person {one}")
    member = Membership.objects.create(
        user=user, organization=organization, role=role, citywide=citywide, from_on=date(2026, 1, 1),
        job_title="Safeguarding lead",
    )  # fmt: skip
    member.localities.set(localities)
    return hats_of(user, AT.date())[0]


def provider(name: str = "", **fields: Any) -> Organization:
    """Make an organization that may be offered to: with an information-sharing agreement in force."""
    made = make.organization(name, **fields)
    standing = made.standing
    standing.information_sharing_agreed_on = date(2026, 1, 1)
    standing.information_sharing_expires_on = date(2027, 12, 31)
    standing.save()
    return made


@dataclass
class World:
    """Everybody that a request meets. ``mentoring`` fits best and has three places, ``music`` has two."""

    school: Organization
    council: Organization
    umoja: Organization
    verse: Organization
    dsl: Hat
    colleague: Hat
    coordinator: Hat
    second: Hat
    elsewhere: Hat
    manager: Hat
    worker: Hat
    other_manager: Hat
    mentoring: Service
    music: Service
    pool: CapacityPool
    music_pool: CapacityPool
    at: datetime = AT
    extra: dict[str, Any] = field(default_factory=dict)


def world() -> World:
    """Make everybody, the city's places and two services that fit."""
    make.places()
    for taxonomy, code, words in (
        ("harm_type", "knife_weapon", "Knives or weapons"),
        ("service_type", "community_mentoring", "Mentoring"),
    ):
        make.term(taxonomy, code, words)
    school, council = make.organization("Demo Secondary B"), make.organization("Demo Council")
    umoja, verse = provider("Umoja Path"), provider("Second Verse")
    mentoring = make.service("Umoja mentoring", by=umoja, harms=["knife_weapon"], travels_to_child=True)
    music = make.service("Music mentors", by=verse, harms=["knife_weapon"], serves=["east_central"])
    return World(
        school=school,
        council=council,
        umoja=umoja,
        verse=verse,
        dsl=hat(school, Role.SCHOOL_DSL),
        colleague=hat(school, Role.SCHOOL_DSL),
        coordinator=hat(council, Role.COORDINATOR, localities=("east_central",)),
        second=hat(council, Role.COORDINATOR, localities=("east_central", "north")),
        elsewhere=hat(council, Role.COORDINATOR, localities=("south",)),
        manager=hat(umoja, Role.PROVIDER_ADMIN),
        worker=hat(umoja, Role.PROVIDER_WORKER),
        other_manager=hat(verse, Role.PROVIDER_ADMIN),
        mentoring=mentoring,
        music=music,
        pool=make.pool(mentoring, free=3),
        music_pool=make.pool(music, free=2),
    )


def draft(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """
    Begin a draft and answer everything; it could be sent.

    :param changes: ``child``, ``wishes``, ``help``, ``agreement``, ``answers``, ``postcode`` and ``by`` instead of the usual ones
    """
    by = changes.get("by", here.dsl)
    request = requests.begin(by=by, at=at)
    answers = changes.get("answers", SAFE)
    requests.answer_screen(request, answers, postcode=changes.get("postcode", POSTCODE), by=by, at=at)
    requests.tell_child(request, changes.get("child", CHILD), by=by, at=at)
    requests.tell_wishes(request, changes.get("wishes", WISHES), by=by, at=at)
    requests.tell_help(request, changes.get("help", HELP), by=by, at=at)
    requests.tell_agreement(request, changes.get("agreement", AGREEMENT), by=by, at=at)
    return request


def sent(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Send a request."""
    request = draft(here, at=at, **changes)
    requests.submit(request, by=changes.get("by", here.dsl), at=at)
    return request


def accepted(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Send a request and have it accepted: a place is looked for."""
    request = sent(here, at=at, **changes)
    triage.accept(request, rationale="Suits a mentor", by=here.coordinator, at=at)
    return request


def offered(here: World, *, at: datetime = AT, service: Service | None = None, **changes: Any) -> Offer:
    """Send a request, have it accepted and offered."""
    request = accepted(here, at=at, **changes)
    return offers.make(request, (service or here.mentoring).pk, because="They asked for it", by=here.coordinator, at=at)


def answered_yes(here: World, *, at: datetime = AT, **changes: Any) -> SupportPlace:
    """Go as far as a provider's yes."""
    offer = offered(here, at=at, **changes)
    return offers.accept(
        offer, worker_role="Mentor", first_meeting_on=(at + 7 * DAY).date(), worker=here.worker.membership_id,
        by=here.manager, at=at + HOUR,
    )  # fmt: skip


def blocked(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Answer everything, then say that the child is in danger."""
    request = draft(here, at=at, **changes)
    requests.answer_screen(request, IN_DANGER, by=here.dsl, at=at + timedelta(seconds=1))
    return request


def asked(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Send a request and have a question come back."""
    request = sent(here, at=at, **changes)
    triage.ask(request, question="What would he like?", by=here.coordinator, at=at)
    return request


def paused(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Send a request and have the front door told."""
    request = sent(here, at=at, **changes)
    triage.escalate(request, told_at=at, told_by_role="Coordinator", rationale="Same day", by=here.coordinator, at=at)
    return request


def closed(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Go all the way."""
    request = place_in(PlaceState.ENDED, here, at=at, **changes).request
    requests.close(request, "support_complete", by=here.coordinator, at=at + 100 * DAY)
    return request


def withdrawn(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Send a request and take it back."""
    request = sent(here, at=at, **changes)
    requests.withdraw(request, "no_longer_wanted", by=here.dsl, at=at)
    return request


def redirected(here: World, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Send a request and have two coordinators agree that it is not for us."""
    request = sent(here, at=at, **changes)
    check = triage.ask_second(request, SecondCheck.What.NOT_SUITABLE, because="Not ours", by=here.coordinator, at=at)
    triage.agree(check, by=here.second, at=at)
    triage.redirect(
        request, TriageOutcome.NOT_SUITABLE, rationale="Not ours", alternative="The youth club in Easton",
        by=here.coordinator, at=at,
    )  # fmt: skip
    return request


REQUESTS: dict[RequestState, Callable[..., PlacementRequest]] = {
    RequestState.DRAFT: draft,
    RequestState.SCREEN_BLOCKED: blocked,
    RequestState.TRIAGE: sent,
    RequestState.NEEDS_INFORMATION: asked,
    RequestState.PAUSED_STATUTORY: paused,
    RequestState.MATCHING: accepted,
    RequestState.OFFERED: lambda here, **more: offered(here, **more).request,
    RequestState.ALLOCATED: lambda here, **more: answered_yes(here, **more).request,
    RequestState.IN_SUPPORT: lambda here, **more: place_in(PlaceState.ACTIVE, here, **more).request,
    RequestState.CLOSING: lambda here, **more: place_in(PlaceState.ENDED, here, **more).request,
    RequestState.CLOSED: closed,
    RequestState.WITHDRAWN: withdrawn,
    RequestState.REJECTED_REDIRECTED: redirected,
}


def request_in(state: str, here: World | None = None, *, at: datetime = AT, **changes: Any) -> PlacementRequest:
    """Make a request in that state, through the real verbs."""
    return now(REQUESTS[RequestState(state)](here or world(), at=at, **changes))


def offer_in(state: str, here: World | None = None, *, at: datetime = AT, **changes: Any) -> Offer:
    """Make an offer in that state, through the real verbs."""
    here = here or world()
    offer = offered(here, at=at, **changes)
    match OfferState(state):
        case OfferState.ACCEPTED:
            offers.accept(
                offer, worker_role="Mentor", first_meeting_on=(at + DAY).date(), by=here.manager, at=at + HOUR
            )
        case OfferState.DECLINED_BY_PROVIDER:
            offers.decline(offer, DeclineReason.NO_CAPACITY, by=here.manager, at=at + HOUR)
        case OfferState.EXPIRED:
            offers.expire_due(offer.expires_at)
        case OfferState.WITHDRAWN:
            offers.take_back(offer, "better_fit", by=here.coordinator, at=at + HOUR)
    return now(offer)


def place_in(state: str, here: World | None = None, *, at: datetime = AT, **changes: Any) -> SupportPlace:
    """Make a support place in that state, through the real verbs."""
    here = here or world()
    way = list(PlaceState)
    place = answered_yes(here, at=at, **changes)
    far = way.index(PlaceState(state))
    if far >= way.index(PlaceState.ACCEPTED):
        places.give_contact(place, CONTACT, by=changes.get("by", here.dsl), at=at + 2 * HOUR)
    if far >= way.index(PlaceState.INTRODUCED):
        places.introduced(place, on=(at + 7 * DAY).date(), by=here.worker, at=at + 7 * DAY)
    if far >= way.index(PlaceState.ACTIVE):
        places.start(place, on=(at + 8 * DAY).date(), by=here.worker, at=at + 8 * DAY)
    if far >= way.index(PlaceState.ENDED):
        places.end(
            place, EndReason.GOALS_MET, next_step="The football club", family_told_on=(at + 90 * DAY).date(),
            by=here.manager, at=at + 90 * DAY,
        )  # fmt: skip
    return now(place)


def now(row: Any) -> Any:
    """Return the row as it is in the database."""
    return type(row).objects.unscoped(reason="a test looks at the row itself").get(pk=row.pk)
