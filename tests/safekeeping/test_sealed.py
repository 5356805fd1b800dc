from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.apps.registry import Apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection, models

from safekeeping import sealed
from safekeeping.sealed import SealedTextField, SealError, blind_index, seal, unseal
from tests.safekeeping.sample_models import Case, _sample_tables, cases  # noqa: F401 - fixtures

CANARY = "kestrel-7f3a91-child"


def every_case():
    return Case.objects.unscoped(reason="test")


def as_it_lies(case: Case, column: str = "notes") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sample_case WHERE id = %s", [case.pk])
        return cursor.fetchone()[0]


def plant(case: Case, token: str | None, column: str = "notes") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE sample_case SET {column} = %s WHERE id = %s", [token, case.pk])


@pytest.fixture
def case(cases):  # noqa: F811
    return Case.objects.create(notes=CANARY, more="other")


@pytest.mark.parametrize("text", ["plain", "", "s1.k1.AAAA", "Ünïcödé 🌱", "x" * 10_000, "two\nlines"])
def test_a_sealed_value_reads_as_it_was_written(case, text):
    case.notes = text
    case.save()
    assert every_case().get(pk=case.pk).notes == text
    assert as_it_lies(case).startswith("s1.k1.")


def test_nothing_is_sealed_as_nothing(case):
    case.notes = None
    case.save()
    assert every_case().get(pk=case.pk).notes is None
    assert every_case().filter(notes__isnull=True, pk=case.pk).exists()


def test_equal_values_lie_differently(case):
    other = Case.objects.create(notes=CANARY)
    assert as_it_lies(case) != as_it_lies(other)


def test_the_database_holds_no_plain_text(case):
    if connection.vendor == "sqlite":
        assert CANARY.encode() not in connection.connection.serialize()
    assert CANARY not in as_it_lies(case)
    assert CANARY not in str(list(every_case().values()))
    assert CANARY not in serializers.serialize("json", [every_case().get(pk=case.pk), case])


def test_loading_a_row_opens_nothing(case, monkeypatch):
    monkeypatch.setattr(sealed, "unseal", lambda *_: pytest.fail("opened"))
    loaded = every_case().get(pk=case.pk)
    assert CANARY not in str(loaded.__dict__)
    loaded.state = "done"
    loaded.save()


def test_saving_a_row_leaves_untouched_seals_as_they_are(case):
    was = as_it_lies(case)
    loaded = every_case().get(pk=case.pk)
    loaded.state = "done"
    loaded.save()
    assert as_it_lies(case) == was


def test_a_deferred_value_is_fetched_when_it_is_read(case):
    assert every_case().defer("notes").get(pk=case.pk).notes == CANARY


def test_a_refreshed_row_reads_and_saves(case):
    case.refresh_from_db()
    assert case.notes == CANARY
    case.save()
    assert every_case().get(pk=case.pk).notes == CANARY


# --- what breaks the seal --------------------------------------------------------------------------------------------


def test_a_value_moved_to_another_row_does_not_open(case):
    other = Case.objects.create(notes="mine")
    plant(other, as_it_lies(case))
    with pytest.raises(SealError):
        _ = every_case().get(pk=other.pk).notes


def test_a_value_moved_to_another_field_does_not_open(case):
    plant(case, as_it_lies(case), column="more")
    with pytest.raises(SealError):
        _ = every_case().get(pk=case.pk).more


@pytest.mark.parametrize("position", [6, 20, -3])
def test_a_changed_value_does_not_open(case, position):
    token = as_it_lies(case)
    changed = "A" if token[position] != "A" else "B"
    plant(case, token[:position] + changed + (token[position + 1 :] if position != -1 else ""))
    with pytest.raises(SealError):
        _ = every_case().get(pk=case.pk).notes


@pytest.mark.parametrize(
    "planted", ["plain text", "", "s1.k1", "s1.k1.", "s1.k9.AAAA", "s2.k1.AAAA", "s1.k1.é", "a.b.c.d"]
)
def test_planted_text_does_not_open(case, planted):
    plant(case, planted)
    with pytest.raises(SealError):
        _ = every_case().get(pk=case.pk).notes


def test_another_key_does_not_open(case, settings):
    settings.SEAL_KEYS = {"k1": bytes(32)}
    with pytest.raises(SealError):
        _ = every_case().get(pk=case.pk).notes


def test_a_refusal_tells_neither_value_nor_token(case):
    token = as_it_lies(case)
    plant(case, token[:-4] + "AAAA")
    with pytest.raises(SealError) as refused:
        _ = every_case().get(pk=case.pk).notes
    assert token[8:20] not in repr(refused.value)
    assert refused.value.__suppress_context__


# --- what a sealed field refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "look_up",
    [
        {"notes": "x"},
        {"notes__exact": "x"},
        {"notes__startswith": "s1"},
        {"notes__in": ["x"]},
        {"notes__contains": "x"},
        {"notes__length": 3},
    ],
)
def test_a_sealed_field_is_not_searched(case, look_up):
    with pytest.raises(SealError):
        every_case().filter(**look_up)


def test_a_sealed_field_is_not_written_past_its_row(case):
    with pytest.raises(SealError):
        every_case().update(notes="plain")
    case.notes = "changed"
    with pytest.raises(SealError):
        every_case().bulk_update([case], ["notes"])


def test_a_sealed_field_can_be_emptied_for_many_rows(case):
    every_case().update(notes=None)
    assert not every_case().filter(notes__isnull=False).exists()


def test_rows_made_together_are_sealed(case):
    Case.objects.bulk_create([Case(notes=CANARY), Case(notes=CANARY)])
    assert not [token for token in every_case().values_list("notes", flat=True) if token and CANARY in token]


def test_a_model_without_a_ref_cannot_have_sealed_fields():
    class Loose(models.Model):
        text = SealedTextField(default="x")

        class Meta:
            app_label = "sample"
            apps = Apps()

        def __str__(self) -> str:
            return ""

    assert {found.id for found in Loose._meta.get_field("text").check()} >= {"safekeeping.E101", "safekeeping.E102"}
    assert Case._meta.get_field("notes").check() == []


# --- keys ------------------------------------------------------------------------------------------------------------

OLD, NEW = bytes(range(32)), bytes(range(100, 132))


def test_after_a_rotation_the_old_key_can_go(case, settings, monkeypatch):
    monkeypatch.setattr(sealed, "models_with_seals", lambda: [Case])
    settings.SEAL_KEYS = {"k2": NEW, "k1": OLD}
    assert every_case().get(pk=case.pk).notes == CANARY
    call_command("rotate_seal", batch=2, stdout=(said := StringIO()))
    assert said.getvalue().startswith("5 values")
    settings.SEAL_KEYS = {"k2": NEW}
    assert every_case().get(pk=case.pk).notes == CANARY
    call_command("rotate_seal", stdout=(said := StringIO()))
    assert said.getvalue().startswith("0 values")


def test_a_stopped_rotation_goes_on_where_it_was(case, settings):
    settings.SEAL_KEYS = {"k2": NEW, "k1": OLD}
    turns = sealed.reseal(Case, batch=1)
    next(turns)
    turns.close()
    assert sum(done for done, _ in sealed.reseal(Case, batch=2)) == 4
    assert all(token.startswith("s1.k2.") for token in every_case().values_list("notes", flat=True))


def test_a_rotation_leaves_what_somebody_changes_meanwhile(case, settings, monkeypatch):
    settings.SEAL_KEYS = {"k2": NEW, "k1": OLD}
    swap = sealed._swap

    def somebody_is_quicker(field, pk, was, becomes, *, using):
        plant(Case(pk=pk), seal("newer", field.bound_to(Case._base_manager.get(pk=pk))), column=field.column)
        return swap(field, pk, was, becomes, using=using)

    monkeypatch.setattr(sealed, "_swap", somebody_is_quicker)
    assert sum(done for done, _ in sealed.reseal(Case)) == 0
    assert every_case().get(pk=case.pk).notes == "newer"


def test_a_rotation_says_what_does_not_open_and_goes_on(case, settings, monkeypatch):
    monkeypatch.setattr(sealed, "models_with_seals", lambda: [Case])
    settings.SEAL_KEYS = {"k2": NEW, "k1": OLD}
    plant(case, "plain text")
    with pytest.raises(CommandError, match=r"4 values resealed; 1 do not open"):
        call_command("rotate_seal")


def test_eight_threads_read_right_while_others_validate():
    rows = [Case(notes=CANARY, more="m") for _ in range(20)]
    field = Case._meta.get_field("notes")
    loaded = [
        Case.from_db(
            "default", ["id", "ref", "notes"], [n, row.ref, field.from_db_value(field.pre_save(row, True), None, None)]
        )
        for n, row in enumerate(rows)
    ]
    wrong, ended = [], threading.Event()

    def read():
        for _ in range(40):
            wrong.extend(row.notes for row in loaded if row.notes != CANARY)

    def validate():
        while not ended.is_set():
            for row in loaded:
                row.clean_fields(exclude=["team", "ref", "state", "on", "more"])

    readers = [threading.Thread(target=read) for _ in range(8)]
    beside = threading.Thread(target=validate)
    for thread in [beside, *readers]:
        thread.start()
    for thread in readers:
        thread.join()
    ended.set()
    beside.join()
    assert wrong == []


def test_a_blind_index_knows_equal_values_and_tells_nothing(settings):
    assert blind_index("Sam  Green ") == blind_index("sam green") == blind_index("ｓam green")
    assert blind_index("sam green") != blind_index("sam greene")
    assert "sam" not in blind_index("sam green")
    was = blind_index("2012-03-04")
    settings.SEAL_INDEX_KEY = bytes(32)
    assert blind_index("2012-03-04") != was


def test_a_seal_is_bound_to_its_purpose():
    assert unseal(seal("x", "here"), "here") == "x"
    with pytest.raises(SealError):
        unseal(seal("x", "here"), "there")
