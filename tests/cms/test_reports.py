"""The stewards' queue of what readers report: what is due first is first, duplicates together, one answer for all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory import reports
from directory.models import Report, ReportKind, ReportState
from directory.reports import Told
from safekeeping.models import OutboxRow
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
QUEUE = "/admin/from-readers/"
READER = "a.reader@home.example"


@pytest.fixture
def mentoring(city):
    return make.service("Umoja mentoring")


def sent(service, text: str = "The number has changed", *, address: str = "", number: int = 1) -> Report:
    told = Told(kind=ReportKind.WRONG, what="contact", text=text, address=address, service_id=service.pk)
    return reports.send(told, network_address=f"192.0.2.{number}", at=timezone.now())


def page_of(report: Report) -> str:
    return reverse("report_from_reader", args=[report.pk])


def test_duplicates_stand_together_and_nobody_reads_the_address(steward, mentoring):
    sent(mentoring, "The number is wrong", address=READER)
    sent(mentoring, "Nobody answers there", number=2)
    page = steward.get(QUEUE).content.decode()
    assert page.count("Umoja mentoring (2)") == 1
    assert READER not in page


def test_a_steward_takes_it_on_and_answers_all_who_said_it(steward, mentoring):
    first, second = sent(mentoring, address=READER), sent(mentoring, number=2, address="b.reader@home.example")
    assert steward.post(page_of(first), {"look": "1"}).url == page_of(first)
    first.refresh_from_db()
    assert first.state == ReportState.LOOKING
    page = steward.get(page_of(first)).content.decode()
    assert READER not in page
    assert page_of(second) in page
    answer = steward.post(
        page_of(first), {"became": "fixed", "sentence": "The number is right now.", "all_of_them": "on"}
    )
    assert answer.url == QUEUE
    assert set(Report.objects.values_list("state", "answer")) == {("fixed", "The number is right now.")}
    assert OutboxRow.objects.filter(kind="mail").count() == 2
    assert "Umoja mentoring" not in steward.get(QUEUE).content.decode()
    assert "Umoja mentoring" in steward.get(QUEUE + "?show=fixed").content.decode()


def test_left_as_it_is_without_a_sentence_says_the_usual_one(steward, mentoring):
    report = sent(mentoring)
    steward.post(page_of(report), {"became": "unchanged", "sentence": ""})
    report.refresh_from_db()
    assert (report.state, report.answer) == (
        "unchanged",
        "Thank you for telling us. We looked, and the page is right as it is.",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"became": "", "sentence": "x"}, "Choose what became of it"),
        ({"became": "fixed", "sentence": ""}, "Say what was put right"),
        ({"became": "fixed", "sentence": "Kwame Mensah has put it right"}, "looks like a name"),
        ({"became": "nonsense", "sentence": "x"}, "Select a valid choice"),
        ({"became": "fixed", "sentence": "x" * 501}, "Use 500 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_answered(steward, mentoring, typed, said):
    report = sent(mentoring)
    answer = steward.post(page_of(report), typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.NEW


def test_who_comes_second_is_told(steward, mentoring):
    report = sent(mentoring)
    steward.post(page_of(report), {"became": "fixed", "sentence": "Done."})
    again = steward.post(page_of(report), {"became": "unchanged", "sentence": "No."})
    assert again.status_code == 200
    assert steward.post(page_of(report), {"look": "1"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer) == ("fixed", "Done.")


@pytest.mark.parametrize(("role", "status"), [("sysadmin", 200), ("partnership_team", 404), ("coordinator", 404)])
def test_only_those_who_keep_the_directory_read_them(employ, wearing, mentoring, role, status):
    report = sent(mentoring)
    browser = wearing(employ(role))
    assert browser.get(QUEUE).status_code == status
    assert browser.get(page_of(report)).status_code == status


def test_an_unknown_one_is_not_there(steward):
    assert steward.get(f"{QUEUE}00000000-0000-0000-0000-000000000000/").status_code == 404


def test_the_queue_costs_the_same_for_two_and_for_forty(steward, mentoring):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert steward.get(QUEUE).status_code == 200
        return len(queries)

    sent(mentoring)
    sent(make.service("Another"), number=2)
    asked()
    few = asked()
    for number in range(3, 40):
        sent(make.service(f"Service {number}"), number=number)
    assert asked() == few
