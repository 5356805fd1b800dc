"""
The audit trail: every look at case work and every move in it, in the transaction of what it records.

Rows only grow (the database refuses anything else) and form a chain: each carries an HMAC over its own columns and its
predecessor's, under a key that is not in the database. `verify` finds an edited, missing, moved or invented row; the
heads that are kept outside the database (`keep_head`) show that the end was not cut off and the whole not made anew.

`record` comes **last** in its transaction: it takes the one head row, and whoever holds the head waits for nobody.
No names, no text, no values: what is recorded are codes, ids and the names of fields.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase

from safekeeping import append_only, headers
from safekeeping.models import AuditEvent, AuditHead

if TYPE_CHECKING:
    from safekeeping.policy import Hat

log = logging.getLogger(__name__)

HEAD = 1
CODE = re.compile(r"[A-Za-z0-9_.:/-]*\Z")
FIRST = "first event of chain "
# The columns that the chain protects, in the order in which they are written down; `mac` is the result.
COLUMNS = (
    "seq", "at", "actor", "hat", "role", "organization", "action", "object_type", "object_ref", "fields", "outcome",
    "reason", "ip_hash", "session_hash", "request_id", "prev",
)  # fmt: skip

# In SQL of our own: whatever is written down waits for these two, and putting them into words took longer than they take.
SEE_HEAD = "SELECT seq, mac FROM safekeeping_audithead WHERE id = %s"
LOCK_HEAD = f"{SEE_HEAD} FOR UPDATE"
MOVE_HEAD = "UPDATE safekeeping_audithead SET seq = %s, mac = %s WHERE id = %s AND seq = %s AND mac = %s"


class AuditFailed(Exception):
    """The trail could not be written: what it would have recorded must not happen either."""


# --- which request this is -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the trail keeps of a web request: its number, and hashes that tell sameness but not who or where."""

    request: HttpRequest | None = None

    @property
    def request_id(self) -> str:
        """The number by which the request is found in the logs."""
        return headers.request_id()

    @property
    def ip_hash(self) -> str:
        """A keyed hash of the address that the request came from."""
        return fingerprint(headers.client_address(self.request)) if self.request else ""

    @property
    def session_hash(self) -> str:
        """A keyed hash of the session; it changes at sign-in, as the session's key does."""
        session = getattr(self.request, "session", None)
        return fingerprint(session.session_key or "") if session is not None else ""


current_request: ContextVar[RequestFacts | None] = ContextVar("current_request", default=None)


class RequestFactsMiddleware:
    """Lets `record` know which request it works for; stands anywhere behind HeadersMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = current_request.set(RequestFacts(request))
        try:
            return self.get_response(request)
        finally:
            current_request.reset(token)


def fingerprint(value: str) -> str:
    """Return 32 hexadecimal digits that stand for ``value``, empty for nothing."""
    return (
        hmac.new(settings.AUDIT_KEY, b"fingerprint:" + value.encode(), hashlib.sha256).hexdigest()[:32] if value else ""
    )


# --- writing ---------------------------------------------------------------------------------------------------------


def record(
    action: str,
    *,
    by: Hat | None,
    at: datetime,
    subject: str,
    ref: str | UUID,
    fields: Iterable[str] = (),
    outcome: str = "ok",
    reason: str = "",
    actor: int | None = None,
    kind: str = "",
) -> AuditEvent:
    """
    Write one event: ``by`` did ``action`` to the ``subject`` called ``ref``; last in the caller's transaction.

    ``action``, ``subject``, ``outcome`` and ``reason`` are codes, ``fields`` names of fields. ``actor`` is the id of a
    person who has no hat yet (a sign-in), ``kind`` the code of what acted where nobody has signed in (a link in an
    e-mail). ``by=None`` without either is the system.

    :raises AuditFailed: outside a transaction, or if the chain's head cannot be taken
    :raises ValueError: if something other than a code is to be recorded
    """
    return record_each(
        action,
        by=by,
        at=at,
        subject=subject,
        refs=[ref],
        fields=fields,
        outcome=outcome,
        reason=reason,
        actor=actor,
        kind=kind,
    )[0]


def record_each(
    action: str,
    *,
    by: Hat | None,
    at: datetime,
    subject: str,
    refs: Iterable[str | UUID],
    fields: Iterable[str] = (),
    outcome: str = "ok",
    reason: str = "",
    actor: int | None = None,
    kind: str = "",
) -> list[AuditEvent]:
    """Write one event for each of ``refs``, taking the head once: a list of n cases is n events. See `record`."""
    if not connection.in_atomic_block:
        raise AuditFailed("the audit trail is written inside the transaction of what it records")
    facts = current_request.get() or RequestFacts()
    names = ",".join(fields)
    events = [
        AuditEvent(
            at=at.astimezone(UTC),
            actor=by.user_id if by else actor,
            hat=by.membership_id if by else None,
            role=code(by.role if by else kind),
            organization=by.organization_id if by else None,
            action=code(action),
            object_type=code(subject),
            object_ref=code(str(ref)),
            fields=",".join(code(name) for name in names.split(",")),
            outcome=code(outcome),
            reason=code(reason),
            ip_hash=facts.ip_hash,
            session_hash=facts.session_hash,
            request_id=code(facts.request_id),
        )
        for ref in refs
    ]
    for event in events:
        nobody = {name for name in ("actor", "hat", "organization") if getattr(event, name) is None}
        event.clean_fields(exclude={"seq", "prev", "mac", *nobody})
    return _append(events) if events else []


def code(value: str) -> str:
    """
    Return ``value`` if it is a code.

    :raises ValueError: if it might be words
    """
    if not CODE.match(value):
        raise ValueError("the audit trail keeps codes, ids and names of fields, never words")
    return value


def _append(events: list[AuditEvent]) -> list[AuditEvent]:
    """Put the events at the end of the chain. From the first statement on, this transaction holds the head."""
    with connection.cursor() as cursor:
        head = _take_head(cursor)
        seq, mac = head
        for event in events:
            seq += 1
            event.seq, event.prev = seq, mac
            event.mac = mac = mac_of(event)
        # On SQLite the lock above is nothing, the transaction's write lock everything; this says so if it was not held.
        cursor.execute(MOVE_HEAD, [seq, mac, HEAD, *head])
        if not cursor.rowcount:
            raise AuditFailed("somebody else wrote to the audit trail in between")
    return AuditEvent.objects.bulk_create(events)


def _take_head(cursor: CursorWrapper) -> tuple[int, str]:
    """Return number and MAC of the last event, and hold the head; begin a chain if there has never been one."""
    take = LOCK_HEAD if connection.features.has_select_for_update else SEE_HEAD
    head: tuple[int, str] | None = cursor.execute(take, [HEAD]).fetchone()
    if head is None:
        # The first event of all may have been written since we looked; its head came with it, so look once more.
        if AuditEvent.objects.exists() and not AuditHead.objects.filter(pk=HEAD).exists():
            raise AuditFailed("the audit trail has lost its head")
        chain = uuid4()
        AuditHead.objects.bulk_create([AuditHead(pk=HEAD, chain=chain, mac=first_mac(chain))], ignore_conflicts=True)
        head = cursor.execute(take, [HEAD]).fetchone()
        assert head is not None  # it has just been written, by us or by whoever was first
    return head


def first_mac(chain: UUID) -> str:
    """Return what the first event of a chain has as its predecessor."""
    return hmac.new(settings.AUDIT_KEY, f"{FIRST}{chain}".encode(), hashlib.sha256).hexdigest()


def mac_of(event: AuditEvent) -> str:
    """Return the HMAC-SHA256 over the event's columns and its predecessor's, 64 hexadecimal digits."""
    told = {name: getattr(event, name) for name in COLUMNS}
    told["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    told["organization"] = str(event.organization) if event.organization else None
    written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(settings.AUDIT_KEY, written.encode(), hashlib.sha256).hexdigest()


# --- proving ---------------------------------------------------------------------------------------------------------


def verify() -> Iterator[str]:
    """
    Yield what is wrong with the trail, the first bad row first; nothing if it is whole.

    Reads all of it, in order. After a bad row it stops looking at rows: everything behind it hangs on it.
    """
    # What is there is asked before the head: whoever writes meanwhile moves the head further, never behind.
    last = AuditEvent.objects.aggregate(last=Max("seq"))["last"] or 0
    head = AuditHead.objects.filter(pk=HEAD).first()
    kept = kept_heads()
    if head is None:
        if last or kept:
            yield "the trail has no head"
        return
    expected = {seq: mac for chain, seq, mac in kept if chain == str(head.chain)}
    if kept and kept[-1][0] != str(head.chain):
        yield f"the trail was begun anew: the last head kept in {heads_file()} belongs to another chain"
    seq, mac = 0, first_mac(head.chain)
    for event in AuditEvent.objects.filter(seq__lte=max(head.seq, last)).order_by("seq").iterator(chunk_size=2000):
        if event.seq != seq + 1:
            yield f"event {seq + 1} is missing"
            return
        if event.prev != mac or not hmac.compare_digest(event.mac, mac_of(event)):
            yield f"event {event.seq} is not what was written"
            return
        seq, mac = event.seq, event.mac
        if expected.pop(seq, mac) != mac:
            yield f"event {seq} is not the one whose mark was kept in {heads_file()}"
            return
    if (seq, mac) != (head.seq, head.mac):
        yield f"the trail ends at event {seq}, its head says {head.seq}"
    elif expected:
        yield f"event {seq + 1} is missing: {heads_file()} knows of event {max(expected)}"
    if not append_only.is_guarded(connection, AuditEvent._meta.db_table):
        yield "the database does not guard the trail against changes"


def heads_file() -> Path:
    """Return where heads are kept outside the database, one line each: time, chain, number, mark."""
    return Path(getattr(settings, "AUDIT_HEADS", "") or settings.VAR / "audit-heads.log")


def kept_heads() -> list[tuple[str, int, str]]:
    """Return the heads that were kept, oldest first: chain, number of the last event, its mark."""
    file = heads_file()
    if not file.exists():
        return []
    lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return [(chain, int(seq), mac) for _, chain, seq, mac in (line for line in lines if len(line) == 4)]


def keep_head(*, at: datetime) -> str:
    """
    Write where the trail ends to the log and to `heads_file`, outside the database; return the line.

    Whoever keeps the log elsewhere can prove later that nothing was cut off.
    """
    head = AuditHead.objects.filter(pk=HEAD).first()
    if head is None:
        return ""
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    line = f"{moment} {head.chain} {head.seq} {head.mac}"
    file = heads_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(line + "\n")
    # An id may begin as a telephone number does, and those are taken out of logs: not where a word begins before it.
    log.info("audit head %s chain_%s %d %s", moment, head.chain, head.seq, head.mac)
    return line


def prove(at: datetime) -> None:
    """
    Verify the trail and, if it is whole, keep its head: the nightly job.

    :raises AuditFailed: if the trail is not whole
    """
    wrong = next(verify(), None)
    if wrong:
        log.error("audit trail: %s", wrong)
        raise AuditFailed(wrong)
    keep_head(at=at)
