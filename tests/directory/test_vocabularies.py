"""Codes stay, labels belong to the stewards, and every code has words that a tired reader understands."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import F

from directory import vocabularies
from directory.models import Taxonomy, TaxonomyTerm

pytestmark = pytest.mark.django_db

EXPECTED = {
    "harm_type": 24,
    "training_audience": 12,
    "intervention_level": 6,
    "service_type": 40,
    "risk_level": 5,
    "risk_source": 4,
    "level_of_need": 5,
    "statutory_status": 13,
    "context_type": 10,
    "context_harm_pattern": 7,
    "context_response": 12,
    "request_source": 28,
    "triage_outcome": 21,
    "delivery_setting": 20,
    "group_composition": 9,
    "time_availability": 9,
    "language": 17,
    "access_need": 14,
    "critical_moment": 15,
    "participation_consent": 9,
    "information_sharing_notice": 4,
    "lawful_basis": 7,
    "special_category_condition": 9,
    "decline_reason": 11,
    "end_reason": 26,
    "outcome_domain": 22,
    "practice_principle": 8,
    "organization_type": 22,
}
# Words that the pages never say (domain §0.5): those who ask are tired, and those it is about may read along.
UNKIND_OR_UNCLEAR = ("referral", "efh", "hoth", "slot", "gang", "abscond", "offender", "placement", "perpetrator")


def test_every_vocabulary_is_there_with_all_its_codes():
    assert {code: len(words) for code, words in vocabularies.packaged().items()} == EXPECTED


def test_loading_brings_every_word_into_the_database_in_order():
    call_command("load_vocabularies", verbosity=0)
    assert Taxonomy.objects.count() == len(EXPECTED)
    codes = list(TaxonomyTerm.objects.filter(taxonomy="risk_level").values_list("code", flat=True))
    assert codes == ["not_assessed", "emerging", "medium", "high", "critical"]
    assert TaxonomyTerm.objects.get(taxonomy="harm_type", code="county_lines").parent.code == "cce"


def test_loading_twice_changes_nothing():
    vocabularies.load()
    before = list(TaxonomyTerm.objects.values_list())
    again = vocabularies.load()
    assert (again.made, again.changed) == (0, 0)
    assert list(TaxonomyTerm.objects.values_list()) == before


def test_a_label_that_a_steward_edited_survives_the_next_load():
    vocabularies.load()
    TaxonomyTerm.objects.filter(taxonomy="harm_type", code="missing").update(plain_label="Away from home", in_use=False)
    vocabularies.load()
    term = TaxonomyTerm.objects.get(taxonomy="harm_type", code="missing")
    assert (term.plain_label, term.in_use) == ("Away from home", False)


def test_a_reset_puts_the_packaged_label_back_and_leaves_what_stewards_added():
    vocabularies.load()
    TaxonomyTerm.objects.filter(taxonomy="harm_type", code="missing").update(plain_label="Away from home")
    TaxonomyTerm.objects.create(taxonomy_id="language", code="cy", label="Welsh")
    assert vocabularies.load(reset=True).changed == 1
    assert TaxonomyTerm.objects.get(taxonomy="harm_type", code="missing").plain_label == "Going missing"
    assert TaxonomyTerm.objects.filter(taxonomy="language", code="cy").exists()


def test_the_front_door_in_a_label_is_this_citys():
    name = settings.CITY.front_door.short_name
    assert vocabularies.label_of("request_source", "first_response_below_threshold") == name
    assert not TaxonomyTerm.objects.filter(label__contains="{").exists()


def test_a_code_has_words_before_anything_is_loaded():
    assert vocabularies.label_of("harm_type", "county_lines") == "Made to carry drugs"
    assert vocabularies.full_label_of("harm_type", "county_lines") == "County lines"
    assert vocabularies.choices("risk_level")[0] == ("not_assessed", "Not set")


def test_an_unknown_code_or_vocabulary_is_refused_by_name():
    with pytest.raises(vocabularies.UnknownTerm, match="harm_type"):
        vocabularies.label_of("harm_type", "dragons")
    with pytest.raises(vocabularies.UnknownTerm, match="dragons"):
        vocabularies.choices("dragons")


def test_a_stewards_new_word_is_seen_at_once_in_the_process_that_saved_it():
    vocabularies.load()
    assert vocabularies.label_of("harm_type", "missing") == "Going missing"
    term = TaxonomyTerm.objects.get(taxonomy="harm_type", code="missing")
    term.plain_label = "Away from home"
    term.save()
    assert vocabularies.label_of("harm_type", "missing") == "Away from home"


def test_looking_up_many_words_costs_one_query(django_assert_num_queries):
    vocabularies.load()
    with django_assert_num_queries(1):
        for code in ("cse", "cce", "missing"):
            vocabularies.label_of("harm_type", code)
        vocabularies.choices("service_type")


def test_a_word_out_of_use_is_no_longer_offered_but_rows_that_hold_it_still_read_well():
    vocabularies.load()
    TaxonomyTerm.objects.filter(taxonomy="service_type", code="boys_group").update(in_use=False)
    assert "boys_group" not in dict(vocabularies.choices("service_type"))
    assert vocabularies.label_of("service_type", "boys_group") == "Boys’ group"


@pytest.mark.parametrize("taxonomy", sorted(EXPECTED))
def test_shown_words_are_short_kind_and_in_sentence_case(taxonomy):
    for word in vocabularies.packaged()[taxonomy]:
        shown = word.plain or word.label
        assert len(shown) <= 75, shown
        assert shown[0].isupper() or shown[0].isdigit(), shown
        assert not shown.endswith("."), shown
        assert not [bad for bad in UNKIND_OR_UNCLEAR if bad in f"{shown} {word.label}".lower().split()], shown
        assert word.provenance in ("S1", "S2", "R", "K", "D")


def test_labels_of_one_vocabulary_differ_from_each_other():
    for taxonomy, words in vocabularies.packaged().items():
        labels = [word.label for word in words]
        assert len(set(labels)) == len(labels), taxonomy


def test_the_wider_term_stands_before_the_narrower_one():
    vocabularies.load()
    assert not TaxonomyTerm.objects.filter(parent__position__gt=F("position")).exists()
