"""Mistakes of a deployment that must be found before anybody signs in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections
from django.utils import timezone

from safekeeping import outbox, scoping, working_time

DEVELOPMENT = "config.development"
KEY_BYTES = 32
# What SQLite must be told so that places and the trail stay exact (config.databases says why).
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
SQLITE_TIMEOUT_SECONDS = 20
HOLIDAYS_KNOWN_FOR = timedelta(days=180)


@register()
def no_sample_people_in_production(app_configs: Sequence[AppConfig] | None, **more: Any) -> list[Error]:
    """Refuse a production that offers sample people: one button each, no password."""
    offered = apps.is_installed(DEVELOPMENT) or getattr(settings, "SAMPLE_PEOPLE", False)
    if settings.ENVIRONMENT == "production" and offered:
        return [
            Error(
                "production offers sample people, who sign in without a password",
                hint=f"Take {DEVELOPMENT} out of INSTALLED_APPS and SAMPLE_PEOPLE out of the settings.",
                id="safekeeping.E001",
            )
        ]
    return []


@register(Tags.security)
def keys_are_there(app_configs: Sequence[AppConfig] | None, **more: Any) -> Iterable[CheckMessage]:
    """Refuse to run without keys, with short ones, with guessable ones."""
    ring = getattr(settings, "SEAL_KEYS", {})
    keys = {f"SEAL_KEYS[{name!r}]": key for name, key in ring.items()}
    keys |= {name: getattr(settings, name, b"") for name in ("SEAL_INDEX_KEY", "AUDIT_KEY")}
    if not ring:
        yield Error("SEAL_KEYS is empty: nothing can be sealed", id="safekeeping.E002")
    for name, key in keys.items():
        if not isinstance(key, bytes) or len(key) != KEY_BYTES:
            yield Error(f"{name} is not {KEY_BYTES} bytes long", id="safekeeping.E002")
        elif settings.ENVIRONMENT == "production" and is_guessable(key):
            yield Error(f"{name} is a key that anybody could guess", id="safekeeping.E003")
    if any("." in name for name in ring):
        yield Error("the name of a key in SEAL_KEYS has no dot", id="safekeeping.E002")
    if len(set(keys.values())) < len(keys):
        yield Error("one key serves two purposes", id="safekeeping.E003")


def is_guessable(key: bytes) -> bool:
    """Tell whether the key is a row of equal or counted bytes, as in examples and in the settings for tests."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    return len(steps) < 2


@register(Tags.security)
def production_tells_nobody(app_configs: Sequence[AppConfig] | None, **more: Any) -> Iterable[CheckMessage]:
    """Refuse settings that would show or send what people typed."""
    if settings.ENVIRONMENT == "production" and settings.DEBUG:
        yield Error("DEBUG is on in production: error pages would show what people typed", id="safekeeping.E004")
    if settings.ADMINS or settings.MANAGERS:
        yield Error("ADMINS and MANAGERS are empty: error mails would carry what people typed", id="safekeeping.E005")


@register()
def mail_goes_through_the_outbox(app_configs: Sequence[AppConfig] | None, **more: Any) -> Iterable[CheckMessage]:
    """Refuse mail that leaves while a transaction may still fail, or a delivery that could outlast its lease."""
    if settings.ENVIRONMENT == "test":
        return  # Django's own test runner puts mail aside
    backend = f"{outbox.OutboxEmailBackend.__module__}.{outbox.OutboxEmailBackend.__name__}"
    if backend != settings.EMAIL_BACKEND:
        yield Error(f"EMAIL_BACKEND is not {backend}", id="safekeeping.E006")
    if settings.OUTBOX_DELIVERY_BACKEND == settings.EMAIL_BACKEND:
        yield Error("OUTBOX_DELIVERY_BACKEND would put mail back into the outbox", id="safekeeping.E006")
    timeout = settings.EMAIL_TIMEOUT
    if settings.ENVIRONMENT == "production" and not (timeout and timeout < outbox.LEASE.total_seconds() / 2):
        yield Error("EMAIL_TIMEOUT must end a delivery long before its lease", id="safekeeping.E007")


@register()
def time_is_known(app_configs: Sequence[AppConfig] | None, **more: Any) -> Iterable[CheckMessage]:
    """Refuse times without a zone; say when the bank holidays that are known run out."""
    if not settings.USE_TZ or working_time.LONDON.key != settings.TIME_ZONE:
        yield Error(f"USE_TZ is on and TIME_ZONE is {working_time.LONDON.key}", id="safekeeping.E008")
    if timezone.localdate() + HOLIDAYS_KNOWN_FOR > working_time.known_until():
        yield Caution(
            "bank holidays are not known for long enough: deadlines will count them as working days",
            hint="Upgrade govuk-bank-holidays.",
            id="safekeeping.W009",
        )


@register(Tags.database)
def database_is_exact(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **more: Any
) -> Iterable[CheckMessage]:
    """Refuse database options under which two people could get the same last place."""
    for alias, told in settings.DATABASES.items():
        if told.get("ATOMIC_REQUESTS") or getattr(settings, "ATOMIC_REQUESTS", False):
            yield Error(f"{alias}: ATOMIC_REQUESTS is off, a transaction belongs to a verb", id="safekeeping.E010")
        if connections[alias].vendor != "sqlite":
            continue
        options = told.get("OPTIONS", {})
        said = options.get("init_command", "").replace(" ", "").casefold()
        missing = [pragma for pragma in SQLITE_PRAGMAS if pragma.casefold() not in said]
        if missing or options.get("transaction_mode") != "IMMEDIATE":
            yield Error(
                f"{alias}: SQLite runs with transaction_mode IMMEDIATE and {', '.join(SQLITE_PRAGMAS)}",
                hint="Use config.databases.database_from().",
                id="safekeeping.E011",
            )
        if options.get("timeout", 5) < SQLITE_TIMEOUT_SECONDS:
            yield Error(f"{alias}: SQLite waits {SQLITE_TIMEOUT_SECONDS} seconds for a writer", id="safekeeping.E011")


@register(Tags.models)
def sensitive_models_are_tight(app_configs: Sequence[AppConfig] | None, **more: Any) -> Iterable[CheckMessage]:
    """Refuse a way round the closed manager of a sensitive model."""
    for model in scoping.sensitive_models():
        for leak in scoping.leaks(model):
            yield Error(leak, obj=model, id="safekeeping.E012")
