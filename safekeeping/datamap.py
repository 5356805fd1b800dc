"""
The data map: what kind of thing every field of every sensitive model is, what it is for, and when it goes.

The app that owns a model declares its fields in `AppConfig.ready`; a field without a row is a red build. Subject
access, the privacy page and `manage.py datamap` are made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from safekeeping.scoping import sensitive_models
from safekeeping.sealed import SealedTextField


class Kind(StrEnum):
    """How much harm it does where it should not be."""

    PUBLIC = "public"
    STAFF = "staff"  # how the work runs: states, times, ids
    PERSONAL = "personal"  # about a grown-up at work: who asked, who answered
    CHILD = "child"  # about a child, or what could point to one


PUBLIC, STAFF, PERSONAL, CHILD = Kind


@dataclass(frozen=True, slots=True)
class Field:
    """
    What the map says of one field.

    ``subject_access``: whether the person it is about gets it when they ask for what we hold. ``retention``: the class
    of the retention schedule that ends it.
    """

    kind: Kind
    purpose: str = ""
    sealed: bool = False
    subject_access: bool = False
    retention: str = ""


DATA_MAP: dict[type[models.Model], dict[str, Field]] = {}


def declare(model: type[models.Model], fields: Mapping[str, Field]) -> None:
    """
    Enter every field of ``model``.

    :raises ImproperlyConfigured: if the model has been entered before
    """
    if DATA_MAP.setdefault(model, known := dict(fields)) is not known:
        raise ImproperlyConfigured(f"{model._meta.label} is in the data map twice")


def fields_of(model: type[models.Model]) -> set[str]:
    """Return the names of the fields that the model keeps values in."""
    return {field.name for field in model._meta.get_fields() if not (field.auto_created and not field.concrete)}


def differences() -> Iterator[str]:
    """Yield where the map and the models disagree, in words."""
    for model in {*sensitive_models(), *DATA_MAP}:
        label = model._meta.label
        entered = DATA_MAP.get(model, {})
        for name in sorted(fields_of(model) - set(entered)):
            yield f"{label}.{name} is not in the data map"
        for name in sorted(set(entered) - fields_of(model)):
            yield f"{label}.{name} is in the data map and nowhere else"
        for name in sorted(fields_of(model) & set(entered)):
            row = entered[name]
            if row.sealed != isinstance(model._meta.get_field(name), SealedTextField):
                yield f"{label}.{name}: the data map and the model disagree about the seal"
            if row.kind in (PERSONAL, CHILD) and not (row.purpose and row.retention):
                yield f"{label}.{name} needs a purpose and a retention class"


def as_markdown() -> str:
    """Return the map as tables for the documentation."""
    parts = []
    for model in sorted(DATA_MAP, key=lambda one: one._meta.label):
        rows = [
            f"| {name} | {row.kind} | {'yes' if row.sealed else ''} | {'yes' if row.subject_access else ''} "
            f"| {row.retention} | {row.purpose} |"
            for name, row in DATA_MAP[model].items()
        ]
        head = ["| field | kind | sealed | subject access | retention | purpose |", "|---|---|---|---|---|---|"]
        parts.append("\n".join([f"## {model._meta.label}", "", *head, *rows, ""]))
    return "\n".join(parts)
