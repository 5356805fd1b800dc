"""
Words, as SQLite (FTS5) and PostgreSQL (`tsvector`) are asked for them: what has them, and how well they fit (`search.fit`).

On PostgreSQL an entry's words are asked while it is looked at; SQLite makes a list for each thing that an entry may say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from search.backends.database_sql import ENTRY, FTS, Sql
from search.fit import LEVELS, ROUNDING, STEPS, Saying, having_more, sayings
from search.queries import Criterion, Order, ServiceQuery, Words
from search.reasons import asked_stems
from search.texts import code_word


def step_of(query: ServiceQuery) -> str:
    """Return a further column, how many steps a score lies behind the best one, where words decide; small differences are none."""
    if not goes_by_words(query):
        return ""
    behind = f"(1 - score / NULLIF(best, 0)) * {STEPS}"
    if connection.vendor == "postgresql":  # which rounds a half to what is even
        return f", FLOOR({behind} + {0.5 - ROUNDING}) AS step"
    return f", ROUND({behind} - {ROUNDING}) AS step"


def fit_for(query: ServiceQuery) -> tuple[Sql, str]:
    """
    Return a further column of entries ``e`` with its name, where words decide.

    On PostgreSQL it is the score itself, while the words are at hand; SQLite looks in its lists afterwards, for what fits alone.
    """
    if not goes_by_words(query):
        return Sql(""), ""
    if connection.vendor != "postgresql":
        return Sql(", e.focus"), ", focus"
    score = scores_of(query)
    return Sql(f", {score.text} AS score", score.values), ", score"


def asks_for_words(query: ServiceQuery) -> bool:
    """Say whether words decide what is found."""
    return bool(query.words) and query.failing != Criterion.TEXT


def goes_by_words(query: ServiceQuery) -> bool:
    """Say whether how well words fit decides the order."""
    return query.order == Order.BEST and asks_for_words(query)


def words_of(words: tuple[Words, ...], *, all_of_them: bool = True) -> Sql:
    """Return the words, or any of them, as a condition, for those who do not fit it."""
    if connection.vendor == "postgresql":
        return has_words(tsquery(words, all_of_them=all_of_them))
    asked = match(words, all_of_them=all_of_them)
    return Sql(f"e.id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)", [asked])


@dataclass
class Source:
    """Where entries ``e`` are read from: tables, what must be true of them, the quickest name of an id."""

    table: str
    conditions: list[Sql]
    id: str


def source_of(query: ServiceQuery) -> Source:
    """Return where the entries of a query are read from."""
    if not asks_for_words(query):
        return Source(f"{ENTRY} e", [], "e.id")
    if connection.vendor == "postgresql":
        return Source(f"{ENTRY} e", [has_words(tsquery(query.words, all_of_them=query.needs_all))], "e.id")
    asked = match(query.words, all_of_them=query.needs_all)
    has = Sql(f"{FTS} MATCH %s AND e.id = {FTS}.rowid", [asked])
    # the plus keeps SQLite from asking the index anew for each of the ids
    return Source(f"{FTS} CROSS JOIN {ENTRY} e", [has], f"+{FTS}.rowid")


def has_words(asked: str) -> Sql:
    """Return the condition that an entry ``e`` has these words, as PostgreSQL writes them."""
    return Sql("e.words @@ to_tsquery('simple', %s)", [asked])


# The letters that PostgreSQL's words carry for the columns they come from.
LETTERS = dict(zip(LEVELS, "ABCD", strict=True))


def scores_of(query: ServiceQuery) -> Sql:
    """Return the score of an entry ``e``, as `search.fit` says it."""
    parts = [sum_of(sayings(query.words))]
    if not query.needs_all:
        parts.append(sum_of(having_more(query.words)))
    return Sql(" * ".join(one.text for one in parts), [value for one in parts for value in one.values])


def sum_of(said: Iterable[Saying]) -> Sql:
    """Return what counts together of what an entry ``e`` says."""
    if connection.vendor == "postgresql":
        each = [said_in_tsvector(one) for one in said]
    else:
        # a word counts in several columns, and is written out once
        written: dict[Words, str] = {}
        each = [said_in_fts5(one, written) for one in said]
    return Sql(f"({' + '.join(one.text for one in each)})", [value for one in each for value in one.values])


def counts(one: Saying) -> str:
    """Return what it counts for an entry ``e``."""
    return f"{one.worth!r}{' * COALESCE(e.focus, 1.0)' if one.focused else ''}"


def said_in_fts5(one: Saying, written: dict[Words, str]) -> Sql:
    """Return what it counts where an entry ``e`` says it, else 0: a list of all that do is made once, in the order of ids."""
    columns = f"{{{' '.join(one.columns)}}} : " if one.columns else ""
    if (what := written.get(one.what)) is None:
        what = written[one.what] = match((one.what,))
    asked = f"{columns}({what})"
    return Sql(f"(e.id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)) * {counts(one)}", [asked])


def said_in_tsvector(one: Saying) -> Sql:
    """Return what it counts where an entry ``e`` says it, else 0; without a cast PostgreSQL would reckon in decimals, slowly."""
    says = has_words(tsquery((one.what,), LETTERS.get(one.columns, "")))
    return Sql(f"CASE WHEN {says.text} THEN CAST({counts(one)} AS double precision) ELSE 0 END", says.values)


def match(words: tuple[Words, ...], *, all_of_them: bool = True) -> str:
    """Return FTS5's way of writing it; folded words hold letters and digits only, so nothing needs escaping."""
    between = " AND " if all_of_them else " OR "
    return between.join(f"({' OR '.join(phrases(one))})" for one in words)


def phrases(words: Words) -> list[str]:
    """Return everything that is enough for one thing, as FTS5 writes it."""
    return [f'"{one}"{"*" if longer else ""}' for one, longer in asked_stems(words)] + [
        f'"{code_word(code)}"' for code in words.codes
    ]


def tsquery(words: tuple[Words, ...], letter: str = "", *, all_of_them: bool = True) -> str:
    """Return PostgreSQL's way of writing it; with a letter, of words that carry it."""

    def one_word(part: str, longer: bool = False) -> str:
        return f"{part}:{'*' if longer else ''}{letter}" if longer or letter else part

    def phrase(one: str, longer: bool) -> str:
        return "(" + " <-> ".join(one_word(part, longer) for part in one.split()) + ")"

    return (" & " if all_of_them else " | ").join(
        "("
        + " | ".join(
            [phrase(one, longer) for one, longer in asked_stems(words_in)]
            + [one_word(code_word(code)) for code in words_in.codes]
        )
        + ")"
        for words_in in words
    )
