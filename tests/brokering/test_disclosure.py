"""Each reader's part and no more; no trail, no data."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brokering import disclosure, offers, requests, rights
from brokering.answers import AboutChild, Avoid, Help, RoughHome, Wishes
from brokering.models import DeclineReason, OfferState, PlacementRequest, PlaceState, RequestState
from safekeeping import audit
from safekeeping.models import AuditEvent
from tests.factories import brokering as make
from tests.factories.brokering import AT, CHILD, CONTACT, DAY, HELP, HOUR, WISHES

pytestmark = pytest.mark.django_db
SECRET = {
    "initials": "QZX",
    "school": "CANARY-SCHOOL",
    "case": "CANARY-CASE",
    "safe": "CANARY-SAFE",
    "tried": "CANARY-TRIED",
    "sector": "BS5 0",
    "ward": "Lawrence Hill",
    "birth": "2012",
}


def canary(here, **changes):
    return make.offered(
        here,
        child=replace(CHILD, initials="QZX", school_name="CANARY-SCHOOL", case_reference="CANARY-CASE"),
        help=replace(
            HELP, safe_contact="CANARY-SAFE", tried_already="CANARY-TRIED",
            avoid=(Avoid(ward="E05010892", because="threat"),),
        ),
        **changes,
    )  # fmt: skip


def test_inv_p4_a_provider_reads_a_profile_and_nothing_that_says_who(here):
    view = disclosure.offer(canary(here).pk, by=here.manager, at=AT)
    told = repr(view)
    assert not [value for value in SECRET.values() if value in told]
    assert view.profile.age_band == "13 to 15"
    assert view.profile.area == "East Central"
    assert view.profile.headline == "Knives or weapons, suspended: mentoring"
    assert view.profile.wishes == WISHES.wishes
    assert [field.name for field in dataclasses.fields(view.profile)] == [
        "headline", "age_band", "area", "harms", "risk", "risk_set_by", "risk_set_on", "wishes",
        "wishes_not_asked_because", "good_times", "good_times_note", "access_needs", "goals",
    ]  # fmt: skip


@pytest.mark.parametrize("state", [OfferState.DECLINED_BY_PROVIDER, OfferState.EXPIRED, OfferState.WITHDRAWN])
def test_inv_p4_after_a_no_or_none_only_the_reference_is_left(here, state):
    offer = make.offer_in(state, here)
    with pytest.raises(disclosure.NoLongerReadable) as over:
        disclosure.offer(offer.pk, by=here.manager, at=AT + 3 * DAY)
    (line,) = disclosure.offers_of(by=here.manager, at=AT + 3 * DAY)
    for told in (over.value.line, line):
        assert told.public_ref == offer.request.public_ref
        assert (told.age_band, told.area, told.headline, told.wishes, told.place) == ("", "", "", "", None)


def test_time_closes_an_offer_before_any_job_does(here):
    offer = make.offered(here)
    with pytest.raises(disclosure.NoLongerReadable):
        disclosure.offer(offer.pk, by=here.manager, at=offer.expires_at)
    (line,) = disclosure.offers_of(by=here.manager, at=offer.expires_at)
    assert (line.state, line.wishes) == (OfferState.EXPIRED, "")


def test_an_accepted_offer_is_read_on_its_place(here):
    place = make.answered_yes(here)
    with pytest.raises(disclosure.NoLongerReadable):
        disclosure.offer(place.offer_id, by=here.manager, at=AT + DAY)
    view = disclosure.place(place.pk, by=here.worker, at=AT + DAY)
    assert view.profile.age_band == "13 to 15"
    assert not view.has_card


def test_once_a_place_is_forgotten_its_profile_is_too(here):
    place = make.place_in(PlaceState.ENDED, here)
    view = disclosure.place(place.pk, by=here.manager, at=place.readable_until_at)
    assert (view.profile, view.note, view.has_card) == (None, "", False)


def test_a_coordinator_reads_initials_only_on_asking_and_that_is_on_record(here):
    offer = canary(here)
    view = disclosure.case(offer.request_id, by=here.coordinator, at=AT)
    assert (view.initials, view.school_name, view.revealed) == ("", "", False)
    assert "QZX" not in repr(view)
    assert not AuditEvent.objects.filter(action="request.reveal").exists()
    assert disclosure.case(offer.request_id, reveal=True, by=here.coordinator, at=AT).initials == "QZX"
    assert AuditEvent.objects.get(action="request.reveal").fields == "initials,school_name"


def test_a_coordinator_never_reads_a_date_of_birth_or_a_name(here):
    place = make.place_in(PlaceState.ACTIVE, here)
    told = repr(disclosure.case(place.request_id, reveal=True, by=here.coordinator, at=AT + 10 * DAY))
    assert "2012-09-03" not in told
    assert CONTACT.name_used not in told
    assert CONTACT.telephone not in told


@pytest.mark.parametrize("who", ["dsl", "manager", "worker", "elsewhere"])
def test_the_desk_is_the_coordinators(here, who):
    request = make.accepted(here)
    hat = getattr(here, who)
    with pytest.raises(rights.NotYours):
        disclosure.case(request.pk, by=hat, at=AT)
    with pytest.raises(rights.NotYours):
        disclosure.shortlist(request.pk, by=hat, at=AT)
    if who != "elsewhere":
        with pytest.raises(rights.NotYours):
            disclosure.desk(by=hat, at=AT)


def test_e36_why_a_service_is_out_is_not_told_to_whoever_asked(here):
    request = make.accepted(here, help=replace(HELP, avoid=(Avoid(ward="E05010907", because="threat"),)))
    told = repr(disclosure.status(request.pk, by=here.dsl, at=AT))
    assert "safe place" not in told


def test_no_trail_no_data(here, monkeypatch):
    request = make.accepted(here)

    def fails(*args, **kwargs):
        raise audit.AuditFailed

    monkeypatch.setattr(audit, "record_each", fails)
    for read in (
        lambda: disclosure.case(request.pk, by=here.coordinator, at=AT),
        lambda: disclosure.desk(by=here.coordinator, at=AT),
        lambda: disclosure.shortlist(request.pk, by=here.coordinator, at=AT),
        lambda: disclosure.requests_of(by=here.dsl, at=AT),
        lambda: disclosure.status(request.pk, by=here.dsl, at=AT),
        lambda: disclosure.answered(request.pk, by=here.dsl, at=AT),
    ):
        with pytest.raises(audit.AuditFailed):
            read()


def test_the_desk_shows_what_is_late_first_and_counts_it(here):
    late = make.sent(here, at=AT - 3 * DAY)
    soon = make.accepted(here)
    board = disclosure.desk(by=here.coordinator, at=AT)
    assert [line.ref for line in board.lines] == [late.pk, soon.pk]
    assert (board.late, board.looking) == (1, 1)
    assert board.lines[0].late
    assert board.lines[0].age == 14
    assert board.lines[1].worry == "Knives or weapons, suspended"
    assert board.lines[1].wanted == "Mentoring"
    assert AuditEvent.objects.filter(action="request.desk").count() == 2


def test_the_desk_is_filtered(here):
    make.sent(here)
    wanted = make.accepted(here)
    text = disclosure.DeskFilter(text=wanted.short_ref.lower())
    assert [line.ref for line in disclosure.desk(text, by=here.coordinator, at=AT).lines] == [wanted.pk]
    state = disclosure.DeskFilter(states=frozenset({RequestState.TRIAGE}))
    assert len(disclosure.desk(state, by=here.coordinator, at=AT).lines) == 1


def test_the_shortlist_says_for_and_against_and_what_is_free_now(here):
    request = make.accepted(here)
    found = disclosure.shortlist(request.pk, by=here.coordinator, at=AT).found
    assert [fit.name for fit in found.fits] == ["Umoja mentoring", "Music mentors"]
    assert found.fits[0].availability.free == 3
    offers.make(request, here.mentoring.pk, by=here.coordinator, at=AT)
    again = disclosure.shortlist(request.pk, by=here.coordinator, at=AT).found
    assert again.fits[0].availability.free == 2


def test_e32_a_second_request_for_the_same_child_is_shown_to_the_coordinator_only(here):
    first, second = make.sent(here), make.sent(here)
    assert disclosure.case(second.pk, by=here.coordinator, at=AT).duplicates == (first.public_ref,)
    assert first.public_ref not in repr(disclosure.status(second.pk, by=here.dsl, at=AT))


def test_e32_a_second_request_is_found_too_where_one_of_them_has_no_postcode(here):
    first, rough = make.sent(here), make.draft(here)
    home = RoughHome(because="moving", area="locality:east_central")
    requests.answer_screen(rough, make.SAFE, rough=home, by=here.dsl, at=AT + HOUR)
    requests.submit(rough, by=here.dsl, at=AT + HOUR)
    assert disclosure.case(rough.pk, by=here.coordinator, at=AT + HOUR).duplicates == (first.public_ref,)
    assert disclosure.case(first.pk, by=here.coordinator, at=AT + HOUR).duplicates == (rough.public_ref,)
    elsewhere = make.sent(here, postcode="BS1 1AD", by=here.dsl)
    assert elsewhere.public_ref not in disclosure.case(first.pk, by=here.coordinator, at=AT + HOUR).duplicates


def test_a_page_opens_and_records_only_the_sections_that_it_shows(here):
    request = make.draft(here)
    view = disclosure.answered(request.pk, sections=["wishes"], by=here.dsl, at=AT)
    assert view.wishes == WISHES
    assert (view.child, view.help, view.age, view.lives_in) == (AboutChild(), Help(), None, "")
    assert [one.fields for one in AuditEvent.objects.filter(action="request.read-answers")] == ["wishes"]
    none = disclosure.answered(request.pk, sections=[], by=here.dsl, at=AT)
    assert none.wishes == Wishes() and none.begun == {"screen", "child", "wishes", "help", "agreement"}
    assert AuditEvent.objects.filter(action="request.read-answers", fields="progress").count() == 1


def test_whoever_asked_reads_their_answers_back(here):
    request = make.draft(here)
    view = disclosure.answered(request.pk, by=here.dsl, at=AT)
    assert view.child == CHILD
    assert view.wishes == WISHES
    assert view.help == HELP
    assert view.missing == ()
    assert view.lives_in == "Lawrence Hill, BS5 0"
    assert view.age == 14


def test_status_says_who_is_asked_and_what_is_wanted_next(here):
    offer = make.offered(here)
    view = disclosure.status(offer.request_id, by=here.colleague, at=AT)
    assert [one.organization for one in view.asked] == ["Umoja Path"]
    assert view.asked[0].answer_by == offer.expires_at
    offers.decline(offer, DeclineReason.RISK_TOO_HIGH, by=here.manager, at=AT)
    after = disclosure.status(offer.request_id, by=here.dsl, at=AT)
    assert after.asked == ()
    assert "Risk too high" not in repr(after)


def test_a_question_is_read_by_whoever_has_to_answer_it(here):
    request = make.request_in(RequestState.NEEDS_INFORMATION, here)
    view = disclosure.status(request.pk, by=here.dsl, at=AT)
    assert view.question == "What would he like?"
    requests.answer_question(request, "Football", by=here.dsl, at=AT + HOUR)
    assert disclosure.status(request.pk, by=here.dsl, at=AT + HOUR).question == ""


def test_e27_what_is_not_safe_is_on_the_card(here):
    place = make.answered_yes(here)
    from brokering import places

    places.give_contact(
        place, replace(CONTACT, must_not_be_told="His stepfather", safe_ways=("text",)), by=here.dsl, at=AT
    )
    card = disclosure.contact_card(place.pk, by=here.worker, at=AT + DAY)
    first = [field.name for field in dataclasses.fields(card)][1:4]
    assert first == ["must_not_be_told", "safe_ways", "unsafe_ways"]
    assert card.unsafe_ways == ("Ring", "Leave a message")


def test_before_giving_a_name_one_reads_who_will_see_it(here):
    place = make.answered_yes(here)
    wanted = disclosure.contact_wanted(place.request_id, place=place.pk, by=here.dsl, at=AT)
    assert {name for name, _ in wanted.readers} == {
        here.manager.person, here.worker.person, here.coordinator.person,
    }  # fmt: skip


def test_a_message_about_an_offer_stays_between_provider_and_coordinator(here):
    offer = make.offered(here)
    offers.ask(offer, "Does he have a bus pass?", by=here.manager, at=AT)
    offers.reply(offer, "Yes", by=here.coordinator, at=AT + HOUR)
    assert [one.text for one in disclosure.offer(offer.pk, by=here.manager, at=AT).messages] == [
        "Does he have a bus pass?", "Yes",
    ]  # fmt: skip
    assert disclosure.status(offer.request_id, by=here.dsl, at=AT).messages == ()
    (told,) = disclosure.case(offer.request_id, by=here.coordinator, at=AT).offers
    assert len(told.messages) == 2


def test_inv_p3_time_closes_a_place_on_the_lists_as_on_its_page_before_any_job_does(here):
    place = make.place_in(PlaceState.ENDED, here)
    for at, readable in ((place.readable_until_at - HOUR, True), (place.readable_until_at, False)):
        (line,) = disclosure.places_of(by=here.manager, at=at)
        (offer,) = disclosure.offers_of(by=here.manager, at=at)
        assert (line.readable, offer.place is not None) == (readable, readable)
        assert (disclosure.place(place.pk, by=here.manager, at=at).profile is not None) == readable


def test_a_look_up_that_names_no_relation_reads_its_own_table_and_no_other(here):
    """Django's `select_related()` follows every relation there is; looking one request up is no reason to join them all."""
    request = make.sent(here)
    with CaptureQueriesContext(connection) as asked:
        disclosure.find(PlacementRequest, request.pk, here.coordinator)
    assert [query["sql"].count("JOIN") for query in asked] == [0]
