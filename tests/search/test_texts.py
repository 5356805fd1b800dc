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


@pytest.mark.parametrize(
    ("text", "age", "words"),
    [
        ("mentor 14yo", 14, ("mentor",)),
        ("mentor for a 9 year old", 9, ("mentor",)),
        ("mentor, year 9", 13, ("mentor",)),
        ("mentor aged 15", 15, ("mentor",)),
        ("17, mentor", 17, ("mentor",)),
        ("mentor 12 weeks", None, ("mentor", "weeks")),  # how long, not how old
        ("mentor 2", None, ("mentor",)),
        ("mentor 30 years old", None, ("mentor",)),
        ("mentor 13 and 15", None, ("mentor",)),  # nobody is both
        ('mentor "14"', None, ("mentor", "14")),
        ("14", 14, ()),
    ],
)
def test_an_age_is_asked_for_beside_the_words(text, age, words):
    found = read(text, SYNONYMS)
    assert (found.age, tuple(one.any_of[0] for one in found.words)) == (age, words)


def test_a_text_can_be_asked_without_its_ages():
    assert read('A mentor, 14yo, "year 9"', SYNONYMS).ageless == 'a mentor "year 9"'
    assert read(read("mentor year 9", SYNONYMS).ageless, SYNONYMS).age is None


def test_a_place_in_the_text_is_no_word_unless_there_are_two_or_it_is_quoted():
    places = {"knowle", "knowle west", "easton"}
    found = read("boxing Knowle West", NONE, places=places)
    assert (found.place, found.words) == ("knowle west", (Words(("boxing",)),))
    assert read("easton", NONE, places=places).words == ()
    assert read('boxing "Easton"', NONE, places=places).place == ""
    two = read("easton or knowle", NONE, places=places)
    assert (two.place, [one.any_of for one in two.words]) == ("", [("easton",), ("knowle",)])


def test_what_stands_between_the_parts_of_a_phrase_or_does_not_makes_no_other_word_of_it():
    phrases = Synonyms({word: Synonym(word, ("x_y",)) for word in ("found in bag", "youth club", "to go")})
    assert [one.any_of for one in read("found in her bags", phrases).words] == [("found in her bags",)]
    assert read("youthclub", phrases).words[0].codes == ("x_y",)
    assert len(read("youth in the middle of a club", phrases).words) == 3
    assert read("togo", phrases).words[0].codes == ()  # too short to be anything


def test_a_small_word_is_no_form_of_another():
    outed = Synonyms({"outed": Synonym("outed", ("x_y",))})
    assert read("somewhere out there chess", outed).words == (Words(("chess",)),)


def test_a_word_that_only_phrases_explain_stands_for_what_half_of_them_do_and_counts_for_less():
    selling = Synonyms(
        {
            "selling drugs": Synonym("selling drugs", ("x_y", "x_z")),
            "selling vapes": Synonym("selling vapes", ("x_y", "x_w")),
            "sold at school": Synonym("sold at school", ("x_v",)),
        }
    )
    [one] = read("sells", selling).words
    assert (one.any_of, one.codes, one.aside) == (("sells",), ("x_y", "x_z", "x_w"), True)
    assert read("chess", selling).words == (Words(("chess",)),)
    assert read("school", selling).words[0].codes == ("x_v",)


def test_what_says_for_whom_stands_aside():
    girls = Synonyms({"girls": Synonym("girls", ("girls_only", "girls_group"))})
    [one] = read("girls", girls, aside={"girls_only"}).words
    assert one.aside
    assert not read("girls", girls).words[0].aside


def test_where_just_these_words_are_meant_nothing_is_guessed():
    synonyms = Synonyms({"selling weed": Synonym("selling weed", ("cce",))})
    assert read("weed", synonyms, {"cce"}).words[0].codes == ("cce",)
    assert read("weed", synonyms, {"cce"}, guesses=False).words[0].codes == ()
