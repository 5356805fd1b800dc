"""The mail that this installation would have sent, to be read in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import strip_tags

from safekeeping import outbox
from safekeeping.models import OutboxRow

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Email:
    """A mail as a person reads it."""

    id: int
    sender: str
    to: str
    subject: str
    text: str
    attachments: tuple[outbox.Attachment, ...]
    put_at: datetime
    state: str
    blanked: bool


def email_of(row: OutboxRow) -> Email:
    """Return the mail that is in the row; its text and what is attached, whatever else it has."""
    told = row.payload
    return Email(
        id=row.pk,
        sender=told.get("from", ""),
        to=", ".join([*told.get("to", []), *told.get("cc", []), *told.get("bcc", [])]),
        subject=told.get("subject", ""),
        text=told.get("text") or strip_tags(told.get("html", "")),
        attachments=tuple(outbox.Attachment(**one) for one in told.get("attachments", [])),
        put_at=row.put_at,
        state=row.get_state_display(),
        blanked=row.blanked_at is not None,
    )


def emails(request: HttpRequest) -> HttpResponse:
    """Show the latest mails, newest first; `?to=` narrows them to one addressee."""
    to = request.GET.get("to", "").strip()
    rows = OutboxRow.objects.filter(kind=outbox.MAIL).order_by("-id")
    if to:
        rows = rows.filter(payload__icontains=to)
    shown = [email_of(row) for row in rows[:MOST_SHOWN]]
    found = {"emails": shown, "to": to, "most": MOST_SHOWN, "at": timezone.now()}
    return render(request, "development/emails.html", found)


def email(request: HttpRequest, number: int) -> HttpResponse:
    """Show one mail."""
    row = get_object_or_404(OutboxRow, pk=number, kind=outbox.MAIL)
    return render(request, "development/email.html", {"email": email_of(row)})
