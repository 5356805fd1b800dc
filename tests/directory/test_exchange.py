"""A table of services changes what it says it would, once, whatever happens half-way, and can be taken back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, ReferenceIndex

from directory import tables
from directory.exchange import batches, export
from directory.exchange.columns import COLUMNS, World
from directory.exchange.plan import Verdict, plan
from directory.exchange.writing import Writer
from directory.models import (
    Address,
    ImportRow,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from directory.tables import Unreadable
from safekeeping import outbox
from safekeeping.models import OutboxRow, User
from safekeeping.policy import Hat
from tests.factories import directory as make
from tests.factories import site as stewards_side

pytestmark = pytest.mark.django_db

NEW = {
    "key": "night-owls",
    "name": "Night owls",
    "organization": "owls",
    "organization_name": "Owls",
    "organization_type": "vcs_charity",
    "summary": "Out late, with you.",
    "service_type": "community_mentoring",
    "intervention_level": "targeted_diversion",
    "subject": "child",
    "request_mode": "broker_only",
}


@pytest.fixture
def words(db):
    for taxonomy, code in (
        ("service_type", "community_mentoring"), ("intervention_level", "targeted_diversion"),
        ("organization_type", "vcs_charity"), ("harm_type", "cce"), ("harm_type", "missing"), ("language", "so"),
    ):  # fmt: skip
        make.term(taxonomy, code)


@pytest.fixture
def by(db):
    steward = User.objects.create_user("mel@city.example", name="Mel Tran")
    return Hat(
        membership_id=1, user_id=steward.pk, person="Mel Tran", role="content_editor",
        organization_id=make.organization().pk, organization="The city",
    )  # fmt: skip


def table(*rows: dict[str, str]) -> tables.Table:
    """Return what would be read of a file with these rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return tables.read(b"".join(tables.as_csv(names, [[row.get(name, "") for name in names] for row in rows])))


def planned(*rows: dict[str, str]):
    return list(plan(table(*rows), World.read()))


def work() -> int:
    """Let the worker do what waits; return how much that was."""
    return outbox.deliver_due(now=timezone.now)


def brought(by: Hat, *rows: dict[str, str], publish: bool = True):
    """Look at a file, apply it, and let the worker work until nothing is left."""
    batch = batches.look(table(*rows), name="file.csv", by=by, at=timezone.now())
    batches.apply(batch, publish=publish, by=by, at=timezone.now())
    work()
    batch.refresh_from_db()
    return batch


def cell_of(row, column: str) -> str:
    return next(fault.cell for fault in row.faults if fault.column == column)


# --- looking ------------------------------------------------------------------------------------------------------------


def test_a_new_service_is_new_and_looking_changes_nothing(words, by):
    batch = batches.look(table(NEW), name="file.csv", by=by, at=timezone.now())
    assert batches.counts(batch)["new"] == 1
    assert not Service.objects.exists()
    assert not OutboxRow.objects.filter(kind=batches.KIND).exists()


def test_a_change_is_told_column_by_column(words):
    kept = make.service("Old name", summary="Old words", harms=["cce"])
    [row] = planned({"key": kept.slug, "name": "Old name", "summary": "New words", "harm_types": "Missing; cce"})
    assert row.verdict == Verdict.CHANGED
    assert [(change.column, change.old, change.new) for change in row.changes] == [
        ("summary", "Old words", "New words"),
        ("harm_types", "cce", "cce; missing"),
    ]


def test_errors_stand_beside_their_cells(words):
    [row] = planned(NEW | {"minimum_age": "twelve", "harm_types": "cce; sadness", "facts_as_at": "11/26/2026"})
    assert row.verdict == Verdict.ERROR
    assert cell_of(row, "minimum_age") == "K2"
    assert cell_of(row, "harm_types") == "L2"
    assert cell_of(row, "facts_as_at") == "M2"


@pytest.mark.parametrize("name", ["risk_score", "suspect", "vulnerability_index"])
def test_an_unknown_column_is_refused_by_name(words, name):
    with pytest.raises(Unreadable, match=name):
        planned(NEW | {name: "7"})


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"name": ""}, "name"),
        ({"key": "Not a key!"}, "key"),
        ({"service_type": "magic"}, "service_type"),
        ({"subject": "dogs"}, "subject"),
        ({"minimum_age": "17", "maximum_age": "10"}, "maximum_age"),
        ({"minimum_age": "-1"}, "minimum_age"),
        ({"minimum_age": "١٢"}, "minimum_age"),
        ({"maximum_age": "400"}, "maximum_age"),
        ({"travels_to_child": "perhaps"}, "travels_to_child"),
        ({"organization_name": ""}, "organization_name"),
        ({"organization_email": "nobody"}, "organization_email"),
        ({"evidence_source": "javascript:alert(1)"}, "evidence_source"),
        ({"areas": "Atlantis"}, "areas"),
        ({"places": "The Hub"}, "places"),
        ({"schedules": "someday 4-5"}, "schedules"),
        ({"schedules": "MO 18:00-16:00"}, "schedules"),
        ({"schedules": "MO 16:00-18:00 | at Nowhere"}, "schedules"),
        ({"name": "x" * 200}, "name"),
        ({"summary": "x" * 500}, "summary"),
        ({"contact_email": "a@"}, "contact_email"),
    ],
)
def test_what_cannot_be_is_refused_with_its_column(words, change, column):
    [row] = planned(NEW | change)
    assert row.verdict == Verdict.ERROR
    assert column in {fault.column for fault in row.faults}


def test_a_row_is_known_by_its_reference_where_there_is_no_key(words):
    kept = make.service("Known", source_ref="B14")
    [row] = planned({"source_ref": "B14", "summary": "Other words"})
    assert row.service_id == kept.pk
    make.service("Also", source_ref="B14")
    [row] = planned({"source_ref": "B14", "summary": "Other words"})
    assert row.verdict == Verdict.ERROR


def test_two_rows_about_one_service_are_refused(words):
    first, second = planned(NEW, NEW | {"name": "Again"})
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.ERROR)


def test_two_rows_that_say_different_things_of_one_organization_are_refused(words):
    first, second = planned(NEW, NEW | {"key": "other", "organization_name": "Hawks"})
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.ERROR)


def test_a_service_stays_with_its_organization(words):
    kept, other = make.service(), make.organization()
    [row] = planned({"key": kept.slug, "organization": other.slug})
    assert row.verdict == Verdict.ERROR


def test_looking_costs_the_same_for_two_rows_and_forty(words, django_assert_max_num_queries):
    many = [make.service(harms=["cce"]) for _ in range(40)]
    rows = [{"key": one.slug, "summary": "Other words"} for one in many]
    with django_assert_max_num_queries(26):
        planned(*rows)


# --- applying -----------------------------------------------------------------------------------------------------------


def test_published_at_once_it_is_there_with_all_it_says(words, by):
    told = NEW | {
        "harm_types": "cce", "minimum_age": "10", "contact_name": "Duty worker", "contact_telephone": "+44 117 496 0101",
        "areas": "citywide", "travels_to_child": "Yes", "schedules": "Mon, Wed 4pm-6pm | term time only | note: ring",
        "facts_as_at": "1 October 2021",
    }  # fmt: skip
    batch = brought(by, told)
    assert batch.state == "applied"
    service = Service.objects.visible_to(None).get(slug="night-owls")
    assert service.organization.live
    assert [term.code for term in service.harm_types.all()] == ["cce"]
    assert service.contacts.get().telephone == "+44 117 496 0101"
    assert service.travels_to_child
    assert service.facts_as_at.year == 2021
    assert ServiceArea.objects.get(service=service).extent == "citywide"
    assert Schedule.objects.get(service=service).byday == "MO,WE"
    assert service.latest_revision.user_id == by.user_id


def test_without_the_tick_new_words_wait_for_a_steward(words, by):
    stewards_side.set_up()
    brought(by, NEW, publish=False)
    service = Service.objects.get(slug="night-owls")
    assert not service.live
    assert service.workflow_in_progress
    assert not Service.objects.visible_to(None).filter(pk=service.pk).exists()


def test_without_the_tick_a_change_is_a_draft_and_facts_are_immediate(words, by):
    kept = make.service("Stay", summary="Old words", serves=["citywide"])
    brought(by, {"key": kept.slug, "summary": "New words", "areas": "anywhere"}, publish=False)
    kept.refresh_from_db()
    assert kept.summary == "Old words"
    assert kept.has_unpublished_changes
    assert kept.get_latest_revision_as_object().summary == "New words"
    assert ServiceArea.objects.get(service=kept).extent == "anywhere"


def test_words_of_a_vocabulary_wait_in_the_draft_too(words, by):
    kept = make.service("Stay", harms=["cce"])
    brought(by, {"key": kept.slug, "harm_types": "missing"}, publish=False)
    kept = Service.objects.get(pk=kept.pk)
    assert [term.code for term in kept.harm_types.all()] == ["cce"]
    assert [term.code for term in kept.get_latest_revision_as_object().harm_types.all()] == ["missing"]


def test_a_draft_that_waits_is_not_published_by_an_import(words, by):
    kept = make.service("Stay", summary="Old words")
    kept.summary = "Somebody's draft"
    kept.save_revision()
    [row] = planned({"key": kept.slug, "summary": "New words"})
    assert row.verdict == Verdict.ERROR


def test_what_changed_since_it_was_looked_at_is_left(words, by):
    kept = make.service("Stay", summary="Old words")
    batch = batches.look(table({"key": kept.slug, "summary": "New words"}), name="f", by=by, at=timezone.now())
    Service.objects.filter(pk=kept.pk).update(summary="A colleague's words")
    batches.apply(batch, publish=True, by=by, at=timezone.now())
    work()
    kept.refresh_from_db()
    assert kept.summary == "A colleague's words"
    assert batch.rows.get().state == "left"


def test_a_draft_made_since_then_is_not_published_whatever_it_is_about(words, by):
    kept = make.service("Stay", summary="Old words")
    batch = batches.look(table({"key": kept.slug, "summary": "New words"}), name="f", by=by, at=timezone.now())
    kept.pilot_question = "No column of a table tells this"
    kept.save_revision()
    batches.apply(batch, publish=True, by=by, at=timezone.now())
    work()
    kept = Service.objects.get(pk=kept.pk)
    assert (kept.summary, kept.pilot_question) == ("Old words", "")
    assert batch.rows.get().state == "left"


def test_many_changes_at_once_leave_the_row_and_the_history_that_publishing_one_by_one_leaves(words, by):
    cells = {"name": "New", "summary": "New words", "service_type": "school_support", "harm_types": "missing",
             "minimum_age": "11", "travels_to_child": "yes", "facts_as_at": "2026-01-31", "contact_name": "Duty"}  # fmt: skip
    make.term("service_type", "school_support")
    one, other = (make.service("Old", slug=slug, harms=["cce"]) for slug in ("one", "other"))
    for each in (one, other):
        each.contacts.create(name="First")
        each.contacts.create(name="Second")
        each.eligibility_rules.create(kind="panel_selected", message="A panel chooses.")
        each.save_revision().publish()
    brought(by, {"key": "one"} | cells)

    draft = Service.objects.get(pk=other.pk)
    writer = Writer(World.read(), User.objects.get(pk=by.user_id), True, timezone.now())
    writer.set_words(draft, cells)
    writer.keep_words(draft)

    def left(service: Service) -> tuple:
        service = Service.objects.get(pk=service.pk)
        told = service.serializable_data() | service.latest_revision.content
        history = ModelLogEntry.objects.filter(object_id=str(service.pk)).values_list(
            "action", "data", "content_changed"
        )
        own = ("id", "pk", "slug", "service", "organization", "latest_revision", "live_revision")

        def kept(value: object) -> object:
            if isinstance(value, dict):
                return {name: kept(one) for name, one in value.items() if name not in own and not name.endswith("_at")}
            return [kept(one) for one in value] if isinstance(value, list) else value

        return (
            kept(told), kept(service.serializable_data()), sorted(map(str, history)), service.live,
            service.live_revision == service.latest_revision, service.has_unpublished_changes,
            bool(service.first_published_at), bool(service.last_published_at), [str(one) for one in service.contacts.all()],
        )  # fmt: skip

    assert left(one) == left(other)
    assert left(one)[-1] == ["Duty", "Second"]


def test_where_a_word_is_used_is_known_from_what_is_public(words, by):
    other = make.term("service_type", "school_support")
    kept = make.service("Stay")
    brought(by, {"key": kept.slug, "service_type": "school_support"}, publish=False)
    assert not ReferenceIndex.get_references_to(other).exists()
    kept.refresh_from_db()
    kept.publish(kept.latest_revision)
    assert ReferenceIndex.get_references_to(other).exists()
    brought(by, {"key": kept.slug, "service_type": "community_mentoring"})
    assert not ReferenceIndex.get_references_to(other).exists()


def test_applying_costs_the_same_for_changes_of_two_services_and_of_forty_but_for_their_own_rows(words, by):
    def questions(number: int) -> int:
        slugs = [make.service(f"Stay {one}").slug for one in range(number)]
        rows = [{"key": slug, "summary": f"New {number}", "harm_types": "missing"} for slug in slugs]
        batch = batches.look(table(*rows), name="f", by=by, at=timezone.now())
        batches.apply(batch, publish=True, by=by, at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            assert batches.one_chunk(batch.pk, "applying", at=timezone.now()) == number
        return len(asked)

    two, forty = questions(2), questions(40)
    assert (forty - two) / 38 <= 6, "its own row, and the row of its news in a savepoint"


def test_a_suspension_is_not_lifted(words, by):
    kept = make.service("Stay", standing="suspended")
    brought(by, {"key": kept.slug, "summary": "New words"})
    kept.refresh_from_db()
    assert kept.summary == "New words"
    assert kept.standing.standing == "suspended"
    assert not Service.objects.published().exists()


def test_other_contacts_and_conditions_stay(words, by):
    kept = make.service("Stay")
    kept.contacts.create(name="First")
    kept.contacts.create(name="Second")
    kept.eligibility_rules.create(kind="panel_selected", message="A panel chooses.")
    kept.save()
    brought(by, {"key": kept.slug, "contact_name": "Duty"})
    kept = Service.objects.get(pk=kept.pk)
    assert [one.name for one in kept.contacts.order_by("pk")] == ["Duty", "Second"]
    assert kept.eligibility_rules.get().message == "A panel chooses."


def test_the_finder_is_told(words, by, django_capture_on_commit_callbacks):
    from directory import signals

    told = []

    def listen(sender, service_ids, **more):
        told.extend(service_ids)

    signals.services_changed.connect(listen)
    brought(by, NEW)
    signals.services_changed.disconnect(listen)
    assert Service.objects.get().pk in told


def test_one_that_is_done_in_the_middle_is_resumed_without_doubling(words, by, monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 3)
    rows = [NEW | {"key": f"one-{n}", "name": f"One {n}"} for n in range(8)]
    batch = batches.look(table(*rows), name="f", by=by, at=timezone.now())
    batches.apply(batch, publish=True, by=by, at=timezone.now())
    batches.one_chunk(batch.pk, "applying", at=timezone.now())
    assert Service.objects.count() == 3
    work()
    batch.refresh_from_db()
    assert batch.state == "applied"
    assert sorted(Service.objects.values_list("slug", flat=True)) == [f"one-{n}" for n in range(8)]
    assert Organization.objects.filter(slug="owls").count() == 1
    assert batches.counts(batch)["done"] == 8


def test_a_chunk_that_fails_leaves_nothing_behind(words, by, monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 3)
    rows = [NEW | {"key": f"one-{n}", "name": f"One {n}"} for n in range(4)]
    batch = batches.look(table(*rows), name="f", by=by, at=timezone.now())
    batches.apply(batch, publish=True, by=by, at=timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr(batches.Chunk, "keep", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            batches.one_chunk(batch.pk, "applying", at=timezone.now())
    assert not Service.objects.exists()
    assert batches.counts(batch)["waiting"] == 4


# --- undoing ------------------------------------------------------------------------------------------------------------


def undone(batch, by: Hat):
    batches.undo(batch, by=by, at=timezone.now())
    work()
    batch.refresh_from_db()
    assert batch.state == "undone"
    return batches.counts(batch)


def test_undoing_a_change_restores_words_and_facts(words, by):
    kept = make.service("Stay", summary="Old words", harms=["cce"], serves=["citywide"])
    batch = brought(by, {"key": kept.slug, "summary": "New", "harm_types": "missing", "areas": "anywhere"})
    kept.refresh_from_db()
    assert kept.summary == "New"
    assert undone(batch, by)["undone"] == 1
    kept = Service.objects.get(pk=kept.pk)
    assert kept.summary == "Old words"
    assert [term.code for term in kept.harm_types.all()] == ["cce"]
    assert ServiceArea.objects.get(service=kept).extent == "citywide"


def test_undoing_a_new_one_archives_it(words, by):
    batch = brought(by, NEW)
    assert undone(batch, by)["undone"] == 1
    service = Service.objects.get()
    assert not service.live
    assert service.standing.standing == "archived"


def test_what_somebody_changed_afterwards_is_not_undone(words, by):
    kept = make.service("Stay", summary="Old words")
    batch = brought(by, {"key": kept.slug, "summary": "New"})
    Service.objects.filter(pk=kept.pk).update(summary="A colleague's words")
    assert undone(batch, by)["kept"] == 1
    kept.refresh_from_db()
    assert kept.summary == "A colleague's words"


def test_nothing_is_applied_or_undone_twice(words, by):
    batch = brought(by, NEW)
    with pytest.raises(batches.NotNow):
        batches.apply(batch, publish=True, by=by, at=timezone.now())
    undone(batch, by)
    with pytest.raises(batches.NotNow):
        batches.undo(batch, by=by, at=timezone.now())


# --- there and back -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["everything", "published"])
def test_what_is_exported_and_imported_again_changes_nothing(words, by, form, what):
    hub = make.location("The Hub", address="1 Street", postcode="BS5 0AA")
    make.location("Twice")
    twice = make.location("Twice")
    one = make.service(
        "=cmd|' /C calc'!A0", summary="-1\r\n+2", harms=["cce", "missing"], at=[hub, twice], pattern="@once"
    )
    at = ServiceAtLocation.objects.get(service=one, location=hub)
    Schedule.objects.create(
        service=one, at_location=at, byday="WE,MO", opens_at="16:00", closes_at="18:00", note="a | b"
    )
    one.contacts.create(name="Duty", telephone="+44 117 496 0101")
    make.service("Plain", minimum_age=None, maximum_age=None)
    rows = list(getattr(export, what)(export.all_ids()))
    columns = export.FOR_STEWARDS if what == "everything" else export.FOR_ANYBODY
    content = b"".join(tables.as_csv(columns, rows)) if form == "csv" else tables.as_xlsx(columns, rows)
    read = tables.read(content)
    found = list(plan(read, World.read()))
    assert [row.faults for row in found] == [[], []]
    assert [row.changes for row in found] == [[], []]


def test_the_public_table_names_no_place_that_is_not_shown(words):
    refuge = make.location("Secret Refuge", address="9 Hidden Lane", postcode="BS5 0AB", address_visibility="area_only")
    service = make.service("Quiet", at=[refuge])
    at = ServiceAtLocation.objects.get(service=service)
    Schedule.objects.create(service=service, at_location=at, byday="MO")
    told = b"".join(tables.as_csv(export.FOR_ANYBODY, export.published(export.public_ids()))).decode()
    for secret in ("Secret Refuge", "Hidden Lane", "0AB"):
        assert secret not in told


def test_the_public_table_has_no_draft_and_nothing_that_is_not_public(words):
    make.service("For professionals", visibility="professionals")
    make.service("Suspended", standing="suspended")
    shown = make.service("Shown", summary="Published words")
    shown.summary = "Draft words"
    shown.save_revision()
    told = b"".join(tables.as_csv(export.FOR_ANYBODY, export.published(export.public_ids()))).decode()
    assert "Published words" in told
    for hidden in ("For professionals", "Suspended", "Draft words"):
        assert hidden not in told


def test_a_table_costs_the_same_for_two_services_and_forty(words, django_assert_max_num_queries):
    for _ in range(40):
        make.service(harms=["cce"], at=[make.location()])
    with django_assert_max_num_queries(26):
        list(export.everything(export.all_ids()))


def test_a_new_place_is_made_with_its_postcode(words, by, settings, tmp_path):
    from tests.factories.postcode_table import small_table

    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    make.places()
    brought(by, NEW | {"places": "The Den | 1 Street | BS5 0AA", "schedules": "FR 19:00-22:00 | at The Den"})
    den = Location.objects.get(name="The Den")
    assert Address.objects.get(location=den).address_1 == "1 Street"
    assert Schedule.objects.get().at_location.location == den


def test_every_column_is_explained():
    assert all(column.about.endswith((".", ":")) for column in COLUMNS)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


def test_rows_keep_no_more_than_they_need(words, by):
    batches.look(table(NEW | {"minimum_age": "twelve"}), name="f", by=by, at=timezone.now())
    row = ImportRow.objects.get()
    assert row.cells == {}
