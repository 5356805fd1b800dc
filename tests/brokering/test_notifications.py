"""What is mailed: a fixed sentence, the reference, a link, the front door. To whom it concerns, once, and never about a child."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings

from brokering import offers, places, requests, triage
from brokering.models import DeclineReason, OfferState, PlaceState, RequestState, SecondCheck
from safekeeping.models import OutboxRow
from tests.factories import brokering as make
from tests.factories.brokering import AT, CHILD, CONTACT, DAY, HELP, HOUR, WISHES

pytestmark = pytest.mark.django_db


def mails():
    return [row.payload for row in OutboxRow.objects.filter(kind="mail").order_by("pk")]


def told(hat):
    from safekeeping.models import User

    address = User.objects.get(pk=hat.user_id).email
    return [mail["subject"].partition(": ")[2] for mail in mails() if address in mail["to"]]


def everything(here):
    """Let everything happen that anybody is told of."""
    canary = {
        "child": replace(CHILD, initials="QZX", school_name="CANARY-SCHOOL", case_reference="CANARY-CASE"),
        "wishes": replace(WISHES, wishes="CANARY-WISH"),
        "help": replace(HELP, safe_contact="CANARY-SAFE", goals=("CANARY-GOAL",)),
    }
    place = make.answered_yes(here, **canary)
    places.chase_contacts(place.contact_due_at)
    places.give_contact(
        place, replace(CONTACT, name_used="CANARY-NAME", parent_name="CANARY-PARENT"), by=here.dsl, at=AT + 2 * DAY
    )
    places.introduced(place, on=(AT + 7 * DAY).date(), by=here.worker, at=AT + 7 * DAY)
    places.start(place, on=(AT + 8 * DAY).date(), by=here.worker, at=AT + 8 * DAY)
    requests.write(place.request, "CANARY-MESSAGE", by=here.dsl, at=AT)
    requests.write(place.request, "CANARY-MESSAGE", by=here.coordinator, at=AT)
    requests.tell_change(place.request, "missing", by=here.dsl, at=AT)
    places.end(
        place, "planned_goals_met", next_step="CANARY-NEXT", family_told_on=AT.date(), by=here.manager, at=AT + 9 * DAY
    )
    requests.close(make.now(place.request), "support_complete", "CANARY-WORDS", by=here.coordinator, at=AT + 9 * DAY)
    for state in OfferState:
        offer = make.offer_in(state, here, **canary)
        if state == OfferState.OPEN:
            offers.ask(offer, "CANARY-QUESTION", by=here.manager, at=AT)
            offers.reply(offer, "CANARY-ANSWER", by=here.coordinator, at=AT)
            offers.take_back(offer, "better_fit", by=here.coordinator, at=AT)
    for state in (
        RequestState.NEEDS_INFORMATION, RequestState.PAUSED_STATUTORY, RequestState.WITHDRAWN,
        RequestState.REJECTED_REDIRECTED,
    ):  # fmt: skip
        make.request_in(state, here, **canary)
    triage.ask_second(
        make.sent(here, **canary), SecondCheck.What.NOT_SUITABLE, because="CANARY-BECAUSE", by=here.coordinator, at=AT
    )


def test_inv_p10_no_message_holds_anything_about_a_child(here):
    everything(here)
    sent = mails()
    assert len(sent) > 40
    child = ("CANARY", "QZX", "Knives", "knife", "Lawrence", "BS5", "14", "Mentoring", "suspended", "Umoja", "Demo Sec")
    for mail in sent:
        text = mail["subject"] + mail["text"].replace(settings.BASE_URL, "")
        without_ref = " ".join(word for word in text.split() if "SC-26" not in word and "/" not in word)
        assert not [word for word in child if word in without_ref], without_ref


def test_inv_s3_every_message_has_the_front_door_and_says_that_asking_is_not_telling(here):
    everything(here)
    for mail in mails():
        assert settings.CITY.front_door.telephone in mail["text"]
        assert "does not replace telling" in mail["text"]


def test_every_link_in_a_message_leads_somewhere(here):
    from django.urls import resolve

    everything(here)
    paths = {line.removeprefix(settings.BASE_URL) for mail in mails() for line in mail["text"].splitlines()
             if line.startswith(settings.BASE_URL)}  # fmt: skip
    assert len(paths) > 10
    for path in paths:
        assert resolve(path)


def test_a_new_request_is_told_to_the_coordinators_of_its_locality_only(here):
    make.sent(here)
    assert told(here.coordinator) == told(here.second) == ["A new request is waiting"]
    assert told(here.elsewhere) == told(here.manager) == []
    assert told(here.dsl) == ["We have your request"]


def test_once_somebody_owns_a_request_only_they_are_told(here):
    request = make.accepted(here)
    requests.write(request, "He likes football", by=here.dsl, at=AT)
    assert told(here.coordinator)[-1] == "You have a message"
    assert "You have a message" not in told(here.second)


def test_an_offer_is_told_to_the_managers_of_that_provider_only(here):
    make.offered(here)
    assert told(here.manager) == ["You have an offer to answer"]
    assert told(here.worker) == told(here.other_manager) == []


def test_whoever_will_meet_the_child_is_told_when_contact_details_come(here):
    make.place_in(PlaceState.ACCEPTED, here)
    assert told(here.worker) == ["Contact details are here"]


def test_the_same_event_is_told_once(here):
    from brokering import notifications

    offer = make.offered(here)
    assert notifications.offer_sent_to_provider(offer, at=AT) == 0
    offers.decline(offer, DeclineReason.AGE, by=here.manager, at=AT + HOUR)
    assert told(here.coordinator).count("An offer was answered") == 1


def test_what_did_not_happen_is_not_told(here):
    offer = make.offered(here)
    before = len(mails())
    with pytest.raises(offers.OfferNoLongerOpen):
        offers.accept(
            offer, worker_role="Mentor", first_meeting_on=offer.expires_at.date(), by=here.manager, at=offer.expires_at
        )
    assert len(mails()) == before
