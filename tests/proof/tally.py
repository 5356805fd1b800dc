"""
Let the hours after a bad night pass at once, until the outbox has nothing left to do; prove that what must agree does,
and that the trail is whole; then count, and print it as JSON.

A letter whose answer was lost is tried again after minutes, one whose worker died after its lease: nobody waits for that.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

from tests.proof.prepare import PROVIDER

STEP = timedelta(minutes=20)
MOST_STEPS = 3 * 71  # hours: what is not delivered by then would be given up


def deliver_all() -> None:
    """Deliver what is due now, in twenty minutes, in forty … until nothing is left."""
    from django.utils import timezone

    from safekeeping import outbox
    from safekeeping.models import OutboxRow

    began = timezone.now()
    unfinished = OutboxRow.objects.filter(kind=outbox.MAIL, state__in=["waiting", "sending"])
    for step in range(MOST_STEPS):
        at = began + step * STEP
        outbox.deliver_due(now=lambda at=at: at)
        if not unfinished.exists():
            return


def main() -> None:
    """
    Deliver, prove, count, print.

    :raises CommandError: if anything does not agree, or the trail is not whole
    """
    from django.core.management import call_command
    from django.db.models import Count

    from directory.models import CapacityHold
    from safekeeping import outbox
    from safekeeping.models import AuditEvent, OutboxRow

    deliver_all()
    call_command("check_invariants")
    call_command("verify_audit")
    # Only of what was asked for here: the sample has holds and mails of its own.
    holds = CapacityHold.objects.filter(pool__organization__slug=PROVIDER)
    references = [str(reference) for reference in holds.values_list("reference", flat=True)]
    mails = OutboxRow.objects.filter(kind=outbox.MAIL, key__startswith="held:")
    told = {
        "held": references,
        "letters": {reference: outbox.message_id(f"held:{reference}") for reference in references},
        "mails": dict(mails.values_list("state").annotate(Count("pk"))),
        "in_trail": AuditEvent.objects.filter(action="held").count(),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    django.setup()
    main()
