"""Every field that says something about somebody has a class, a purpose and an end."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from safekeeping import datamap
from safekeeping.datamap import CHILD, PERSONAL, STAFF, Field
from safekeeping.models import AuditEvent, AuditHead, OutboxRow, PeriodicJob, Session, User
from safekeeping.scoping import sensitive_models
from tests.safekeeping.sample_models import Case


def test_the_data_map_knows_every_field_of_every_sensitive_model():
    assert sorted(datamap.differences()) == []


def test_safekeepings_own_models_are_in_the_data_map():
    assert {User, Session, AuditEvent, AuditHead, OutboxRow, PeriodicJob} <= set(datamap.DATA_MAP)


def test_everything_in_brokering_that_is_kept_is_sensitive_or_classified():
    from django.apps import apps

    if not apps.is_installed("brokering"):
        pytest.skip("brokering is not installed")
    known = {*sensitive_models(), *datamap.DATA_MAP}
    assert [model._meta.label for model in apps.get_app_config("brokering").get_models() if model not in known] == []


@pytest.fixture
def case_map(monkeypatch):
    """Classify the sample case in full, in a map of its own."""
    whole = {
        **dict.fromkeys(["id", "ref", "team", "state"], Field(STAFF)),
        "on": Field(CHILD, "knowing when", retention="case"),
        **dict.fromkeys(["notes", "more"], Field(CHILD, "helping", sealed=True, retention="case")),
    }
    monkeypatch.setattr(datamap, "DATA_MAP", {Case: whole})
    monkeypatch.setattr(datamap, "sensitive_models", lambda: iter([Case]))
    return whole


def test_a_classified_model_has_no_differences(case_map):
    assert list(datamap.differences()) == []


def test_a_new_field_without_a_row_is_found(case_map):
    del case_map["on"]
    assert list(datamap.differences()) == ["sample.Case.on is not in the data map"]


def test_a_model_that_nobody_entered_is_found(monkeypatch, case_map):
    monkeypatch.setattr(datamap, "DATA_MAP", {})
    assert len(list(datamap.differences())) == len(case_map)


def test_a_row_without_a_field_is_found(case_map):
    case_map["gone"] = Field(STAFF)
    assert list(datamap.differences()) == ["sample.Case.gone is in the data map and nowhere else"]


def test_a_missing_seal_is_found(case_map):
    case_map["notes"] = Field(CHILD, "helping", retention="case")
    assert list(datamap.differences()) == ["sample.Case.notes: the data map and the model disagree about the seal"]


@pytest.mark.parametrize("row", [Field(CHILD, "helping"), Field(PERSONAL, retention="case")])
def test_what_is_about_people_needs_a_purpose_and_an_end(case_map, row):
    case_map["on"] = row
    assert list(datamap.differences()) == ["sample.Case.on needs a purpose and a retention class"]


def test_a_model_is_entered_once(case_map):
    with pytest.raises(ImproperlyConfigured):
        datamap.declare(Case, case_map)


def test_the_map_can_be_read(case_map):
    assert "| notes | child | yes |" in datamap.as_markdown()
