"""“Drop in” is how somebody comes to any service that needs no request, not only to youth clubs; what a steward has changed stays."""

from __future__ import annotations

from django.db import migrations

# the word, what it stood for, what it stands for now
INSTEAD = (
    ("drop in", "open_access_youth_club", "open_access, open_access_youth_club"),
    ("drop ins", "open_access_youth_club, popup_youth_club", "open_access, open_access_youth_club, popup_youth_club"),
    ("dropin", "open_access_youth_club, popup_youth_club", "open_access, open_access_youth_club, popup_youth_club"),
)


def change(apps, schema_editor) -> None:
    """Change the words that nobody has changed."""
    synonyms = apps.get_model("search", "SearchSynonym")
    for word, before, now in INSTEAD:
        synonyms.objects.filter(word=word, expands_to=before).update(expands_to=now)


class Migration(migrations.Migration):
    dependencies = [("search", "0019_common_words")]
    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
