"""The first synonyms (domain §3.18); from here on they are the stewards' to edit."""

from __future__ import annotations

from django.db import migrations

FIRST = [
    ("county lines", "county_lines, cce", ""),
    (
        "gang",
        "group_conflict, cce",
        "We say “groups of young people”: the word “gang” can follow a child for years.",
    ),
    (
        "gangs",
        "group_conflict, cce",
        "We say “groups of young people”: the word “gang” can follow a child for years.",
    ),
    ("stabbing", "knife_weapon, serious_youth_violence, hospital_rapid_response", ""),
    ("stabbed", "knife_weapon, serious_youth_violence, hospital_rapid_response", ""),
    ("knife", "knife_weapon", ""),
    ("knives", "knife_weapon", ""),
    ("weapon", "knife_weapon", ""),
    ("excluded", "missing_education, school_inclusion_support", ""),
    ("exclusion", "missing_education, school_inclusion_support", ""),
    ("suspended", "missing_education, school_inclusion_support", ""),
    ("runaway", "missing", ""),
    ("running away", "missing", ""),
    ("absconds", "missing", "We say “missing”: children go missing, and somebody looks for them."),
    ("weed", "substance_related", ""),
    ("cannabis", "substance_related", ""),
    ("drugs", "substance_related, county_lines", ""),
    ("mentor", "community_mentoring, sibling_family_mentoring, mentoring", ""),
    ("mentoring", "community_mentoring, sibling_family_mentoring, mentor", ""),
    ("yot", "deferred_charge_programme, pre_court_diversion, youth justice", ""),
    ("safer options", "Safer Options", ""),
    ("grooming", "online_grooming, cse, cce", ""),
    ("football", "sport_based", ""),
    ("boxing", "sport_based", ""),
    ("music", "arts_music_based", ""),
    ("drama", "arts_music_based", ""),
    ("parents", "parent_group, parent_1to1", ""),
]


def add(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    synonyms = apps.get_model("search", "SearchSynonym")
    synonyms.objects.bulk_create(
        [synonyms(word=word, expands_to=expands, note=note) for word, expands, note in FIRST], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
