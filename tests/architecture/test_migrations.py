"""What the models say and what the database has are the same."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OURS = {"cms", "brokering", "training", "search", "directory", "safekeeping", "config"}


@pytest.mark.django_db  # it asks the database whether its history is consistent
def test_no_model_has_changed_without_a_migration():
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", *models_apps(), stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"manage.py makemigrations has something to write:\n{said.getvalue()}")


@pytest.mark.django_db
def test_every_migration_applies():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_every_app_with_models_has_migrations():
    executor = MigrationExecutor(None)
    assert set(models_apps()) <= executor.loader.migrated_apps


def test_no_migration_below_depends_on_an_app_above():
    order = ["cms", "brokering", "training", "search", "directory", "safekeeping"]
    nodes = MigrationExecutor(None).loader.graph.nodes.values()
    upward = [
        f"{node} → {other}"
        for node in nodes
        for other, _ in node.dependencies
        if node.app_label in order and other in order and order.index(other) < order.index(node.app_label)
    ]
    assert upward == []


def models_apps() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.label in OURS and list(config.get_models())]
