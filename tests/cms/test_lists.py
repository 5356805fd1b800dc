"""Lists of the admin: several at once, spreadsheets that run nothing, and versions that can be compared and brought back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet

from cms.exports import harmless
from cms.viewsets.directory import OrganizationViewSet, ServiceViewSet
from directory import assurance
from directory.models import OrganizationStanding, Service, ServiceStanding, Standing
from safekeeping.models import AuditEvent
from tests.cms.conftest import fill_in
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1"]
NOT_CARRIED_AWAY = {
    "membership": "who has which hat is read here, and carried away by nobody",
    "sitewords": "one form, and no list",
}


def bulk(model: str, action: str, *entries) -> str:
    ids = "&".join(f"id={one.pk}" for one in entries)
    return f"{reverse('wagtail_bulk_action', args=['directory', model, action])}?{ids}&next=/admin/"


@pytest.fixture
def two(city):
    return [make.service("Walking beside"), make.service("Reading together")]


# --- on a narrow screen -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "wagtailsnippets_directory_service:list", "wagtailsnippets_directory_organization:list", "location:index",
        "serviceatlocation:index", "servicearea:index", "taxonomyterm:index", "servicestanding:index",
    ],
)  # fmt: skip
def test_a_list_scrolls_within_a_region_that_has_a_name_and_is_reached_by_keys(steward, two, name):
    make.service("Here", at=[make.location()])
    page = BeautifulSoup(steward.get(reverse(name)).content, "html.parser")
    [region] = page.select(".cms-wide")
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert region["aria-label"].startswith("List of ")
    assert region.select_one("table.listing")


# --- several at once --------------------------------------------------------------------------------------------------
def test_each_deed_is_offered_where_it_makes_sense(steward, two):
    page = steward.get(reverse("wagtailsnippets_directory_service:list")).content.decode()
    for action in ("checked_today", "seen_by", "suspend", "add_word"):
        assert f"/bulk/directory/service/{action}/" in page
    page = steward.get(reverse("wagtailsnippets_directory_organization:list")).content.decode()
    assert "/bulk/directory/organization/suspend/" in page
    assert "/bulk/directory/organization/add_word/" not in page


@pytest.mark.parametrize(
    "name",
    [
        "wagtailsnippets_directory_service:list",
        "wagtailsnippets_directory_organization:list",
        "wagtailsnippets_training_course:list",
    ],
)
def test_no_list_offers_to_delete_or_speaks_of_snippets(steward, two, name):
    page = BeautifulSoup(steward.get(reverse(name)).content, "html.parser")
    assert not [one["href"] for one in page.select("a[href*='/delete/']")]
    assert all(bar["data-bulk-action-footer"] == "ITEM" for bar in page.select("[data-bulk-action-footer]"))
    assert "snippet" not in page.select_one("main").get_text().lower()


def test_checked_today_moves_the_dates_of_what_was_ticked_and_lifts_nothing(steward, two, news):
    third = make.service("Not ticked", standing="suspended")
    ServiceStanding.objects.filter(service=two[0]).update(standing=Standing.SUSPENDED)
    assert steward.post(bulk("service", "checked_today", *two), {}).status_code == 302
    today = timezone.localdate()
    for one in two:
        row = ServiceStanding.objects.get(service=one)
        assert (row.assured_on, row.next_assurance_due_on) == (today, today + timedelta(days=365))
        assert row.assured_by.name == "Mel Tran"
    assert ServiceStanding.objects.get(service=two[0]).standing == Standing.SUSPENDED
    assert ServiceStanding.objects.get(service=third).assured_by is None
    assert set(news) == {one.pk for one in two}
    assert AuditEvent.objects.filter(action="words.confirm").count() == 2


def test_checked_today_shows_again_what_was_hidden_for_its_age_alone(steward, two):
    ServiceStanding.objects.filter(service=two[0]).update(standing=Standing.SUSPENDED, before_overdue=Standing.OPEN)
    steward.post(bulk("service", "checked_today", *two), {})
    row = ServiceStanding.objects.get(service=two[0])
    assert (row.standing, row.before_overdue) == (Standing.OPEN, "")


def test_suspending_several_needs_a_reason_and_takes_them_off_the_finder(steward, public, two, news):
    address = bulk("service", "suspend", *two)
    refused = steward.post(address, {"reason": ""})
    assert "Say why" in refused.content.decode()
    assert set(ServiceStanding.objects.values_list("standing", flat=True)) == {"open"}
    assert steward.post(address, {"reason": "An open question"}).status_code == 302
    assert set(ServiceStanding.objects.values_list("standing", "suspension_reason")) == {
        ("suspended", "An open question")
    }
    for one in two:
        assert public.get(reverse("directory:service", args=[one.slug])).status_code == 404
    assert set(news) == {one.pk for one in two}


def test_what_a_steward_suspends_among_several_no_answer_of_a_provider_brings_back(steward, two, news):
    """Though the clock had hidden it before: the steward's own word stands, as it does on the page of one entry."""
    rows = ServiceStanding.objects.filter(service__in=two)
    rows.update(standing="suspended", before_overdue="open")
    steward.post(bulk("service", "suspend", *two), {"reason": "An open question"})
    assurance.put_right(rows, by_user=None, at=timezone.now())
    assert set(rows.values_list("standing", "before_overdue")) == {("suspended", "")}


def test_an_organization_that_is_suspended_takes_its_services_along(steward, two, news):
    assert steward.post(bulk("organization", "suspend", two[0].organization), {"reason": "x"}).status_code == 302
    assert OrganizationStanding.objects.get(organization=two[0].organization).standing == Standing.SUSPENDED
    assert two[0].pk in news


def test_who_may_see_them_counts_at_once(steward, public, two):
    assert steward.post(bulk("service", "seen_by", *two), {"visibility": "professionals"}).status_code == 302
    assert public.get(reverse("directory:service", args=[two[0].slug])).status_code == 404
    assert (
        "Select a valid choice" in steward.post(bulk("service", "seen_by", *two), {"visibility": "x"}).content.decode()
    )


def test_all_or_nothing(steward, two, monkeypatch):
    """If the finder cannot be told of the second, the first stays as it was."""
    monkeypatch.setattr("cms.bulk.tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        steward.post(bulk("service", "suspend", *two), {"reason": "x"})
    assert set(ServiceStanding.objects.values_list("standing", flat=True)) == {"open"}


def test_everything_is_never_meant(steward, two):
    address = f"{reverse('wagtail_bulk_action', args=['directory', 'service', 'suspend'])}?id=all&next=/admin/"
    assert "Tick the entries themselves" in steward.get(address).content.decode()
    steward.post(address, {"reason": "x"})
    assert set(ServiceStanding.objects.values_list("standing", flat=True)) == {"open"}


def test_a_word_is_published_where_no_draft_waits_and_waits_where_one_does(steward, public, two):
    word = make.term("language", "so", "Somali")
    drafted, plain = two
    fill_in(
        steward, reverse("wagtailsnippets_directory_service:edit", args=[drafted.pk]), summary="A draft that waits."
    )
    assert steward.post(bulk("service", "add_word", *two), {"term": str(word.pk)}).status_code == 302
    plain, drafted = Service.objects.get(pk=plain.pk), Service.objects.get(pk=drafted.pk)
    assert list(plain.languages.all()) == [word]
    assert list(drafted.languages.all()) == []
    draft = drafted.get_latest_revision_as_object()
    assert (list(draft.languages.all()), draft.summary) == ([word], "A draft that waits.")
    assert "A draft that waits." not in public.get(reverse("directory:service", args=[drafted.slug])).content.decode()


def test_writers_of_courses_change_no_standing(employ, wearing, two):
    writer = wearing(employ("partnership_team"))
    writer.post(bulk("service", "suspend", *two), {"reason": "x"})
    assert set(ServiceStanding.objects.values_list("standing", flat=True)) == {"open"}


@pytest.mark.parametrize("ids", ["id=nonsense", "id=00000000-0000-0000-0000-000000000000", ""])
def test_what_is_not_there_is_no_error(steward, two, ids):
    address = f"{reverse('wagtail_bulk_action', args=['directory', 'service', 'suspend'])}?{ids}&next=/admin/"
    assert steward.post(address, {"reason": "x"}).status_code in (200, 302, 404)
    assert set(ServiceStanding.objects.values_list("standing", flat=True)) == {"open"}


# --- spreadsheets -----------------------------------------------------------------------------------------------------
def exports(browser, name: str) -> tuple[list[list[str]], list[list[str]]]:
    """Return the cells of a list's two spreadsheets."""
    address = reverse(name)
    text = b"".join(browser.get(address, {"export": "csv"}).streaming_content).decode()
    book = openpyxl.load_workbook(io.BytesIO(b"".join(browser.get(address, {"export": "xlsx"}).streaming_content)))
    rows = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(text, newline=""))), rows


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text(formula):
    assert harmless(formula) == f"'{formula}"
    assert (harmless("12 places"), harmless(-1), harmless(None), harmless("")) == ("12 places", -1, None, "")


def test_no_cell_of_an_export_begins_a_formula(steward, city):
    for number, formula in enumerate(FORMULAS[:4]):
        make.service(f"{formula} service {number}")
    for name in (
        "wagtailsnippets_directory_service:list",
        "wagtailsnippets_directory_organization:list",
        "servicestanding:index",
    ):
        for cells in exports(steward, name):
            assert len(cells) > 1
            for row in cells:
                assert [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    names = [row[0] for row in exports(steward, "wagtailsnippets_directory_service:list")[0]]
    assert "'=1+1 service 0" in names


@pytest.mark.parametrize("report", ["locked_pages", "site_history", "aging_pages", "page_types_usage", "workflow"])
def test_no_report_of_wagtails_own_begins_a_formula(report):
    view = resolve(reverse(f"wagtailadmin_reports:{report}")).func.view_class()
    for form in ("csv", "xlsx"):
        assert view.preprocess_field_value("title", "=1+1", form) == "'=1+1"
        assert view.preprocess_field_value("title", "A page", form) == "A page"


def our_lists() -> list[ModelViewSet]:
    """Return the admin's lists of our own rows."""
    ours = ("directory", "search", "training", "cms")
    return [one for one in viewsets.viewsets if isinstance(one, ModelViewSet) and one.model._meta.app_label in ours]


def test_every_list_of_ours_can_be_exported_and_does_so_harmlessly():
    found = {one.model._meta.model_name: one for one in our_lists()}
    assert {"service", "organization", "location", "searchsynonym"} <= set(found)
    for name, one in found.items():
        if name not in NOT_CARRIED_AWAY:
            assert one.list_export, f"{name} has no export"
            assert issubclass(one.index_view_class, SpreadsheetExportMixin), f"{name} is not exported by Wagtail"


@pytest.mark.parametrize("name", ["wagtailsnippets_directory_service:list", "location:index", "taxonomyterm:index"])
def test_an_export_costs_the_same_number_of_queries_for_two_and_for_twenty(steward, two, name):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            b"".join(steward.get(reverse(name), {"export": "csv"}).streaming_content)
        return len(queries)

    asked()
    few = asked()
    for number in range(18):
        make.service(f"Another {number}")
        make.location(name=f"Hall {number}")
    assert asked() == few


# --- versions ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("viewset", [ServiceViewSet, OrganizationViewSet])
def test_every_field_that_is_edited_can_be_compared(steward, two, viewset):
    entry = two[0] if viewset is ServiceViewSet else two[0].organization
    handler = viewset().edit_handler.bind_to_model(viewset.model)

    def panels(panel):
        for one in getattr(panel, "children", []):
            yield from panels(one)
        if isinstance(panel, FieldPanel | InlinePanel):
            yield panel

    named = list(panels(handler))
    assert len(named) > 8
    form = handler.get_form_class()(instance=entry, for_user=None)
    for one in named:
        bound = one.get_bound_panel(instance=entry, request=None, form=form, prefix="x")
        assert bound.get_comparison(), f"{getattr(one, 'field_name', one)} cannot be compared"


def test_what_changed_between_two_versions_is_shown_and_an_old_one_moves_neither_standing_nor_places(
    steward, public, two
):
    service = two[0]
    pool = make.pool(service, at=timezone.now(), free=2, taken=1)
    edit = reverse("wagtailsnippets_directory_service:edit", args=[service.pk])
    fill_in(steward, edit, action="publish", summary="The first words.")
    first = Service.objects.get(pk=service.pk).latest_revision_id
    fill_in(steward, edit, action="publish", summary="The second words.")
    second = Service.objects.get(pk=service.pk).latest_revision_id
    compare = reverse("wagtailsnippets_directory_service:revisions_compare", args=[service.pk, first, second])
    shown = steward.get(compare).content.decode()
    assert "first" in shown
    assert "second" in shown
    steward.post(bulk("service", "suspend", service), {"reason": "An open question"})
    type(pool).objects.filter(pk=pool.pk).update(occupied=2)
    revert = reverse("wagtailsnippets_directory_service:revisions_revert", args=[service.pk, first])
    assert "The first words." in steward.get(revert).content.decode()
    assert fill_in(steward, revert, action="publish").status_code == 302
    service.refresh_from_db()
    assert service.summary == "The first words."
    standing = ServiceStanding.objects.get(service=service)
    assert (standing.standing, standing.suspension_reason) == ("suspended", "An open question")
    pool.refresh_from_db()
    assert (pool.occupied, pool.total) == (2, type(pool).objects.get(pk=pool.pk).total)
    assert public.get(reverse("directory:service", args=[service.slug])).status_code == 404
    history = steward.get(reverse("wagtailsnippets_directory_service:history", args=[service.pk])).content.decode()
    assert history.count("Mel Tran") >= 3
