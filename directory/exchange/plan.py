"""What a file would change, row by row and cell by cell, and what is wrong with it: nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.text import slugify

from directory.exchange.columns import (
    ABOUT_THE_ORGANIZATION,
    BY_NAME,
    FACTS,
    NO_ORGANIZATION_NEEDS,
    TAKEN,
    World,
    parts,
)
from directory.exchange.states import Texts, organization_texts, states
from directory.models import ImportRow, Service
from directory.tables import Line, Table, Unreadable, letter, shortened

Verdict = ImportRow.Verdict
ORGANIZATION_NAMES = frozenset(column.name for column in ABOUT_THE_ORGANIZATION)
NOT_WORDS = frozenset(FACTS) | ORGANIZATION_NAMES
IN_ORDER = (("minimum_age", "maximum_age"), ("duration_min_months", "duration_max_months"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: ``cell`` is what a spreadsheet calls it ("C7")."""

    cell: str
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one entry, before and after."""

    column: str
    old: str
    new: str


@dataclass(slots=True)
class Planned:
    """One row of the file, understood. ``cells`` hold what is to be, ``before`` what is."""

    number: int
    name: str = ""
    service_id: UUID | None = None
    cells: Texts = field(default_factory=dict)
    before: Texts = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """What becomes of it."""
        if self.faults:
            return Verdict.ERROR
        if self.service_id is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.UNCHANGED


def known_columns(table: Table) -> None:
    """
    Refuse a file that brings what has no place here, or says of no row which service it is about.

    :raises Unreadable: with the names
    """
    unknown = [shortened(name) for name in table.columns if name not in BY_NAME]
    if unknown:
        which = "This column is" if len(unknown) == 1 else "These columns are"
        raise Unreadable(f"{which} not known: {', '.join(unknown[:20])}. Take them out, or correct their names.")
    if not {"key", "source_ref"} & set(table.columns):
        raise Unreadable("The file needs a column “key” or “source_ref”, which says which service a row is about.")


def plan(table: Table, world: World) -> Iterator[Planned]:
    """
    Yield what each row would do, in the order of the file.

    :raises Unreadable: if a column is not known
    """
    known_columns(table)
    rows = [identified(line, table.columns, world) for line in table.lines]
    now = {
        service.pk: (service, texts)
        for service, texts in states((one.service_id for one in rows if one.service_id), world)
    }
    seen: dict[str, int] = {}
    organizations: dict[str, tuple[int, Texts]] = {}
    for one, line in zip(rows, table.lines, strict=True):
        told = dict(zip(table.columns, line.cells, strict=True))
        service, one.before = now.get(one.service_id, (None, {})) if one.service_id else (None, {})
        reader = Reader(one, table.columns, told, world)
        reader.twice(seen)
        reader.read(organizations)
        if service is not None:
            reader.stays(service)
        yield one


def identified(line: Line, columns: tuple[str, ...], world: World) -> Planned:
    """Say which service a row is about, by its key or else by its reference; a fault if that cannot be said."""
    told = dict(zip(columns, line.cells, strict=True))
    one = Planned(line.number, name=told.get("name", "")[:160])
    wanted, ref = told.get("key", ""), told.get("source_ref", "")
    if wanted:
        one.service_id = world.slugs.get(wanted)
    elif ref:
        found = world.refs.get(ref, [])
        if len(found) > 1:
            fault(one, columns, "source_ref", f"{len(found)} services have this reference. Write the key as well.")
        elif found:
            one.service_id = found[0]
    else:
        name = "key" if "key" in columns else "source_ref"
        fault(one, columns, name, "This is empty: it says which service the row is about.")
    return one


def fault(one: Planned, columns: tuple[str, ...], name: str, words: str) -> None:
    """Note what is wrong with a cell; of a column that the file does not have, beside the row's number."""
    place = letter(columns.index(name) + 1) if name in columns else ""
    one.faults.append(Fault(f"{place}{one.number}" if place else f"Row {one.number}", name, words))


@dataclass(slots=True)
class Reader:
    """Reads one row."""

    one: Planned
    columns: tuple[str, ...]
    told: Mapping[str, str]
    world: World

    def wrong(self, name: str, words: str) -> None:
        """Note what is wrong with that cell."""
        fault(self.one, self.columns, name, words)

    def twice(self, seen: dict[str, int]) -> None:
        """Refuse a second row about the same service."""
        wanted = self.told.get("key") or self.told.get("source_ref", "")
        about = str(self.one.service_id or wanted)
        if about and about in seen:
            name = "key" if self.told.get("key") else "source_ref"
            self.wrong(name, f"Row {seen[about]} is about the same service.")
        seen.setdefault(about, self.one.number)

    def read(self, organizations: dict[str, tuple[int, Texts]]) -> None:
        """Read every cell and compare it with what is."""
        one = self.one
        one.name = one.name or one.before.get("name", "")
        for column in TAKEN:
            if column.name not in self.columns or column.name in ORGANIZATION_NAMES:
                continue
            self.read_cell(column.name)
        known = {fault.column for fault in one.faults}
        for column in TAKEN:
            left = one.cells.get(column.name, one.before.get(column.name, ""))
            if column.needed and not left and column.name not in known:
                self.wrong(column.name, "This is needed." if one.service_id else "A new service needs this.")
        self.own_key()
        self.in_order()
        self.of_organization(organizations)
        self.places_of_times()
        one.changes = [
            Change(name, one.before.get(name, ""), new)
            for name, new in one.cells.items()
            if new != one.before.get(name, "") and name != "key"
        ]

    def read_cell(self, name: str) -> None:
        """Read one cell; what is there already needs no reading."""
        text = self.told[name]
        if self.one.before and text == self.one.before.get(name):
            self.one.cells[name] = text
            return
        try:
            self.one.cells[name] = BY_NAME[name].read(text, self.world)
        except ValueError as trouble:
            self.wrong(name, str(trouble))

    def own_key(self) -> None:
        """Give a new service the end of its page's address."""
        one = self.one
        if one.service_id is not None:
            one.cells["key"] = one.before["key"]
            return
        if not one.cells.get("key") and not any(known.column == "key" for known in one.faults):
            wanted = slugify(one.cells.get("name", ""))[:116]
            slug, number = wanted, 1
            while slug in self.world.slugs:
                number += 1
                slug = f"{wanted}-{number}"
            one.cells["key"] = slug
            if not slug and "name" in one.cells and one.cells["name"]:
                self.wrong("key", "No address can be made from the name. Write one here.")
        if one.cells.get("key"):
            self.world.slugs.setdefault(one.cells["key"], UUID(int=0))

    def in_order(self) -> None:
        """Compare the ends of ages and durations."""
        merged = self.one.before | self.one.cells
        for least, most in IN_ORDER:
            if merged.get(least) and merged.get(most) and int(merged[least]) > int(merged[most]):
                self.wrong(most if most in self.columns else least, "The highest must not be below the lowest.")

    def of_organization(self, organizations: dict[str, tuple[int, Texts]]) -> None:
        """Read what is said of the organization: once in the file, or the same each time."""
        one = self.one
        slug = one.cells.get("organization") or one.before.get("organization", "")
        known = self.world.organizations.get(slug)
        now = organization_texts(known) if known else {}
        said: Texts = {}
        for column in ABOUT_THE_ORGANIZATION:
            text = self.told.get(column.name, "")
            if column.name not in self.columns or text == now.get(column.name, ""):
                continue
            try:
                said[column.name] = column.read(text, self.world)
            except ValueError as trouble:
                self.wrong(column.name, str(trouble))
        if not slug:
            return
        first, before = organizations.setdefault(slug, (one.number, said))
        if before != said and first != one.number:
            differs = next(name for name in {**before, **said} if before.get(name) != said.get(name))
            self.wrong(differs, f"Row {first} says something else about the same organization.")
            return
        if known is None:
            for name in NO_ORGANIZATION_NEEDS:
                if not said.get(name) and not any(fault.column == name for fault in one.faults):
                    self.wrong(name, f"No organization has the key “{shortened(slug)}”. A new one needs this.")
        else:
            said = {name: text for name, text in said.items() if text != now[name]}
            if any(not said.get(name, "x") for name in NO_ORGANIZATION_NEEDS):
                self.wrong("organization_name", "An organization has a name and a kind.")
            if said and (known.has_unpublished_changes or known.locked):
                self.wrong("organization", "Somebody’s draft about this organization is waiting. Decide on it first.")
        one.before |= {name: now.get(name, "") for name in said}
        if first == one.number:
            one.cells |= said

    def places_of_times(self) -> None:
        """Refuse times at a place where it does not happen."""
        merged = self.one.before | self.one.cells
        at = {line.split(" | ")[0].casefold() for line in parts(merged.get("places", ""), "\n")}
        for line in parts(self.one.cells.get("schedules", ""), "\n"):
            for part in line.split(" | ")[1:]:
                if part.startswith("note: "):
                    break
                if part.startswith("at ") and part[3:].casefold() not in at:
                    self.wrong("schedules", f"“{shortened(part[3:])}” is not among the places of this row.")

    def stays(self, service: Service) -> None:
        """Refuse what an import must not do to an entry that is there."""
        one = self.one
        if one.cells.get("organization", service.organization.slug) != service.organization.slug:
            self.wrong("organization", f"It stays with {service.organization}: its places and requests belong to them.")
        if any(change.column not in NOT_WORDS for change in one.changes):
            if service.has_unpublished_changes:
                self.wrong("name", "Somebody’s draft about this service is waiting. Decide on it first.")
            elif service.locked:
                self.wrong("name", "Somebody has locked this service.")
