"""
What the list of results needs of an entry in one index: its only place, and the tier that `search.settled` wrote down.

Columns are nullable and without a default, or SQLite would make the table anew, without the triggers that keep its words.
The triggers that tell of changed places are made after each `migrate` (`search.settled`), not here: a later migration
that makes the tables of places anew would lose them.
"""

from __future__ import annotations

from django.db import migrations, models

ONLY_PLACES = """
UPDATE search_searchentry SET
    x = (SELECT p.x FROM search_searchplace p WHERE p.entry_id = search_searchentry.id),
    y = (SELECT p.y FROM search_searchplace p WHERE p.entry_id = search_searchentry.id),
    z = (SELECT p.z FROM search_searchplace p WHERE p.entry_id = search_searchentry.id)
WHERE (SELECT COUNT(*) FROM search_searchplace p WHERE p.entry_id = search_searchentry.id) = 1
"""
WHAT = {
    "x": models.FloatField(null=True),
    "y": models.FloatField(null=True),
    "z": models.FloatField(null=True),
    "tier": models.SmallIntegerField(null=True),
    "tier_since": models.BigIntegerField(null=True),
    "tier_until": models.BigIntegerField(null=True),
    "codes": models.TextField(null=True),
}


def write_codes(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    """Write down what facets count of the entries that are there, as `choices.codes_of` does."""
    entry = apps.get_model("search", "SearchEntry")
    for one in entry.objects.only("level", "service_type").prefetch_related("harms", "aspects").iterator(500):
        codes = {"level": [one.level], "type": [one.service_type]}
        for harm in one.harms.all():
            codes.setdefault("harm", []).append(harm.code)
        for aspect in one.aspects.all():
            codes.setdefault(aspect.aspect, []).append(aspect.code)
        lines = ("\t".join([facet, *of_one]) for facet, of_one in codes.items())
        entry.objects.filter(pk=one.pk).update(codes="\n".join(lines))


def keep_nothing_pending(apps, schema_editor) -> None:  # noqa: ANN001
    """
    Let PostgreSQL put words into their index at once: what it puts off, each search has to read from end to end.

    With much put off, as after `reindex`, it reads every entry instead, forty times as slowly.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER INDEX search_entry_words SET (fastupdate = off)")
        schema_editor.execute("SELECT gin_clean_pending_list('search_entry_words')")


def put_off_again(apps, schema_editor) -> None:  # noqa: ANN001
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER INDEX search_entry_words RESET (fastupdate)")


class Migration(migrations.Migration):
    dependencies = [("search", "0011_unsent")]

    operations = [
        *(migrations.AddField("searchentry", name, field) for name, field in WHAT.items()),
        migrations.RunPython(write_codes, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(keep_nothing_pending, put_off_again),
        migrations.RunSQL(ONLY_PLACES, migrations.RunSQL.noop, elidable=True),
        migrations.AddIndex(
            "searchentry",
            models.Index(
                fields=[
                    "audience", "minimum_age", "maximum_age", "subject", "travels", "has_places", "serves_city",
                    "serves_anywhere", "level", "service_type", "tier", "tier_since", "tier_until", "x", "y", "z",
                    "service_id", "name_key",
                ],
                name="search_entry_narrow",
            ),
        ),
        migrations.CreateModel(
            name="ChangedPlaces",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service_id", models.UUIDField(db_index=True)),
            ],
            options={"verbose_name_plural": "changed places"},
        ),
    ]  # fmt: skip
