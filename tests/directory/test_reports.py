"""Readers report what is wrong and suggest what is missing; nobody is named, and whoever asks for an answer gets one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from directory import reports
from directory.models import Report, ReportHistory, ReportKind, ReportState
from directory.reports import AnsweredMeanwhile, Told
from safekeeping import invariants, outbox
from safekeeping.floods import HOUR, Limit, TooMany
from safekeeping.models import AuditEvent, OutboxRow
from safekeeping.working_time import LONDON
from tests.factories import brokering, people
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
READER = "a.reader@home.example"
HERE = "192.0.2.1"


@pytest.fixture
def mentoring(db):
    return make.service("Umoja mentoring")


@pytest.fixture
def steward(db):
    return brokering.hat(make.organization("The council"), "content_editor")


def wrong(service, *, address: str = "", text: str = "The number is 0117 496 0999 now") -> Told:
    return Told(kind=ReportKind.WRONG, what="contact", text=text, address=address, service_id=service.pk)


def sent(service, at, *, address: str = "", network: str = HERE) -> Report:
    return reports.send(wrong(service, address=address), network_address=network, at=at)


def post(address: str, **typed: str):
    return Client().post(address, {"what": "contact", "text": "The number is 0117 496 0999 now", **typed})


# --- sending ----------------------------------------------------------------------------------------------------------
def test_a_report_leads_to_a_page_of_its_own_that_nobody_can_guess_and_nobody_is_quoted_on(mentoring):
    answer = post(reverse("directory:report_service", args=[mentoring.slug]), email=READER)
    report = Report.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/reports/{report.pk}/")
    page = Client().get(answer.url)
    text = page.content.decode()
    assert "Nobody has looked at it yet" in text
    assert "Your report about Umoja mentoring" in text
    assert "0999" not in text
    assert READER not in text
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


def test_the_address_is_sealed_in_its_row(mentoring, at):
    sent(mentoring, at, address=READER)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM directory_report")
        assert READER not in cursor.fetchone()[0]
    assert Report.objects.get().address == READER


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Ring 0117 496 0999 instead", True),
        ("They moved to 3 High Street, BS5 0AA", True),
        ("Write to office@umoja.example", True),
        ("Umoja mentoring is on Tuesdays now", True),
        ("Ask for Kwame Mensah", False),
        ("J.B. does not work there any more", False),
        ("A boy born 3 May 2011 was turned away", False),
    ],
)
def test_facts_may_be_said_and_people_may_not(mentoring, text, taken):
    answer = post(reverse("directory:report_service", args=[mentoring.slug]), text=text)
    assert Report.objects.count() == taken
    assert answer.status_code == (302 if taken else 200)
    if not taken:
        assert "Leave it out, or write a role" in answer.content.decode()


def test_a_service_that_this_reader_does_not_see_cannot_be_reported(mentoring):
    hidden = make.service("For professionals", visibility="professionals")
    for address in (
        reverse("directory:report_service", args=[hidden.slug]),
        "/services/none/wrong/",
        "/organizations/none/wrong/",
    ):
        assert Client().get(address).status_code == 404
        assert Client().post(address, {}).status_code == 404


def test_an_organization_and_a_page_can_be_reported_too(mentoring):
    post(reverse("directory:report_organization", args=[mentoring.organization.slug]))
    post("/wrong/?page=/for-providers/", what="words", text="The second line is old")
    about_organization, about_page = Report.objects.order_by("sent_at", "page")
    assert {about_organization.organization_id, about_page.organization_id} == {mentoring.organization_id, None}
    assert {about_organization.page, about_page.page} == {"", "/for-providers/"}


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "https://evil.example/",
        "/my-services/",
        "/admin/",
        "/none/",
        "javascript:1",
        "/" + "a" * 300,
        "/é/",
    ],
)
def test_only_a_page_of_ours_that_everybody_reads_is_named(path):
    Client().post("/wrong/", {"what": "words", "text": "It is old"}, query_params={"page": path})
    assert Report.objects.get().page == ""


def test_a_missing_service_may_be_called_what_it_is_called(db):
    typed = {"name": "Mensah Boxing", "text": "Mensah Boxing teaches boxing on Fridays", "reach": "0117 496 0111"}
    answer = Client().post("/suggest-a-service/", typed)
    assert answer.status_code == 302
    assert Report.objects.get().kind == ReportKind.MISSING
    assert "Your suggestion" in Client().get(answer.url).content.decode()
    named = Client().post("/suggest-a-service/", typed | {"text": "Ask for Kwame Asante"})
    assert "looks like a name" in named.content.decode()


def test_an_empty_form_says_what_is_missing_beside_each_field(mentoring):
    answer = Client().post(reverse("directory:report_service", args=[mentoring.slug]), {})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose what is wrong" in text
    assert "Say what is wrong, in a few words" in text


def test_too_many_from_one_place_are_not_taken_and_what_was_typed_stays(mentoring, at):
    for _ in range(reports.FROM_ONE.most):
        sent(mentoring, at)
    with pytest.raises(TooMany):
        sent(mentoring, at)
    sent(mentoring, at, network="192.0.2.2")  # somebody else
    sent(mentoring, at + timedelta(hours=2))  # later
    assert Report.objects.count() == reports.FROM_ONE.most + 2


def test_midnight_gives_nobody_a_second_helping(mentoring):
    midnight = datetime(2026, 11, 28, tzinfo=LONDON).astimezone(UTC)
    for number in range(reports.FROM_ONE.most):
        sent(mentoring, midnight - timedelta(minutes=number + 1))
    with pytest.raises(TooMany):
        sent(mentoring, midnight + timedelta(minutes=1))
    sent(mentoring, midnight + timedelta(hours=1))


def test_the_page_says_so_with_what_was_typed(mentoring, monkeypatch):
    monkeypatch.setattr(reports, "FROM_ONE", Limit(1, within=HOUR))
    address = reverse("directory:report_service", args=[mentoring.slug])
    assert post(address).status_code == 302
    again = post(address, text="The door is green now")
    assert again.status_code == 429
    assert "The door is green now" in again.content.decode()


def test_too_many_from_everywhere_are_not_taken_either(mentoring, at, monkeypatch):
    monkeypatch.setattr(reports, "IN_ALL", Limit(2, within=HOUR))
    sent(mentoring, at, network="192.0.2.1")
    sent(mentoring, at, network="192.0.2.2")
    with pytest.raises(TooMany):
        sent(mentoring, at, network="192.0.2.3")


# --- answering --------------------------------------------------------------------------------------------------------
def test_whoever_left_an_address_hears_what_became_of_it_once_and_the_page_says_the_same(mentoring, steward, at):
    report = sent(mentoring, at, address=READER)
    silent = sent(mentoring, at)
    assert (
        reports.answer(report, fixed=True, sentence="The number is right now.", also=[silent], by=steward, at=at) == 1
    )
    [mail] = OutboxRow.objects.filter(kind="mail")
    assert outbox.addressees(mail.payload) == READER
    assert f"/reports/{report.pk}/" in mail.payload["text"]
    assert "The number is right now." in mail.payload["text"]
    assert "0999" not in mail.payload["text"], "what was typed may have been typed by anybody"
    page = Client().get(f"/reports/{report.pk}/").content.decode()
    assert "It is put right" in page
    assert "The number is right now." in page


def test_the_way_is_new_looking_done_with_a_row_and_an_entry_in_the_trail_for_each(mentoring, steward, at):
    report = sent(mentoring, at)
    reports.look(report, by=steward, at=at)
    assert "Somebody is looking at it" in Client().get(f"/reports/{report.pk}/").content.decode()
    reports.answer(report, fixed=False, sentence="It is right.", by=steward, at=at)
    assert list(ReportHistory.objects.values_list("became", "by_person")) == [
        ("new", None),
        ("looking", steward.user_id),
        ("unchanged", steward.user_id),
    ]
    assert list(AuditEvent.objects.filter(object_type="report").values_list("action", "outcome")) == [
        ("report_taken", "ok"),
        ("report_answered", "unchanged"),
    ]
    assert list(invariants.broken()) == []


def test_of_two_stewards_one_answers_and_the_other_is_told(mentoring, steward, at):
    report = sent(mentoring, at, address=READER)
    again = Report.objects.get(pk=report.pk)
    other = sent(mentoring, at, address=READER)
    reports.answer(report, fixed=True, sentence="Done.", by=steward, at=at)
    with pytest.raises(AnsweredMeanwhile):
        reports.answer(other, fixed=False, sentence="No.", also=[again], by=steward, at=at)
    other.refresh_from_db()
    assert other.state == ReportState.NEW, "together or not at all"
    assert OutboxRow.objects.filter(kind="mail").count() == 1


def test_an_address_goes_90_days_after_the_answer_and_where_it_came_from_after_a_day(mentoring, steward, at):
    answered, waiting = sent(mentoring, at, address=READER), sent(mentoring, at, address=READER)
    reports.answer(answered, fixed=True, sentence="Done.", by=steward, at=at)
    reports.forget(at + timedelta(days=2))
    assert set(Report.objects.values_list("sender", flat=True)) == {""}
    assert Report.objects.filter(address__isnull=False).count() == 2
    reports.forget(at + timedelta(days=91))
    assert [one.pk for one in Report.objects.filter(address__isnull=False)] == [waiting.pk]
    reports.forget(at + timedelta(days=91))


# --- the provider -----------------------------------------------------------------------------------------------------
def test_a_provider_sees_what_is_said_of_its_own_services_and_not_by_whom(mentoring, at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    other = make.service("Another’s")
    sent(mentoring, at, address=READER)
    reports.send(wrong(other, text="The other’s door is blue"), network_address=HERE, at=at)
    provider = people.browser_of(people.member("provider_admin", mentoring.organization))
    page = provider.get("/my-services/reports/").content.decode()
    assert "The number is 0117 496 0999 now" in page
    assert READER not in page
    assert "door is blue" not in page
    assert "Readers say that 1 thing" in provider.get("/my-services/").content.decode()
    worker = people.browser_of(people.member("provider_worker", mentoring.organization))
    assert worker.get("/my-services/reports/").status_code == 404
