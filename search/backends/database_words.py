"""
Words, as SQLite (FTS5) and PostgreSQL (`tsvector`) are asked for them: what has them, and how well they fit (`search.fit`).

On PostgreSQL an entry's words are asked while it is looked at; SQLite makes a list for each thing that an entry may say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, islice

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
    score = scores_of(query.words, query.needed)
    return Sql(f", {score.text} AS score", score.values), ", score"


def asks_for_words(query: ServiceQuery) -> bool:
    """Say whether words decide what is found."""
    return bool(query.words) and query.failing != Criterion.TEXT


def goes_by_words(query: ServiceQuery) -> bool:
    """Say whether how well words fit decides the order."""
    return query.order == Order.BEST and asks_for_words(query)


def words_of(words: tuple[Words, ...], needed: int = 0) -> Sql:
    """Return the words as a condition, for those who do not fit it."""
    found = saying(words, needed or len(words))
    return Sql(f"e.id IN (SELECT id FROM ({found.text}) t)", found.values)


def saying(words: tuple[Words, ...], needed: int) -> Sql:
    """Return a query for the ids of the entries that say so many of the words."""
    if needed >= len(words):
        return looked_up(words)
    parts = [looked_up((one,)) for one in words]
    each = " UNION ALL ".join(part.text for part in parts)
    return Sql(
        f"SELECT id FROM ({each}) w GROUP BY id HAVING COUNT(*) >= {needed:d}",
        [value for part in parts for value in part.values],
    )


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
    words, needed = query.words, query.needed
    if connection.vendor == "postgresql":
        return of_postgresql(words, needed)
    conditions = [Sql(f"{FTS} MATCH %s AND e.id = {FTS}.rowid", [match(words, needed)])]
    if 1 < needed < len(words):
        has = number_of(words)
        conditions.append(Sql(f"{has.text} >= {needed:d}", has.values))
    # the plus keeps SQLite from asking the index anew for each of the ids
    return Source(f"{FTS} CROSS JOIN {ENTRY} e", conditions, f"+{FTS}.rowid")


def number_of(words: tuple[Words, ...]) -> Sql:
    """Return how many of the words an entry has in SQLite, 0 if it is one: a list is made for each, of what has another as well."""
    each = [match((one,)) for one in words]
    others = (f"({' OR '.join(each[:place] + each[place + 1 :])})" for place in range(len(each)))
    return Sql(
        f"({' + '.join([f'({FTS}.rowid IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s))'] * len(each))})",
        [f"{one} AND {other}" for one, other in zip(each, others, strict=True)],
    )


# Where so many of the words can be chosen in more ways, the index is asked for any one of them: it would take longer than the rows.
MOST_WAYS = 20


def of_postgresql(words: tuple[Words, ...], needed: int) -> Source:
    """Return where PostgreSQL reads the entries with so many of the words from: they are looked up, and say how many they have."""
    if needed >= len(words):
        return Source(f"{ENTRY} e", [has_words(tsquery(words))], "e.id")
    ways = list(islice(combinations(words, needed), MOST_WAYS + 1))
    if len(ways) > MOST_WAYS:
        ways = list(combinations(words, 1))
    conditions = [has_words(" | ".join(f"({tsquery(way)})" for way in ways))]
    if needed > 1:
        each = [has_words(tsquery((one,))) for one in words]
        many = " + ".join(f"CASE WHEN {one.text} THEN 1 ELSE 0 END" for one in each)
        conditions.append(Sql(f"{many} >= {needed:d}", [value for one in each for value in one.values]))
    return Source(f"{ENTRY} e", conditions, "e.id")


def has_words(asked: str) -> Sql:
    """Return the condition that an entry ``e`` has these words, as PostgreSQL writes them."""
    return Sql("e.words @@ to_tsquery('simple', %s)", [asked])


# The letters that PostgreSQL's words carry for the columns they come from.
LETTERS = dict(zip(LEVELS, "ABCD", strict=True))


def scores_of(words: tuple[Words, ...], needed: int) -> Sql:
    """Return the score of an entry ``e``, as `search.fit` says it."""
    parts = [sum_of(sayings(words))]
    if needed < len(words):
        parts.append(sum_of(having_more(words)))
    return Sql(" * ".join(one.text for one in parts), [value for one in parts for value in one.values])


def sum_of(said: Iterable[Saying]) -> Sql:
    """Return what counts together of what an entry ``e`` says."""
    each = [said_in_tsvector(one) if connection.vendor == "postgresql" else said_in_fts5(one) for one in said]
    return Sql(f"({' + '.join(one.text for one in each)})", [value for one in each for value in one.values])


def counts(one: Saying) -> str:
    """Return what it counts for an entry ``e``."""
    return f"{one.worth!r}{' * COALESCE(e.focus, 1.0)' if one.focused else ''}"


def said_in_fts5(one: Saying) -> Sql:
    """Return what it counts where an entry ``e`` says it, else 0: a list of all that do is made once, in the order of ids."""
    columns = f"{{{' '.join(one.columns)}}} : " if one.columns else ""
    asked = f"{columns}({match((one.what,))})"
    return Sql(f"(e.id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)) * {counts(one)}", [asked])


def said_in_tsvector(one: Saying) -> Sql:
    """Return what it counts where an entry ``e`` says it, else 0; without a cast PostgreSQL would reckon in decimals, slowly."""
    says = has_words(tsquery((one.what,), LETTERS.get(one.columns, "")))
    return Sql(f"CASE WHEN {says.text} THEN CAST({counts(one)} AS double precision) ELSE 0 END", says.values)


def looked_up(words: tuple[Words, ...]) -> Sql:
    """Return the ids of what has all of these words."""
    if connection.vendor == "postgresql":
        has = has_words(tsquery(words))
        return Sql(f"SELECT e.id FROM {ENTRY} e WHERE {has.text}", has.values)
    return Sql(f"SELECT rowid AS id FROM {FTS} WHERE {FTS} MATCH %s", [match(words)])


def match(words: tuple[Words, ...], needed: int = 0) -> str:
    """
    Return FTS5's way of writing it; folded words hold letters and digits only, so nothing needs escaping.

    :param needed: where fewer than all are, any one is enough here
    """
    between = " OR " if 0 < needed < len(words) else " AND "
    return between.join(f"({' OR '.join(phrases(one))})" for one in words)


def phrases(words: Words) -> list[str]:
    """Return everything that is enough for one thing, as FTS5 writes it."""
    return [f'"{one}"{"*" if longer else ""}' for one, longer in asked_stems(words)] + [
        f'"{code_word(code)}"' for code in words.codes
    ]


def tsquery(words: tuple[Words, ...], letter: str = "") -> str:
    """Return PostgreSQL's way of writing it; with a letter, of words that carry it."""

    def one_word(part: str, longer: bool = False) -> str:
        return f"{part}:{'*' if longer else ''}{letter}" if longer or letter else part

    def phrase(one: str, longer: bool) -> str:
        return "(" + " <-> ".join(one_word(part, longer) for part in one.split()) + ")"

    return " & ".join(
        "("
        + " | ".join(
            [phrase(one, longer) for one, longer in asked_stems(words_in)]
            + [one_word(code_word(code)) for code in words_in.codes]
        )
        + ")"
        for words_in in words
    )
