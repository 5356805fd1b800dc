"""
What became of each thing that the partnership's documents name: the city's `rows.toml`, compared with what is in the database.

Records are found by their `source_ref`, which holds the ids of one row or of several; courses by their code, words by theirs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db.models import Model, QuerySet
from wagtail.models import Page

from cms.models.words import WordsPage
from directory.models import Location, Organization, Service, TaxonomyTerm
from training.models import Course

FILE = "rows.toml"
KINDS = frozenset({"PREV", "PRO", "T&D", "PART", "GOV", "ASM", "DATA", "MAT", "PTR"})
# What is offered, asked for or taken part in must be a record of its own, whatever else tells of it.
OFFERED = frozenset({"PREV", "PRO", "T&D", "PART", "ASM"})
NOT_HERE = "not_here"
REFERENCE = re.compile(r"[A-Z]\d{2}")


class RowsMistake(Exception):
    """The city's file says something that cannot be read; the message says of which row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; ``needs`` names what an undone test waits for, ``why`` says more, or why nothing was made."""

    id: str
    kind: str
    name: str
    becomes: tuple[str, ...]
    test: str
    done: bool
    needs: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Where a row is found; ``what`` is nothing where it should be and is not."""

    sort: str
    what: str


@dataclass(frozen=True, slots=True)
class Found:
    row: Row
    records: tuple[Record, ...]

    @property
    def lacking(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if not record.what)


def read(folder: Path) -> list[Row]:
    """
    Return the rows of a city's folder, in their order.

    :raises RowsMistake: if an id stands there twice, a kind is none, or one that is not done does not say what it waits for
    """
    rows = [
        Row(**{**one, "becomes": tuple(one["becomes"])})
        for one in tomllib.loads((folder / FILE).read_text("utf-8"))["row"]
    ]
    seen: set[str] = set()
    for row in rows:
        if row.id in seen or row.kind not in KINDS or not row.becomes:
            raise RowsMistake(f"{row.id}: twice, of no known kind, or nothing became of it")
        if (not row.done or NOT_HERE in row.becomes) and not row.why:
            raise RowsMistake(f"{row.id}: say why")
        if row.done == bool(row.needs):
            raise RowsMistake(f"{row.id}: say what is needed, if it is not done and only then")
        seen.add(row.id)
    return rows


def look(rows: list[Row]) -> list[Found]:
    """Return each row with its records; a handful of queries, however many rows."""
    by_reference = carried()
    courses = {course.code: course.title for course in Course.objects.published()}
    words = {f"{word.taxonomy_id}.{word.code}": word.label for word in TaxonomyTerm.objects.all()}

    def records(row: Row) -> Iterator[Record]:
        for told in row.becomes:
            sort, _, name = told.partition(":")
            match sort:
                case "course":
                    yield Record("course", f"{name} {courses[name]}" if name in courses else "")
                case "word":
                    yield Record("word", f"{words[name]} ({name})" if name in words else "")
                case "request":
                    yield Record("kind of request", str(model_of(row, name)._meta.verbose_name))
                case "service" | "organization" | "location" | "page":
                    found = by_reference.get((sort, row.id), [])
                    yield from (Record(sort, what) for what in found or [""])
                case "not_here":
                    yield Record("not here", row.why)
                case _:
                    raise RowsMistake(f"{row.id}: nothing becomes {told!r}")

    return [Found(row, tuple(records(row))) for row in rows]


def needed(found: list[Found]) -> dict[str, list[str]]:
    """Return what the product cannot do yet, with the ids of the rows that wait for it, most first."""
    waiting: dict[str, list[str]] = {}
    for one in found:
        if one.row.needs:
            waiting.setdefault(one.row.needs, []).append(one.row.id)
    return dict(sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0])))


def model_of(row: Row, label: str) -> type[Model]:
    """
    Return the model of a kind of request.

    :raises RowsMistake: if there is none
    """
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        raise RowsMistake(f"{row.id}: there is no {label}") from None


def carried() -> dict[tuple[str, str], list[str]]:
    """Return what carries each row's id, by sort and id: what is published, or stands in the tables of places."""
    found: dict[tuple[str, str], list[str]] = {}

    def keep(sort: str, references: str, what: str) -> None:
        for reference in REFERENCE.findall(references):
            found.setdefault((sort, reference), []).append(what)

    for slug, name, references in told(Service.objects.published().order_by("slug"), "slug", "name"):
        keep("service", references, f"{name} (/services/{slug}/)")
    for slug, name, references in told(Organization.objects.published().order_by("slug"), "slug", "name"):
        keep("organization", references, f"{name} ({slug})")
    for kind, name, references in told(Location.objects.order_by("name"), "kind", "name"):
        keep("location", references, f"{name} ({kind})")
    for model in page_models():
        for page in model.objects.live().exclude(source_ref="").order_by("path"):
            keep("page", page.source_ref, f"{page.title} ({page.url})")
    return found


def told(rows: QuerySet, *columns: str) -> Iterator[tuple[str, ...]]:
    """Yield the columns and the reference of rows that carry one."""
    yield from rows.exclude(source_ref="").values_list(*columns, "source_ref")


def page_models() -> list[type[Page]]:
    """Return the kinds of page that carry a reference."""
    return [model for model in apps.get_app_config("cms").get_models() if issubclass(model, WordsPage)]
