"""
The outbox: what must happen after a commit is a row in the same transaction, and the worker does it.

So nothing is told that did not happen, and nothing that happened stays untold: a worker that dies loses its lease and
another one takes the row over. A mail may therefore leave twice, in the one case where the answer was lost; both copies
carry the same Message-ID, by which mail programs know them for one.

A payload holds ids, public refs and links: never anything about a child.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F, Min, Q
from django.utils import timezone  # the e-mail backend is called by libraries, which give no time

from safekeeping import bounces
from safekeeping.models import OutboxRow, OutboxState
from safekeeping.owed import Owed

log = logging.getLogger(__name__)

MAIL = "mail"
MOST_BYTES = 10_000
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)
BLANK_AFTER = timedelta(days=7)
FORGET_AFTER = timedelta(days=400)
# What the sign-in library sends, somebody has asked for this minute: it is tried, whatever happened to earlier letters.
ASKED_FOR_JUST_NOW = "library:"
RETURNED = "AddressReturnsLetters"
# In the payload of a mail of which nothing is kept.
FORGET = "forget"

Payload = dict[str, Any]
HANDLERS: dict[str, Callable[[Payload], None]] = {}
# For what is done more cheaply together, who does up to so many rows at once.
TOGETHER: dict[str, Callable[[list[Payload]], None]] = {}
MOST_TOGETHER = 200
owed = Owed()


class OutboxRefusal(ValueError):
    """A message that the outbox does not take; says why, without the message."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """
    A file that goes with a mail: text, such as an entry for a calendar.

    ``kind`` is what stands in its Content-Type, parameters included: "text/calendar; method=REQUEST".
    """

    name: str
    kind: str
    text: str


# --- writing ---------------------------------------------------------------------------------------------------------


def register(
    kind: str, handler: Callable[[Payload], None], *, together: Callable[[list[Payload]], None] | None = None
) -> None:
    """
    Say who does what rows of ``kind`` ask for; the handler gets the payload, and may be called twice with it.

    :param together: does many at once, and may be called twice as well; if it fails, ``handler`` is asked for each
    :raises ImproperlyConfigured: if somebody else does that already
    """
    if HANDLERS.setdefault(kind, handler) is not handler:
        raise ImproperlyConfigured(f"two handlers for outbox rows of kind {kind!r}")
    if together:
        TOGETHER[kind] = together


def put(kind: str, *, key: str, payload: Payload, at: datetime, due_at: datetime | None = None) -> OutboxRow | None:
    """
    Leave a piece of work for the worker, in the caller's transaction; None if ``key`` was put before.

    :raises OutboxRefusal: if nobody has registered for ``kind``
    """
    must_be_handled(kind)
    try:
        with transaction.atomic():  # a savepoint: a known key must not spoil the caller's transaction
            return OutboxRow.objects.create(kind=kind, key=key, payload=payload, put_at=at, due_at=due_at or at)
    except IntegrityError:
        if OutboxRow.objects.filter(key=key).exists():
            return None
        raise


def put_many(kind: str, work: Mapping[str, Payload], *, at: datetime, due_at: datetime) -> None:
    """
    Leave many pieces of work as `put` would, in one statement; ``work`` has their payloads by their keys.

    :raises OutboxRefusal: if nobody has registered for ``kind``
    """
    must_be_handled(kind)
    OutboxRow.objects.bulk_create(
        [OutboxRow(kind=kind, key=key, payload=told, put_at=at, due_at=due_at) for key, told in work.items()],
        ignore_conflicts=True,  # of a key that was put before
        batch_size=MOST_TOGETHER,
    )


def must_be_handled(kind: str) -> None:
    """
    See that somebody does this kind of work.

    :raises OutboxRefusal: if nobody has registered for it
    """
    if kind not in HANDLERS:
        raise OutboxRefusal(f"nobody handles outbox rows of kind {kind!r}")


def mail(
    *,
    key: str,
    to: str | Sequence[str],
    subject: str,
    text: str,
    at: datetime,
    due_at: datetime | None = None,
    html: str = "",
    sender: str = "",
    reply_to: Sequence[str] = (),
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    forget: bool = False,
) -> OutboxRow | None:
    """
    Leave a mail for the worker, in the caller's transaction; None if ``key`` was mailed before.

    ``key`` is `event:object:recipient`. ``due_at`` is when it may leave, for what can still be undone (`withdraw`).
    With ``forget`` nothing of it stays once it has left or was given up, not even whose address it went to.

    :raises OutboxRefusal: if it has no recipient, is longer than 10 kB, its subject is not one line, or what is attached
        is no text or longer than 10 kB
    """
    recipients = [to] if isinstance(to, str) else list(to)
    if not any([*recipients, *cc, *bcc]):
        raise OutboxRefusal("a mail needs a recipient")
    if len(text.encode()) > MOST_BYTES:
        raise OutboxRefusal("a mail holds a few sentences and a link")
    if any(broken in part for part in [subject, sender, *recipients, *cc, *bcc, *reply_to] for broken in "\r\n"):
        raise OutboxRefusal("subject and addresses are one line each")
    for one in attachments:
        if len(one.text.encode()) > MOST_BYTES or not one.kind.startswith("text/"):
            raise OutboxRefusal("what is attached is a short text")
        if any(broken in part for part in (one.name, one.kind) for broken in '\r\n"'):
            raise OutboxRefusal("the name and the kind of what is attached are one line each, without quotes")
    payload: Payload = {"to": recipients, "subject": subject, "text": text, "message_id": message_id(key)}
    payload["from"] = sender or settings.DEFAULT_FROM_EMAIL
    attached = [{"name": one.name, "kind": one.kind, "text": one.text} for one in attachments]
    optional = {
        "html": html,
        "reply_to": list(reply_to),
        "cc": list(cc),
        "bcc": list(bcc),
        "attachments": attached,
        FORGET: forget,
    }
    for name, value in optional.items():
        if value:
            payload[name] = value
    return put(MAIL, key=key, payload=payload, at=at, due_at=due_at)


def withdraw(key: str) -> bool:
    """Take back what has not left yet; tell whether it could be."""
    waiting = OutboxRow.objects.filter(key=key, state=OutboxState.WAITING)
    return bool(waiting.update(state=OutboxState.WITHDRAWN, payload={}))


def message_id(key: str) -> str:
    """Return the Message-ID that every copy of this mail carries."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


class OutboxEmailBackend(BaseEmailBackend):
    """EMAIL_BACKEND: what the sign-in library and the CMS send becomes a row as well, in their transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """
        Put every message into the outbox; return how many.

        :raises OutboxRefusal: for attachments, which no library here sends
        """
        at = timezone.now()  # noqa: TID251 - a library calls, and gives no time
        for message in email_messages:
            if message.attachments:
                raise OutboxRefusal("mail with attachments is not sent from here")
            alternatives = getattr(message, "alternatives", [])
            html = [str(content) for content, kind in alternatives if kind == "text/html"]
            as_html = message.content_subtype == "html"
            mail(
                key=f"library:{uuid4().hex}",
                to=message.to,
                cc=message.cc,
                bcc=message.bcc,
                reply_to=message.reply_to,
                sender=message.from_email,
                subject=" ".join(str(message.subject).splitlines()),
                text=str(message.body) if not as_html else "",
                html=str(message.body) if as_html else "".join(html),
                at=at,
            )
        return len(email_messages)


# --- delivering ------------------------------------------------------------------------------------------------------


def deliver_mail(payload: Payload) -> None:
    """Hand a mail to settings.OUTBOX_DELIVERY_BACKEND."""
    message = EmailMultiAlternatives(
        subject=payload["subject"],
        body=payload["text"],
        from_email=payload["from"],
        to=payload["to"],
        cc=payload.get("cc"),
        bcc=payload.get("bcc"),
        reply_to=payload.get("reply_to"),
        headers={"Message-ID": payload["message_id"], "Auto-Submitted": "auto-generated"},
        connection=get_connection(settings.OUTBOX_DELIVERY_BACKEND),
    )
    if html := payload.get("html"):
        message.attach_alternative(html, "text/html")
    for one in payload.get("attachments", []):
        part = MIMEText(one["text"], "plain", "utf-8")
        part.replace_header("Content-Type", f'{one["kind"]}; charset="utf-8"')
        part.add_header("Content-Disposition", "attachment", filename=one["name"])
        message.attach(part)
    message.send()


register(MAIL, deliver_mail)


def free_at(at: datetime) -> Q:
    """Return which rows anybody may take."""
    return Q(state=OutboxState.WAITING, due_at__lte=at) | Q(state=OutboxState.SENDING, lease_until__lt=at)


def claim(*, at: datetime, lease: timedelta = LEASE) -> OutboxRow | None:
    """
    Take the row that has been due longest, for as long as ``lease``; None if there is nothing to do.

    The UPDATE decides who has it: two workers may look at the same row, one of them gets it.
    """
    free = free_at(at)
    while candidates := list(OutboxRow.objects.filter(free).order_by("due_at", "id").values_list("pk", flat=True)[:20]):
        for pk in candidates:
            mine = uuid4().hex
            claimed = OutboxRow.objects.filter(free, pk=pk).update(
                state=OutboxState.SENDING, lease=mine, lease_until=at + lease, attempts=F("attempts") + 1
            )
            if claimed:
                return OutboxRow.objects.filter(pk=pk, lease=mine).first()
    return None


def claim_alike(row: OutboxRow, *, at: datetime) -> list[OutboxRow]:
    """Take what else is due of the kind of a claimed row, under its lease, if there is somebody who does many at once."""
    if row.kind not in TOGETHER:
        return []
    free = free_at(at)
    due = OutboxRow.objects.filter(free, kind=row.kind).order_by("due_at", "id")
    wanted = list(due.values_list("pk", flat=True)[: MOST_TOGETHER - 1])
    OutboxRow.objects.filter(free, pk__in=wanted).update(
        state=OutboxState.SENDING, lease=row.lease, lease_until=row.lease_until, attempts=F("attempts") + 1
    )
    return list(OutboxRow.objects.filter(pk__in=wanted, lease=row.lease).order_by("due_at", "id"))


def deliver_together(rows: Sequence[OutboxRow], *, at: datetime) -> int:
    """
    Do what claimed rows of one kind and lease ask for, at once, or else each by itself; return how many were done.

    What fails together says nothing about each: the one that spoils it must not keep the others waiting.
    """
    if len(rows) > 1:
        try:
            TOGETHER[rows[0].kind]([one.payload for one in rows])
        except Exception as trouble:
            log.info("outbox rows of kind %s are done one by one: %s", rows[0].kind, type(trouble).__name__)
        else:
            mine = OutboxRow.objects.filter(
                pk__in=[one.pk for one in rows], state=OutboxState.SENDING, lease=rows[0].lease
            )
            owed.write(mine, state=OutboxState.SENT, sent_at=at, lease="", lease_until=None, last_error="")
            return len(rows)
    return sum(deliver(one, at=at) for one in rows)


def deliver(row: OutboxRow, *, at: datetime) -> bool:
    """
    Do what a claimed row asks for, and note how it went; tell whether it was done.

    Runs outside any transaction of ours: what goes out over a network must hold no lock.
    """
    mine = OutboxRow.objects.filter(pk=row.pk, state=OutboxState.SENDING, lease=row.lease)
    if row.kind == MAIL and not row.key.startswith(ASKED_FOR_JUST_NOW) and nobody_reachable(row.payload):
        owed.write(mine, state=OutboxState.WITHDRAWN, payload={}, lease="", lease_until=None, last_error=RETURNED)
        return False
    forgotten: Payload = {"payload": {}, "blanked_at": at} if row.payload.get(FORGET) else {}
    try:
        HANDLERS[row.kind](row.payload)
    except Exception as trouble:  # whatever it is, the row stays and is tried again
        name = type(trouble).__name__[:100]
        gone = bounces.refused_for_good(trouble) if row.kind == MAIL else {}
        for address, code in gone.items():
            if not forgotten:
                bounces.mark(address, code=code, at=at)
        # Another try would be refused again: a letter to such an address only keeps others waiting.
        if at - row.put_at >= GIVE_UP_AFTER or (gone and (forgotten or nobody_reachable(row.payload))):
            owed.write(mine, state=OutboxState.DEAD, lease="", lease_until=None, last_error=name, **forgotten)
            log.error("outbox row %s of kind %s given up after %s attempts: %s", row.pk, row.kind, row.attempts, name)
        else:
            owed.write(
                mine,
                state=OutboxState.WAITING,
                lease="",
                lease_until=None,
                last_error=name,
                due_at=at + pause_after(row.attempts),
            )
            log.warning("outbox row %s of kind %s will be tried again: %s", row.pk, row.kind, name)
        return False
    owed.write(mine, state=OutboxState.SENT, sent_at=at, lease="", lease_until=None, last_error="", **forgotten)
    return True


def nobody_reachable(payload: Payload) -> bool:
    """Say whether every address of a mail is one that letters come back from."""
    everybody = {address for name in ("to", "cc", "bcc") for address in payload.get(name, [])}
    return bool(everybody) and len(bounces.bouncing(everybody)) == len({one.lower() for one in everybody})


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 1, 2, 4 … minutes, an hour at most."""
    return min(FIRST_RETRY * 2 ** min(attempts - 1, 10), LONGEST_RETRY)


def deliver_due(*, now: Callable[[], datetime], until: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due, longest first, until nothing is or ``until`` says so; return how many rows were done."""
    owed.settle()
    done = 0
    while not until() and (row := claim(at=now())):
        done += deliver_together([row, *claim_alike(row, at=now())], at=now())
    return done


def blank_old(at: datetime) -> None:
    """Empty what was sent a week ago, keeping who, when and how it went; forget rows after some 13 months."""
    old = Q(sent_at__lt=at - BLANK_AFTER) | Q(
        state__in=[OutboxState.DEAD, OutboxState.WITHDRAWN], put_at__lt=at - GIVE_UP_AFTER - BLANK_AFTER
    )
    OutboxRow.objects.filter(old, blanked_at__isnull=True).update(payload={}, blanked_at=at)
    OutboxRow.objects.filter(blanked_at__lt=at - FORGET_AFTER).delete()


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far behind the worker is."""

    waiting: int
    oldest: timedelta
    dead: int


def backlog(*, at: datetime) -> Backlog:
    """Return how many rows are due and untouched, for how long the oldest, and how many were given up."""
    due = OutboxRow.objects.filter(state=OutboxState.WAITING, due_at__lte=at, attempts=0)
    oldest = due.aggregate(oldest=Min("due_at"))["oldest"]
    return Backlog(
        waiting=due.count(),
        oldest=at - oldest if oldest else timedelta(0),
        dead=OutboxRow.objects.filter(state=OutboxState.DEAD).count(),
    )


def addressees(payload: Mapping[str, Any]) -> str:
    """Return whom a mail goes to, for a page of the development server."""
    return ", ".join(payload.get("to", []))
