"""
PostgreSQL keeps an entry's words within its row, and reads lists without words from an index that says the id too.

Words lay outside their rows, where reading them took ten times as long as asking them; the index held no id, so that every list
read the rows as well. The table is written anew, in four seconds for each 100,000 entries. SQLite has both already: it keeps words in lists
of their own, and its indexes end with the id.
"""

from __future__ import annotations

from django.db import migrations

NARROW = """
    name_key, minimum_age, maximum_age, subject, travels, has_places, serves_city, serves_anywhere, level, service_type,
    tier, tier_since, tier_until, x, y, z, service_id
"""
STORAGE = "ALTER TABLE search_searchentry ALTER COLUMN words SET STORAGE {}"
INDEX = "CREATE INDEX search_entry_narrow ON search_searchentry"
WITH_ID = f"{INDEX} (audience) INCLUDE (id, {NARROW})"
AS_BEFORE = f"""{INDEX} (
    audience, minimum_age, maximum_age, subject, travels, has_places, serves_city, serves_anywhere, level, service_type,
    tier, tier_since, tier_until, x, y, z, service_id, name_key
)"""


def within_rows(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    write_anew(schema_editor, STORAGE.format("MAIN"), WITH_ID)


def as_before(apps, schema_editor) -> None:  # noqa: ANN001
    write_anew(schema_editor, STORAGE.format("EXTENDED"), AS_BEFORE)


def write_anew(schema_editor, storage: str, index: str) -> None:  # noqa: ANN001
    """Change how the table is kept; among a million that takes longer than any other statement may."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in (
        "SET LOCAL statement_timeout = 0",
        storage,
        "DROP INDEX search_entry_narrow",
        index,
        "CLUSTER search_searchentry USING search_searchentry_pkey",
        "ALTER TABLE search_searchentry SET WITHOUT CLUSTER",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0015_ready")]
    operations = [migrations.RunPython(within_rows, as_before)]
