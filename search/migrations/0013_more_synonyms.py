"""What else people type, beside the first synonyms: inflected forms need no line of their own, and a steward's word stays."""

from __future__ import annotations

from django.db import migrations

# what it stands for → what people type
MORE = {
    "cse, therapeutic_support": "rape, sexually abused, sexual abuse",
    "cse, relationship_abuse": "older boyfriend",
    "hsb": "sexualised behaviour, sexual behaviour",
    "hsb, child_on_child": "sexual harassment",
    "county_lines, cce": "running drugs, drug runner, selling drugs, trapping, burner phone, two phones",
    "cuckooing, county_lines": "bando",
    "cce, group_conflict": "olders",
    "cce, financial_exploitation": "drug debt",
    "cce, financial_exploitation, modern_slavery": "debt bondage",
    "serious_youth_violence": "violence, murder, beaten up",
    "knife_weapon, serious_youth_violence": "gun, firearm, shooting, acid",
    "knife_weapon": "sword, shank",
    "knife_weapon, weapons_drugs_rapid_response": "bladed article",
    "conflict_resolution, group_conflict": (
        "beef, turf, territory, retaliation, revenge, tension, dispute, falling out"
    ),
    "arts_music_based, group_conflict": "drill",
    "conflict_resolution": "restorative, truce",
    "missing, late_night_outreach": "misper, awol, out all night, stays out, curfew",
    "missing": "return interview, return home interview, rhi",
    "employment_training, missing_education": "neet",
    "missing_education, school_embedded_worker": "not in school, bunking, skipping school, school avoidance, ebsa",
    "missing_education, school_inclusion_support": (
        "out of education, reduced timetable, part time timetable, suspension"
    ),
    "missing_education": "home educated, elective home education",
    "school_inclusion_support, weapons_drugs_rapid_response, missing_education": "pex",
    "school_inclusion_support, school_embedded_worker": "pupil referral, alternative education",
    "school_inclusion_support": "reintegration",
    "school_embedded_worker": "pastoral, school based",
    "school_workshop": "lesson, pshe",
    "labour_exploitation, modern_slavery": "forced labour, car wash, cannabis farm",
    "modern_slavery, advocacy_guardian": "national referral mechanism",
    "financial_exploitation": "money laundering, fraud, bank card",
    "child_on_child": "peer on peer, peer abuse",
    "child_on_child, online_safety_support": "cyberbullying",
    "relationship_abuse": "toxic relationship, domestic violence, stalking",
    "online_safety_support, online_grooming": "social media, snapchat, instagram, tiktok, internet",
    "online_safety_support, online_harmful_groups": "discord",
    "online_image_abuse, online_safety_support": "blackmail, deepfake, naked, intimate images",
    "radicalisation, online_harmful_groups": "terrorism, far right, misogyny",
    "hate_based_harm": "hate crime, islamophobia, antisemitism, xenophobia, discrimination, prejudice",
    "substance_misuse_youth, substance_related": (
        "vape, cocaine, nitrous, xanax, pills, addiction, addicted, substance, substance misuse"
    ),
    "robbery_theft_exploitation": "burglary, moped, stolen",
    "asb_exploited": "vandalism, arson, nuisance",
    "asb_exploited, arts_music_based": "graffiti",
    "unknown_efh": "harm outside the home, risk outside the home, roth",
    "community_mentoring, mentor": "role model, trusted adult, befriending",
    "specialist_keyworking": "keyworker, key working, intensive support",
    "one_to_one": "121",
    "targeted_youth_1to1, detached_youth_work": "youth worker",
    "therapeutic_support": (
        "bereavement, grief, ptsd, nightmares, low mood, depression, depressed, suicidal, cbt, emdr"
    ),
    "case_formulation": "formulation",
    "substance_misuse_youth": "rehab, detox, drug worker",
    "boys_only, boys_group": "masculinity",
    "sport_based": "mma, karate, kickboxing, swimming, cricket, rugby, fitness, skateboarding",
    "outdoor_adventure, sport_based": "climbing",
    "outdoor_adventure, outdoors": "hiking, canoeing, horses, gardening, forest school, bushcraft",
    "arts_music_based": "photography, painting, drawing, podcast, dj, lyrics",
    "arts_music_based, poet": "spoken word",
    "practical_skills": "carpentry, cooking",
    "practical_skills, employment_training": "construction",
    "employment_training": "cv, interview skills, traineeship, internship, qualification, unemployed",
    "late_night, hospital_rapid_response": "tonight",
    "hospital_rapid_response, weapons_drugs_rapid_response": "immediately",
    "open_access_youth_club, popup_youth_club": "things to do, somewhere to go",
    "open_access_youth_club": "youth centre",
    "deferred_charge_programme, pre_court_diversion": (
        "caution, arrested, custody, charged, court, offending, reoffending, youth justice, bail, "
        "criminal record"
    ),
    "deferred_charge_programme, pre_court_diversion, youth justice": "probation, yjs",
    "parents_carers, parent_group, parent_1to1": "grandmother, nan, parenting",
    "parents_carers, parent_group, parent_1to1, care_experienced": "foster carers",
    "bystander_guardianship_training": "shopkeeper, retail, security staff, taxi, bus driver, night time economy",
    "place_improvement": "lighting, unsafe area, community safety, neighbourhood",
    "advocacy_guardian": "advocate, advocacy",
    "reporting_line": "snitching",
    "practice_consultation, case_formulation": "reflective, case discussion",
    "practice_consultation": "second opinion",
    "mapping_support, practice_consultation": "friendship group",
    "mapping_support": "peer network, safety mapping",
    "training": "webinar, inset, e learning, induction, briefing",
    "culturally_specific": "asian, muslim, mixed heritage, migrant",
    "lgbtq_plus": "non binary, gender identity, coming out",
    "care_experienced": "lac, looked after child, children in care, leaving care, childrens home, residential home",
    "care_experienced, culturally_specific": "refugee",
    "send_specialist": "sen, send, ehcp, asd, learning difficulties, learning disability, dyslexia",
    "send_specialist, quiet_space": "sensory",
    "send_specialist, step_free": "disability, disabled",
    "step_free": "wheelchair",
    "creche": "childcare",
    "zh": "mandarin, cantonese",
    "fa": "persian",
    "late_night, 24_7": "out of hours",
    "24_7": "24 hours",
    "weekday_day": "daytime",
    "holidays": "easter, christmas",
    "online_video": "zoom, virtual",
    "online_text": "whatsapp",
    "phone": "telephone",
    "faith_venue": "church, mosque",
}


def add(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
    synonyms = apps.get_model("search", "SearchSynonym")
    rows = [synonyms(word=word.strip(), expands_to=told) for told, typed in MORE.items() for word in typed.split(",")]
    synonyms.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0012_settled")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
