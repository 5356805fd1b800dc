"""
The full-text index beside `SearchEntry`, in each database's own way, kept by the database itself.

A later migration that makes SQLite copy `search_searchentry` drops the triggers: end it with `forwards` again.
"""

from __future__ import annotations

from django.db import migrations

SQLITE = """
DROP TABLE IF EXISTS search_words;
CREATE VIRTUAL TABLE search_words USING fts5(
    title, keywords, body, content='search_searchentry', content_rowid='id', tokenize='porter unicode61'
);
CREATE TRIGGER search_words_added AFTER INSERT ON search_searchentry BEGIN
    INSERT INTO search_words (rowid, title, keywords, body) VALUES (new.id, new.title, new.keywords, new.body);
END;
CREATE TRIGGER search_words_removed AFTER DELETE ON search_searchentry BEGIN
    INSERT INTO search_words (search_words, rowid, title, keywords, body)
    VALUES ('delete', old.id, old.title, old.keywords, old.body);
END;
CREATE TRIGGER search_words_changed AFTER UPDATE OF title, keywords, body ON search_searchentry BEGIN
    INSERT INTO search_words (search_words, rowid, title, keywords, body)
    VALUES ('delete', old.id, old.title, old.keywords, old.body);
    INSERT INTO search_words (rowid, title, keywords, body) VALUES (new.id, new.title, new.keywords, new.body);
END;
INSERT INTO search_words (search_words) VALUES ('rebuild');
"""
POSTGRESQL = """
ALTER TABLE search_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A')
    || setweight(to_tsvector('english', keywords), 'B')
    || setweight(to_tsvector('english', body), 'C')
) STORED;
CREATE INDEX search_entry_words ON search_searchentry USING gin (words);
"""
BACK = {
    "sqlite": (
        "DROP TRIGGER search_words_added; DROP TRIGGER search_words_removed; DROP TRIGGER search_words_changed;"
        "DROP TABLE search_words;"
    ),
    "postgresql": "ALTER TABLE search_searchentry DROP COLUMN words;",
}


def run(schema_editor, statements: str) -> None:  # noqa: ANN001 - Django's
    """Run several statements, also those with semicolons inside."""
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        schema_editor.execute(statements)
        return
    statement = ""
    for part in statements.split(";"):
        statement += part + ";"
        if "BEGIN" in statement and not statement.rstrip("; \n").endswith("END"):
            continue
        if statement.strip("; \n"):
            schema_editor.execute(statement)
        statement = ""


def forwards(apps, schema_editor) -> None:  # noqa: ANN001
    run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def backwards(apps, schema_editor) -> None:  # noqa: ANN001
    run(schema_editor, BACK[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
