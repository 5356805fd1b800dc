from __future__ import annotations

import secrets
from datetime import date

import pytest

from safekeeping import checks, scoping, working_time


def ids(check, **more) -> set[str]:
    return {found.id for found in check(None, **more)}


@pytest.fixture
def production(settings):
    settings.ENVIRONMENT = "production"
    settings.SEAL_KEYS = {"k1": secrets.token_bytes(32)}
    settings.SEAL_INDEX_KEY, settings.AUDIT_KEY = secrets.token_bytes(32), secrets.token_bytes(32)
    settings.EMAIL_BACKEND = "safekeeping.outbox.OutboxEmailBackend"
    settings.OUTBOX_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def test_a_good_production_has_nothing_to_be_told(production):
    production.ADMINS = production.MANAGERS = []
    assert ids(checks.keys_are_there) == set()
    assert ids(checks.production_tells_nobody) == set()
    assert ids(checks.mail_goes_through_the_outbox) == set()
    assert ids(checks.time_is_known) == set()
    assert ids(checks.database_is_exact) == set()


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("SEAL_KEYS", {}, "safekeeping.E002"),
        ("SEAL_KEYS", {"k1": b"short"}, "safekeeping.E002"),
        ("SEAL_KEYS", {"k.1": bytes.fromhex("0f" * 31 + "01")}, "safekeeping.E002"),
        ("AUDIT_KEY", b"", "safekeeping.E002"),
        ("AUDIT_KEY", bytes(32), "safekeeping.E003"),
        ("SEAL_INDEX_KEY", bytes(range(1, 33)), "safekeeping.E003"),
    ],
)
def test_keys_that_are_missing_short_or_guessable_are_refused(production, name, value, found):
    setattr(production, name, value)
    assert found in ids(checks.keys_are_there)


def test_one_key_has_one_purpose(production):
    production.AUDIT_KEY = production.SEAL_INDEX_KEY
    assert ids(checks.keys_are_there) == {"safekeeping.E003"}


def test_what_would_show_or_send_what_people_typed_is_refused(production):
    production.DEBUG, production.ADMINS = True, [("A", "a@a.example")]
    assert ids(checks.production_tells_nobody) == {"safekeeping.E004", "safekeeping.E005"}


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", "safekeeping.E006"),
        ("OUTBOX_DELIVERY_BACKEND", "safekeeping.outbox.OutboxEmailBackend", "safekeeping.E006"),
        ("EMAIL_TIMEOUT", None, "safekeeping.E007"),
        ("EMAIL_TIMEOUT", 600, "safekeeping.E007"),
    ],
)
def test_mail_past_the_outbox_or_past_its_lease_is_refused(production, name, value, found):
    setattr(production, name, value)
    assert ids(checks.mail_goes_through_the_outbox) == {found}


def test_times_without_a_zone_are_refused(production):
    production.TIME_ZONE = "UTC"
    assert ids(checks.time_is_known) == {"safekeeping.E008"}


def test_bank_holidays_that_run_out_are_announced(monkeypatch):
    monkeypatch.setattr(working_time, "known_until", lambda: date(2020, 12, 31))
    assert ids(checks.time_is_known) == {"safekeeping.W009"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"OPTIONS": {}}, "safekeeping.E011"),
        ({"OPTIONS": {"timeout": 20, "transaction_mode": "DEFERRED"}}, "safekeeping.E011"),
        ({"ATOMIC_REQUESTS": True}, "safekeeping.E010"),
    ],
)
def test_a_database_under_which_two_could_get_the_last_place_is_refused(settings, monkeypatch, change, found):
    class Sqlite:
        vendor = "sqlite"

    monkeypatch.setattr(checks, "connections", {"default": Sqlite})
    monkeypatch.setitem(settings.DATABASES, "default", {**settings.DATABASES["default"], **change})
    assert found in ids(checks.database_is_exact)


def test_the_house_is_tight():
    assert {
        model._meta.label: scoping.leaks(model) for model in scoping.sensitive_models() if scoping.leaks(model)
    } == {}
    assert ids(checks.sensitive_models_are_tight) == set()
