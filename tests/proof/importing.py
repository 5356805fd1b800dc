"""
An import on a database of its own, step by step, each step a process that may be killed; prints JSON.

    python -m tests.proof.importing prepare ROWS
    python -m tests.proof.importing work KILL_AT [unguarded]
    python -m tests.proof.importing tally

`work` kills itself with SIGKILL while it writes the entry of that number, in the middle of a chunk; 0 lets it live.
`unguarded` is the control: the chunk without its transaction.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import django

WORDS = (
    ("service_type", "community_mentoring"), ("intervention_level", "targeted_diversion"),
    ("organization_type", "vcs_charity"), ("harm_type", "cce"), ("language", "so"), ("group_composition", "mixed"),
)  # fmt: skip


def row(number: int) -> dict[str, str]:
    """Return a row as a steward's file has it."""
    return {
        "key": f"service-{number}", "source_ref": f"R{number}", "name": f"Service {number}",
        "organization": f"organization-{number % 200}", "organization_name": f"Organization {number % 200}",
        "organization_type": "vcs_charity", "summary": f"What number {number} does for young people.",
        "what_happens": "A worker meets you where you are, once a week, and stays alongside.",
        "service_type": "community_mentoring", "intervention_level": "targeted_diversion", "subject": "child",
        "request_mode": "broker_only", "minimum_age": "10", "maximum_age": "17", "harm_types": "cce", "languages": "so",
        "group_compositions": "mixed", "contact_name": "Duty worker", "contact_telephone": "0117 496 0101",
        "areas": "citywide", "schedules": "MO,WE 16:00-18:00 | term time only",
    }  # fmt: skip


def table_of(rows: int, **other: str) -> Any:
    """Return a file of so many rows, read; ``other`` cells stand in each of them."""
    from directory import tables

    told = [row(number) | other for number in range(rows)]
    return tables.read(b"".join(tables.as_csv(list(told[0]), [list(one.values()) for one in told])))


def prepare(rows: int) -> dict[str, Any]:
    """Make the database, and have a file of so many rows looked at and applied, up to where the worker begins."""
    from django.core.management import call_command

    from safekeeping.models import User
    from tests.factories import directory as make

    call_command("migrate", verbosity=0)
    for taxonomy, code in WORDS:
        make.term(taxonomy, code)
    User.objects.create_user("mel@city.example", name="Mel Tran")
    make.organization("The city", slug="the-city")
    return {"batch": bring(table_of(rows))}


def bring(table: Any) -> str:
    """Have a steward look at a file and apply it, up to where the worker begins; return the batch's id."""
    from django.utils import timezone

    from directory.exchange import batches
    from directory.models import Organization
    from safekeeping.models import User
    from safekeeping.policy import Hat

    by = Hat(
        membership_id=1, user_id=User.objects.get().pk, person="Mel Tran", role="content_editor",
        organization_id=Organization.objects.get(slug="the-city").pk, organization="The city",
    )  # fmt: skip
    batch = batches.look(table, name="services.csv", by=by, at=timezone.now())
    batches.apply(batch, publish=True, by=by, at=timezone.now())
    return str(batch.pk)


def work(kill_at: int, *, guarded: bool) -> dict[str, Any]:
    """Let the worker's own loop run until nothing of the import waits, or until it is killed."""
    from django.utils import timezone

    from directory.exchange import batches
    from directory.exchange.writing import Writer
    from directory.models import ImportBatch
    from safekeeping import outbox
    from safekeeping.models import OutboxRow

    # whoever held the work has been dead for as long as a lease lasts
    OutboxRow.objects.filter(kind=batches.KIND).update(lease_until=timezone.now() - timedelta(seconds=1))
    written = 0
    write = Writer.area

    def area(self: Writer, service: Any, code: str) -> Any:
        nonlocal written
        written += 1
        if written == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return write(self, service, code)

    Writer.area = area  # type: ignore[method-assign]
    batches.CHUNK = int(os.environ.get("CHUNK", batches.CHUNK))
    if not guarded:
        batches.one_chunk = batches.one_chunk.__wrapped__  # type: ignore[attr-defined]
    outbox.deliver_due(
        now=timezone.now, until=lambda: not ImportBatch.objects.filter(state=batches.State.APPLYING).exists()
    )
    return {"state": ImportBatch.objects.latest("looked_at").state, "written": written}


def tally() -> dict[str, Any]:
    """Count what there is."""
    from django.db.models import Count
    from wagtail.models import Revision

    from directory.models import ImportBatch, ImportRow, Organization, Schedule, Service, ServiceArea, ServiceStanding

    rows = dict(ImportRow.objects.order_by().values_list("state").annotate(Count("pk")))
    noted = set(ImportRow.objects.filter(state="done").values_list("cells__key", flat=True))
    return {
        "state": ImportBatch.objects.get().state,
        "services": Service.objects.count(),
        "live": Service.objects.filter(live=True, live_revision__isnull=False).count(),
        "not_noted": Service.objects.exclude(slug__in=noted).count(),
        "standings": ServiceStanding.objects.count(),
        "areas": ServiceArea.objects.count(),
        "times": Schedule.objects.count(),
        "revisions": Revision.objects.filter(content_type__model="service").count(),
        "organizations": Organization.objects.exclude(slug="the-city").count(),
        "rows": rows,
    }


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    match arguments:
        case ["prepare", rows]:
            told = prepare(int(rows))
        case ["work", kill_at, *more]:
            told = work(int(kill_at), guarded="unguarded" not in more)
        case _:
            told = tally()
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
