"""
How well searches are answered on the sample's services, against 291 judged queries of four groups of users.

    python -m bench.relevance [--each]

For the queries that weights are chosen by and for the third that is held out: nDCG at 10 and recall at 20, over all, for
each group, and for the older queries and the further ones, by somebody who had not read the synonyms. ``--each`` prints every
query of the tuning part below 0.8, worst first, to standard error, with what was found and what was wanted and is not among
the first ten; and none of the held-out part, which nobody may look at while choosing. Works on a database of its own: on
SQLite, or with DATABASE_URL beside the PostgreSQL that it names. With ELASTICSEARCH_URL that server answers, and never the
database in its place. Prints one JSON line.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

AIM = 0.85
WEAK = 0.8


def measure() -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from directory import sample, vocabularies
    from search import common_words, finder, tasks
    from search.backends import backend
    from search.documents import all_documents
    from tests.factories import directory as make
    from tests.search.relevance import FURTHER, SHOWN, WANTED, answered, judgements, mean, ndcg, recall, slugs

    call_command("migrate", verbosity=0)
    stack = ExitStack()
    if url := os.environ.get("ELASTICSEARCH_URL"):
        engine = elasticsearch(url, stack)
        tasks.backend = finder.backend = lambda: engine
    else:
        engine = backend()
    sample._contributions.clear()  # courses and requests are not what is measured
    at = timezone.now()
    make.places()
    vocabularies.load()
    sample.load(at=at)
    engine.replace_all(all_documents())
    common_words.count()
    known, measured = slugs(), []
    for judged in judgements():
        found = answered(judged, known, at=at)
        measured.append((judged, ndcg(found, judged.grades), recall(found, judged.grades), found))
    stack.close()
    if "--each" in sys.argv:
        for judged, fit, share, found in sorted(measured, key=lambda one: one[1]):
            if not judged.held_out and fit < WEAK:
                told = [f"{slug}:{judged.grades.get(slug, 0)}" for slug in found[:10]]
                missing = [
                    slug for slug, grade in judged.grades.items() if grade >= WANTED and slug not in found[:SHOWN]
                ]
                print(f"{fit:.2f} {share:.2f} {judged.terms.text!r} {told} not found: {missing}", file=sys.stderr)

    def figures(of: list) -> dict:
        return {
            "queries": len(of),
            "ndcg_at_10": round(mean(fit for _, fit, *_ in of), 3),
            "recall_at_20": round(mean(share for _, _, share, _ in of), 3),
            "nothing_found": sum(not found for *_, found in of),
        }

    parts = {
        name: [one for one in measured if one[0].held_out == held]
        for name, held in (("tuning", False), ("held_out", True))
    }
    groups = sorted({judged.group for judged, *_ in measured})
    return {
        "bench": "relevance",
        "engine": type(engine).__name__,
        "database": connection.vendor,
        "aim": AIM,
        **{
            name: figures(of)
            | {"by_group": {g: figures([m for m in of if m[0].group == g])["ndcg_at_10"] for g in groups}}
            | {
                "older" if first else "further": figures([m for m in of if m[0].file.startswith(FURTHER) != first])
                for first in (True, False)
            }
            for name, of in parts.items()
        },
    }


def elasticsearch(url: str, stack: ExitStack):
    """Return an engine with an index of its own, which goes when ``stack`` is closed."""
    from search.backends.elastic_first import ElasticFirst
    from search.backends.elastic_line import Line

    engine = ElasticFirst(Line(url, patience=60, slow=60), name=f"bench-{os.getpid()}")
    engine._first = lambda ask, instead: ask()
    stack.callback(engine.elastic.index.drop)
    return engine


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench import own_database

    own_database.run(measure)
