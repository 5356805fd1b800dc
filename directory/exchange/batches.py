"""
A file is looked at, applied in chunks by the worker, and undone: `look`, `apply`, `undo`, and `one_chunk` behind them.

Each chunk is one transaction that writes the entries, notes its rows as done and puts the next chunk into the outbox. A
worker that is killed leaves a whole number of chunks, and whoever comes next begins with the first row that waits: nothing
is doubled, nothing is lost. A row whose entry is no longer as it was looked at is left alone, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from directory import signals
from directory.exchange.columns import World
from directory.exchange.plan import Planned, Verdict, plan
from directory.exchange.states import Texts, states
from directory.exchange.writing import WORDS_NAMES, Writer, take_away
from directory.models import ImportBatch, ImportRow, Service
from directory.tables import Table
from safekeeping import audit, outbox
from safekeeping.policy import Hat

KIND = "directory.import"
CHUNK = 200
State = ImportBatch.State
RowState = ImportRow.State
# What is shown of a batch is kept as long as askings are.
FORGET_AFTER = timedelta(days=400)
FORGET_LOOKED_AT_AFTER = timedelta(days=14)

CHANGED_SINCE = "Somebody has changed this entry since you looked. Import it again."
TAKEN_SINCE = "Another service has this key by now."
CHANGED_AFTER = "Somebody has changed this entry after the import."


class NotNow(Exception):
    """The batch is not in a state in which that can be done; the page says which."""


# --- looking ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def look(table: Table, *, name: str, by: Hat, at: datetime) -> ImportBatch:
    """
    Keep what a file would change, and change nothing.

    :raises Unreadable: if it has a column that is not known
    """
    planned = list(plan(table, World.read()))
    batch = ImportBatch.objects.create(name=name[-120:], columns=list(table.columns), by_id=by.user_id, looked_at=at)
    ImportRow.objects.bulk_create([row_of(batch, one) for one in planned], batch_size=200)
    audit.record("import.look", by=by, at=at, subject="import", ref=batch.pk)
    return batch


def row_of(batch: ImportBatch, one: Planned) -> ImportRow:
    """Return the row that keeps it."""
    return ImportRow(
        batch=batch,
        number=one.number,
        name=one.name,
        verdict=one.verdict,
        cells=one.cells if one.verdict in (Verdict.NEW, Verdict.CHANGED) else {},
        before=one.before if one.verdict == Verdict.CHANGED else {},
        changes=[asdict(change) for change in one.changes] if not one.faults else [],
        faults=[asdict(fault) for fault in one.faults],
        service_id=one.service_id,
    )


def counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many rows there are of each verdict and each state: one question."""
    found = {f"{kind}": 0 for kind in (*Verdict.values, *RowState.values)} | {"to_do": 0}
    for verdict, state, rows in batch.rows.order_by().values_list("verdict", "state").annotate(Count("pk")):
        found[verdict] += rows
        if verdict in (Verdict.NEW, Verdict.CHANGED):
            found[state] += rows
            found["to_do"] += rows
    return found


# --- applying and undoing -----------------------------------------------------------------------------------------------


@transaction.atomic
def apply(batch: ImportBatch, *, publish: bool, by: Hat, at: datetime) -> None:
    """
    Have the worker do what was looked at; rows with errors stay out of it.

    :raises NotNow: if it has been begun
    """
    begun = ImportBatch.objects.filter(pk=batch.pk, state=State.LOOKED_AT)
    if not begun.update(state=State.APPLYING, publish=publish, begun_at=at, finished_at=None, by_id=by.user_id):
        raise NotNow
    audit.record("import.apply", by=by, at=at, subject="import", ref=batch.pk, reason="publish" if publish else "draft")
    next_chunk(batch.pk, State.APPLYING, at=at, after=0)


@transaction.atomic
def undo(batch: ImportBatch, *, by: Hat, at: datetime) -> None:
    """
    Have the worker put every entry back as it was, unless somebody has changed it since.

    :raises NotNow: if it has not been applied to its end, or is being undone
    """
    begun = ImportBatch.objects.filter(pk=batch.pk, state=State.APPLIED)
    if not begun.update(state=State.UNDOING, begun_at=at, finished_at=None):
        raise NotNow
    audit.record("import.undo", by=by, at=at, subject="import", ref=batch.pk)
    next_chunk(batch.pk, State.UNDOING, at=at, after=0)


def next_chunk(batch_id: UUID, state: str, *, at: datetime, after: int, due_at: datetime | None = None) -> None:
    """Leave the next chunk for the worker."""
    outbox.put(
        KIND,
        key=f"import:{batch_id}:{state}:{after}",
        payload={"batch": str(batch_id), "state": state},
        at=at,
        due_at=due_at,  # before the news of what the chunks before it wrote: whoever watches sees it end
    )


@transaction.atomic
def one_chunk(batch_id: UUID, state: str, *, at: datetime) -> int:
    """
    Do the next rows of a batch that is being applied or undone; return how many there were.

    The rows are claimed by an UPDATE: of two workers the second waits for the first, then finds others.
    """
    batch = ImportBatch.objects.select_related("by").filter(pk=batch_id, state=state).first()
    if batch is None:
        return 0
    waiting = Q(state=RowState.WAITING) if state == State.APPLYING else Q(state=RowState.DONE)
    rows = batch.rows.filter(waiting, verdict__in=(Verdict.NEW, Verdict.CHANGED)).order_by("number")
    ids = list(rows.values_list("pk", flat=True)[:CHUNK])
    claimed = ImportRow.objects.filter(waiting, pk__in=ids)
    ended = RowState.LEFT if state == State.APPLYING else RowState.KEPT
    if claimed.update(state=ended) != len(ids):
        raise NotNow  # another worker has some of them: rolled back, and tried again
    mine = list(ImportRow.objects.filter(pk__in=ids).order_by("number"))
    if mine:
        work = Chunk(batch, mine, at=at)
        work.apply() if state == State.APPLYING else work.undo()
        next_chunk(batch.pk, state, at=at, after=mine[-1].number, due_at=batch.begun_at)
    else:
        finish(batch, state, at=at)
    return len(mine)


def finish(batch: ImportBatch, state: str, *, at: datetime) -> None:
    """Note that nothing is left to do."""
    over = State.APPLIED if state == State.APPLYING else State.UNDONE
    ImportBatch.objects.filter(pk=batch.pk, state=state).update(state=over, finished_at=at)
    audit.record(f"import.{over}", by=None, actor=batch.by_id, kind="import", at=at, subject="import", ref=batch.pk)


class Chunk:
    """Some rows of a batch, done inside the caller's transaction."""

    def __init__(self, batch: ImportBatch, rows: list[ImportRow], *, at: datetime) -> None:
        self.batch, self.rows, self.at = batch, rows, at
        self.world = World.read()
        self.writer = Writer(self.world, batch.by, batch.publish, at)

    def now(self) -> dict[UUID, tuple[Service, Texts]]:
        """Return how the entries of these rows are at this moment."""
        return {
            service.pk: (service, texts)
            for service, texts in states([row.service_id for row in self.rows if row.service_id], self.world)
        }

    def apply(self) -> None:
        """Write what the rows say."""
        now = self.now()
        self.writer.with_words([service for service, _ in now.values()])
        with disable_reference_index_auto_update():
            self.apply_new([row for row in self.rows if row.verdict == Verdict.NEW])
            for row in self.rows:
                if row.verdict == Verdict.CHANGED:
                    self.apply_one(row, now)
            self.writer.keep_reworded()
        self.settle()
        after = dict(self.now())
        for row in self.rows:
            if row.state == RowState.DONE and row.service_id:
                row.after = after[row.service_id][1]
        self.keep()

    def apply_new(self, rows: list[ImportRow]) -> None:
        """Make the new entries whose keys are still free."""
        for row in rows:
            if row.cells["key"] in self.world.slugs:
                row.state, row.why = RowState.LEFT, TAKEN_SINCE
        free = [row for row in rows if row.why != TAKEN_SINCE]
        if not free:
            return
        for row, made in zip(free, self.writer.new([row.cells for row in free]), strict=True):
            row.service, row.state = made, RowState.DONE

    def apply_one(self, row: ImportRow, now: dict[UUID, tuple[Service, Texts]]) -> None:
        """Change one entry, if it is still as it was looked at."""
        service, texts = now.get(row.service_id, (None, {})) if row.service_id else (None, {})
        differs = [name for name in row.cells if texts.get(name, "") != row.before.get(name, "")]
        if service is None or not self.follows(row, texts, differs) or self.would_publish_a_draft(service, row, texts):
            row.state, row.why = RowState.LEFT, CHANGED_SINCE
            return
        row.before = texts
        self.writer.change(service, row.cells, before=texts)
        row.state = RowState.DONE

    def follows(self, row: ImportRow, texts: Texts, differs: list[str]) -> bool:
        """Say whether all that differs is what another row of this file has said of the organization."""
        return all(name.startswith("organization_") and texts.get(name) == row.cells[name] for name in differs)

    def would_publish_a_draft(self, service: Service, row: ImportRow, texts: Texts) -> bool:
        """Say whether somebody's draft since then differs in what no table tells, and these words would go on top of it."""
        return service.has_unpublished_changes and any(
            row.cells.get(name, text) != text for name, text in texts.items() if name in WORDS_NAMES
        )

    def undo(self) -> None:
        """Put the entries back as they were."""
        now = self.now()
        self.writer.with_words([service for service, _ in now.values() if not service.has_unpublished_changes])
        with disable_reference_index_auto_update():
            for row in self.rows:
                self.undo_one(row, now)
            self.writer.keep_reworded()
        self.settle()
        self.keep()

    def undo_one(self, row: ImportRow, now: dict[UUID, tuple[Service, Texts]]) -> None:
        """Put one entry back, if it is still as the import left it."""
        service, texts = now.get(row.service_id, (None, {})) if row.service_id else (None, {})
        mine = {name: text for name, text in texts.items() if not name.startswith("organization_")}
        if service is None or any(row.after.get(name, "") != text for name, text in mine.items()):
            row.state, row.why = RowState.KEPT, CHANGED_AFTER
            return
        if row.verdict == Verdict.NEW:
            take_away(service, by=self.batch.by)
            self.writer.touched.append(service.pk)
        else:
            if (state := service.current_workflow_state) is not None:
                state.cancel(user=self.batch.by)
            before = {name: row.before.get(name, "") for name in mine if row.before.get(name, "") != mine[name]}
            self.writer.change(service, before, before=mine, publish=service.live)
        row.state = RowState.UNDONE

    def settle(self) -> None:
        """Bring up to date what follows from the entries: which words are used where, and the finder."""
        for one in self.writer.pointing:
            ReferenceIndex.create_or_update_for_object(one)
        signals.tell(Service, {*self.writer.touched, *self.writer.told})

    def keep(self) -> None:
        """Note what became of the rows: they are there, and ours, so this adds none; a bulk update takes three times as long."""
        fields = ["state", "why", "before", "after", "service"]
        ImportRow.objects.bulk_create(self.rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def do_chunk(payload: dict[str, Any], *, at: datetime) -> None:
    """Do one chunk for the worker."""
    one_chunk(UUID(payload["batch"]), payload["state"], at=at)


def forget_old(at: datetime) -> None:
    """Forget the files that were only looked at, and what was imported long ago."""
    ImportBatch.objects.filter(state=State.LOOKED_AT, looked_at__lt=at - FORGET_LOOKED_AT_AFTER).delete()
    ended = Q(state__in=(State.APPLIED, State.UNDONE))
    ImportBatch.objects.filter(ended, looked_at__lt=at - FORGET_AFTER).delete()


def faulty(batch: ImportBatch) -> Iterable[ImportRow]:
    """Return the rows that have errors."""
    return batch.rows.filter(verdict=Verdict.ERROR)
