"""How a text is read: folding, small words, synonyms."""

from __future__ import annotations

import pytest

from search.queries import Words
from search.texts import Synonym, Synonyms, code_word, folded, read

SYNONYMS = Synonyms(
    {
        "county lines": Synonym("county lines", ("county_lines", "cce")),
        "mentor": Synonym("mentor", ("community_mentoring", "mentoring")),
        "mentoring": Synonym("mentoring", ("community_mentoring",)),
        "gang": Synonym("gang", ("group_conflict",), "A note."),
        "gangly": Synonym("gangly", ("tall",)),
    }
)
NONE = Synonyms({})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Café  Négro", "cafe negro"),
        ("girls’ GROUP", "girls group"),
        ("a\u202eb", "a b"),
        ("ＢＯＸＩＮＧ", "boxing"),
        ("one-to-one", "one to one"),
        ("Z̷̧a̵͠l̴g̶o", "zalgo"),
        ("", ""),
    ],
)
def test_texts_are_folded(text, plain):
    assert folded(text) == plain


def test_a_synonym_of_two_words_is_read_as_one():
    found = read("county lines mentor", SYNONYMS, {"cce"}).words
    assert found == (
        Words(("county lines",), ("county_lines", "cce")),
        Words(("mentor", "mentoring"), ("community_mentoring",)),
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("gangs", "gang"),
        ("county line", "county lines"),
        ("mentors", "mentor"),
        ("mentored", "mentor"),  # of two synonyms with its stem, the first
        ("mentoring", "mentoring"),  # its own, before one that shares its stem
    ],
)
def test_any_form_of_a_word_is_explained_by_its_synonym(text, word):
    [one] = read(text, SYNONYMS, {"cce"}).words
    assert one.any_of[0] == text
    assert one.codes == read(word, SYNONYMS, {"cce"}).words[0].codes != ()


def test_a_word_that_only_begins_alike_is_not():
    assert read("gangway", SYNONYMS).words == (Words(("gangway",)),)


def test_a_note_is_said_of_any_form_of_its_word():
    assert read("gangs", SYNONYMS).notes == ("A note.",)


def test_small_words_are_passed_over_unless_there_is_nothing_else():
    assert read("a mentor for my nephew", SYNONYMS).words[-1] == Words(("nephew",))
    assert len(read("a mentor for my nephew", SYNONYMS).words) == 2
    assert read("a mentor for my son", SYNONYMS).words == read("mentor", SYNONYMS).words
    assert read("help for a child", SYNONYMS).words != ()


def test_a_note_is_said_once():
    assert read("gang gang", SYNONYMS).notes == ("A note.",)


def test_a_long_text_is_cut_and_says_so():
    assert read("x " * 200, NONE).cut is True
    assert len(read("abc " * 500, NONE).words) <= 12


def test_a_code_becomes_a_word_that_nobody_types():
    assert code_word("knife_weapon") == "kwknifeweapon"
