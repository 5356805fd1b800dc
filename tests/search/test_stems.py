"""One stem for all engines: the algorithm against an implementation of somebody else's, SQLite's own."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from search.stems import stem, stemmed

HERE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "forms",
    [
        ("mentor", "mentors", "mentored", "mentoring"),
        ("exploit", "exploited", "exploitation"),
        ("box", "boxes", "boxing"),
        ("run", "runs", "running"),
        ("relation", "relational"),
        ("family", "families"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["", "is", "bs5", "2026", "日本", "ميثاق", "kwcse1", "x" * 60])
def test_what_is_no_word_stays_as_it_is(word):
    assert stemmed(word) == word


def test_stems_are_those_of_another_implementation():
    texts = [path.read_text(encoding="utf-8") for path in sorted(HERE.glob("docs/**/*.md"))]
    texts += [path.read_text(encoding="utf-8") for path in sorted(HERE.glob("config/cities/**/*.toml"))]
    words = sorted({word for text in texts for word in re.findall("[a-z]{4,30}", text.lower())})
    assert len(words) > 2000
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE one USING fts5(word, tokenize='porter unicode61')")
    index.executemany("INSERT INTO one(rowid, word) VALUES (?, ?)", enumerate(words))
    index.execute("CREATE VIRTUAL TABLE its USING fts5vocab(one, 'instance')")
    theirs = {words[row]: term for term, row in index.execute("SELECT term, doc FROM its")}
    assert {word: stem(word) for word in words} == theirs
