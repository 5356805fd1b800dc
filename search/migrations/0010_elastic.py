from django.db import migrations, models


def mark(apps, schema_editor):
    """Give the entries that are there the marks of their digests, as `search.documents.mark_of` does."""
    entries = apps.get_model("search", "SearchEntry").objects
    for pk, digest in entries.values_list("pk", "digest").iterator():
        entries.filter(pk=pk).update(mark=int(digest[:8], 16))


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0009_saved_searches'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchVersion',
            fields=[
                ('service_id', models.UUIDField(primary_key=True, serialize=False)),
                ('version', models.BigIntegerField()),
            ],
        ),
        # with a default SQLite would make the table anew, without the triggers that keep its words
        migrations.AddField(
            model_name='searchentry',
            name='mark',
            field=models.BigIntegerField(null=True, help_text='Of the digest; summed up, it tells whether another index is late.'),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
