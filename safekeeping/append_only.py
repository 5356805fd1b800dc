"""Tables that only grow: the database itself refuses to change, delete or empty their rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.operations.base import Operation

SQLITE_REFUSE = "SELECT RAISE(ABORT, '{table} only grows')"
SQLITE = {
    "update": "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END",
    "delete": "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END",
}
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL_REFUSE = "EXECUTE FUNCTION {table}_only_grows()"
POSTGRESQL = {
    "update": "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}",
    "delete": "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
    "truncate": "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
}


def guard(connection: Any, table: str) -> None:
    """Make the database refuse to change or delete rows of ``table``."""
    on_postgresql = connection.vendor == "postgresql"
    refuse = (POSTGRESQL_REFUSE if on_postgresql else SQLITE_REFUSE).format(table=table)
    with connection.cursor() as cursor:
        if on_postgresql:
            cursor.execute(POSTGRESQL_FUNCTION.format(table=table))
        for statement in (POSTGRESQL if on_postgresql else SQLITE).values():
            cursor.execute(statement.format(table=table, refuse=refuse))


def unguard(connection: Any, table: str) -> None:
    """Take the guard of ``table`` away."""
    with connection.cursor() as cursor:
        for what in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{on}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {table}_only_grows()")


def is_guarded(connection: Any, table: str) -> bool:
    """Tell whether all of the guard of ``table`` is in place and switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')", [table]
            )
            wanted = POSTGRESQL
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            wanted = SQLITE
        found = {name for (name,) in cursor.fetchall()}
    return {f"{table}_no_{what}" for what in wanted} <= found


def guarded_tables(connection: Any) -> list[str]:
    """Return the tables that are under guard."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return sorted(name.removesuffix("_no_delete") for (name,) in cursor.fetchall() if name.endswith("_no_delete"))


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Take all guards away for a while: to empty a test database, or to roll a trail whose time has come."""
    there = guarded_tables(connection)
    for table in there:
        unguard(connection, table)
    try:
        yield
    finally:
        for table in there:
            guard(connection, table)


class AppendOnly(Operation):
    """Migration operation: from here on the model's table only grows."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models: this is between us and the database."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            guard(schema_editor.connection, model._meta.db_table)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        unguard(schema_editor.connection, model._meta.db_table)

    def describe(self) -> str:
        return f"Let the table of {self.model_name} only grow"
