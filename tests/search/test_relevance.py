"""
What searches find stays as good as it was: the held-out judgements on the sample, above a floor.

One load of the sample and 291 searches take some seconds; no shorter set says anything about ranking.
"""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from directory import sample, vocabularies
from search.backends import backend
from search.texts import folded
from tests.factories import directory as make
from tests.factories.directory import AT
from tests.search.relevance import FURTHER, GRADES, answered, judgements, mean, ndcg, recall, slugs

pytestmark = pytest.mark.django_db

# Somewhat below what `bench.relevance` measured (decision 19): a change of the sample's words moves it a little.
# First those of the queries that were there first, then those of all.
FLOOR, FLOOR_OF_RECALL = 0.79, 0.83
FLOOR_OF_ALL, FLOOR_OF_RECALL_OF_ALL = 0.71, 0.78
GROUPS = {"professionals", "partnership", "providers", "coordinators"}


@pytest.fixture(scope="module")
def known(kept_for_the_file):
    """Load the directory's own sample and its index, and take them back afterwards; gives the slugs by id."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "_contributions", [])
        make.places()
        vocabularies.load()
        sample.load(at=AT)
        call_command("reindex", stdout=StringIO())
        yield slugs()
    vocabularies.remembered.drop()


def test_what_was_held_out_is_answered_above_the_floor(known):
    held_out = [judged for judged in judgements() if judged.held_out]
    found = [answered(judged, known, at=AT) for judged in held_out]
    told = list(zip(found, held_out, strict=True))
    older = [(one, judged) for one, judged in told if not judged.file.startswith(FURTHER)]
    for of, floor, floor_of_recall in (
        (older, FLOOR, FLOOR_OF_RECALL),
        (told, FLOOR_OF_ALL, FLOOR_OF_RECALL_OF_ALL),
    ):
        assert mean(ndcg(one, judged.grades) for one, judged in of) >= floor
        assert mean(recall(one, judged.grades) for one, judged in of) >= floor_of_recall
    # the figure can fall: the same answers to each other's questions are worth little
    assert mean(ndcg(one, held_out[place - 1].grades) for place, one in enumerate(found)) < FLOOR / 2


def test_the_judgements_are_of_services_that_are_there_and_of_everybody_who_searches(known):
    judged = judgements()
    assert len(judged) >= 290
    assert {one.group for one in judged} == GROUPS
    assert {one.file for one in judged} == GROUPS | {FURTHER + group for group in GROUPS}
    assert {slug for one in judged for slug in one.grades} <= set(known.values())
    assert 1 / 4 < sum(one.held_out for one in judged) / len(judged) < 2 / 5
    assert all(max(one.grades.values(), default=0) == max(GRADES.values()) for one in judged)


def test_nothing_is_judged_twice():
    judged = judgements()
    asked = Counter((one.group, folded(one.terms.text), one.terms.place, one.terms.age) for one in judged)
    assert [each for each, times in asked.items() if times > 1] == []
    # what was added to measure more must not repeat what was there, nor itself: not even for another place or group
    texts = Counter(folded(one.terms.text) for one in judged)
    further = [folded(one.terms.text) for one in judged if one.file.startswith(FURTHER)]
    assert [text for text in further if texts[text] > 1] == []


def test_synonyms_stand_for_codes_that_are_there_or_for_words(known):
    from directory.models import RequestMode, Subject
    from search.documents import OVER_18, UNDER_11, for_code
    from search.finder import FINDABLE, synonyms
    from search.texts import CODE

    codes = {code for taxonomy in FINDABLE for code, _ in vocabularies.choices(taxonomy)} | {"one_to_one", "in_a_group"}
    codes |= {for_code(subject) for subject in Subject.values} | set(RequestMode.values) | {UNDER_11, OVER_18}
    told = {part for one in synonyms().values() for part in one.expands_to if CODE.fullmatch(part)}
    assert {part for part in told if not part.startswith("legacy-")} <= codes
    assert backend().digests()


@pytest.mark.parametrize(
    ("found", "fit"),
    [(["a", "b"], 1.0), (["b", "a"], 0.83), (["x", "a", "b"], 0.64), ([], 0.0), (["x"], 0.0), (["a"], 0.79)],
)
def test_gain_is_less_further_down(found, fit):
    assert ndcg(found, {"a": 3, "b": 2}) == pytest.approx(fit, abs=0.05)


def test_recall_is_of_what_would_have_been_welcome():
    assert recall(["a", "x"], {"a": 3, "b": 2, "x": 1}) == 0.5
    assert recall([], {}) == 1.0
