"""
How much the keywords of an entry count, PostgreSQL's words by the parts that `search.fit` tells apart, and further synonyms.

What is in the index has no focus until it is indexed again; then each of its keywords counts as much as anybody's.
"""

from __future__ import annotations

from django.db import migrations, models

# Between parts stands a word that nobody can ask for, for what is asked has no accents: no words are neighbours across it.
NOW = """
    setweight(to_tsvector('simple', title || ' é ' || kind || ' é'), 'A')
    || setweight(to_tsvector('simple', keywords || ' é'), 'B')
    || setweight(to_tsvector('simple', organization || ' é ' || summary || ' é'), 'C')
    || setweight(to_tsvector('simple', body), 'D')
"""
BEFORE = """
    setweight(to_tsvector('simple', title || ' ' || kind), 'A')
    || setweight(to_tsvector('simple', keywords || ' ' || organization), 'B')
    || setweight(to_tsvector('simple', summary), 'C')
    || setweight(to_tsvector('simple', body), 'D')
"""
WORDS = """
ALTER TABLE search_searchentry DROP COLUMN words;
ALTER TABLE search_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS ({words}) STORED;
CREATE INDEX search_entry_words ON search_searchentry USING gin (words) WITH (fastupdate = off);
"""
# what it stands for → what people type
MORE = {
    "sport_based, arts_music_based, outdoor_adventure, practical_skills": "activity, activities",
    "comes to you": "travels, travelling to, visits, comes to us, come to us, come to you",
    "home_visit, comes to you": "home visit, home visits",
    "lived experience": "been through it",
    # or every form of "travel" would be one who comes
    "gypsy, roma": "traveller, travellers",
    # of some 400 everyday words that were tried, those that found nothing and mean something here
    "therapeutic_support": "anger, loss, mindfulness, psychiatrist, panic attacks",
    "therapeutic_support, serious_youth_violence": "victim, victim support",
    "community_mentoring": "confidence, motivation, resilience, lonely, loneliness, isolated, buddy",
    "advocacy_guardian": "solicitor, legal advice, immigration",
    "deferred_charge_programme, pre_court_diversion": "prison, bail, released under investigation, electronic tag",
    "practical_skills, bicycle": "bmx",
    "practical_skills": "motorbike, moped, scooter, e scooter",
    "sport_based": "netball, judo, karate, yoga, swimming, parkour",
    "outdoor_adventure": "fishing, sailing, residential",
    "group_conflict, cce": "affiliated, elders",
    "conflict_resolution, group_conflict": "fell out",
    "serious_youth_violence, group_conflict": "threatened, intimidated, intimidation, scared, unsafe",
    "cce, county_lines": "plug, owes money, new trainers",
    "cce, county_lines, financial_exploitation": "debt, debts",
    "cse, cce": "gifts, new phone",
    "relationship_abuse": "girlfriend, refuge, consent, honour based",
    "online_safety_support, online_grooming": "roblox, fortnite, xbox, playstation, catfish",
    "online_image_abuse, hsb": "porn, pornography",
    "online_harmful_groups, radicalisation": "misogyny, far right",
    "hate_based_harm": "race hate, racial",
    "care_experienced": "asylum, foster, kinship, special guardian",
    "send_specialist": "asperger, tourettes",
    "employment_training": "interview, interviews, university, gcse, literacy, maths",
    "first home, flat, rent": "eviction, tenancy, budgeting, sofa surfing",
    "practice_consultation, mapping_support": "strategy meeting",
    "practice_consultation, case_formulation": "supervision",
    "substance_misuse_youth, substance_related": "smoking, spice, drunk, laughing gas, addiction",
    "hospital_rapid_response": "injury",
    "reporting_line": "tip off",
    "participation": "leadership, campaign, youth council",
    "detached_youth_work": "estate, estates",
}


def tell_parts_apart(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WORDS.format(words=NOW))


def as_before(apps, schema_editor) -> None:  # noqa: ANN001
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WORDS.format(words=BEFORE))


def add(apps, schema_editor) -> None:  # noqa: ANN001
    synonyms = apps.get_model("search", "SearchSynonym")
    rows = [synonyms(word=word.strip(), expands_to=told) for told, typed in MORE.items() for word in typed.split(",")]
    synonyms.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0013_more_synonyms")]
    operations = [
        migrations.AddField(
            "searchentry",
            "focus",
            models.FloatField(null=True, help_text="How much each of its keywords counts (`search.fit`)."),
        ),
        migrations.RunPython(tell_parts_apart, as_before),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
