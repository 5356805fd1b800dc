"""How a text is read: folding, small words, synonyms."""

from __future__ import annotations

import pytest

from search.queries import Words
from search.texts import Synonym, code_word, folded, read

SYNONYMS = {
    "county lines": Synonym("county lines", ("county_lines", "cce")),
    "mentor": Synonym("mentor", ("community_mentoring", "mentoring")),
    "gang": Synonym("gang", ("group_conflict",), "A note."),
}


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


def test_small_words_are_passed_over_unless_there_is_nothing_else():
    assert read("a mentor for my son", SYNONYMS).words[-1] == Words(("son",))
    assert len(read("a mentor for my son", SYNONYMS).words) == 2
    assert read("help for a child", SYNONYMS).words != ()


def test_a_note_is_said_once():
    assert read("gang gang", SYNONYMS).notes == ("A note.",)


def test_a_long_text_is_cut_and_says_so():
    assert read("x " * 200, {}).cut is True
    assert len(read("abc " * 500, {}).words) <= 12


def test_a_code_becomes_a_word_that_nobody_types():
    assert code_word("knife_weapon") == "kwknifeweapon"
