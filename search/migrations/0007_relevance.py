"""
Words as stems in five parts instead of three, hours, wards and boxes; and what people type that we call otherwise.

What is in the index is brought into the new form here, as far as it is there; `reconcile` adds the rest within five minutes.
"""

from __future__ import annotations

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from search.stems import stem

words = import_module("search.migrations.0002_words")

COLUMNS = ("title", "kind", "keywords", "organization", "summary", "body")
NAMES, NEW, OLD = (
    ", ".join(f"{prefix}{column}" for column in COLUMNS) for prefix in ("", "new.", "old.")
)
SQLITE = f"""
CREATE VIRTUAL TABLE search_words USING fts5(
    {NAMES}, content='search_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='4 5 6'
);
CREATE TRIGGER search_words_added AFTER INSERT ON search_searchentry BEGIN
    INSERT INTO search_words (rowid, {NAMES}) VALUES (new.id, {NEW});
END;
CREATE TRIGGER search_words_removed AFTER DELETE ON search_searchentry BEGIN
    INSERT INTO search_words (search_words, rowid, {NAMES}) VALUES ('delete', old.id, {OLD});
END;
CREATE TRIGGER search_words_changed AFTER UPDATE OF {NAMES} ON search_searchentry BEGIN
    INSERT INTO search_words (search_words, rowid, {NAMES}) VALUES ('delete', old.id, {OLD});
    INSERT INTO search_words (rowid, {NAMES}) VALUES (new.id, {NEW});
END;
INSERT INTO search_words (search_words) VALUES ('rebuild');
"""
POSTGRESQL = """
ALTER TABLE search_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title || ' ' || kind), 'A')
    || setweight(to_tsvector('simple', keywords || ' ' || organization), 'B')
    || setweight(to_tsvector('simple', summary), 'C')
    || setweight(to_tsvector('simple', body), 'D')
) STORED;
CREATE INDEX search_entry_words ON search_searchentry USING gin (words);
"""
# What is typed, and what it stands for; words of the vocabularies find themselves and are not repeated here.
MORE = {
    "hospital_rapid_response": "a&e, emergency department, injured",
    "therapeutic_support": "counselling, counsellor, camhs, mental health, psychotherapy, anxiety, self harm, trauma",
    "therapeutic_support, therapist": "therapy",
    "case_formulation, psychology": "psychologist, psychological",
    "specialist_keyworking": "key worker",
    "practice_consultation, case_formulation": "consultation, case advice",
    "mapping_support": "peer mapping",
    "bystander_guardianship_training": "bystander, taxi drivers, door staff, hotel, takeaway, licensing",
    "conflict_resolution": "mediation, mediator, mediate",
    "conflict_resolution, group_conflict": "rivalry, rivals, feud, fight, fighting, postcode war",
    "detached_youth_work": "street work",
    "late_night_outreach, detached_youth_work": "outreach",
    "late_night, late_night_outreach": "late night",
    "employment_training": "job, jobs, employment, apprenticeship, apprentice, work experience, career, careers",
    "practical_skills, bicycle": "bike, bikes, cycling, mechanics",
    "sport_based": "gym, basketball, martial arts, sports",
    "arts_music_based": "art, dance, film, theatre, rap, singing",
    "outdoor_adventure, outdoors": "outdoor, camping, nature",
    "school_workshop": "assembly",
    "reporting_line": "anonymous, anonymously, crimestoppers",
    "deferred_charge_programme, pre_court_diversion, disposal": "diversion, out of court, pre court, youth offending",
    "place_improvement": "residents, neighbours, community meeting",
    "school_inclusion_support, weapons_drugs_rapid_response, missing_education": "permanent exclusion, permanently excluded",
    "missing_education, school_embedded_worker": "truancy, truanting, school refusal, not going to school, attendance",
    "missing, late_night_outreach": "run away, ran away, absconding, goes missing, go missing",
    "cse, specialist_exploitation_1to1": "cse, sexual exploitation, sexually exploited",
    "cce, specialist_exploitation_1to1": "cce, criminal exploitation, criminally exploited",
    "cce, cse, specialist_exploitation_1to1": "exploitation, exploited",
    "online_safety_support, online_grooming": "online safety, online grooming",
    "school_embedded_worker": "school worker, worker in school",
    "open_access_youth_club": "youth club, drop in",
    "hospital_rapid_response, weapons_drugs_rapid_response": "urgent, emergency, crisis, same day",
    "care_experienced": "care leaver, care leavers, looked after, in care, foster care, unaccompanied, asylum seeker, uasc",
    "advocacy_guardian": "ictg, guardian",
    "deferred_charge_programme, pre_court_diversion, substance_misuse_youth": "oocd, outcome 22",
    "deferred_charge_programme": "deferred prosecution, conditional caution",
    "mapping_support, practice_consultation": "mace, peer group, complex strategy",
    "school_inclusion_support, school_embedded_worker": "eim, inclusion, pru, alternative provision, managed move",
    "serious_youth_violence": "syv, youth violence, assault, attacked, violent",
    "unknown_efh": "efh, extra familial harm, contextual safeguarding",
    "child_on_child": "peer on peer",
    "detached_youth_work, asb_exploited": "hanging around, loitering, hotspot",
    "training": "course, courses, cpd, learning",
    "place_improvement, participation": "youth voice, have a say, co production",
    "first home, flat, rent": "housing, homeless, accommodation, place to live, somewhere to live",
    "poet, poem": "poetry",
    "online_safety_support, online_image_abuse": "nudes, nude, sexting, sextortion, revenge porn",
    "modern_slavery, advocacy_guardian": "nrm, trafficking, trafficked, slavery",
    "child_on_child": "bullying, bullied, bully",
    "hate_based_harm": "racism, racist, homophobia, homophobic, transphobic",
    "radicalisation, online_harmful_groups": "extremism, extremist, radicalised, incel",
    "relationship_abuse": "domestic abuse, abusive, coercive control",
    "robbery_theft_exploitation": "robbery, robbing, stealing, theft, shoplifting, mugging",
    "asb_exploited": "antisocial behaviour, anti social behaviour, asb",
    "cuckooing": "cuckooed",
    "financial_exploitation": "money mule, bank account",
    "county_lines, cce": "drug dealing, dealing drugs, going country, trap house",
    "substance_related, substance_misuse_youth": "alcohol, drinking, ketamine",
    "knife_weapon": "blade, machete",
    "girls_only, girls_group": "girls, girl, young women, female",
    "boys_only, boys_group": "boys, boy, young men, lads",
    "lgbtq_plus": "lgbt, lgbtq, gay, lesbian, bisexual, trans, transgender, queer",
    "send_specialist": "autism, autistic, adhd, neurodivergent, neurodiverse, special needs",
    "siblings_family, sibling_family_mentoring": "sibling, siblings, brother, brothers, sister, sisters",
    "parents_carers, parent_group, parent_1to1": "parent, mum, mother, dad, father, carer, carers, grandparents",
    "culturally_specific": "cultural, black",
    "bsl": "sign language, deaf",
    "one_to_one": "one to one, 1 to 1, 1 1",
    "saturday, sunday": "weekend, weekends",
    "weekday_evening": "evening, evenings",
    "weekday_after_school": "after school",
    "holidays": "holiday, half term, summer",
    "home_visit": "at home",
}  # fmt: skip
# What the first synonyms left out.
INSTEAD = {
    "cannabis": "substance_misuse_youth, substance_related",
    "weed": "substance_misuse_youth, substance_related, cannabis",
    "drugs": "substance_misuse_youth, weapons_drugs_rapid_response, substance_related, county_lines",
    "parents": "parents_carers, parent_group, parent_1to1",
    "county lines": "county_lines, cce, specialist_exploitation_1to1",
    "grooming": "online_safety_support, online_grooming, specialist_exploitation_1to1, cse, cce",
    "runaway": "missing, late_night_outreach",
    "running away": "missing, late_night_outreach",
    "knife": "knife_weapon, weapons_drugs_rapid_response",
    "knives": "knife_weapon, weapons_drugs_rapid_response",
    "weapon": "knife_weapon, weapons_drugs_rapid_response",
    "stabbing": "hospital_rapid_response, knife_weapon, serious_youth_violence",
    "gang": "conflict_resolution, group_conflict",
    "mentor": "community_mentoring, mentoring",
    "mentoring": "community_mentoring, mentor",
    "safer options": "legacy-safer-options",
    "gangs": "conflict_resolution, group_conflict",
}


def keep_no_words(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    words.backwards(apps, schema_editor)


def keep_words(apps, schema_editor) -> None:  # noqa: ANN001
    words.run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def keep_words_as_before(apps, schema_editor) -> None:  # noqa: ANN001
    words.forwards(apps, schema_editor)


def to_stems(apps, schema_editor) -> None:  # noqa: ANN001
    entry = apps.get_model("search", "SearchEntry")

    def stems(text: str) -> str:
        return " ".join(word if word.startswith("kw") else stem(word) for word in text.split())

    for one in entry.objects.only("title", "keywords", "body").iterator():
        entry.objects.filter(pk=one.pk).update(
            title=stems(one.title), keywords=stems(one.keywords), body=stems(one.body)
        )


def add_synonyms(apps, schema_editor) -> None:  # noqa: ANN001
    synonyms = apps.get_model("search", "SearchSynonym")
    first = dict((word, expands) for word, expands, _ in import_module("search.migrations.0003_synonyms").FIRST)
    for word, expands in INSTEAD.items():  # only what no steward has changed
        synonyms.objects.filter(word=word, expands_to=first[word]).update(expands_to=expands)
    synonyms.objects.bulk_create(
        [
            synonyms(word=word.strip(), expands_to=expands)
            for expands, typed in MORE.items()
            for word in typed.split(",")
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0006_aspects")]

    operations = [
        migrations.RunPython(keep_no_words, keep_words_as_before),
        migrations.CreateModel(
            name="SearchHappens",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="happens", to="search.searchentry"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "search happens",
                "indexes": [models.Index(fields=["code", "entry"], name="search_happens_code")],
            },
        ),
        migrations.CreateModel(
            name="SearchHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.PositiveSmallIntegerField()),
                ("opens", models.PositiveSmallIntegerField()),
                ("closes", models.PositiveSmallIntegerField()),
                ("first", models.DateField(null=True)),
                ("last", models.DateField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="search.searchentry"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "search hours",
                "indexes": [models.Index(fields=["day", "opens", "entry"], name="search_hours_day")],
            },
        ),
        migrations.CreateModel(
            name="SearchBeginning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(db_index=True, max_length=80)),
                ("words", models.CharField(max_length=160)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="beginnings", to="search.searchentry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchLabel",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=160)),
            ],
        ),
        migrations.AddField(
            "searchentry",
            "kind",
            models.TextField(default="", help_text="The kind of service once more: it counts for more than other keywords."),
        ),
        migrations.AddField("searchentry", "organization", models.TextField(default="")),
        migrations.AddField("searchentry", "summary", models.TextField(default="")),
        migrations.AddIndex(
            "searchplace", models.Index(fields=["latitude", "longitude", "entry"], name="search_place_box")
        ),
        migrations.RunPython(to_stems, migrations.RunPython.noop),
        migrations.RunPython(keep_words, keep_no_words),
        migrations.RunPython(add_synonyms, migrations.RunPython.noop),
    ]
