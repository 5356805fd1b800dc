"""Models that exist in these tests only, in a registry of their own: no migration and no data map knows of them."""

from __future__ import annotations

import sys
import uuid

import pytest
from django.apps.config import AppConfig
from django.apps.registry import Apps
from django.db import connection, models

from safekeeping.scoping import ClosedManager, ClosedQuerySet
from safekeeping.sealed import SealedTextField

REGISTRY = Apps()


class Team(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "sample"
        apps = REGISTRY

    def __str__(self) -> str:
        return self.name


class CaseQuerySet(ClosedQuerySet):
    def visible_to(self, hat):
        return self.filter(team__name=hat)._opened()

    def open_ones(self):
        return self.filter(state="open")


class Case(models.Model):
    ref = models.UUIDField(default=uuid.uuid4, unique=True)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", null=True)
    state = models.CharField(max_length=10, default="open")
    on = models.DateField(null=True)
    notes = SealedTextField(null=True, blank=True)
    more = SealedTextField(null=True, blank=True)

    objects = ClosedManager.from_queryset(CaseQuerySet)()

    class Meta:
        app_label = "sample"
        apps = REGISTRY

    def __str__(self) -> str:
        return str(self.ref)


class Step(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    name = models.CharField(max_length=10)

    objects = ClosedManager()

    class Meta:
        app_label = "sample"
        apps = REGISTRY

    def __str__(self) -> str:
        return self.name


# Without an app of its own the registry would show Django no relations, and nothing would cascade.
SAMPLE = AppConfig("sample", sys.modules[__name__])
SAMPLE.apps, SAMPLE.models = REGISTRY, REGISTRY.all_models["sample"]
REGISTRY.app_configs["sample"] = SAMPLE
REGISTRY.clear_cache()


@pytest.fixture(scope="session")
def _sample_tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if Case._meta.db_table in connection.introspection.table_names():
            return
        with connection.schema_editor() as editor:
            for model in (Team, Case, Step):
                editor.create_model(model)


@pytest.fixture
def cases(_sample_tables, db):
    """Return the two teams, north with two cases and south with one."""
    north, south = Team.objects.create(name="north"), Team.objects.create(name="south")
    Case.objects.create(team=north, notes="first"), Case.objects.create(team=north, state="done", notes="second")
    Case.objects.create(team=south, notes="third")
    return north, south
