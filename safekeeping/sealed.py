"""
Sealed fields: what only the application may read, whoever gets hold of the database, a dump or a backup.

A value is sealed with AES-256-GCM under the first key of `settings.SEAL_KEYS` and bound to its model, its field and its
row's `ref`: moved to another row, changed or replaced by plain text, it does not open. It is opened only when somebody
reads the attribute, so loading a row shows nothing and costs nothing. A sealed field has no look-ups and cannot be
written with `.update()`; to find an exact value again, keep its `blind_index` beside it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connections, models, router

FORMAT = "s1"
NONCE_BYTES = 12


class SealError(Exception):
    """A sealed value was handled in a way that would break the seal, or does not open. Never holds the value."""


def seal(plain: str, bound_to: str) -> str:
    """Return ``plain`` sealed under the current key, so that it opens only with the same ``bound_to``."""
    name, key = next(iter(settings.SEAL_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(key).encrypt(nonce, plain.encode(), bound_to.encode())
    return f"{FORMAT}.{name}.{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(token: str, bound_to: str) -> str:
    """
    Return what was sealed.

    :raises SealError: if it was changed, belongs elsewhere, was never sealed, or its key is not in the ring
    """
    try:
        form, name, body = token.split(".")
        if form != FORMAT:
            raise ValueError(form)
        raw = base64.b64decode(body.encode(), altchars=b"-_", validate=True)
        return (
            AESGCM(settings.SEAL_KEYS[name]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
        )
    except (ValueError, KeyError, InvalidTag):
        raise SealError("a sealed value does not open") from None  # the cause would carry the token into a log


def blind_index(value: str) -> str:
    """Return 32 hexadecimal digits that equal values share, whatever their capitals and spaces."""
    plain = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return hmac.new(settings.SEAL_INDEX_KEY, plain.encode(), hashlib.sha256).hexdigest()[:32]


class Token(str):
    """A sealed value as it lies in the database."""

    __slots__ = ()


class SealedAttribute:
    """What a model's class holds in the field's place: opens the value when it is read."""

    def __init__(self, field: SealedTextField) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        held = row.__dict__
        if self.field.attname not in held:
            row.refresh_from_db(fields=[self.field.attname])
        value = held[self.field.attname]
        return unseal(value, self.field.bound_to(row)) if isinstance(value, Token) else value

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """Text that lies sealed in the database; its model has a `ref`, a UUID made in Python that never changes."""

    def bound_to(self, row: models.Model) -> str:
        """Return the one place where the row's value opens."""
        return f"{self.model._meta.label_lower}.{self.attname}:{UUID(str(row.ref))}"  # type: ignore[attr-defined]

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, SealedAttribute(self))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = list(super().check(**kwargs))
        ref = next((f for f in self.model._meta.concrete_fields if f.name == "ref"), None)
        if not (isinstance(ref, models.UUIDField) and ref.unique and ref.has_default()):
            found.append(
                checks.Error("a model with a sealed field needs a unique UUID `ref`", obj=self, id="safekeeping.E101")
            )
        if self.unique or self.db_index or self.has_default():
            found.append(checks.Error("a sealed field has no index and no default", obj=self, id="safekeeping.E102"))
        return found

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Token | None:
        return None if value is None else Token(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Token | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Token):
            return value
        return Token(seal(str(value), self.bound_to(model_instance)))

    def get_db_prep_save(self, value: Any, connection: Any) -> str | None:
        if value is not None and not isinstance(value, Token):
            raise SealError("a sealed field is written through its row, not with update()")
        return None if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the token: a dump is as closed as the database."""
        value = self.pre_save(obj, add=False)
        return "" if value is None else str(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise SealError("a sealed field cannot be searched: keep a blind index beside it")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise SealError("a sealed field cannot be searched: keep a blind index beside it")


def sealed_fields(model: type[models.Model]) -> list[SealedTextField]:
    """Return the model's sealed fields."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def models_with_seals() -> list[type[models.Model]]:
    """Return every model that has a sealed field."""
    return [model for model in apps.get_models() if sealed_fields(model)]


def reseal(model: type[models.Model], *, batch: int = 500) -> Iterator[tuple[int, int]]:
    """
    Put every sealed value of ``model`` under the current key; yield (values resealed, values that do not open) by
    batch.

    May be stopped and started at any time, and runs while the site is in use: what is under the current key already is
    passed over, and a value that somebody changed meanwhile is left as they wrote it.
    """
    using = router.db_for_write(model)
    current = f"{FORMAT}.{next(iter(settings.SEAL_KEYS))}."
    fields = sealed_fields(model)
    key = model._meta.pk
    last: Any = None
    while True:
        # The base manager is the plain one: rotation is not somebody's look at a case.
        rows = model._base_manager.using(using).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        found = list(rows.values_list("pk", "ref", *(field.attname for field in fields))[:batch])
        if not found:
            return
        last = found[-1][0]
        done = broken = 0
        for pk, ref, *tokens in found:
            stand_in = model(ref=ref)
            for field, token in zip(fields, tokens, strict=True):
                if token is None or token.startswith(current):
                    continue
                bound_to = field.bound_to(stand_in)
                try:
                    fresh = seal(unseal(token, bound_to), bound_to)
                except SealError:
                    broken += 1
                    continue
                done += _swap(field, key.get_db_prep_value(pk, connections[using]), str(token), fresh, using=using)
        yield done, broken


def _swap(field: SealedTextField, pk: Any, was: str, becomes: str, *, using: str) -> int:
    """Write the new token where the old one still is; 1 if it was. In SQL, because the field refuses look-ups."""
    connection = connections[using]
    quote = connection.ops.quote_name
    meta = field.model._meta
    statement = (
        f"UPDATE {quote(meta.db_table)} SET {quote(str(field.column))} = %s "  # noqa: S608 - names of ours, quoted
        f"WHERE {quote(str(meta.pk.column))} = %s AND {quote(str(field.column))} = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [becomes, pk, was])
        return int(cursor.rowcount)
