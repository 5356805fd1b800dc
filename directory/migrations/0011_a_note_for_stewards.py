from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0010_imports_and_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicestanding',
            name='note',
            field=models.TextField(blank=True, help_text='Read here and nowhere else: on no page, in no search, in no export.', verbose_name='note for stewards'),
        ),
    ]
