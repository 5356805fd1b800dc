"""What a mistyped word is compared with: from here on kept with the index, and once filled from the entries that are there."""

from __future__ import annotations

from django.db import migrations, models


def fill(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    terms: set[str] = set()
    entries = apps.get_model("search", "SearchEntry").objects.values_list("title", "keywords", "body")
    for title, keywords, body in entries.iterator():
        words = f"{title} {body}".split() + [word for word in keywords.split() if not word.startswith("kw")]
        terms |= {word for word in words if 4 <= len(word) <= 30 and word.isalpha()}
    term = apps.get_model("search", "SearchTerm")
    term.objects.bulk_create([term(term=one) for one in sorted(terms)], batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0004_places_by_entry'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('term', models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
