"""
Many services to search among, the same for the same number, for benches that measure how a search grows with them.

Documents and pools come from a generator: sentences of the sample, kinds, worries, ages, areas and points by a seed. More than
`MADE` are copies of the first under other ids, made by the database, which writes them in minutes. There are no rows of services
themselves: no engine reads them.
"""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

SEED = 7
# So many are made by Django; of more, each is one of these once more.
MADE = 100_000
BATCH = 2_000
# How a copy's ids begin; all others are small numbers.
COPIED = "f"
# Columns of an entry that the clock writes, and only for the very service that they stand beside.
WRITTEN_LATER = ("tier", "tier_since", "tier_until", "ready_for", "ready")


def fill(services: int, *, at: datetime, with_names: bool = False) -> float:
    """
    Put so many services into the database's own index, with their pools, and count their words.

    :param with_names: whether copies too have the names that `suggest` offers, which no search reads
    :returns: how many documents were indexed a second
    """
    from directory import vocabularies
    from search import common_words
    from search.backends.database import DatabaseBackend
    from tests.factories import directory as make

    make.places()
    vocabularies.load()
    made = min(services, MADE)
    started = time.perf_counter()
    DatabaseBackend().replace_all(documents(made))
    taken = time.perf_counter() - started
    pools(made, at=at)
    copies(services, with_names=with_names)
    common_words.count()
    return made / taken


def analyze() -> None:
    """Have the database look at what it holds before it is asked; PostgreSQL does so itself, within a minute or so."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def documents(services: int) -> Iterator[Any]:
    """Yield so many documents."""
    from django.conf import settings

    from directory import vocabularies
    from directory.geo import Point
    from directory.models import Ward
    from search.queries import Aspect, DocumentPlace, Hours, SearchDocument

    draw = random.Random(SEED)
    names, sentences = texts(settings.CITY.folder / "sample")
    kinds, harms = vocabularies.choices("service_type"), vocabularies.choices("harm_type")
    levels, wards = vocabularies.choices("intervention_level"), list(Ward.objects.all())
    languages = [code for code, _ in vocabularies.choices("language")]
    for number in range(services):
        kind, level = draw.choice(kinds), draw.choice(levels)
        worries = draw.sample(harms, draw.randint(1, 5))
        ward = draw.choice(wards)
        everywhere = draw.random() < 0.35
        youngest = draw.choice((8, 10, 11, 13, 16))
        spoken = draw.sample(languages, draw.choice((1, 1, 2)))
        yield SearchDocument(
            service_id=UUID(int=number + 1),
            audience="public" if draw.random() < 0.95 else "professionals",
            name=f"{draw.choice(names)}, {ward.name}",
            organization=f"{draw.choice(names)} {number % 997}",
            keywords=(kind[1], level[1], *(label for _, label in worries), ward.name),
            codes=(kind[0], level[0], *(code for code, _ in worries), *spoken),
            summary=draw.choice(sentences),
            body=" ".join(draw.sample(sentences, 4)),
            minimum_age=youngest,
            maximum_age=draw.choice((16, 17, 17, 19, 25)),
            subject=draw.choice(("child", "child", "child", "parent", "context", "any")),
            harms=tuple(sorted(code for code, _ in worries)),
            level=level[0],
            service_type=kind[0],
            travels=draw.random() < 0.2,
            serves_city=everywhere,
            serves_anywhere=draw.random() < 0.02,
            areas=() if everywhere else (ward.locality_id,),
            places=(
                DocumentPlace(
                    UUID(int=number + 10**9),
                    Point(ward.latitude + draw.uniform(-0.01, 0.01), ward.longitude + draw.uniform(-0.015, 0.015)),
                    draw.random() < 0.9,
                    (ward.code, ward.locality_id),
                ),
            ),
            aspects={
                Aspect.LANGUAGE: tuple(sorted(spoken)),
                Aspect.TIME: (draw.choice(("saturday", "weekday_evening")),),
            },
            hours=(Hours(draw.randrange(7), 15 * 60, 20 * 60),),
        )


def texts(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names and the sentences of the sample's services."""
    names, sentences = [], []
    for path in sorted(folder.glob("services_*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["service"]:
            names.append(one["name"])
            for text in (one.get("summary", ""), one.get("what_happens", "")):
                sentences += [sentence.strip() + "." for sentence in text.split(". ") if sentence.strip()]
    return names, sentences


def pools(services: int, *, at: datetime) -> None:
    """Write one pool for each service, without its service's row."""
    from django.db import connection

    from directory.models import CapacityPool
    from tests.factories import directory as make

    draw = random.Random(SEED)
    organization = make.organization()
    of = CapacityPool.services.through
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        for first in range(0, services, BATCH):
            made = CapacityPool.objects.bulk_create(
                CapacityPool(
                    id=UUID(int=number + 1),
                    organization=organization,
                    name=f"Places {number}",
                    model="caseload_places",
                    total=10,
                    occupied=draw.randint(4, 11),
                    waitlist_open=draw.random() < 0.5,
                    confirm_every_days=7,
                    confirmed_until=at.replace(year=at.year + 1) if draw.random() < 0.8 else None,
                )
                for number in range(first, min(first + BATCH, services))
            )
            of.objects.bulk_create(
                of(capacitypool_id=pool.pk, service_id=UUID(int=first + place + 1)) for place, pool in enumerate(made)
            )
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")


def copies(services: int, *, with_names: bool) -> None:
    """
    Copy all services, with all that hangs on them, until there are as many as were asked for.

    A row's number in the first copy is its own plus the last number of its table, in the second plus twice that, and so on; of
    ids the first eight digits are exchanged (`other_id`).
    """
    from django.db import connection, transaction

    from directory.models import CapacityPool
    from search import models

    hanging = [models.SearchPlace, models.SearchArea, models.SearchHappens, models.SearchHours, models.SearchHarm]
    hanging += [models.SearchAspect, *([models.SearchBeginning] if with_names else [])]
    numbered = [models.SearchEntry, *hanging, CapacityPool.services.through]
    last = {model: model.objects.order_by("-pk").values_list("pk", flat=True)[0] for model in numbered}
    for copy in range(1, -(-services // MADE)):
        # there is no row of a service that a pool's could refer to
        with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("SET LOCAL statement_timeout = 0")
            for model in (*numbered, CapacityPool):
                cursor.execute(copying(model, copy, last))


def copying(model: Any, copy: int, last: Mapping[Any, int]) -> str:
    """Return the statement that copies one table's first rows, those that were there before any copy."""
    fields, table, key = model._meta.concrete_fields, model._meta.db_table, model._meta.pk.column
    columns = ", ".join(field.column for field in fields)
    values = ", ".join(value_of(field, copy, last) for field in fields)
    first = f"{key} <= {last[model]}" if model in last else f"SUBSTR(CAST({key} AS text), 1, 1) <> '{COPIED}'"
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {first}"


def value_of(field: Any, copy: int, last: Mapping[Any, int]) -> str:
    """Return what a column has in a copy, in SQL: the same, unless it says which row or service this is, or belongs to."""
    from directory.models import CapacityPool

    row_of = field.model if field.primary_key else field.related_model
    if row_of in last:
        return f"{field.column} + {copy * last[row_of]}"
    if row_of is CapacityPool or field.column == "service_id":
        return other_id(field.column, copy)
    return "NULL" if field.column in WRITTEN_LATER else field.column


def other_id(column: str, copy: int) -> str:
    """Return the id of a copy in SQL: other first digits."""
    from django.db import connection

    begun = f"'{COPIED}{copy:07x}'"
    if connection.vendor == "postgresql":
        return f"CAST({begun} || SUBSTR(REPLACE(CAST({column} AS text), '-', ''), 9) AS uuid)"
    return f"{begun} || SUBSTR({column}, 9)"
