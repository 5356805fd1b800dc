"""
The mail that this installation would have sent, to be read in the browser.

A link in a mail leads to the address that this installation had when it was written. On a machine of one's own the next start may
be on another port, so links to this machine are shown for the address that is being looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import strip_tags

from safekeeping import outbox
from safekeeping.models import OutboxRow

MOST_SHOWN = 100
THIS_MACHINE = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::\d+)?(?=/)")
# What a mail may look like: it carries its own styles, no script, and nothing from elsewhere.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Email:
    """A mail as a person reads it."""

    id: int
    sender: str
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[outbox.Attachment, ...]
    put_at: datetime
    state: str
    blanked: bool


def email_of(row: OutboxRow, *, here: str) -> Email:
    """Return the mail that is in the row, read at the address ``here``."""
    told = row.payload
    text, html = (THIS_MACHINE.sub(here, told.get(part, "")) for part in ("text", "html"))
    return Email(
        id=row.pk,
        sender=told.get("from", ""),
        to=", ".join([*told.get("to", []), *told.get("cc", []), *told.get("bcc", [])]),
        subject=told.get("subject", ""),
        text=text or strip_tags(html),
        html=html,
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
    here = address_of(request)
    shown = [email_of(row, here=here) for row in rows[:MOST_SHOWN]]
    found = {"emails": shown, "to": to, "most": MOST_SHOWN, "at": timezone.now()}
    return render(request, "development/emails.html", found)


def email(request: HttpRequest, number: int) -> HttpResponse:
    """Show one mail as text."""
    row = get_object_or_404(OutboxRow, pk=number, kind=outbox.MAIL)
    return render(request, "development/email.html", {"email": email_of(row, here=address_of(request))})


def email_as_sent(request: HttpRequest, number: int) -> HttpResponse:
    """
    Show one mail as a mail program draws it.

    :raises Http404: if there is none, or it is text only
    """
    shown = email_of(get_object_or_404(OutboxRow, pk=number, kind=outbox.MAIL), here=address_of(request))
    if not shown.html:
        raise Http404
    # The middleware keeps a policy that is there already.
    return HttpResponse(shown.html, headers={"Content-Security-Policy": POLICY})


def address_of(request: HttpRequest) -> str:
    """Return "http://127.0.0.1:8000" of the request."""
    return f"{request.scheme}://{request.get_host()}"
