"""A steward brings a file, sees the errors beside their cells, brings the mended one, applies it and takes it back."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from directory import tables
from directory.exchange import export
from directory.models import ImportBatch, Service
from safekeeping import outbox
from safekeeping.models import AuditEvent
from tests.directory.test_exchange import NEW
from tests.directory.test_tables import BAD
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(db):
    for taxonomy, code in (
        ("service_type", "community_mentoring"), ("intervention_level", "targeted_diversion"),
        ("organization_type", "vcs_charity"), ("harm_type", "cce"),
    ):  # fmt: skip
        make.term(taxonomy, code)


def file_of(*rows: dict[str, str], name: str = "services.csv") -> SimpleUploadedFile:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return SimpleUploadedFile(
        name, b"".join(tables.as_csv(names, [[row.get(name, "") for name in names] for row in rows]))
    )


def bring(browser, file):
    return browser.post(reverse("imports:index"), {"file": file}, follow=True)


def test_from_a_file_with_errors_to_one_that_is_applied_and_undone(steward, public, words):
    shown = bring(steward, file_of(NEW | {"minimum_age": "twelve"}, NEW | {"key": "b", "harm_types": "sadness"}))
    told = shown.content.decode()
    assert "2 with errors" in told
    assert "K2" in told and "is not a whole number" in told
    assert "L3" in told and "is not one of the words" in told
    assert "Apply" not in told

    shown = bring(steward, file_of(NEW))
    batch = ImportBatch.objects.latest("looked_at")
    assert "1 new" in shown.content.decode()
    assert not Service.objects.exists()
    busy = steward.post(reverse("imports:apply", args=[batch.pk]), {"publish": "on"}, follow=True).content.decode()
    assert "0 of 1 rows" in busy and "Look again" in busy
    outbox.deliver_due(now=timezone.now)
    page = reverse("directory:service", args=["night-owls"])
    assert public.get(page).status_code == 200
    assert "1 applied and published" in steward.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    steward.post(reverse("imports:undo", args=[batch.pk]))
    outbox.deliver_due(now=timezone.now)
    assert "1 undone" in steward.get(reverse("imports:batch", args=[batch.pk])).content.decode()
    assert public.get(page).status_code == 404
    assert {"import.look", "import.apply", "import.applied", "import.undo", "import.undone"} <= set(
        AuditEvent.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_beside_its_field(steward, what):
    answer = bring(steward, SimpleUploadedFile("x.csv", BAD[what]))
    assert answer.status_code == 400
    assert "file-error" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_no_file_is_asked_for(steward):
    assert "Choose a file." in steward.post(reverse("imports:index"), {}).content.decode()


def test_unknown_columns_are_named(steward, words):
    answer = bring(steward, file_of(NEW | {"risk_score": "7"}))
    assert "risk_score" in answer.content.decode()
    assert answer.status_code == 400


def test_what_a_file_says_is_text_and_nothing_else(steward, words):
    answer = bring(steward, file_of(NEW | {"name": "<script>alert(1)</script>", "harm_types": "<img src=x>"}))
    assert "<script>alert(1)" not in answer.content.decode()
    assert "<img src=x>" not in answer.content.decode()


def test_applying_twice_is_told(steward, words):
    bring(steward, file_of(NEW))
    batch = ImportBatch.objects.get()
    steward.post(reverse("imports:apply", args=[batch.pk]))
    assert "applied already" in steward.post(reverse("imports:apply", args=[batch.pk]), follow=True).content.decode()


@pytest.mark.parametrize("role", ["partnership_team", "coordinator", "provider_admin"])
def test_only_stewards_get_in(employ, wearing, role):
    browser = wearing(employ(role))
    for name in ("index", "columns"):
        assert browser.get(reverse(f"imports:{name}")).status_code in (302, 403, 404)
    assert browser.get(reverse("imports:catalogue", args=["csv"])).status_code in (302, 403, 404)


def test_the_template_is_read_again(steward, words):
    for form in ("csv", "xlsx"):
        answer = steward.get(reverse("imports:template", args=[form]))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert len(tables.read(content).columns) > 40


def test_all_services_come_out_and_go_in_without_a_change(steward, words):
    make.service("=1+1", harms=["cce"], visibility="coordinators")
    answer = steward.get(reverse("imports:catalogue", args=["xlsx"]))
    assert tables.read(answer.content).columns == export.FOR_STEWARDS
    file = io.BytesIO(answer.content)
    file.name = "all.xlsx"
    assert "1 unchanged" in bring(steward, file).content.decode()


def test_there_is_no_other_form_of_file(steward):
    assert steward.get(reverse("imports:catalogue", args=["exe"])).status_code == 404


def test_the_pages_cost_the_same_for_two_rows_and_forty(steward, words, django_assert_max_num_queries):
    bring(steward, file_of(*[NEW | {"key": f"k-{n}"} for n in range(40)]))
    batch = ImportBatch.objects.get()
    steward.get(reverse("imports:batch", args=[batch.pk]))
    with django_assert_max_num_queries(30):
        steward.get(reverse("imports:batch", args=[batch.pk]))
