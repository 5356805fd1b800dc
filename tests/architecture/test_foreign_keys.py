"""
A foreign key counts as an import: it goes down the house or sideways, never up; and none leads to a child.

Written as a string it would pass the import contracts, so the models themselves are asked.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from safekeeping.scoping import leaks, sensitive_models

# From the top of the house down; `config` has no models.
FLOORS = ("cms", "brokering", "training", "search", "directory", "safekeeping")
# Whose rows are about no child, though they live among those that are, and why.
ABOUT_NO_CHILD = {
    "brokering.UnmetNeed": "counts what was missing, for commissioners; belongs to no request (domain §3.12)",
}

Relation = tuple[type[models.Model], models.Field, type[models.Model]]


def relations() -> list[Relation]:
    """Return every relation that one of our models declares: whose, which field, to which model."""
    found: list[Relation] = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            if model._meta.app_label in FLOORS and field.is_relation and field.concrete and field.related_model:
                found.append((model, field, field.related_model))
    return found


def upward(found: list[Relation]) -> list[str]:
    """Return the relations that go up the house."""
    return [
        f"{model._meta.label}.{field.name} → {other._meta.label}"
        for model, field, other in found
        if other._meta.app_label in FLOORS and FLOORS.index(other._meta.app_label) < FLOORS.index(model._meta.app_label)
    ]


def test_there_is_something_to_look_at():
    assert len(relations()) > 30


def test_foreign_keys_only_go_down():
    assert upward(relations()) == []


def test_a_foreign_key_that_goes_up_is_found():
    """The test above can fail."""
    turned = [
        (other, field, model)
        for model, field, other in relations()
        if other._meta.app_label in FLOORS and other._meta.app_label != model._meta.app_label
    ]
    assert len(upward(turned)) == len(turned) > 0


def test_no_app_below_the_children_points_at_them():
    """Not even a generic relation or a plain column called after one: below, nobody knows that children exist."""
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.app_label
        if label in ("search", "directory", "safekeeping", "training", "cms"):
            generic = [field.name for field in model._meta.private_fields if hasattr(field, "ct_field")]
            assert generic == [], f"{model._meta.label}: a generic foreign key can point anywhere"


def test_whatever_brokering_keeps_is_guarded():
    guarded = {model._meta.label for model in sensitive_models()}
    kept = {model._meta.label for model in apps.get_app_config("brokering").get_models(include_auto_created=True)}
    assert kept - guarded == set(ABOUT_NO_CHILD) & kept
    assert set(ABOUT_NO_CHILD) <= kept or not kept


def test_no_way_leads_back_from_an_open_model_to_a_child():
    """`Organization.objects.values("requests__ref")` would go past every guard: so there are no such names."""
    assert [leak for model in sensitive_models() for leak in leaks(model)] == []


@pytest.mark.parametrize("label", sorted(model._meta.label for model in sensitive_models()))
def test_an_open_model_cannot_be_asked_for_rows_about_children(label):
    sensitive = apps.get_model(label)
    for other in apps.get_models(include_auto_created=True):
        if other not in set(sensitive_models()):
            names = [
                field.name
                for field in other._meta.get_fields()
                if field.is_relation and field.auto_created and field.related_model is sensitive
            ]
            assert names == [], f"{other._meta.label} can be asked for {label}"
