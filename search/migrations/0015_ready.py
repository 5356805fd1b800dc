"""
Keep ready what Elasticsearch is sent of an entry (`search.backends.elastic_ready`).

Columns are nullable and without a default, or SQLite would make the table anew, without the triggers that keep its words.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0014_fit")]

    operations = [
        migrations.AddField("searchentry", "ready_for", models.CharField(max_length=8, null=True)),
        migrations.AddField("searchentry", "ready", models.TextField(null=True)),
        migrations.AddIndex("searchentry", models.Index(fields=["ready_for"], name="search_entry_ready")),
    ]
