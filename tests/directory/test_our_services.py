"""A provider's own pages about words: write in sections, preview, send, take back; and what two people at once see."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import groups
from directory import proposals, schedules, words
from directory.models import (
    AddressVisibility,
    ChangeProposal,
    Closure,
    EligibilityRule,
    LetterKind,
    LetterSwitchedOff,
    Location,
    Membership,
    ProposedWords,
    Role,
    Schedule,
    Service,
    ServiceAtLocation,
)
from safekeeping.models import AuditEvent, OutboxRow
from safekeeping.working_time import LONDON
from tests.factories import directory as make
from tests.factories.people import browser_of, member

pytestmark = pytest.mark.django_db
OLD, NEW = "One adult who stays alongside.", "A mentor who stays alongside, also online."
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def provider(stewards_side_of_the_file, db):
    return make.organization("Umoja Path")


@pytest.fixture
def manager(provider):
    return browser_of(member(Role.PROVIDER_ADMIN, provider, name="Marcus Bell"))


@pytest.fixture
def service(provider):
    return make.service("Mentoring", by=provider, summary=OLD, harms=["knives"])


@pytest.fixture
def steward(provider):
    made = member(Role.CONTENT_EDITOR, make.organization("The council"), name="Mel Tran")
    groups.follow(made.user, groups.GROUPS_OF["content_editor"])
    return made


def at(name, *args):
    return reverse(f"directory:{name}", args=args)


def section(service, slug="what-it-is"):
    return at("our_service_words", service.pk, slug)


def fields_of(html):
    """Return what a browser would send of the page's own form, if nobody touched it."""
    form = BeautifulSoup(html, "html.parser").select_one("main form:has(input[name=seen])")
    told = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        if one.get("type") in ("radio", "checkbox") and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            value = chosen.get("value", "")
        else:
            value = one.get_text().removeprefix("\n") if one.name == "textarea" else one.get("value", "")
        told.setdefault(one["name"], []).append(value)
    return told


def form_of(browser, address):
    """Return what a browser would send of the form at that address."""
    return fields_of(browser.get(address).content.decode())


def fill(browser, address, **typed):
    return browser.post(address, form_of(browser, address) | typed, follow=True)


def send(browser, service):
    return browser.post(at("our_service_send", service.pk), follow=True)


def text(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def decide(service, steward, action, comment=""):
    task = Service.objects.get(pk=service.pk).current_workflow_task_state
    task.task.specific.on_action(task, steward.user, action, comment=comment)


def public(service):
    return Client().get(at("service", service.slug)).content.decode()


def test_words_are_written_in_a_section_compared_and_sent(manager, service):
    answer = fill(manager, section(service), summary=NEW)
    assert "Kept: What it is" in text(answer)
    assert OLD in text(answer)
    assert NEW in text(answer)
    assert NEW not in public(service)
    assert NEW in manager.get(at("our_service_preview", service.pk)).content.decode()
    assert "A steward reads it" in text(send(manager, service))
    assert "Waiting for a steward" in text(manager.get(at("our_services")))
    assert NEW not in public(service)


@pytest.mark.parametrize("one", words.SERVICE_SECTIONS, ids=lambda one: one.slug)
def test_keeping_a_section_as_it_was_changes_nothing(manager, service, one):
    rules = [
        ("route", {"codes": [make.term("request_source", code).code for code in ("schools", "police")]}),
        ("risk_range", {"minimum": make.term("risk_level", "medium").code, "maximum": "medium"}),
    ]
    for kind, value in rules:
        EligibilityRule.objects.create(service=service, kind=kind, value=value, message=f"Said of {kind}.")
    service.contacts.create(name="Duty", telephone="0117 496 0100")
    Service.objects.filter(pk=service.pk).update(what_happens="One.\n\nTwo.\n")
    assert "Kept:" in text(fill(manager, section(service, one.slug)))
    assert ProposedWords.objects.get().words == {}


def test_after_a_no_the_reason_is_on_the_page_and_in_no_mail_and_after_a_yes_everybody_reads_it(
    manager, service, steward
):
    fill(manager, section(service), summary=NEW)
    send(manager, service)
    decide(service, steward, "reject", "Nobody can promise that.")
    page = text(manager.get(at("our_service", service.pk)))
    assert "Nobody can promise that." in page
    assert "Mel Tran" in page
    [letter] = OutboxRow.objects.filter(kind="mail")
    assert "Nobody can promise" not in str(letter.payload)
    assert at("our_service", service.pk) in str(letter.payload)
    fill(manager, section(service), summary="A mentor.")
    send(manager, service)
    decide(service, steward, "approve")
    assert "A mentor." in public(service)
    assert OutboxRow.objects.filter(kind="mail").count() == 2
    assert "Published: Mentoring" in str(OutboxRow.objects.filter(kind="mail").last().payload)


def test_a_change_is_taken_back_and_forgotten(manager, service):
    fill(manager, section(service), summary=NEW)
    send(manager, service)
    assert "Taken back" in text(manager.post(at("our_service_withdraw", service.pk), follow=True))
    assert "Changed, not sent yet" in text(manager.get(at("our_services")))
    assert "Forgotten" in text(manager.post(at("our_service_discard", service.pk), follow=True))
    assert NEW not in text(manager.get(at("our_service", service.pk)))


def test_what_needs_no_steward_is_said_to_be_published(manager, service):
    fill(
        manager, section(service, "how-to-ask"), **{"contacts-0-name": "Duty", "contacts-0-telephone": "0117 496 0101"}
    )
    assert "Published. What you changed needs no steward" in text(send(manager, service))
    assert "0117 496 0101" in public(service)


def test_two_who_write_the_same_words_are_shown_both_and_choose(manager, provider, service):
    colleague = browser_of(member(Role.PROVIDER_ADMIN, provider, name="Ama Osei"))
    first, second = form_of(manager, section(service)), form_of(colleague, section(service))
    manager.post(section(service), first | {"summary": "From Marcus"})
    answer = colleague.post(section(service), second | {"summary": "From Ama", "pattern": "Weekly"})
    assert answer.status_code == 409
    assert "From Marcus" in text(answer)
    again = fields_of(answer.content.decode())
    assert (again["summary"], again["pattern"]) == (["From Ama"], ["Weekly"])
    undecided = colleague.post(section(service), again)
    assert "Choose which text stays" in text(undecided)
    again = fields_of(undecided.content.decode())
    assert colleague.post(section(service), again | {"choose_summary": "theirs"}).status_code == 302
    now = ProposedWords.objects.get().words
    assert (now["summary"], now["pattern"]) == ("From Marcus", "Weekly")


def test_who_writes_while_a_colleague_has_sent_loses_nothing(manager, provider, service):
    colleague = browser_of(member(Role.PROVIDER_ADMIN, provider))
    fill(manager, section(service), pattern="Weekly")
    opened = form_of(colleague, section(service))
    send(manager, service)
    answer = colleague.post(section(service), opened | {"summary": "From Ama"})
    assert answer.status_code == 409
    assert "From Ama" in answer.content.decode()
    assert "is not saved" in text(answer)


def test_a_steward_who_wrote_meanwhile_is_shown_beside_ours(manager, service, steward):
    fill(manager, section(service), summary=NEW)
    draft = Service.objects.get(pk=service.pk).get_latest_revision_as_object()
    draft.summary = "The steward's sentence"
    draft.save_revision(user=steward.user)
    answer = send(manager, service)
    assert answer.status_code == 409
    assert "The steward's sentence" in text(answer)
    assert NEW in text(answer)
    manager.post(at("our_service_send", service.pk), {"choose_summary": "mine"})
    assert Service.objects.get(pk=service.pk).get_latest_revision_as_object().summary == NEW


def test_a_condition_is_added_without_script(manager, service):
    make.term("request_source", "schools", "A school")
    address = section(service, "conditions")
    more = manager.post(address, form_of(manager, address) | {"add": "1"})
    assert "Condition 2" in text(more)
    rule = {"eligibility_rules-0-kind": "route", "eligibility_rules-0-message": "Schools only."}
    asked = manager.post(address, form_of(manager, address) | rule)
    assert "Choose at least one" in text(asked)
    assert "A school" in text(asked)
    typed = form_of(manager, address) | rule | {"eligibility_rules-0-routes": "schools"}
    assert manager.post(address, typed).status_code == 302
    [kept] = ProposedWords.objects.get().words["eligibility_rules"]
    assert (kept["value"], kept["hard"], kept["group"]) == ({"codes": ["schools"]}, True, 1)


def test_a_new_service_is_seen_by_nobody_until_it_is_approved(manager, provider, steward):
    typed = form_of(manager, at("new_service")) | {
        "name": "Something new",
        "summary": "Not for anybody yet.",
        "service_type": str(make.term("service_type", "community_mentoring").pk),
        "intervention_level": str(make.term("intervention_level", "targeted_diversion").pk),
        "subject": "child",
        "request_mode": "broker_only",
    }
    answer = manager.post(at("new_service"), typed, follow=True)
    made = Service.objects.get(name="Something new")
    assert "Not sent yet" in text(answer)
    assert made.organization == provider
    assert Client().get(at("service", made.slug)).status_code == 404
    assert "say this before you send it" in text(send(manager, made))
    promised = {
        "trauma_informed_statement": "Nobody is asked what happened.",
        "rights_statement": "Anybody may say no.",
    }
    fill(manager, section(made, "promises"), **promised)
    send(manager, made)
    assert Client().get(at("service", made.slug)).status_code == 404
    decide(made, steward, "approve")
    assert "Not for anybody yet." in public(made)


def test_the_organization_is_written_in_the_same_way(manager, provider, service):
    answer = fill(manager, at("our_organization_words"), website="https://umoja.example/", telephone="0117 496 0102")
    assert "https://umoja.example/" in text(answer)
    assert "Published." in text(manager.post(at("our_organization_send"), follow=True))
    provider.refresh_from_db()
    assert provider.website == "https://umoja.example/"
    fill(manager, at("our_organization_words"), name="Another name")
    assert "A steward reads it" in text(manager.post(at("our_organization_send"), follow=True))
    assert "Another name" in manager.get(at("our_organization_preview")).content.decode()
    provider.refresh_from_db()
    assert provider.name == "Umoja Path"


def test_a_web_address_that_runs_something_is_refused(manager, provider):
    answer = fill(manager, at("our_organization_words"), website="javascript:alert(1)")
    assert answer.status_code == 200
    assert "Enter a web address" in text(answer)


# --- whose pages they are ---------------------------------------------------------------------------------------------------------
def test_a_worker_reads_and_changes_nothing(manager, provider, service):
    worker = browser_of(member(Role.PROVIDER_WORKER, provider))
    fill(manager, section(service), summary=NEW)
    page = worker.get(at("our_service", service.pk))
    assert NEW in text(page)
    assert '<form method="post" action="/my-services' not in page.content.decode()
    for name in ("our_service_send", "our_service_withdraw", "our_service_discard"):
        assert worker.post(at(name, service.pk)).status_code == 404
    assert worker.get(section(service)).status_code == 404
    assert worker.get(at("new_service")).status_code == 404
    assert Service.objects.get(pk=service.pk).current_workflow_state is None


def test_another_organizations_rows_are_the_page_of_what_is_not_there(service):
    stranger = browser_of(member(Role.PROVIDER_ADMIN, make.organization("Somebody else")))
    place = make.location("Secret house", organization=service.organization)
    nothing = stranger.get("/nothing/").content
    for name, pk in [
        *((one, service.pk) for one in (
            "our_service", "our_service_preview", "our_service_where", "our_service_times", "our_service_closures",
        )),
        ("our_venue", place.pk),
    ]:  # fmt: skip
        assert (stranger.get(at(name, pk)).status_code, stranger.get(at(name, pk)).content) == (404, nothing), name
    assert stranger.get(section(service)).content == nothing
    for name in ("our_service_send", "our_service_withdraw", "our_service_discard"):
        assert stranger.post(at(name, service.pk)).content == nothing


@pytest.mark.parametrize("one", words.SERVICE_SECTIONS, ids=lambda one: one.slug)
def test_markup_in_any_field_is_text_on_every_page(manager, service, steward, one):
    make.term("request_source", "schools")
    typed = {word.name: MARKUP for word in one.words if word.kind in (words.LINE, words.TEXT)}
    if one.slug == "how-to-ask":
        typed |= {"contacts-0-name": MARKUP, "contacts-0-telephone": MARKUP}
    if one.slug == "conditions":
        typed |= {"eligibility_rules-0-kind": "panel_selected", "eligibility_rules-0-message": MARKUP}
    fill(manager, section(service, one.slug), **typed)
    pages = [manager.get(section(service, one.slug)), manager.get(at("our_service", service.pk))]
    send(manager, service)
    if Service.objects.get(pk=service.pk).current_workflow_state:
        pages.append(manager.get(at("our_service_preview", service.pk)))
        desk = browser_of(steward)
        pages.append(desk.get(reverse("wagtailsnippets_directory_service:edit", args=[service.pk])))
        assert pages[-1].status_code == 200
        decide(service, steward, "approve")
    pages += [Client().get(at("service", service.slug)), manager.get(at("our_services"))]
    for page in pages:
        assert page.status_code == 200
        assert MARKUP not in page.content.decode()
    if typed:
        assert any("&lt;script&gt;" in page.content.decode() for page in pages)


# --- facts: live at once ----------------------------------------------------------------------------------------------------
TIMES = {
    "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-days": ["MO", "TH"], "form-0-opens": "4pm",
    "form-0-closes": "6.30pm",
}  # fmt: skip


def test_hours_are_live_at_once(manager, service):
    seen = form_of(manager, at("our_service_times", service.pk))["seen"]
    answer = manager.post(at("our_service_times", service.pk), TIMES | {"seen": seen}, follow=True)
    assert "People see it now" in text(answer)
    row = Schedule.objects.get()
    assert (row.byday, f"{row.opens_at:%H:%M}", f"{row.closes_at:%H:%M}") == ("MO,TH", "16:00", "18:30")
    assert "Monday and Thursday" in public(service)


def test_two_who_enter_hours_at_once_are_told(manager, provider, service):
    address = at("our_service_times", service.pk)
    colleague = browser_of(member(Role.PROVIDER_ADMIN, provider))
    seen = form_of(manager, address)["seen"]
    manager.post(address, TIMES | {"seen": seen})
    answer = colleague.post(address, TIMES | {"seen": seen, "form-0-opens": "5pm"})
    assert answer.status_code == 409
    assert "16:00" in text(answer)
    assert 'value="5pm"' in answer.content.decode()
    again = BeautifulSoup(answer.content, "html.parser").select_one("input[name=seen]")["value"]
    assert colleague.post(address, TIMES | {"seen": again, "form-0-opens": "5pm"}).status_code == 302
    assert f"{Schedule.objects.get().opens_at:%H:%M}" == "17:00"


def test_a_closure_is_on_the_page_in_the_finder_and_closes_the_door(manager, provider):
    service = make.service("Drop-in", by=provider, request_mode="open_access")
    today = timezone.localdate()
    every_day = Schedule.objects.create(
        service=service, byday="MO,TU,WE,TH,FR,SA,SU", opens_at="00:00", closes_at="23:59"
    )
    closed = {
        "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-note": "Building work",
        "form-0-since_day": str(today.day), "form-0-since_month": str(today.month), "form-0-since_year": str(today.year),
        "seen": form_of(manager, at("our_service_closures", service.pk))["seen"],
    }  # fmt: skip
    noon = datetime.combine(today, time(12), tzinfo=LONDON)
    assert schedules.is_open([every_day_read(every_day)], at=noon) is True
    assert manager.post(at("our_service_closures", service.pk), closed).status_code == 302
    assert "Closed today: Building work" in public(service)
    assert "Open now" not in public(service)
    assert schedules.is_open([every_day_read(every_day)], at=noon, closures=Closure.objects.all()) is False


def every_day_read(row):
    return Schedule.objects.get(pk=row.pk)


def test_a_closure_of_one_place_leaves_the_other_open():
    class Row:
        byday, opens_at, closes_at = (
            "MO,TU,WE,TH,FR,SA,SU",
            *(timezone.datetime(2026, 1, 1, hour).time() for hour in (9, 17)),
        )
        valid_from_on = valid_to_on = None
        term_time_only, note, at_location_id = False, "", "here"

    class Shut:
        at_location_id, from_on, until_on, note = "there", date(2026, 11, 16), date(2026, 11, 16), ""

    assert schedules.is_open([Row()], at=make.AT, closures=[Shut()]) is True
    Shut.at_location_id = "here"
    assert schedules.is_open([Row()], at=make.AT, closures=[Shut()]) is False
    assert schedules.is_open([Row()], at=make.AT + timedelta(days=1), closures=[Shut()]) is True


def test_a_place_is_named_and_taken_away_at_once(manager, provider, service):
    hall = make.location("Harbour Hall", address="1 Some Road")
    address = at("our_service_where", service.pk)
    manager.post(address, {"location": str(hall.pk), "description": "Use the side door"})
    assert "Use the side door" in public(service)
    row = ServiceAtLocation.objects.get()
    manager.post(address, {"remove": str(row.pk)})
    assert "Harbour Hall" not in public(service)


def test_a_place_of_others_with_a_hidden_address_cannot_be_chosen(manager, service):
    hidden = make.location("Refuge", address="9 Hidden Road", address_visibility=AddressVisibility.NONE)
    theirs = make.location("Base", address="2 Their Road", organization=make.organization())
    for one in (hidden, theirs):
        answer = manager.post(at("our_service_where", service.pk), {"location": str(one.pk)})
        assert answer.status_code == 200
        assert one.name not in text(answer)
    assert not ServiceAtLocation.objects.exists()


def test_a_new_places_address_is_shown_to_nobody_until_a_steward_agrees(manager, provider, service, steward):
    typed = {"name": "Our house", "address_1": "3 Quiet Road", "visible": "full", "seen": ""}
    assert manager.post(at("our_venue_new"), typed).status_code == 302
    place = Location.objects.get(name="Our house")
    ServiceAtLocation.objects.create(service=service, location=place)
    assert "Quiet Road" not in public(service)
    asked = ChangeProposal.objects.get()
    assert (asked.state, asked.becomes) == ("waiting", "full")
    desk = browser_of(steward)
    address = reverse("changeproposal:edit", args=[asked.pk])
    assert "Say why" in desk.post(address, {"answer": "no", "reason": " "}).content.decode()
    assert desk.post(address, {"answer": "yes", "reason": ""}).status_code == 302
    assert "Quiet Road" in public(service)
    assert "Quiet Road" not in str(list(OutboxRow.objects.values()))


def test_showing_more_or_less_of_an_address_always_waits(manager, provider, service, steward):
    place = make.location("Our house", address="3 Quiet Road", organization=provider)
    ServiceAtLocation.objects.create(service=service, location=place)
    address = at("our_venue", place.pk)
    manager.post(address, {"ask": "1", "becomes": "none", "because": "Somebody was followed"})
    assert "Quiet Road" in public(service)
    assert "Waiting for a steward" in text(manager.get(address))
    desk = browser_of(steward)
    decided = desk.post(
        reverse("changeproposal:edit", args=[ChangeProposal.objects.get().pk]),
        {"answer": "no", "reason": "Write to us first, please."},
    )
    assert decided.status_code == 302
    assert "Write to us first, please." in text(manager.get(address))
    place.refresh_from_db()
    assert place.address_visibility == "full"
    manager.post(address, {"ask": "1", "becomes": "none"})
    manager.post(at("our_venue_withdraw", place.pk))
    assert ChangeProposal.objects.filter(state="withdrawn").count() == 1


def test_a_decided_question_is_not_decided_again(manager, provider, steward):
    place = make.location("Our house", organization=provider)
    manager.post(at("our_venue", place.pk), {"ask": "1", "becomes": "none"})
    asked = ChangeProposal.objects.get()
    manager.post(at("our_venue_withdraw", place.pk))
    answer = browser_of(steward).post(reverse("changeproposal:edit", args=[asked.pk]), {"answer": "yes", "reason": ""})
    assert "taken back meanwhile" in answer.content.decode()
    place.refresh_from_db()
    assert place.address_visibility == "full"


def test_two_who_change_a_place_see_what_the_other_wrote(manager, provider):
    place = make.location("Our house", address="3 Quiet Road", organization=provider)
    colleague = browser_of(member(Role.PROVIDER_ADMIN, provider))
    address = at("our_venue", place.pk)
    first, second = form_of(manager, address), form_of(colleague, address)
    manager.post(address, first | {"bus_notes": "Bus 76"})
    kept = colleague.post(address, second | {"name": "Our new house", "bus_notes": "Bus 24"})
    assert kept.status_code == 409
    assert "Bus 76" in text(kept)
    again = fields_of(kept.content.decode())
    assert again["bus_notes"] == ["Bus 24"]
    assert colleague.post(address, again).status_code == 302
    place.refresh_from_db()
    assert (place.name, place.bus_notes) == ("Our new house", "Bus 24")


def test_where_it_stands_costs_the_same_for_two_and_for_twenty(provider, django_assert_num_queries):
    for _ in range(20):
        make.service(by=provider)
    with django_assert_num_queries(3):
        found = proposals.own_services(provider.pk)
        assert len(proposals.where_they_stand(found)) == 20


# --- words that are still right -----------------------------------------------------------------------------------------
def due(entry):
    today = timezone.localdate()
    standing = entry.standing
    standing.next_assurance_due_on = today - timedelta(days=3)
    standing.assured_on = today - timedelta(days=368)
    standing.save()


@pytest.mark.parametrize("kind", ["service", "organization"])
def test_a_provider_says_that_the_public_words_are_right(manager, provider, service, kind):
    entry = service if kind == "service" else provider
    args = [service.pk] if kind == "service" else []
    due(entry)
    assert "The words are still right" in text(manager.get(at(f"our_{kind}", *args)))
    assert "checked today" in text(manager.post(at(f"our_{kind}_right", *args), follow=True))
    entry.standing.refresh_from_db()
    assert entry.standing.assured_on == timezone.localdate()
    assert AuditEvent.objects.filter(action="words.confirm", object_ref=str(entry.pk)).exists()


def test_words_that_are_being_changed_cannot_be_called_right(manager, service):
    due(service)
    fill(manager, section(service), summary=NEW)
    assert "The words are still right" not in text(manager.get(at("our_service", service.pk)))
    assert "nothing to confirm" in text(manager.post(at("our_service_right", service.pk), follow=True))
    send(manager, service)
    assert "nothing to confirm" in text(manager.post(at("our_service_right", service.pk), follow=True))
    service.standing.refresh_from_db()
    assert service.standing.assured_on < timezone.localdate()


def test_a_provider_does_not_lift_what_a_steward_has_suspended(manager, service):
    due(service)
    type(service.standing).objects.update(standing="suspended")
    assert "nothing to confirm" in text(manager.post(at("our_service_right", service.pk), follow=True))
    service.standing.refresh_from_db()
    assert service.standing.standing == "suspended"


def test_nobody_calls_another_organizations_words_right(manager, service):
    other = make.service("Elsewhere")
    assert manager.post(at("our_service_right", other.pk)).status_code == 404


def test_answers_are_sent_to_nobody_who_has_switched_them_off(manager, provider, service, steward):
    fill(manager, section(service), summary=NEW)
    send(manager, service)
    marcus = Membership.objects.get(organization=provider, role=Role.PROVIDER_ADMIN)
    LetterSwitchedOff.objects.create(membership=marcus, kind=LetterKind.ANSWERS, at=timezone.now())
    member(Role.PROVIDER_ADMIN, provider, name="Ama Osei")  # did not send it, so does not get the answer in his place
    decide(service, steward, "approve")
    assert NEW in public(service)
    assert not OutboxRow.objects.filter(kind="mail").exists()
